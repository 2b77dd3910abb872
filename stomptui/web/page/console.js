// What the page does around the terminal of textual-serve (textual.js, which is loaded after this).
"use strict";
(() => {
  const openWindow = window.open.bind(window);
  const Socket = window.WebSocket;
  let connected = false;

  // The terminal makes links of addresses it finds in what it shows, which is also text that somebody else sent: a
  // click there is for the console. It opens an empty window first; links of the console itself come with an address.
  window.open = (address) => (address ? openWindow(address, "_blank", "noopener,noreferrer") : null);

  function focusTerminal() {
    const typed = document.querySelector(".xterm-helper-textarea");
    if (typed) {
      typed.focus();
    }
  }

  // Some browsers copy only on a click, and none without HTTPS unless the page is of this machine: then a button does it.
  const clipboard = navigator.clipboard;
  async function copy(text) {
    try {
      await clipboard.writeText(text);
    } catch (refusal) {
      offerCopy(text);
    }
  }

  function offerCopy(text) {
    const bar = document.getElementById("copying");
    const button = document.getElementById("copy");
    button.textContent = `Copy ${text.length.toLocaleString("en")} characters`;
    button.onclick = () => {
      const field = document.createElement("textarea");
      field.value = text;
      bar.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
      bar.hidden = true;
      focusTerminal();
    };
    bar.hidden = false;
  }

  // Nothing that the console shows can read the clipboard.
  Object.defineProperty(navigator, "clipboard", { value: { writeText: copy, readText: async () => "" } });

  function beep() {
    if (!document.hasFocus()) {
      document.title = "● stomptui";
    }
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    volume.gain.value = 0.1;
    tone.connect(volume).connect(audio.destination);
    tone.onended = () => audio.close();
    tone.start();
    tone.stop(audio.currentTime + 0.12);
  }

  function ended(reason) {
    const place = document.getElementById("reason");
    place.textContent = reason;
    place.hidden = false;
  }

  // The terminal has no use for these messages and ignores them.
  window.WebSocket = class extends Socket {
    constructor(...where) {
      super(...where);
      this.addEventListener("open", () => {
        connected = true;
        focusTerminal();
      });
      this.addEventListener("close", () => {
        connected = false;
        // Once the terminal's own listener has shown it.
        setTimeout(() => document.getElementById("again").focus());
      });
      this.addEventListener("message", (event) => {
        if (typeof event.data === "string") {
          const [kind, value] = JSON.parse(event.data);
          if (kind === "bell") {
            beep();
          } else if (kind === "ended") {
            ended(value);
          }
        }
      });
    }
  };

  window.addEventListener("DOMContentLoaded", () => {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const folder = location.pathname.replace(/[^/]*$/, "");
    document.getElementById("terminal").dataset.sessionWebsocketUrl = `${scheme}//${location.host}${folder}ws`;
    document.getElementById("again").addEventListener("click", () => location.reload());
    document.getElementById("leave-copying").addEventListener("click", () => {
      document.getElementById("copying").hidden = true;
      focusTerminal();
    });
  });
  window.addEventListener("focus", () => {
    document.title = "stomptui";
    if (connected) {
      focusTerminal();
    }
  });
  // Ctrl+W closes the tab, and with it a message that was being written.
  window.addEventListener("beforeunload", (event) => {
    if (connected) {
      event.preventDefault();
      event.returnValue = "";
    }
  });
  // A browser that is too old for the terminal.
  window.addEventListener("error", (event) => {
    if (!connected) {
      document.body.classList.add("-closed");
      ended(`The page cannot draw a terminal in this browser: ${event.message}`);
    }
  });
})();
