"""The main connection on the console: making and ending it, and what its events mean for the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.screen import Screen

from stomptui.application.console import Console
from stomptui.application.unacknowledged import LEFT, RETURNED, Unacknowledged
from stomptui.compose.draft import Draft
from stomptui.connection.events import Connected, ConnectFailed, Event, Lost, Progress, SubscribeFailed
from stomptui.connection.reconnect import ConnectionState
from stomptui.journal.entry import NoteKind
from stomptui.protocol.clean import clean
from stomptui.ui.app_messages import FormWanted, Happened
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.console.composing import Composing
from stomptui.ui.console.log_messages import LogMessages
from stomptui.ui.widgets.compose.pane import ComposePane


class ConnectionActions:
    """A controller for the main connection.

    Args:
        screen: Where it is shown.
        console: The console of the broker.
        unacknowledged: Told when messages are not unacknowledged any more.
        messages: What is done with messages of the log, which a connection's end ends.
        pane: The compose pane.
        composing: What the pane is told of the broker.
        end_side_connections: Called before the connection is ended: side connections belong to it.
        settle: Called when the screen is to be brought up to date.
    """

    def __init__(
        self,
        screen: Screen[Any],
        console: Console,
        unacknowledged: Unacknowledged,
        messages: LogMessages,
        pane: ComposePane,
        composing: Composing,
        end_side_connections: Callable[[], None],
        settle: Callable[[], None],
    ) -> None:
        self._screen = screen
        self._console = console
        self._unacknowledged = unacknowledged
        self._messages = messages
        self._pane = pane
        self._composing = composing
        self._end_side_connections = end_side_connections
        self._settle = settle

    def handle_event(self, event: Event) -> None:
        """Something other than plain traffic may concern the whole app, or what was just sent."""
        self._composing.handle_event(event)
        if self._console.side_connections.name(event.session):
            return
        if isinstance(event, (Connected, ConnectFailed, Lost)):
            if isinstance(event, Lost):
                self._lost(event)
            if isinstance(event, Connected) and self._pane.draft.empty:
                # Where nobody answers a receipt, asking for one would leave every message in doubt.
                self._pane.load(Draft.blank(self._console.dialect.preset, self._console.dialect.confirms))
            main = self._console.main_connection
            # At the first attempt the form is open, and says it itself.
            if isinstance(event, Lost) or (isinstance(event, ConnectFailed) and main is not None and main.attempt):
                self._ask_for_credentials()
            self._composing.update_context()
            self._screen.refresh_bindings()
        elif isinstance(event, SubscribeFailed):
            self._not_subscribed(event)
        if isinstance(event, (Progress, Connected, ConnectFailed)):
            self._screen.app.post_message(Happened(event))

    def _lost(self, event: Lost) -> None:
        count = self._unacknowledged.subscription_ended(why=LEFT if event.wanted else RETURNED)
        if count:
            many = f"{count:,} unacknowledged messages were" if count != 1 else "1 unacknowledged message was"
            how = "by disconnecting" if event.wanted else "when the connection was lost"
            self._console.journal.append_note(NoteKind.INFO, f"{many} returned {how}", event.when)
        self._settle()

    def _ask_for_credentials(self) -> None:
        """Say where they go. The form is not put over a draft that is being written."""
        main = self._console.main_connection
        if main is not None and main.asks:
            key = key_of(self._screen, "console.form")
            self._screen.notify(
                f"{clean(main.reason)}. {key} opens the form there.",
                title="Not connected",
                severity="error",
                timeout=20,
                markup=False,
            )

    def _not_subscribed(self, event: SubscribeFailed) -> None:
        self._unacknowledged.subscription_ended(event.subscription)
        main = self._console.main_connection
        watch = main.subscription_of(event.subscription) if main else None
        if watch is not None and watch.cancelled:
            # Its messages are ours no longer, and an action may be about to acknowledge them.
            self._messages.stop()
        self._screen.notify(
            event.reason,
            title=f"Not subscribed to {watch.label if watch else event.subscription}",
            severity="error",
            markup=False,
        )

    # -- keys ------------------------------------------------------------------------------------------------------

    def available(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Whether an action can do something now."""
        main = self._console.main_connection
        state = main.state if main else ConnectionState.IDLE
        if action == "reconnect":
            return state in (ConnectionState.WAITING, ConnectionState.FAILED, ConnectionState.STOPPED)
        if action == "stop":
            return state in (ConnectionState.WAITING, ConnectionState.CONNECTING)
        if action == "disconnect":
            return state is ConnectionState.UP
        if action == "act" and parameters[0] in ("ack", "reject", "move", "retry", "delete"):
            return self._messages.some_unacknowledged
        return True

    def action_say_why_not(self, action: str) -> None:
        idle, screen = self._console.main_connection is None, self._screen
        reason = {
            "reconnect": f"Connect to a broker first: {key_of(screen, 'console.form')}."
            if idle
            else "The connection stands or is being made.",
            "stop": "There is no connection.",
            "act": f"Nothing here is unacknowledged. Peek into a queue ({key_of(screen, 'console.peek')}), "
            f"or subscribe to work it ({key_of(screen, 'console.subscribe')}).",
        }.get(action)
        if reason is not None:
            screen.notify(reason, severity="warning")

    def action_reconnect(self) -> None:
        if self._console.main_connection is not None:
            self._console.main_connection.retry_now()
            self._changed()

    def action_stop(self) -> None:
        """Leave the broker; a transaction that is open is asked about."""
        self._composing.transacting.before_the_end("Disconnect with an open transaction?", "Disconnect", self._stop)

    def _stop(self) -> None:
        self._end_side_connections()
        self._console.close()
        self._changed()

    def action_disconnect(self) -> None:
        self.action_stop()

    def action_form(self) -> None:
        self._screen.app.post_message(FormWanted())

    def _changed(self) -> None:
        self._settle()
        self._screen.refresh_bindings()
