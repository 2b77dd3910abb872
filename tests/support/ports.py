"""Free loopback ports below the ephemeral range, where no outgoing connection can take one away meanwhile."""

from __future__ import annotations

import itertools
import os
import random
import socket
from collections.abc import Iterator

LOWEST, HIGHEST = 15_000, 32_000


_candidates: Iterator[int] = iter(())


def take_share(place: int, shares: int) -> None:
    """Give out ports of one part of the range: a broker that restarts must find its ports as it left them.

    Args:
        place: Which part, from 0.
        shares: Among how many processes the range is divided.
    """
    global _candidates
    size = (HIGHEST - LOWEST) // shares
    lowest, highest = LOWEST + place * size, LOWEST + (place + 1) * size
    start = random.Random(os.getpid()).randrange(lowest, highest)
    _candidates = itertools.chain(range(start, highest), itertools.cycle(range(lowest, highest)))


take_share(
    int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")),
    int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")),
)


def free_ports(count: int) -> list[int]:
    """That many ports nobody listens on; each is given out once per process."""
    found: list[int] = []
    while len(found) < count:
        port = next(_candidates)
        if _is_free(port):
            found.append(port)
    return found


def free_port() -> int:
    return free_ports(1)[0]


def accepts(port: int, host: str = "127.0.0.1") -> bool:
    """Whether something listens there."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
