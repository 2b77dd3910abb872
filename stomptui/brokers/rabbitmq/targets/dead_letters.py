"""Where a queue of RabbitMQ sends rejected messages, and whether they are kept there.

RabbitMQ gives a rejected message to the dead letter exchange of its queue and deletes it there, whatever that exchange
does with it (https://www.rabbitmq.com/docs/dlx). Verified on 3.10, 4.0 and 4.3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from stomptui.brokers.rabbitmq.targets.target_limits import RabbitMQQueueSettings, is_full, limits_told, risks
from stomptui.protocol.names import shown

NAMED = 3
"""Queues named before the rest is counted."""


class Binding(NamedTuple):
    """What an exchange gives messages to."""

    target: str
    is_queue: bool
    key: str


@dataclass(frozen=True)
class Exchange:
    """What is told of an exchange."""

    exists: bool
    kind: str = ""
    """"direct", "fanout", "topic", "headers" or what a plugin adds."""
    bindings: tuple[Binding, ...] = ()
    alternate: bool = False
    """Whether another exchange gets what it has no queue for."""


@dataclass(frozen=True)
class Receiver:
    """A queue that may get dead letters."""

    exists: bool | None
    """None if that is not known."""
    settings: RabbitMQQueueSettings
    depth: int | None = None
    """Messages in it now, None if that is not told."""


@dataclass(frozen=True)
class DeadLetters:
    """What becomes of messages that are rejected for good."""

    lines: tuple[str, ...]
    """What to say of it, a sentence each."""
    kept: bool
    """Whether all that is known says that they are kept."""
    limited: tuple[str, ...] = ()
    """The queues that get them and refuse what they have no room for."""


def find(
    settings: RabbitMQQueueSettings, exchange: Callable[[str], Exchange | None], receiver: Callable[[str], Receiver]
) -> DeadLetters:
    """Find out where the rejected messages of a queue go.

    Args:
        settings: Of the queue they are in.
        exchange: Tells of an exchange by its name; None if nobody tells.
        receiver: Tells of a queue by its name.
    """
    name, key = settings.text("dead-letter-exchange"), settings.text("dead-letter-routing-key")
    if name is None:
        if settings.policy is None:
            told = (
                "The dead letter exchange of the queue gets them, if a policy sets one; without one they are deleted."
            )
            return DeadLetters((told,), kept=False)
        return DeadLetters(("The queue has no dead letter exchange: they are deleted.",), kept=False)
    safe = settings.kind == "quorum" and settings.text("dead-letter-strategy") == "at-least-once"
    if not name:
        if key is None:
            told = "They go to the queue that their own routing key names, and are deleted if there is none."
            return DeadLetters((told,), kept=False)
        return _received([key], receiver, "", safe=safe)
    where = exchange(name)
    if where is None:
        told = (
            f"The exchange {shown(name)} gets them: which queues it gives them to is not known, and without one they "
            "are deleted."
        )
        return DeadLetters((told,), kept=False)
    if not where.exists:
        told = f"Its dead letter exchange {shown(name)} does not exist: {_unrouted(safe=safe)}."
        return DeadLetters((told,), kept=safe)
    queues, sure = routed(where, key)
    if queues:
        return _received(queues, receiver, f" (by the exchange {shown(name)})", safe=safe)
    if sure:
        told = f"Its dead letter exchange {shown(name)} gives them to no queue: {_unrouted(safe=safe)}."
        return DeadLetters((told,), kept=safe)
    told = (
        f"The exchange {shown(name)} gets them, and gives each to queues by its routing key: without one it is deleted."
    )
    return DeadLetters((told,), kept=False)


def _unrouted(*, safe: bool) -> str:
    return "they stay in this queue until there is one (at-least-once)" if safe else "they are deleted"


def _received(names: Iterable[str], receiver: Callable[[str], Receiver], way: str, *, safe: bool) -> DeadLetters:
    """What to say of the queues that get dead letters; one of them that keeps them is enough."""
    lines: list[str] = []
    limited: list[str] = []
    keeping = 0
    names = list(dict.fromkeys(names))
    for name in names[:NAMED]:
        queue = receiver(name)
        place = f"/queue/{shown(name)}"
        if queue.exists is False:
            lines.append(f"The dead letter queue {place} does not exist: {_unrouted(safe=safe)}.")
            continue
        told = f"The queue {place} gets them{way}."
        limits = limits_told(queue.settings)
        if limits:
            limited.append(name)
            rest = "what it has no room for stays in this queue" if safe else "what it has no room for is deleted"
            now = ", and is full now" if is_full(queue.settings, queue.depth) else ""
            told = f"The queue {place} gets them{way}, which takes at most {limits}{now}: {rest}."
        lines.append(told)
        dropped = risks(place, queue.settings)
        lines += dropped
        if queue.settings.policy is None:
            lines.append(f"The policies of {place} are unknown, which may keep less.")
        keeping += not dropped and (safe or not limits) and queue.settings.policy is not None
    if len(names) > NAMED:
        lines.append(f"So do {len(names) - NAMED:,} more queues.")
    return DeadLetters(tuple(lines), keeping > 0, tuple(limited))


def routed(exchange: Exchange, key: str | None) -> tuple[list[str], bool]:
    """The queues that certainly get a message, and whether no others do.

    Args:
        exchange: Which gives them out.
        key: The routing key, None if each message has its own.
    """
    queues: list[str] = []
    sure = not exchange.alternate
    for binding in exchange.bindings:
        if exchange.kind == "fanout":
            match: bool | None = True
        elif exchange.kind == "direct":
            match = None if key is None else binding.key == key
        elif exchange.kind == "topic":
            match = True if binding.key == "#" else None if key is None else topic_matches(binding.key, key)
        else:
            match = None
        if match and binding.is_queue:
            queues.append(binding.target)
        elif match is not False:
            sure = False
    return queues, sure


def topic_matches(pattern: str, key: str) -> bool:
    """Whether a routing key matches the binding key of a topic exchange: `*` is one word, `#` any number of them."""
    words = key.split(".") if key else []
    # Positions in the key that the pattern read so far can have reached.
    reached = {0}
    for part in pattern.split(".") if pattern else []:
        if part == "#":
            reached = set(range(min(reached), len(words) + 1)) if reached else set()
        else:
            reached = {at + 1 for at in reached if at < len(words) and part in ("*", words[at])}
    return len(words) in reached


def settled(wanted: int, depths: Mapping[str, int | None], now: Mapping[str, int | None]) -> list[str]:
    """What to say of limited queues that have fewer dead letters more than there were rejected.

    Args:
        wanted: How many were rejected.
        depths: Messages in each of the queues before, by name; None if that is not known.
        now: The same, now.
    """
    told = []
    for name, before in depths.items():
        after = now.get(name)
        if before is None or after is None or after - before >= wanted:
            continue
        told.append(
            f"/queue/{shown(name)} is full, as it seems: of {wanted:,} rejected it has {max(0, after - before):,} more."
        )
    return told
