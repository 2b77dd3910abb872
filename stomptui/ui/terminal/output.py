"""Writes to the terminal without ever waiting for it, and knows how much of it the terminal has not taken."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TextIO

from stomptui.config.output import fitting

log = logging.getLogger(__name__)
HANG_UP = 129
"""The exit status when the terminal went away: 128 + SIGHUP."""
RETRY = 0.005
"""Seconds until a terminal that took nothing is tried again, where the event loop cannot watch it."""
GRACE = 1.5
"""Seconds without a byte taken after which a terminal is given up when the app leaves it."""
LONGEST_STOP = 20.0
"""Seconds for a terminal that takes a little all the time."""


class TerminalOutput:
    """What Textual writes to the terminal, in place of its writing thread, whose full queue would stop the event loop.

    Writing goes on in the event loop as the terminal takes it. A terminal that nobody reads keeps nobody waiting: not
    who writes, and who leaves only as long as `GRACE`.

    Args:
        file: The terminal.
        loop: The event loop, of the thread that makes this object.
        gone: Called once when the terminal is found gone.
        taken: Called when the terminal has taken everything.
    """

    def __init__(
        self,
        file: TextIO,
        loop: asyncio.AbstractEventLoop,
        gone: Callable[[], None],
        taken: Callable[[], None],
    ) -> None:
        self._encoding = file.encoding
        self._given = file.fileno()
        self._loop = loop
        self._thread = threading.get_ident()
        self._gone = gone
        self._taken = taken
        self._pending: deque[bytes | memoryview] = deque()
        self._file = open_without_waiting(self._given)
        """The terminal, such that writing never waits; None if there is only the one that was given."""
        self._writing = False
        self._watched = False
        self._retry: asyncio.TimerHandle | None = None
        self._soon: asyncio.Handle | None = None
        self._closed = False

    @property
    def unwritten(self) -> bool:
        """Whether there is something that the terminal has not taken."""
        return bool(self._pending)

    def start(self) -> None:
        """Nothing is to be started: the writing thread has this."""

    def write(self, text: str) -> None:
        """Write with what else is written until `flush`, or soon. From any thread."""
        # A terminal of another encoding than UTF-8 is painted on with what it has.
        self.write_bytes(fitting(text, self._encoding).encode(self._encoding, "replace"))

    def write_bytes(self, data: bytes) -> None:
        """The same with bytes, which are written as they are."""
        if self._closed or not data:
            return
        self._pending.append(data)
        if threading.get_ident() != self._thread:
            with contextlib.suppress(RuntimeError):  # The event loop has ended.
                self._loop.call_soon_threadsafe(self._write_on)
        elif self._soon is None:
            self._soon = self._loop.call_soon(self._write_on)

    def flush(self) -> None:
        """Write what the terminal takes now, the rest when it takes more."""
        if threading.get_ident() == self._thread:
            self._write_on()

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._given

    def stop(self) -> bool:
        """Write the rest and end; False if the terminal did not take it."""
        begun = last = time.monotonic()
        while self._pending:
            taken = self._write_some()
            now = time.monotonic()
            if taken:
                last = now
            elif now - last > GRACE or now - begun > LONGEST_STOP:
                break
            else:
                time.sleep(RETRY)
        done = not self._pending
        if not done:
            log.info("the terminal was left with output that it did not take")
        self._close()
        return done

    def _close(self) -> None:
        self._closed = True
        self._pending.clear()
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None
        self._watch(False)
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _write_on(self) -> None:
        """Write as much as the terminal takes; the event loop calls again when it takes more."""
        if self._writing or self._closed:
            # A signal came while this very function was at it, which goes on with what the handler wrote.
            return
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None
        begun = bool(self._pending)
        self._writing = True
        try:
            if len(self._pending) > 1:
                # A frame is written in one piece, with the marks of synchronised output around it.
                whole = b"".join(self._pending)
                self._pending.clear()
                self._pending.append(whole)
            while self._pending and self._write_some():
                pass
        finally:
            self._writing = False
        self._watch(bool(self._pending))
        if begun and not self._pending:
            self._taken()

    def _write_some(self) -> int:
        """Bytes that the terminal took of what is next; 0 if it takes nothing now."""
        data = self._pending[0]
        try:
            count = os.write(self._given if self._file is None else self._file, data)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError as error:
            log.warning("the terminal went away: %s", error)
            self._close()
            self._gone()
            return 0
        if count == len(data):
            self._pending.popleft()
        else:
            # A view: what is copied to the clipboard may be megabytes, which a terminal takes 4 kB at a time.
            self._pending[0] = memoryview(data)[count:]
        return count

    def _watch(self, wanted: bool) -> None:
        """Have the event loop call `_write_on` when the terminal takes more, or no longer."""
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        if self._watched != wanted and self._file is not None:
            try:
                if wanted:
                    self._loop.add_writer(self._file, self._write_on)
                else:
                    self._loop.remove_writer(self._file)
                self._watched = wanted
            except (OSError, NotImplementedError) as error:
                log.debug("the event loop cannot watch the terminal: %s", error)
        if wanted and not self._watched:
            self._retry = self._loop.call_later(RETRY, self._write_on)


def open_without_waiting(file: int) -> int | None:
    """Open the terminal once more, such that writing to it never waits; None where that cannot be done.

    To switch waiting off for the file as it was given would switch it off for every program that shares it.
    """
    flags = os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC
    if hasattr(os, "get_blocking") and not os.get_blocking(file):
        return os.dup(file)
    try:
        return os.open(os.ttyname(file), flags)
    except OSError as error:
        log.info("the terminal cannot be opened by its name: %s", error)
    try:
        # It fails where this is not the terminal that controls the process.
        os.tcgetpgrp(file)
        return os.open("/dev/tty", flags)
    except OSError as error:
        log.info("writing to the terminal may have to wait for it: %s", error)
    return None
