"""Subscribing, pausing and removing subscriptions on the console, and the texts of the modes."""

from __future__ import annotations

from collections.abc import Mapping

from textual.screen import Screen

from stomptui.application.console import Console
from stomptui.application.unacknowledged import Unacknowledged
from stomptui.connection.dialect.base import ReadMode
from stomptui.connection.dialect.durable_id import default_identity
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.protocol.features import Feature
from stomptui.protocol.names import shown
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.console.delivery_limit_question import DeliveryLimit
from stomptui.ui.console.live_copies import CopySubscriptions
from stomptui.ui.console.subscribe_form import DURABLE, SubscribeRequest, SubscribeScreen
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.dialogs.durable_end import DurableChoice, EndScreen
from stomptui.ui.dialogs.typed_name import once_typed
from stomptui.ui.peek.controller import PeekController

PEEK = "peek"
CUMULATIVE = "work-client"
COPIES = "copies"
MODES = {
    PEEK: "peek: see what is in it now, in a view of its own; nothing is taken",
    "hold": "hold: keep messages unacknowledged in the log; nothing is taken",
    "work": "work: each message waits for your ack or nack",
    CUMULATIVE: "work, cumulative: an ack covers all messages before it too",
    COPIES: "copies: of what is sent there from now on; the queue is not touched",
    "live": "live: what is published from now on",
    DURABLE: "durable: the broker keeps what is published for you, also while you are away",
    "consume": "consume: every message shown is taken out of the queue",
}
READ_AS: Mapping[str, ReadMode] = {
    "hold": "hold",
    "work": "work",
    CUMULATIVE: "work",
    "live": "live",
    DURABLE: "live",
    "consume": "consume",
}
"""How the modes offered are read, but for those that are no subscription of the main connection."""
SURE = "Consuming permanently takes messages out of the queue. Consume {destination}?"


