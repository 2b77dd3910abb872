"""Why a queue of RabbitMQ may not keep a message it confirms, from its arguments and policies.

Verified on 3.10, 4.0 and 4.3; https://www.rabbitmq.com/docs/maxlength, ttl, queues and streams have what they mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from stomptui.protocol import durations
from stomptui.protocol.numbers import signed_number
from stomptui.queues.leaving import Leaving, last_reader

NUMBERS = ("max-length", "max-length-bytes", "message-ttl", "expires")
"""Settings of which the smallest counts, wherever it is from."""

Values = Mapping[str, object]


@dataclass(frozen=True)
class RabbitMQQueueSettings:
    """What is known of how a queue keeps messages."""

    kind: str = ""
    """"classic", "quorum" or "stream"; "" if it is not known."""
    arguments: Values = field(default_factory=dict)
    """By name, without the `x-`."""
    policy: Values | None = None
    """What its policies say, None if they are not known."""
    durable: bool = True
    auto_delete: bool = False
    exclusive: bool = False
    """Whether another connection has it for itself."""
    readers: int | None = None
    """How many read from it now, None if the management does not tell."""

    def number(self, name: str) -> int | None:
        """A setting that is a number, None without one."""
        found = [_whole(values[name]) for values in self._sources if name in values]
        return min((value for value in found if value is not None), default=None)

    def text(self, name: str) -> str | None:
        """A setting that is a text, None without one; an argument counts before a policy."""
        for values in self._sources:
            if name in values:
                return str(values[name])
        return None

    def origin(self, name: str) -> str:
        """What to call a setting: `x-max-length 3`, or `max-length 3 by a policy`."""
        value = self.number(name) if name in NUMBERS else self.text(name)
        own = self.arguments.get(name)
        same = (_whole(own) if name in NUMBERS else own) == value
        return f"x-{name} {value}" if name in self.arguments and same else f"{name} {value} by a policy"

    @property
    def _sources(self) -> tuple[Values, ...]:
        return (self.arguments, self.policy or {})


def with_management(heard: RabbitMQQueueSettings, queue: Values | None, policy: Values | None) -> RabbitMQQueueSettings:
    """What is known once the management has told too.

    Args:
        heard: What is known without it.
        queue: What it tells of the queue, None if it knows no such queue.
        policy: What policies say, None if that is not told.
    """
    if queue is None:
        return replace(heard, policy=policy)
    told = queue.get("arguments")
    arguments = {key.removeprefix("x-"): value for key, value in told.items()} if isinstance(told, dict) else {}
    kind = queue.get("type")
    return RabbitMQQueueSettings(
        kind if isinstance(kind, str) else heard.kind,
        {**heard.arguments, **arguments},
        policy,
        queue.get("durable") is not False,
        queue.get("auto_delete") is True,
        queue.get("exclusive") is True or heard.exclusive,
        _readers(queue),
    )


def _readers(queue: Values) -> int:
    """The readers of a queue; what its statistics count is up to five seconds old."""
    details, count = queue.get("consumer_details"), queue.get("consumers")
    return len(details) if isinstance(details, list) else count if isinstance(count, int) else 0


def risks(name: str, settings: RabbitMQQueueSettings) -> tuple[str, ...]:
    """What may become of messages that a queue confirmed, each in a sentence.

    Args:
        name: What the queue is called in them.
        settings: What is known of it.
    """
    told = []
    if settings.exclusive:
        told.append(
            f"{name} belongs to another connection alone (exclusive): it goes, with all that is in it, when that ends."
        )
    elif not settings.durable:
        told.append(f"{name} does not survive a restart of RabbitMQ, nor does what is in it (not durable).")
    if settings.auto_delete and not settings.exclusive:
        told.append(f"{_goes_with_its_reader(name)}.")
    told += _lengths(name, settings)
    told += _times(name, settings)
    if settings.kind == "quorum" and settings.text("delivery-limit") == "0":
        told.append(
            f"{name} keeps no message that was delivered once and returned ({settings.origin('delivery-limit')}): "
            f"{_dead(name, settings)}; each peek counts as a delivery."
        )
    return tuple(told)


def leaving(name: str, settings: RabbitMQQueueSettings, known: bool) -> Leaving:
    """What becomes of a queue that is there, and of what is in it, when somebody reads from it and leaves.

    Args:
        name: What the queue is called.
        settings: What is known of it.
        known: Whether it is known if it is auto-delete.
    """
    notes = []
    loss = ""
    by_leaving = settings.auto_delete and not settings.exclusive
    if by_leaving:
        loss, note = last_reader(_goes_with_its_reader(name), settings.readers)
        notes.append(note)
    elif not known:
        notes.append(f"Whether {name} is deleted when its last reader leaves (auto-delete) is not known.")
    time = None if settings.kind == "stream" else settings.number("message-ttl")
    if time is not None:
        notes.append(
            f"{name} keeps a message for {durations.limit(time)} ({settings.origin('message-ttl')}): when one is "
            f"unacknowledged for longer and returns, {_dead(name, settings)}."
        )
    if settings.number("expires") is not None:
        notes.append(_unused(name, settings))
    return Leaving(loss, tuple(filter(None, notes)), by_leaving, None if time is None else max(0, time) / 1000)


def _goes_with_its_reader(name: str) -> str:
    return f"{name} is deleted, with all that is in it, when its last reader leaves (auto-delete)"


def full(name: str, settings: RabbitMQQueueSettings, depth: int | None = None) -> str:
    """What happens where a queue refuses what it has no room for, in a sentence; "" if it does not.

    Args:
        name: What the queue is called in it.
        settings: What is known of it.
        depth: Messages in it now, None if that is not told.
    """
    limits = limits_told(settings)
    if not limits:
        return ""
    now = "It is full now" if is_full(settings, depth) else "Once it is full"
    return f"{name} takes at most {limits}. {now}: RabbitMQ closes the connection, and what it did not take stays here."


def limits_told(settings: RabbitMQQueueSettings) -> str:
    """How much a queue takes that refuses what it has no room for: "2 messages (x-overflow reject-publish)"."""
    if not (settings.text("overflow") or "").startswith("reject-publish"):
        return ""
    limits = [
        _much(settings, limit) for limit in ("max-length", "max-length-bytes") if settings.number(limit) is not None
    ]
    return f"{' and '.join(limits)} ({settings.origin('overflow')})" if limits else ""


def is_full(settings: RabbitMQQueueSettings, depth: int | None) -> bool:
    """Whether a queue that refuses what it has no room for has no room, as the number of its messages says."""
    limit = settings.number("max-length")
    return bool(limits_told(settings)) and depth is not None and limit is not None and depth >= limit


def _lengths(name: str, settings: RabbitMQQueueSettings) -> list[str]:
    overflow = settings.text("overflow")
    if overflow is not None and overflow.startswith("reject-publish"):
        return []
    told = []
    for limit in ("max-length", "max-length-bytes"):
        if settings.number(limit) is None:
            continue
        origin = settings.origin(limit)
        if settings.kind == "stream":
            told.append(f"{name} keeps about {_much(settings, limit)} ({origin}): the oldest are dropped.")
        elif overflow is None and settings.policy is None and settings.kind != "quorum":
            told.append(
                f"{name} keeps at most {_much(settings, limit)} ({origin}): older ones are dropped, also those just "
                "moved, or new ones refused; which of both is not known."
            )
        else:
            gone = "are dropped" if settings.text("dead-letter-exchange") is None else f"go: {_dead(name, settings)}"
            told.append(
                f"{name} keeps at most {_much(settings, limit)} ({origin}, drop-head): older ones {gone}, also those "
                "just moved."
            )
    return told


def _times(name: str, settings: RabbitMQQueueSettings) -> list[str]:
    told = []
    time = settings.number("message-ttl")
    if time is not None:
        kept = "nothing that no reader takes at once" if time <= 0 else f"a message for {durations.limit(time)}"
        told.append(f"{name} keeps {kept} ({settings.origin('message-ttl')}): {_dead(name, settings)} then.")
    if settings.number("expires") is not None:
        told.append(_unused(name, settings))
    if (age := settings.text("max-age")) is not None:
        told.append(f"{name} keeps messages for about {age} ({settings.origin('max-age')}).")
    return told


def _unused(name: str, settings: RabbitMQQueueSettings) -> str:
    return (
        f"{name} is deleted, with all that is in it, once nobody reads from it for "
        f"{durations.limit(settings.number('expires') or 0)} ({settings.origin('expires')})."
    )


def _dead(name: str, settings: RabbitMQQueueSettings) -> str:
    """What becomes of a message that a queue does not keep."""
    exchange, key = settings.text("dead-letter-exchange"), settings.text("dead-letter-routing-key")
    if exchange is None:
        return "it is deleted"
    if exchange:
        return f"it goes to the exchange {exchange}, and is gone if that gives it to no queue"
    if key is None or f"/{key}" == name[-len(key) - 1 :]:
        return "it would come back to the same queue, and is dropped"
    return f"it goes to the queue {key}, and is gone if there is none"


def _much(settings: RabbitMQQueueSettings, limit: str) -> str:
    value = settings.number(limit) or 0
    what = "bytes of messages" if limit.endswith("bytes") else "message" if value == 1 else "messages"
    return f"{value:,} {what}"


def _whole(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return signed_number(str(value))
