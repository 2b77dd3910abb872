"""The list of messages of a peek: a row each, with earlier deliveries, when it was sent, and what became of it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.strip import Strip

from stomptui.journal.body import kind_of, preview
from stomptui.journal.entry import Entry, RowState
from stomptui.journal.journal import Journal
from stomptui.protocol.frame import Frame
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.log.columns import KIND_CELLS, SIZE_CELLS, WantedColumns, fit, header_cells, size_text
from stomptui.ui.widgets.log.message_log import MessageLog
from stomptui.ui.widgets.log.row import Head, RowPainter

COUNTERS = ("x-delivery-count", "x-acquired-count")
"""Headers in which a broker counts earlier deliveries."""
SENT_CELLS = 14


def sent_at(frame: Frame, now: float | None = None) -> str:
    """When a message was sent, as its `timestamp` says (seconds or milliseconds since 1970); "" if it does not."""
    value = frame.get("timestamp") or ""
    if not (value.isascii() and value.isdigit()) or len(value) > 16:
        return ""
    when = int(value) / (1000 if len(value) > 11 else 1)
    try:
        there = time.localtime(when)
    except (OverflowError, OSError, ValueError):
        return ""
    today = time.localtime(time.time() if now is None else now)[:3] == there[:3]
    return time.strftime("%H:%M:%S" if today else "%d %b %H:%M", there)


def redelivery_text(frame: Frame) -> str:
    """What the message says about earlier deliveries, in a few cells: "↻3", "↻" for marked, "" for none."""
    for name in COUNTERS:
        value = frame.get(name) or ""
        if value.isascii() and value.isdigit() and len(value) < 5 and int(value):
            return f"↻{int(value)}"
    return "↻" if frame.get("redelivered") == "true" else ""


class QueuePainter(RowPainter):
    """Lines of a queue: mark, place, earlier deliveries, when sent, size, kind, preview, state.

    Args:
        first: The number in the journal of the first message.
        standing: What stands at the end of a row that nothing was done with, and its style.
        marked: The numbers of marked rows.
        timed: Whether there is a column for when they were sent.
        wanted: What is wanted of the columns.
    """

    def __init__(
        self,
        width: int,
        styles: Mapping[str, Style],
        under: Mapping[str, Style],
        first: int,
        standing: tuple[str, str],
        marked: set[int],
        timed: bool,
        wanted: WantedColumns,
    ) -> None:
        super().__init__(width, styles, under, lambda subscription: None, wanted)
        self._first = first
        self._standing = standing
        self._marked = marked
        self._timed = timed

    def heads(self) -> tuple[Head, ...]:
        heads = [Head(f"{'#':<13}")]
        narrow = self.width < 72
        if not narrow:
            heads += [Head(f"{'sent':>{SENT_CELLS}} ")] if self._timed else []
            heads += [Head(f"{'size':>{SIZE_CELLS}} "), Head(fit("type", KIND_CELLS) + " ")]
        cells = self._header_cells(sum(len(head.text) for head in heads))
        heads += [self._header_head(cells)] if cells else []
        return (*heads, Head("body"))

    def _header_cells(self, used: int) -> int:
        """Cells of the column of a header after those of others; 0 if there is none."""
        return header_cells(self.width - used, self._wanted.value) if self._wanted.header is not None else 0

    def paint(self, entry: Entry) -> Strip:
        styles = self._styles
        frame = entry.frame
        if frame is None:
            return super().paint(entry)
        narrow = self.width < 72
        outcome, outcome_style = self._outcome(entry.outcome) if entry.outcome else self._standing
        # What was done leaves it where it is.
        still = (
            self._standing[0]
            if entry.outcome is not None and entry.outcome.state in (RowState.COPIED, RowState.FAILED)
            else ""
        )
        still += " " if still else ""
        mark = "◆" if entry.number in self._marked else " "
        begin = f"{entry.number - self._first + 1:<7,}{mark} {redelivery_text(frame):<4}"
        if not narrow:
            begin += f"{sent_at(frame):>{SENT_CELLS}} " if self._timed else ""
            begin += f"{size_text(frame.body_size):>{SIZE_CELLS}} "
        # No segment begins with a space: an SVG of the screen would lose it.
        segments = [Segment(begin, styles["time"])]
        used = len(begin)
        if not narrow:
            kind = kind_of(frame)
            segments.append(Segment(f"{fit('-' if kind == 'empty' else kind, KIND_CELLS)} ", styles["kind"]))
            used += KIND_CELLS + 1
        cells = self._header_cells(used)
        if cells:
            segments += self.marked(f"{fit(self.header_value(entry), cells)} ", styles["dim"])
            used += cells + 1
        space = self.width - used - (len(still) + len(outcome) + 1 if outcome else 0)
        if space > 0:
            text = preview(frame, space)
            segments += self.marked(fit(text, space) + (" " if outcome else ""), styles["text"])
        if still:
            segments.append(Segment(still, styles[self._standing[1]]))
        if outcome:
            segments.append(Segment(outcome, styles[outcome_style]))
        return Strip(segments)


class QueueList(MessageLog):
    """What a peek shows. Marks are the person's: one, a range, or all that the filter shows."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.PEEK_LIST)

    def __init__(self, journal: Journal, *, id: str | None = None) -> None:
        super().__init__(journal, make_painter=self._make_painter, id=id)
        self._standing = ("", "text")
        self._base = 0
        self._timed = False

    def on_mount(self) -> None:
        self.following = False

    def begin(self) -> None:
        """Forget what was shown: what comes now is from another peek."""
        self.clear()
        self._base = self.journal.end
        self.following = False
        self._timed = False
        self.painting.forget_styles()
        self.post_message(self.MarksChanged())

    def note_times(self, frames: Iterable[Frame]) -> None:
        """Look at messages that will be shown: once one has a time of sending, there is a column for that."""
        if not self._timed and any(sent_at(frame) for frame in frames):
            self._timed = True
            self.painting.repaint()

    @property
    def base(self) -> int:
        """The number in the journal of the first message shown."""
        return self._base

    @property
    def standing(self) -> tuple[str, str]:
        """What stands at the end of a row that nothing was done with, and its style."""
        return self._standing

    @standing.setter
    def standing(self, standing: tuple[str, str]) -> None:
        if standing != self._standing:
            self._standing = standing
            self.painting.repaint()

    def settle(self) -> None:
        super().settle()
        if self.cursor is None and self.shown:
            self._move_cursor(0)

    def _make_painter(
        self, width: int, styles: Mapping[str, Style], under: Mapping[str, Style], wanted: WantedColumns
    ) -> RowPainter:
        return QueuePainter(width, styles, under, self._base, self._standing, self.marks.numbers, self._timed, wanted)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return True

    def action_nothing(self) -> None:
        """Keys of the live log that mean nothing here."""
