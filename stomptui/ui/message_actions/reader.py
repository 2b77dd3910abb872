"""What every screen with messages has: the list, the message under its cursor, the filter, and acting on them."""

from __future__ import annotations

from textual import on
from textual.getters import query_one
from textual.screen import Screen
from textual.widgets import Input

from stomptui.compose.draft import Draft, from_frame
from stomptui.connection.dialect.base import Dialect
from stomptui.journal.entry import RowKind
from stomptui.journal.journal import Journal
from stomptui.ui.message_actions.acting import MessageActions, MessageHolder
from stomptui.ui.message_actions.saving import save_body, save_messages
from stomptui.ui.widgets.log.message_log import MessageLog
from stomptui.ui.widgets.message.detail import MessageDetail
from stomptui.ui.widgets.text.fields import Field
from stomptui.ui.widgets.work_bar import WorkBar


class Reader(Screen[None]):
    """A screen with a `MessageLog` (#log), a `MessageDetail` (#detail), a filter (#filter) and a `WorkBar`.

    What has to do with the messages is the same on all of them; `begin_reading` says whose they are.
    """

    log_view = query_one("#log", MessageLog)
    detail = query_one("#detail", MessageDetail)
    bar = query_one(WorkBar)
    journal: Journal

    def __init__(self) -> None:
        super().__init__()
        self.bearer: MessageHolder | None = None
        self.acting: MessageActions | None = None

    def begin_reading(self, bearer: MessageHolder) -> None:
        """The widgets are there."""
        self.bearer = bearer
        self.acting = MessageActions(self, bearer, self.bar, self.log_view.action_unmark)

    @property
    def reading_dialect(self) -> Dialect:
        """The broker's, for what headers mean."""
        return self.bearer.dialect if self.bearer is not None else Dialect()

    @property
    def acting_now(self) -> bool:
        """Whether an action is being carried out."""
        return self.acting is not None and self.acting.busy

    # -- the message under the cursor ------------------------------------------------------------------------------

    @on(MessageLog.Highlighted)
    def _highlighted(self, message: MessageLog.Highlighted) -> None:
        if self.has_class("-detail"):
            self.show_row(message.number)

    @on(MessageLog.Selected)
    def _selected(self, message: MessageLog.Selected) -> None:
        self.add_class("-detail")
        self.show_row(message.number)
        if self.has_class("-tiny"):
            self.detail.focus_view()

    def show_row(self, number: int | None) -> None:
        """Show a row in the detail."""
        entry = self.journal.get(number) if number is not None else None
        if entry is None:
            self.detail.show(None)
        elif entry.note is not None:
            self.detail.show_note(entry.note.text, entry.note.detail)
        else:
            about = entry.outcome.text if entry.outcome is not None else ""
            meanings = self.reading_dialect.header_meanings
            self.detail.show(
                entry.frame, odd=entry.odd, meanings=meanings, about=about, sent=entry.kind is RowKind.SENT
            )

    @on(MessageDetail.SaveRequested)
    def _save_body(self, message: MessageDetail.SaveRequested) -> None:
        save_body(self, message.body, message.kind)

    # -- the filter ------------------------------------------------------------------------------------------------

    def action_filter(self) -> None:
        self.show_filter(self.log_view.needle)

    def show_filter(self, needle: str) -> None:
        """Let the person change what is shown, beginning with a word."""
        field = self.query_one("#filter", Field)
        field.add_class("-open")
        field.value = needle
        field.focus()
        self.log_view.search(needle)

    @on(Input.Changed, "#filter")
    def _filter_typed(self, event: Input.Changed) -> None:
        self.log_view.search(event.value)

    @on(Input.Submitted, "#filter")
    def _filter_done(self, event: Input.Submitted) -> None:
        self.query_one("#filter").set_class(bool(event.value), "-open")
        self.log_view.focus()

    def leave_filter(self) -> bool:
        """Show everything again; False if it was shown already."""
        log = self.log_view
        if not (self.query_one("#filter").has_focus or (log.needle and (log.has_focus or not log.shown))):
            return False
        self._close_filter()
        log.focus()
        return True

    @on(MessageLog.FilterDropped)
    def _close_filter(self) -> None:
        field = self.query_one("#filter", Field)
        field.value = ""
        field.remove_class("-open")
        self.log_view.search("")

    # -- acting ----------------------------------------------------------------------------------------------------

    def action_act(self, kind: str) -> None:
        if self.acting is not None:
            self.acting.ask(kind)

    def action_save_messages(self) -> None:
        if self.bearer is not None:
            chosen = (self.bearer.frame(number) for number in self.bearer.chosen())
            save_messages(self, [frame for frame in chosen if frame is not None], self.reading_dialect.as_sent)

    def action_resend(self) -> None:
        """Edit a copy of the message under the cursor."""
        row = self.log_view.row
        frame = self.bearer.frame(row) if self.bearer is not None and row is not None else None
        if frame is None:
            self.notify("Select a message first.", severity="warning")
        else:
            draft = from_frame(frame)
            if frame.command == "MESSAGE":
                draft.destination = self.reading_dialect.as_sent(draft.destination)
            self.edit(draft)

    def edit(self, draft: Draft) -> None:
        """Let the person edit and send a draft."""
        raise NotImplementedError
