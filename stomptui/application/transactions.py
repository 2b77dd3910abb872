"""A transaction by hand: begun, sent in, committed or aborted (STOMP 1.2, "BEGIN", "COMMIT", "ABORT")."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from stomptui.application.current_broker import CurrentBroker
from stomptui.compose.draft import Draft
from stomptui.connection.errors import NotConnected, ReadOnlyError
from stomptui.connection.events import BrokerError, Event, Lost, ReceiptArrived, ReceiptsMissing, Sent
from stomptui.connection.session import Session
from stomptui.journal.entry import STILL_WAITING, NoteKind, Outcome, RowState
from stomptui.journal.journal import Journal
from stomptui.protocol.frame import Frame

NO_ANSWER = "COMMIT was sent, and its receipt did not come"


class NoTransaction(ValueError):
    """A transaction cannot be begun or ended now; the text says why."""


class Phase(Enum):
    """How far a transaction has come."""

    OPEN = "open"
    COMMITTING = "being committed"
    ABORTING = "being aborted"


class Ending(Enum):
    """How a transaction ended."""

    COMMITTED = "committed"
    ABORTED = "aborted"
    REFUSED = "refused"
    LOST = "lost"
    """The connection was, before COMMIT: the broker aborts it."""
    UNKNOWN = "unknown"
    """COMMIT was sent and not confirmed."""


@dataclass
class InTransaction:
    """A message that was sent in a transaction."""

    row: int
    receipt: str
    """The receipt that it asks for, "" if none."""
    outcome: Outcome | None = None
    """What its receipt said, None before that comes: some brokers send it with the message, some after COMMIT."""


@dataclass(eq=False)
class Transaction:
    """One transaction, until the broker has confirmed its end."""

    name: str
    session: int
    phase: Phase = Phase.OPEN
    receipt: str = ""
    """The receipt that its last frame asks for: BEGIN, COMMIT or ABORT."""
    ended: float = 0.0
    """Seconds since the epoch when COMMIT or ABORT was sent."""
    messages: list[InTransaction] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What there is of it: `transaction tx-1: 3 messages`."""
        count = len(self.messages)
        ending = "" if self.phase is Phase.OPEN else f", {self.phase.value}"
        return f"transaction {self.name}: {count:,} message{'' if count == 1 else 's'}{ending}"


