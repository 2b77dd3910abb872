"""Whatever is stopped before it has begun does nothing."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from stomptui.config.connection import Connection
from stomptui.queues.actions.action import Action, ActionKind
from stomptui.queues.peek import reports as r
from stomptui.queues.peek.peek_values import PeekOptions
from stomptui.queues.transfer.transfer import Ended, Transfer, TransferWork
from tests.support.embedded import EmbeddedBroker
from tests.support.peeking import PeekFailed, busy, peeking
from tests.support.transferring import drain_work, refill_work

COUNT = 1000


@pytest.fixture
def connection(embedded: EmbeddedBroker) -> Connection:
    for number in range(COUNT):
        embedded.publish("/queue/orders", f"order {number}")
    return Connection(port=embedded.port, login="guest", passcode="guest")


@pytest.mark.parametrize("kind", ["delete", "move", "copy", "reject"])
def test_an_action(embedded: EmbeddedBroker, connection: Connection, kind: ActionKind) -> None:
    action = Action(kind, "/queue/elsewhere" if kind in ("move", "copy") else "")
    with peeking(connection, "/queue/orders") as peek:
        peek.look(PeekOptions(None))
        with busy(peek):
            peek.peek.act(action, list(enumerate(peek.frames)))
            peek.peek.stop()
        result = peek.wait(r.ActionEnded).result
        # A peek on a busy machine can end before all came, and says so.
        assert result.text == f"0 {action.past}, {len(peek.frames):,} untouched; stopped: by you"
        # What is asked for after that begins.
        assert peek.act(Action("delete"), [0]).text == "1 deleted"
    embedded.wait(lambda: embedded.depth("orders") == (COUNT - 1, 0))
    assert embedded.depth("elsewhere") == (0, 0)


def test_a_plan_and_a_look(embedded: EmbeddedBroker, connection: Connection) -> None:
    with peeking(connection, "/queue/orders") as peek:
        with busy(peek):
            peek.peek.peek(PeekOptions(None))
            peek.peek.return_messages()
        with busy(peek):
            peek.peek.plan(Action("delete"), [])
            peek.peek.stop()
        with pytest.raises(PeekFailed, match="stopped by you"):
            peek.wait(r.Planned)
        assert not any(isinstance(report, (r.PeekStarted, r.Shown)) for report in peek.reports)
        assert peek.look(PeekOptions(2)).count == 2, "what is asked for after that is done"


def test_an_action_that_is_closed(embedded: EmbeddedBroker, connection: Connection) -> None:
    with peeking(connection, "/queue/orders") as peek:
        peek.look(PeekOptions(None))
        with busy(peek):
            peek.peek.act(Action("delete"), list(enumerate(peek.frames)))
            peek.peek.peek(PeekOptions(None))
            peek.peek.close()
        peek.close()
        assert isinstance(peek.reports[-1], r.Closed)
    embedded.wait(lambda: embedded.depth("orders") == (COUNT, 0))


@pytest.mark.parametrize("when", ["before", "while connecting"])
def test_a_drain(embedded: EmbeddedBroker, connection: Connection, tmp_path: Path, when: str) -> None:
    path = tmp_path / "orders.jsonl"
    stop = threading.Event()
    work = drain_work(connection, "/queue/orders", path, lambda: "by you" if stop.is_set() else "")
    if when == "while connecting":
        survey = work.access.reader.survey
        work.access.reader.survey = lambda: (stop.set(), survey())[1]  # type: ignore[method-assign, func-returns-value]
    ended = transferred(work, stop_first=when == "before")
    assert ended.result.text == "0 drained; stopped: by you"
    embedded.wait(lambda: embedded.depth("orders") == (COUNT, 0))
    assert not path.exists()


def test_a_refill(embedded: EmbeddedBroker, connection: Connection, tmp_path: Path) -> None:
    path = tmp_path / "orders.jsonl"
    path.write_text('{"destination": "/queue/refilled", "body": "one"}\n')
    work = refill_work(connection, path, lambda: "by you")
    assert transferred(work).result.text == "0 sent; stopped: by you"
    assert embedded.depth("refilled") == (0, 0)


def transferred(work: TransferWork, stop_first: bool = False) -> Ended:
    """How a transfer ended."""
    reports: list[r.Report] = []
    transfer = Transfer(work, reports.append)
    if stop_first:
        transfer.stop()
    transfer.start()
    assert transfer.join(20)
    (ended,) = [report for report in reports if isinstance(report, Ended)]
    return ended
