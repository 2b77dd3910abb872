"""A terminal that reads slowly or not at all: the program goes on, and ends when it is told to."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator

import pyte
import pytest

from tests.support.running import ROOT
from tests.support.terminal import UNKNOWN_TO_PYTE, lines_of

COLUMNS, ROWS = 160, 48


class Unread:
    """The demo in a terminal that is read only when it is asked to.

    Args:
        arguments: Those of the command line.
    """

    def __init__(self, *arguments: str) -> None:
        self.terminal, inside = pty.openpty()
        self.resize(COLUMNS, ROWS)
        self.read = 0
        """Bytes that were read."""
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "stomptui", *arguments],
            stdin=inside,
            stdout=inside,
            stderr=inside,
            env={**os.environ, "TERM": "xterm-256color", "STOMP_SKIP_HOSTNAME_SCAN": "1"},
            cwd=ROOT,
            start_new_session=True,
        )
        os.close(inside)

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read_until(self, text: str, timeout: float = 40.0) -> None:
        """Read until this is on the screen."""
        deadline = time.monotonic() + timeout
        while not any(text in line for line in lines_of(self._screen)):
            left = deadline - time.monotonic()
            assert left > 0 and select.select([self.terminal], [], [], left)[0], (
                f"{text!r} was not painted: {lines_of(self._screen)}"
            )
            read = os.read(self.terminal, 4096)
            self.read += len(read)
            self._stream.feed(UNKNOWN_TO_PYTE.sub(b"", read))

    def press(self, keys: str) -> None:
        os.write(self.terminal, keys.encode())

    def fill(self) -> None:
        """Let so much be painted that the terminal takes no more: what can be read of it grows no more."""
        waiting, since = -1, time.monotonic()
        deadline = since + 40.0
        while waiting <= 0 or time.monotonic() - since < 0.5:
            assert time.monotonic() < deadline, f"the terminal still takes more than {waiting} bytes"
            now = struct.unpack("i", fcntl.ioctl(self.terminal, termios.FIONREAD, b"\0" * 4))[0]
            if now != waiting:
                waiting, since = now, time.monotonic()
            time.sleep(0.02)


@pytest.fixture
def demo() -> Iterator[Unread]:
    unread = Unread("--demo")
    with contextlib.ExitStack() as cleanup:
        cleanup.callback(os.close, unread.terminal)
        cleanup.callback(unread.process.wait)
        cleanup.callback(unread.process.kill)
        unread.read_until("● connected")
        yield unread


@pytest.mark.slow
@pytest.mark.parametrize("how", ["a key", "a signal"])
def test_it_ends_though_nobody_reads(demo: Unread, how: str) -> None:
    demo.fill()
    demo.resize(100, 30)
    demo.press("\x0c")
    demo.fill()
    if how == "a key":
        demo.press("q")
    else:
        demo.process.send_signal(signal.SIGTERM)
    assert demo.process.wait(30) == (0 if how == "a key" else 128 + signal.SIGTERM)


@pytest.mark.slow
def test_what_is_painted_when_it_is_read_again_is_the_newest(demo: Unread) -> None:
    demo.fill()
    demo.press("s")
    demo.fill()
    # Behind what the terminal had taken already comes what is shown now, not the frames in between.
    before = demo.read
    demo.read_until("Destination", 20)
    assert demo.read - before < 60_000
