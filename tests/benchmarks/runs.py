"""One run at a time: the flood server, the baseline beside it, and the program in a terminal of its own."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
COLUMNS, ROWS = 160, 48
SUBSCRIPTION_TIMEOUT = 600.0
READ_EVERY = 0.01
"""Seconds for which a slow terminal reads at once."""


def run_module(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments]


class FloodServer:
    """`flood_server` in a process of its own; one order for each client."""

    def __enter__(self) -> FloodServer:
        self._process = subprocess.Popen(
            run_module("flood_server"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        self.port = int(self.answer())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def order(self, **order: Any) -> None:
        """What the next client that subscribes is sent."""
        self.say(json.dumps(order))

    def say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def answer(self) -> str:
        """The next line it prints."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the flood server ended")
        return line


def baseline(server: FloodServer, frames: int) -> dict[str, Any]:
    """A stomp.py listener that only counts."""
    server.order(frames=frames)
    done = subprocess.run(
        run_module("baseline", str(server.port), str(frames)),
        stdout=subprocess.PIPE, text=True, cwd=ROOT, timeout=SUBSCRIPTION_TIMEOUT, check=True,
    )  # fmt: skip
    server.answer()
    told: dict[str, Any] = json.loads(done.stdout)
    return told


class Program:
    """stomptui with a stop-watch, in a terminal of 160x48 that reads what it paints and forgets it.

    Args:
        arguments: Those of the command line; for `instrument` how many MESSAGE frames will be sent comes first.
        keep_bytes: The bound of the journal.
        line_rate: Bytes a second that the terminal takes, None for all that is there.
        module: The module of this package that has the stop-watch.
    """

    def __init__(
        self,
        arguments: list[str],
        keep_bytes: int = 1 << 30,
        line_rate: int | None = None,
        module: str = "instrument",
    ) -> None:
        self._line_rate = line_rate
        self.painted_bytes = 0
        """How much the program has painted that the terminal has read."""
        self._folder = tempfile.TemporaryDirectory(prefix="stomptui-bench-")
        folder = Path(self._folder.name)
        (folder / "settings.toml").write_text(f"journal_bytes = {keep_bytes}\njournal_frames = 2_000_000\n")
        self._report = folder / "report.json"
        environment = dict(os.environ)
        environment |= {
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "STOMPTUI_CONFIG_DIR": str(folder),
            "STOMPTUI_STATE_DIR": str(folder),
            "STOMPTUI_BENCH_REPORT": str(self._report),
        }
        self._terminal, inside = pty.openpty()
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self._process = subprocess.Popen(
            run_module(module, *arguments),
            stdin=inside, stdout=inside, stderr=inside, env=environment, cwd=ROOT, start_new_session=True,
        )  # fmt: skip
        os.close(inside)
        self._painted = b""
        self._news = threading.Condition()
        self._watched = b""
        self._seen_at = 0.0
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        """Take what is painted as soon as it is there, as a fast terminal does, or as fast as the line is."""
        portion = 1 << 16 if self._line_rate is None else max(1, int(self._line_rate * READ_EVERY))
        next_read = time.perf_counter()
        while True:
            try:
                read = os.read(self._terminal, portion)
            except OSError:
                return
            now = time.perf_counter()
            if self._line_rate is not None:
                next_read = max(now, next_read + len(read) / self._line_rate)
                time.sleep(max(0.0, next_read - now))
                now = time.perf_counter()
            with self._news:
                self.painted_bytes += len(read)
                self._painted = self._painted[-300:] + read
                if self._watched and self._watched in self._painted:
                    self._seen_at, self._watched = now, b""
                    self._news.notify_all()

    def watch(self, text: str) -> None:
        """From now on, note when this text is painted."""
        with self._news:
            self._painted, self._watched = b"", text.encode()

    def seen(self, timeout: float) -> float | None:
        """When the watched text was painted, by `perf_counter`; None if it was not."""
        with self._news:
            return self._seen_at if self._news.wait_for(lambda: not self._watched, timeout) else None

    def wait_for(self, text: str, timeout: float = 30.0) -> None:
        """Wait until this is painted next.

        Raises:
            RuntimeError: If it is not.
        """
        self.watch(text)
        if self.seen(timeout) is None:
            self.kill()
            raise RuntimeError(f"{text!r} was not painted")

    def type(self, keys: bytes) -> None:
        os.write(self._terminal, keys)

    @property
    def last_words(self) -> str:
        """The end of what it wrote to the terminal."""
        return self._painted[-300:].decode("utf-8", "replace").strip()

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def result(self, timeout: float = 300.0) -> dict[str, Any]:
        """Wait for the end, and return its figures.

        Raises:
            RuntimeError: It did not see all frames in that time, or ended otherwise; its last words are in the text.
        """
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            pass
        self.kill()
        if not self._report.exists():
            raise RuntimeError(f"no figures; the program's last words: {self.last_words}")
        told: dict[str, Any] = json.loads(self._report.read_text())
        self._folder.cleanup()
        return told

    def kill(self) -> None:
        if self.running:
            self._process.kill()
            self._process.wait()
        if self._terminal >= 0:
            # The reading thread may be in the middle of a read; it ends when the other side is closed.
            select.select([self._terminal], [], [], 0)
            os.close(self._terminal)
            self._terminal = -1


