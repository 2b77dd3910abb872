"""Textual's driver for a browser tab, with our own parser and output; `stomptui.web` is at its other end."""

from __future__ import annotations

import logging
import os
from codecs import getincrementaldecoder
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO, Literal, TextIO

from textual import events
from textual.driver import Driver
from textual.drivers._byte_stream import ByteStream
from textual.drivers.web_driver import WebDriver
from textual.message import Message

from stomptui.ui.terminal.bursts import Bursts
from stomptui.ui.terminal.cell_widths import contained
from stomptui.ui.terminal.frames import Frames, UnhurriedPaint
from stomptui.ui.terminal.output import HANG_UP, TerminalOutput
from stomptui.ui.terminal.parser import TerminalParser

log = logging.getLogger(__name__)
BELL = "\x07"


class BrowserDriver(WebDriver):
    """Reads and writes packets (`stomptui.web.packets`), and leaves the app when the server closes the tab.

    Like `PosixDriver` it has its `Frames` as `frames` and writes with a `TerminalOutput`: a browser that is slow, or
    behind a slow line, keeps the event loop from nothing.
    """

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        self.frames = Frames()
        self.output: TerminalOutput | None = None
        self._painted = app if isinstance(app, UnhurriedPaint) else None
        self._bursts: Bursts | None = getattr(app, "bursts", None)
        self._has_focus = False
        """Whether the page said last that it has the focus."""
        self._write = self._write_packet  # type: ignore[assignment]  # What Textual writes packets with

    # Reading

    def run_input_thread(self) -> None:
        """Read until the app wants no more, or the server closes the pipe."""
        parser = TerminalParser()
        decode = getincrementaldecoder("utf-8")("replace").decode
        stream = ByteStream()
        for data in self._input_reader:
            if data:
                for kind, payload in stream.feed(data):
                    if kind == "D":
                        self._hand_on(parser.feed(decode(payload)))
                    else:
                        self._on_meta(kind, payload)
            self._hand_on(parser.tick())
        if not self.exit_event.is_set():
            log.info("leaving: the tab was closed")
            self._leave()

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        if packet_type in ("focus", "blur"):
            self._has_focus = packet_type == "focus"
        super().on_meta(packet_type, payload)

    def _repeat_focus(self) -> None:
        if self._has_focus:
            self._app.post_message(events.AppFocus())

    def _hand_on(self, found: Iterable[Message]) -> None:
        messages = list(found)
        if self._bursts is not None and messages:
            self._bursts.note([message for message in messages if isinstance(message, events.Key)])
        for message in messages:
            self.process_message(message)

    # Writing

    def start_application_mode(self) -> None:
        self.frames.forget()
        assert self.stdout is not None
        if hasattr(os, "set_blocking"):
            # Nothing else writes to this pipe.
            os.set_blocking(self.fileno, False)
        self.output = TerminalOutput(self.stdout, self._loop, self._leave, self._paint_held)
        super().start_application_mode()
        # Textual says soon that there is no focus; the page may have said before that there is, and says it once.
        self._app.call_later(self._repeat_focus)
        # What is drawn wider than it is counted must not scroll the screen.
        self.write("\x1b[?7l")

    def write(self, data: str) -> None:
        if data == BELL:
            # The terminal of the page is silent: the page itself sounds it.
            self.write_meta({"type": "bell"})
            return
        super().write(contained(data))

    def flush(self) -> None:
        if self.output is not None:
            self.output.flush()

    def close(self) -> None:
        if self.output is not None and not self.output.stop() and self._painted is not None:
            self._painted.terminal_reads = False

    def deliver_binary(
        self,
        binary: BinaryIO | TextIO,
        *,
        delivery_key: str,
        save_path: Path,
        open_method: Literal["browser", "download"] = "download",
        encoding: str | None = None,
        mime_type: str | None = None,
        name: str | None = None,
    ) -> None:
        """Save it on the machine that stomptui runs on, like every file of the console."""
        Driver.deliver_binary(
            self,
            binary,
            delivery_key=delivery_key,
            save_path=save_path,
            open_method=open_method,
            encoding=encoding,
            mime_type=mime_type,
            name=name,
        )

    def _write_packet(self, data: bytes) -> None:
        if self.output is not None:
            self.output.write_bytes(data)

    def _leave(self) -> None:
        self._app.call_later(self._app.exit, return_code=HANG_UP)

    def _paint_held(self) -> None:
        if self._painted is not None:
            self._app.call_later(self._painted.paint_held)
