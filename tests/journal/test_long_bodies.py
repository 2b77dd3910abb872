"""What a body is looked at for takes time in proportion to its length, whatever stands in it."""

from __future__ import annotations

import base64
import gzip
import time

import pytest

from stomptui.compose.content import false_headers, xml_problem
from stomptui.compose.format import FormatError, format_text
from stomptui.connection.transport.websocket.handshake import HttpResponse
from stomptui.journal.decompression import from_base64

LENGTH = 200_000
LONGEST = 5.0
"""Seconds; in the square of the length it takes minutes."""


@pytest.mark.parametrize("blank", [b" ", b"\n", b"\t"])
def test_blanks_in_base64(blank: bytes) -> None:
    begun = time.perf_counter()
    assert from_base64(b"H4sI" + blank * LENGTH + b"!") is None
    assert from_base64(b"H4sI" + blank * LENGTH + b"=" + blank * LENGTH + b"!") is None
    assert time.perf_counter() - begun < LONGEST
    packed = gzip.compress(b"a body")
    for behind in (b"", blank):
        assert from_base64(base64.b64encode(packed) + behind) == packed


@pytest.mark.parametrize("piece", [" ", " encoding", " encoding=", " a='b'", '"'])
def test_a_declaration_of_xml(piece: str) -> None:
    text = "<?xml" + piece * (LENGTH // len(piece)) + "x"
    begun = time.perf_counter()
    assert xml_problem(text) is not None
    with pytest.raises(FormatError):
        format_text(text, "xml")
    assert time.perf_counter() - begun < LONGEST
    assert xml_problem('<?xml version="1.0"  encoding="latin-1"?><a/>') is None


@pytest.mark.parametrize("piece", ["<", "<a ", "<head ", "<style>"])
def test_a_page_instead_of_a_websocket(piece: str) -> None:
    body = (piece * (16 << 10))[: 16 << 10].encode()
    begun = time.perf_counter()
    assert HttpResponse(404, "HTTP/1.1 404 Gone for ever", (), body).summary.startswith("Gone for ever")
    assert time.perf_counter() - begun < LONGEST


@pytest.mark.parametrize("charset", ["punycode", "idna", "unicode_escape", "undefined", "utf-7"])
def test_charsets_that_only_python_knows(charset: str) -> None:
    begun = time.perf_counter()
    list(false_headers("\u00e9\u4e2d\u1234a" * LENGTH, f"text/plain;charset={charset}", ""))
    assert time.perf_counter() - begun < LONGEST
