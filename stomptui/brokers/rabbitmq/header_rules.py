"""Headers of SEND on RabbitMQ 3.10 to 4.3, to a queue that is there, and on the embedded broker.

Which of them arrive was found out by a raw socket on 3.10, 4.0 and 4.3. By /amq/queue/NAME, which declares nothing, the
arguments of queues are headers like any others.
"""

from __future__ import annotations

import re

from stomptui.connection.dialect.header_rules import (
    DELIVERY,
    KEEP,
    Effect,
    HeaderRules,
    Setting,
    Verdict,
    cannot,
    changed,
    erlang_number,
    left_out,
    same,
    shortened,
    size,
    spelled,
)
from stomptui.queues.headers.translation import SHORT_PROPERTIES

SHORT = 255
"""Bytes of a header name, or of a property, that AMQP has room for."""
FEW = SHORT // 4
"""Characters that are no more bytes than that, whatever they are."""
TEN_YEARS = 315_360_000_000
"""Milliseconds; the longest expiration."""
WHOLE_NUMBERS = frozenset(
    (
        "x-expires",
        "x-max-length",
        "x-max-length-bytes",
        "x-max-priority",
        "x-message-ttl",
        "x-stream-max-segment-size-bytes",
    )
)
"""Arguments of queues that must be whole numbers, whether a queue is declared or not."""
ARGUMENTS = WHOLE_NUMBERS | {
    "auto-delete",
    "durable",
    "exclusive",
    "x-dead-letter-exchange",
    "x-dead-letter-routing-key",
    "x-max-age",
    "x-overflow",
}
"""Headers that declare a queue where SEND declares one."""
_EXPIRATION = re.compile(r"\+?[0-9]{1,40}|-0{1,40}")
_REPLY_TO = re.compile(
    r"[^/]*|/queue/[^/]+|/amq/queue/[^/]+|/topic/[^/]+|/exchange/[^/]+(/[^/]*)?|/reply-queue/.+|/temp-queue/[^/]*",
    re.DOTALL,
)
_TEMPORARY = "it would make a private queue of the connection that sends"
_REPLY_QUEUE = "/reply-queue/"


class RabbitMQRules(HeaderRules):
    """Of RabbitMQ.

    Args:
        version: Major and minor, (0, 0) if it is not known. What is not 3.10 or before is judged as 4.x: between them
            nobody looked, so the careful answer.
    """

    keeps_repeats = False

    def __init__(self, version: tuple[int, int] = (0, 0)) -> None:
        self._is_old = (0, 0) < version <= (3, 10)

    def verdict(self, name: str, value: str, setting: Setting) -> Verdict:
        if len(name) > FEW and not self._is_old and size(name) > SHORT:
            why = f"RabbitMQ 4 takes header names of at most {SHORT} bytes"
            return cannot(
                Effect.CLOSED,
                why,
                f"{why}; this ends the connection",
                f"its header {shortened(name)} has a name of {size(name):,} bytes: {why}",
            )
        if not self._is_old and name in SHORT_PROPERTIES and size(value) > SHORT:
            why = f"RabbitMQ 4 takes at most {SHORT} bytes there"
            return cannot(Effect.CLOSED, why, f"{why}; this ends the connection")
        if name == "persistent":
            return _persistent(value, setting)
        if name == "priority":
            return self._priority(value)
        if name == "expiration":
            return _expiration(value, self._is_old)
        if name == "timestamp":
            number = erlang_number(value)
            if number is None:
                return cannot(Effect.REFUSED, "RabbitMQ takes whole seconds since 1970, and refuses anything else")
            return spelled(name, value, number)
        if name == "reply-to":
            return _reply_to(value)
        if (
            name in WHOLE_NUMBERS
            and erlang_number(value) is None
            and not (self._is_old and name.startswith("x-stream"))
        ):
            return cannot(Effect.REFUSED, "RabbitMQ takes a whole number, and refuses anything else")
        if name in ARGUMENTS and setting.declares:
            return KEEP._replace(advice="declares the queue with this argument if it is missing, and is no header then")
        if name == "user-id":
            known = setting.login is None or value == setting.login
            told = "must be the login of this connection; anything else ends it"
            return Verdict(advice=told) if known else left_out(Effect.CLOSED, "it is not who sends", told)
        return _OTHERS.get(name) or (DELIVERY.get(name, KEEP) if name not in _ECHOED else KEEP)

    def _priority(self, value: str) -> Verdict:
        number = erlang_number(value)
        if number is None:
            return cannot(
                Effect.REFUSED,
                "RabbitMQ takes a whole number from 0 to 255",
                "RabbitMQ refuses a priority that is not a whole number",
            )
        if 0 <= number <= 255:
            return spelled("priority", value, number)
        effect = Effect.KEPT if self._is_old else Effect.CHANGED
        told = "a priority is 0 to 255; RabbitMQ stores something else instead of this one"
        return changed(effect, "priority", str(min(max(number, 0), 255)), "RabbitMQ takes 0 to 255", told)


