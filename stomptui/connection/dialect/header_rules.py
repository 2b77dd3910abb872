"""One header of SEND judged for one broker: what the broker does with it as it is, and how it is sent instead.

Compose tells the advice of a verdict beside the line; whatever sends a message again goes by the verdict itself. So
what one of them knows, the other knows too. The verdicts are proved on each broker by `tests/interop/queues`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

SHOWN = 40
"""Characters of a name or value that a sentence shows."""
LONG = (-(2**63), 2**63 - 1)
INT = (-(2**31), 2**31 - 1)


class Effect(Enum):
    """What a broker does with a message that is sent with a header as it is."""

    KEPT = "delivered with it"
    CHANGED = "delivered with another value or name"
    DROPPED = "delivered without it"
    REFUSED = "refused"
    CLOSED = "refused, and the connection ends"
    LOST = "confirmed, and in no queue"


class Way(Enum):
    """How a header goes when its message is sent again."""

    AS_IS = "as it is"
    CHANGED = "changed"
    LEFT_OUT = "not carried over"
    CANNOT = "keeps its message where it is"


class Verdict(NamedTuple):
    """What is to be said of one header on one broker."""

    way: Way = Way.AS_IS
    effect: Effect = Effect.KEPT
    why: str = ""
    """The reason for any way but as it is: "RabbitMQ takes a number of milliseconds". Of LEFT_OUT "" where nothing is
    lost, because leaving it out says the same."""
    line: tuple[str, str] | None = None
    """What is sent in its place; None for the header itself. Only a change with a reason is one for the reader."""
    advice: str = ""
    """What to tell somebody who writes this header by hand."""
    problem: str = ""
    """A whole sentence in place of the usual one, of CANNOT."""


KEEP = Verdict()


@dataclass(frozen=True)
class Setting:
    """What a verdict may depend on besides the header.

    Args:
        login: Who sends, None if that is not known.
        declares: Whether SEND declares the queue it goes to, with arguments out of its headers.
        version: The STOMP version spoken.
        now: The time in milliseconds since 1970.
    """

    login: str | None = None
    declares: bool = False
    version: str = "1.2"
    now: float = field(default_factory=lambda: time.time() * 1000)


class Scheduled(NamedTuple):
    """What a header says of the deliveries of its message."""

    name: str
    text: str
    """In words: "ActiveMQ delivers it 5 times"."""
    again: bool
    """Whether it says that there is more than one."""


class HeaderRules:
    """A broker nobody knows: all that is not of one delivery goes as it is."""

    head_limit: int | None = None
    """Bytes that all header lines of a frame may have together; None if there is no known limit."""
    keeps_repeats: bool = True
    """Whether a second header of one name may mean something."""
    schedules: bool = False
    """Whether a message may say when, and how often, it is delivered."""

    def verdict(self, name: str, value: str, setting: Setting) -> Verdict:
        """What becomes of a header. Never raises, whatever the header holds."""
        return DELIVERY.get(name, KEEP)

    def schedule(self, headers: Sequence[tuple[str, str]]) -> list[Scheduled]:
        """What headers that go together say of when, and how often, the broker delivers their message."""
        return []


def left_out(effect: Effect, why: str, advice: str = "") -> Verdict:
    return Verdict(Way.LEFT_OUT, effect, why, advice=advice)


def cannot(effect: Effect, why: str, advice: str = "", problem: str = "") -> Verdict:
    return Verdict(Way.CANNOT, effect, why, advice=advice or why, problem=problem)


def changed(effect: Effect, name: str, value: str, why: str, advice: str = "") -> Verdict:
    return Verdict(Way.CHANGED, effect, why, (name, value), advice or why)


def same(name: str, value: str) -> Verdict:
    """Another spelling of the same, which nobody needs to be told of."""
    return Verdict(Way.AS_IS, Effect.CHANGED, line=(name, value))


DELIVERY = {
    name: left_out(Effect.DROPPED, "it is the broker's own")
    for name in ("destination", "subscription", "message-id", "ack", "redelivered", "transaction")
} | {name: Verdict(Way.LEFT_OUT, Effect.DROPPED) for name in ("receipt", "content-length")}
"""Headers of one delivery or one sending; nobody misses those of the sending that once was."""


def problem(name: str, value: str, verdict: Verdict) -> str:
    """Why a message with that header cannot be sent, as a sentence about the message; "" if it can."""
    if verdict.way is not Way.CANNOT:
        return ""
    if verdict.problem:
        return verdict.problem
    said = f"is '{shown(value)}'" if value else "is empty"
    return f"its header {shown(name)} {said}: {verdict.why}"


def shown(text: str) -> str:
    """A name or value as far as a sentence has room for it."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


_JAVA_NUMBER = re.compile(r"[+-]?\d+")
_ERLANG_NUMBER = re.compile(r" *[+-]?[0-9]+ *")
_DIGITS = 40
"""More digits than any number that a broker takes; Python itself refuses to read some thousands of them."""


def java_number(text: str, bounds: tuple[int, int] = LONG) -> int | None:
    """A whole number as Java reads it; None if it reads none, or none within these bounds."""
    if len(text) > _DIGITS or not _JAVA_NUMBER.fullmatch(text):
        return None
    number = int(text)
    return number if bounds[0] <= number <= bounds[1] else None


def erlang_number(text: str) -> int | None:
    """A whole number as RabbitMQ reads it, which trims blanks; None if it reads none."""
    return int(text) if len(text) <= _DIGITS and _ERLANG_NUMBER.fullmatch(text) else None


def spelled(name: str, value: str, number: int) -> Verdict:
    """A number that is taken, spelled as the broker gives it back."""
    return KEEP if value == str(number) else same(name, str(number))


def replaced(text: str) -> str:
    """Text with U+FFFD where its bytes are not UTF-8."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace") if not text.isascii() else text


def size(text: str) -> int:
    """Bytes of a text as it goes over the wire, before escaping."""
    return len(text.encode("utf-8", "surrogatepass"))
