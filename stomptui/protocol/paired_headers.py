"""The headers of two frames beside each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple


class PairedHeader(NamedTuple):
    """A header of one or both frames."""

    name: str
    left: str | None
    """Its value, None where this frame does not have it."""
    right: str | None


def paired_headers(
    left: Iterable[tuple[str, str]], right: Iterable[tuple[str, str]]
) -> tuple[list[PairedHeader], bool]:
    """The headers of two frames by name, the first of a name beside the first, a repeat beside the repeat.

    Returns:
        The pairs in the order of the left, where the right has more of its own after those that are before them there;
        and whether what both have is in another order.
    """
    ours, others = _numbered(left), _numbered(right)
    order = list(ours)
    at = 0
    for key in others:
        if key in ours:
            at = order.index(key) + 1
        else:
            order.insert(at, key)
            at += 1
    pairs = [PairedHeader(key[0], ours.get(key), others.get(key)) for key in order]
    return pairs, [key for key in ours if key in others] != [key for key in others if key in ours]


def _numbered(headers: Iterable[tuple[str, str]]) -> dict[tuple[str, int], str]:
    """Values by name and by how many of that name there are before."""
    seen: Counter[str] = Counter()
    numbered: dict[tuple[str, int], str] = {}
    for name, value in headers:
        numbered[name, seen[name]] = value
        seen[name] += 1
    return numbered
