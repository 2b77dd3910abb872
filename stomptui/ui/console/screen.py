"""The console: all the wiring between the `Console` of one broker and what is on the screen."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.getters import query_one
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from stomptui.application.console import Console
from stomptui.application.event_pump import EventPump
from stomptui.application.standstill import Standstill, Stops
from stomptui.application.unacknowledged import LEFT, RETURNED, Unacknowledged
from stomptui.compose.draft import Draft
from stomptui.compose.history import History
from stomptui.config.connection import Connection
from stomptui.connection.event_queue import EventQueue
from stomptui.connection.events import Connected, ConnectFailed, Event, Lost, Progress, SubscribeFailed
from stomptui.connection.reconnect import ConnectionState
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.journal.entry import NoteKind
from stomptui.journal.journal import Journal
from stomptui.ui.app_messages import FormWanted, Happened, KnownMore
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.console.composing import Composing
from stomptui.ui.console.queue_actions import Queueing
from stomptui.ui.console.status_texts import log_facts, status_facts, subscription_rows
from stomptui.ui.help_texts import broker_facts, receipt_facts
from stomptui.ui.keymap import Place, bindings
from stomptui.ui.widgets.compose.pane import ComposePane
from stomptui.ui.widgets.key_footer import KeyFooter
from stomptui.ui.widgets.log.header import LogHeader
from stomptui.ui.widgets.log.message_log import MessageLog
from stomptui.ui.widgets.message.detail import MessageDetail
from stomptui.ui.widgets.status_bar import StatusBar
from stomptui.ui.widgets.subscriptions import SubscriptionList
from stomptui.ui.widgets.text.fields import ExactField, Field
from stomptui.ui.widgets.work_bar import WorkBar

TICK = 1.0
"""Seconds between two looks at the clock."""
BARS_EVERY = 0.2
"""Seconds between two paints of the counters: under a flood each costs as much as the rows."""


class ConsoleScreen(Composing, Queueing):
    """Subscriptions, log, message and compose pane of one broker.

    Args:
        journal: The record.
        history: Sent drafts.
        hold: Seconds that a peek holds messages unless something else is asked for.
        stops: Knows when this process was stopped.
    """

    BINDINGS = bindings(Place.CONSOLE)

    status = query_one("#status", StatusBar)
    header = query_one("#log-header", LogHeader)

    def __init__(self, journal: Journal, history: History, hold: Callable[[], float], stops: Stops) -> None:
        super().__init__(history)
        self.journal = journal
        self.profile = ""
        self._event_queue = EventQueue(self._wake)
        self._pump: EventPump[Event] | None = None
        self.console = Console(journal, self._event_queue, self._told)
        self.console.on_known = self._tell_known
        self.console.remembered = self._history.destinations
        self.unacknowledged = Unacknowledged(self.console)
        self.prepare_queues(hold)
        self._log_state = (True, False, "")
        """What decides about keys of the log: following, paused, and what it is filtered by."""
        self._keys = (False, False, False)
        """What decides about keys: whether there are errors, open ones, and whether anything is held."""
        self._stops = stops
        self._standstill = Standstill(TICK, stops)
        self._bars_at = 0.0
        self._bars_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield StatusBar(id="status")
        with Horizontal(id="body"):
            with Vertical(id="side"):
                yield Static("SUBSCRIPTIONS", id="side-title", markup=False)
                yield SubscriptionList(id="subscriptions")
                empty = f"None yet: press {key_of(self, 'console.subscribe')} to subscribe."
                yield Static(empty, id="side-empty", markup=False)
            with Vertical(id="messages"):
                with Vertical(id="log-box"):
                    yield LogHeader(id="log-header")
                    hint = f"show only what holds this; enter keeps it, {key_of(self, 'console.back')} clears it"
                    yield Field(placeholder=hint, id="filter")
                    yield MessageLog(self.journal, self._colour_of, id="log")
                yield MessageDetail(id="detail")
        yield ComposePane(Draft(), id="compose")
        yield WorkBar()
        yield KeyFooter()

    def on_mount(self) -> None:
        self.begin_composing()
        self.begin_queues()
        self._pump = EventPump(self._event_queue, self._handle, self.settle)
        self.log_view.focus()
        self._standstill = Standstill(TICK, self._stops)
        self.set_interval(TICK, self._tick)
        self.call_later(self._pump.start)
        self.settle()

    def on_unmount(self) -> None:
        self.close_sides()
        if self._pump is not None:
            self._pump.stop()

    # -- the connection ------------------------------------------------------------------------------------------

    def connect(
        self, connection: Connection, profile: str = "", watches: list[WantedSubscription] | None = None
    ) -> None:
        """Begin with a broker; what comes of it arrives as events."""
        self.profile = profile
        # What goes on beside the connection belongs to the broker it was begun with.
        self.close_sides()
        self.console.open(connection, watches)
        self.settle()

    def _tell_known(self) -> None:
        """From the thread that asked the broker."""
        self.post_message(KnownMore())

    @on(KnownMore)
    def _known_more(self) -> None:
        """There is more to complete from: a person may be typing just now, or have sent a message."""
        self.looked_up()
        focused = self.app.focused
        if isinstance(focused, ExactField) and focused.completion is not None:
            focused.completion.more()

    def _wake(self) -> None:
        """From the threads of sessions: there is something in the event queue."""
        if self._pump is not None:
            self._pump.wake()

    def _handle(self, event: Event) -> None:
        try:
            self.console.handle(event)
        except Exception as error:
            # Out of a timer of the event loop it would be seen by nobody; as a callback of ours it ends the app.
            self.call_later(self._fail, error)

    def _fail(self, error: Exception) -> None:
        raise error

    def _told(self, event: Event) -> None:
        """Something other than plain traffic may concern the whole app, or what was just sent."""
        self.told_sender(event)
        if self.console.side_connections.name(event.session):
            return
        if isinstance(event, (Connected, ConnectFailed, Lost)):
            if isinstance(event, Lost):
                count = self.unacknowledged.let_go(why=LEFT if event.wanted else RETURNED)
                if count:
                    many = f"{count:,} unacknowledged messages were" if count != 1 else "1 unacknowledged message was"
                    how = "by disconnecting" if event.wanted else "when the connection was lost"
                    self.journal.append_note(NoteKind.INFO, f"{many} returned {how}", event.when)
                self.log_view.settle()
            if isinstance(event, Connected) and self.pane.draft.empty:
                # Where nobody answers a receipt, asking for one would leave every message in doubt.
                self.pane.load(Draft(receipt=self.console.dialect.confirms))
            self.brief()
            self.refresh_bindings()
        elif isinstance(event, SubscribeFailed):
            self.unacknowledged.let_go(event.subscription, "given back")
            watch = self.console.main_connection.watch_of(event.subscription) if self.console.main_connection else None
            if watch is not None and watch.cancelled:
                # Its messages are ours no longer, and an action may be about to acknowledge them.
                self.stop_acting()
            self.notify(
                event.reason,
                title=f"Not subscribed to {watch.label if watch else event.subscription}",
                severity="error",
                markup=False,
            )
        if isinstance(event, (Progress, Connected, ConnectFailed)):
            self.app.post_message(Happened(event))

    def settle(self) -> None:
        """The journal or the console changed: bring the screen up to date."""
        # While the app closes, its widgets go before the timers of the pump do.
        if not self.is_mounted or not self.app.is_running:
            return
        self.log_view.settle()
        self._refresh_bars_soon()

    def _refresh_bars_soon(self) -> None:
        """Bring the bars up to date now, or in a moment if they just were: nobody reads counters faster."""
        wait = self._bars_at + BARS_EVERY - monotonic()
        if wait <= 0:
            self._refresh_bars()
        elif self._bars_timer is None:
            self._bars_timer = self.set_timer(wait, self._refresh_bars)

    def _refresh_bars(self) -> None:
        self._bars_at = monotonic()
        if self._bars_timer is not None:
            self._bars_timer.stop()
            self._bars_timer = None
        self.header.facts = log_facts(self.console, self.log_view)
        self.status.facts = status_facts(self.console, self.profile, self.console.side_connections.live)
        self.brief_again()
        rows = [*subscription_rows(self.console, self.unacknowledged), *self.tapping.rows()]
        self.subscriptions.show(rows)
        self.query_one("#side-empty").display = not rows
        keys = (self.journal.errors.total > 0, self.journal.errors.open > 0, self.holds_some)
        if self._keys != keys:
            self._keys = keys
            self.refresh_bindings()

    def _tick(self) -> None:
        """Once a second: rates, countdowns and the pulse move on though nothing arrived."""
        if gap := self._standstill.tick():
            self.console.stood_still(gap.seconds, gap.why)
        if self.console.main_connection is not None:
            self.console.main_connection.tick()
        self._refresh_bars()

    def _colour_of(self, subscription: str) -> int | None:
        watch = self.console.main_connection.watch_of(subscription) if self.console.main_connection else None
        return watch.colour if watch else self.tapping.colour(subscription)

    def nudge(self) -> None:
        """A key was pressed: what it changes is painted at once, whatever the traffic."""
        if self._pump is not None:
            self._pump.nudge()

    # -- the log ---------------------------------------------------------------------------------------------------

    @on(MessageLog.StateChanged)
    def _log_changed(self) -> None:
        self._refresh_bars()
        log = self.log_view
        state = (log.following, log.paused, log.needle)
        if state != self._log_state:
            # How far a filter has come changes no key, and the footer costs as much to paint as the log.
            self._log_state = state
            self.refresh_bindings()

    def action_clear(self) -> None:
        if count := len(self.journal):
            self.log_view.clear()
            self.notify(f"{count:,} rows cleared: {key_of(self, 'console.bring_back')} brings them back.")

    def action_bring_back(self) -> None:
        if count := self.log_view.bring_back():
            self.notify(f"{count:,} rows are back.")
        else:
            self.notify(
                "Nothing to bring back: what was cleared is forgotten with the next clear, or when memory is needed."
            )

    # -- moving about ----------------------------------------------------------------------------------------------

    def action_back(self) -> None:
        """One step back: stop what is being done, out of the filter, out of a pane, then the pane away."""
        if self.acting_now:
            self.stop_acting()
        elif not self.pane.has_focus_within and self.leave_filter():
            return
        elif self.pane.has_focus_within or (self.has_class("-compose") and self.log_view.has_focus):
            self.remove_class("-compose")
        elif self.has_class("-detail"):
            self.remove_class("-detail")
        elif self.log_view.has_focus and self.log_view.marked:
            self.log_view.action_unmark()
        self.log_view.focus()

    def action_next_pane(self) -> None:
        panes: list[Widget] = [self.subscriptions, self.log_view]
        panes += [self.detail] if self.has_class("-detail") else []
        panes += [self.pane] if self.has_class("-compose") else []
        shown = [pane for pane in panes if pane.is_on_screen and pane.display]
        here = next((i for i, pane in enumerate(shown) if pane.has_focus or pane.has_focus_within), -1)
        after = shown[(here + 1) % len(shown)]
        if after is self.pane:
            self._enter_pane()
        elif after is self.detail:
            self.detail.focus_view()
        else:
            after.focus()

    def action_side(self) -> None:
        self.toggle_class("-side" if self.has_class("-narrow") else "-hide-side")

    # -- the connection --------------------------------------------------------------------------------------------

    def help_facts(self) -> list[str]:
        """What a peek and a nack mean on the broker that is connected; of a draft, what its receipt proves."""
        if not self.console.session:
            return []
        pane = self.query_one(ComposePane)
        return (
            receipt_facts(self.console.dialect, pane.draft.destination)
            if pane.has_focus_within
            else broker_facts(self.console.dialect)
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        state = self.console.main_connection.state if self.console.main_connection else ConnectionState.IDLE
        if action == "retry":
            return state in (ConnectionState.WAITING, ConnectionState.FAILED, ConnectionState.STOPPED)
        if action == "stop":
            return state in (ConnectionState.WAITING, ConnectionState.CONNECTING)
        if action == "disconnect":
            return state is ConnectionState.UP
        if action == "act" and parameters[0] in ("ack", "reject", "move", "retry", "delete"):
            return self.holds_some
        return True

    def action_say_why_not(self, action: str) -> None:
        idle = self.console.main_connection is None
        told = {
            "retry": f"Connect to a broker first: {key_of(self, 'console.form')}."
            if idle
            else "The connection stands or is being made.",
            "stop": "There is no connection.",
            "act": f"Nothing here is unacknowledged. Peek into a queue ({key_of(self, 'console.peek')}), "
            f"or subscribe to work it ({key_of(self, 'console.subscribe')}).",
        }.get(action)
        if told is not None:
            self.notify(told, severity="warning")

    def action_retry(self) -> None:
        if self.console.main_connection is not None:
            self.console.main_connection.retry_now()
            self.settle()
            self.refresh_bindings()

    def action_stop(self) -> None:
        self.close_sides()
        self.console.close()
        self.settle()
        self.refresh_bindings()

    def action_disconnect(self) -> None:
        self.action_stop()

    def action_form(self) -> None:
        self.app.post_message(FormWanted())
