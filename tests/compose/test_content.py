"""A body that is not what its headers say is told, and asked about before it is sent."""

from __future__ import annotations

import pytest

from stomptui.compose.checks import problems
from stomptui.compose.draft import Draft, HeaderLine


def told(body: str | bytes, **headers: str) -> list[str]:
    lines = [HeaderLine(name.replace("_", "-"), value) for name, value in headers.items()]
    found = problems(Draft("/queue/q", lines, body), "1.2")
    assert all(problem.severity == "warning" and problem.asks and problem.field == "body" for problem in found)
    return [problem.text for problem in found]


@pytest.mark.parametrize(
    ("body", "headers", "words"),
    [
        ("<a>", {"content_type": "application/xml"}, "not XML: no element found, line 1 column 4"),
        ("<a></b>", {"content_type": "application/soap+xml; charset=utf-8"}, "not XML: mismatched tag"),
        ("{}", {"content_type": "text/xml"}, "not XML: "),
        (b"<a>\xff</a>", {"content_type": "text/xml"}, "not XML: "),
        ("ü", {"content_type": "text/plain;charset=iso-8859-1"}, "is sent in UTF-8, content-type says iso-8859-1"),
        ("u", {"content_type": 'text/plain; Charset="UTF-16"'}, "is sent in UTF-8, content-type says UTF-16"),
        ("日本", {"content_type": "text/plain; charset=us-ascii"}, "is sent in UTF-8, content-type says us-ascii"),
        ("text", {"content_encoding": "GZIP"}, "is text, content-encoding says gzip"),
        ("text", {"content_encoding": "br"}, "is text, content-encoding says br"),
    ],
)
def test_what_is_not_so_is_told(body: str | bytes, headers: dict[str, str], words: str) -> None:
    (found,) = told(body, **headers)
    assert words in found


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ("<a/>", {"content_type": "application/xml"}),
        ("<?xml version='1.0' encoding='utf-16'?><a>ü</a>", {"content_type": "application/xml"}),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', {"content_type": "application/xml"}),
        ("<a>", {"content_type": "text/html"}),
        ("ü", {"content_type": "text/plain;charset=UTF8"}),
        ("u", {"content_type": "text/plain;charset=iso-8859-1"}),
        ("ü", {"content_type": "text/plain;charset=klingon"}),
        (b"\xfc", {"content_type": "text/plain;charset=iso-8859-1"}),
        (b"\x1f\x8b", {"content_encoding": "gzip"}),
        ("text", {"content_encoding": "utf-8"}),
    ],
)
def test_what_is_so_or_is_not_known_is_not(body: str | bytes, headers: dict[str, str]) -> None:
    assert told(body, **headers) == []
