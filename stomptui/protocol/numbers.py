"""Reading whole numbers from untrusted text of any length."""

from __future__ import annotations

LONGEST = 18
"""The most digits of a number: no count of a broker has more, and Python refuses to convert thousands."""


def whole_number(text: str) -> int | None:
    """The value of a text of ASCII digits; None if it is not one, or longer than `LONGEST` digits."""
    text = text.lstrip("0") or text[-1:]
    return int(text) if len(text) <= LONGEST and text.isascii() and text.isdigit() else None


def signed_number(text: str) -> int | None:
    """The same for digits that may have a sign before them."""
    sign, digits = (text[:1], text[1:]) if text[:1] in ("+", "-") else ("", text)
    number = whole_number(digits)
    return -number if number is not None and sign == "-" else number
