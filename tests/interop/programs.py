"""The other programs, run with real interpreters: what to call and how to wait for what they print."""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

HERE = Path(__file__).parent
QUIET_STOMP: Mapping[str, str] = {"STOMP_SKIP_HOSTNAME_SCAN": "1"}
"""stomp.py asks the name service for every name of this machine when it is imported, unless told not to."""


class Program:
    """A running program whose output is read line by line as it comes."""

    def __init__(self, argv: list[str]) -> None:
        self._lines: queue.Queue[str] = queue.Queue()
        self.seen: list[str] = []
        """Every line read so far."""
        self.process = subprocess.Popen(
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, **QUIET_STOMP, "PYTHONUNBUFFERED": "1"},
        )
        threading.Thread(target=self._read, daemon=True).start()

    def say(self, line: str) -> None:
        """Type a line into it."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def wait_for(self, text: str, timeout: float = 20.0) -> str:
        """The next line that contains the text."""
        deadline = time.monotonic() + timeout
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no {text!r} in {self.seen}") from None
            self.seen.append(line)
            if text in line:
                return line

    def wait(self, timeout: float = 20.0) -> int:
        """Wait until it has ended; returns its exit status, with every line in `seen`."""
        status = self.process.wait(timeout)
        while (line := self._lines.get(timeout=timeout)) is not None and line != _END:
            self.seen.append(line)
        return status

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(_END)


_END = "\0"


@contextlib.contextmanager
def program(*argv: str) -> Iterator[Program]:
    """Run it, and make sure that it is gone afterwards."""
    running = Program(list(argv))
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait()


def receiver(port: int, wanted: int = 1) -> contextlib.AbstractContextManager[Program]:
    """The stomp.py listener on /queue/test."""
    return program(sys.executable, str(HERE / "receiver.py"), "127.0.0.1", str(port), str(wanted))


def stomp_cli(port: int, version: str = "1.2") -> contextlib.AbstractContextManager[Program]:
    """stomp.py's own command line client. It names the machine as virtual host in 1.1 and 1.2, which RabbitMQ lacks."""
    where = ("-H", "127.0.0.1", "-P", str(port), "-U", "guest", "-W", "guest", "-S", version)
    return program(sys.executable, "-m", "stomp", *where, "--verbose")


def missing_lua() -> str:
    """Why the Lua script cannot be run here, "" if it can."""
    lua = shutil.which("lua5.1")
    if not lua:
        return "lua5.1 is not installed"
    found = subprocess.run([lua, "-e", 'require("socket")'], capture_output=True, check=False).returncode == 0
    return "" if found else "lua-socket is not installed"


def say_hi(port: int) -> None:
    """Run the Lua script to its end."""
    done = subprocess.run(
        ["lua5.1", str(HERE / "say_hi.lua"), "127.0.0.1", str(port)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.stdout == "said hi\n", done.stdout + done.stderr
