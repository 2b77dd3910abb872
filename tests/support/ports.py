"""Free loopback ports below the ephemeral range, where no outgoing connection can take one away meanwhile."""

from __future__ import annotations

import itertools
import os
import random
import socket

LOWEST, HIGHEST = 15_000, 32_000
_start = random.Random(os.getpid()).randrange(LOWEST, HIGHEST)
_candidates = itertools.chain(range(_start, HIGHEST), itertools.cycle(range(LOWEST, HIGHEST)))


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