def shown(server: FloodServer, keep_bytes: int = 1 << 30, **order: Any) -> dict[str, Any]:
    """The program, sent one order; its figures, with those of the server under "server"."""
    want = sum(order["bursts"]) if "bursts" in order else int(order["frames"])
    server.order(**order)
    program = Program([str(want), f"stomp://127.0.0.1:{server.port}/", "--subscribe", "/topic/bench"], keep_bytes)
    told = program.result()
    told["server"] = json.loads(server.answer())
    return told


def preloaded(broker_url: str, destination: str, frames: int) -> dict[str, Any]:
    """The program, consuming a queue that is full already."""
    return Program([str(frames), broker_url, "--consume", destination]).result()


def typed(
    server: FloodServer, pause: float = 0.025, line_rate: int | None = None, patience: float = 2.0, **order: Any
) -> tuple[dict[str, Any], list[float]]:
    """The program, sent one order while a person types; its figures, and the seconds from each key to the screen.

    A key that is not painted within `patience` seconds ends the run, and counts as that long.
    """
    server.order(hold=True, **order)
    program = Program(
        [str(order["frames"]), f"stomp://127.0.0.1:{server.port}/", "--subscribe", "/topic/bench"],
        line_rate=line_rate,
    )
    server.answer()
    program.watch("SEND")
    program.type(b"c")
    if program.seen(20) is None:
        program.kill()
        raise RuntimeError("the compose pane did not open")
    time.sleep(0.5)
    server.say("go")
    keys: list[tuple[float, float]] = []
    missed: list[float] = []
    # Each character is painted once in the whole run, so seeing it says that its key arrived on the screen.
    for code in range(0x4E00, 0x4E00 + 3000):
        if not program.running:
            break
        text = chr(code)
        program.watch(text)
        began = time.perf_counter()
        try:
            program.type(text.encode())
        except OSError:
            break
        seen = program.seen(patience)
        if seen is None:
            missed += [patience] if program.running else []
            break
        keys.append((began, seen))
        time.sleep(pause)
    told = program.result()
    told["server"] = json.loads(server.answer())
    # What was pressed at the end had to wait for the figures to be worked out; the clock is the same in all processes.
    delays = [seen - began for began, seen in keys if seen < told["ended_at"]]
    return told, delays + (missed if line_rate else [])


def followed(server: FloodServer, per_second: int, seconds: int) -> dict[str, Any]:
    """The program, following so many messages a second; its figures, with what it painted as "painted_bytes"."""
    frames = per_second * seconds
    server.order(hold=True, frames=frames, per_second=per_second, tick=1 / per_second)
    program = Program([str(frames), f"stomp://127.0.0.1:{server.port}/", "--subscribe", "/topic/bench"])
    server.answer()
    # Until what is painted at the beginning is.
    time.sleep(1.5)
    before = program.painted_bytes
    server.say("go")
    told = program.result()
    told["painted_bytes"] = program.painted_bytes - before
    told["server"] = json.loads(server.answer())
    return told
