r"""The header lines of a draft as one text, and back.

    content-type: text/plain
    # priority: 9
    note: one\ntwo

One line each, in order; `#` begins one that is switched off. A blank behind the colon is for the eye. What could not be
seen, or would be taken for something else, is written with a backslash: `\n` `\r` `\t` for line feed, carriage return
and tab, `\\` for a backslash, `\s` for a blank where a name or value begins or ends, `\:` for a colon in a name, `\#`
for a `#` that begins one, and `\u{1b}` for any other character by its number. Empty lines are passed over.
A secret is written as `«secret 1»`, which stands for the value that it had.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from stomptui.compose.draft import HeaderLine
from stomptui.config.secret_names import secret_spans

_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "s": " ", "\\": "\\", ":": ":", "#": "#", "«": "«", "c": ":"}
_WRITTEN = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\\": r"\\", "«": r"\«"}
_UNSEEN = re.compile(r"[\\«\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_PIECE = re.compile(r"\\u\{([0-9A-Fa-f]{1,6})\}|\\(.?)|«secret ([0-9]{1,4})»|([^\\]+?(?=[\\«]|\Z)|«)", re.DOTALL)
_NAME_END = re.compile(r"(?:\\.|[^\\:])*", re.DOTALL)


class LineFault(NamedTuple):
    """A line that is no header line."""

    line: int
    """Its number, from 1."""
    text: str
    """What is wrong with it."""


class ReadHeaders(NamedTuple):
    """What a text says."""

    lines: list[HeaderLine]
    faults: list[LineFault]
    """Lines that are none of them; with one, `lines` is not all of the text."""


class HeadersAsText:
    """A list of header lines, written as text and read again.

    Args:
        lines: The lines.
        masked: Whether secrets are written as what stands for them.
    """

    def __init__(self, lines: Sequence[HeaderLine], masked: bool = True) -> None:
        self._secrets: list[str] = []
        self.text = "".join(f"{self._written(line, masked)}\n" for line in lines)

    @property
    def has_secrets(self) -> bool:
        """Whether something in the text stands for a secret."""
        return bool(self._secrets)

    def _written(self, line: HeaderLine, masked: bool) -> str:
        name = _edges(_plain(line.name).replace(":", r"\:"))
        pieces = []
        at = 0
        for begin, end in secret_spans(line.name, line.value) if masked else ():
            self._secrets.append(line.value[begin:end])
            pieces += [_plain(line.value[at:begin]), f"«secret {len(self._secrets)}»"]
            at = end
        value = _edges("".join([*pieces, _plain(line.value[at:])]))
        return f"{'' if line.enabled else '# '}{name}:{' ' if value else ''}{value}"

    def read(self, text: str) -> ReadHeaders:
        """The header lines that a text says."""
        read = ReadHeaders([], [])
        for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
            try:
                if line.strip():
                    read.lines.append(self._read(line.strip()))
            except ValueError as error:
                read.faults.append(LineFault(number, str(error)))
        return read

    def _read(self, line: str) -> HeaderLine:
        enabled = not line.startswith("#")
        line = line if enabled else line[1:].lstrip()
        end = _NAME_END.match(line)
        colon = end.end() if end else 0
        if line[colon : colon + 1] != ":":
            raise ValueError("no colon: write name: value")
        return HeaderLine(self._meant(line[:colon].strip()), self._meant(line[colon + 1 :].strip()), enabled)

    def _meant(self, text: str) -> str:
        return "".join(self._piece(match) for match in _PIECE.finditer(text))

    def _piece(self, match: re.Match[str]) -> str:
        code, simple, secret, plain = match.groups()
        if plain is not None:
            return plain
        if code is not None:
            if int(code, 16) > 0x10FFFF:
                raise ValueError(f"there is no character {match[0]}")
            return chr(int(code, 16))
        if secret is not None:
            if not 0 < int(secret) <= len(self._secrets):
                raise ValueError(f"{match[0]} stands for nothing: type the value")
            return self._secrets[int(secret) - 1]
        if simple not in _SIMPLE:
            raise ValueError(f"\\{simple} is no escape: a backslash is written \\\\")
        return _SIMPLE[simple]


def _plain(text: str) -> str:
    return _UNSEEN.sub(lambda match: _WRITTEN.get(match[0]) or f"\\u{{{ord(match[0]):x}}}", text)


def _edges(text: str) -> str:
    """With the blanks at its ends, and a `#` that it begins with, written so that they stay."""
    inner = text.strip()
    if not inner:
        return "".join(_blank(char) for char in text)
    begin = text[: len(text) - len(text.lstrip())]
    end = text[len(text.rstrip()) :]
    if inner.startswith("#") and not begin:
        inner = f"\\{inner}"
    return "".join(_blank(char) for char in begin) + inner + "".join(_blank(char) for char in end)


def _blank(char: str) -> str:
    return r"\s" if char == " " else f"\\u{{{ord(char):x}}}"
