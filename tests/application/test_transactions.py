"""What receipts and errors make of the messages of a transaction, in the order that each broker sends them."""

from __future__ import annotations

import pytest

from stomptui.application.transactions import NoTransaction, Phase, Transactions
from stomptui.config.connection import Connection
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.events import BrokerError, Event, Lost, ReceiptArrived, Sent
from stomptui.journal.entry import Outcome, RowState
from stomptui.journal.journal import Journal
from stomptui.protocol.codec import encode


class Session:
    """A session that only counts receipts and keeps what is sent."""

    number = 7
    connection = Connection()

    def __init__(self) -> None:
        self.receipts = 0
        self.frames: list[str] = []

    def next_receipt(self) -> str:
        self.receipts += 1
        return str(self.receipts)

    def send(self, command: str, headers: list[tuple[str, str]]) -> None:
        self.frames.append(f"{command} {dict(headers)}")


class Broker:
    """A broker that is connected."""

    main_connection = None
    dialect = Dialect()
    version = "1.2"
    connected = True

    def __init__(self) -> None:
        self.session = Session()


class Table:
    """A transaction that is open, and a journal."""

    def __init__(self) -> None:
        self.broker = Broker()
        self.journal = Journal()
        self.transactions = Transactions(self.broker, self.journal)  # type: ignore[arg-type]
        self.told: list[str] = []
        self.transactions.said = lambda text, ending: self.told.append(text)
        self.transactions.begin()
        self.handle(ReceiptArrived(7, 1.0, "1", 0.1))

    def handle(self, event: Event) -> None:
        """As the console does it."""
        row = self.journal.end
        self.transactions.before(event)
        if isinstance(event, Sent):
            self.journal.append_sent(event.raw, event.when, "1.2", event.receipt, event.session)
        elif isinstance(event, ReceiptArrived):
            self.journal.settle(event.session, event.receipt, Outcome.confirmed(event.elapsed))
        elif isinstance(event, BrokerError) and event.receipt:
            self.journal.settle(event.session, event.receipt, Outcome.refused(event.text))
        elif isinstance(event, Lost):
            self.journal.unconfirmed(event.session)
        self.transactions.handle(event, row)

    def send(self, receipt: str = "") -> int:
        """A message in it; the number of its row."""
        lines = [("destination", "/queue/q"), ("transaction", "tx-1")] + ([("receipt", receipt)] if receipt else [])
        self.handle(Sent(7, 2.0, encode("SEND", lines, b"", "1.2")[:-1], receipt))
        return self.journal.end - 1

    def end(self, command: str) -> str:
        """Send COMMIT or ABORT; its receipt."""
        self.transactions.end("COMMIT" if command == "COMMIT" else "ABORT")
        receipt = str(self.broker.session.receipts)
        self.handle(Sent(7, 10.0, f"{command}\ntransaction:tx-1\nreceipt:{receipt}\n\n".encode(), receipt))
        return receipt

    def state(self, row: int) -> RowState | None:
        outcome = self.journal.entry(row).outcome
        return outcome.state if outcome is not None else None


def test_receipts_that_come_at_once_confirm_only_at_commit() -> None:
    table = Table()
    row = table.send("m1")
    table.handle(ReceiptArrived(7, 3.0, "m1", 0.5))
    assert table.state(row) is RowState.IN_TRANSACTION
    table.handle(ReceiptArrived(7, 11.0, table.end("COMMIT"), 1.0))
    assert table.state(row) is RowState.CONFIRMED
    assert table.told == ["transaction tx-1 with 1 message: committed in 1,000 ms"]


def test_receipts_that_come_after_commit_are_timed_from_it() -> None:
    table = Table()
    row, without = table.send("m1"), table.send()
    table.handle(ReceiptArrived(7, 11.0, table.end("COMMIT"), 1.0))
    assert (table.state(row), table.state(without)) == (RowState.WAITING, RowState.CONFIRMED)
    table.handle(ReceiptArrived(7, 12.0, "m1", 10.0))
    outcome = table.journal.entry(row).outcome
    assert outcome is not None
    assert (outcome.state, outcome.elapsed) == (RowState.CONFIRMED, 2.0)


def test_a_refused_commit_refuses_all_and_another_can_be_begun() -> None:
    table = Table()
    row = table.send("m1")
    table.handle(BrokerError(7, 11.0, "no", "rollback only", table.end("COMMIT")))
    assert table.state(row) is RowState.REFUSED
    table.transactions.begin()
    assert table.transactions.open is not None
    assert table.transactions.open.name == "tx-2"


def test_a_refused_message_is_no_longer_in_it() -> None:
    table = Table()
    row = table.send("m1")
    table.handle(BrokerError(7, 3.0, "no", "no such thing", "m1"))
    assert table.state(row) is RowState.REFUSED
    assert table.transactions.told == "Transaction tx-1: 0 messages"


@pytest.mark.parametrize(
    ("command", "state"), [("", RowState.ABORTED), ("ABORT", RowState.ABORTED), ("COMMIT", RowState.UNCONFIRMED)]
)
def test_a_lost_connection_aborts_it_unless_commit_was_sent(command: str, state: RowState) -> None:
    table = Table()
    rows = [table.send("m1"), table.send()]
    if command:
        table.end(command)
    table.handle(Lost(7, 12.0, "cut"))
    assert [table.state(row) for row in rows] == [state, state]
    assert table.transactions.current is None


def test_only_one_is_open_and_it_ends_once() -> None:
    table = Table()
    with pytest.raises(NoTransaction, match="there is one"):
        table.transactions.begin()
    table.end("ABORT")
    assert table.transactions.current is not None
    assert table.transactions.current.phase is Phase.ABORTING
    with pytest.raises(NoTransaction, match="no transaction is open"):
        table.transactions.end("COMMIT")
