"""The packets between the web server and the process of a tab, as Textual's `WebDriver` reads and writes them.

A packet is a letter for its kind, four bytes of length (big-endian), and that many bytes. Before its first packet the
process writes the line `PREAMBLE`.
"""

from __future__ import annotations

import asyncio
import enum
import json
from collections.abc import AsyncIterator, Mapping

PREAMBLE = b"__GANGLION__\n"
LONGEST = 64 << 20
"""Bytes of a packet that are read at most."""
MOST_LINES = 100
"""Lines before the preamble that are read at most."""


class Kind(bytes, enum.Enum):
    """What a packet holds."""

    DATA = b"D"
    """What the terminal shows, or what is typed."""
    META = b"M"
    """A JSON object with a `type`."""


def packet(kind: Kind, payload: bytes) -> bytes:
    """A packet as it is written."""
    return kind.value + len(payload).to_bytes(4, "big") + payload


def meta(**values: str | int) -> bytes:
    """A packet with a JSON object."""
    return packet(Kind.META, json.dumps(values).encode())


async def packets(stream: asyncio.StreamReader) -> AsyncIterator[tuple[Kind, bytes]]:
    """The packets that a process writes, until it ends or writes something else."""
    for _ in range(MOST_LINES):
        line = await stream.readline()
        if line == PREAMBLE:
            break
        if not line:
            return
    try:
        while True:
            kind = Kind(await stream.readexactly(1))
            size = int.from_bytes(await stream.readexactly(4), "big")
            if size > LONGEST:
                return
            yield kind, await stream.readexactly(size)
    except (asyncio.IncompleteReadError, ConnectionError, ValueError):
        return


def meta_values(payload: bytes) -> Mapping[str, object]:
    """The JSON object of a packet, empty if it is none."""
    try:
        values = json.loads(payload)
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}
