"""A broker that closes connections in the middle of a refill: each line is there once, and what is said is true."""

from __future__ import annotations

import dataclasses
import threading
from pathlib import Path

import pytest

from stomptui.protocol.jsonl import FileMessage
from stomptui.queues.transfer.result import TransferResult
from tests.interop.queues.conftest import parameter
from tests.interop.queues.promises import PROMISES, Place
from tests.support.brokers.rabbitmq import RabbitMQ
from tests.support.cutting import Cutter
from tests.support.raw import RawStomp
from tests.support.transferring import refill

TRIED = ("rabbitmq-classic", "rabbitmq43-quorum", "activemq6", "artemis-bob")
FOUND = [b"m%d" % n for n in range(2500)]


@pytest.fixture(params=[parameter(promise) for promise in PROMISES if promise.id in TRIED])
def spot(request: pytest.FixtureRequest) -> Place:
    return Place(request.getfixturevalue(request.param.broker), request.param)


def arrived(place: Place, queue: str) -> list[bytes]:
    """The bodies in a queue, by a bare socket."""
    if isinstance(place.broker, RabbitMQ):
        # Of another type than a declaration by this name would make.
        queue = f"/amq{queue}"
    login = place.connection.login
    with RawStomp("127.0.0.1", place.broker.port) as client:
        client.connect("1.2", **({"login": login, "passcode": place.connection.passcode} if login else {}))
        client.receipt("SUBSCRIBE", {"id": "1", "destination": queue, "ack": "auto"})
        found = [frame.body for frame in client.messages(len(FOUND))]
        client.expect_nothing()
    return found


def test_a_refill_whose_connections_are_closed(spot: Place, name: str, tmp_path: Path) -> None:
    queue = spot.queue(name)
    path = tmp_path / "messages.jsonl"
    path.write_bytes(b"".join(FileMessage(queue, (("persistent", "true"),), body).line() for body in FOUND))
    broker = spot.broker
    closed: list[threading.Thread] = []
    with Cutter(broker.port) as cutter:

        def close(result: TransferResult) -> None:
            if len(closed) < 2 and result.count("done") > 600 * (len(closed) + 1):
                # RabbitMQ says an ERROR to each as it closes it; the others cut.
                how = broker.close_connections if isinstance(broker, RabbitMQ) else cut
                closed.append(threading.Thread(target=how))
                closed[-1].start()

        def cut() -> None:
            for connection in cutter.connections:
                connection.cut_now()

        result = refill(dataclasses.replace(spot.connection, port=cutter.port), path, on_progress=close).result
        for thread in closed:
            thread.join()
    assert len(closed) == 2
    assert (result.text, result.uncertain, result.unsent) == ("2,500 sent", [], []), result.reasons
    assert sorted(arrived(spot, queue)) == sorted(FOUND)
