"""Groups of a body folded away."""

from __future__ import annotations

import json
import time

import msgpack
import pytest

from stomptui.journal.views.folding import FoldedLines
from stomptui.journal.views.json_view import JsonLines
from stomptui.journal.views.lines import Lines
from stomptui.journal.views.msgpack_view import MsgpackLines
from stomptui.journal.views.xml_view import XmlLines

VALUE = {"a": [1, 2, {"b": [3, 4]}], "c": {"d": 1}, "e": []}


@pytest.mark.parametrize("source", [JsonLines(json.dumps(VALUE)), MsgpackLines(msgpack.packb(VALUE))])
def test_a_group_is_folded_into_its_first_line_and_numbers_stay(source: Lines) -> None:
    lines = FoldedLines(source)
    whole = lines.all_text()
    lines.toggle(0, 1)
    assert lines.all_text().split("\n") == [
        "{",
        '  "a": [ … 8 lines ],',
        '  "c": {',
        '    "d": 1',
        "  },",
        '  "e": []',
        "}",
    ]
    assert lines.numbers(0) == [0, 1, 11, 12, 13, 14, 15]
    lines.toggle(0, 1)
    assert lines.all_text() == whole


def test_all_but_the_outermost_are_folded_at_once_and_each_can_be_unfolded() -> None:
    lines = FoldedLines(JsonLines(json.dumps(VALUE)))
    lines.fold_all(True)
    assert lines.all_text().split("\n") == ["{", '  "a": [ … 8 lines ],', '  "c": { … 1 line },', '  "e": []', "}"]
    lines.toggle(0, 1)
    assert "    { … 4 lines }" in lines.all_text().split("\n")
    lines.fold_all(False)
    assert not lines.any_folded and "3" in lines.all_text()


def test_elements_of_xml_are_folded() -> None:
    lines = FoldedLines(XmlLines("<a><b><c>1</c><d/></b><e>x</e></a>"))
    lines.toggle(0, 1)
    assert lines.all_text().split("\n") == ["<a>", "  <b> … 2 lines </b>", "  <e>x</e>", "</a>"]


def test_what_breaks_within_a_folded_group_is_still_said() -> None:
    lines = FoldedLines(JsonLines('{"a": [1, 2, nonsense'))
    lines.toggle(0, 1)
    assert "[ … " in lines.all_text()
    assert lines.problem


def test_folding_twenty_megabytes_takes_no_time() -> None:
    lines = FoldedLines(JsonLines(json.dumps([{"a": n, "b": [n]} for n in range(700_000)])))
    began = time.monotonic()
    lines.toggle(0, 0)
    lines.chunk(0)
    lines.fold_all(True)
    lines.chunk(0)
    assert time.monotonic() - began < 1
