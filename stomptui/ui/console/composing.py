"""The compose pane on the console: what it is told of the connection, what it sends, its drafts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.message import Message
from textual.screen import Screen

from stomptui.application.console import Console
from stomptui.application.outgoing import is_light
from stomptui.application.repairs.held_original import is_held
from stomptui.application.transactions import Ending
from stomptui.compose.compose_context import ComposeContext, DraftSwitch
from stomptui.compose.draft import Draft
from stomptui.compose.history import History
from stomptui.compose.kept_drafts import KeptDrafts
from stomptui.compose.kept_raw_frame import KeptRawFrame
from stomptui.compose.library.library import Library
from stomptui.compose.send_state import SendState
from stomptui.compose.sent_draft import NOT_SENT, Became, Sending
from stomptui.connection.events import Event
from stomptui.protocol.features import Feature
from stomptui.ui.console.draft_keeper import DraftKeeper
from stomptui.ui.console.external_editor import edit_in_editor
from stomptui.ui.console.filling import Filling
from stomptui.ui.console.headers_as_text import edit_headers_as_text
from stomptui.ui.console.recording import Recording
from stomptui.ui.console.repairing import SERIES_REFUSED, Repairing
from stomptui.ui.console.requesting import Requesting
from stomptui.ui.console.send_questions import SendQuestions
from stomptui.ui.console.sending import DraftSender, where_of
from stomptui.ui.console.transacting import Transacting
from stomptui.ui.library.agreeing import Agreeing
from stomptui.ui.library.controller import SavedMessages
from stomptui.ui.raw.controller import RawFrames
from stomptui.ui.series.controller import SeriesController
from stomptui.ui.widgets.compose.pane import ComposePane

_SWITCHES = {DraftSwitch.RECEIPT: Feature.RECEIPTS, DraftSwitch.PERSISTENT: Feature.QUEUES}
"""What the broker must have for a switch to do anything."""


class Composing:
    """A controller for the compose pane: tells it what the broker takes, sends what it makes, and keeps the drafts.

    Args:
        screen: The screen with the pane; its class `-compose` shows the pane.
        console: What to send with.
        history: Sent drafts.
        pane: The pane.
        library: The directory of saved messages, None for the person's own.
    """

    def __init__(
        self, screen: Screen[Any], console: Console, history: History, pane: ComposePane, library: Path | None = None
    ) -> None:
        self._screen = screen
        self._console = console
        self._history = history
        self._pane = pane
        self._sender = DraftSender(console, pane, self._settled, self._was_not_sent)
        self._filling = Filling(screen, pane)
        self._agreeing = Agreeing(screen)
        self._questions = SendQuestions(screen, console, pane)
        self._series = SeriesController(screen, console, self._questions.before, self._series_sent)
        self.requesting = Requesting(screen, console, pane, self.was_sent)
        """Sends drafts as requests."""
        self.repairing: Repairing | None = None
        """Sends what takes the place of a message."""
        self.transacting = Transacting(screen, console, pane, self.update_context, self._sender.transaction_ended)
        """Begins and ends the transaction that is sent in."""
        self._sent = Draft()
        self._undone: list[Draft] = []
        """What was sent in a transaction that ended without it, and not again since."""
        self.saved = SavedMessages(screen, pane, Library(library))
        folder = history.path.with_name("drafts") if history.path is not None else None
        self.keeper = DraftKeeper(
            screen, pane, KeptDrafts(folder, history.wish), self._was_sent_before, history.profile_wish
        )
        self.raw_frames = RawFrames(screen, console, KeptRawFrame(folder, history.wish_now))
        self.recording = Recording(screen, pane, history)
        self._receipt_id = "1"

    # -- for what the menu of the pane runs ------------------------------------------------------------------------

    @property
    def screen(self) -> Screen[Any]:
        """The screen with the pane."""
        return self._screen

    @property
    def console(self) -> Console:
        """What the draft is for."""
        return self._console

    @property
    def pane(self) -> ComposePane:
        """The pane with the draft."""
        return self._pane

    def handle(self, message: Message) -> None:
        """React to what the pane posted."""
        match message:
            case ComposePane.Changed():
                self.keeper.changed()
            case ComposePane.SendRequested() if message.draft.repairs is not None:
                assert self.repairing is not None, "set before the pane is on the screen"
                self.repairing.ask(message)
            case ComposePane.SendRequested():
                self.send_as_usual(message)
            case ComposePane.SeriesRequested() if message.draft.repairs is not None:
                self._pane.show_outcome(SendState.PROBLEM, SERIES_REFUSED)
            case ComposePane.SeriesRequested():
                draft, doubts = message.draft, message.doubts
                self._agreeing.before(draft, lambda: self._series.ask(draft, doubts, self._pane.values))
            case ComposePane.HeadersAsTextRequested():
                edit_headers_as_text(self._screen, self._pane)
            case ComposePane.EditorRequested():
                edit_in_editor(self._screen, self._pane, message.draft)
            case _:
                raise TypeError(f"{message!r} is no wish of the compose pane")

    def send_as_usual(self, message: ComposePane.SendRequested) -> None:
        """Send a draft that takes the place of nothing."""
        self._agreeing.before(message.draft, lambda: self._filling.before(message, self._send))

    def handle_event(self, event: Event) -> None:
        """Something may concern what was just sent."""
        self._sender.handle(event)

    def update_context(self) -> None:
        """Tell the compose pane what this broker takes."""
        dialect, session = self._console.dialect, self._console.session
        self._receipt_id = session.coming_receipt if session else "1"
        transaction = self._console.transactions.open
        limit, limit_told = self._frame_limit()
        context = ComposeContext(
            version=self._console.version,
            frame_limit=limit,
            limit_told=limit_told,
            header_limit=dialect.header_limit,
            known_headers=dialect.hints.known_headers("SEND"),
            destinations=self._console.destinations.names,
            example=dialect.send_example,
            known_values=dialect.hints.known_values,
            hints=self._console.advice.hints,
            connected=self._console.connected,
            absent=[switch for switch, needed in _SWITCHES.items() if needed in dialect.lacks],
            preset=dialect.preset,
            confirms=session.gives_receipt if session else dialect.gives_receipt,
            receipt_id=self._receipt_id,
            transaction=transaction.name if transaction is not None else "",
            transaction_text=self._console.transactions.told,
            is_held=lambda repair: is_held(self._console, repair),
        )
        self._pane.set_context(context)

    def _frame_limit(self) -> tuple[int | None, str]:
        """The largest frame that the broker takes, None if none is known, and how it is known."""
        main, told = self._console.main_connection, self._console.told_limit
        if told is not None:
            return told, "as it has said itself"
        wanted = main.connection.frame_limit if main is not None else None
        if wanted is not None:
            return wanted or None, "as this connection is set"
        return self._console.dialect.frame_limit, self._console.dialect.limit_told

    def update_receipt(self) -> None:
        """The frame in the pane shows the receipt that will be asked for, which others use up."""
        session = self._console.session
        if session is not None and session.coming_receipt != self._receipt_id and self._screen.has_class("-compose"):
            self.update_context()

    def action_compose(self) -> None:
        self._screen.add_class("-compose")
        self._console.destinations.ask()
        self.update_context()
        self.enter_pane()

    def _send(self, message: ComposePane.SendRequested) -> None:
        draft, template = message.draft, message.template
        self._questions.before(draft, message.doubts, lambda: self._send_now(draft, template))

    def send_as(self, send: Callable[[Draft, Draft], None]) -> None:
        """Send the draft in the pane another way: as it is filled in, once everything was agreed to.

        Args:
            send: Called with that and with what it was filled in from.
        """

        def go(draft: Draft, template: Draft) -> None:
            self._sender.other_sent(template)
            send(draft, template)

        def ask(filled: ComposePane.SendRequested) -> None:
            draft, template = filled.draft, filled.template
            self._questions.before(draft, filled.doubts, lambda: go(draft, template))

        message = self._pane.to_send()
        if message is not None and message.draft.repairs is not None:
            self._pane.show_outcome(SendState.PROBLEM, "it takes the place of a message: send it as it is")
        elif message is not None:
            self._agreeing.before(message.draft, lambda: self._filling.before(message, ask))

    def looked_up(self) -> None:
        """The broker told what queues it has, or will not."""
        self._questions.looked_up()

    def _send_now(self, draft: Draft, template: Draft | None = None) -> None:
        """Send a draft, and keep what it was filled in from."""
        self.requesting.other_sent(template or draft)
        if self._sender.busy or not is_light(draft):
            self._screen.run_worker(self._send_off(draft, template))
        elif (sending := self._sender.send(draft, template)) is not None:
            self.was_sent(template or draft, sending)

    async def _send_off(self, draft: Draft, template: Draft | None) -> None:
        if (sending := await self._sender.send_off(draft, template)) is not None:
            self.was_sent(template or draft, sending)

    def was_sent(self, draft: Draft, sending: Sending | None = None) -> None:
        """Keep a draft that was sent."""
        self._sent = draft
        self._undone = [undone for undone in self._undone if undone != draft]
        self._pane.was_sent(draft)
        self.keeper.changed()
        self.recording.sent(draft, sending or Sending(where_of(self._console)))
        self.update_context()

    def _series_sent(self, draft: Draft, words: str) -> Callable[[str], None]:
        sending = Sending(where_of(self._console))
        self.was_sent(draft, sending)
        self._settled(sending, Became.SERIES, words)
        return lambda figures: self._settled(sending, Became.SERIES, figures)

    @property
    def series_prospect(self) -> str:
        """How far a series is that is being sent, "" without one."""
        return self._series.prospect

    def _settled(self, sending: Sending, became: Became, words: str) -> None:
        self.recording.settled(sending, became, words)

    def load_history(self) -> None:
        """Show the drafts of earlier days once they are read; the pane is on the screen."""
        self.recording.load()
        self.keeper.begin()
        self.saved.refresh()
        self.raw_frames.begin()

    def _was_sent_before(self, draft: Draft) -> bool:
        if draft in self._undone:
            return False
        sent = (entry.draft for entry in list(self._history.entries) if entry.became not in NOT_SENT)
        return draft == self._sent or draft in sent

    def _was_not_sent(self, draft: Draft) -> None:
        self._undone.append(draft)
        self._pane.was_not_sent(draft)
        self.keeper.changed()

    def leave(self) -> None:
        """The program ends: the broker aborts a transaction that is open."""
        self.recording.leave()
        self._sender.transaction_ended(Ending.LOST, "you left with its transaction open, and the broker aborts it")

    def enter_pane(self) -> None:
        """Begin with what is missing: the destination, else the body."""
        self._pane.query_one("#body" if self._pane.draft.destination else "#destination").focus()

    @property
    def unsent(self) -> bool:
        """Whether a message was written that was not sent."""
        return any(tab.unsent for tab in self._pane.open_drafts.tabs)

    def edit(self, draft: Draft, note: str = "") -> None:
        """Open the pane with a draft, and say something of it.

        Unsent work in hand stays open beside it; any other draft is set aside, for ctrl+up.
        """
        self._pane.take_up(draft)
        self.action_compose()
        if note:
            # What was changed just now would take it away.
            self._screen.call_after_refresh(self._pane.show_outcome, SendState.NOTE, note)
