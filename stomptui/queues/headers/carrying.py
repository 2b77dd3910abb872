"""Which headers a message keeps when it is sent again: each judged by the rules of the target broker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from stomptui.connection.dialect.header_rules import (
    HeaderRules,
    Setting,
    Verdict,
    Way,
    java_number,
    problem,
    shortened,
    size,
)
from stomptui.protocol.escapes import escape
from stomptui.protocol.frame import Headers
from stomptui.queues.headers.translation import (
    ACTIVEMQ,
    ARTEMIS,
    EMBEDDED,
    PROPERTIES,
    RABBITMQ,
    UNKNOWN,
    Journey,
    is_delivery,
    source_of,
    translated,
)

SENDS = 1024
"""Bytes that are left for the headers of the SEND itself."""

SOON = 60_000
"""Milliseconds: a message that ends within them is told of."""
FIRST = frozenset(("destination", "message-id", "redelivered", "subscription"))
"""Headers of a delivery: every broker writes its own before one of the sender's."""
ACKS_KNOWN = (RABBITMQ, ACTIVEMQ, ARTEMIS, EMBEDDED, UNKNOWN)
"""Brokers whose own `ack` can be told from a sender's by its value; in a file it is so too."""
SENDING = frozenset(("content-length", "receipt"))
"""Headers that were for the SEND, and that some brokers give back."""
QUIET: dict[str, frozenset[str]] = {
    ARTEMIS: frozenset(("destination-type", "_AMQ_LARGE_SIZE", "_AMQ_ROUTING_TYPE", "__AMQ_CID")),
}
"""By broker, its own headers that say nothing of a message that anybody would miss."""
OWN: dict[str, frozenset[str]] = {
    RABBITMQ: frozenset(("x-delivery-count", "x-acquired-count", "x-stream-offset")),
    EMBEDDED: frozenset(("x-delivery-count", "x-acquired-count", "x-stream-offset")),
    ACTIVEMQ: frozenset(("scheduledJobId", "transformation", "transformation-error")),
    ARTEMIS: frozenset(("_AMQ_SCHED_DELIVERY", "ingress-timestamp")),
}
"""By broker, its own headers that are told of when they are left out."""

AGAIN = "Delivered more than once"
"""Under what it is said that the broker makes several messages of one."""


class Change(NamedTuple):
    """What is to be said of a header, or the body, that goes: how it is changed, or what comes of it there."""

    what: str
    """The name of the header, or "body"."""
    text: str
    """What is said of it: "priority 15 goes as 9"."""
    title: str = "Changed"
    """Under what it is said."""


class CarriedHeaders(NamedTuple):
    """The headers of a message, ready to be sent again."""

    headers: Headers
    left_out: Headers
    """Those that do not go with it and that somebody may miss."""
    changed: tuple[Change, ...]
    problem: str
    """Why the message cannot be sent at all, "" if it can."""


def pack(
    headers: Headers,
    rules: HeaderRules,
    target: str,
    setting: Setting,
    source: str = "",
    origin: frozenset[str] = frozenset(),
) -> CarriedHeaders:
    """Make the headers of a MESSAGE ready to be sent.

    Args:
        headers: As they came.
        rules: Of the broker they go to.
        target: The name of that broker.
        setting: What the verdicts depend on.
        source: The name of the broker they came from; "" to find it out.
        origin: Headers that say where a dead letter came from, if they are to go.
    """
    source = source or source_of(headers)
    journey = Journey(source, target, frozenset(name for name, _ in headers), setting.now)
    # Of a property of AMQP and a header of the same name RabbitMQ gives the property last, and that is what counts.
    counts = {name: number for number, (name, _) in enumerate(headers) if source == RABBITMQ and name in PROPERTIES}
    kept: dict[int, tuple[str, str]] = {}
    gone: list[tuple[str, str]] = []
    changes: list[Change] = []
    wrong = ""
    first: dict[str, str] = {}
    for number, line in _senders(headers, source, target, gone):
        if not rules.keeps_repeats and counts.get(line[0], number) != number:
            gone.append(line)
            continue
        verdict = _verdict(line, rules, setting, journey, origin)
        sent = verdict.line or line
        if verdict.way is Way.LEFT_OUT:
            if verdict.why:
                gone.append(line)
        elif not rules.keeps_repeats and sent[0] in first:
            if first[sent[0]] != sent[1]:
                gone.append(line)
        elif verdict.way is Way.CANNOT:
            wrong = wrong or problem(*line, verdict)
        else:
            first.setdefault(*sent)
            kept[number] = sent
            if verdict.way is Way.CHANGED:
                changes.append(Change(line[0], _said(line, sent)))
            changes += _not_there_for_long(sent, target, setting)
    lines = tuple(kept.values())
    changes += _scheduled(lines, rules)
    if not wrong and rules.head_limit is not None:
        wrong = _too_large(lines, rules.head_limit)
    return CarriedHeaders(lines, tuple(gone), tuple(changes), wrong)


