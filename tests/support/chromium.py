"""Headless Chromium, driven over a pipe by the DevTools protocol; it is Debian's package `chromium`.

Usage:
    with Chromium(tmp_path) as browser:
        browser.open("http://127.0.0.1:8000/")
        browser.wait_for("document.title", "stomptui")
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import json
import os
import queue
import shutil
import subprocess
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
MISSING = "" if PROGRAM else "Chromium is not installed (Debian: chromium)"
FLAGS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-sandbox",  # As root there is none.
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
TIMEOUT = 40.0
"""Seconds for any one thing, on a machine that others use too."""


class Chromium:
    """A browser with one tab.

    Args:
        folder: For its profile.
        script: Run in each page before its own scripts.
        size: Of the window, in pixels.
    """

    def __init__(self, folder: Path, script: str = "", size: tuple[int, int] = (1000, 640)) -> None:
        assert PROGRAM, MISSING
        to_browser, self._commands = _pipe()
        self._answers, from_browser = _pipe()
        command = [PROGRAM, *FLAGS, f"--user-data-dir={folder}", f"--window-size={size[0]},{size[1]}", "about:blank"]
        # The browser reads descriptor 3 and writes 4.
        shell = ["bash", "-c", f'exec "$@" 3<&{to_browser} 4>&{from_browser}', "bash", *command]
        self._process = subprocess.Popen(
            shell, pass_fds=(to_browser, from_browser), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(to_browser)
        os.close(from_browser)
        self._received: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._count = 0
        self._session: str | None = None
        self.requests: list[str] = []
        """Addresses that the page asked for, WebSockets too."""
        threading.Thread(target=self._read, name="chromium", daemon=True).start()
        self.call("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
        target = next(found for found in self.call("Target.getTargets")["targetInfos"] if found["type"] == "page")
        self._session = self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime"):
            self.call(f"{domain}.enable")
        if script:
            self.call("Page.addScriptToEvaluateOnNewDocument", source=script)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """A command of the protocol, and its result."""
        self._count += 1
        message: dict[str, Any] = {"id": self._count, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        while True:
            received = self._received.get(timeout=TIMEOUT)
            assert received is not None, "the browser has ended"
            if received.get("id") == self._count:
                assert "error" not in received, f"{method}: {received['error']}"
                result: dict[str, Any] = received["result"]
                return result

    def open(self, address: str) -> None:
        """Go to a page."""
        self.call("Page.navigate", url=address)

    def value(self, expression: str) -> Any:
        """The value of an expression in the page, or of its promise; None if it raises an error."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        return result["result"].get("value")

    def wait_for(self, expression: str, wanted: str) -> str:
        """Wait until the value of an expression contains a text; returns the value."""
        deadline = time.monotonic() + TIMEOUT
        while True:
            found = str(self.value(expression))
            if wanted in found:
                return found
            assert time.monotonic() < deadline, f"{wanted!r} never came into {expression}:\n{found}"
            time.sleep(0.1)

    def keys(self, text: str) -> None:
        """Type characters, a key each."""
        for char in text:
            self.call("Input.dispatchKeyEvent", type="keyDown", key=char, text=char)
            self.call("Input.dispatchKeyEvent", type="keyUp", key=char)

    def press(self, key: str, code: int, modifiers: int = 0, text: str = "") -> None:
        """Press a key by its name and its Windows key code; modifiers as the protocol counts them, 2 is Ctrl."""
        more: dict[str, Any] = {"key": key, "windowsVirtualKeyCode": code, "modifiers": modifiers}
        self.call("Input.dispatchKeyEvent", type="keyDown", **more, **({"text": text} if text else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **more)

    def picture(self, path: Path) -> None:
        """Save what the page shows as a PNG."""
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def close(self) -> None:
        """End it, without asking the page."""
        with contextlib.suppress(AssertionError, OSError, queue.Empty):
            self._session = None
            os.write(self._commands, b'{"id": 0, "method": "Browser.close"}\0')
            self._process.wait(10)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._commands)

    def _read(self) -> None:
        rest = b""
        with open(self._answers, "rb", buffering=0) as answers:
            while data := answers.read(65_536):
                *messages, rest = (rest + data).split(b"\0")
                for text in messages:
                    message = json.loads(text)
                    if message.get("method") == "Network.requestWillBeSent":
                        self.requests.append(message["params"]["request"]["url"])
                    elif message.get("method") == "Network.webSocketCreated":
                        self.requests.append(message["params"]["url"])
                    elif "id" in message:
                        self._received.put(message)
        self._received.put(None)

    def __enter__(self) -> Chromium:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _pipe() -> tuple[int, int]:
    """Both ends of a pipe, with numbers that are not those which the browser uses."""
    ends = os.pipe()
    moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
    for end in ends:
        os.close(end)
    return moved[0], moved[1]