_ECHOED = frozenset(("ack", "redelivered", "subscription"))
"""Headers of a sender that stand behind RabbitMQ's own."""
_OTHERS = {
    "message-id": left_out(
        Effect.REFUSED, "RabbitMQ refuses it", "RabbitMQ refuses it on SEND; amqp-message-id sets the AMQP property"
    ),
    "transaction": left_out(Effect.REFUSED, "it names a transaction that is not there", "BEGIN has to begin it"),
    "CC": left_out(Effect.CLOSED, "RabbitMQ ends the connection", "a CC header ends the connection"),
    "BCC": left_out(Effect.CLOSED, "RabbitMQ ends the connection", "a BCC header ends the connection"),
    "selector": KEEP._replace(advice="means nothing on SEND"),
    **{
        name: KEEP._replace(advice=f"RabbitMQ does not act on {name}; expiration is a number of milliseconds from now")
        for name in ("expires", "ttl")
    },
    **{
        name: KEEP._replace(advice="is kept as it is written here and will show readers a stale count")
        for name in ("x-delivery-count", "x-acquired-count")
    },
}


def _persistent(value: str, setting: Setting) -> Verdict:
    if value == "true":
        return KEEP
    if value == "True":
        return same("persistent", "true")._replace(advice="persistent must be exactly true")
    if value == "false":
        advice = (
            "persistent:false makes a missing queue vanish with this connection, and on a durable one ends the "
            "connection; leave the header out for a message that need not survive"
        )
        return left_out(Effect.DROPPED, "", advice if setting.declares else "")
    refused = "RabbitMQ refuses anything else here" if setting.declares else "anything else makes the message transient"
    # RabbitMQ itself gives back what is not persistent as 1.
    why = "" if value == "1" else "RabbitMQ keeps a message over a restart for exactly true"
    return left_out(
        Effect.REFUSED if setting.declares else Effect.DROPPED, why, f"persistent must be exactly true; {refused}"
    )


def _expiration(value: str, is_old: bool) -> Verdict:
    told = "expiration is a number of milliseconds from now; anything else ends the connection"
    number = int(value) if _EXPIRATION.fullmatch(value) else None
    if number is None:
        return cannot(Effect.CLOSED, "RabbitMQ takes a number of milliseconds", told)
    if number > TEN_YEARS:
        return cannot(Effect.CLOSED, "RabbitMQ takes a number of milliseconds up to ten years", told)
    if not number:
        return cannot(Effect.LOST, "it would be over on arrival", "it is over on arrival: only who waits gets it")
    return KEEP if is_old else spelled("expiration", value, number)


def _reply_to(value: str) -> Verdict:
    if value.startswith("/temp-queue/"):
        return left_out(Effect.CHANGED, _TEMPORARY)
    if value.startswith(_REPLY_QUEUE):
        # So RabbitMQ gives back a property that is the bare name of a queue; sent as it is it would be another one.
        bare = value[len(_REPLY_QUEUE) :]
        return Verdict(line=("reply-to", bare)) if "/" not in bare else KEEP
    if not _REPLY_TO.fullmatch(value):
        why = "RabbitMQ does not know that destination"
        return left_out(Effect.REFUSED, why, "RabbitMQ refuses a reply-to that is no destination of its own")
    return KEEP if "/" in value else Verdict(effect=Effect.CHANGED)


class EmbeddedRules(HeaderRules):
    """Of the embedded broker, which has no properties: all are headers, and are given back as they came."""

    head_limit = 65_536
    keeps_repeats = False

    def verdict(self, name: str, value: str, setting: Setting) -> Verdict:
        if name == "reply-to" and value.startswith("/temp-queue/"):
            return left_out(Effect.CHANGED, _TEMPORARY)
        if name in ("message-id", "transaction"):
            return _OTHERS[name]._replace(why="the broker refuses it", advice="")
        return super().verdict(name, value, setting)
