"""Colours for JSON and XML, a line at a time, in the colours of the app's theme.

Lines are looked at when they are painted, so the length of a text costs nothing. tree-sitter is not used: its Python
binding 0.26 crashes the process (py-tree-sitter issue 472), and colours are not worth that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from rich.style import Style
from textual.color import Color, ColorParseError

COLOURS = {
    "name": "text-primary",
    "string": "text-success",
    "number": "text-accent",
    "word": "text-accent",
    "attribute": "text-secondary",
    "entity": "text-warning",
    "comment": "text-muted",
}
"""Kinds of tokens, and the theme variable each is painted in."""

_JSON = re.compile(
    r'(?P<name>"(?:[^"\\]|\\.)*"(?=\s*:))|(?P<string>"(?:[^"\\]|\\.)*"?)'
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<word>\b(?:true|false|null)\b)"
)
_XML = re.compile(
    r"(?P<comment><!--.*?(?:-->|$))|(?P<name></?[^\s<>/=\"'!?]+|<[?!][^\s<>]*|[?/]?>)"
    r"|(?P<attribute>[^\s<>/=\"']+(?=\s*=\s*[\"']))|(?P<string>(?<==)\s*(?:\"[^\"]*\"|'[^']*'))|(?P<entity>&[^;\s]*;)"
)
_TOKENS = {"json": _JSON, "xml": _XML}


def spans(line: str, language: str) -> Iterator[tuple[int, int, str]]:
    """Where the tokens of a line are: (start, end, kind), for "json" and "xml"; nothing for other languages."""
    pattern = _TOKENS.get(language)
    if pattern is not None:
        for match in pattern.finditer(line):
            assert match.lastgroup is not None
            yield match.start(), match.end(), match.lastgroup


def styles_of(variables: Mapping[str, str]) -> dict[str, Style]:
    """The style of each kind of token, from a theme's variables; kinds the theme has no colour for are left out."""
    styles: dict[str, Style] = {}
    for kind, variable in COLOURS.items():
        try:
            styles[kind] = Style(color=Color.parse(variables[variable]).rich_color)
        except (KeyError, ColorParseError):
            continue
    return styles
