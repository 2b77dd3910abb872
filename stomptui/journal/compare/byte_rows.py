"""Comparing bytes by their places."""

from __future__ import annotations

from stomptui.journal.compare.rows import MOST, ComparedBody, row
from stomptui.protocol.clean import clean

WIDTH = 8
"""Bytes in a row."""
PIECE = 64 << 10
"""Bytes that are compared at once."""


def first_difference(left: bytes, right: bytes) -> int | None:
    """The place of the first byte that differs, or at which one ends; None if they are the same."""
    if left == right:
        return None
    end = min(len(left), len(right))
    for begin in range(0, end, PIECE):
        mine, other = left[begin : begin + PIECE], right[begin : begin + PIECE]
        if mine[: end - begin] != other[: end - begin]:
            return begin + next(place for place, (a, b) in enumerate(zip(mine, other, strict=False)) if a != b)
    return end


def compare_bytes(left: bytes, right: bytes) -> ComparedBody:
    """Compare bytes at the same places: the rows that differ, each with the row before and after it."""
    found = ComparedBody(unit="row of bytes")
    first = first_difference(left, right)
    if first is not None:
        found.notes.append(f"the first byte that differs is at {first:,} (0x{first:x})")
    size = max(len(left), len(right))
    shown = -1
    for piece in range(0, size, PIECE):
        if left[piece : piece + PIECE] == right[piece : piece + PIECE]:
            continue
        for at in range(piece, min(piece + PIECE, size), WIDTH):
            if left[at : at + WIDTH] == right[at : at + WIDTH]:
                continue
            for near in (at - WIDTH, at, at + WIDTH):
                if shown < near < size and near >= 0:
                    found.add(row(f"{near:08x}", _shown(left, near), _shown(right, near)))
                    shown = near
            if len(found.rows) >= MOST:
                found.notes.append(f"what comes after byte {shown + WIDTH:,} is not compared")
                return found
    return found


def _shown(data: bytes, at: int) -> str | None:
    part = data[at : at + WIDTH]
    if not part:
        return None
    text = clean("".join(chr(byte) if 32 <= byte < 127 else "·" for byte in part))
    return f"{part.hex(' '):<{WIDTH * 3 - 1}}  {text}"
