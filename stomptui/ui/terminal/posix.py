"""Textual's driver for Unix terminals, with our own parser and output, and coming back after any stop."""

from __future__ import annotations

import asyncio
import logging
import os
import selectors
import termios
import tty
from codecs import getincrementaldecoder
from collections.abc import Iterable
from time import monotonic
from typing import Any

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from stomptui.application.standstill import Stops
from stomptui.ui.terminal.bursts import Bursts
from stomptui.ui.terminal.cell_widths import contained
from stomptui.ui.terminal.frames import Frames, UnhurriedPaint
from stomptui.ui.terminal.output import HANG_UP, TerminalOutput
from stomptui.ui.terminal.parser import TerminalParser

log = logging.getLogger(__name__)
READ = 65_536
LONGEST_WAIT = 0.1
"""Seconds between two looks at whether the app wants to read no more."""


class PosixDriver(LinuxDriver):
    """Reads the terminal with `TerminalParser`, and survives SIGSTOP and SIGCONT from anybody.

    It writes with a `TerminalOutput`, which knows what the terminal has not taken.
    """

    def __init__(self, app: Any, **options: Any) -> None:
        self.output: TerminalOutput | None = None
        super().__init__(app, **options)
        self.frames = Frames()
        self._painted = app if isinstance(app, UnhurriedPaint) else None
        self._bursts: Bursts | None = getattr(app, "bursts", None)
        self._stops: Stops | None = getattr(app, "stops", None)
        self._given_back = False
        """Whether the terminal was given back for the time that the process is stopped."""

    def run_input_thread(self) -> None:
        """Read until the app wants no more."""
        parser = TerminalParser()
        # A terminal in another encoding must not end the app.
        decode = getincrementaldecoder("utf-8")("replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                wait = LONGEST_WAIT
                if parser.deadline is not None:
                    wait = min(wait, max(0.0, parser.deadline - monotonic()))
                if selector.select(wait):
                    data = os.read(self.fileno, READ)
                    if not data:
                        # Nobody will ever type again, and the selector would say so without end.
                        break
                    self._hand_on(parser.feed(decode(data)))
                self._hand_on(parser.tick())

    def _hand_on(self, found: Iterable[Message]) -> None:
        messages = list(found)
        if self._bursts is not None and messages:
            self._bursts.note([message for message in messages if isinstance(message, events.Key)])
        for message in messages:
            self.process_message(message)

    # Writing

    @property
    def _writer_thread(self) -> Any:
        """What Textual writes to."""
        return self.output

    @_writer_thread.setter
    def _writer_thread(self, thread: object) -> None:
        """Textual begins to write, with a thread that it has made and not started."""
        self.output = None
        if thread is not None:
            self.frames.forget()
            assert self._file is not None
            self.output = TerminalOutput(self._file, self._loop, self._leave, self._paint_held)

    def write(self, data: str) -> None:
        super().write(contained(data))

    def flush(self) -> None:
        if self.output is not None:
            self.output.flush()

    def _leave(self) -> None:
        self._app.call_later(self._app.exit, return_code=HANG_UP)

    def _paint_held(self) -> None:
        if self._painted is not None:
            self._app.call_later(self._painted.paint_held)

    def close(self) -> None:
        if self.output is not None and not self.output.stop() and self._painted is not None:
            self._painted.terminal_reads = False

    # Stopping and going on

    def _sigtstp_application(self, *_: object) -> None:
        self._given_back = self._auto_restart
        super()._sigtstp_application()

    def _sigcont_application(self, *_: object) -> None:
        if self._stops is not None:
            self._stops.note()
        if self._given_back:
            super()._sigcont_application()
            # Where it goes on in the background, `bg`, it is stopped again before it has the terminal.
            self._given_back = self._key_thread is None or not self._key_thread.is_alive()
        elif self._auto_restart and self._key_thread is not None and not self.exit_event.is_set():
            self._loop.call_soon_threadsafe(self._take_terminal_again)

    def _take_terminal_again(self) -> None:
        """Set the terminal up once more: it was somebody else's while this process was stopped without a word.

        Reading and writing go on as they were, and what to restore at the end is what was found at the beginning.
        """
        if self.exit_event.is_set() or self._writer_thread is None:
            return
        try:
            # In the background this stops the process until it is brought to the front.
            now = termios.tcgetattr(self.fileno)
            now[tty.LFLAG] = self._patch_lflag(now[tty.LFLAG])
            now[tty.IFLAG] = self._patch_iflag(now[tty.IFLAG])
            now[tty.CC][termios.VMIN] = 1
            termios.tcsetattr(self.fileno, termios.TCSANOW, now)
        except termios.error as error:
            log.info("the terminal could not be set up again: %s", error)
            return
        self.write("\x1b[?1049h\x1b[?25l\x1b[?1004h")
        self._enable_mouse_support()
        if self._mouse_pixels:
            self._enable_mouse_pixels()
        self._enable_bracketed_paste()
        self._disable_line_wrap()
        self.flush()
        asyncio.run_coroutine_threadsafe(self._app._post_message(self.SignalResume()), loop=self._loop)
