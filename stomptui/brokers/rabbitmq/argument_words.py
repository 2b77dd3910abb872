"""The optional arguments of RabbitMQ's queues in words (https://www.rabbitmq.com/docs/queues#optional-arguments).

Bindings too, as /api/queues/VHOST/NAME/bindings tells them (https://www.rabbitmq.com/docs/http-api-reference).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from stomptui.protocol.durations import limit_in_units
from stomptui.queues.listing.selected import first_of

_ELSEWHERE = ("queue-type", "dead-letter-exchange", "dead-letter-routing-key")
"""What is said of a queue in other words."""


_COUNTS: Mapping[str, Callable[[int], str]] = {
    "max-length": lambda count: f"at most {count:,} messages",
    "max-length-bytes": lambda count: f"at most {count:,} bytes",
    "message-ttl": lambda count: f"messages expire after {limit_in_units(count)}",
    "expires": lambda count: f"deleted after {limit_in_units(count)} without use",
    "delivery-limit": lambda count: f"at most {count:,} deliveries of a message",
    "max-priority": lambda count: f"priorities 0 to {count}",
}
_WORDS: Mapping[tuple[str, object], str] = {
    ("single-active-consumer", True): "one active consumer at a time",
    ("overflow", "reject-publish"): "refuses messages when full",
    ("overflow", "reject-publish-dlx"): "dead-letters new messages when full",
    ("overflow", "drop-head"): "drops its oldest messages when full",
    ("dead-letter-strategy", "at-least-once"): "dead letters at least once",
    ("queue-mode", "lazy"): "messages stay on disk",
}


def words(arguments: Mapping[str, Any], policy: Mapping[str, Any]) -> tuple[str, ...]:
    """What a queue was declared with and what its policy adds, a text each.

    Args:
        arguments: The arguments, by names that begin with "x-".
        policy: The definition of the policies that apply, by names without it.
    """
    own = {name.removeprefix("x-"): value for name, value in arguments.items()}
    added = {name: value for name, value in policy.items() if name not in own}
    said = [_said(name, value) for name, value in own.items()]
    said += [f"{text} (by policy)" for name, value in added.items() if (text := _said(name, value))]
    return tuple(text for text in said if text)


def binding_words(answer: object) -> tuple[str, ...]:
    """The bindings of a queue, a text each; without the one to the default exchange, which every queue has."""
    said = []
    for row in answer if isinstance(answer, list) else []:
        exchange = row.get("source") if isinstance(row, dict) else None
        if not exchange or not isinstance(exchange, str):
            continue
        key, arguments = row.get("routing_key"), row.get("arguments")
        parts = [f"exchange {exchange}"]
        parts += [f"key {key}"] if isinstance(key, str) and key else []
        parts += [f"{name} {value}" for name, value in arguments.items()] if isinstance(arguments, dict) else []
        said.append(", ".join(parts))
    return first_of(sorted(said))


def _said(name: str, value: object) -> str:
    if name in _ELSEWHERE:
        return ""
    if isinstance(value, int) and not isinstance(value, bool) and name in _COUNTS:
        return _COUNTS[name](value)
    if isinstance(value, (str, bool)) and (name, value) in _WORDS:
        return _WORDS[name, value]
    return f"{name} {value}"
