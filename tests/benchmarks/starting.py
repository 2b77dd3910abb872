"""Start to first paint: the console and the connection form beside an empty Textual app, in turn.

    python -m tests.benchmarks.starting [--rounds N]

A start is measured in a terminal of its own from the making of the process until a text is painted. The program is run
from compiled files, as it is once it is installed.
"""

from __future__ import annotations

import argparse
import compileall
import fcntl
import os
import pty
import select
import statistics
import struct
import sys
import tempfile
import termios
import time
from typing import NamedTuple

from tests.benchmarks.runs import ROOT

COLUMNS, ROWS = 120, 40
LONGEST = 30.0
"""Seconds that a start takes at most."""
EMPTY = """
from textual.app import App
from textual.widgets import Static

class Empty(App):
    def compose(self):
        yield Static("READY")

Empty().run()
"""


class Start(NamedTuple):
    """What is started, and a text in small letters that shows that it is painted."""

    name: str
    arguments: list[str]
    text: str
    reach: float
    """How many times as long as the empty app it is to take at most."""
    regressed: float
    """From how many times on, in CPU, something was lost that was gained: more than noise makes of it."""


BARE = Start("an empty Textual app", ["-c", EMPTY], "ready", 1.0, 1.0)
# Nothing listens on the port: what is measured is the screen.
STARTS = (
    Start("the console", ["-m", "stomptui", "stomp://127.0.0.1:1/"], "subscriptions", 1.5, 3.5),
    Start("the connection form", ["-m", "stomptui"], "virtual host", 2.0, 3.5),
)


class Took(NamedTuple):
    """What a start took, in seconds."""

    time: float
    cpu: float


def start_once(start: Start) -> Took:
    """Start a program, and end it once it has painted.

    Raises:
        RuntimeError: It painted nothing of the kind.
    """
    with tempfile.TemporaryDirectory(prefix="stomptui-bench-") as folder:
        environment = {
            **os.environ,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            "STOMPTUI_CONFIG_DIR": folder,
            "STOMPTUI_STATE_DIR": folder,
        }
        began = time.monotonic()
        process, terminal = pty.fork()
        if process == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            os.chdir(folder)
            os.execve(sys.executable, [sys.executable, *start.arguments], environment)
        painted_at = _painted(terminal, start.text.encode(), began + LONGEST)
        os.kill(process, 9)
        _, _, used = os.wait4(process, 0)
        os.close(terminal)
    if painted_at is None:
        raise RuntimeError(f"{start.text!r} was not painted within {LONGEST:.0f} s")
    return Took(painted_at - began, used.ru_utime + used.ru_stime)


def _painted(terminal: int, text: bytes, until: float) -> float | None:
    """When a text is on the terminal, by `monotonic`; None if it never is."""
    painted = b""
    while (left := until - time.monotonic()) > 0:
        if not select.select([terminal], [], [], left)[0]:
            break
        try:
            painted += os.read(terminal, 1 << 16)
        except OSError:
            break
        if text in painted.lower():
            return time.monotonic()
    return None


class Compared(NamedTuple):
    """A start beside the empty app."""

    start: Start
    ratio: float
    """Median to median."""
    cpu_ratio: float
    """The same of what was used of a core, which depends less on what else runs."""
    seconds: list[float]


def compare(rounds: int) -> tuple[list[float], list[Compared]]:
    """Start everything in turn; returns the seconds of the empty app, and how the others compare."""
    compileall.compile_dir(ROOT / "stomptui", quiet=2)
    took: dict[str, list[Took]] = {start.name: [] for start in (BARE, *STARTS)}
    for _ in range(rounds):
        for start in (BARE, *STARTS):
            took[start.name].append(start_once(start))
    bare = took[BARE.name]
    compared = [
        Compared(
            start,
            statistics.median(one.time for one in took[start.name]) / statistics.median(one.time for one in bare),
            statistics.median(one.cpu for one in took[start.name]) / statistics.median(one.cpu for one in bare),
            [one.time for one in took[start.name]],
        )
        for start in STARTS
    ]
    return [one.time for one in bare], compared


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.starting", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    bare, compared = compare(options.rounds)
    print(f"{BARE.name}: {statistics.median(bare):.3f} s ({min(bare):.3f} to {max(bare):.3f})")
    for one in compared:
        seconds = one.seconds
        print(
            f"{one.start.name}: {one.ratio:.2f} x ({one.cpu_ratio:.2f} x the CPU), {statistics.median(seconds):.3f} s "
            f"({min(seconds):.3f} to {max(seconds):.3f}); to reach: {one.start.reach:g} x"
        )


if __name__ == "__main__":
    main()
