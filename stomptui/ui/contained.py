"""Keeps what terminals draw in different widths in the cells it was given.

A family emoji takes two cells in one terminal and six in another, a vowel sign of Hindi none or one. Whoever lays out
the screen counts on one width. So the cursor is put where it is counted on after each such sequence: a terminal that
draws it wider has the rest drawn over, one that draws it narrower shows blanks.
"""

from __future__ import annotations

import re

from rich.cells import cell_len

from stomptui.protocol.sequences import MOST_MARKS, is_mark, limit_marks
from stomptui.ui.widgets.cells import clusters

_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u06d6-\u06dc\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
    "\u3099\u309a\ufe20-\ufe2f"
)
_DOUBTFUL = (
    "\u0900-\u109f\u1100-\u11ff\u1700-\u18af\u1900-\u1cff\u200b-\u200d\u20d0-\u20ff\ua800-\uabff\ud7b0-\ud7ff"
    "\ufe00-\ufe0f\U00010a00-\U00011fff\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U0001fa00-\U0001faff"
    "\U000e0020-\U000e01ef"
)
_CANDIDATE = re.compile(f"[{_DOUBTFUL}]|[^\\w\\s\x00-\x7f]{{{MOST_MARKS + 1},}}|H(?:\x1b\\[[0-9;]*m)*[{_MARKS}]")
_IS_DOUBTFUL = re.compile(f"[{_DOUBTFUL}]")
_CONTROL = re.compile(
    "\x1b\\[(?P<row>\\d+);(?P<column>\\d+)H"
    "|(?P<style>\x1b\\[[0-9;:]*m|\x1b\\]8;[^\x07\x1b]*(?:\x07|\x1b\\\\))"
    "|\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|\x1b\\[[0-?]*[ -/]*[@-~]|\x1b.|[\x00-\x1f\x7f]",
    re.DOTALL,
)


def contained(data: str) -> str:
    """What is written to a terminal, with the cursor put right behind what may be drawn wider or narrower than counted.

    Args:
        data: Text and escape sequences as Textual writes them: each run of text begins by putting the cursor somewhere.
    """
    if data.isascii() or not _CANDIDATE.search(data):
        return data
    out: list[str] = []
    run = _Run(None)
    at = 0
    for control in _CONTROL.finditer(data):
        if control.start() > at:
            run.add(data[at : control.start()], True)
        at = control.end()
        if control["style"]:
            run.add(control[0], False)
            continue
        out.append(run.contained())
        out.append(control[0])
        run = _Run((int(control["row"]), int(control["column"])) if control["row"] else None)
    if at < len(data):
        run.add(data[at:], True)
    out.append(run.contained())
    return "".join(out)


class _Run:
    """Text and styles written one after the other in one line.

    Args:
        place: Row and column of its beginning, None where they are not known.
    """

    def __init__(self, place: tuple[int, int] | None) -> None:
        self._place = place
        self._parts: list[tuple[str, bool]] = []
        self._doubtful = False

    def add(self, part: str, is_text: bool) -> None:
        self._parts.append((part, is_text))
        self._doubtful |= is_text and not part.isascii() and _CANDIDATE.search("H" + part) is not None

    def contained(self) -> str:
        if not self._doubtful or self._place is None:
            return "".join(part for part, _ in self._parts)
        row, column = self._place
        end = column + sum(cell_len(part) for part, is_text in self._parts if is_text)
        out: list[str] = []
        begun = False
        for part, is_text in self._parts:
            if not is_text or part.isascii():
                out.append(part)
                column += len(part) if is_text else 0
                begun |= is_text
                continue
            for begin, stop, cells in clusters(part):
                text = limit_marks(part[begin:stop])
                if not begun and not cells:
                    continue  # It would be drawn on what stands left of the run.
                begun = True
                if cells and (len(text) > 1 or text >= "\U0001fa00") and _IS_DOUBTFUL.search(text):
                    if column + max(cells, _widest(text)) > end:
                        # It could reach over what stands right of the run.
                        text = text[0]
                    there = f"\x1b[{row};{column + cells}H"
                    text = f"{' ' * cells}\x1b[{row};{column}H{text}{there}"
                out.append(text)
                column += cells
        return "".join(out)


def _widest(text: str) -> int:
    """Cells that a sequence takes in a terminal that joins nothing."""
    cells = 0
    for char in text:
        if char == "\ufe0f":
            cells += 1
        elif "\U0001f3fb" <= char <= "\U0001f3ff" or "\U0001f1e6" <= char <= "\U0001f1ff":
            cells += 2
        elif is_mark(char):
            cells += 1
        else:
            cells += cell_len(char)
    return cells
