"""JSON as text: its tokens, written over lines or in one, with every name, number and escape as it was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator

INDENT = "  "
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
"""A name, a value or a mark between them."""


def formatted(text: str) -> Iterator[str]:
    """The pieces of a JSON text written over lines."""
    depth = 0
    before = ""
    for token in TOKEN.findall(text):
        if token in "]}":
            depth -= 1
            if before not in "[{":
                yield "\n" + INDENT * depth
            yield token
        else:
            if before and before in "[{,":
                yield "\n" + INDENT * depth
            yield token
            if token == ":":
                yield " "
            elif token in "[{":
                depth += 1
        before = token
    if before and text.endswith("\n"):
        yield "\n"


def minified(text: str) -> str:
    """A JSON text without the blanks and line ends between its tokens."""
    return "".join(TOKEN.findall(text))
