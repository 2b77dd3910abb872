"""The console of a browser tab, without a browser: a process that is typed into and read by packets."""

from __future__ import annotations

import fcntl
import itertools
import os
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyte
import pytest

from stomptui.config.in_browser import DRIVER
from stomptui.web.packets import Kind, meta, packet

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT = 30.0
HUNG_UP = 129
PAINTED = 10_000
"""Bytes that are more than what is written before anything is painted."""


class TabProcess:
    """A process as the web server starts it; what it shows is read in a thread, unless it is not to be read."""

    def __init__(self, *, read: bool = True) -> None:
        environment = {**os.environ, "TEXTUAL_DRIVER": DRIVER, "COLUMNS": "100", "ROWS": "30"}
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            [sys.executable, "-m", "stomptui", "--quiet"],
            cwd=ROOT,
            env=environment,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
        )
        self.screen = pyte.Screen(100, 30)
        self.told: list[bytes] = []
        self._stream = pyte.ByteStream(self.screen)
        self._lock = threading.Lock()
        if read:
            threading.Thread(target=self._read, daemon=True).start()

    @property
    def unread(self) -> int:
        """Bytes that it has written and nobody has read."""
        assert self.process.stdout is not None
        return int.from_bytes(fcntl.ioctl(self.process.stdout, termios.FIONREAD, bytes(4)), sys.byteorder)

    def put(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def type_in(self, text: str) -> None:
        self.put(packet(Kind.DATA, text.encode()))

    @property
    def text(self) -> str:
        with self._lock:
            return "\n".join(self.screen.display)

    def wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + TIMEOUT
        while not condition():
            assert time.monotonic() < deadline, self.text
            time.sleep(0.02)

    def wait_for(self, text: str) -> None:
        self.wait(lambda: text in self.text)

    def wait_end(self) -> int:
        """Close its input, as when the tab is closed; returns the exit status."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(TIMEOUT)

    def _read(self) -> None:
        output = self.process.stdout
        assert output is not None
        assert output.readline() == b"__GANGLION__\n"
        while kind := output.read(1):
            data = output.read(int.from_bytes(output.read(4), "big"))
            with self._lock:
                if kind == Kind.DATA.value:
                    self._stream.feed(data)
                else:
                    self.told.append(data)


@pytest.fixture
def start() -> Iterator[Callable[..., TabProcess]]:
    tabs: list[TabProcess] = []

    def run(*, read: bool = True) -> TabProcess:
        tabs.append(TabProcess(read=read))
        return tabs[-1]

    yield run
    for tab in tabs:
        tab.process.kill()
        tab.process.wait()
        for stream in (tab.process.stdin, tab.process.stdout, tab.process.stderr):
            assert stream is not None
            stream.close()


def test_a_tab_takes_pastes_and_sizes_says_what_it_cannot_do_and_ends_when_it_is_closed(
    start: Callable[..., TabProcess],
) -> None:
    tab = start()
    # A page says once that it has the focus, and may say it before anything is painted.
    tab.put(meta(type="focus"))
    tab.wait_for("Virtual host")
    # A paste is one, whatever stands in it, and however it is cut.
    for part in ("\x1b[200~stomp://guest@h.exam", "ple:1/\x1b[20", "1~"):
        tab.type_in(part)
    tab.wait_for("stomp://guest@h.example:1/")
    with tab._lock:
        tab.screen.resize(40, 140)
    tab.put(meta(type="resize", width=140, height=40))
    tab.wait(lambda: any(row.rstrip().endswith("palette") and len(row.rstrip()) > 120 for row in tab.text.split("\n")))
    tab.type_in("\x1bOP")
    tab.wait_for("In this browser tab")
    tab.type_in("\x1b")
    tab.wait(lambda: "In this browser tab" not in tab.text)
    tab.put(meta(type="blur"))
    assert tab.wait_end() == HUNG_UP
    assert tab.told == [b'{"type": "exit"}']
    assert tab.process.stderr is not None and tab.process.stderr.read() == b""


def test_a_browser_that_reads_nothing_keeps_its_console_from_nothing(start: Callable[..., TabProcess]) -> None:
    tab = start(read=False)
    sizes = itertools.cycle((200, 201))
    unread, since = 0, time.monotonic()

    def full() -> bool:
        # Each is painted whole; the pipe holds a few of them, how many depends on how they were cut.
        nonlocal unread, since
        tab.put(meta(type="resize", width=next(sizes), height=60))
        if tab.unread != unread:
            unread, since = tab.unread, time.monotonic()
        return unread > PAINTED and time.monotonic() - since > 1.0

    tab.wait(full)
    assert tab.wait_end() == HUNG_UP
