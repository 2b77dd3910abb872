"""Showing a body by a command of the person's own: the body on its standard input, text on its standard output."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from typing import IO

LONGEST = 5.0
"""Seconds that a command may take."""
LARGEST = 8 << 20
"""Bytes of its output that are shown."""
_MOST_ERRORS = 4096
_PIECE = 1 << 16
_POLL = 0.05


class CommandFailed(Exception):
    """The command shows nothing; the message is a sentence that says why."""


def run_command(words: Sequence[str], body: bytes, cancelled: Callable[[], bool] = lambda: False) -> str:
    """The output of a command that is given a body; takes up to `LONGEST` seconds.

    No shell is involved, and nothing of the message is among the words.

    Args:
        words: The command and its arguments.
        body: What it reads.
        cancelled: Whether nobody wants its output any more; then it is ended.

    Raises:
        CommandFailed: It cannot be started, fails, takes too long or is cancelled.
    """
    name = os.path.basename(words[0])
    try:
        process = subprocess.Popen(
            list(words), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        )
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise CommandFailed(f"{name} cannot be run: {reason}") from error
    assert process.stdin and process.stdout and process.stderr
    output, errors = bytearray(), bytearray()
    full = threading.Event()
    threads = [
        threading.Thread(target=_write, args=(process.stdin, body), daemon=True),
        threading.Thread(target=_read, args=(process.stdout, output, LARGEST, full), daemon=True),
        threading.Thread(target=_read, args=(process.stderr, errors, _MOST_ERRORS, None), daemon=True),
    ]
    for thread in threads:
        thread.start()
    until = time.monotonic() + LONGEST
    try:
        while process.poll() is None and not full.is_set():
            if cancelled():
                raise CommandFailed(f"{name} was ended")
            if time.monotonic() > until:
                raise CommandFailed(f"{name} was ended: it took more than {LONGEST:.0f} seconds")
            full.wait(_POLL)
        for thread in threads[1:]:
            thread.join(max(_POLL, min(until - time.monotonic(), 1.0)))
    finally:
        _end(process)
    if process.returncode and not full.is_set():
        said = bytes(errors).decode("utf-8", "replace").strip()
        how = f"status {process.returncode}" if process.returncode > 0 else f"signal {-process.returncode}"
        raise CommandFailed(f"{name} ended with {how}{f': {said}' if said else ''}")
    text = bytes(output).decode("utf-8", "replace")
    return f"{text}\n… only the first {LARGEST >> 20} MB of its output are shown" if full.is_set() else text


def _write(pipe: IO[bytes], body: bytes) -> None:
    with contextlib.suppress(OSError), pipe:
        pipe.write(body)


def _read(pipe: IO[bytes], into: bytearray, most: int, full: threading.Event | None) -> None:
    """Keep the first bytes that come; whoever waits for `full` ends the command."""
    with contextlib.suppress(OSError, ValueError):
        while piece := os.read(pipe.fileno(), _PIECE):
            into += piece[: most - len(into)]
            if full is not None and len(into) >= most:
                full.set()
                return


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the command and what it started."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()
