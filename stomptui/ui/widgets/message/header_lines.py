"""The headers of a frame as lines: name, value, and what the known ones mean."""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len

from stomptui.journal.header_meanings import meaning
from stomptui.journal.views.lines import Line
from stomptui.journal.views.wire_view import visible
from stomptui.protocol.clean import clean
from stomptui.protocol.frame import Frame


def header_lines(frame: Frame, meanings: Mapping[str, str], width: int, *, below: bool = True) -> list[Line]:
    """The command and each header in order, with what the known ones mean; a repeat says that it does not count.

    Args:
        frame: The frame.
        meanings: What headers mean on this broker, where that is more than STOMP says.
        width: Cells of a line.
        below: Whether a meaning that does not fit beside its header stands in a line below it; else it is left out.
    """
    lines: list[Line] = [[(clean(frame.command), "tag")]]
    names = [clean(name) for name, _ in frame.headers]
    values = [visible(value) for _, value in frame.headers]
    widths = [sum(cell_len(text) for text, _ in value) for value in values]
    pad = min(max((cell_len(name) for name in names), default=0), max(12, width // 3)) + 2
    # Meanings stand in a column of their own, as far as values are of a usual length.
    column = min(max((size for size in widths if size <= width // 3), default=0), max(0, width - pad - 40))
    seen: set[str] = set()
    for (raw_name, _), name, value, size in zip(frame.headers, names, values, widths, strict=True):
        note = "repeat: only the first counts" if raw_name in seen else meaning(raw_name, meanings)
        seen.add(raw_name)
        line: Line = [(name + " " * max(2, pad - cell_len(name)), "key"), *value]
        lines.append(line)
        before = max(pad, cell_len(name) + 2) + max(size, column) + 3
        if note and before + cell_len(note) <= width:
            # Blanks of their own: an SVG of the screen loses those that a text begins with.
            line += [(" " * (3 + max(0, column - size)), "plain"), (note, "comment")]
        elif note and below:
            lines.append([(" " * pad, "plain"), (note, "comment")])
    return lines
