"""A queue of ActiveMQ that confirms what it forwards, and keeps nothing: that it may be so is said before and after."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from stomptui.protocol.jsonl import FileMessage
from stomptui.queues.actions.action import Action
from stomptui.queues.peek.peek_values import PeekOptions
from tests.support.brokers import ActiveMQ5, ActiveMQ6
from tests.support.brokers.activemq import ActiveMQ
from tests.support.peeking import peeking
from tests.support.raw import RawStomp
from tests.support.transferring import refill

SAID = "is not known: ActiveMQ does not tell over STOMP of policies that drop or forward messages."
AFTER = "whether /queue/forwarding.{} keeps them is not known"


@pytest.fixture(params=[pytest.param(kind.key, marks=pytest.mark.broker(kind.key)) for kind in (ActiveMQ5, ActiveMQ6)])
def broker(request: pytest.FixtureRequest) -> ActiveMQ:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, ActiveMQ)
    return found


def test_a_move_to_a_queue_that_forwards(broker: ActiveMQ, name: str) -> None:
    broker.make_queue(name)
    with RawStomp("127.0.0.1", broker.port) as client:
        client.connect()
        for number in range(3):
            client.receipt("SEND", {"destination": f"/queue/{name}", "persistent": "true"}, b"%d" % number)
    action = Action("move", f"/queue/forwarding.{name}")
    with peeking(broker.connection(), f"/queue/{name}") as peek:
        peek.look(PeekOptions(None))
        plan = peek.plan(action, range(3))
        refused = peek.act(action, range(3), unknown=False)
        copied = peek.plan(dataclasses.replace(action, kind="copy"), range(3))
        result = peek.act(action, range(3))
    (unknown,) = plan.unknown
    assert plan.asks and SAID in unknown and unknown.startswith(f"Whether /queue/forwarding.{name} keeps what is sent")
    assert refused.text == "0 moved, 3 failed"
    assert refused.reasons == [(f"it was not agreed to: {unknown}", 3)]
    assert not copied.asks and unknown in copied.lines, "what is copied is not lost"
    assert result.text == "3 moved"
    assert result.notes == [AFTER.format(name)]
    assert broker.depth(name) == 0


def test_a_refill_of_a_queue_that_forwards(broker: ActiveMQ, name: str, tmp_path: Path) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_bytes(FileMessage("", (), b"one").line())
    result = refill(broker.connection(), path, f"/queue/forwarding.{name}").result
    assert result.text == "1 sent"
    assert result.summary == f"1 sent; {AFTER.format(name)}"
    assert any(SAID in note for note in result.notes)
