"""What a broker tells of one queue when it is asked for that queue alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MOST_NAMED = 8
"""Bindings and queues that are named one by one."""


@dataclass(frozen=True)
class SelectedQueue:
    """More of one queue than a listing has. Empty and None is what the broker does not tell.

    All texts are the broker's own and not safe to paint.
    """

    key: tuple[str, str]
    """Its kind and name."""
    bindings: tuple[str, ...] = ()
    """What brings messages to it, a text each."""
    dead_letters_to: str = ""
    """Where its dead letters go, in words."""
    expired_to: str = ""
    """Where its expired messages go, in words."""
    fed_by: tuple[str, ...] = ()
    """The queues whose dead or expired messages come here, with how many that were."""
    counts: tuple[tuple[str, int], ...] = ()
    """What has become of messages since the broker began to count, each with its number."""
    oldest: float | None = None
    """When its oldest message was sent, in seconds since the epoch."""


def counted(*counts: tuple[str, int | None]) -> tuple[tuple[str, int], ...]:
    """Those of some counts that are told and are not 0."""
    return tuple((name, count) for name, count in counts if count)


def first_of(texts: Iterable[str], most: int = MOST_NAMED) -> tuple[str, ...]:
    """The first of some texts, and how many more there are."""
    found = list(texts)

    def lines() -> Iterator[str]:
        yield from found[:most]
        if len(found) > most:
            yield f"and {len(found) - most:,} more"

    return tuple(lines())
