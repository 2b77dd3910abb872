"""Runs a command that prints a header value, such as a token, while a session is opened."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import threading
import time

from stomptui.config.header_sources import LARGEST, SourceError
from stomptui.connection.transport.connecting.connect import ConnectDeadline
from stomptui.connection.transport.waker import Waker

_PAUSE = 0.02
"""Seconds after which it is asked again whether a command has ended."""


def output_of(words: list[str], deadline: ConnectDeadline, waker: Waker) -> bytes:
    """What a command prints on standard output; at most one byte over the largest value.

    It is over when the command has ended; what it leaves running runs on. It gets no input, and what it prints is kept
    nowhere: it may be a secret, also on standard error.

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
    read = bytearray()
    reaping = threading.Lock()

    def take() -> None:
        _read(process, read, reaping)
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
            _end(process, reaping)
    if process.returncode and len(read) <= LARGEST:
        how = f"status {process.returncode}" if process.returncode > 0 else f"signal {-process.returncode}"
        raise SourceError(f"it failed with {how}")
    return bytes(read)


def _read(process: subprocess.Popen[bytes], read: bytearray, reaping: threading.Lock) -> None:
    """Read what a command prints until it has ended, also where something that it leaves running could still print."""
    assert process.stdout is not None
    with process.stdout, selectors.DefaultSelector() as selector:
        output = process.stdout.fileno()
        selector.register(output, selectors.EVENT_READ)
        while len(read) <= LARGEST:
            # Asked first: what the command printed is there once it has ended.
            ended = _has_ended(process, reaping)
            if not selector.select(0 if ended else _PAUSE):
                if ended:
                    return
            elif part := os.read(output, LARGEST + 1 - len(read)):
                read.extend(part)
            else:
                break
    while not _has_ended(process, reaping):
        time.sleep(_PAUSE)


def _has_ended(process: subprocess.Popen[bytes], reaping: threading.Lock) -> bool:
    with reaping:
        return process.poll() is not None


def _end(process: subprocess.Popen[bytes], reaping: threading.Lock) -> None:
    """End a command that still runs, and what it started."""
    with reaping:
        # The system may give the number of a process that was reaped to another one.
        if process.returncode is None:
            _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except OSError:
        pass  # it has ended meanwhile
