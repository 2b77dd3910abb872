"""The compose pane: edits one of the open drafts, and shows the frame that it will be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget

from stomptui.compose.checks import Problem
from stomptui.compose.draft import Draft, HeaderLine
from stomptui.compose.draft_model import Checked, ComposeContext, DraftModel, DraftSwitch
from stomptui.compose.draft_notes import DraftDoubt
from stomptui.compose.earlier_drafts import Aside
from stomptui.compose.encoded.coding import BodyCoding
from stomptui.compose.header_text import pasted
from stomptui.compose.open_drafts import OpenDraft, OpenDrafts
from stomptui.compose.send_state import SendState
from stomptui.compose.sent_draft import SentDraft
from stomptui.config.secret_names import MASK
from stomptui.protocol.clean import clean
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.controllers import add_actions
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.compose.after_typing import AfterTyping
from stomptui.ui.widgets.compose.body import BodyPart
from stomptui.ui.widgets.compose.destination import DestinationPart
from stomptui.ui.widgets.compose.draft_tabs import TabActions
from stomptui.ui.widgets.compose.earlier_drafts_list import palette_commands
from stomptui.ui.widgets.compose.frame_preview import FramePreview
from stomptui.ui.widgets.compose.header_editor import HeaderEditor
from stomptui.ui.widgets.compose.headers_part import HeadersPart
from stomptui.ui.widgets.compose.outcome_line import OutcomeLine
from stomptui.ui.widgets.compose.part_titles import ComposeTab, compose_titles
from stomptui.ui.widgets.compose.repair_banner import RepairBanner
from stomptui.ui.widgets.cycle import after
from stomptui.ui.widgets.pane.edge import Piece
from stomptui.ui.widgets.pane.hints import hint
from stomptui.ui.widgets.pane.pane import Pane
from stomptui.ui.widgets.reveal import shows_secrets
from stomptui.ui.widgets.snippet_wanted import SnippetWanted

NARROW = 96
"""Columns below which body, headers and frame are shown one at a time, in tabs."""
ROOMY = 130
"""Columns below which they are side by side, but there is no space for long names of switches."""


class ComposePane(Widget):
    """Edits one draft and posts what the person wants done with it; it never sends anything itself.

    The draft is a `DraftModel`. The parts of the pane edit that, and the pane shows all of it anew after each change.

    Args:
        draft: What to begin with, itself and not a copy; an empty draft if None.
    """

    DEFAULT_CSS = """
    ComposePane {
        layout: vertical;
        height: 1fr;
        #columns { height: 1fr; }
        #left, #middle { width: 5fr; }
        #right { width: 4fr; }
        #columns Pane > * { padding: 0 1; }
        #outcome { padding: 0 2; }

        &.-narrow {
            #columns { layout: vertical; }
            #left, #middle, #right { width: 100%; display: none; }
            &.-body #left, &.-headers #middle, &.-frame #right { display: block; }
        }
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
        self._sent: Sequence[SentDraft] = ()
        self._refresh_due = False
        self._typed = AfterTyping(self, self._refresh_soon)
        self._tab = ComposeTab.BODY
        self._destination = DestinationPart(self._model, lambda: self._body.field.focus())
        self._body = BodyPart(self._model)
        self._headers = HeadersPart(self._model)
        self._preview = FramePreview(id="preview")
        self._panes = {
            ComposeTab.BODY: Pane(id="left"),
            ComposeTab.HEADERS: Pane(id="middle"),
            ComposeTab.FRAME: Pane(id="right"),
        }
        self._outcome = OutcomeLine(id="outcome")
        self._tabs = TabActions(self._model, self._outcome, self._show_draft)
        add_actions(self, self._tabs)
        self._repair = RepairBanner()

    # -- for the screen -------------------------------------------------------------------------------------------

    @property
    def draft(self) -> Draft:
        """The draft itself, not a copy. Change it through `load` and `set_body`."""
        return self._model.draft

    def load(self, draft: Draft) -> None:
        """Edit a copy of another draft from now on."""
        self._model.load(draft)
        self._show_draft()

    def take_up(self, draft: Draft) -> None:
        """Edit a copy of another draft: beside the current one if that is unsent work, else in its place."""
        self._model.open_beside(draft)
        self._show_draft()

    @property
    def open_drafts(self) -> OpenDrafts:
        """The drafts that are open in tabs."""
        return self._model.open

    def reopen(self, drafts: Sequence[OpenDraft], active: int) -> None:
        """Open drafts in tabs, as they were, and go to one of them unless something is being written."""
        self._model.reopen(drafts, active)
        self._show_draft()

    def was_sent(self, draft: Draft) -> None:
        """Say that a draft was sent, as it stands in a tab."""
        for tab in self._model.open.tabs:
            if tab.draft == draft:
                tab.sent = draft
        self._refresh_soon()

    def was_not_sent(self, draft: Draft) -> None:
        """Say that a draft which was sent did not go after all."""
        for tab in self._model.open.tabs:
            if tab.sent == draft:
                tab.sent = None
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
        self._body.to_end()
        said = ["this message was not sent when stomptui ended"] if self._model.open.active.unsent else []
        if tabs > 1:
            said.append(f"{tabs} drafts are open again")
        if aside:
            said.append(f"{aside} more {'is' if aside == 1 else 'are'} among the earlier drafts")
        if secrets := [clean(line.name) for line in self.draft.headers if MASK in line.value]:
            said.append(f"secrets are not kept: type the value of {', '.join(secrets)} again")
        if cut:
            whose = "its body" if (tabs, aside, cut) == (1, 0, 1) else f"the body of {cut}"
            said.append(f"{whose} was not kept on disk, and is missing")
        self._outcome.show_nothing_done("; ".join(said))

    def set_body(self, body: str | bytes) -> None:
        """Give the draft another body, which then comes from no file."""
        self._model.set_body(body)
        self._body.load()

    def set_coding(self, coding: BodyCoding | None) -> None:
        """Edit the body as the text that this makes of it; None sends a text as it is."""
        self._model.set_coding(coding)
        self._body.load()
        self._show_tab(ComposeTab.BODY)
        self.call_after_refresh(self._body.field.focus)

    def set_headers(self, lines: list[HeaderLine]) -> None:
        """Give the draft other header lines."""
        self._model.draft.headers[:] = lines
        self._model.touch()
        self._headers.load()

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
        self._sent = sent

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
        self._panes[ComposeTab.FRAME].foot = (Piece(f"{{{{…}}}} {clean(name)}", "accent"),) if name else ()
        self._refresh_soon()

    @property
    def values(self) -> Mapping[str, str]:
        """Those of the chosen set."""
        return self._model.values

    def refuse(self, error: Problem) -> None:
        """Say why the draft is not sent, and go to what is wrong."""
        self._outcome.show_error(error)
        self._go_to_problem(error)

    def show_outcome(self, state: SendState, text: str, tab: OpenDraft | None = None) -> None:
        """Say what became of the last send, in the tab that it was sent from; None for the one that is shown."""
        if tab is None or tab is self._model.open.active:
            self._outcome.show(state, text)
        else:
            tab.outcome = (state, text)
            self._refresh_soon()

    # -- layout ---------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        yield self._tabs.line
        yield self._repair
        with Horizontal(id="columns"):
            with self._panes[ComposeTab.BODY]:
                yield self._destination
                yield self._body
            with self._panes[ComposeTab.HEADERS]:
                yield self._headers
            with self._panes[ComposeTab.FRAME]:
                yield self._preview
        yield self._outcome

    def keys_changed(self) -> None:
        """Name the keys in the edge, which a person may have changed."""
        self._panes[ComposeTab.BODY].foot = (
            hint(self, "compose.send", "send", "send"),
            hint(self, "compose.history", "earlier drafts", "history", 2),
            hint(self, "compose.editor", "editor", "editor", 1),
        )

    def on_mount(self) -> None:
        self.keys_changed()
        self._show_draft()
        self._show_tab(ComposeTab.BODY)
        self._refresh()

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width < NARROW, "-narrow")
        self._show_titles()
        self._headers.switches.shorten(NARROW <= event.size.width < ROOMY)

    def _show_tab(self, tab: ComposeTab) -> None:
        self._tab = tab
        for other in ComposeTab:
            self.set_class(other is tab, f"-{other.value}")
        self._show_titles()

    def _show_titles(self) -> None:
        draft, context = self._model.example.draft, self._model.context
        size = f"{self._model.shown.size(context.version, context.receipt_id):,} bytes"
        alone = self._tab if self.has_class("-narrow") else None
        transaction = context.transaction_text
        titles = compose_titles(draft, self._model.problems, size, alone, self._go_to_tab, transaction)
        for tab, title in titles.items():
            self._panes[tab].title = title

    # -- the draft, shown -----------------------------------------------------------------------------------------

    def _show_draft(self) -> None:
        """Show another draft in all parts."""
        self._destination.load()
        self._headers.load()
        self._body.load()

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
        context = model.context
        model.check()
        self._outcome.draft_checked(model.first_error)
        notes = model.notes()
        self._destination.show(notes.take("destination"))
        self._body.show(notes.take("body"))
        self._headers.show(notes)
        repair = model.draft.repairs
        self._repair.show(repair, repair is not None and context.is_held(repair))
        self._preview.show(model.shown, context.version, context.receipt_id)
        self._show_titles()
        self._tabs.refresh()
        self._typed.waits_for(model.promises)

    # -- what happens in the parts --------------------------------------------------------------------------------

    def on_descendant_focus(self) -> None:
        self._headers.show_meaning()

    @on(HeaderEditor.FramePasted)
    def _frame_pasted(self, event: HeaderEditor.FramePasted) -> None:
        event.stop()
        self._taken(self._model.take_pasted_frame(event.pasted))

    @on(DestinationPart.MessagePasted)
    def _message_pasted(self, event: DestinationPart.MessagePasted) -> None:
        event.stop()
        self._taken(self._model.take_pasted(event.pasted))

    def take_body_apart(self) -> None:
        """Make a message of the one that was pasted into the body; the draft is kept among the earlier ones."""
        body = self._model.draft.body
        if isinstance(body, str) and (found := pasted(body)).lines:
            self._model.take_up(found.draft())
            left_out = f"; left out: {', '.join(found.not_kept)}" if found.not_kept else ""
            self._taken(f"what was here is among the earlier drafts{left_out}")

    def _taken(self, told: str) -> None:
        """Show the draft after a paste, and say what became of it."""
        self._show_draft()
        if told:
            self._outcome.show_nothing_done(told)

    @on(BodyPart.SetAside)
    def _body_set_aside(self, event: BodyPart.SetAside) -> None:
        event.stop()
        self._outcome.show_nothing_done("the draft with that body is among the earlier drafts")

    @on(HeaderEditor.AsTextRequested)
    def _as_text(self, event: HeaderEditor.AsTextRequested) -> None:
        event.stop()
        self.post_message(self.HeadersAsTextRequested())

    @on(HeaderEditor.NothingDone)
    def _nothing_done(self, event: HeaderEditor.NothingDone) -> None:
        event.stop()
        self._outcome.show_nothing_done(event.why)

    def _go_to_tab(self, tab: ComposeTab) -> None:
        """Show a tab, and go into it."""
        self._show_tab(tab)
        if tab is ComposeTab.HEADERS:
            self.call_after_refresh(self._headers.lines.go_to, 0)
        else:
            self.call_after_refresh((self._body.field if tab is ComposeTab.BODY else self._preview).focus)

    def _go_to_problem(self, problem: Problem) -> None:
        """Show where a problem is, and go there."""
        self._show_tab(ComposeTab.HEADERS if problem.field == "header" else ComposeTab.BODY)
        if problem.index is not None:
            self.call_after_refresh(self._headers.lines.go_to, problem.index, problem.part or "switch")
        elif problem.field == "destination":
            self.call_after_refresh(self._destination.field.focus)
        else:
            self.call_after_refresh(self._body.field.focus)

    # -- what the person asks for ---------------------------------------------------------------------------------

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

    def action_format(self) -> None:
        if (why := self._body.format()) is not None:
            self.show_outcome(SendState.PROBLEM, f"not formatted: {why}")

    def minify(self) -> None:
        """Take the blanks between the tokens of a JSON body out."""
        if (why := self._body.minify()) is not None:
            self.show_outcome(SendState.PROBLEM, f"not minified: {why}")

    def check_json(self) -> None:
        """Say whether the body is JSON, and go to what is wrong with it."""
        self._show_tab(ComposeTab.BODY)
        fine, text = self._body.check_json()
        self.show_outcome(SendState.NOTE if fine else SendState.PROBLEM, text)

    def action_switch(self, switch: str) -> None:
        """Switch something on or off.

        Args:
            switch: The value of a `DraftSwitch`.
        """
        self._headers.switch(DraftSwitch(switch))
        if switch == DraftSwitch.VARIABLES.value and self._model.draft.repairs is not None:
            self._outcome.show_nothing_done("what takes the place of a message goes as it stands, variables too")

    def action_editor(self) -> None:
        self.post_message(self.EditorRequested(self._model.draft.copy()))

    def action_new(self) -> None:
        self._model.begin()
        self._show_draft()
        self._destination.field.focus()

    def action_turn(self, step: int) -> None:
        """Go to the draft before (-1) or after (1) this one."""
        if self._model.turn(step):
            self._show_draft()
        else:
            why = "there is no earlier draft" if step < 0 else "this is the newest draft"
            if (others := len(self._model.open.tabs) - 1) > 0:
                key = key_of(self, "compose.previous_draft")
                why += f"; {key} goes to {'the other one' if others == 1 else 'the others'} open here"
            self._outcome.show_nothing_done(why)

    def action_history(self) -> None:
        if drafts := self._model.earlier.drafts:
            commands = palette_commands(drafts, self.take_up, shows_secrets(self), self._sent)
            self.app.search_commands(commands, "Search for an earlier draft…")
        else:
            self._outcome.show_nothing_done("there is no earlier draft: what you send is kept here")

    def action_next_tab(self) -> None:
        # At once: a second key may follow before a message would arrive.
        self._go_to_tab(after(self._tab))

    def action_body_file(self) -> None:
        self._show_tab(ComposeTab.BODY)
        self._body.ask_path()
