"""The hex view: offset, bytes and ASCII."""

from __future__ import annotations

from stomptui.journal.views.lines import CHUNK, Line, Lines

_ASCII = bytes(code if 0x20 <= code < 0x7F else 0x2E for code in range(256))


class HexLines(Lines):
    """Bytes in hex, any line of which can be had at once.

    Args:
        data: The bytes.
        columns: Bytes in a line.
    """

    def __init__(self, data: bytes, columns: int = 16) -> None:
        super().__init__(0)
        self._data = data
        self._columns = columns
        self.total = -(-len(data) // columns)
        self.widest = width_for(columns)
        self.done = True

    @property
    def known(self) -> int:
        return -(-(self.total or 0) // CHUNK)

    def chunk(self, index: int) -> list[Line]:
        first = index * CHUNK
        return [self.line(number) for number in range(first, min(first + CHUNK, self.total or 0))]

    def all_lines(self) -> list[Line]:
        return [self.line(number) for number in range(self.total or 0)]

    def line(self, index: int) -> Line:
        """One line: offset, hex, ASCII."""
        return hex_line(self._data, index * self._columns, self._columns)


def hex_line(data: bytes, offset: int, columns: int) -> Line:
    """The bytes from an offset on as one line of hex."""
    part = data[offset : offset + columns]
    half = columns // 2
    left, right = part[:half].hex(" "), part[half:].hex(" ")
    return [
        (f"{offset:08x}  ", "dim"),
        (f"{left:<{3 * half - 1}}  {right:<{3 * half - 1}}  ", "plain"),
        (part.translate(_ASCII).decode("ascii"), "string"),
    ]


def width_for(columns: int) -> int:
    """Cells that a line of that many bytes takes."""
    return 12 + 4 * columns


def columns_for(width: int) -> int:
    """Bytes that fit into a line of that many cells: 16, 8 or 4."""
    return next((columns for columns in (16, 8) if width_for(columns) <= width), 4)
