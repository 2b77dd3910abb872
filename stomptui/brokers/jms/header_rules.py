"""What ActiveMQ and Artemis have in common: the properties of JMS among the headers of SEND."""

from __future__ import annotations

from collections.abc import Callable

from stomptui.connection.dialect.header_rules import (
    INT,
    KEEP,
    Effect,
    Setting,
    Verdict,
    Way,
    cannot,
    changed,
    java_number,
    left_out,
    replaced,
    same,
    spelled,
)

MILLISECONDS = 1_000_000_000_000
"""A time since 1970 that is smaller was not meant in milliseconds."""


def in_utf8(name: str, value: str, judge: Callable[[str, str], Verdict]) -> Verdict:
    """What becomes of a header once what is not UTF-8 in it is replaced, which both brokers do.

    Args:
        name: The header.
        value: Its value.
        judge: What becomes of a header that is UTF-8.
    """
    if name.isascii() and value.isascii():
        return judge(name, value)
    line = (replaced(name), replaced(value))
    verdict = judge(*line)
    if line == (name, value) or verdict.way is not Way.AS_IS:
        return verdict
    return changed(Effect.CHANGED, *(verdict.line or line), "its bytes are not UTF-8")


def priority(name: str, value: str, broker: str, lost: bool, refusal: str) -> Verdict:
    """A priority of 0 to 9.

    Args:
        name: The header.
        value: Its value.
        broker: What the broker is called.
        lost: Whether it confirms and drops what is out of bounds; else it takes the nearest.
        refusal: What it does with what is no number, for the advice.
    """
    number = java_number(value, (-(10**39), 10**39))
    if number is None:
        effect = Effect.CLOSED
        return cannot(effect, f"{broker} takes a number from 0 to 9", f"a priority is a number from 0 to 9; {refusal}")
    if 0 <= number <= 9:
        return spelled(name, value, number)
    bounds, effect = ((-128, 127), Effect.LOST) if lost else (INT, Effect.CHANGED)
    end = "Artemis confirms the message and never delivers it" if lost else "it becomes the nearest"
    if not bounds[0] <= number <= bounds[1]:
        effect, end = Effect.CLOSED, refusal
    nearest = str(min(max(number, 0), 9))
    return changed(effect, name, nearest, f"{broker} takes 0 to 9", f"a priority is 0 to 9; {end}")


def expires(name: str, value: str, broker: str, setting: Setting, refusal: str) -> Verdict:
    """The time at which a message ends."""
    number = java_number(value)
    if number is None:
        told = f"{name} is a time in milliseconds since 1970; {refusal}"
        return cannot(Effect.CLOSED, f"{broker} takes a time in milliseconds since 1970", told)
    if 0 < number <= setting.now:
        old = f"{name} is a time in milliseconds since 1970: this one is long past"
        return left_out(Effect.LOST, "that time is past", old if number < MILLISECONDS else "that time is past")
    return spelled(name, value, number)


def persistent(value: str, exact: bool) -> Verdict:
    """Whether a message is kept over a restart; `exact` where only "true" itself says so."""
    if value == "true":
        return KEEP
    if not exact and value.lower() == "true":
        return same("persistent", "true")
    if value == "false":
        return Verdict(Way.AS_IS, Effect.DROPPED if exact else Effect.KEPT)
    # RabbitMQ gives back what is not persistent as 1.
    why = "" if value == "1" else "a message is kept over a restart for exactly true"
    return left_out(Effect.DROPPED, why, "persistent must be exactly true; this message would not be kept")


def is_bytes(headers: dict[str, str]) -> bool:
    """Whether the content-type says that the body is no text."""
    return headers.get("content-type", "").startswith(("application/octet-stream", "image/"))
