"""Translating headers between brokers that use other names or units for the same thing.

Where a message came from is known when it is moved. The lines of a file do not say it: there the broker's own headers
tell, which each of them writes in its own way, and without them the size of the numbers does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from stomptui.connection.dialect.header_rules import LONG, Effect, Verdict, Way, changed, java_number, left_out, same

RABBITMQ, ACTIVEMQ, ARTEMIS, EMBEDDED = "rabbitmq", "activemq", "artemis", "embedded"
UNKNOWN = "a file"
"""Where the lines of a file come from that do not tell it."""
JMS = (ACTIVEMQ, ARTEMIS)
SHORT_PROPERTIES = frozenset(
    ("amqp-message-id", "app-id", "content-encoding", "content-type", "correlation-id", "reply-to", "type")
)
"""AMQP properties of at most 255 bytes, as RabbitMQ names them in a MESSAGE."""
PROPERTIES = SHORT_PROPERTIES | {"expiration", "persistent", "priority", "timestamp", "user-id"}
"""Names whose last line in a MESSAGE of RabbitMQ is the AMQP property; one before it is a header of the same name."""

_MESSAGE_IDS = (
    (RABBITMQ, re.compile(r"T_.*@@.+@@\d+", re.DOTALL)),
    (ACTIVEMQ, re.compile(r"ID:.+-\d+-\d+-\d+:\d+:.+", re.DOTALL)),
    (ARTEMIS, re.compile(r"\d+,\d+")),
)
_ACKS = (*(shape for _, shape in _MESSAGE_IDS), re.compile(r"ID:.+", re.DOTALL))

Lines = Sequence[tuple[str, str]]


def source_of(lines: Lines) -> str:
    """The broker that sent these headers of a MESSAGE, as its message-id tells; `UNKNOWN` if it does not."""
    id = next((value for name, value in lines if name == "message-id"), "")
    return next((broker for broker, shape in _MESSAGE_IDS if shape.fullmatch(id)), UNKNOWN)


def is_delivery(ack: str) -> bool:
    """Whether a value of an `ack` header is one that a broker gives."""
    return any(shape.fullmatch(ack) for shape in _ACKS)


class Journey(NamedTuple):
    """Where a message came from and where it goes."""

    source: str
    target: str
    names: frozenset[str]
    """The names of all its headers."""
    now: float
    """Milliseconds since 1970."""

    @property
    def is_home(self) -> bool:
        """Whether it goes back to the kind of broker it came from, where nothing means anything else."""
        return self.source == self.target


@dataclass(frozen=True)
class Translation:
    """One row of the table in stomptui/reference.md."""

    name: str
    """The header that is translated."""
    source: str
    """Where it comes from, in words."""
    target: str
    """Where it goes, in words."""
    becomes: str
    """What it becomes, in words."""
    applies: Callable[[Journey], bool]
    translate: Callable[[str, Journey], Verdict | None]
    """What becomes of a value; None if that row has nothing to say of it."""


def translated(name: str, value: str, journey: Journey) -> Verdict | None:
    """What becomes of a header on its way to another broker, None if it means the same there."""
    if journey.is_home:
        return None
    for row in _BY_NAME.get(name, ()):
        if row.applies(journey):
            verdict = row.translate(value, journey)
            if verdict is not None:
                return verdict
    return None


def _to(*targets: str) -> Callable[[Journey], bool]:
    return lambda journey: journey.target in targets


def _between(sources: tuple[str, ...], *targets: str) -> Callable[[Journey], bool]:
    return lambda journey: journey.target in targets and journey.source in sources


_SECONDS, _MILLISECONDS = (9, 11), (12, 14)
"""Digits of a time since 1970, from 1973 to the year 5138."""


def _digits(value: str, between: tuple[int, int]) -> int | None:
    right = value.isascii() and value.isdigit() and between[0] <= len(value) <= between[1]
    return int(value) if right else None


def _to_seconds(value: str, journey: Journey) -> Verdict | None:
    time = _digits(value, _MILLISECONDS)
    why = "RabbitMQ counts in seconds"
    return None if time is None else changed(Effect.KEPT, "timestamp", str(time // 1000), why)


def _to_milliseconds(value: str, journey: Journey) -> Verdict | None:
    time = _digits(value, _SECONDS)
    why = "it counts in milliseconds there"
    return None if time is None else changed(Effect.KEPT, "timestamp", str(time * 1000), why)


def _to_expiration(value: str, journey: Journey) -> Verdict | None:
    end = java_number(value, LONG)
    if end is None or "expiration" in journey.names:
        return None
    if end <= 0:
        return Verdict(Way.LEFT_OUT)
    if end <= journey.now:
        return left_out(Effect.LOST, "that time is past")
    return changed(Effect.DROPPED, "expiration", str(max(1, int(end - journey.now))), "RabbitMQ counts from now")


def _to_expires(value: str, journey: Journey) -> Verdict | None:
    left = java_number(value, LONG)
    if left is None or left < 0 or "expires" in journey.names - {"expiration"}:
        return None
    return changed(Effect.DROPPED, "expires", str(int(journey.now) + left), "the time it ends is told there")


def _no_property(value: str, journey: Journey) -> Verdict | None:
    return left_out(Effect.LOST, "it was a plain header, and RabbitMQ would act on it")


_REPLY_QUEUE, _AMQ_QUEUE = "/reply-queue/", "/amq/queue/"


def _queue_reply(value: str, journey: Journey) -> Verdict | None:
    """A reply-to of RabbitMQ for brokers whose queues are /queue/NAME."""
    for prefix in (_REPLY_QUEUE, _AMQ_QUEUE):
        if value.startswith(prefix) and len(value) > len(prefix):
            plain = value[len(prefix) :].replace("%2F", "/")
            return changed(Effect.KEPT, "reply-to", f"/queue/{plain}", "that is the queue's name there")
    return None


def _rabbitmq_reply(value: str, journey: Journey) -> Verdict | None:
    """A reply-to of a JMS broker for RabbitMQ."""
    for scheme in ("queue", "topic"):
        for prefix in (f"{scheme}://", f"/{scheme}/"):
            if value.startswith(prefix) and len(value) > len(prefix):
                name = value[len(prefix) :]
                wanted = f"/{scheme}/{name.replace('/', '%2F')}"
                if wanted == value:
                    return None
                return changed(Effect.REFUSED, "reply-to", wanted, "that is how RabbitMQ writes it")
    return None


def _jms_reply(value: str, journey: Journey) -> Verdict | None:
    """A reply-to as JMS clients of Artemis write it, for ActiveMQ."""
    for scheme in ("queue", "topic"):
        if value.startswith(f"{scheme}://") and len(value) > len(scheme) + 3:
            name = value[len(scheme) + 3 :]
            return changed(Effect.CHANGED, "reply-to", f"/{scheme}/{name}", "that is how ActiveMQ writes it")
    return None


TRANSLATIONS = (
    Translation(
        "timestamp", "ActiveMQ, Artemis", "RabbitMQ", "seconds in place of milliseconds", _to(RABBITMQ), _to_seconds
    ),
    Translation(
        "timestamp", "RabbitMQ", "ActiveMQ, Artemis", "milliseconds in place of seconds", _to(*JMS), _to_milliseconds
    ),
    Translation(
        "expires",
        "ActiveMQ, Artemis",
        "RabbitMQ",
        "`expiration`, the milliseconds that are left; `0` is left out, and so is a time that is past",
        _between((*JMS, UNKNOWN, EMBEDDED), RABBITMQ),
        _to_expiration,
    ),
    Translation(
        "expiration",
        "RabbitMQ",
        "ActiveMQ, Artemis",
        "`expires`, the time when so many milliseconds are over",
        _between((RABBITMQ, UNKNOWN, EMBEDDED), *JMS),
        _to_expires,
    ),
    Translation(
        "expiration",
        "ActiveMQ, Artemis",
        "RabbitMQ",
        "nothing: there it was a plain header, and RabbitMQ would act on it",
        _between(JMS, RABBITMQ),
        _no_property,
    ),
    Translation(
        "reply-to",
        "RabbitMQ",
        "ActiveMQ, Artemis",
        "`/queue/NAME` in place of `/reply-queue/NAME` and `/amq/queue/NAME`",
        _to(*JMS),
        _queue_reply,
    ),
    Translation(
        "reply-to",
        "ActiveMQ, Artemis",
        "RabbitMQ",
        "`/queue/a%2Fb` in place of `/queue/a/b` and `queue://a/b`, the same for topics",
        _to(RABBITMQ),
        _rabbitmq_reply,
    ),
    Translation(
        "reply-to", "Artemis", "ActiveMQ", "`/queue/NAME` in place of `queue://NAME`", _to(ACTIVEMQ), _jms_reply
    ),
    Translation(
        "_AMQ_GROUP_ID",
        "Artemis",
        "ActiveMQ",
        "`JMSXGroupID`",
        _to(ACTIVEMQ),
        lambda value, journey: same("JMSXGroupID", value),
    ),
)

_BY_NAME = {name: [row for row in TRANSLATIONS if row.name == name] for name in {row.name for row in TRANSLATIONS}}


def table() -> str:
    """The translations as stomptui/reference.md has them."""
    rows = [("Header", "From", "To", "Becomes"), ("---",) * 4]
    rows += [(f"`{row.name}`", row.source, row.target, row.becomes) for row in TRANSLATIONS]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