class Transactions:
    """At most one open transaction of the main connection.

    Args:
        broker: The broker of now.
        journal: Where its messages are rows.
    """

    def __init__(self, broker: CurrentBroker, journal: Journal) -> None:
        self._broker = broker
        self._journal = journal
        self._begun = 0
        self.current: Transaction | None = None
        """The one that is open, or whose end is not confirmed."""
        self._committed: dict[tuple[int, str], tuple[int, float]] = {}
        """By session and receipt: rows of committed messages whose receipts come after COMMIT, and when that went."""
        self.changed: Callable[[], None] = lambda: None
        """Called when one was begun, has got a message or is being ended."""
        self.said: Callable[[str, Ending | None], None] = lambda text, ending: None
        """Called with what is to be said of one, and how it ended if it did."""

    @property
    def open(self) -> Transaction | None:
        """The one that messages are sent in now."""
        current, session = self.current, self._broker.session
        here = current is not None and session is not None and current.session == session.number
        return current if here and current is not None and current.phase is Phase.OPEN else None

    @property
    def told(self) -> str:
        """What there is of the one that is open, or whose end is not confirmed; "" without one."""
        return self.current.text[0].upper() + self.current.text[1:] if self.current is not None else ""

    @property
    def prospect(self) -> str:
        """What becomes of the one that is open if its connection ends now, for a person; "" without one."""
        told = self.told
        return f"{told}. The broker then aborts it: none of its messages is delivered." if told else ""

    # -- what the person asks for ----------------------------------------------------------------------------------

    @property
    def begin_refusal(self) -> str:
        """Why none can be begun now, "" if one can."""
        if self.current is not None:
            return f"there is one: {self.current.text}"
        return self._broker.dialect.no_transactions if self._broker.connected else "there is no connection"

    @property
    def end_refusal(self) -> str:
        """Why none can be ended now, "" if one can."""
        return "" if self.open is not None else "no transaction is open"

    def begin(self) -> None:
        """Begin one.

        Raises:
            NoTransaction, SessionError: That cannot be done now.
        """
        if self.begin_refusal:
            raise NoTransaction(self.begin_refusal)
        session = self._session
        if refusal := session.connection.environment.refusal:
            raise ReadOnlyError(refusal)
        self._begun += 1
        self.current = Transaction(f"tx-{self._begun}", session.number)
        try:
            self._send("BEGIN", self.current)
        except Exception:
            self.current = None
            raise
        self.changed()

    def end(self, command: Literal["COMMIT", "ABORT"]) -> None:
        """Commit or abort the one that is open.

        Raises:
            NoTransaction, SessionError: That cannot be done now.
        """
        transaction = self.open
        if transaction is None:
            raise NoTransaction(self.end_refusal)
        self._send(command, transaction)
        transaction.phase = Phase.COMMITTING if command == "COMMIT" else Phase.ABORTING
        self.changed()

    @property
    def _session(self) -> Session:
        session = self._broker.session
        if session is None or not self._broker.connected:
            raise NotConnected("there is no connection")
        return session

    def _send(self, command: str, transaction: Transaction) -> None:
        session = self._session
        receipt = session.next_receipt()
        session.send(command, [("transaction", transaction.name), ("receipt", receipt)])
        transaction.receipt = receipt

    def enclose(self, draft: Draft) -> Draft:
        """The draft as it is sent now: in the transaction that is open, if one is."""
        return draft.in_transaction(self.open.name) if self.open is not None else draft

    # -- what happens ----------------------------------------------------------------------------------------------

    def before(self, event: Event) -> None:
        """A connection is lost, and that is not written down yet: what it meant for the messages is known better."""
        transaction = self.current
        if not isinstance(event, Lost):
            return
        self._committed = {key: kept for key, kept in self._committed.items() if key[0] != event.session}
        if transaction is None or transaction.session != event.session or transaction.phase is Phase.COMMITTING:
            return
        for message in transaction.messages:
            if message.receipt:
                self._journal.settle(event.session, message.receipt, Outcome(RowState.ABORTED))

    def handle(self, event: Event, row: int) -> None:
        """Something happened on the main connection, and was written down.

        Args:
            event: What.
            row: The number of its row, if it is a frame that was sent.
        """
        match event:
            case ReceiptArrived() if (settled := self._committed.pop((event.session, event.receipt), None)) is not None:
                number, since = settled
                entry = self._journal.get(number)
                if entry is not None and entry.outcome is not None and entry.outcome.state is RowState.CONFIRMED:
                    # Not since it was sent: it waited for the person.
                    self._journal.mark(number, Outcome.confirmed(max(0.0, event.when - since), entry.outcome.text))
            case _ if self.current is not None and self.current.session == event.session:
                self._of(self.current, event, row)

    def _of(self, transaction: Transaction, event: Event, row: int) -> None:
        match event:
            case Sent():
                self._sent(transaction, event, row)
            case ReceiptArrived() if event.receipt == transaction.receipt:
                self._confirmed(transaction, event)
            case BrokerError() if event.receipt == transaction.receipt:
                self._refused(transaction, event)
            case ReceiptArrived() | BrokerError():
                self._answered(transaction, event)
            case ReceiptsMissing() if transaction.receipt in event.receipts and transaction.phase is not Phase.OPEN:
                self._unanswered(transaction, event)
            case Lost():
                self._lost(transaction, event)

    def _sent(self, transaction: Transaction, event: Sent, row: int) -> None:
        if event.receipt == transaction.receipt:
            transaction.ended = event.when
        if not event.raw.startswith(b"SEND\n"):
            return
        frame = Frame(event.raw, self._broker.version)
        if frame.get("transaction") == transaction.name:
            transaction.messages.append(InTransaction(row, event.receipt))
            self._mark(transaction.messages[-1], self._inside(transaction))
            self.changed()

    def _inside(self, transaction: Transaction) -> Outcome:
        return Outcome(RowState.IN_TRANSACTION, text=f"in {transaction.name}")

    def _mark(self, message: InTransaction, outcome: Outcome) -> None:
        self._journal.mark(message.row, outcome)

    def _answered(self, transaction: Transaction, event: ReceiptArrived | BrokerError) -> None:
        """A message in it was answered: a receipt says that the broker took it into the transaction, and no more."""
        message = next((each for each in transaction.messages if each.receipt == event.receipt), None)
        if message is None or not event.receipt:
            return
        entry = self._journal.get(message.row)
        if isinstance(event, BrokerError) or event.refusal:
            transaction.messages.remove(message)
            self.said(f"a message in transaction {transaction.name} was refused: it is not in it", None)
        else:
            message.outcome = entry.outcome if entry is not None else None
            self._mark(message, self._inside(transaction))

    def _confirmed(self, transaction: Transaction, event: ReceiptArrived) -> None:
        if transaction.phase is Phase.OPEN:
            return
        aborted = transaction.phase is Phase.ABORTING
        self.current = None
        for message in transaction.messages:
            if aborted:
                self._end(transaction, message, Outcome(RowState.ABORTED))
            elif message.outcome is not None:
                self._mark(message, message.outcome)
            elif message.receipt:
                self._committed[transaction.session, message.receipt] = (message.row, transaction.ended)
                self._mark(message, STILL_WAITING)
            else:
                self._mark(message, Outcome.confirmed(event.elapsed))
        if aborted:
            self._tell(transaction, "aborted", Ending.ABORTED, event.when)
        else:
            self._tell(transaction, f"committed in {event.elapsed * 1000:,.0f} ms", Ending.COMMITTED, event.when)

    def _refused(self, transaction: Transaction, event: BrokerError) -> None:
        phase, self.current = transaction.phase, None
        said = event.text.replace("\n", ": ", 1)
        command = {Phase.OPEN: "BEGIN", Phase.COMMITTING: "COMMIT", Phase.ABORTING: "ABORT"}[phase]
        for message in transaction.messages:
            self._end(transaction, message, Outcome.refused(f"{command} was refused: {said}"))
        told = f"{command} was refused, nothing of it is sent: {said}"
        self._tell(transaction, told, Ending.REFUSED, event.when)

    def _end(self, transaction: Transaction, message: InTransaction, outcome: Outcome) -> None:
        """Nothing more is heard of a message."""
        if message.receipt:
            self._journal.settle(transaction.session, message.receipt, outcome)
        self._mark(message, outcome)

    def _unanswered(self, transaction: Transaction, event: ReceiptsMissing) -> None:
        """The server does not say what it made of the end."""
        self.current = None
        aborting = transaction.phase is Phase.ABORTING
        outcome = Outcome(RowState.ABORTED) if aborting else Outcome.unconfirmed(NO_ANSWER)
        for message in transaction.messages:
            self._end(transaction, message, outcome)
        told = "ABORT was sent, and not confirmed" if aborting else f"{NO_ANSWER}: whether it took place is not known"
        self._tell(transaction, told, Ending.ABORTED if aborting else Ending.UNKNOWN, event.when)

    def _lost(self, transaction: Transaction, event: Lost) -> None:
        self.current = None
        if transaction.phase is Phase.COMMITTING:
            outcome = Outcome.unconfirmed(NO_ANSWER)
            told = "COMMIT was sent and not confirmed: whether it took place is not known"
            ending = Ending.UNKNOWN
        else:
            outcome, told = Outcome(RowState.ABORTED), "gone with the connection: the broker aborts it, nothing is sent"
            ending = Ending.LOST
        for message in transaction.messages:
            self._mark(message, outcome)
        self._tell(transaction, told, ending, event.when)

    def _tell(self, transaction: Transaction, what: str, ending: Ending, when: float) -> None:
        count = len(transaction.messages)
        text = f"transaction {transaction.name} with {count:,} message{'' if count == 1 else 's'}: {what}"
        self._journal.append_note(NoteKind.INFO, text, when)
        self.said(text, ending)