class Subscribing:
    """Between the list of subscriptions, the form for a new one, and the link.

    Args:
        screen: Where the form is shown.
        console: Whose subscriptions they are.
        unacknowledged: Told which messages are not unacknowledged any more.
        peeking: Takes over who wants to peek.
        copies: Subscribes to copies.
    """

    def __init__(
        self,
        screen: Screen[None],
        console: Console,
        unacknowledged: Unacknowledged,
        peeking: PeekController,
        copies: CopySubscriptions,
    ) -> None:
        self._screen = screen
        self._console = console
        self._unacknowledged = unacknowledged
        self._peeking = peeking
        self._copies = copies
        self._limiting = DeliveryLimit(screen, console)
        self._consumed = False
        """Whether the person has said yes to consuming once."""

    def ask(self, destination: str = "") -> None:
        """Show the form, with a destination to begin with; what it is answered with is subscribed to."""
        console = self._console
        form = SubscribeScreen(
            modes=self._modes,
            hints=self._hints,
            version=console.version,
            destinations=console.destinations.names,
            known_headers=console.dialect.hints.known_headers("SUBSCRIBE"),
            destination=destination,
            elsewhere=(PEEK, COPIES),
            misread=lambda named: console.dialect.misread(named, console.version),
            durability=console.dialect.durability,
            client_id=console.main_connection.connection.client_id if console.main_connection else "",
            usual_identity=self._usual_identity,
            example=console.dialect.example,
            lacks=console.dialect.lacks,
        )
        self._screen.app.push_screen(form, self._add)

    @property
    def _read_only(self) -> bool:
        main = self._console.main_connection
        return main is not None and main.connection.environment.read_only

    def _modes(self, destination: str) -> list[tuple[str, str]]:
        dialect = self._console.dialect
        # Before one is typed, it is a queue wherever there are queues.
        queue = dialect.is_queue(destination) if destination else Feature.QUEUES not in dialect.lacks
        peek = () if dialect.peek_refusal else (PEEK,)
        copies = (COPIES,) if dialect.copies else ()
        work = () if Feature.ACKNOWLEDGEMENTS in dialect.lacks else ("work", CUMULATIVE)
        modes = (*peek, *copies, "hold", *work, "consume") if queue else ("live",)
        if not queue and dialect.durability.offered(destination):
            modes = (*modes, DURABLE)
        if self._read_only:
            modes = (PEEK,) if queue else ("live",)
        return [(mode, MODES[mode]) for mode in modes]

    def _hints(self, destination: str, mode: str) -> list[str]:
        dialect = self._console.dialect
        if self._read_only and mode == "live" and (problem := dialect.read_only.topic_problem(destination)):
            return [f"it will be refused: the connection is read-only, and {problem}"]
        if mode == PEEK:
            accept = key_of(self._screen, "subscribe.accept")
            return [dialect.peek_refusal or f"{accept} asks how many, and says what a peek changes in the queue"]
        if mode == COPIES:
            return [dialect.copies]
        if mode == DURABLE:
            end = key_of(self._screen, "subscription.remove")
            told = f"it stays at the broker when you pause, disconnect or quit, and fills until you end it with {end}"
            return [told, dialect.durability.sharing, *self._usual_hints(destination, "live")]
        if mode == CUMULATIVE:
            scope = (
                "this subscription"
                if dialect.acknowledgement.cumulative_over == "subscription"
                else "all of this connection"
            )
            return [f"an ack or nack covers every message delivered before it on {scope}"]
        if mode == "hold" and not dialect.reading("hold").holds:
            return ["shows what is in it now and touches nothing; what comes later is not shown"]
        if mode == "work":
            return [f"nack: {dialect.acknowledgement.nack_meaning}", *self._usual_hints(destination, mode)]
        return self._usual_hints(destination, mode)

    def _usual_identity(self, destination: str) -> str:
        """The name offered for a durable subscription: as many times as it is subscribed to already, so many names."""
        wanted = self._console.main_connection.wanted if self._console.main_connection else []
        same = [watch.ordinal for watch in wanted if watch.destination == destination]
        return default_identity(destination, max(same, default=0) + 1)

    def _usual_hints(self, destination: str, mode: str) -> list[str]:
        dialect = self._console.dialect
        return [hint.text for hint in dialect.hints.subscribe(destination, dialect.reading(READ_AS[mode]).ack)]

    def _add(self, request: SubscribeRequest | None) -> None:
        if request is None or self._console.main_connection is None:
            return
        if request.mode == PEEK:
            self._peeking.ask(request.destination)
            return
        if request.mode == COPIES:
            self._copies.add(request.destination)
            return
        watch = WantedSubscription(
            request.destination,
            mode=READ_AS[request.mode],
            ack="client" if request.mode == CUMULATIVE else None,
            prefetch=request.prefetch,
            selector=request.selector,
            headers=request.headers,
            identity=request.identity,
        )
        main = self._console.main_connection
        if watch.mode == "consume" and main.connection.environment.production:
            what = f"consume {shown(watch.destination)}: each message is taken out of the queue"
            once_typed(self._screen, watch.destination, what, lambda: self._consume(watch))
            return
        if watch.mode != "consume" or self._consumed:
            self._limiting.sure(watch, lambda: main.add(watch))
            return
        question = ConfirmScreen(
            SURE.format(destination=shown(watch.destination)),
            yes="Consume",
            no="Cancel",
            danger=True,
            detail="Each message is acknowledged once it is in the log. This is asked once.",
        )
        self._screen.app.push_screen(question, lambda yes: self._consume(watch) if yes else None)

    def _consume(self, watch: WantedSubscription) -> None:
        self._consumed = True
        if (main := self._console.main_connection) is not None:
            self._limiting.sure(watch, lambda: main.add(watch))

    def get(self, key: int) -> WantedSubscription | None:
        return self._console.main_connection.get(key) if self._console.main_connection else None

    def pause_or_resume(self, key: int) -> None:
        """Pause what is on; resume what is paused, refused or not restored."""
        main, watch = self._console.main_connection, self.get(key)
        if main is None or watch is None:
            return
        if watch.paused or watch.state in ("refused", "not restored"):
            self._limiting.sure(watch, lambda: main.resume(key))
        else:
            self._unacknowledged.subscription_ended(watch.wire_id or "none", "you paused its subscription")
            main.pause(key)

    def remove(self, key: int) -> None:
        """Unsubscribe and forget; where the broker would go on keeping messages, ask what is to become of them."""
        main, watch = self._console.main_connection, self.get(key)
        if main is None or watch is None or watch.state == "deleting":
            return
        if watch.retained is None:
            self._remove(key)
            return

        def answered(choice: DurableChoice | None) -> None:
            if choice == "end" and self._console.main_connection is main:
                what = f"end {shown(watch.label)}: what waits in it is deleted"
                once_typed(self._screen, watch.destination, what, lambda: self._end(key))
            elif choice == "leave" and self._console.main_connection is main:
                self._remove(key)

        question = EndScreen(shown(watch.label), watch.retained.description, main.delete_problem(key) or None)
        self._screen.app.push_screen(question, answered)

    def _end(self, key: int) -> None:
        main, watch = self._console.main_connection, self.get(key)
        if main is None or watch is None:
            return
        if problem := main.delete_problem(key):
            self._screen.notify(f"It cannot be ended now: {problem}.", severity="warning", markup=False)
            return
        self._unacknowledged.subscription_ended(watch.wire_id or "none", "you unsubscribed")
        main.delete_durable(key)

    def _remove(self, key: int) -> None:
        watch = self.get(key)
        if self._console.main_connection is not None and watch is not None:
            self._unacknowledged.subscription_ended(watch.wire_id or "none", "you unsubscribed")
            self._console.main_connection.remove(key)
