"""What is said of a queue that gives nothing, or of which little is told, on real RabbitMQ."""

from __future__ import annotations

import dataclasses
import os

import pytest

from stomptui.config.connection import Connection
from stomptui.queues.peek.peek_values import PeekOptions, QueueSurvey
from tests.support.brokers import RabbitMQ
from tests.support.peeking import Peeking, peeking
from tests.support.raw import RawStomp


@pytest.fixture(
    params=[pytest.param(key, marks=pytest.mark.broker(key)) for key in ("rabbitmq", "rabbitmq40", "rabbitmq43")]
)
def broker(request: pytest.FixtureRequest) -> RabbitMQ:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, RabbitMQ)
    return found


def fill(broker: RabbitMQ, name: str, kind: str, count: int = 8, **arguments: object) -> None:
    broker.delete(name)
    broker.declare(name, kind, **arguments)
    with RawStomp("127.0.0.1", broker.port) as client:
        client.connect("1.2")
        for number in range(count):
            client.receipt("SEND", {"destination": f"/amq/queue/{name}", "persistent": "true"}, f"m{number}")


def surveyed(connection: Connection, queue: str) -> QueueSurvey:
    peek = Peeking(connection, queue)
    try:
        return peek.survey()
    finally:
        peek.close()


def counting(broker: RabbitMQ) -> Connection:
    return dataclasses.replace(broker.connection(), management=f"http://127.0.0.1:{broker.http_port}/")


@pytest.mark.parametrize("kind", ["classic", "quorum"])
def test_one_consumer_alone_is_not_an_empty_queue(broker: RabbitMQ, kind: str) -> None:
    name = f"alone.{os.getpid()}.{kind}"
    fill(broker, name, kind, x_single_active_consumer=True)
    with RawStomp("127.0.0.1", broker.port) as other:
        other.connect("1.2")
        lines = {"id": "1", "destination": f"/amq/queue/{name}", "ack": "client-individual", "prefetch-count": "2"}
        other.send("SUBSCRIBE", lines)
        for _ in range(2):
            other.expect("MESSAGE")
        with peeking(counting(broker), f"/queue/{name}") as peek:
            looked = peek.look(PeekOptions(None))
            assert looked.count == 0
            assert "this queue gives its messages to one consumer alone (single active consumer)" in looked.note
            assert "empty" not in looked.note
        with peeking(broker.connection(), f"/queue/{name}") as peek:
            assert "or it gives its messages to one of them alone" in peek.look(PeekOptions(None)).note
    broker.wait_for(name, 8)


def test_a_stream_is_never_held(broker: RabbitMQ) -> None:
    name = f"stream.{os.getpid()}"
    fill(broker, name, "stream")
    for login in ("guest", "reader"):
        with peeking(broker.connection_as(login), f"/queue/{name}") as peek:
            assert peek.surveyed is not None
            assert (peek.surveyed.kind, peek.surveyed.holds, peek.surveyed.refusal) == ("stream", False, "")
            for limit, start, count in ((None, "", 8), (3, "", 3), (3, "offset=2", 3), (100, "", 8)):
                looked = peek.look(PeekOptions(limit, start))
                assert (looked.count, looked.held) == (count, False)
                assert not peek.peek.access.reader.holding


def test_missing_not_allowed_and_exclusive_are_three_things(broker: RabbitMQ) -> None:
    name = f"told.{os.getpid()}"
    fill(broker, name, "classic")
    reader = broker.connection_as("reader")
    found = surveyed(reader, f"/queue/{name}")
    assert (found.exists, found.refusal) == (True, "")
    assert "cannot be found out" not in found.notice
    for connection in (reader, broker.connection()):
        assert surveyed(connection, f"/queue/{name}.missing").refusal == f"there is no queue {name}.missing"
        with RawStomp("127.0.0.1", broker.port) as other:
            other.connect("1.2")
            own = {"id": "1", "destination": f"/queue/{name}.own", "exclusive": "true", "durable": "false"}
            other.receipt("SUBSCRIBE", {**own, "auto-delete": "false"})
            refusal = surveyed(connection, f"/queue/{name}.own").refusal
            assert refusal == f"another connection has {name}.own for itself (exclusive): nobody else may read it"
    broker.api("PUT", "/api/users/nobody", {"password": "nobody", "tags": ""})
    broker.api("PUT", "/api/permissions/%2F/nobody", {"configure": "", "write": "", "read": ""})
    nobody = dataclasses.replace(broker.connection(), login="nobody", passcode="nobody")
    refusal = surveyed(nobody, f"/queue/{name}").refusal
    assert refusal == f"this user may not read from {name}, and is not told whether it is there"
    broker.wait_for(name, 8)
