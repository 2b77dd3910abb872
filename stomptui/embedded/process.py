"""Running the embedded broker in a child process that ends with its parent, however that ends."""

from __future__ import annotations

import os
import selectors
import subprocess
import tempfile
import time
from typing import IO

from stomptui.config.own_command import own_command

READY = "stomptui broker on "
"""The beginning of the first line that it prints; HOST:PORT follows."""


class StartFailed(RuntimeError):
    """The broker did not start; the text says why."""


def start_in_background(
    *options: str, traffic: bool = True, timeout: float = 15.0
) -> tuple[subprocess.Popen[bytes], int]:
    """Start a broker on a free loopback port in a child process.

    The child reads its standard input and ends when that pipe closes, so it ends with this process even after a
    kill -9. `stop` ends it earlier.

    Args:
        options: More arguments of `stomptui broker`, such as "--seed", "7".
        traffic: Whether there is sample traffic.
        timeout: Seconds that starting may take.

    Returns:
        The process and the port.

    Raises:
        StartFailed: It ended, or printed nothing in time.
    """
    argv = own_command("broker", "--port", "0", "--watch-stdin")
    argv += ["--traffic"] if traffic else []
    # A pipe that nobody reads would block a child that prints many errors: they go to a file.
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [*argv, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            # Ctrl+C in the terminal is for the application alone.
            start_new_session=True,
        )
        try:
            line = _first_line(process, errors, time.monotonic() + timeout)
            return process, int(line.removeprefix(READY).rpartition(":")[2])
        except BaseException:
            process.kill()
            stop(process)
            raise


def stop(process: subprocess.Popen[bytes], timeout: float = 5.0) -> None:
    """End a broker that was started in the background, and wait until it is gone."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _first_line(process: subprocess.Popen[bytes], errors: IO[bytes], deadline: float) -> str:
    assert process.stdout is not None
    read = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while b"\n" not in read:
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise StartFailed("the embedded broker did not start in time")
            more = os.read(process.stdout.fileno(), 4096)
            if not more:
                process.wait()
                errors.seek(0)
                lines = errors.read().decode("utf-8", "replace").split("\n")
                why = next((line for line in reversed(lines) if line.strip()), "it said nothing")
                raise StartFailed(f"the embedded broker did not start: {why}")
            read += more
    line = read.partition(b"\n")[0].decode("utf-8", "replace").strip()
    if not line.startswith(READY):
        raise StartFailed(f"the embedded broker did not start: {line}")
    return line
