"""The command line of the embedded broker: `stomptui broker`."""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import os
import random
import signal
import sys
from collections.abc import Callable

from stomptui import __version__
from stomptui.cli.parser import Parser
from stomptui.config.output import guard_process, put, say
from stomptui.config.signals import ENDING
from stomptui.embedded.broker import EmbeddedServer
from stomptui.embedded.process import READY
from stomptui.embedded.traffic import FIXED_START, Traffic

EXAMPLES = """\
examples:
  stomptui broker                              on port 61613, until Ctrl+C
  stomptui broker --port 0 --traffic           on a free port, with sample traffic
  stomptui broker --user me:secret             nobody else comes in
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the broker understands, for a parser of its own or a subcommand."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=61613, help="port to listen on, 0 for a free one (%(default)s)")
    parser.add_argument(
        "--user", action="append", default=[], metavar="LOGIN:PASSCODE", help="let only such users in; repeatable"
    )
    parser.add_argument("--vhost", action="append", default=[], metavar="NAME", help="take only such virtual hosts")
    traffic = parser.add_argument_group("sample traffic")
    traffic.add_argument("--traffic", action="store_true", help="fill queues and send live events")
    traffic.add_argument("--rate", type=float, default=3.0, help="live events a second (default: %(default)s)")
    traffic.add_argument("--seed", type=int, help="the same traffic every time")
    traffic.add_argument("--fixed-clock", action="store_true", help="times in messages begin at a fixed moment")
    parser.add_argument("--watch-stdin", action="store_true", help="end when standard input does")


def main(argv: list[str]) -> int:
    """Run with the arguments behind `stomptui broker`; returns the exit status."""
    parser = Parser(
        prog="stomptui broker",
        description="A small STOMP broker in memory: to try things, never for real work.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"stomptui {__version__}")
    add_arguments(parser)
    return run(parser.parse_args(argv), parser)


def run(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Run with arguments that `add_arguments` described."""
    if not 0 <= arguments.port <= 65535:
        parser.error("a port is a number from 0 to 65535")
    if not 0 <= arguments.rate <= 10_000:
        parser.error("a rate is a number from 0 to 10000")
    if any(":" not in user for user in arguments.user):
        parser.error("a user is LOGIN:PASSCODE")
    try:
        asyncio.run(_serve(arguments))
    except OSError as error:
        # asyncio puts words of its own around the reason, and name resolution has numbers of its own.
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or str(error)
        say(f"cannot listen on {arguments.host}:{arguments.port}: {reason}", "stomptui broker")
        return 1
    except UnicodeError:
        say(f"{arguments.host} cannot be the name of a host", "stomptui broker")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


async def _serve(arguments: argparse.Namespace) -> None:
    broker = EmbeddedServer(
        users=dict(user.split(":", 1) for user in arguments.user) or None,
        vhosts=set(arguments.vhost) or None,
        token=_tokens(arguments.seed),
    )
    traffic = None
    if arguments.traffic:
        start = FIXED_START if arguments.fixed_clock else None
        traffic = Traffic(broker.publish, seed=arguments.seed, start=start, rate=arguments.rate)
        traffic.fill()
    await broker.start(arguments.host, arguments.port)
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in ENDING:
        try:
            loop.add_signal_handler(number, done.set)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(done.set))
    if arguments.watch_stdin:
        await _watch_stdin(done)
    host = f"[{arguments.host}]" if ":" in arguments.host else arguments.host
    put(f"{READY}{host}:{broker.port}")
    live = asyncio.create_task(traffic.run()) if traffic else None
    try:
        await done.wait()
    finally:
        if live is not None:
            live.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await live
        await broker.stop()


def _tokens(seed: int | None) -> Callable[[], str]:
    """Names of sessions; with a seed the same in every run."""
    generator = random.SystemRandom() if seed is None else random.Random(seed)
    return lambda: base64.urlsafe_b64encode(generator.randbytes(16)).decode().rstrip("=")


async def _watch_stdin(done: asyncio.Event) -> None:
    """Set `done` at the end of standard input: whoever held its other end is gone."""
    loop = asyncio.get_running_loop()

    class Watch(asyncio.Protocol):
        def connection_lost(self, exc: Exception | None) -> None:
            done.set()

    # A descriptor of its own, since the transport closes what it is given.
    stdin = os.fdopen(os.dup(sys.stdin.fileno()), "rb", buffering=0)
    try:
        await loop.connect_read_pipe(Watch, stdin)
    except ValueError:
        # /dev/null or a file is no pipe, and at its end already: whoever started it so wants no watch.
        stdin.close()
        raise OSError("--watch-stdin needs a pipe as standard input") from None


if __name__ == "__main__":
    guard_process()
    sys.exit(main(sys.argv[1:]))
