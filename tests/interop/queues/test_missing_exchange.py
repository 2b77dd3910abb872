"""An exchange that does not exist: nothing can be there, so nothing is perhaps there."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from stomptui.protocol.jsonl import FileMessage
from stomptui.queues.actions.action import Action
from stomptui.queues.peek.peek_values import PeekOptions
from stomptui.queues.transfer.transfer import Unagreed
from tests.support.brokers import RabbitMQ, RabbitMQ40, RabbitMQ43
from tests.support.peeking import peeking
from tests.support.raw import RawStomp
from tests.support.transferring import refill

KINDS = (RabbitMQ, RabbitMQ40, RabbitMQ43)


@pytest.fixture(params=[pytest.param(kind.key, marks=pytest.mark.broker(kind.key)) for kind in KINDS])
def broker(request: pytest.FixtureRequest) -> RabbitMQ:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, RabbitMQ)
    return found


def test_each_line_of_a_refill_is_named(broker: RabbitMQ, name: str, tmp_path: Path) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_bytes(b"".join(FileMessage("", (), b"%d" % number).line() for number in range(10)))
    result = refill(broker.connection(), path, f"/exchange/{name}/key").result
    assert result.text == "0 sent, 10 failed"
    ((reason, _),) = result.reasons
    assert reason.startswith("lines 1 to 10: ")
    assert name in reason


def test_copies_fail_and_all_stay(broker: RabbitMQ, name: str) -> None:
    broker.make_queue(name)
    with RawStomp("127.0.0.1", broker.port) as client:
        client.connect()
        for number in range(4):
            client.receipt("SEND", {"destination": f"/amq/queue/{name}"}, b"%d" % number)
    with peeking(broker.connection(), f"/queue/{name}") as peek:
        peek.look(PeekOptions(None))
        result = peek.act(Action("copy", f"/exchange/{name}/key"), range(4))
    assert result.text == "0 copied, 4 failed"
    broker.wait_for(name, 4)
    broker.drop_queue(name)


def test_what_no_queue_takes_is_said_before_where_the_management_tells(
    broker: RabbitMQ, name: str, tmp_path: Path
) -> None:
    managed = dataclasses.replace(broker.connection(), management=f"http://127.0.0.1:{broker.http_port}")
    broker.make_queue(name)
    broker.api("POST", f"/api/bindings/%2F/e/amq.topic/q/{name}", {"routing_key": f"{name}.#"})
    path = tmp_path / "messages.jsonl"
    path.write_bytes(b"".join(FileMessage("", (), b"%d" % number).line() for number in range(4)))
    for nowhere in (f"/topic/nobody.{name}", f"/exchange/amq.direct/{name}"):
        failed = refill(managed, path, nowhere).failed
        assert isinstance(failed, Unagreed)
        assert failed.risks == (f"{nowhere} goes to no queue now: RabbitMQ confirms what it drops.",)
    broker.api("PUT", f"/api/queues/%2F/{name}.one", {"durable": True, "arguments": {"x-max-length": 1}})
    broker.api("POST", f"/api/bindings/%2F/e/amq.topic/q/{name}.one", {"routing_key": f"one.{name}"})
    failed = refill(managed, path, f"/topic/one.{name}").failed
    assert isinstance(failed, Unagreed)
    assert [risk for risk in failed.risks if f"{name}.one keeps at most 1 message" in risk]
    broker.drop_queue(f"{name}.one")
    assert refill(managed, path, f"/topic/{name}.x").result.text == "4 sent"
    broker.wait_for(name, 4)
    with peeking(managed, f"/queue/{name}") as peek:
        peek.look(PeekOptions(None))
        action = Action("copy", f"/topic/{name}.x")
        assert [risk for risk in peek.plan(action, range(4)).risks if "goes to the queue where they are" in risk]
        assert (
            peek.plan(Action("copy", "/exchange/none.such/key"), range(4)).refusal == "there is no exchange none.such"
        )
        assert peek.act(action, range(4)).text == "0 copied, 4 failed"
    broker.drop_queue(name)
