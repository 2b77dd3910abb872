"""Default ids of durable subscriptions: the same after a restart, another one for each person and machine."""

from __future__ import annotations

import functools
import getpass
import re
import socket
import zlib

_UNSAFE = re.compile(r"[^A-Za-z0-9._@-]+")


def default_identity(destination: str, ordinal: int = 1) -> str:
    """The id offered for a durable subscription to a destination: "alice@laptop.topic.news".

    Args:
        destination: What is subscribed to.
        ordinal: 2 for the second subscription to it, and so on.
    """
    plain = destination.strip("/").replace("/", ".")
    safe = _UNSAFE.sub("-", plain)
    if safe != plain:
        # Two patterns must not become one name.
        safe += f"-{zlib.crc32(destination.encode('utf-8', 'surrogatepass')):08x}"
    return f"{_who()}.{safe}" + (f".{ordinal}" if ordinal > 1 else "")


@functools.cache
def _who() -> str:
    """user@machine, so that two people who subscribe to one topic do not share a queue by accident."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):
        user = "stomptui"
    return "@".join(_UNSAFE.sub("-", part) for part in (user, socket.gethostname().partition(".")[0]) if part)
