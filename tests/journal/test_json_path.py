"""A value of a JSON body by its path, exactly as it is written."""

from __future__ import annotations

import pytest

from stomptui.journal.json_path import NoSuchValue, value_at

BODY = '{ "a b": [1.50, {"c": "x\\n\\u00e9"}, {}], "n": 12345678901234567890.10, "n": 2, "d": {"e" : [ 1,2 ]} }'


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (".", BODY.strip()),
        ("", BODY.strip()),
        ('["a b"][0]', "1.50"),
        ('$."a b"[1].c', "x\né"),
        ('.["a b"][2]', "{}"),
        ("n", "12345678901234567890.10"),
        (".d.e", "[ 1,2 ]"),
        ("$.d.e[1]", "2"),
    ],
)
def test_a_value_is_as_it_is_written_and_a_string_is_its_text(path: str, value: str) -> None:
    assert value_at(BODY, path) == value


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        (".d.x", "there is no .d.x"),
        (".d.e[2]", "there is no .d.e[2]: the array has 2 items"),
        (".d[0]", "there is no .d[0]: what is before it is no array"),
        (".n.x", "there is no .n.x: what is before it is no object"),
        (".d..e", "..e is no step of a path"),
    ],
)
def test_a_path_that_leads_nowhere_is_explained(path: str, problem: str) -> None:
    with pytest.raises(NoSuchValue, match=r"^there|^\.") as raised:
        value_at(BODY, path)
    assert str(raised.value).startswith(problem)


@pytest.mark.parametrize("text", ["", "{", '{"a":', '{"a" 1}', "[" * 100_000, '[{"a":1}'])
def test_what_is_no_json_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NoSuchValue):
        value_at(text, "[1].a")
