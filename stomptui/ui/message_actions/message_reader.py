"""What every screen with messages has: list, detail, filter and actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input

from stomptui.compose.draft import Draft, from_frame
from stomptui.compose.reply import NoReply, begin_reply
from stomptui.journal.entry import RowKind
from stomptui.journal.journal import Journal
from stomptui.queues.actions.action import ActionKind
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.message_actions.comparing import compare_chosen
from stomptui.ui.message_actions.controller import MessageActions, MessageHolder
from stomptui.ui.message_actions.saving import save_body, save_messages
from stomptui.ui.widgets.clipboard import copy
from stomptui.ui.widgets.log.filter_problem import FilterProblemLine
from stomptui.ui.widgets.log.header_names import header_names
from stomptui.ui.widgets.log.message_log import MessageLog
from stomptui.ui.widgets.message.detail import MessageDetail
from stomptui.ui.widgets.message.view_choice import ViewRequested
from stomptui.ui.widgets.snippet_wanted import SnippetWanted
from stomptui.ui.widgets.text.fields import Field
from stomptui.ui.widgets.work_bar import WorkBar


class MessageReader:
    """A controller for a list of messages, the one under its cursor, a filter (#filter) and actions on messages.

    Args:
        screen: The screen with the widgets; its class `-detail` shows the message.
        journal: The record that the list shows.
        messages: The messages to act on.
        log: The list.
        detail: Shows the message under the cursor.
        bar: Shows how an action gets on.
        edit: Called with a draft that the person wants to edit and send, and with what is to be said of it.
    """

    def __init__(
        self,
        screen: Screen[Any],
        journal: Journal,
        messages: MessageHolder,
        log: MessageLog,
        detail: MessageDetail,
        bar: WorkBar,
        edit: Callable[[Draft, str], None],
    ) -> None:
        self._screen = screen
        self._journal = journal
        self._messages = messages
        self.log = log
        """The list."""
        self._detail = detail
        self._edit = edit
        self.acting = MessageActions(screen, messages, bar, log.marking.action_unmark)

    def handle(self, message: Message) -> None:
        """React to what the list, the message or the filter posted."""
        match message:
            case MessageLog.Highlighted():
                if self._screen.has_class("-detail"):
                    self.show_row(message.number)
                    # What passes by was not looked at.
                    if not self.log.following and message.number is not None:
                        self.log.look_at(message.number)
            case MessageLog.Selected():
                self._screen.add_class("-detail")
                self.show_row(message.number)
                self.log.look_at(message.number)
                if self._screen.has_class("-tiny"):
                    self._detail.focus_view()
            case MessageLog.FilterDropped():
                self._close_filter()
            case MessageLog.ColumnRequested():
                self._ask_for_column()
            case MessageDetail.SaveRequested():
                save_body(self._screen, message.body, message.kind)
            case MessageDetail.CopyPartRequested():
                self._ask_for_part(message)
            case ViewRequested():
                self._ask_for_view(message)
            case MessageDetail.CommandQuestion():
                self._ask_to_run(message)
            case Input.Changed():
                self._search(message.value)
            case Input.Submitted():
                self._filter_field.set_class(bool(message.value), "-open")
                self.log.focus()
            case _:
                raise TypeError(f"{message!r} is of nothing that is read here")

    def show_row(self, number: int | None) -> None:
        """Show a row in the detail."""
        entry = self._journal.get(number) if number is not None else None
        if entry is None:
            self._detail.show(None)
        elif entry.note is not None:
            self._detail.show_note(entry.note.text, entry.note.detail)
        else:
            about = entry.outcome.text if entry.outcome is not None else ""
            meanings = self._messages.dialect.header_meanings
            sent = entry.kind is RowKind.SENT
            self._detail.show(entry.frame, odd=entry.odd, meanings=meanings, about=about, sent=sent)

    def _ask_to_run(self, message: MessageDetail.CommandQuestion) -> None:
        question = ConfirmScreen(
            "Show such bodies by this command?",
            yes="Run it",
            no="Do not run it",
            detail=f"{message.command}\nIt comes from [views] in settings.toml. In this profile it will read the body "
            "of each message of that type that is shown, and is not asked about again.",
        )
        self._screen.app.push_screen(question, lambda yes: message.allow() if yes else None)

    def _ask_for_part(self, message: MessageDetail.CopyPartRequested) -> None:
        from stomptui.ui.dialogs.copy_part import CopyPartScreen

        question = CopyPartScreen(message.frame, message.content)
        self._screen.app.push_screen(question, lambda part: message.copy(part) if part is not None else None)

    def _ask_for_view(self, message: ViewRequested) -> None:
        from stomptui.ui.dialogs.choice import Choice, ChoiceScreen

        views = {view.name: view for view in message.views}
        choices = [Choice("", "auto", "as it fits"), *(Choice(name, name) for name in views)]
        question = ChoiceScreen("Show the body as what?", choices, message.chosen.name if message.chosen else "")

        def chosen(name: str | None) -> None:
            if name is not None:
                message.choose(views.get(name))

        self._screen.app.push_screen(question, chosen)

    def _ask_for_column(self) -> None:
        from stomptui.ui.dialogs.choice import Choice, ChoiceScreen

        log = self.log
        choices = [Choice(name, name, note) for name, note in header_names(self._journal, log.row)]
        if log.header is not None and all(each.value != log.header for each in choices):
            choices.append(Choice(log.header, log.header, "shown now"))
        question = ChoiceScreen(
            "Which header as a column?",
            [*choices, Choice("", "No column")] if log.header is not None else choices,
            log.header or "",
            placeholder="name of a header",
        )

        def chosen(name: str | None) -> None:
            if name is not None:
                log.header = name or None

        self._screen.app.push_screen(question, chosen)

    # -- the filter ------------------------------------------------------------------------------------------------

    @property
    def _filter_field(self) -> Field:
        return self._screen.query_one("#filter", Field)

    def action_filter(self) -> None:
        self.show_filter(self.log.needle)

    def show_filter(self, needle: str) -> None:
        """Let the person change what is shown, beginning with a word."""
        field = self._filter_field
        field.add_class("-open")
        field.value = needle
        field.focus()
        self._search(needle)

    def _search(self, text: str) -> None:
        """Show the rows that match a filter; what is wrong with it stands below it, and the rows stay."""
        problem = self.log.search(text)
        self._screen.query_one(FilterProblemLine).show(text, problem)
        self._detail.mark(self.log.rows.filter)

    def leave_filter(self) -> bool:
        """Select nothing any more, or show everything again; False if it was shown already."""
        log = self.log
        if log.painting.selection.clear():
            log.painting.repaint()
            return True
        if not (self._filter_field.has_focus or (log.needle and (log.has_focus or not log.shown))):
            return False
        self._close_filter()
        log.focus()
        return True

    def _close_filter(self) -> None:
        field = self._filter_field
        field.value = ""
        field.remove_class("-open")
        self._search("")

    # -- acting ----------------------------------------------------------------------------------------------------

    def action_act(self, kind: ActionKind) -> None:
        self.acting.ask(kind)

    def action_edit_chosen(self) -> None:
        """Ask for an edit of all that are chosen, then retry them with it."""
        # What only this needs is imported here.
        from stomptui.ui.message_actions.edit_form import EditForm

        if not any(self._messages.frame(number) is not None for number in self._messages.chosen()):
            self._screen.notify("Select a message first.", severity="warning")
            return
        self._screen.app.push_screen(
            EditForm(len(self._messages.chosen())), lambda edit: self.acting.ask("retry", edit) if edit else None
        )

    def action_save_messages(self) -> None:
        chosen = (self._messages.frame(number) for number in self._messages.chosen())
        save_messages(self._screen, [frame for frame in chosen if frame is not None], self._messages.dialect.as_sent)

    def action_copy_body(self) -> None:
        """Copy what is selected with the mouse, or else the body of the message under the cursor."""
        if selected := self.log.painting.selected_text:
            copy(self._screen.app, selected, ("what is selected, as it is shown",))
            return
        row = self.log.row
        frame = self._messages.frame(row) if row is not None else None
        if frame is None:
            self._screen.notify("Select a message first.", severity="warning")
        else:
            self._detail.copying.copy_body_of(frame)

    def action_resend(self) -> None:
        """Edit a copy of the message under the cursor."""
        if (draft := self._draft_here()) is not None:
            self._edit(draft, "")

    def action_reply(self) -> None:
        """Begin a reply to the message under the cursor."""
        row = self.log.row
        frame = self._messages.frame(row) if row is not None else None
        if frame is None:
            self._screen.notify("Select a message first.", severity="warning")
            return
        dialect = self._messages.dialect
        try:
            reply = begin_reply(frame, dialect.replies.destination, dialect.replies.own_ids, dialect.confirms)
        except NoReply as why:
            self._screen.notify(f"This message cannot be replied to: {why}.", severity="warning", markup=False)
        else:
            self._edit(reply.draft, reply.note)

    def action_copy_as(self) -> None:
        """Copy the message under the cursor as a program, or as a line or bytes."""
        if (draft := self._draft_here()) is not None:
            self._screen.app.post_message(SnippetWanted(draft))

    def action_compare(self) -> None:
        """Compare the two marked messages, or the marked one with that under the cursor."""
        compare_chosen(self._screen, self._journal, self.log)

    def _draft_here(self) -> Draft | None:
        """A draft that sends the message under the cursor again; None, which is said, without a message."""
        row = self.log.row
        frame = self._messages.frame(row) if row is not None else None
        if frame is None:
            self._screen.notify("Select a message first.", severity="warning")
            return None
        draft = from_frame(frame)
        if frame.command == "MESSAGE":
            draft.destination = self._messages.dialect.as_sent(draft.destination)
        return draft
