"""Numbers that others wrote, of any length."""

from __future__ import annotations

import pytest

from stomptui.protocol.frame import Frame
from stomptui.protocol.numbers import signed_number, whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("007", 7), ("9" * 18, 10**18 - 1), ("0" * 5000 + "7", 7), ("9" * 19, None), ("9" * 5000, None)]
    + [(text, None) for text in ("", "-1", "+1", "1e3", "1_0", " 1", "١", "²", "1\n")],
)
def test_only_plain_digits_of_a_bounded_length_are_a_number(text: str, number: int | None) -> None:
    assert whole_number(text) == number
    assert signed_number("-" + text) == (None if number is None or text[:1] in "+-" else -number)


@pytest.mark.parametrize("said", ["9" * 5000, "9" * 400, "-1", "many"])
def test_a_content_length_of_any_length_is_told_and_the_headers_are_there(said: str) -> None:
    frame = Frame(f"MESSAGE\ncontent-length:{said}\na:b\n\nbody".encode())
    assert frame.get("a") == "b"
    assert frame.faults == ("content-length is not a number",)
