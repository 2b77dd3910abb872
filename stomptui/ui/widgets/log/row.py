"""Paints a row of the journal as one line of the log: its columns, its text and its outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip

from stomptui.journal.body import kind_of, preview
from stomptui.journal.entry import Entry, Note, NoteKind, Outcome, RowKind, RowState
from stomptui.journal.journal import Journal
from stomptui.journal.row_groups import Fold
from stomptui.journal.search.row_filter import RowFilter
from stomptui.journal.secrets import masked_frame, shown_value
from stomptui.protocol.clean import clean, clean_name
from stomptui.protocol.copies import original_destination
from stomptui.protocol.durations import elapsed, since_before
from stomptui.protocol.frame import Frame
from stomptui.ui.widgets.empty_state import EmptyText, empty_lines
from stomptui.ui.widgets.lines.line_search import overlaid
from stomptui.ui.widgets.log.columns import (
    TimeMode,
    WantedColumns,
    columns_for,
    fit,
    fit_name,
    size_text,
    time_text,
)
from stomptui.ui.widgets.paint_styles import colour_class

ColourOf = Callable[[str], "int | None"]
"""From the id of a subscription to the number of its colour, None if it has none (any more)."""

ACTED = {
    RowState.UNACKNOWLEDGED: ("●", "unacked", "warn"),
    RowState.SETTLED: ("✓", "", "good"),
    RowState.UNSURE: ("⚠", "", "warn"),
    RowState.COPIED: ("✓", "copied", "good"),
    RowState.FAILED: ("✗", "failed", "error"),
    RowState.DOUBT: ("?", "in doubt", "warn"),
    RowState.RETURNED: ("○", "", "dim"),
    RowState.IN_TRANSACTION: ("◌", "", "warn"),
    RowState.ABORTED: ("○", "aborted", "dim"),
}
"""Mark, words and style of what became of a message; without words those of the outcome."""
NOTE_STYLES = {
    NoteKind.CONNECTED: "good",
    NoteKind.INFO: "dim",
    NoteKind.ACTION: "dim",
    NoteKind.GAP: "warn",
    NoteKind.DEAD_LETTERS: "warn",
    NoteKind.DROPPED: "warn",
    NoteKind.MALFORMED: "warn",
}
"""Styles of notes; all others are errors."""
WITH_BODY = frozenset({"MESSAGE", "SEND", "ERROR"})
PREVIEW_HEADERS = 400
"""Characters of header text in a preview."""
LONGEST_VALUE = 200
"""Characters of a header's value that are looked at for its column."""


class Head(NamedTuple):
    """What stands over a column."""

    text: str
    """With the blanks up to the next column. Clean."""
    action: str | None = None
    """The action of the log that a click on it runs, None for none."""


class RowCells(NamedTuple):
    """The texts of a row, before they are cut to columns. All text is clean."""

    arrow: str
    style: str
    """The name of the style of arrow and name."""
    name: str
    size: str = ""
    kind: str = ""
    preview: str = ""
    preview_style: str = "text"
    header: str = ""
    """The value of the header that has a column of its own."""


