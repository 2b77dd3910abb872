"""The compose pane on the console: what it is told, what it sends, the drafts it keeps."""

from __future__ import annotations

from textual import on, work
from textual.getters import query_one
from textual.screen import Screen

from stomptui.application.console import Console
from stomptui.application.outgoing import is_light
from stomptui.compose.draft import Draft
from stomptui.compose.draft_model import ComposeContext
from stomptui.compose.draft_notes import DraftDoubt
from stomptui.compose.history import History
from stomptui.connection.events import Event
from stomptui.protocol.names import doubt, shown
from stomptui.ui.console.destination_check import QueueLookup
from stomptui.ui.console.external_editor import edit_in_editor
from stomptui.ui.console.sending import DraftSender
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.dialogs.lookalike_name import NameScreen
from stomptui.ui.widgets.compose.pane import ComposePane
from stomptui.ui.widgets.text.fields import ExactField


class Composing(Screen[None]):
    """A screen with a compose pane, for one broker.

    Args:
        history: Sent drafts.
    """

    pane = query_one("#compose", ComposePane)
    console: Console

    def __init__(self, history: History) -> None:
        super().__init__()
        self._history = history
        self._sender: DraftSender | None = None
        self._lookup: QueueLookup | None = None
        self._sent = Draft()
        self._receipt_id = "1"
        self._meant: set[str] = set()
        """Destinations that are easily taken for another's, and were asked about."""
        self._agreed: set[DraftDoubt] = set()
        """What can hardly be meant, and is: it was asked about once."""

    def begin_composing(self) -> None:
        """The pane is there."""
        self._sender = DraftSender(self.console, self.pane)
        self._lookup = QueueLookup(self, self.console)
        self._load_history()

    def told_sender(self, event: Event) -> None:
        """Something may concern what was just sent."""
        if self._sender is not None:
            self._sender.handle(event)

    def brief(self) -> None:
        """Tell the compose pane what this broker takes."""
        dialect, session = self.console.dialect, self.console.session
        self._receipt_id = session.coming_receipt if session else "1"
        context = ComposeContext(
            version=self.console.version,
            frame_limit=dialect.frame_limit,
            header_limit=dialect.header_limit,
            known_headers=dialect.known_headers("SEND"),
            destinations=self.console.seen,
            known_values=dialect.known_values,
            hints=self.console.hints,
            connected=self.console.connected,
            receipt_id=self._receipt_id,
        )
        self.pane.set_context(context)

    def brief_again(self) -> None:
        """The frame in the pane shows the receipt that will be asked for, which others use up."""
        session = self.console.session
        if session is not None and session.coming_receipt != self._receipt_id and self.has_class("-compose"):
            self.brief()

    def action_compose(self) -> None:
        self.add_class("-compose")
        self.console.look_around()
        self.brief()
        self._enter_pane()

    @on(ComposePane.SendRequested)
    def _send(self, message: ComposePane.SendRequested) -> None:
        name = message.draft.destination
        if name in self._meant or not doubt(name):
            self._look_up(message)
            return

        def answered(chosen: str | None) -> None:
            if chosen == name:
                self._meant.add(name)
                self._look_up(message)
            elif chosen is not None:
                self.pane.query_one("#destination", ExactField).exact = chosen

        self.app.push_screen(NameScreen(name), answered)

    def _look_up(self, message: ComposePane.SendRequested) -> None:
        """See whether its queue is there, and go on."""
        if self._lookup is not None:
            self._lookup.before(message.draft.destination, lambda: self._ask(message))

    def looked_up(self) -> None:
        """The broker told what queues it has, or will not."""
        if self._lookup is not None:
            self._lookup.answered()

    def _ask(self, message: ComposePane.SendRequested) -> None:
        """Send, after a yes if there is something in the draft that can hardly be meant and was not agreed to yet."""
        # What was known of its queue when the key was pressed may have changed.
        words = self.console.absence_words(message.draft)
        doubts = [doubt for doubt in message.doubts if doubt.text != words]
        if told := self.console.novelty(message.draft):
            doubts.insert(0, DraftDoubt("destination", told, message.draft.destination))
        new = [doubt for doubt in doubts if doubt not in self._agreed]
        if not new:
            self._send_now(message.draft)
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._agreed.update(new)
                self._send_now(message.draft)

        detail = "\n".join(f"{shown(where)}: {text}" for where, text, _ in new)
        self.app.push_screen(ConfirmScreen("Send it anyway?", yes="Send", no="Keep editing", detail=detail), answered)

    def _send_now(self, draft: Draft) -> None:
        sender = self._sender
        if sender is None:
            return
        if sender.busy or not is_light(draft):
            self._send_off(sender, draft)
        elif sender.send(draft):
            self._was_sent(draft)

    @work
    async def _send_off(self, sender: DraftSender, draft: Draft) -> None:
        if await sender.send_off(draft):
            self._was_sent(draft)

    def _was_sent(self, draft: Draft) -> None:
        self._sent = draft
        self._keep(draft)
        self.brief()

    @work(thread=True)
    def _load_history(self) -> None:
        self._kept(self._history.load())

    @work(thread=True)
    def _keep(self, draft: Draft) -> None:
        problem = self._history.add(draft)
        self._kept([problem] if problem else [])

    def _kept(self, problems: list[str]) -> None:
        """In a worker's thread: show the history, and what was wrong with it."""
        self.app.call_from_thread(self.pane.set_history, list(self._history.drafts))
        for problem in problems:
            self.app.call_from_thread(self.notify, problem, title="History", severity="warning", markup=False)

    @on(ComposePane.EditorRequested)
    def _edit(self, message: ComposePane.EditorRequested) -> None:
        edit_in_editor(self, self.pane, message.draft)

    def _enter_pane(self) -> None:
        """Begin with what is missing: the destination, else the body."""
        self.pane.query_one("#body" if self.pane.draft.destination else "#destination").focus()

    @property
    def unsent(self) -> bool:
        """Whether a message was written that was not sent."""
        draft = self.pane.draft
        return not draft.empty and draft != self._sent

    def edit(self, draft: Draft) -> None:
        """Open the pane with a draft; one in hand is set aside, for ctrl+up."""
        self.pane.take_up(draft)
        self.action_compose()
