"""Reading whole numbers from untrusted text of any length."""

from __future__ import annotations

LONGEST = 18
"""Digits of the longest number that is taken for one: none that a broker counts has more, and Python itself refuses
to read thousands."""


def whole_number(text: str) -> int | None:
    """The number that a text of plain digits is; None if it is none, or an absurdly long one."""
    text = text.lstrip("0") or text[-1:]
    return int(text) if len(text) <= LONGEST and text.isascii() and text.isdigit() else None


def signed_number(text: str) -> int | None:
    """The same where it may have a sign before it."""
    sign, digits = (text[:1], text[1:]) if text[:1] in ("+", "-") else ("", text)
    number = whole_number(digits)
    return -number if number is not None and sign == "-" else number
