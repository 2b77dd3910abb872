"""Which view shows a body."""

from __future__ import annotations

import pytest

from stomptui.journal.body import BodyKind, Content, content_of
from stomptui.journal.views import registry
from stomptui.journal.views.hex_view import HexLines
from stomptui.journal.views.json_view import JsonLines
from stomptui.journal.views.lines import Line, Lines, TextLines
from stomptui.journal.views.registry import VIEWS, BodyView, body_lines, view_of
from stomptui.journal.views.xml_view import XmlLines
from stomptui.protocol.frame import Frame


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
def test_each_kind_of_body_has_its_view(kind: BodyKind, text: str | None, shown: type) -> None:
    lines, said = body_lines(Content(kind, text, (text or "\x00\x01").encode()))
    assert (type(lines), said) == (shown, "")


def test_what_is_not_what_it_says_is_shown_as_it_came() -> None:
    lines, said = body_lines(Content("json", "{nothing}", b"{nothing}"))
    assert lines.all_text() == "{nothing}"
    assert said


def test_a_view_of_bytes_that_are_something_else_gives_way_to_hex(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(Lines):
        def _make(self, state: int) -> tuple[list[Line], None]:
            self.problem = "not what it says"
            return [], None

    packed = BodyView("packed", lambda body: body.media_type == "application/x-packed", lambda body, _: Broken(0))
    monkeypatch.setattr(registry, "VIEWS", (packed, *VIEWS))
    frame = Frame(b"MESSAGE\ncontent-type:application/x-packed\n\n\x00\xff", "1.2")
    lines, note = body_lines(content_of(frame))
    assert (type(lines), note) == (HexLines, "not what it says")


def test_names_are_unique_and_the_last_view_takes_everything() -> None:
    assert len({view.name for view in VIEWS}) == len(VIEWS)
    assert view_of(Content("gzip", "x", b"x")) is VIEWS[-1]
