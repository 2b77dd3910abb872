"""Asking before a subscription costs messages their last deliveries."""

from __future__ import annotations

from collections.abc import Callable

from textual.message import Message
from textual.screen import Screen

from stomptui.application.console import Console
from stomptui.connection.subscriptions.delivery_limit import Deliveries
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.protocol.names import shown
from stomptui.ui.dialogs.confirm import ConfirmScreen

SLOW = 1.0
"""Seconds after which the person is told what is waited for."""


class FoundOut(Message):
    """From a thread: what a delivery costs on a queue is known; `go_on` is for the event loop."""

    def __init__(self, go_on: Callable[[], None]) -> None:
        super().__init__()
        self.go_on = go_on


class DeliveryLimit:
    """Finds out how many deliveries a queue allows, and asks where one or two more are the last.

    Args:
        screen: Where it is asked.
        console: Whose broker it is.
    """

    def __init__(self, screen: Screen[None], console: Console) -> None:
        self._screen = screen
        self._console = console
        self._asking: set[int] = set()
        """The subscriptions that are asked about, by identity."""

    def sure(self, watch: WantedSubscription, then: Callable[[], object]) -> None:
        """Call `then` if subscribing costs no message its last deliveries, or if the person wants it all the same."""
        main, dialect = self._console.main_connection, self._console.dialect
        if main is None or id(watch) in self._asking:
            return
        holds = watch.resolve(dialect).holds and not watch.prefers_browsing
        # Also what is consumed is lost with a queue that goes with its last reader.
        takes = watch.mode == "consume" and dialect.may_go_with_its_reader(watch.destination)
        # Whether a queue is still there, and who else reads from it, changes.
        lost = watch.deliveries is not None and watch.deliveries.loss
        known = None if lost else watch.deliveries or dialect.deliveries(watch.destination, watch.headers)
        if not (holds or takes) or not self._console.connected or (known is not None and not known.counted):
            then()
            return

        def found(deliveries: Deliveries) -> None:
            self._asking.discard(id(watch))
            if waiting is not None:
                waiting.stop()
            # It may have been asked of a broker that was left meanwhile.
            if self._console.main_connection is main:
                watch.deliveries = deliveries
                self._judge(watch, deliveries, then)

        waiting = None
        if known is not None:
            found(known)
            return
        self._asking.add(id(watch))
        told = f"Asking the broker how many deliveries {shown(watch.destination)} allows."
        waiting = self._screen.set_timer(SLOW, lambda: self._screen.notify(told, timeout=3, markup=False))
        self._console.find_out(watch, lambda deliveries: self._screen.post_message(FoundOut(lambda: found(deliveries))))

    def _judge(self, watch: WantedSubscription, deliveries: Deliveries, then: Callable[[], object]) -> None:
        main, dialect = self._console.main_connection, self._console.dialect
        used = main.deliveries_used(watch.destination) if main is not None else 0
        if deliveries.loss:
            self._question(watch, f"{deliveries.loss} Pausing, unsubscribing or leaving does that.", then)
            return
        if deliveries.limit is None or not deliveries.is_low(used) or not watch.resolve(dialect).holds:
            then()
            return
        how = "a lost connection" if dialect.unsubscribing_is_uncounted else "leaving, pausing or a lost connection"
        if deliveries.limit - used <= (1 if dialect.limit_is_of_attempts else 0):
            outcome = (
                f"What it shows and you do not acknowledge is dead-lettered or deleted once it comes back by {how}."
            )
        else:
            outcome = (
                f"What it shows and you do not acknowledge may come back once more, by {how}; the time after that it "
                "is dead-lettered or deleted."
            )
        told = deliveries.used(used, at_least=bool(used) and not dialect.delivery_counter)
        self._question(watch, f"Each delivery counts ({told}). {outcome}", then)

    def _question(self, watch: WantedSubscription, detail: str, then: Callable[[], object]) -> None:
        question = ConfirmScreen(
            f"Subscribe to {shown(watch.destination)} all the same?",
            yes="Subscribe",
            no="Cancel",
            danger=True,
            detail=detail,
        )

        def answered(yes: bool | None) -> None:
            if yes:
                then()

        self._screen.app.push_screen(question, answered)
