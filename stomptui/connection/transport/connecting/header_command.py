"""Runs a command that prints a header value, such as a token, while a session is opened."""

from __future__ import annotations

import os
import signal
import subprocess
import threading

from stomptui.config.header_sources import LARGEST, SourceError
from stomptui.connection.transport.connecting.connect import ConnectDeadline
from stomptui.connection.transport.waker import Waker


def output_of(words: list[str], deadline: ConnectDeadline, waker: Waker) -> bytes:
    """What a command prints on standard output; at most one byte over the largest value.

    It gets no input, and what it prints is kept nowhere: it may be a secret, also on standard error.

    Args:
        words: The command and its arguments. No shell reads them.
        deadline: Until when it may run; it is ended then, as it is when the attempt is cancelled.
        waker: Ends the waiting.

    Raises:
        SourceError: It cannot be run, failed, or took too long.
        Cancelled: See `ConnectDeadline.wait`.
    """
    try:
        process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise SourceError(f"it cannot be run: {getattr(error, 'strerror', None) or error}") from error
    read: list[bytes] = []

    def take() -> None:
        assert process.stdout is not None
        with process.stdout:
            read.append(process.stdout.read(LARGEST + 1))
        process.wait()
        waker.wake()

    thread = threading.Thread(target=take, name="stomptui-header-command", daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            deadline.wait(None)
            thread.join(0.1)
    except TimeoutError as error:
        raise SourceError("it did not end in time") from error
    finally:
        if thread.is_alive():
            _end(process)
    if process.returncode and len(read[0]) <= LARGEST:
        how = f"status {process.returncode}" if process.returncode > 0 else f"signal {-process.returncode}"
        raise SourceError(f"it failed with {how}")
    return b"".join(read)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a command and what it started."""
    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except OSError:
        pass  # it has ended meanwhile
