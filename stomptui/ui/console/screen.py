"""The console: subscriptions, log, message and compose pane of one broker, and the controllers that work them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input

from stomptui.application.console import Console
from stomptui.application.session_work import end_all_session_actions
from stomptui.application.standstill import Standstill, Stops
from stomptui.compose.draft import Draft
from stomptui.compose.history import History
from stomptui.config.connection import Connection
from stomptui.config.layout import Layout
from stomptui.config.settings import DeadLetterWish
from stomptui.connection.events import Event
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.journal.shown_groups import QUIET
from stomptui.ui.app_messages import KnownMore
from stomptui.ui.check.controller import CheckController
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.console.arranging import Arranging
from stomptui.ui.console.bars import Bars
from stomptui.ui.console.compose_menu import ComposeMenu, ComposeProvider
from stomptui.ui.console.composing import Composing
from stomptui.ui.console.connection_actions import ConnectionActions
from stomptui.ui.console.delivery_limit_question import FoundOut
from stomptui.ui.console.empty_texts import empty_log, empty_subscriptions
from stomptui.ui.console.live_copies import CopiesChanged
from stomptui.ui.console.log_messages import LogMessages, UnackedReport
from stomptui.ui.console.log_repairs import LogRepairs
from stomptui.ui.console.panes import Panes
from stomptui.ui.console.queue_actions import QueueController
from stomptui.ui.console.repairing import Repairing
from stomptui.ui.controllers import add_actions
from stomptui.ui.help_texts import broker_facts, receipt_facts
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.message_actions.message_reader import MessageReader
from stomptui.ui.peek.screen import PeekReported
from stomptui.ui.queue_list.dead_letters import DeadLetters, DeadLettersCounted
from stomptui.ui.widgets.compose.pane import ComposePane
from stomptui.ui.widgets.empty_state import EmptyState
from stomptui.ui.widgets.first_paint import StylesOnce, take_breakpoints
from stomptui.ui.widgets.key_footer import KeyFooter
from stomptui.ui.widgets.log.filter_problem import FilterProblemLine
from stomptui.ui.widgets.log.heads import LogHeads
from stomptui.ui.widgets.log.message_log import MessageLog
from stomptui.ui.widgets.message.detail import MessageDetail
from stomptui.ui.widgets.message.split import MessageSplit
from stomptui.ui.widgets.message.view_choice import ViewRequested
from stomptui.ui.widgets.pane.edge import Piece
from stomptui.ui.widgets.pane.hints import hint
from stomptui.ui.widgets.pane.pane import Pane
from stomptui.ui.widgets.status_bar import StatusBar
from stomptui.ui.widgets.subscriptions import SubscriptionList
from stomptui.ui.widgets.text.fields import ExactField, Field
from stomptui.ui.widgets.work_bar import WorkBar

TICK = 1.0
"""Seconds between two looks at the clock."""
BEHIND = 2
"""Looks from one paint behind a dialog to the next: there all of the screen is painted, dimmed, and more than once."""


class ConsoleScreen(Screen[None]):
    """Subscriptions, log, message and compose pane of one broker.

    Its keys are actions of its controllers; it hands on to them what its widgets post and what the console reports.

    Args:
        console: The console of the broker, which the screen shows and works.
        history: Sent drafts.
        hold: Seconds that a peek holds messages unless something else is asked for.
        dead_letters: Returns how dead letters are watched.
        stops: Knows when this process was stopped.
        layout: The sizes and places of the panes, as the person left them.
        library: The directory of saved messages, None for the person's own.
    """

    BINDINGS = [*bindings(Place.CONSOLE), *bindings(Place.QUEUES_AND_MESSAGES)]

    COMMANDS = {ComposeProvider}
    ACTING = frozenset({"act", "drain", "refill", "stop", "disconnect"})
    """Actions that a key in a burst of keys asks about first."""

    def __init__(
        self, console: Console, history: History, hold: Callable[[], float],
        dead_letters: Callable[[], DeadLetterWish], stops: Stops, layout: Layout, library: Path | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self._styles = StylesOnce()
        self.console = console
        self._standstill = Standstill(TICK, stops)
        self._unsettled = False
        """Whether something has changed behind a dialog that is not painted yet."""
        self._ticks = 0

        self.status = StatusBar(id="status")
        self.subscriptions = SubscriptionList(id="subscriptions")
        self.log_view = MessageLog(console.journal, self._colour_of, hidden=QUIET, id="log")
        self.detail = MessageDetail(id="detail")
        self.pane = ComposePane(Draft(variables=True), id="compose")
        self.bar = WorkBar()
        self.side = Pane(id="side", title=(Piece("Subscriptions", "title"),))
        self.log_pane = Pane(id="log-box", title=(Piece("Messages", "title"),))
        self.split = MessageSplit(self.log_pane, self.detail, id="messages")

        unacknowledged = console.unacknowledged
        self.composing = Composing(self, console, history, self.pane, library)
        self.compose_menu = ComposeMenu(self.composing)
        self._messages = LogMessages(
            console, unacknowledged, self.log_view, self.post_message, lambda report: self.reader.acting.receive(report)
        )
        self.reader = MessageReader(
            self, console.journal, self._messages, self.log_view, self.detail, self.bar, self.composing.edit
        )
        self.dead_letters = DeadLetters(self, console, dead_letters, self.settle)
        self.queues = QueueController(
            self,
            console,
            unacknowledged,
            self.subscriptions,
            self.reader,
            self.split,
            hold,
            self.dead_letters,
            self.settle,
        )
        self.composing.repairing = Repairing(
            self, console, self.queues.peeking.open, self.pane, self.composing.was_sent, self.composing.send_as_usual,
            lambda: self.reader.acting.busy, self.settle,
        )  # fmt: skip
        self.connection = ConnectionActions(
            self, console, unacknowledged, self._messages, self.pane, self.composing, self.close_side_connections,
            self.settle,
        )  # fmt: skip
        self.arranging = Arranging(self, self.side, self.split, self.log_view, self.pane, layout)
        self.composing.requesting.show_log = self.arranging.leave_alone
        self._panes = Panes(
            self, self.subscriptions, self.log_view, self.detail, self.pane, self.reader, self._messages,
            self.composing, self.arranging.leave_alone,
        )  # fmt: skip
        self.bars = Bars(
            self, console, unacknowledged, self.status, self.dead_letters.watch, self.log_pane,
            self.subscriptions, self.log_view, self._messages, self.queues.copies, self.composing,
        )  # fmt: skip
        add_actions(
            self,
            self.composing,
            self.composing.saved,
            self.compose_menu,
            self.reader,
            LogRepairs(self, console, self._messages, self.log_view, self.composing.edit),
            self.queues,
            self.connection,
            self._panes,
            self.arranging,
            CheckController(self, console),
        )
        console.attach(self)

    def compose(self) -> ComposeResult:
        take_breakpoints(self)
        yield self.status
        with Horizontal(id="body"):
            with self.side:
                yield self.subscriptions
                yield EmptyState(id="side-empty")
                yield self.composing.saved.list
            with self.split:
                with self.log_pane:
                    yield Field(id="filter")
                    yield FilterProblemLine()
                    yield LogHeads(self.log_view)
                    yield self.log_view
                yield self.detail
        yield self.pane
        yield self.bar
        yield KeyFooter()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        self._styles.resumed(event)
        if self._unsettled:
            self.settle()

    def on_mount(self) -> None:
        self.arranging.begin()
        self.log_view.empty = lambda: empty_log(self, self.console)
        self.keys_changed()
        self.composing.load_history()
        self.log_view.focus()
        self.set_interval(TICK, self._tick)
        self.call_later(self.console.pump.start)
        self.settle()

    def keys_changed(self) -> None:
        """Name the keys of the panes, which a person may have changed."""
        self.side.foot = (hint(self, "console.subscribe", "subscribe", "subscribe"),)
        empty = self.query_one("#side-empty", EmptyState)
        empty.said = empty_subscriptions(self)
        empty.display = not self.subscriptions.rows
        clear = key_of(self, "console.back")
        self.query_one(
            "#filter", Field
        ).placeholder = f"text to find, or header:value; enter keeps the filter, {clear} clears it"

    def on_unmount(self) -> None:
        self.close_side_connections()
        self.composing.recording.close()
        self.console.pump.stop()

    # -- the connection --------------------------------------------------------------------------------------------

    def connect(
        self, connection: Connection, profile: str = "", watches: list[WantedSubscription] | None = None
    ) -> None:
        """Begin with a broker; what comes of it arrives as events."""
        # What goes on beside the connection belongs to the broker it was begun with.
        self.close_side_connections()
        name = profile or f"{connection.host}:{connection.port}"
        self.arranging.opened(name)
        self.composing.saved.values.opened(name)
        self.console.open(connection, watches, profile)
        self.settle()

    def close_side_connections(self) -> None:
        """Return what is unacknowledged beside the main connection, and end what goes on there; does not wait."""
        self.queues.close()
        self._messages.close()
        end_all_session_actions(self.console)

    # -- what the console reports ----------------------------------------------------------------------------------

    def handle_event(self, event: Event) -> None:
        """An event was written down."""
        self.connection.handle_event(event)

    def fail(self, error: Exception) -> None:
        """Handling an event went wrong: as a callback of ours it ends the app."""
        self.call_later(self._raise, error)

    def _raise(self, error: Exception) -> None:
        raise error

    def known_more(self) -> None:
        """From the thread that asked the broker."""
        self.post_message(KnownMore())

    @on(KnownMore)
    def _known_more(self) -> None:
        """There is more to complete from: a person may be typing just now, or have sent a message."""
        self.composing.looked_up()
        focused = self.app.focused
        if isinstance(focused, ExactField) and focused.completion is not None:
            focused.completion.more()

    # -- what is shown ---------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """The journal or the console changed: bring the screen up to date."""
        # While the app closes, its widgets go before the timers of the pump do.
        if not (self.is_mounted and self.app.is_running):
            return
        self._unsettled = self.app.screen is not self
        if not self._unsettled:
            self.log_view.settle()
            self.bars.refresh_soon()

    def _tick(self) -> None:
        """Once a second: rates, countdowns and the pulse move on though nothing arrived."""
        if gap := self._standstill.tick():
            self.console.stood_still(gap.seconds, gap.why)
        if self.console.main_connection is not None:
            self.console.main_connection.tick()
        self.dead_letters.watch.follow()
        self._ticks += 1
        if self.app.screen is not self and self._ticks % BEHIND:
            return
        if self._unsettled:
            self._unsettled = False
            self.log_view.settle()
        self.bars.refresh()

    def _colour_of(self, subscription: str) -> int | None:
        main = self.console.main_connection
        watch = main.subscription_of(subscription) if main else None
        return watch.colour if watch else self.queues.copies.colour(subscription)

    def help_facts(self) -> list[str]:
        """What a peek and a nack mean on the broker that is connected; of a draft, what its receipt proves."""
        dialect = self.console.dialect
        if not self.console.session:
            return []
        if self.pane.has_focus_within:
            return receipt_facts(dialect, self.pane.draft.destination)
        return broker_facts(dialect)

    # -- to the controllers ----------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.connection.available(action, parameters)

    def is_hint_useful(self, id: str) -> bool:
        """Whether the footer should show a key: acknowledging, where something waits; errors, where one is open."""
        if id in ("act.ack", "act.reject"):
            return self.console.unacknowledged.waiting > 0
        return id != "log.last_error" or self.console.journal.errors.open > 0

    def on_resize(self) -> None:
        self.arranging.resized()

    @on(Pane.Dragged)
    def _dragged(self, event: Pane.Dragged) -> None:
        self.arranging.drag(event)

    @on(MessageSplit.Arranged)
    def _arranged(self) -> None:
        self.arranging.arranged()

    @on(MessageLog.StateChanged)
    def _log_changed(self) -> None:
        self.bars.log_changed()
        self.arranging.arranged()

    @on(MessageLog.Highlighted)
    @on(MessageLog.Selected)
    @on(MessageLog.FilterDropped)
    @on(MessageLog.ColumnRequested)
    @on(MessageDetail.SaveRequested)
    @on(MessageDetail.CopyPartRequested)
    @on(MessageDetail.CommandQuestion)
    @on(ViewRequested)
    @on(Input.Changed, "#filter")
    @on(Input.Submitted, "#filter")
    def _read(self, message: Message) -> None:
        self.reader.handle(message)

    @on(ComposePane.Changed)
    @on(ComposePane.SendRequested)
    @on(ComposePane.SeriesRequested)
    @on(ComposePane.EditorRequested)
    @on(ComposePane.HeadersAsTextRequested)
    def _written(self, message: Message) -> None:
        self.composing.handle(message)

    @on(SubscriptionList.PauseRequested)
    @on(SubscriptionList.AgainRequested)
    @on(SubscriptionList.RemoveRequested)
    @on(SubscriptionList.Chosen)
    @on(FoundOut)
    @on(CopiesChanged)
    def _subscribed(self, message: Message) -> None:
        self.queues.handle(message)

    @on(DeadLettersCounted)
    def _counted(self, message: DeadLettersCounted) -> None:
        self.dead_letters.handle(message)

    @on(StatusBar.DeadLettersChosen)
    def _dead_letters_chosen(self) -> None:
        self.queues.action_dead_letters()

    @on(PeekReported)
    def _peeked(self, message: PeekReported) -> None:
        self.queues.peeking.receive(message)

    @on(UnackedReport)
    def _acted(self, message: UnackedReport) -> None:
        self._messages.handle(message)
