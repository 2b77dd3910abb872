"""Which messages in the log are unacknowledged and can be acted on, and what a person did with them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Protocol

from stomptui.application.current_broker import CurrentBroker
from stomptui.application.side_connections import SideConnections
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.journal.entry import STILL_UNACKNOWLEDGED, Entry, Outcome, RowKind, RowState
from stomptui.journal.journal import Journal
from stomptui.protocol.frame import Frame
from stomptui.queues.actions.action import DONE, FAILED, Action, MessageOutcome

GONE = "it is no longer yours: it was returned when the connection was lost"
RETURNED = "returned: the connection was lost"
LEFT = "returned: disconnected"


class DeliverySource(CurrentBroker, Protocol):
    """Where messages are delivered; a `Console` is one."""

    @property
    def journal(self) -> Journal: ...

    @property
    def side_connections(self) -> SideConnections: ...

    def subscription_of(self, frame: Frame) -> WantedSubscription | None:
        """The subscription a MESSAGE came by."""


class Unacknowledged:
    """Looks at subscriptions that hold what they deliver; what waits for the person is marked in the journal.

    Args:
        deliveries: Where messages are delivered.
    """

    def __init__(self, deliveries: DeliverySource) -> None:
        self._deliveries = deliveries
        self._held: dict[int, str] = {}
        """Rows that wait for the person, by the wire id of their subscription."""
        self._shown: dict[int, str] = {}
        """Rows that are ours and nobody works: those only looked at, and, where an ACK covers the whole connection,
        what a subscription that ended left unacknowledged."""
        self._done: dict[int, str] = {}
        """Rows that were settled, and how."""
        self._repaired: int | None = None
        """The row that is being repaired, so that nothing else is done with it meanwhile."""

    @property
    def waiting(self) -> int:
        """How many messages wait for the person."""
        return len(self._held)

    def waiting_for(self, wire_id: str) -> int:
        """How many messages of one subscription wait."""
        return sum(1 for held in self._held.values() if held == wire_id) if wire_id else 0

    def arrived(self, first: int, end: int) -> None:
        """Rows came in, some by a subscription that keeps what it gets unacknowledged."""
        journal = self._deliveries.journal
        for row in journal.entries(first, end):
            watch = self._watch(row)
            if watch is None or watch.reading is None or not watch.reading.holds:
                continue
            if watch.reading.mode == "work":
                self._held[row.number] = watch.wire_id
                journal.mark(row.number, STILL_UNACKNOWLEDGED)
            else:
                self._shown[row.number] = watch.wire_id

    def _watch(self, row: Entry) -> WantedSubscription | None:
        frame = row.frame
        if frame is None or row.kind is not RowKind.RECEIVED or frame.command != "MESSAGE":
            return None
        return self._deliveries.subscription_of(frame)

    def why_not(self, row: Entry | None) -> str | None:
        """Why a message cannot be acknowledged, rejected or moved, None if it can."""
        if row is None or row.frame is None or row.kind is not RowKind.RECEIVED or row.frame.command != "MESSAGE":
            return "that is no message that came from the broker"
        if row.number == self._repaired:
            return "it is being repaired"
        return self.why_not_ours(row.number, row.session, row.frame)

    def why_not_ours(self, number: int, session: int, frame: Frame) -> str | None:
        """The same of a message whose row the journal may have dropped.

        Args:
            number: Of its row.
            session: The number of the session that it came on.
            frame: The message.
        """
        if number in self._done:
            return f"it was {self._done[number]} already"
        if self._deliveries.side_connections.name(session):
            return "it is only shown, not worked"
        watch = self._deliveries.subscription_of(frame)
        if watch is None or watch.reading is None:
            return "its subscription is not known any more"
        if refusal := self._deliveries.dialect.acknowledgement.refusal:
            return refusal
        if not watch.reading.holds or watch.prefers_browsing:
            if watch.reading.mode == "consume":
                return "it was acknowledged when it came: its subscription consumes"
            if watch.reading.mode == "hold":
                return "it was only browsed and is not held: peek at the queue to act on it"
            return "a topic keeps nothing: there is nothing to acknowledge"
        current = self._deliveries.session
        if current is None or session != current.number or not self._deliveries.connected:
            return GONE
        if frame.get("subscription") != watch.wire_id:
            return "its subscription has ended, and the delivery is no longer valid"
        return None

    def done(self, number: int) -> str:
        """How a message was settled, "" if it was not."""
        return self._done.get(number, "")

    def is_back(self, row: Entry) -> bool:
        """Whether a message is in its queue as far as is known, because nothing keeps it: it was returned, or only
        browsed."""
        watch = self._watch(row)
        if watch is None or watch.reading is None or self.done(row.number) or self.why_not(row) is None:
            return False
        side = bool(self._deliveries.side_connections.name(row.session))
        return not side and watch.reading.mode in ("hold", "work") and self._is_of_queue(watch)

    def _is_of_queue(self, watch: WantedSubscription) -> bool:
        return self._deliveries.dialect.is_queue(watch.destination)

    def find(self, queue: str, is_it: Callable[[Frame], bool]) -> Entry | None:
        """The delivery of a message that a subscription keeps unacknowledged now, None if none does.

        Args:
            queue: The destination of the subscription.
            is_it: Whether a delivery is of that message.
        """
        for number in (*self._held, *self._shown):
            row = self._deliveries.journal.get(number)
            watch = self._watch(row) if row is not None else None
            if row is None or row.frame is None or watch is None or watch.destination != queue:
                continue
            if is_it(row.frame) and self.why_not(row) is None:
                return row
        return None

    @property
    def repairs_now(self) -> bool:
        """Whether something is being done with a message that an edited one takes the place of."""
        return self._repaired is not None

    @contextlib.contextmanager
    def repairing(self, number: int) -> Iterator[None]:
        """Let nothing else be done with a message meanwhile."""
        self._repaired = number
        try:
            yield
        finally:
            self._repaired = None

    def ours(self, numbers: list[int]) -> dict[int, Frame]:
        """Those of the rows that can be acknowledged, with their messages."""
        found = {}
        for number in numbers:
            row = self._deliveries.journal.get(number)
            if row is not None and row.frame is not None and not self.why_not(row):
                found[number] = row.frame
        return found

    def is_cumulative(self, number: int) -> bool:
        """Whether an ACK of that message covers others before it."""
        row = self._deliveries.journal.get(number)
        watch = self._watch(row) if row is not None else None
        return watch is not None and watch.reading is not None and watch.reading.ack == "client"

    def covered(self, number: int) -> list[int]:
        """The rows held that a cumulative ACK of that message covers besides itself."""
        wire_id = self._held.get(number)
        if wire_id is None or not self.is_cumulative(number):
            return []
        if self._deliveries.dialect.acknowledgement.cumulative_over == "connection":
            return [other for other in (*self._held, *self._shown) if other < number]
        return [other for other, whose in self._held.items() if other < number and whose == wire_id]

    def settle(self, action: Action, number: int, outcome: MessageOutcome) -> None:
        """What became of a message that an action was for."""
        journal = self._deliveries.journal
        if action.kind == "copy":
            # It waits as it did, whatever came of the copy.
            return
        if outcome.state == DONE:
            covered = self.covered(number) if action.kind in ("ack", "reject") else []
            past = "repaired" if action.edited is not None else action.past
            for row in (number, *covered):
                self._done[row] = past
                self._held.pop(row, None)
                self._shown.pop(row, None)
                journal.mark(row, Outcome(RowState.UNSURE if action.is_risky else RowState.SETTLED, text=past))
        else:
            state = RowState.FAILED if outcome.state == FAILED else RowState.DOUBT
            journal.mark(number, Outcome(state, text=outcome.text))

    def subscription_ended(self, wire_id: str = "", why: str = "its subscription ended") -> int:
        """A subscription has ended, or, without an id, the connection: what was unacknowledged is ours no longer.

        Returns:
            How many messages that concerns.
        """
        # Where an ACK covers the whole connection, what a subscription leaves behind stays among what it covers.
        keeps = bool(wire_id) and self._deliveries.dialect.acknowledgement.cumulative_over == "connection"
        ours = self._held if keeps else {**self._held, **self._shown}
        over = {row: whose for row, whose in ours.items() if whose == wire_id or not wire_id}
        for number, whose in over.items():
            self._held.pop(number, None)
            self._shown.pop(number, None)
            if keeps:
                self._shown[number] = whose
            row = self._deliveries.journal.get(number)
            # Of what was being acknowledged nobody knows where it is.
            if row is not None and not (row.outcome is not None and row.outcome.state is RowState.DOUBT):
                self._deliveries.journal.mark(number, Outcome(RowState.RETURNED, text=why))
        return len(over)
