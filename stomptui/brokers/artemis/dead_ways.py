"""Where dead and expired messages of Artemis go, and which queues they come from.

https://artemis.apache.org/components/artemis/documentation/latest/undelivered-messages.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from stomptui.queues.listing.listing import QueueInfo, text_of, whole
from stomptui.queues.listing.selected import SelectedQueue, counted, first_of

FACTS = ("DeadLetterAddress", "ExpiryAddress", "MessagesKilled", "MessagesExpired", "FirstMessageTimestamp")
"""Attributes of one queue that the list of queues does not have, or not on every version."""

Row = Mapping[str, Any]
"""A queue as listQueues tells it."""


class DeadWays(NamedTuple):
    """Where messages of an address go; "" for nowhere, then they are deleted."""

    dead: str
    """After too many deliveries."""
    expired: str


def dead_ways(settings: object) -> DeadWays:
    """What the settings of an address say, as getAddressSettingsAsJSON tells them."""
    try:
        told = json.loads(settings) if isinstance(settings, str) else settings
    except (ValueError, RecursionError):
        told = None
    found = told if isinstance(told, dict) else {}
    return DeadWays(text_of(found.get("deadLetterAddress")), text_of(found.get("expiryAddress")))


def died(row: Row) -> tuple[tuple[str, int], ...]:
    """How many messages of a queue became dead letters or expired since the broker started."""
    return counted(("dead-lettered", whole(row.get("messagesKilled"))), ("expired", whole(row.get("messagesExpired"))))


def selected_queue(queue: QueueInfo, facts: Mapping[str, Any], fed_by: Sequence[str]) -> SelectedQueue:
    """What `FACTS` say of a queue.

    Args:
        queue: The queue.
        facts: Those that were told.
        fed_by: The queues that feed it.
    """
    oldest = whole(facts.get("FirstMessageTimestamp"))
    return SelectedQueue(
        queue.key,
        dead_letters_to=_where(facts, "DeadLetterAddress"),
        expired_to=_where(facts, "ExpiryAddress"),
        fed_by=tuple(fed_by),
        counts=counted(
            ("dead-lettered", whole(facts.get("MessagesKilled"))), ("expired", whole(facts.get("MessagesExpired")))
        ),
        oldest=oldest / 1000 if oldest else None,
    )


def _where(facts: Mapping[str, Any], name: str) -> str:
    """An address; where there is none, that messages are deleted, and "" if that was not told."""
    return (text_of(facts[name]) or "nowhere: they are deleted") if name in facts else ""


def sources(rows: Mapping[str, Row], ways: Mapping[str, DeadWays], address: str) -> tuple[str, ...]:
    """The queues whose dead or expired messages come to an address, in words; those with the most of them first.

    Args:
        rows: All queues by name.
        ways: Where messages of their addresses go.
        address: Where they come to.
    """
    found = []
    for name, row in rows.items():
        own = text_of(row.get("address"))
        way = ways.get(own)
        if way is None or own == address or address not in way:
            continue
        dead = whole(row.get("messagesKilled")) if way.dead == address else None
        expired = whole(row.get("messagesExpired")) if way.expired == address else None
        said = [f"{count:,} {what}" for what, count in counted(("rejected", dead), ("expired", expired))]
        found.append((-(dead or 0) - (expired or 0), name, f"{name} ({', '.join(said)})" if said else name))
    return first_of(text for _, _, text in sorted(found))
