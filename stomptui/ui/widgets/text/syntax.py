"""Syntax colours for JSON and XML in the editor, a line at a time, from the theme.

Lines are parsed when they are painted, so the length of a text costs nothing. tree-sitter is not used: its Python
binding 0.26 crashes the process (py-tree-sitter issue 472), and colours are not worth that.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping

from rich.style import Style
from textual.color import Color, ColorParseError

from stomptui.ui.widgets.text.folded import common_start

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
    r'(?P<name>"[^"\\]*(?:\\.[^"\\]*)*"(?=\s*:))|(?P<string>"[^"\\]*(?:\\.[^"\\]*)*"?)'
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<word>\b(?:true|false|null)\b)"
)
_XML = re.compile(
    r"(?P<comment><!--.*?(?:-->|$))|(?P<name></?[^\s<>/=\"'!?]+|<[?!][^\s<>]*|[?/]?>)"
    r"|(?P<attribute>[^\s<>/=\"']+(?=\s*=\s*[\"']))|(?P<string>(?<==)\s*(?:\"[^\"]*\"|'[^']*'))|(?P<entity>&[^;\s]*;)"
)
_APART, _AHEAD = 2000, 4000
"""Characters between two places that are remembered, and beyond what is shown that may say what a token is."""
_TOKENS = {"json": _JSON, "xml": _XML}


def spans(line: str, language: str) -> Iterator[tuple[int, int, str]]:
    """Where the tokens of a line are: (start, end, kind), for "json" and "xml"; nothing for other languages."""
    pattern = _TOKENS.get(language)
    if pattern is not None:
        for match in pattern.finditer(line):
            assert match.lastgroup is not None
            yield match.start(), match.end(), match.lastgroup


class LineColours:
    """The colours of the part of a very long line that is in view, without parsing all of it with each key."""

    def __init__(self) -> None:
        self._line = ""
        self._language = ""
        self._stops = [0]
        """Places at which no token is in the middle, from the beginning on."""
        self._part = (0, 0)
        self._spans: list[tuple[int, int, str]] = []

    def spans(self, line: str, language: str, begin: int, end: int) -> list[tuple[int, int, str]]:
        """The tokens of a line that lie between two places, at least partly."""
        if line is not self._line or language != self._language:
            same = common_start(line, self._line) if language == self._language else 0
            self._stops = self._stops[: max(1, bisect_left(self._stops, same))]
            self._line, self._language, self._part = line, language, (0, 0)
        if self._part != (begin, end):
            self._part, self._spans = (begin, end), self._find(begin, end)
        return self._spans

    def _find(self, begin: int, end: int) -> list[tuple[int, int, str]]:
        pattern = _TOKENS.get(self._language)
        if pattern is None:
            return []
        found: list[tuple[int, int, str]] = []
        stop = self._stops[bisect_right(self._stops, begin) - 1]
        for match in pattern.finditer(self._line, stop, min(len(self._line), end + _AHEAD)):
            if match.start() >= end:
                break
            if match.start() > self._stops[-1] + _APART:
                self._stops.append(match.start())
            if match.end() > begin:
                assert match.lastgroup is not None
                found.append((match.start(), match.end(), match.lastgroup))
        if begin > self._stops[-1] + _APART and (not found or found[0][0] >= begin):
            self._stops.append(begin)
        return found


def styles_of(variables: Mapping[str, str]) -> dict[str, Style]:
    """The style of each kind of token, from a theme's variables; kinds the theme has no colour for are left out."""
    styles: dict[str, Style] = {}
    for kind, variable in COLOURS.items():
        try:
            styles[kind] = Style(color=Color.parse(variables[variable]).rich_color)
        except (KeyError, ColorParseError):
            continue
    return styles
