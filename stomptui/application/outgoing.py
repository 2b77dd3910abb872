"""Building, encoding and queueing a message to send: small ones at once, large ones off the event loop."""

from __future__ import annotations

from dataclasses import dataclass, replace

from stomptui.application.current_broker import CurrentBroker
from stomptui.application.destinations.completion import DestinationCounts, Destinations
from stomptui.application.destinations.has_queue import DOUBTS, Arrivals, Taker
from stomptui.application.event_record import EventRecord
from stomptui.application.transactions import Transactions
from stomptui.compose.draft import Draft
from stomptui.config.files.logs import hide_secrets
from stomptui.config.secret_names import secrets_in
from stomptui.connection.errors import NotConnected, ReadOnlyError
from stomptui.connection.session import Session

LIGHT = 64 << 10
"""A body of more characters or bytes than this is built and encoded off the event loop, as is one in a file."""


@dataclass(frozen=True)
class Outgoing:
    """A draft that is about to be sent on a session."""

    session: Session
    draft: Draft
    receipt: str
    """The receipt it asks for, "" if none."""

    def go(self) -> None:
        """Build the frame and hand it over; in any thread.

        Raises:
            SessionError: There is no connection any more, or the broker does not read.
            ValueError, OSError: The draft cannot be sent as it is.
        """
        headers, body = self.draft.build(self.receipt)
        hide_secrets(secret for name, value in headers for secret in secrets_in(name, value))
        self.session.send("SEND", headers, body)


class MessageSender:
    """Sends drafts on the main connection.

    Args:
        broker: The broker of now.
        arrivals: Whether queues take what is sent.
        record: Told what a receipt does not prove.
        destinations: Told what was sent to.
        counts: Counts what was sent.
        transactions: The transaction that is open, if one is.
    """

    def __init__(
        self,
        broker: CurrentBroker,
        arrivals: Arrivals,
        record: EventRecord,
        destinations: Destinations,
        counts: DestinationCounts,
        transactions: Transactions,
    ) -> None:
        self._broker = broker
        self._arrivals = arrivals
        self._record = record
        self._destinations = destinations
        self._counts = counts
        self._transactions = transactions

    def send(self, draft: Draft) -> tuple[int, str]:
        """Send a light draft.

        Returns:
            The number of the session, and the receipt asked for, "" if none.

        Raises:
            SessionError: There is no connection, or the broker does not read.
            ValueError, OSError: The draft cannot be sent as it is.
        """
        outgoing = self.prepare(draft)
        outgoing.go()
        self.count(draft)
        return outgoing.session.number, outgoing.receipt

    def prepare(self, draft: Draft) -> Outgoing:
        """What sends a draft, off the event loop too; `count` is to be called once that was done.

        Raises:
            SessionError: There is no connection, or it is read-only.
            ValueError: The broker would read another destination, or it is to take the place of a message.
        """
        session, dialect = self.session, self._broker.dialect
        if draft.repairs is not None:
            raise ValueError("it takes the place of a message, which would stay where it is")
        if misread := self.misread(draft):
            raise ValueError(misread)
        draft = self._transactions.enclose(draft)
        if draft.receipt and not session.gives_receipt(draft.destination):
            draft = replace(draft, receipt=False)
        outgoing = Outgoing(session, draft, session.next_receipt() if draft.receipt else draft.get("receipt") or "")
        taker = self._arrivals.taker(draft, dialect)
        if outgoing.receipt and taker in (Taker.NOBODY, Taker.UNKNOWN):
            self._record.doubt(session.number, outgoing.receipt, DOUBTS[taker])
        return outgoing

    @property
    def session(self) -> Session:
        """What to send on.

        Raises:
            SessionError: There is no connection, or it is read-only.
        """
        session = self._broker.session
        if session is None or not self._broker.connected:
            raise NotConnected("there is no connection")
        if refusal := session.connection.environment.refusal:
            raise ReadOnlyError(refusal)
        return session

    def misread(self, draft: Draft) -> str:
        """Why the broker would read another destination, "" if it would not."""
        return self._broker.dialect.misread(draft.destination, self._broker.version) or ""

    def begin_series(self, number: int, draft: Draft) -> None:
        """A series of drafts begins: its row is written."""
        self._record.begin_series(number, draft.destination)

    def end_series(self, number: int, draft: Draft, sent: int, summary: str, whole: bool) -> None:
        """It has ended: so many were handed over, and whether all was sent and confirmed."""
        self._record.end_series(number, summary, whole)
        if sent:
            self.count(draft, sent)

    def count(self, draft: Draft, messages: int = 1) -> None:
        """A draft was handed over, so often."""
        self._destinations.add_sent(draft.destination)
        self._arrivals.went(draft, self._broker.dialect)
        self._counts.sent[draft.destination] = self._counts.sent.get(draft.destination, 0) + messages


def is_light(draft: Draft) -> bool:
    """Whether it can be sent without leaving the event loop."""
    return draft.body_file is None and len(draft.body) <= LIGHT
