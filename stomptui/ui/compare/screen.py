"""The screen that shows two messages beside each other, and what differs."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from stomptui.journal.compare.comparison import ComparedMessage, Comparison, compare
from stomptui.journal.compare.rows import ComparedRow, Difference
from stomptui.journal.views.lines import ReadyLines, TextLines
from stomptui.protocol.clean import clean
from stomptui.ui.compare.compared_lines import Columns, ComparedLines
from stomptui.ui.controllers import add_actions
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.clipboard import copy
from stomptui.ui.widgets.key_footer import KeyFooter
from stomptui.ui.widgets.lines.lines_view import LinesView
from stomptui.ui.widgets.message.lines_pane import LinesPane
from stomptui.ui.widgets.message.notes import MessageNotes
from stomptui.ui.widgets.pane.edge import Piece
from stomptui.ui.widgets.pane.hints import hint
from stomptui.ui.widgets.reveal import shows_secrets

HEADS = 4
"""Lines that what the sides are may take."""
Sides = tuple[ComparedMessage, ComparedMessage]


class CompareScreen(Screen[None]):
    """Shows what differs between two frames, or all of both.

    Args:
        make: Makes the two sides; called in a thread, since the body of a draft may have to be read.
    """

    AUTO_FOCUS = "#compare-lines"
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.COMPARE)
    DEFAULT_CSS = """
    CompareScreen {
        layout: vertical;
        background: $background;
        #compare-notes { color: $text-muted; }
    }
    """

    def __init__(self, make: Callable[[], Sides]) -> None:
        super().__init__()
        self._make = make
        self._sides: Sides | None = None
        self._comparison: Comparison | None = None
        self._problem = ""
        self._all = False
        self._width = 0
        self._notes = MessageNotes(id="compare-notes")
        self._heads = LinesView(id="compare-heads")
        self._heads.can_focus = False
        self._view = LinesView(id="compare-lines")
        self._pane = LinesPane(self._view, id="compare-pane")
        add_actions(self, self._pane.finding)

    def compose(self) -> ComposeResult:
        with self._pane:
            yield self._notes
            yield self._heads
            yield self._view
        yield KeyFooter()

    def on_mount(self) -> None:
        # It is mounted only once this is done.
        self.call_later(self._refresh)
        self._begin()

    # -- the comparison --------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Compare in a thread; what comes of it after the screen was left is dropped."""
        app = self.app

        def work() -> None:
            try:
                sides = self._sides or self._make()
                found = compare(*sides)
            except (OSError, ValueError) as error:
                app.call_from_thread(self._failed, str(error))
            else:
                app.call_from_thread(self._found, sides, found)

        self.run_worker(work, thread=True, exclusive=True)

    def _failed(self, problem: str) -> None:
        self._problem = problem
        self._refresh()

    def _found(self, sides: Sides, comparison: Comparison) -> None:
        self._sides, self._comparison = sides, comparison
        self._refresh()

    # -- what is shown ---------------------------------------------------------------------------------------------

    def secrets_switched(self) -> None:
        self._refresh()

    def keys_changed(self) -> None:
        self._refresh()

    def on_resize(self) -> None:
        if self._width != self.size.width:
            self._width = self.size.width
            self.call_after_refresh(self._refresh)

    def _refresh(self) -> None:
        if not self.is_mounted:
            return
        found = self._comparison
        self._pane.title = (Piece("Compare", "title"), Piece(self._summary(), "plain"))
        self._pane.foot = (
            hint(self, "compare.all", "only differences" if self._all else "all", "switch_all"),
            hint(self, "compare.swap", "swap", "swap", 2),
            hint(self, "compare.copy", "copy", "copy", 1),
            hint(self, "compare.back", "back", "back", 3),
        )
        if found is None or self._sides is None:
            self._view.show(TextLines(f"They cannot be compared: {self._problem}" if self._problem else ""))
            return
        width = self._view.width
        columns = Columns.of([*found.headers, *found.body.rows], width)
        self._notes.show(_sentence(note) for note in found.notes)
        heads = columns.heads(self._sides[0].title, self._sides[1].title)
        self._heads.styles.height = min(len(heads), HEADS)
        self._heads.show(ReadyLines(heads))
        self._view.show(self._lines(found, columns, shows_secrets(self)))

    def _summary(self) -> str:
        if self._comparison is not None:
            return self._comparison.summary
        return "not possible" if self._problem else "comparing…"

    def _lines(self, found: Comparison, columns: Columns, secrets: bool) -> ComparedLines:
        def chosen(rows: list[ComparedRow]) -> list[ComparedRow]:
            return rows if self._all else [each for each in rows if each.difference is not Difference.SAME]

        headers, body = chosen(found.headers), chosen(found.body.rows)
        parts = [
            (f"Headers{'' if headers else ': no difference' if found.headers else ': none'}", headers),
            (f"Body, {found.how}{'' if body else ': no difference' if found.body.rows else ': none'}", body),
        ]
        return ComparedLines(parts, columns, secrets)

    # -- what the person does --------------------------------------------------------------------------------------

    def action_switch_all(self) -> None:
        """Show all rows, or only those that differ."""
        self._all = not self._all
        self._refresh()

    def action_swap(self) -> None:
        """Exchange the sides."""
        if self._sides is not None:
            self._sides = (self._sides[1], self._sides[0])
            self._begin()

    def action_copy(self) -> None:
        """Copy what is selected with the mouse, or else all that is shown, one side below the other."""
        if selected := self.get_selected_text():
            copy(self.app, selected, ("what is selected, as it is shown",))
        elif (found := self._comparison) is not None and self._sides is not None:
            columns = Columns(40, 0, 1 << 20)
            heads = "\n".join(
                "".join(text for text, _ in line) for line in columns.heads(*(s.title for s in self._sides))
            )
            lines = self._lines(found, columns, shows_secrets(self)).all_text()
            notes = "\n".join(clean(_sentence(note)) for note in found.notes)
            copy(self.app, "\n".join(filter(None, (heads, f"{found.summary}", notes, lines))) + "\n")

    def action_back(self) -> None:
        """Find nothing any more; else leave."""
        if self._pane.finding.active:
            self._pane.finding.action_end_find()
        else:
            self.dismiss(None)


def _sentence(note: str) -> str:
    return f"{note[0].upper()}{note[1:]}."
