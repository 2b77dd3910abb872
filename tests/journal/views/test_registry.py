"""Which view shows a body."""

from __future__ import annotations

import pytest

from stomptui.journal.body import Content
from stomptui.journal.views.hex_view import HexLines
from stomptui.journal.views.json_view import JsonLines
from stomptui.journal.views.lines import TextLines
from stomptui.journal.views.registry import VIEWS, body_lines, view_of
from stomptui.journal.views.xml_view import XmlLines


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("json", '{"a": 1}', JsonLines),
        ("xml", "<a/>", XmlLines),
        ("text", "hello", TextLines),
        ("empty", "", TextLines),
        ("bin", None, HexLines),
    ],
)
def test_each_kind_of_body_has_its_view(kind: str, text: str | None, shown: type) -> None:
    lines, said = body_lines(Content(kind, text, (text or "\x00\x01").encode()))
    assert (type(lines), said) == (shown, "")


def test_what_is_not_what_it_says_is_shown_as_it_came() -> None:
    lines, said = body_lines(Content("json", "{nothing}", b"{nothing}"))
    assert lines.all_text() == "{nothing}"
    assert said


def test_names_are_unique_and_the_last_view_takes_everything() -> None:
    assert len({view.name for view in VIEWS}) == len(VIEWS)
    assert view_of(Content("never heard of", "x", b"x")) is VIEWS[-1]
