"""The JSON view: one value a line; numbers stay exact, repeated keys and their order stay (RFC 8259)."""

from __future__ import annotations

import re
from typing import NamedTuple

from stomptui.journal.views.lines import CHUNK, CLOSE, LONGEST, OPEN, Line, Lines, pieces, plain_lines
from stomptui.protocol.clean import clean
from stomptui.protocol.joined_characters import safe_cut

_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
        (?P<string>"[^"\\]*(?:\\.[^"\\]*)*")
      | (?P<open>[{\[])
      | (?P<close>[}\]])
      | (?P<comma>,)
      | (?P<colon>:)
      | (?P<number>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-]))
      | (?P<literal>(?:true|false|null|NaN|-?Infinity)\b)
    )""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_BLANK = re.compile(r"[ \t\r\n]*")
_CLOSES = {"{": "}", "[": "]"}
_DEEPEST = 1000
_WIDEST_INDENT = 40

# What may come next.
_TOP, _VALUE, _FIRST, _KEY, _FIRST_KEY, _COLON, _AFTER = range(7)
_WANTED = {
    _TOP: "a value",
    _VALUE: "a value",
    _FIRST: "a value or ]",
    _KEY: "a key",
    _FIRST_KEY: "a key or }",
    _COLON: "a colon",
    _AFTER: "a comma or the end of the group",
}
_VALUES = (_TOP, _VALUE, _FIRST)


class _JsonState(NamedTuple):
    position: int
    stack: str
    """The open brackets, outermost first."""
    wanted: int
    raw: bool = False
    """The rest is shown as it came."""
    until: int = 0
    """Where a long string ends that `position` is in, 0 outside one."""


class JsonLines(Lines):
    """JSON, or values of JSON one after the other, formatted as it is read.

    `problem` is set where it stops being JSON; the rest is shown as it came.
    """

    foldable = True

    def __init__(self, text: str) -> None:
        super().__init__(_JsonState(1 if text.startswith("\ufeff") else 0, "", _TOP))
        self._text = text

    @property
    def progress(self) -> float:
        return 1.0 if self.done else self._states[-1].position / max(1, len(self._text))

    def _make(self, state: _JsonState) -> tuple[list[Line], _JsonState | None]:
        position, stack, wanted, raw, until = state
        if raw:
            return self._rest(position)
        text, match = self._text, _TOKEN.match
        lines: list[Line] = []
        line: Line = []
        if until:
            style = "string" if wanted in _VALUES else "key"
            while until - position > LONGEST and len(lines) < CHUNK:
                cut = safe_cut(text, position + LONGEST)
                lines.append([(clean(text[position:cut]), style)])
                position = cut
            if until - position > LONGEST:
                return lines, state._replace(position=position)
            line.append((clean(text[position:until]), style))
            position = until
            wanted = _AFTER if wanted in _VALUES else _COLON
        while True:
            if wanted == _AFTER and not stack:
                lines.append(line)
                line = []
                wanted = _TOP
            if not line and len(lines) >= CHUNK:
                return lines, _JsonState(position, stack, wanted)
            found = match(text, position, position + LONGEST)
            if not found or found.end() == position + LONGEST:
                begin, end = self._long_string(position)
                if end > 0 and wanted in (*_VALUES, _KEY, _FIRST_KEY):
                    return [*lines, line] if line else lines, _JsonState(begin, stack, wanted, until=end)
                found = match(text, position) if not end else None
            kind = found.lastgroup if found else None
            if kind is None or found is None:
                if _BLANK.fullmatch(text, position) and wanted == _TOP:
                    return lines, None
                return self._broken(lines, line, position, wanted)
            token = found[kind]
            if not line and stack and kind != "close":
                line.append(("  " * min(len(stack), _WIDEST_INDENT), "plain"))
            if kind in ("string", "number", "literal") and wanted in _VALUES:
                line += pieces(token, kind)
                wanted = _AFTER
            elif kind == "string" and wanted in (_KEY, _FIRST_KEY):
                line.append((clean(token), "key"))
                wanted = _COLON
            elif kind == "colon" and wanted == _COLON:
                line.append((": ", "punctuation"))
                wanted = _VALUE
            elif kind == "open" and wanted in _VALUES and len(stack) < _DEEPEST:
                following = match(text, found.end(), found.end() + LONGEST)
                if following and following[following.lastgroup or 0] == _CLOSES[token]:
                    found = following
                    line.append((token + _CLOSES[token], "punctuation"))
                    wanted = _AFTER
                else:
                    line += [(token, "punctuation"), OPEN]
                    stack += token
                    wanted = _FIRST_KEY if token == "{" else _FIRST
                    lines.append(line)
                    line = []
            elif kind == "close" and wanted == _AFTER and stack and _CLOSES[stack[-1]] == token:
                if line:
                    lines.append(line)
                    line = []
                    if len(lines) >= CHUNK:
                        return lines, _JsonState(found.start(), stack, _AFTER)
                stack = stack[:-1]
                line.append(CLOSE)
                line.append(("  " * min(len(stack), _WIDEST_INDENT), "plain"))
                line.append((token, "punctuation"))
            elif kind == "comma" and wanted == _AFTER and stack:
                line.append((token, "punctuation"))
                wanted = _KEY if stack[-1] == "{" else _VALUE
                lines.append(line)
                line = []
            else:
                return self._broken(lines, line, position, wanted)
            position = found.end()

    def _long_string(self, position: int) -> tuple[int, int]:
        """Where the string that comes next begins and ends, found faster than by its pattern.

        The end is 0 if no string comes next, -1 if it never ends.
        """
        blank = _BLANK.match(self._text, position)
        begin = blank.end() if blank else position
        if not self._text.startswith('"', begin):
            return begin, 0
        end = begin
        while (end := self._text.find('"', end + 1)) >= 0:
            before = end - 1
            while self._text[before] == "\\":
                before -= 1
            if (end - before) % 2:
                return begin, end + 1
        return begin, -1

    def _broken(self, lines: list[Line], line: Line, position: int, wanted: int) -> tuple[list[Line], _JsonState]:
        blank = _BLANK.match(self._text, position)
        position = blank.end() if blank else position
        row = self._text.count("\n", 0, position) + 1
        column = position - self._text.rfind("\n", 0, position)
        self.problem = f"not JSON: line {row:,}, column {column:,} is not {_WANTED[wanted]}"
        if line:
            lines.append(line)
        return lines, _JsonState(position, "", _TOP, raw=True)

    def _rest(self, position: int) -> tuple[list[Line], _JsonState | None]:
        lines, end = plain_lines(self._text, position)
        return lines, None if end is None else _JsonState(end, "", _TOP, raw=True)