class RowPainter:
    """Makes lines of rows, for one width and one theme; remembers those it made last.

    Args:
        width: Cells of a line.
        styles: Styles by name: "time", "dim", "text", "kind", "in", "out", "good", "warn", "error", and the colour
            classes; "hit" is what lies under text that the filter matches.
        under: What lies under the text, by the state of a row; "" for a plain one.
        colour_of: The colour numbers of subscriptions.
        wanted: What is wanted of the columns.
    """

    def __init__(
        self,
        width: int,
        styles: Mapping[str, Style],
        under: Mapping[str, Style],
        colour_of: ColourOf,
        wanted: WantedColumns,
    ) -> None:
        self.columns = columns_for(width, wanted)
        self._wanted = wanted
        self._before = 0.0
        self.longest_name = wanted.destination
        """Cells of the longest destination painted so far; more than `columns` has where it had to be cut."""
        self.longest_value = wanted.value
        """The same of the values of the header that has a column."""
        self.width = width
        self.blank = Strip.blank(width, under[""])
        """The line below the last row."""
        self._styles = styles
        self._under = under
        self._colour_of = colour_of
        self._lines: LRUCache[tuple[int, str], Strip] = LRUCache(512)
        self._beneath_for: tuple[EmptyText, int] | None = None
        self._beneath: list[Strip] = []
        self._restated = 0
        self.shows_secrets = False
        """Whether values of headers that are secrets are painted as they are."""
        self.filter: RowFilter | None = None
        """What matches is marked."""

    def heads(self) -> tuple[Head, ...]:
        """What stands over the columns."""
        columns = self.columns
        time = "since" if self._wanted.times is TimeMode.SINCE else "time"
        heads = [Head(f"{time:<{columns.time}}   ", "times"), Head(fit("destination", columns.destination) + " ")]
        if columns.size:
            heads.append(Head(f"{'size':>{columns.size}} "))
        if columns.kind:
            heads.append(Head(fit("type", columns.kind) + " "))
        if columns.header:
            heads.append(self._header_head(columns.header))
        return (*heads, Head("body"))

    def _header_head(self, cells: int) -> Head:
        return Head(fit(clean_name(self._wanted.header or ""), cells) + " ", "column")

    def beneath(self, text: EmptyText | None, line: int, height: int) -> Strip:
        """A line below the last row.

        Args:
            text: What is said there, in the middle.
            line: The number of the line from there.
            height: How many lines there are.
        """
        if text is None:
            return self.blank
        if self._beneath_for != (text, height):
            self._beneath_for = text, height
            dim, key = self._styles["dim"], self._styles["out"] + Style(bold=True)
            self._beneath = [
                Strip([Segment(" " * each.indent), Segment(each.key, key), Segment(each.text, dim)])
                .adjust_cell_length(self.width)
                .apply_style(self._under[""])
                for each in empty_lines(text, self.width, height)
            ]
        return self._beneath[line] if line < len(self._beneath) else self.blank

    def line(self, journal: Journal, number: int, state: str = "", opened: bool = False, before: float = 0.0) -> Strip:
        """The line of a row that is in the journal.

        Args:
            journal: The journal.
            number: The number of the row.
            state: What lies under it.
            opened: Whether it stands for rows that are shown.
            before: When the row above it was, in seconds since the epoch, if times are shown by that; 0.0 for none.
        """
        self._before = before
        if journal.restated != self._restated:
            self._lines.clear()
            self._restated = journal.restated
        strip = self._lines.get((number, state))
        if strip is None:
            entry = journal.entry(number)
            fold = journal.groups.fold_at(number)
            if fold is not None:
                strip = self._paint_fold(entry, fold, opened).adjust_cell_length(self.width)
                return strip.apply_style(self._under[state])
            strip = self.paint(entry).adjust_cell_length(self.width).apply_style(self._under[state])
            # A row that waits for its receipt will change, all others stay as they are.
            if entry.outcome is None or entry.outcome.state is not RowState.WAITING:
                self._lines[number, state] = strip
        return strip

    def paint(self, entry: Entry) -> Strip:
        """The text of the line, without what lies under it."""
        outcome, outcome_style = self._outcome(entry.outcome)
        space = self.columns.preview - (len(outcome) + 1 if outcome else 0)
        return self._paint_cells(entry, self._cells(entry, max(0, space)), space, outcome, outcome_style)

    def _paint_fold(self, entry: Entry, fold: Fold, opened: bool) -> Strip:
        """The line that stands for what a side connection carried."""
        note = entry.note
        assert note is not None
        queue = clean(note.detail)
        carried = [f"{fold.messages:,} received"] if fold.messages else []
        carried += [f"{fold.sent:,} sent"] if fold.sent else []
        carried += [size_text(fold.size)] if fold.size and carried else []
        text = "  ".join(filter(None, (queue, " · ".join(carried))))
        cells = RowCells("▾" if opened else "▸", "out", clean(note.text), preview=text)
        mark, style = ("✗", "error") if fold.failed else ("✓" if fold.done else "…", "good")
        return self._paint_cells(entry, cells, self.columns.preview - 2, mark, style)

    def _paint_cells(self, entry: Entry, cells: RowCells, space: int, outcome: str, outcome_style: str) -> Strip:
        columns, styles = self.columns, self._styles
        if cells.preview_style == "error" and not (cells.size or cells.kind or cells.header):
            # Words that say why go on in columns that say nothing of them.
            free = sum(width + 1 for width in (columns.size, columns.kind, columns.header) if width)
            columns, space = columns._replace(size=0, kind=0, header=0), space + free
        if len(cells.name) > self.longest_name:
            self.longest_name = max(self.longest_name, cell_len(cells.name))
        # No segment begins with a space: an SVG of the screen would lose it.
        name = f"{cells.arrow} {fit_name(cells.name, columns.destination)} "
        if columns.size:
            name += " " * (columns.size - len(cells.size))
        segments = [
            Segment(self._time(entry.when) + " ", styles["time"]),
            *self.marked(name, styles[cells.style]),
        ]
        if columns.size:
            segments.append(Segment(f"{cells.size} ", styles["text"]))
        if columns.kind:
            segments.append(Segment(f"{fit(cells.kind, columns.kind)} ", styles["kind"]))
        if columns.header:
            segments += self.marked(fit(cells.header, columns.header) + " ", styles["dim"])
        if space > 0:
            gap = " " if outcome else ""
            segments += self.marked(fit(cells.preview, space) + gap, styles[cells.preview_style])
        if outcome:
            segments.append(Segment(outcome, styles[outcome_style]))
        return Strip(segments)

    def marked(self, text: str, style: Style) -> list[Segment]:
        """A painted text with what the filter matches marked in it."""
        segments = [Segment(text, style)]
        spans = self.filter.spans(text) if self.filter is not None else []
        return overlaid(segments, spans, self._styles["hit"]) if spans else segments

    def header_value(self, entry: Entry) -> str:
        """The value of the header that has a column, as it is shown; "" if a frame has no such header."""
        name, frame = self._wanted.header, entry.frame
        value = frame.get(name) if name is not None and frame is not None else None
        if name is None or frame is None or not value:
            return ""
        if not self.shows_secrets:
            value = shown_value(frame.command, name, value, entry.kind is RowKind.SENT)
        text = clean(value[:LONGEST_VALUE])
        self.longest_value = max(self.longest_value, cell_len(text))
        return text

    def _time(self, when: float) -> str:
        cells = self.columns.time
        if self._wanted.times is TimeMode.SINCE:
            return f"{since_before(when - self._before) if self._before else '':<{cells}}"
        return time_text(when, cells)

    def _outcome(self, outcome: Outcome | None) -> tuple[str, str]:
        """What stands at the right end of a sent frame's row: text and style."""
        if outcome is None:
            return "", "text"
        short = self.columns.outcome < 2
        if outcome.state is RowState.WAITING:
            return "…", "dim"
        if outcome.state in ACTED:
            mark, words, style = ACTED[outcome.state]
            text = words or clean(outcome.text)
            return (mark if short else f"{mark} {text}"), style
        if outcome.state is RowState.CONFIRMED:
            mark = "✓?" if outcome.text else "✓"
            return (mark if short else f"{mark} {elapsed(outcome.elapsed)}"), "warn" if outcome.text else "good"
        if outcome.state is RowState.REFUSED:
            return ("✗" if short else "✗ refused"), "error"
        return ("?" if short else "? unconfirmed"), "warn"

    def _cells(self, entry: Entry, space: int) -> RowCells:
        cells = self._plain_cells(entry, space)
        return cells._replace(header=self.header_value(entry)) if self.columns.header else cells

    def _plain_cells(self, entry: Entry, space: int) -> RowCells:
        if entry.note is not None:
            return _note_cells(entry.note)
        frame = entry.frame
        assert frame is not None
        if entry.odd:
            return self._malformed_cells(entry, frame, space)
        command = frame.command
        if command in ("MESSAGE", "SEND"):
            return self._message_cells(entry, frame, space)
        if command == "ERROR":
            message = clean(frame.get("message") or "")
            size, kind = (size_text(frame.body_size), kind_of(frame)) if frame.body_size else ("", "")
            body = preview(frame, space) if frame.body_size else ""
            text = f"{message}: {body}" if message and body and not body.startswith(message) else body or message
            return RowCells("✗", "error", "ERROR", size, kind, text, "error")
        arrow = "→" if entry.kind is RowKind.SENT else "←"
        return RowCells(
            arrow, "dim", clean(command), preview=header_preview(self._shown(entry, frame)), preview_style="dim"
        )

    def _message_cells(self, entry: Entry, frame: Frame, space: int) -> RowCells:
        destination = clean_name(original_destination(frame)) or frame.command
        if entry.kind is RowKind.SENT:
            arrow, style = "→", "out"
        else:
            colour = self._colour_of(frame.get("subscription") or "")
            arrow, style = "←", "in" if colour is None else colour_class(colour)
        kind = kind_of(frame)
        size, text = size_text(frame.body_size), preview(frame, space)
        return RowCells(arrow, style, destination, size, "" if kind == "empty" else kind, text)

    def _shown(self, entry: Entry, frame: Frame) -> Frame:
        return frame if self.shows_secrets else masked_frame(frame, entry.kind is RowKind.SENT)

    def _malformed_cells(self, entry: Entry, frame: Frame, space: int) -> RowCells:
        """A malformed frame is shown as its bytes, with the reason before them."""
        name = clean_name(original_destination(frame)) or "malformed frame"
        known = frame.command in WITH_BODY
        raw = self._shown(entry, frame).raw
        text = preview(frame, space) if known else clean(raw[:PREVIEW_HEADERS].decode("utf-8", "replace"))
        size = size_text(frame.body_size if known else len(entry.raw))
        return RowCells(
            "✗", "warn", name, size, kind_of(frame) if known else "", f"({clean(entry.odd)}) {text}", "warn"
        )


def _note_cells(note: Note) -> RowCells:
    style = NOTE_STYLES.get(note.kind, "error")
    return RowCells(
        "•", style, note.kind.value,
        preview=clean(note.full_text[:2000]), preview_style="text" if style in ("good", "dim") else style,
    )  # fmt: skip


def header_preview(frame: Frame) -> str:
    """The headers of a frame that has no body to show, on one line."""
    return clean("  ".join(f"{name}:{value}" for name, value in frame.headers)[:PREVIEW_HEADERS])
