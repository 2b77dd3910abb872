"""The compose pane: edits one of the open drafts, and shows the frame that it will be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget

from stomptui.compose.checks import Problem
from stomptui.compose.compose_context import ComposeContext, DraftSwitch
from stomptui.compose.draft import Draft, HeaderLine
from stomptui.compose.draft_model import Checked, DraftModel
from stomptui.compose.draft_notes import DraftDoubt
from stomptui.compose.earlier_drafts import Aside
from stomptui.compose.encoded.coding import BodyCoding
from stomptui.compose.open_drafts import OpenDraft, OpenDrafts
from stomptui.compose.send_state import SendState
from stomptui.compose.sent_draft import SentDraft
from stomptui.ui.controllers import add_actions
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.compose.after_typing import AfterTyping
from stomptui.ui.widgets.compose.body_actions import BodyActions
from stomptui.ui.widgets.compose.draft_tabs import TabActions
from stomptui.ui.widgets.compose.earlier_actions import EarlierDraftActions, back_again
from stomptui.ui.widgets.compose.header_editor import HeaderEditor
from stomptui.ui.widgets.compose.outcome_line import OutcomeLine
from stomptui.ui.widgets.compose.part_titles import ComposeTab
from stomptui.ui.widgets.compose.parts import DraftParts
from stomptui.ui.widgets.compose.repair_banner import RepairBanner
from stomptui.ui.widgets.snippet_wanted import SnippetWanted


class ComposePane(Widget):
    """Edits one draft and posts what the person wants done with it; it never sends anything itself.

    The draft is a `DraftModel`. The parts of the pane edit that, and the pane shows all of it anew after each change.

    Args:
        draft: What to begin with, itself and not a copy; an empty draft if None.

    Attributes:
        body_actions: What can be done with the body as a whole.
    """

    DEFAULT_CSS = """
    ComposePane {
        layout: vertical;
        height: 1fr;
        #outcome { padding: 0 2; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.COMPOSE)

    class SendRequested(Message):
        """The person wants this sent: a copy that no further typing changes, without an error in it.

        Args:
            draft: What is to be sent.
            doubts: What is hardly meant in it.
            template: The draft before its variables were filled in, as the person goes on editing it.
        """

        def __init__(self, draft: Draft, doubts: Sequence[DraftDoubt] = (), template: Draft | None = None) -> None:
            super().__init__()
            self.draft = draft
            self.doubts = tuple(doubts)
            self.template = template or draft

    class SeriesRequested(Message):
        """The person wants this sent many times: a copy without an error in it, and what is hardly meant in it."""

        def __init__(self, draft: Draft, doubts: Sequence[DraftDoubt] = ()) -> None:
            super().__init__()
            self.draft = draft
            self.doubts = tuple(doubts)

    class Changed(Message):
        """The draft was changed."""

        def __init__(self, pane: ComposePane) -> None:
            super().__init__()
            self.pane = pane

        @property
        def control(self) -> ComposePane:
            return self.pane

    class HeadersAsTextRequested(Message):
        """The person wants to edit all header lines as text; answer with `set_headers`."""

    class EditorRequested(Message):
        """The person wants to write the body in their own editor; answer with `set_body`."""

        def __init__(self, draft: Draft) -> None:
            super().__init__()
            self.draft = draft

    def __init__(self, draft: Draft | None = None, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._model = DraftModel(draft, self._changed)
        self._refresh_due = False
        self._typed = AfterTyping(self, self._refresh_soon)
        self._outcome = OutcomeLine(id="outcome")
        self._parts = DraftParts(self._model, self._outcome)
        self._tabs = TabActions(self._model, self._outcome, self._parts.load)
        self._earlier = EarlierDraftActions(self, self._model, self._outcome, self._parts.load, self.take_up)
        self.body_actions = BodyActions(self._model, self._parts, self._outcome)
        add_actions(self, self._tabs, self._earlier, self.body_actions)
        self._repair = RepairBanner()

    # -- for the screen -------------------------------------------------------------------------------------------

    @property
    def draft(self) -> Draft:
        """The draft itself, not a copy. Change it through `load` and `set_body`."""
        return self._model.draft

    def load(self, draft: Draft) -> None:
        """Edit a copy of another draft from now on."""
        self._model.load(draft)
        self._parts.load()

    def take_up(self, draft: Draft) -> None:
        """Edit a copy of another draft: beside the current one if that is unsent work, else in its place."""
        self._model.open_beside(draft)
        self._parts.load()

    @property
    def open_drafts(self) -> OpenDrafts:
        """The drafts that are open in tabs."""
        return self._model.open

    def reopen(self, drafts: Sequence[OpenDraft], active: int) -> None:
        """Open drafts in tabs, as they were, and go to one of them unless something is being written."""
        self._model.reopen(drafts, active)
        self._parts.load()

    def was_sent(self, draft: Draft) -> None:
        """Say that a draft was sent, as it stands in a tab."""
        self._model.open.was_sent(draft)
        self._refresh_soon()

    def was_not_sent(self, draft: Draft) -> None:
        """Say that a draft which was sent did not go after all."""
        self._model.open.was_not_sent(draft)
        self._refresh_soon()

    @property
    def drafts_aside(self) -> list[Aside]:
        """Copies of the unsent drafts that were set aside, oldest first."""
        return self._model.earlier.aside

    def set_aside(self, drafts: Iterable[Aside]) -> None:
        """Put unsent drafts among the earlier ones."""
        for each in drafts:
            self._model.earlier.set_aside(*each)

    def show_back(self, tabs: int, aside: int, cut: int = 0) -> None:
        """Say that drafts of an earlier start are here again, in so many tabs and set aside, some without a body."""
        self._parts.body.to_end()
        self._outcome.show_nothing_done(back_again(self._model, tabs, aside, cut))

    def set_body(self, body: str | bytes) -> None:
        """Give the draft another body, which then comes from no file."""
        self._model.set_body(body)
        self._parts.body.load()

    def set_coding(self, coding: BodyCoding | None) -> None:
        """Edit the body as the text that this makes of it; None sends a text as it is."""
        self._model.set_coding(coding)
        self._parts.body.load()
        self._parts.show_tab(ComposeTab.BODY)
        self.call_after_refresh(self._parts.body.field.focus)

    def set_headers(self, lines: list[HeaderLine]) -> None:
        """Give the draft other header lines."""
        self._model.draft.headers[:] = lines
        self._model.touch()
        self._parts.headers.load()

    def set_context(self, context: ComposeContext) -> None:
        """Say what is known of the connection that the draft is for."""
        if context.connected and not self._model.context.connected:
            self._outcome.connected()
        self._model.context = context
        self._refresh_soon()

    def was_saved(self) -> None:
        """The draft has a place among the saved messages now, which its tab and what is kept of it say."""
        self.post_message(self.Changed(self))
        self._refresh_soon()

    def set_history(self, drafts: Iterable[Draft], sent: Sequence[SentDraft] = ()) -> None:
        """Say which drafts were sent, oldest first, and what is known of each."""
        self._model.earlier.put(drafts)
        self._earlier.sent = sent

    def checked(self, draft: Draft) -> Checked:
        """What is wrong with the draft once it is filled in."""
        return self._model.checked(draft)

    def to_send(self) -> SendRequested | None:
        """The draft as it would be sent now; None, and goes there, if something is wrong with it."""
        return self.SendRequested(self._model.draft.copy(), self._model.doubts()) if self._sendable() else None

    def count_from(self, counter: int) -> None:
        """Say which number the next message that counts has."""
        self._model.counter = counter
        self._refresh_soon()

    def use_values(self, name: str, values: Mapping[str, str]) -> None:
        """Fill in the values of a set from now on.

        Args:
            name: What the set is called, "" for none.
            values: Its values by the names of their variables.
        """
        self._model.values = dict(values)
        self._parts.name_values(name)
        self._refresh_soon()

    @property
    def values(self) -> Mapping[str, str]:
        """Those of the chosen set."""
        return self._model.values

    def refuse(self, error: Problem) -> None:
        """Say why the draft is not sent, and go to what is wrong."""
        self._outcome.show_error(error)
        self._parts.go_to_problem(error)

    def show_outcome(self, state: SendState, text: str, tab: OpenDraft | None = None) -> None:
        """Say what became of the last send, in the tab that it was sent from; None for the one that is shown."""
        if tab is None or tab is self._model.open.active:
            self._outcome.show(state, text)
        else:
            tab.outcome = (state, text)
            self._refresh_soon()

    # -- the draft, shown -----------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        yield self._tabs.line
        yield self._repair
        yield self._parts
        yield self._outcome

    def on_mount(self) -> None:
        self._refresh()

    def _changed(self) -> None:
        """The draft was changed."""
        if not self._tabs.follow():
            self._outcome.draft_changed()
        self.post_message(self.Changed(self))
        self._refresh_soon()

    def _refresh_soon(self) -> None:
        """Check and paint once, however many keys come at a time."""
        if not self._refresh_due and self.is_mounted:
            self._refresh_due = True
            # After a refresh would be after one of whatever screen is on top, and never if that one closes first.
            self.call_later(self._refresh)

    def _refresh(self) -> None:
        self._refresh_due = False
        model = self._model
        model.check()
        self._outcome.draft_checked(model.first_error)
        repair = model.draft.repairs
        self._repair.show(repair, repair is not None and model.context.is_held(repair))
        self._parts.show()
        self._tabs.refresh()
        self._typed.waits_for(model.promises)

    # -- what the person asks for ---------------------------------------------------------------------------------

    @on(HeaderEditor.AsTextRequested)
    def _as_text(self, event: HeaderEditor.AsTextRequested) -> None:
        event.stop()
        self.post_message(self.HeadersAsTextRequested())

    def action_send(self) -> None:
        if (message := self.to_send()) is not None:
            self.post_message(message)

    def action_series(self) -> None:
        if self._sendable(any_column=True):
            self.post_message(self.SeriesRequested(self._model.draft.copy(), self._model.doubts()))

    def _sendable(self, any_column: bool = False) -> bool:
        """Whether nothing is wrong with the draft; goes to what is."""
        error = self._model.try_to_send(any_column)
        if error is None:
            return True
        self.refuse(error)
        self._refresh_soon()
        return False

    def action_copy_as(self) -> None:
        if self._sendable():
            self.app.post_message(SnippetWanted(self._model.draft.copy()))

    def action_switch(self, switch: str) -> None:
        """Switch something on or off.

        Args:
            switch: The value of a `DraftSwitch`.
        """
        self._parts.headers.switch(DraftSwitch(switch))
        if switch == DraftSwitch.VARIABLES.value and self._model.draft.repairs is not None:
            self._outcome.show_nothing_done("what takes the place of a message goes as it stands, variables too")

    def action_editor(self) -> None:
        self.post_message(self.EditorRequested(self._model.draft.copy()))

    def action_new(self) -> None:
        self._model.begin()
        self._parts.load()
        self._parts.destination.field.focus()

    def action_next_tab(self) -> None:
        # At once: a second key may follow before a message would arrive.
        self._parts.go_to_next_tab()
