"""Rules for each header of a SEND on a given broker: what the broker does with it, and what to send in its place.

Compose shows the advice of a verdict beside the header; whatever sends a message again follows the verdict itself. The
tests in `tests/interop/queues` check the verdicts on each broker.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from stomptui.protocol.delivery_headers import OF_ONE_DELIVERY

SHOWN = 40
"""Characters of a name or value that are shown within a sentence."""
LONG = (-(2**63), 2**63 - 1)
INT = (-(2**31), 2**31 - 1)


class Effect(Enum):
    """What the broker does with a message whose header is sent as it is."""

    KEPT = "delivered with it"
    CHANGED = "delivered with another value or name"
    DROPPED = "delivered without it"
    REFUSED = "refused"
    CLOSED = "refused, and the connection ends"
    LOST = "confirmed, and in no queue"


class Way(Enum):
    """How a header is sent when its message is sent again."""

    AS_IS = "as it is"
    CHANGED = "changed"
    LEFT_OUT = "not carried over"
    CANNOT = "keeps its message where it is"


class Verdict(NamedTuple):
    """The judgement on one header for one broker."""

    way: Way = Way.AS_IS
    effect: Effect = Effect.KEPT
    why: str = ""
    """The reason for any way but AS_IS: "RabbitMQ takes a number of milliseconds". "" for LEFT_OUT where leaving it out
    loses nothing."""
    line: tuple[str, str] | None = None
    """The header sent in its place; None for the header itself. A change without `why` is not shown."""
    advice: str = ""
    """The hint for somebody who types this header."""
    problem: str = ""
    """For CANNOT: a sentence in place of the usual one."""


KEEP = Verdict()


@dataclass(frozen=True)
class Setting:
    """What a verdict may depend on besides the header.

    Args:
        login: The login of the connection, None if it is not known.
        declares: Whether SEND declares the queue it goes to, with arguments out of its headers.
        version: The STOMP version agreed.
        now: The time in milliseconds since 1970.
    """

    login: str | None = None
    declares: bool = False
    version: str = "1.2"
    now: float = field(default_factory=lambda: time.time() * 1000)


class Scheduled(NamedTuple):
    """When, and how often, a header has its message delivered."""

    name: str
    text: str
    """In words: "ActiveMQ delivers it 5 times"."""
    again: bool
    """Whether there is more than one delivery."""


class HeaderRules:
    """The rules for an unknown broker: all headers are sent as they are, but those of one delivery."""

    head_limit: int | None = None
    """Bytes that all header lines of a frame may have together; None if there is no known limit."""
    keeps_repeats: bool = True
    """Whether a second header of one name may mean something."""
    schedules: bool = False
    """Whether a message may say when, and how often, it is delivered."""

    def verdict(self, name: str, value: str, setting: Setting) -> Verdict:
        """The verdict on a header. Never raises, whatever the header holds."""
        return DELIVERY.get(name, KEEP)

    def schedule(self, headers: Sequence[tuple[str, str]]) -> list[Scheduled]:
        """When, and how often, the broker delivers a message with these headers."""
        return []


def left_out(effect: Effect, why: str, advice: str = "") -> Verdict:
    return Verdict(Way.LEFT_OUT, effect, why, advice=advice)


def cannot(effect: Effect, why: str, advice: str = "", problem: str = "") -> Verdict:
    return Verdict(Way.CANNOT, effect, why, advice=advice or why, problem=problem)


def changed(effect: Effect, name: str, value: str, why: str, advice: str = "") -> Verdict:
    return Verdict(Way.CHANGED, effect, why, (name, value), advice or why)


def same(name: str, value: str) -> Verdict:
    """Another spelling of the same value, which is not worth showing."""
    return Verdict(Way.AS_IS, Effect.CHANGED, line=(name, value))


DELIVERY = {
    name: left_out(Effect.DROPPED, "it is the broker's own")
    for name in ("destination", *sorted(OF_ONE_DELIVERY), "transaction")
} | {name: Verdict(Way.LEFT_OUT, Effect.DROPPED) for name in ("receipt", "content-length")}
"""Headers that belong to one delivery or to one SEND, and are not sent again."""


def problem(name: str, value: str, verdict: Verdict) -> str:
    """Why a message with that header cannot be sent, as a sentence; "" if it can."""
    if verdict.way is not Way.CANNOT:
        return ""
    if verdict.problem:
        return verdict.problem
    said = f"is '{shortened(value)}'" if value else "is empty"
    return f"its header {shortened(name)} {said}: {verdict.why}"


def shortened(text: str) -> str:
    """A name or value, cut to what a sentence has room for."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


_JAVA_NUMBER = re.compile(r"[+-]?\d+")
_ERLANG_NUMBER = re.compile(r" *[+-]?[0-9]+ *")
_DIGITS = 40
"""More digits than any broker accepts; Python refuses to convert thousands of them."""


def java_number(text: str, bounds: tuple[int, int] = LONG) -> int | None:
    """A whole number as Java parses it; None if it is none, or not within `bounds`."""
    if len(text) > _DIGITS or not _JAVA_NUMBER.fullmatch(text):
        return None
    number = int(text)
    return number if bounds[0] <= number <= bounds[1] else None


def erlang_number(text: str) -> int | None:
    """A whole number as RabbitMQ parses it, which trims blanks; None if it is none."""
    return int(text) if len(text) <= _DIGITS and _ERLANG_NUMBER.fullmatch(text) else None


def spelled(name: str, value: str, number: int) -> Verdict:
    """The verdict for an accepted number: kept, or spelled as the broker delivers it."""
    return KEEP if value == str(number) else same(name, str(number))


def replaced(text: str) -> str:
    """Text with U+FFFD where its bytes are not UTF-8."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace") if not text.isascii() else text


def size(text: str) -> int:
    """Bytes of a text as it goes over the wire, before escaping."""
    return len(text.encode("utf-8", "surrogatepass"))
