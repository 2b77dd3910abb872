"""What `stomptui web` runs: the server, the address it prints, Enter for another one, and the end by a signal."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable

from stomptui.config.output import put, say
from stomptui.config.signals import ENDING
from stomptui.web.guard import Guard, is_loopback
from stomptui.web.server import Listening, WebServer
from stomptui.web.tab import Program

AGAIN = 1.0
"""Seconds until a terminal that belongs to another job is looked at again."""


async def serve(where: Listening, program: Program, most_tabs: int) -> None:
    """Serve until a signal comes; a second one ends the consoles at once.

    Raises:
        OSError: It cannot listen there.
    """
    guard = Guard(where.host)
    server = WebServer(guard, program, most_tabs, lambda line: say(line, "stomptui web"))
    port = await server.start(where)
    done = asyncio.Event()

    def end() -> None:
        if done.is_set():
            server.kill()
        done.set()

    loop = asyncio.get_running_loop()
    for number in ENDING:
        try:
            loop.add_signal_handler(number, end)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(end))

    def print_address() -> None:
        put(address(where.host, port, guard.new_token()))

    enter = EnterKey(print_address)
    for line in explanation(where.host, most_tabs, enter.start()):
        say(line, "stomptui web")
    # The only line on standard output, for whoever starts this from a script.
    print_address()
    try:
        await done.wait()
    finally:
        enter.stop()
        await server.stop()


def address(host: str, port: int, token: str) -> str:
    """The address for the next browser."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://{f'[{name}]' if ':' in name else name}:{port}/?token={token}"


def explanation(host: str, most_tabs: int, enter: bool) -> list[str]:
    """What is exposed and to whom, a sentence a line.

    Args:
        host: What the server listens on.
        most_tabs: How many tabs there may be.
        enter: Whether Enter prints another address.
    """
    another = "press Enter for another one" if enter else "start stomptui web again for another one"
    lines = [
        "Whoever opens the address below acts on brokers as you do: with your profiles, saved passwords and files.",
        f"It works once, in the browser that opens it first; {another}.",
        f"Each tab is a console of its own, which ends with it; {most_tabs} at most. Ctrl+C ends all.",
    ]
    if not is_loopback(host):
        lines.append(
            "warning: other machines reach this address, and nothing is encrypted: who sees the traffic can read "
            "messages and passwords, and take the session over. An SSH tunnel to 127.0.0.1 is safer."
        )
    return lines


class EnterKey:
    """Enter, pressed on the terminal where the server runs.

    Args:
        pressed: Called for each.
    """

    def __init__(self, pressed: Callable[[], None]) -> None:
        self._pressed = pressed
        self._loop = asyncio.get_running_loop()
        self._later: asyncio.TimerHandle | None = None

    def start(self) -> bool:
        """Listen; False where there is no terminal, or none that the event loop can watch."""
        try:
            if sys.stdin is None or not sys.stdin.isatty():
                return False
            self._loop.add_reader(sys.stdin.fileno(), self._read)
        except (NotImplementedError, OSError, ValueError):
            return False
        return True

    def stop(self) -> None:
        if self._later is not None:
            self._later.cancel()
        with contextlib.suppress(NotImplementedError, OSError, ValueError):
            self._loop.remove_reader(sys.stdin.fileno())

    def _read(self) -> None:
        terminal = sys.stdin.fileno()
        with contextlib.suppress(OSError):
            if os.tcgetpgrp(terminal) != os.getpgrp():
                # In the background, what is typed is for the shell; to read it would stop this process.
                self._loop.remove_reader(terminal)
                self._later = self._loop.call_later(AGAIN, self.start)
                return
        try:
            typed = os.read(terminal, 4096)
        except OSError:
            typed = b""
        if typed:
            self._pressed()
        else:
            self._loop.remove_reader(terminal)
