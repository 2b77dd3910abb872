"""Keeps characters that terminals draw in different widths in the cells they were given.

A family emoji takes two cells in one terminal and six in another, a vowel sign of Hindi none or one. Whoever lays out
the screen counts on one width. So the cursor is put where it is counted on after each such sequence: a terminal that
draws it wider has the rest drawn over, one that draws it narrower shows blanks.
"""

from __future__ import annotations

import re

from rich.cells import cell_len

from stomptui.protocol.joined_characters import is_mark, limit_marks
from stomptui.ui.widgets.text.cells import clusters

_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0"
    "\u07eb-\u07fd\u0816-\u082d\u0859-\u085b\u0897-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u302a-\u302f\u3099\u309a"
    "\ufb1e\ufe20-\ufe2f\U0001d165-\U0001d1ad\U0001e000-\U0001e95f"
)
_DOUBTFUL = (
    "\u0900-\u109f\u1100-\u11ff\u1700-\u18af\u1900-\u1cff\u200b-\u200d\u20d0-\u20ff\ua800-\uabff\ud7b0-\ud7ff"
    "\ufe00-\ufe0f\U00010a00-\U00011fff\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U0001fa00-\U0001faff"
    "\U000e0020-\U000e01ef"
)
_UNSURE = re.compile(f"[{_DOUBTFUL}{_MARKS}]")
_BEYOND = re.compile("[^\x00-\u024f\u2010-\u20cf\u2100-\u2bff]+")
"""What may be one of these: little of what is painted, which all goes through here."""
_IS_DOUBTFUL = re.compile(f"[{_DOUBTFUL}]")
_PLACE = re.compile("\x1b\\[(\\d+);(\\d+)H")
_CONTROL = re.compile(
    "(?P<style>\x1b\\[[0-9;:]*m|\x1b\\]8;[^\x07\x1b]*(?:\x07|\x1b\\\\))"
    "|\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|\x1b\\[[0-?]*[ -/]*[@-~]|\x1b.|[\x00-\x1f\x7f]",
    re.DOTALL,
)


def contained(data: str) -> str:
    """What is written to a terminal, with the cursor put right behind what may be drawn wider or narrower than counted.

    Args:
        data: Text and escape sequences as Textual writes them: each run of text begins by putting the cursor somewhere.
    """
    if not is_unsure(data):
        return data
    before, *rest = _PLACE.split(data)
    out = [before]
    for row, column, text in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
        out.append(f"\x1b[{row};{column}H")
        out.append(_line(int(row), int(column), text) if is_unsure(text) else text)
    return "".join(out)


def is_unsure(text: str) -> bool:
    """Whether terminals may draw something of it wider or narrower than it is counted."""
    return not text.isascii() and _UNSURE.search("".join(_BEYOND.findall(text))) is not None


def _line(row: int, column: int, text: str) -> str:
    """What is written from a place on, up to the next."""
    run = _Run(row, column)
    at = 0
    for control in _CONTROL.finditer(text):
        run.add(text[at : control.start()], True)
        at = control.end()
        if not control["style"]:
            # Where the cursor is after that is not known.
            return run.contained() + text[control.start() :]
        run.add(control[0], False)
    run.add(text[at:], True)
    return run.contained()


class _Run:
    """Text and styles written one after the other in one line.

    Args:
        row, column: Where it begins.
    """

    def __init__(self, row: int, column: int) -> None:
        self._row = row
        self._column = column
        self._parts: list[tuple[str, bool]] = []

    def add(self, part: str, is_text: bool) -> None:
        if part:
            self._parts.append((part, is_text))

    def contained(self) -> str:
        row, column = self._row, self._column
        end = column + sum(cell_len(part) for part, is_text in self._parts if is_text)
        out: list[str] = []
        begun = False
        for part, is_text in self._parts:
            if not is_text or not is_unsure(part):
                out.append(part)
                column += cell_len(part) if is_text else 0
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
