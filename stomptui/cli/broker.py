"""`stomptui broker`: the embedded broker alone."""

from __future__ import annotations

import argparse
import os

from stomptui.cli.exit_status import ExitStatus
from stomptui.cli.parser import Parser
from stomptui.cli.subcommand import Example, Subcommand
from stomptui.config.output import say

EXAMPLES = (
    Example("stomptui broker", "on port 61613 of this machine, until Ctrl+C"),
    Example("stomptui broker --port 0 --traffic", "on a free port, which is printed, with sample traffic"),
    Example("stomptui broker --user me:secret", "refuse everybody else"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("broker").add_argument
    add("--host", default="127.0.0.1", metavar="ADDRESS", help="the address to listen on (default: %(default)s)")
    add("--port", type=int, default=61613, metavar="N", help="the port, 0 for a free one (default: %(default)s)")
    user = "let this user in, and nobody without a login; may be repeated"
    add("--user", action="append", default=[], metavar="LOGIN:PASSCODE", help=user)
    vhost = "accept this virtual host, and no other; may be repeated"
    add("--vhost", action="append", default=[], metavar="NAME", help=vhost)
    add("--watch-stdin", action="store_true", help="end when standard input ends, which must be a pipe")
    add = parser.add_argument_group("sample traffic").add_argument
    add("--traffic", action="store_true", help="fill queues and send live events")
    add("--rate", type=float, default=3.0, metavar="N", help="live events a second (default: %(default)s)")
    add("--seed", type=int, metavar="N", help="the same traffic every time")
    add("--fixed-clock", action="store_true", help="times in messages begin at a fixed moment")


def run(parser: Parser, given: argparse.Namespace) -> int:
    """Run the broker until a signal ends it; returns the exit status."""
    if not 0 <= given.port <= 65535:
        parser.error("a port is a number from 0 to 65535")
    if not 0 <= given.rate <= 10_000:
        parser.error("a rate is a number from 0 to 10000")
    if any(":" not in user for user in given.user):
        parser.error("a user is LOGIN:PASSCODE")
    # Imported here, so that help and errors come at once.
    import asyncio

    from stomptui.cli.broker_server import serve

    try:
        asyncio.run(serve(given))
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


COMMAND = Subcommand(
    name="broker",
    summary="Run the embedded broker alone: to try things, not for production.",
    arguments=("[options]",),
    description="A small STOMP broker that keeps everything in memory: to try things, not for production. It prints "
    "the address it listens on, and runs until Ctrl+C or SIGTERM, which end it with status 0.",
    examples=EXAMPLES,
    notes="",
    add_arguments=add_arguments,
    run=run,
    abbreviations=True,
)
