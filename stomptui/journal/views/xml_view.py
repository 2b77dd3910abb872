"""The XML view: one element a line, indented; no entity is ever expanded (XML 1.0)."""

from __future__ import annotations

import re
from typing import NamedTuple

from stomptui.journal.views.lines import CHUNK, CLOSE, LONGEST, OPEN, Line, Lines, paintable, plain_lines
from stomptui.protocol.clean import clean

_ATTRIBUTE = re.compile(r"""\s+([^\s=<>/"']+)\s*=\s*("[^"]*"|'[^']*')""")
_START = re.compile(r"""<([^\s<>/!?="']+)((?:\s+[^\s=<>/"']+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(/?)>""")
_END = re.compile(r"</([^\s<>/]+)\s*>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[[^\]]*\]\s*)?>")
_ENCLOSED = (("<!--", "-->", "comment"), ("<![CDATA[", "]]>", "plain"), ("<?", "?>", "comment"))
_DEEPEST = 1000
_WIDEST_INDENT = 40
_LONGEST_TAG = 100_000
_SHORT = 200


class _XmlState(NamedTuple):
    position: int
    stack: tuple[str, ...]
    """The open elements, outermost first."""
    raw: bool = False
    """The rest is shown as it came."""


class XmlLines(Lines):
    """XML formatted as it is read; white space around text is not kept.

    `problem` is set where it stops being well-formed; the rest is shown as it came.
    """

    foldable = True

    def __init__(self, text: str) -> None:
        super().__init__(_XmlState(1 if text.startswith("\ufeff") else 0, ()))
        self._text = text

    @property
    def progress(self) -> float:
        return 1.0 if self.done else self._states[-1].position / max(1, len(self._text))

    def _make(self, state: _XmlState) -> tuple[list[Line], _XmlState | None]:
        position, stack, raw = state
        if raw:
            lines, end = plain_lines(self._text, position)
            return lines, None if end is None else _XmlState(end, (), raw=True)
        lines = []
        while len(lines) < CHUNK:
            if position >= len(self._text):
                return (lines, None) if not stack else self._broken(lines, position, f"<{stack[-1]}> is not closed")
            if self._text[position] != "<":
                end = self._text.find("<", position)
                end = len(self._text) if end < 0 else end
                _add(lines, self._text[position:end].strip(), "plain", len(stack))
                position = end
                continue
            tag = _START.match(self._text, position, position + _LONGEST_TAG)
            if tag:
                if len(stack) >= _DEEPEST:
                    return self._broken(lines, position, f"more than {_DEEPEST:,} elements deep")
                position, stack = self._element(lines, tag, stack)
                continue
            close = _END.match(self._text, position, position + _LONGEST_TAG)
            if close:
                if not stack or stack[-1] != close[1]:
                    return self._broken(lines, position, f"nothing to close with </{clean(close[1][:40])}>")
                stack = stack[:-1]
                lines.append([CLOSE, *_indent(len(stack)), *_closing(close[1])])
                position = close.end()
                continue
            end = self._enclosed(lines, position, len(stack))
            if end < 0:
                return self._broken(lines, position, "no element")
            position = end
        return lines, _XmlState(position, stack)

    def _element(self, lines: list[Line], tag: re.Match[str], stack: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
        """Add a start tag, with text and end tag if they are short; where to go on, and in what."""
        line: Line = [*_indent(len(stack)), ("<", "punctuation"), (clean(tag[1]), "tag")]
        for name, value in _ATTRIBUTE.findall(tag[2]):
            line += [(" ", "plain"), (clean(name), "attribute"), ("=", "punctuation"), (clean(value), "string")]
        line.append((tag[3] + ">", "punctuation"))
        if sum(len(text) for text, _ in line) > LONGEST:
            _add(lines, tag[0], "tag", len(stack))
        else:
            lines.append(line)
        if tag[3]:
            return tag.end(), stack
        end = self._text.find("<", tag.end(), tag.end() + _SHORT)
        close = _END.match(self._text, end) if end >= 0 else None
        if close and close[1] == tag[1] and "\n" not in (inner := self._text[tag.end() : end]):
            lines[-1] += [(clean(inner), "plain"), *_closing(close[1])]
            return close.end(), stack
        lines[-1].append(OPEN)
        return tag.end(), (*stack, tag[1])

    def _enclosed(self, lines: list[Line], position: int, depth: int) -> int:
        """Add a comment, a CDATA section, an instruction or a document type; where it ends, -1 if it is none."""
        for begin, finish, style in _ENCLOSED:
            if self._text.startswith(begin, position):
                end = self._text.find(finish, position + len(begin))
                if end >= 0:
                    _add(lines, self._text[position : end + len(finish)], style, depth)
                    return end + len(finish)
                return -1
        doctype = _DOCTYPE.match(self._text, position, position + _LONGEST_TAG)
        if not doctype:
            return -1
        _add(lines, doctype[0], "comment", depth)
        return doctype.end()

    def _broken(self, lines: list[Line], position: int, why: str) -> tuple[list[Line], _XmlState]:
        row = self._text.count("\n", 0, position) + 1
        self.problem = f"not well-formed XML: line {row:,}: {why}"
        return lines, _XmlState(position, (), raw=True)


def _indent(depth: int) -> Line:
    return [("  " * min(depth, _WIDEST_INDENT), "plain")] if depth else []


def _closing(name: str) -> Line:
    return [("</", "punctuation"), (clean(name), "tag"), (">", "punctuation")]


def _add(lines: list[Line], text: str, style: str, depth: int) -> None:
    """Add text that may have many lines, or very long ones."""
    if not text:
        return
    for part in text.split("\n"):
        part = paintable(part.removesuffix("\r"))
        for at in range(0, max(1, len(part)), LONGEST):
            lines.append([*_indent(depth), (part[at : at + LONGEST], style)])
