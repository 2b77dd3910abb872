"""Words offered for completion in a SEND frame: header names, values, media types (STOMP 1.2, "SEND")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

SEND_HEADERS = {
    "content-type": "what the body is, such as application/json",
    "persistent": "true keeps the message over a restart of the broker",
    "correlation-id": "ties an answer to its question",
    "reply-to": "where an answer is expected",
    "priority": "0 to 9, 4 where none is given",
    "expires": "when the message is no longer wanted, in milliseconds since 1970",
    "type": "a name for this kind of message",
    "app-id": "who sent it",
    "message-id": "the broker makes one of its own for the receiver",
    "transaction": "the id of a transaction that was begun",
    "timestamp": "when it was made",
}
"""Header names of SEND that many brokers know, with what they mean."""

CONTENT_TYPES = (
    "application/json",
    "application/json;charset=utf-8",
    "application/xml",
    "application/octet-stream",
    "application/gzip",
    "application/x-protobuf",
    "application/x-www-form-urlencoded",
    "text/plain",
    "text/plain;charset=utf-8",
    "text/xml",
    "text/csv",
    "text/html",
)
VALUES: dict[str, tuple[str, ...]] = {
    "content-type": CONTENT_TYPES,
    "content-encoding": ("gzip", "deflate"),
    "persistent": ("true",),
    "priority": tuple("0123456789"),
}
"""Values a header usually has, where the broker has no values of its own."""


def header_meanings(known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Header names to suggest, with what they mean: the broker's own words go before the standard ones."""
    return {**SEND_HEADERS, **(known or {})}


def header_values(name: str, destinations: Iterable[str] = (), known: Iterable[str] = ()) -> tuple[str, ...]:
    """Values to suggest for a header of that name; those that the broker is known to take go before the usual ones."""
    if name == "reply-to":
        return tuple(destinations)
    usual = VALUES.get(name, ())
    return tuple(dict.fromkeys((*known, *usual))) if name == "content-type" else tuple(known) or usual
