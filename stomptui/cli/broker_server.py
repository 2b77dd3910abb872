"""What `stomptui broker` runs once its arguments are read: the embedded broker and its sample traffic."""

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

from stomptui.config.output import put
from stomptui.config.signals import ENDING
from stomptui.embedded.broker import EmbeddedServer
from stomptui.embedded.process import READY
from stomptui.embedded.traffic import FIXED_START, Traffic


async def serve(arguments: argparse.Namespace) -> None:
    """Run the broker until a signal comes, or, with `--watch-stdin`, until standard input ends.

    Raises:
        OSError: It cannot listen there.
        UnicodeError: The host cannot be the name of one.
    """
    broker = EmbeddedServer(
        users=dict(user.split(":", 1) for user in arguments.user) or None,
        vhosts=set(arguments.vhost) or None,
        token=_tokens(arguments.seed),
    )
    traffic = None
    if arguments.traffic:
        start = FIXED_START if arguments.fixed_clock else None
        traffic = Traffic(broker.queues.publish, seed=arguments.seed, start=start, rate=arguments.rate)
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
