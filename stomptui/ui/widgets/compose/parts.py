"""The parts in which a draft is edited: panes side by side, or one at a time as tabs where the terminal is narrow."""

from __future__ import annotations

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal

from stomptui.compose.checks import Problem
from stomptui.compose.draft_model import DraftModel
from stomptui.compose.taking_pasted import take_pasted, take_pasted_frame
from stomptui.protocol.clean import clean
from stomptui.ui.widgets.compose.body import BodyPart
from stomptui.ui.widgets.compose.destination import DestinationPart
from stomptui.ui.widgets.compose.frame_preview import FramePreview
from stomptui.ui.widgets.compose.header_editor import HeaderEditor
from stomptui.ui.widgets.compose.headers_part import HeadersPart
from stomptui.ui.widgets.compose.outcome_line import OutcomeLine
from stomptui.ui.widgets.compose.part_titles import ComposeTab, compose_titles
from stomptui.ui.widgets.cycle import after
from stomptui.ui.widgets.pane.edge import Piece
from stomptui.ui.widgets.pane.hints import hint
from stomptui.ui.widgets.pane.pane import Pane

NARROW = 96
"""Columns below which body, headers and frame are shown one at a time, in tabs."""
ROOMY = 130
"""Columns below which they are side by side, but there is no space for long names of switches."""


class DraftParts(Horizontal):
    """Destination and body, headers, and the frame that they will be. Each part edits the draft of the model.

    Args:
        model: The draft.
        outcome: Where it is said what became of a paste, or why nothing was done.
    """

    DEFAULT_CSS = """
    DraftParts {
        height: 1fr;
        #left, #middle { width: 5fr; }
        #right { width: 4fr; }
        #left > *, #middle > *, #right > * { padding: 0 1; }

        &.-narrow {
            layout: vertical;
            #left, #middle, #right { width: 100%; display: none; }
            &.-body #left, &.-headers #middle, &.-frame #right { display: block; }
        }
    }
    """

    def __init__(self, model: DraftModel, outcome: OutcomeLine) -> None:
        super().__init__(id="columns")
        self._model = model
        self._outcome = outcome
        self._tab = ComposeTab.BODY
        self.destination = DestinationPart(model, lambda: self.body.field.focus())
        self.body = BodyPart(model)
        self.headers = HeadersPart(model)
        self._preview = FramePreview(id="preview")
        self._panes = {
            ComposeTab.BODY: Pane(id="left"),
            ComposeTab.HEADERS: Pane(id="middle"),
            ComposeTab.FRAME: Pane(id="right"),
        }

    def compose(self) -> ComposeResult:
        with self._panes[ComposeTab.BODY]:
            yield self.destination
            yield self.body
        with self._panes[ComposeTab.HEADERS]:
            yield self.headers
        with self._panes[ComposeTab.FRAME]:
            yield self._preview

    def keys_changed(self) -> None:
        """Name the keys in the edge, which a person may have changed."""
        self._panes[ComposeTab.BODY].foot = (
            hint(self, "compose.send", "send", "send"),
            hint(self, "compose.history", "earlier drafts", "history", 2),
            hint(self, "compose.editor", "editor", "editor", 1),
        )

    def on_mount(self) -> None:
        self.keys_changed()
        self.load()
        self.show_tab(ComposeTab.BODY)

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width < NARROW, "-narrow")
        self._show_titles()
        self.headers.switches.shorten(NARROW <= event.size.width < ROOMY)

    # -- the draft, shown -----------------------------------------------------------------------------------------

    def load(self) -> None:
        """Show another draft in all parts."""
        self.destination.load()
        self.headers.load()
        self.body.load()

    def show(self) -> None:
        """Show what is to be said of the draft as it was checked last, and its frame."""
        context, notes = self._model.context, self._model.notes()
        self.destination.show(notes.take("destination"))
        self.body.show(notes.take("body"))
        self.headers.show(notes)
        self._preview.show(self._model.shown, context.version, context.receipt_id)
        self._show_titles()

    def name_values(self, name: str) -> None:
        """Say which set of values the frame is filled in from, "" for none."""
        self._panes[ComposeTab.FRAME].foot = (Piece(f"{{{{…}}}} {clean(name)}", "accent"),) if name else ()

    def _show_titles(self) -> None:
        draft, context = self._model.example.draft, self._model.context
        size = f"{self._model.shown.size(context.version, context.receipt_id):,} bytes"
        alone = self._tab if self.has_class("-narrow") else None
        titles = compose_titles(draft, self._model.problems, size, alone, self.go_to_tab, context.transaction_text)
        for tab, title in titles.items():
            self._panes[tab].title = title

    # -- going there ----------------------------------------------------------------------------------------------

    def show_tab(self, tab: ComposeTab) -> None:
        """Show a part, where there is no space for all of them."""
        self._tab = tab
        for other in ComposeTab:
            self.set_class(other is tab, f"-{other.value}")
        self._show_titles()

    def go_to_tab(self, tab: ComposeTab) -> None:
        """Show a part, and go into it."""
        self.show_tab(tab)
        if tab is ComposeTab.HEADERS:
            self.call_after_refresh(self.headers.lines.go_to, 0)
        else:
            self.call_after_refresh((self.body.field if tab is ComposeTab.BODY else self._preview).focus)

    def go_to_next_tab(self) -> None:
        """Show the part after the one that is shown, and go into it."""
        self.go_to_tab(after(self._tab))

    def go_to_problem(self, problem: Problem) -> None:
        """Show where a problem is, and go there."""
        self.show_tab(ComposeTab.HEADERS if problem.field == "header" else ComposeTab.BODY)
        if problem.index is not None:
            self.call_after_refresh(self.headers.lines.go_to, problem.index, problem.part or "switch")
        elif problem.field == "destination":
            self.call_after_refresh(self.destination.field.focus)
        else:
            self.call_after_refresh(self.body.field.focus)

    # -- what happens in the parts --------------------------------------------------------------------------------

    def on_descendant_focus(self) -> None:
        self.headers.show_meaning()

    @on(HeaderEditor.FramePasted)
    def _frame_pasted(self, event: HeaderEditor.FramePasted) -> None:
        event.stop()
        self.taken(take_pasted_frame(self._model, event.pasted))

    @on(DestinationPart.MessagePasted)
    def _message_pasted(self, event: DestinationPart.MessagePasted) -> None:
        event.stop()
        self.taken(take_pasted(self._model, event.pasted))

    def taken(self, told: str) -> None:
        """Show the draft after a paste, and say what became of it."""
        self.load()
        if told:
            self._outcome.show_nothing_done(told)

    @on(BodyPart.SetAside)
    def _body_set_aside(self, event: BodyPart.SetAside) -> None:
        event.stop()
        self._outcome.show_nothing_done("the draft with that body is among the earlier drafts")

    @on(HeaderEditor.NothingDone)
    def _nothing_done(self, event: HeaderEditor.NothingDone) -> None:
        event.stop()
        self._outcome.show_nothing_done(event.why)
