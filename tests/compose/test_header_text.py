"""Header lines out of what somebody copied."""

from __future__ import annotations

import pytest

from stomptui.compose.header_text import header_lines


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("content-type: text/plain", [("content-type", "text/plain")]),
        ("a:1\r\nb: 2 \n\nc:", [("a", "1"), ("b", "2"), ("c", "")]),
        ("SEND\ndestination:/queue/x\n", [("destination", "/queue/x")]),
        ("at: 10:30:00", [("at", "10:30:00")]),
        ("kept: ", [("kept", "")]),
        ("exact:x ", [("exact", "x ")]),
        ("  indented: yes", [("indented", "yes")]),
        ("SEND", []),
        ("", []),
        ("a:1\nno header", []),
        ("two words: x", []),
        (": x", []),
    ],
)
def test_only_lines_that_are_all_headers_are_header_lines(text: str, found: list[tuple[str, str]]) -> None:
    assert header_lines(text) == found
