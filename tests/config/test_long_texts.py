"""What is looked for in texts from outside takes time in proportion to their length, whatever stands in them."""

from __future__ import annotations

import time

import pytest

from stomptui.config.connection import Connection, TransportKind
from stomptui.config.files.logs import redacted
from stomptui.config.header_sources import filled, has_sources, sources_in
from stomptui.config.secret_names import (
    is_secret,
    secret_spans,
    secrets_in,
    sources_of,
    without_secrets,
    without_secrets_in_urls,
)

LENGTH = 100_000
LONGEST = 5.0
"""Seconds; in proportion it takes a tenth of one, and in the square of the length minutes."""
PIECES = [
    *(" ", "{{", "{{env ", "{{env\t \n", "{{env }", "{{env a", "{{command a}} ", "{{file \n}}", "bearer ", "token "),
    *(
        "a-",
        "a.",
        "a://",
        "://",
        "://a:",
        "://a:@",
        "a:",
        "@",
        "?a=",
        "&",
        "&token=",
        "#a",
        "=",
        "eyJ",
        "eyJaaaaaaaa.",
        ".",
    ),
    *('token="', "token='", "token=\\", "password: ", "a,", "\u0315\u0300", "-secret-", "aA", "_", "1", "x"),
]


def took(text: str) -> float:
    """Seconds for all that a header and a line of the log are looked at for."""
    begun = time.perf_counter()
    without_secrets("a", text)
    without_secrets("authorization", text)
    secret_spans(text, "a")
    secrets_in("a", text)
    is_secret(text)
    list(sources_of(text))
    without_secrets_in_urls(text)
    redacted(text)
    return time.perf_counter() - begun


@pytest.mark.parametrize("piece", PIECES, ids=repr)
def test_no_header_value_takes_long(piece: str) -> None:
    assert took(piece * (LENGTH // len(piece)) + " x") < LONGEST


@pytest.mark.parametrize(
    "before", ["{{env", "Bearer ", "Bearer {{env", "ws://a:", "?token=", 'token="', "eyJaaaaaaaa."]
)
@pytest.mark.parametrize("piece", [" ", "a", ":", '"'])
def test_no_end_of_a_header_value_takes_long(before: str, piece: str) -> None:
    assert took(before + piece * LENGTH + "\n}}") < LONGEST


def test_a_value_of_many_blanks_is_read_at_once() -> None:
    begun = time.perf_counter()
    for text in ("{{env" + " " * LENGTH + "x", "{{env" + " " * LENGTH + "x" + " " * LENGTH + "}", "{{env a\n" * 10_000):
        connection = Connection(transport=TransportKind.WS, ws_headers=(("a", text),))
        assert not has_sources(connection) and sources_in(connection) == []
        assert filled(connection, lambda _: b"").ws_headers == connection.ws_headers
    assert time.perf_counter() - begun < LONGEST


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bearer {{env  A }}", [("env", "A")]),
        ("{{{env A}}}", [("env", "A")]),
        ("{{env }}{{file ~/a b}}", [("file", "~/a b")]),
        ("{{env a\n{{env B}}", [("env", "B")]),
        ("{{environ A}} {{env}} {{ENV A}} {{env A} }", []),
        ("{{command a '}'}} {{env {{A}}", [("command", "a '}'"), ("env", "{{A")]),
    ],
)
def test_what_a_value_comes_from(text: str, found: list[tuple[str, str]]) -> None:
    assert [(source.kind, source.argument) for source in sources_of(text)] == found
    assert all(text[source.begin : source.end].startswith("{{") for source in sources_of(text))
