"""What is wrong with a JSON text is said in the same words and with the same place, whichever Python reads it."""

from __future__ import annotations

import json

import pytest

from stomptui.protocol.json_errors import JsonFault, fault_of


@pytest.mark.parametrize(
    ("text", "reason", "position", "cut"),
    [
        ("", "a value is expected", 0, True),
        ("hello", "a value is expected", 0, False),
        ("[,1]", "a value is expected", 1, False),
        ("[1,\n ]", "a value is expected", 5, False),
        ('{"a":}', "a value is expected", 5, False),
        ('{"a": 1,', "a name in double quotes is expected", 8, True),
        ('{"a": 1,\n}', "a name in double quotes is expected", 9, False),
        ("{'a': 1}", "a name in double quotes is expected", 1, False),
        ("{a: 1}", "a name in double quotes is expected", 1, False),
        ('{"a" 1}', "a colon is expected", 5, False),
        ("[1 2]", "a comma or the closing bracket is expected", 3, False),
        ("[1", "a comma or the closing bracket is expected", 2, True),
        ('{"a": 1 "b"}', "a comma or the closing bracket is expected", 8, False),
        ("1 2", "something follows its end", 2, False),
        ('["abc', "a text without its closing quote", 1, True),
        ('["a\nb"]', "a raw control character in a text", 3, False),
        ('["\\u12"]', "four hexadecimal digits are expected after \\u", 3, False),
        ('["\\x"]', "a backslash that begins no escape", 2, False),
        ("\ufeff1", "it begins with a byte order mark", 0, False),
    ],
)
def test_the_words_and_the_place_are_ours(text: str, reason: str, position: int, cut: bool) -> None:
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads(text)
    assert fault_of(caught.value) == JsonFault(reason, position, cut)


def test_words_of_a_version_to_come_are_passed_on() -> None:
    assert fault_of(json.JSONDecodeError("Unheard of", "[1]", 1)).reason == "unheard of"
