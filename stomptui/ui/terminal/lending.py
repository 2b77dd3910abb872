"""Lends the terminal to another program, such as an editor; meanwhile Ctrl+C and Ctrl+\\ are its keys."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

from textual.app import App

INTERRUPTING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGQUIT") if hasattr(signal, name))
"""What Ctrl+C and Ctrl+\\ send to every process at the terminal."""
ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
GRACE = 2.0
"""Seconds that the other program has to save what it holds when this one is told to end."""


@dataclass(frozen=True)
class Lent:
    """How it went."""

    status: int
    """The exit status of the other program, or minus the signal that ended it."""
    asked_to_end: int
    """The signal that told this program to end meanwhile, 0 if none did."""


def run_on_terminal(app: App[Any], command: Sequence[str]) -> Lent:
    """Run a program that has the terminal to itself, and wait for its end.

    SIGINT and SIGQUIT leave this program alone meanwhile. SIGTERM and SIGHUP are passed on, so that an editor can save;
    whoever calls has to leave then.

    Raises:
        OSError: It cannot be started.
        SuspendNotSupported: The terminal cannot be lent.
    """
    process: subprocess.Popen[bytes] | None = None
    asked = 0

    def end(number: int, _: FrameType | None) -> None:
        nonlocal asked
        asked = number
        pass_on()

    def pass_on() -> None:
        if asked and process is not None and process.returncode is None:
            process.send_signal(asked)
            killing = threading.Timer(GRACE, process.kill)
            killing.daemon = True
            killing.start()

    with _handling(end), app.suspend():
        process = subprocess.Popen(command)
        pass_on()
        status = process.wait()
    return Lent(status, asked)


@contextlib.contextmanager
def _handling(end: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Take the signals away from the event loop, which would obey them as soon as it runs again."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    wakes = signal.set_wakeup_fd(-1)
    before = {}
    try:
        # What is ignored would be ignored by the other program too; what has a handler here is not.
        before.update({number: signal.signal(number, lambda *_: None) for number in INTERRUPTING})
        before.update({number: signal.signal(number, end) for number in ENDING})
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(wakes)
