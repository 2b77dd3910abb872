"""JSON checked without a schema, and without blanks."""

from __future__ import annotations

import pytest

from stomptui.compose.json_check import check_json, location
from stomptui.compose.json_text import minified


@pytest.mark.parametrize(
    ("text", "wrong", "at"),
    [
        ('{\n  "a": 1,\n}', "not JSON: a name in double quotes is expected, line 3 column 1", (2, 0)),
        ('{"a": tru}', "not JSON: a value is expected, line 1 column 7", (0, 6)),
        ('["NaN",\n -Infinity]', "not JSON: -Infinity is no JSON number, line 2 column 2", (1, 1)),
        ("", "not JSON: empty", (0, 0)),
    ],
)
def test_what_is_not_json_has_a_place(text: str, wrong: str, at: tuple[int, int]) -> None:
    problem = check_json(text).problem
    assert problem is not None and problem.text == wrong and location(text, problem.position) == at


def test_a_name_that_is_there_twice_is_odd() -> None:
    check = check_json('[{"a": "a"}, {"b": {"a": 1}, "a": ["b", "b"],\n "\\u0062": 2}]')
    assert check.problem is None and check.repeated is not None
    assert check.repeated.text == 'the name "\\u0062" is there twice, line 2 column 2'
    assert check_json("[1, [2]]").summary == "JSON: 2 values, 2 deep"


def test_minified_json_keeps_numbers_order_repeats_and_escapes() -> None:
    text = '{ "b" : 1.50 ,\n "a": [ 1E+2, "\\u0041 \\/ x" , {} ] , "b" :null }\n'
    assert minified(text) == '{"b":1.50,"a":[1E+2,"\\u0041 \\/ x",{}],"b":null}'
