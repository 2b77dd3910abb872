"""Header lines out of what somebody copied."""

from __future__ import annotations

import pytest

from stomptui.compose.header_text import header_lines, pasted


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
        ("name : value", [("name", "value")]),
        ("name\t:\tvalue", [("name", "value")]),
        ("\ufeffa: b", [("a", "b")]),
        ("x: 1\n  folded\n\tagain\ny:2", [("x", "1 folded again"), ("y", "2")]),
        ('"a": "x\\n\u00e9",\n"n": 5', [("a", "x\né"), ("n", "5")]),
        ('{"a": "b", "c": true}', [("a", "b"), ("c", "true")]),
        (
            '{"a": {"b": [1.50,  null]}, "c": 1e3, "d": false}',
            [("a", '{"b":[1.50,null]}'), ("c", "1e3"), ("d", "false")],
        ),
        ('{"a": 1 "b": 2}', []),
        ("HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 2\r\n\r\n{}", [("X-A", "1")]),
        ("POST /x HTTP/1.1\nHost: h\nX-A: 1\n", [("X-A", "1")]),
        ("curl -X POST 'http://h/x' \\\n  -H 'A: b c' --header \"D: e\" -u me:pw", [("A", "b c"), ("D", "e")]),
        ("-H 'a: 1' \\\n-H'b: 2'", [("a", "1"), ("b", "2")]),
        (
            "SEND\ndestination:/queue/x\nurl:https\\c//shop\n\n^@",
            [("destination", "/queue/x"), ("url", "https://shop")],
        ),
        ("CONNECT\nhost:a\\c\n", [("host", "a\\c")]),
        (": x", []),
    ],
)
def test_only_lines_that_are_all_headers_are_header_lines(text: str, found: list[tuple[str, str]]) -> None:
    assert header_lines(text) == found


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("SEND\r\na:1\r\n\r\nline one\r\n\r\nline: two\0\n", "line one\n\nline: two"),
        ("MESSAGE\na:1\n\n{}^@", "{}"),
        ("SEND\na:1\n\n\0", ""),
        ("SEND\na:1\n\nx\\0\n", "x"),
        ("\r\nMESSAGE\ra:1\r\rx\ry^@\r", "x\ny"),
        ("SEND\na:1\ncontent-length:4\n\nx\ny\n", "x\ny\n"),
        ("SEND\na:1\ncontent-length:4\n\nx\ny\0", "x\r\ny"),
        ("SEND\na:1\ncontent-length:3\n\nx\0y\0\n", "x\0y"),
        ('{"destination": "/q", "headers": [["a", "1"]], "body": "{}"}', "{}"),
        ("curl -H 'a: 1' -d '{}' -d @file", "{}"),
        ("SEND\na:1\0", ""),
        ("a:1\n\nb:2", ""),
    ],
)
def test_the_body_of_a_frame_is_no_header(text: str, body: str) -> None:
    found = pasted(text)
    assert ("a", "1") in found.lines[:2] and found.body == body


def test_what_is_no_part_of_a_message_is_named() -> None:
    assert pasted("curl -u me:pw -H 'a: 1' -d @file").not_kept == ["-u", "-d"]
    message = pasted("MESSAGE\nsubscription:1\nmessage-id:2\na:1\n\nx\0")
    assert message.kept_lines == [("a", "1")] and message.not_kept == ["subscription", "message-id"]
