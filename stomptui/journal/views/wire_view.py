"""The wire view: the exact bytes of a frame, with control characters and invalid bytes made visible."""

from __future__ import annotations

import re

from stomptui.journal.views.lines import CHUNK, Line, Lines
from stomptui.protocol.clean import clean
from stomptui.protocol.frame import Frame

_LONGEST = 1024
_NOT_TEXT = re.compile("([\x00-\x1f\x7f-\x9f\udc80-\udcff])")


class WireLines(Lines):
    """The bytes of a frame with the NUL that ends it, line by line as they were on the wire.

    Args:
        frame: The frame.
        ended: Whether a NUL ends it.
    """

    def __init__(self, frame: Frame, ended: bool = True) -> None:
        super().__init__(0)
        self._raw = frame.raw
        self._ended = ended
        self._head = len(frame.raw) - frame.body_size

    @property
    def progress(self) -> float:
        return 1.0 if self.done else self._states[-1] / max(1, len(self._raw))

    def _make(self, state: int) -> tuple[list[Line], int | None]:
        lines: list[Line] = []
        position = state
        while len(lines) < CHUNK:
            end = self._raw.find(b"\n", position, position + _LONGEST) + 1
            if not end:
                end = min(position + _LONGEST, len(self._raw))
                # A character is not cut in two.
                while position < end < len(self._raw) and end > position + 1 and self._raw[end] & 0xC0 == 0x80:
                    end -= 1
            text = self._raw[position:end].decode("utf-8", "surrogateescape")
            lines.append(self._head_line(position, text) if position < self._head else visible(text))
            position = end
            if position >= len(self._raw):
                if text.endswith("\n"):
                    lines.append([])
                if self._ended:
                    lines[-1].append(("␀", "mark"))
                return lines, None
        return lines, position

    def _head_line(self, position: int, text: str) -> Line:
        if not position:
            return visible(text, "tag")
        name, colon, value = text.partition(":")
        if not colon:
            return visible(text)
        return [*visible(name, "key"), (colon, "punctuation"), *visible(value)]


def visible(text: str, style: str = "plain") -> Line:
    """Text with everything in it that is no text marked; surrogate escapes become the bytes they stand for."""
    line: Line = []
    for index, part in enumerate(_NOT_TEXT.split(text)):
        if index % 2:
            line.append((f"\\x{ord(part) - 0xDC00:02x}" if part >= "\udc80" else clean(part), "mark"))
        elif part:
            line.append((clean(part), style))
    return line