def _verdict(
    line: tuple[str, str], rules: HeaderRules, setting: Setting, journey: Journey, origin: frozenset[str]
) -> Verdict:
    """A translation first, then what the broker it goes to says of the result."""
    if line[0] in origin or line[0] in OWN.get(journey.source, ()) or line[0] in OWN.get(journey.target, ()):
        return Verdict(Way.LEFT_OUT, why="it is the broker's own")
    if line[0] in QUIET.get(journey.source, ()) or line[0] in QUIET.get(journey.target, ()):
        return Verdict(Way.LEFT_OUT)
    first = translated(*line, journey)
    if first is None or first.line is None:
        return first or rules.verdict(*line, setting)
    then = rules.verdict(*first.line, setting)
    if then.way is not Way.AS_IS:
        return then
    return first._replace(line=then.line or first.line)


def _senders(
    headers: Headers, source: str, target: str, gone: list[tuple[str, str]]
) -> Iterator[tuple[int, tuple[str, str]]]:
    """The lines that are not of one delivery alone, each with its number; a sender's own of the same names stay."""
    passed: set[str] = set()
    id = next((value for name, value in headers if name == "message-id"), None)
    # Artemis writes when it got a message before a sender's own, and makes it anew.
    stamped = ("timestamp",) if source == target == ARTEMIS else ()
    for number, line in enumerate(headers):
        name, value = line
        first = name not in passed
        passed.add(name)
        if name in SENDING or (first and name in FIRST):
            continue
        if name == "ack" and (value == id or is_delivery(value) or (first and source not in ACKS_KNOWN)):
            continue
        if first and name in stamped:
            gone.append(line)
            continue
        yield number, line


def _said(line: tuple[str, str], sent: tuple[str, str]) -> str:
    """ "priority 15 goes as 9"."""
    other = f"{shortened(sent[0])} " if sent[0] != line[0] else ""
    return f"{shortened(line[0])} {shortened(line[1])} goes as {other}{shortened(sent[1])}"


def _scheduled(lines: Headers, rules: HeaderRules) -> Iterator[Change]:
    """What to say of when, and how often, a message is delivered."""
    values = dict(reversed(lines))
    for name, text, again in rules.schedule(lines):
        title = AGAIN if again else "Delivered later"
        yield Change(name, f"{name} {shortened(values[name])}: {text}", title)


def _not_there_for_long(line: tuple[str, str], target: str, setting: Setting) -> list[Change]:
    """What to say of a header that keeps its message out of a queue, or in it for a short time."""
    name, value = line
    number = java_number(value)
    if number is None:
        return []
    if name == "expiration" and target == RABBITMQ:
        left = float(number)
    elif name in ("expires", "JMSExpiration") and target in (ACTIVEMQ, ARTEMIS) and number:
        left = number - setting.now
    else:
        return []
    if left > SOON:
        return []
    told = f"{name} {shortened(value)}: what nobody reads within {max(left, 0) / 1000:,.3g} s is gone, or a dead letter"
    return [Change(name, told, "Kept for a short time")]


def _too_large(lines: Iterable[tuple[str, str]], limit: int) -> str:
    taken = sum(size(escape(name, "1.2")) + size(escape(value, "1.2")) + 2 for name, value in lines)
    if taken <= limit - SENDS:
        return ""
    return f"its headers are too large to be sent: {taken:,} bytes, the broker takes {limit - SENDS:,}"
