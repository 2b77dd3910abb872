"""Python as it is where there is no POSIX: what only such systems have is taken away, then the package is used.

Usage: TEXTUAL_DRIVER=textual.drivers.headless_driver:HeadlessDriver python -m tests.support.without_posix import|start

The driver of the terminal is Textual's own, which has one for each system.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import pkgutil
import select
import signal
import socket
import sys
from pathlib import Path

import platformdirs  # noqa: F401
import stomp  # noqa: F401
import textual.app
import textual.widgets  # noqa: F401
import tomlkit  # noqa: F401
import urllib3  # noqa: F401
import websocket  # noqa: F401

from tests.ui.waiting import until

MODULES = ("fcntl", "termios", "tty", "pty", "pwd", "grp", "resource", "syslog", "readline", "curses", "posix")
OPTIONAL = ("aiohttp",)
"""What an extra installs, and is imported where it is known to be there."""
SIGNALS = ("SIGABRT", "SIGFPE", "SIGILL", "SIGINT", "SIGSEGV", "SIGTERM")
"""The signals of Windows."""
ABSENT = {
    signal: [
        *(name for name in vars(signal) if name[:3] == "SIG" and name[3] != "_" and name not in SIGNALS),
        *("pthread_sigmask", "setitimer", "alarm", "siginterrupt", "pause"),
    ],
    os: [
        *("fchmod", "fchown", "chown", "getuid", "geteuid", "getgid", "getpgid", "killpg", "setsid", "mkfifo", "uname"),
        *("pread", "pwrite", "fork", "forkpty", "openpty", "tcgetpgrp", "statvfs", "sysconf", "WNOHANG", "EX_USAGE"),
        *("O_NONBLOCK", "O_NOFOLLOW", "O_DIRECTORY", "O_CLOEXEC", "O_NOCTTY", "O_SYNC", "set_blocking"),
    ],
    socket: ["MSG_DONTWAIT", "TCP_USER_TIMEOUT", "TCP_INFO", "SO_REUSEPORT"],
    select: ["epoll", "poll"],
}


def take_away() -> None:
    """What other packages have imported by now stays theirs."""
    for name in MODULES:
        sys.modules[name] = None  # type: ignore[assignment]
    for module, names in ABSENT.items():
        for name in names:
            vars(module).pop(name, None)


def import_all() -> None:
    """Every module but those called `posix`, which hold what only such systems can do and are imported there alone."""
    package = importlib.import_module("stomptui")
    for found in pkgutil.walk_packages(package.__path__, "stomptui."):
        if not found.name.endswith(".posix"):
            try:
                importlib.import_module(found.name)
            except ModuleNotFoundError as error:
                if error.name not in OPTIONAL:
                    raise


async def start() -> None:
    """The form comes up, and what is typed is in it."""
    from stomptui.app import StompTUI
    from stomptui.config.options import Options
    from stomptui.ui.connect.rows import UrlField

    def refused(*_: object) -> None:
        raise NotImplementedError

    asyncio.get_running_loop().add_signal_handler = refused  # type: ignore[method-assign, assignment]
    app = StompTUI(Options(log_file=Path("never-opened.log")))
    async with app.run_test() as pilot:
        await pilot.press("x")
        await until(lambda: isinstance(app.focused, UrlField) and app.focused.value.endswith("x"))


if __name__ == "__main__":
    take_away()
    if sys.argv[1] == "import":
        import_all()
    else:
        asyncio.run(start())
