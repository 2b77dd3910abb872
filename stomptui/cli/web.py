"""`stomptui web`: the console in a browser, from a web server on this machine."""

from __future__ import annotations

import argparse
import importlib.util
import os

from stomptui.cli.connection_arguments import ENVIRONMENT
from stomptui.cli.console import add_console_arguments
from stomptui.cli.console_options import read_options
from stomptui.cli.exit_status import ExitStatus
from stomptui.cli.handshake_arguments import NAMES as HANDSHAKE
from stomptui.cli.parser import Parser
from stomptui.cli.subcommand import Example, Subcommand
from stomptui.config.in_browser import DRIVER
from stomptui.config.output import say
from stomptui.config.own_command import own_command

EXAMPLES = (
    Example("stomptui web", "on a free port of this machine; prints the address to open"),
    Example("stomptui web --demo", "try it: each tab has an embedded broker with sample traffic"),
    Example("stomptui web stomp://guest@127.0.0.1:61613/", "each tab connects there, and asks for the password"),
    Example("stomptui web --profile staging --port 8000", "connect as saved; reach it from elsewhere through ssh -L"),
)
NOTES = f"""\
The address has a token that works once and becomes a cookie of the browser that used it. Whoever has that cookie
acts on brokers as you do. Only this machine reaches the server, unless --host says otherwise; then nothing is
encrypted. From another machine, forward the port with ssh -L 8000:127.0.0.1:8000 HOST and open the address there.

{ENVIRONMENT}"""
PACKAGES = ("aiohttp", "textual_serve")
"""What the extra installs, as far as it is imported here."""
SWITCHES = ("demo", "read_only")
SINGLE = ("profile", "login", "vhost", "dialect", "connect_timeout", "peek", "library", "theme", "log_file", *HANDSHAKE)
REPEATED = ("subscribe", "work", "consume", "header", "connect_header")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_console_arguments(parser)
    add = parser.add_argument_group("web server").add_argument
    add("--port", type=int, default=0, metavar="N", help="the port (default: a free one)")
    add("--host", default="127.0.0.1", metavar="ADDRESS", help="the address to listen on (default: %(default)s)")
    add("--tabs", type=int, default=8, metavar="N", help="how many consoles there may be (default: %(default)s)")


def run(parser: Parser, given: argparse.Namespace) -> int:
    """Serve until a signal ends it; returns the exit status."""
    if not 0 <= given.port <= 65535:
        parser.error("a port is a number from 0 to 65535")
    if not 1 <= given.tabs <= 100:
        parser.error("--tabs is a number from 1 to 100")
    given.quiet = True
    # Each console reads them again; what is wrong is said here.
    read_options(parser, given)
    if not all(map(importlib.util.find_spec, PACKAGES)):
        say("textual-serve is not installed: pip install 'stomptui[web]'", parser.prog)
        return ExitStatus.NOT_DONE
    # Imported here, so that help and errors come at once.
    import asyncio

    from stomptui.web.server import Listening
    from stomptui.web.serving import serve
    from stomptui.web.tab import Program

    program = Program(console_command(given), console_environment(given))
    try:
        asyncio.run(serve(Listening(given.host, given.port), program, given.tabs))
    except OSError as error:
        # asyncio puts words of its own around the reason, and name resolution has numbers of its own.
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or str(error)
        say(f"cannot listen on {given.host}:{given.port}: {reason}", parser.prog)
        return ExitStatus.NOT_DONE
    except UnicodeError:
        say(f"{given.host} cannot be the name of a host", parser.prog)
        return ExitStatus.NOT_DONE
    except KeyboardInterrupt:
        return ExitStatus.INTERRUPTED
    return ExitStatus.DONE


def console_command(given: argparse.Namespace) -> list[str]:
    """The command line of each console. The URL is not in it: it may have a password, and every user can read it."""
    options = [f"--{name.replace('_', '-')}={value}" for name in SINGLE if (value := getattr(given, name)) is not None]
    options += [f"--{name.replace('_', '-')}={value}" for name in REPEATED for value in getattr(given, name)]
    switches = [f"--{name.replace('_', '-')}" for name in SWITCHES if getattr(given, name)]
    return own_command("--quiet", *switches, *options)


def console_environment(given: argparse.Namespace) -> dict[str, str]:
    """What each console has in its environment besides ours."""
    return {"TEXTUAL_DRIVER": DRIVER, **({"STOMPTUI_URL": given.url} if given.url else {})}


COMMAND = Subcommand(
    name="web",
    summary="Open the console in a browser, served from this machine.",
    arguments=("[options] [URL]",),
    description="Serves the console to a browser on this machine, and prints the address to open. Each tab is a "
    "console of its own. It runs until Ctrl+C or SIGTERM, which end it and all consoles with status 0.",
    examples=EXAMPLES,
    notes=NOTES,
    add_arguments=add_arguments,
    run=run,
)
