"""The console: all the wiring between the conversation with a broker and what is on the screen."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.getters import query_one
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Footer, Static

from stomptui.broker.events import Connected, ConnectFailed, Event, Lost, Received, Sent, SubscribeFailed
from stomptui.broker.inbox import Inbox
from stomptui.broker.link import LinkState
from stomptui.broker.queues.reports import Report
from stomptui.broker.watch import Watch
from stomptui.compose.draft import Draft
from stomptui.compose.history import History
from stomptui.config.connection import Connection
from stomptui.journal.journal import Journal
from stomptui.ui.claims import Claims
from stomptui.ui.conversation import Conversation
from stomptui.ui.drain import Drain
from stomptui.ui.messages import FormWanted, Happened
from stomptui.ui.screens.acting import action_keys
from stomptui.ui.screens.bearing import LogBearer
from stomptui.ui.screens.composing import Composing
from stomptui.ui.screens.facts import log_facts, status_facts, subscription_rows
from stomptui.ui.screens.glancing import Glancing
from stomptui.ui.screens.peeking import Peeking
from stomptui.ui.screens.queue import Told
from stomptui.ui.screens.reader import Reader
from stomptui.ui.screens.transferring import Transferring
from stomptui.ui.screens.watching import Watching
from stomptui.ui.widgets.compose_pane import ComposePane
from stomptui.ui.widgets.fields import Field
from stomptui.ui.widgets.log_header import LogHeader
from stomptui.ui.widgets.message_detail import MessageDetail
from stomptui.ui.widgets.message_log import MessageLog
from stomptui.ui.widgets.status_bar import StatusBar
from stomptui.ui.widgets.subscriptions import SubscriptionList
from stomptui.ui.widgets.work_bar import WorkBar

BARS_EVERY = 0.2
"""Seconds between two paints of the counters: under a flood each costs as much as the rows."""


class ConsoleScreen(Composing, Reader):
    """Subscriptions, log, message and compose pane around one conversation.

    Args:
        journal: The record.
        history: Sent drafts.
        hold: Seconds that a peek holds messages unless something else is asked for.
    """

    BINDINGS = [
        *action_keys("ack", "reject"),
        Binding("p", "peek", "Peek", id="console.peek", tooltip="See what is in a queue and take nothing out"),
        Binding("g", "queues", "Queues", id="console.queues", tooltip="All queues of this broker at a glance"),
        Binding("s", "subscribe", "Subscribe", id="console.subscribe", tooltip="Subscribe to a destination"),
        Binding("c", "compose", "Compose", id="console.compose", tooltip="Build a message and send it"),
        Binding("question_mark", "app.help", "Help", key_display="?", id="console.help", tooltip="All keys"),
        Binding("slash", "filter", "Filter", key_display="/", id="console.filter", tooltip="Only rows with a word"),
        Binding("e", "resend", "Resend", id="console.resend", tooltip="Edit this message and send it again"),
        Binding("D", "drain", "Drain", False, "D", id="console.drain", tooltip="Take a queue out into a file"),
        Binding("R", "refill", "Refill", False, "R", id="console.refill", tooltip="Send the messages of a file"),
        Binding("r", "retry", "Retry now", id="console.retry", tooltip="Connect again without waiting"),
        Binding("x", "stop", "Stop", id="console.stop", tooltip="Do not try to connect again"),
        Binding("x", "disconnect", "Disconnect", id="console.disconnect", tooltip="Leave this broker", show=False),
        Binding("ctrl+l", "clear", "Clear", id="console.clear", tooltip="Forget the messages shown", show=False),
        Binding("b", "side", "Side panel", id="console.side", tooltip="Show or hide the subscriptions", show=False),
        Binding("o", "form", "Connection", id="console.form", tooltip="Connect to another broker", show=False),
        Binding("f6", "next_pane", "Next pane", id="console.next_pane", tooltip="Go to the next pane", show=False),
        Binding("q", "app.leave", "Quit", id="console.quit", tooltip="Leave stomptui"),
        Binding("escape", "back", "Back", id="console.back", tooltip="Back to the log", show=False),
    ]

    status = query_one("#status", StatusBar)
    header = query_one("#log-header", LogHeader)
    subscriptions = query_one("#subscriptions", SubscriptionList)

    def __init__(self, journal: Journal, history: History, hold: Callable[[], float]) -> None:
        super().__init__(history)
        self.journal = journal
        self.profile = ""
        self._inbox = Inbox(self._wake)
        self._drain: Drain[Event] | None = None
        self.talk = Conversation(journal, self._inbox, self._told)
        self.claims = Claims(self.talk)
        self.peeking = Peeking(self, self.talk, hold)
        self._watching = Watching(self, self.talk, self.claims, self.peeking)
        self.transferring = Transferring(self, self.talk)
        self._glancing = Glancing(self, self.talk, self.peeking.ask, self._watching.ask)
        self._claimed: LogBearer | None = None
        self._keys = (False, False)
        """What decides about keys: whether there are errors, and whether anything is held."""
        self._bars_at = 0.0
        self._bars_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield StatusBar(id="status")
        with Horizontal(id="body"):
            with Vertical(id="side"):
                yield Static("SUBSCRIPTIONS", id="side-title", markup=False)
                yield SubscriptionList(id="subscriptions")
                yield Static("None yet: press s to subscribe.", id="side-empty", markup=False)
            with Vertical(id="messages"):
                with Vertical(id="log-box"):
                    yield LogHeader(id="log-header")
                    yield Field(placeholder="show only what holds this; enter keeps it, esc clears it", id="filter")
                    yield MessageLog(self.journal, self._colour_of, id="log")
                yield MessageDetail(id="detail")
        yield ComposePane(Draft(), id="compose")
        yield WorkBar()
        yield Footer()

    def on_mount(self) -> None:
        self.begin_composing()
        self._claimed = LogBearer(self.talk, self.claims, self.log_view, self._bench_tells)
        self.begin_reading(self._claimed)
        self._drain = Drain(self._inbox, self._handle, self.settle)
        self.log_view.focus()
        self.set_interval(1.0, self._tick)
        self.call_later(self._drain.start)
        self.settle()

    def on_unmount(self) -> None:
        self.close_sides()
        if self._drain is not None:
            self._drain.stop()

    def close_sides(self) -> None:
        """Give back what is held beside the main connection; does not wait."""
        self.peeking.close()
        self.transferring.close()
        if self._claimed is not None:
            self._claimed.close()

    # -- the conversation ------------------------------------------------------------------------------------------

    def connect(self, connection: Connection, profile: str = "", watches: list[Watch] | None = None) -> None:
        """Begin with a broker; what comes of it arrives as events."""
        self.profile = profile
        self.talk.open(connection, watches)
        self.settle()

    def _wake(self) -> None:
        """From the threads of sessions: there is something in the inbox."""
        if self._drain is not None:
            self._drain.wake()

    def _handle(self, event: Event) -> None:
        try:
            self.talk.handle(event)
        except Exception as error:
            # Out of a timer of the event loop it would be seen by nobody; as a callback of ours it ends the app.
            self.call_later(self._fail, error)

    def _fail(self, error: Exception) -> None:
        raise error

    def _told(self, event: Event) -> None:
        """Something other than plain traffic may concern the whole app, or what was just sent."""
        self.told_sender(event)
        if self.talk.sides.name(event.session):
            return
        if isinstance(event, (Connected, ConnectFailed, Lost)):
            if isinstance(event, Lost):
                self.claims.let_go(why="gone with the connection")
                self.log_view.settle()
            if isinstance(event, Connected) and self.pane.draft.empty:
                # Where nobody answers a receipt, asking for one would leave every message in doubt.
                self.pane.load(Draft(receipt=self.talk.dialect.confirms))
            self.brief()
            self.refresh_bindings()
        elif isinstance(event, SubscribeFailed):
            self.claims.let_go(event.subscription, "given back")
            watch = self.talk.link.watch_of(event.subscription) if self.talk.link else None
            self.notify(
                event.reason,
                title=f"Not subscribed to {watch.label if watch else event.subscription}",
                severity="error",
                markup=False,
            )
        if not isinstance(event, (Received, Sent)):
            self.app.post_message(Happened(event))

    def settle(self) -> None:
        """The journal or the conversation changed: bring the screen up to date."""
        if not self.is_mounted:
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
        self.header.facts = log_facts(self.talk, self.log_view)
        self.status.facts = status_facts(self.talk, self.profile, self.talk.sides.live)
        self.brief_again()
        rows = subscription_rows(self.talk, self.claims)
        self.subscriptions.show(rows)
        self.query_one("#side-empty").display = not rows
        keys = (self.journal.errors > 0, self._holds_some())
        if self._keys != keys:
            self._keys = keys
            self.refresh_bindings()

    def _tick(self) -> None:
        """Once a second: rates, countdowns and the pulse move on though nothing arrived."""
        if self.talk.link is not None:
            self.talk.link.tick()
        self._refresh_bars()

    def _colour_of(self, subscription: str) -> int | None:
        watch = self.talk.link.watch_of(subscription) if self.talk.link else None
        return watch.colour if watch else None

    def nudge(self) -> None:
        """A key was pressed: what it changes is painted at once, whatever the traffic."""
        if self._drain is not None:
            self._drain.nudge()

    # -- subscriptions ---------------------------------------------------------------------------------------------

    def action_subscribe(self) -> None:
        self._watching.ask()

    @on(SubscriptionList.PauseRequested)
    def _pause(self, message: SubscriptionList.PauseRequested) -> None:
        self._watching.pause_or_resume(message.key)
        self.settle()

    @on(SubscriptionList.RemoveRequested)
    def _remove(self, message: SubscriptionList.RemoveRequested) -> None:
        self._watching.remove(message.key)
        self.settle()

    @on(SubscriptionList.Chosen)
    def _only(self, message: SubscriptionList.Chosen) -> None:
        watch = self._watching.get(message.key)
        if watch is not None:
            self.show_filter(watch.destination)

    # -- looking into queues and acting on messages ----------------------------------------------------------------

    def action_peek(self) -> None:
        """Ask for a queue; the one of the subscription under the cursor to begin with."""
        self.peeking.ask(self._queue_here())

    def _queue_here(self) -> str:
        """The queue of the subscription under the cursor, "" if it is none."""
        row = self.subscriptions.current if self.subscriptions.has_focus else None
        watch = self._watching.get(row.key) if row is not None else None
        return watch.destination if watch is not None and self.talk.dialect.is_queue(watch.destination) else ""

    def action_drain(self) -> None:
        self.transferring.drain(self._queue_here())

    def action_refill(self) -> None:
        self.transferring.refill()

    def action_queues(self) -> None:
        self._glancing.show()

    def _bench_tells(self, report: Report) -> None:
        """In the thread of a bench."""
        bench = self.talk.bench
        if bench is not None:
            self.post_message(Told(bench, report))

    @on(Told)
    def _peek_told(self, message: Told) -> None:
        if message.peek is self.talk.bench:
            if self.acting is not None:
                self.acting.hear(message.report)
                self.log_view.settle()
        else:
            self.peeking.hear(message)

    # -- the log ---------------------------------------------------------------------------------------------------

    @on(MessageLog.StateChanged)
    def _log_changed(self) -> None:
        self._refresh_bars()
        self.refresh_bindings()

    def action_clear(self) -> None:
        self.log_view.clear()

    # -- moving about ----------------------------------------------------------------------------------------------

    def action_back(self) -> None:
        """One step back: stop what is being done, out of the filter, out of a pane, then the pane away."""
        if self.acting_now and self._claimed is not None:
            self._claimed.stop()
        elif self.leave_filter():
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

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        state = self.talk.link.state if self.talk.link else LinkState.IDLE
        if action == "retry":
            return state in (LinkState.WAITING, LinkState.FAILED, LinkState.STOPPED)
        if action == "stop":
            return state in (LinkState.WAITING, LinkState.CONNECTING)
        if action == "disconnect":
            return state is LinkState.UP
        if action == "act" and parameters[0] in ("ack", "reject", "move", "retry", "delete"):
            return self._holds_some()
        return True

    def _holds_some(self) -> bool:
        """Whether a subscription holds what it shows."""
        link = self.talk.link
        return link is not None and any(
            watch.state == "on" and watch.reading and watch.reading.holds for watch in link.wanted
        )

    def action_retry(self) -> None:
        if self.talk.link is not None:
            self.talk.link.retry_now()
            self.settle()
            self.refresh_bindings()

    def action_stop(self) -> None:
        self.close_sides()
        self.talk.close()
        self.settle()
        self.refresh_bindings()

    def action_disconnect(self) -> None:
        self.action_stop()

    def action_form(self) -> None:
        self.app.post_message(FormWanted())
