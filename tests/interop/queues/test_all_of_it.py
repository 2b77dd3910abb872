"""All of a large queue is shown and drained, or it is said exactly what is missing and why."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from stomptui.config.connection import Connection
from stomptui.connection.transport.limits import Limits
from stomptui.queues.peek.peek_values import PeekOptions
from tests.support.brokers import ManagedBroker, RabbitMQ
from tests.support.brokers.artemis import Artemis
from tests.support.peeking import peeking
from tests.support.raw import RawStomp
from tests.support.transferring import bodies, drain

MANY = 5_000

KINDS = [
    pytest.param((key, kind), id=f"{key}{kind and '-'}{kind}", marks=[pytest.mark.broker(key)] if key != "box" else [])
    for key, kind in (
        ("box", ""),
        ("rabbitmq", "quorum"),
        ("rabbitmq43", "quorum"),
        ("rabbitmq43", "classic"),
        ("activemq5", ""),
        ("activemq6", ""),
        ("artemis", ""),
    )
]


@dataclasses.dataclass
class Large:
    """A queue with many messages."""

    broker: ManagedBroker
    name: str
    kind: str

    @property
    def destination(self) -> str:
        return self.name if isinstance(self.broker, Artemis) else f"/queue/{self.name}"

    @property
    def connection(self) -> Connection:
        """As a person has it who says where the management is."""
        connection = self.broker.connection()
        if isinstance(self.broker, RabbitMQ):
            connection = dataclasses.replace(connection, management=f"http://127.0.0.1:{self.broker.http_port}/")
        return connection

    def fill(self, count: int) -> None:
        if isinstance(self.broker, RabbitMQ):
            self.broker.delete(self.name)
            self.broker.declare(self.name, self.kind)
        sending = [("destination", self.destination), ("persistent", "true")]
        if isinstance(self.broker, RabbitMQ):
            sending[0] = ("destination", f"/amq/queue/{self.name}")
        if isinstance(self.broker, Artemis):
            sending.append(("destination-type", "ANYCAST"))
        with RawStomp("127.0.0.1", self.broker.port, timeout=60) as client:
            client.connect("1.2")
            for number in range(count - 1):
                client.send("SEND", sending, f"m{number}")
            client.receipt("SEND", sending, f"m{count - 1}")
        self.broker.wait_for(self.name, count, within=60)

    @contextlib.contextmanager
    def consumer(self, prefetch: int) -> Iterator[RawStomp]:
        """Somebody else who has some of the messages and acknowledges none."""
        lines = [("id", "other"), ("ack", "client-individual"), ("prefetch-count", str(prefetch))]
        lines += [("activemq.prefetchSize", str(prefetch))]
        name = f"/amq/queue/{self.name}" if isinstance(self.broker, RabbitMQ) else self.destination
        with RawStomp("127.0.0.1", self.broker.port) as client:
            client.connect("1.2")
            client.send("SUBSCRIBE", [("destination", name), *lines])
            for _ in range(prefetch):
                client.expect("MESSAGE")
            yield client


@pytest.fixture(params=KINDS)
def large(request: pytest.FixtureRequest) -> Large:
    key, kind = request.param
    return Large(request.getfixturevalue(key), f"large.{os.getpid()}.{request.node.originalname}"[-60:], kind)


def test_all_is_shown(large: Large) -> None:
    large.fill(MANY)
    with peeking(large.connection, large.destination, hold=300.0) as peek:
        looked = peek.look(PeekOptions(None))
        # Of a quorum queue the number comes late; on a busy machine ActiveMQ may not tell it in time.
        assert looked.count == MANY
        assert looked.depth in (MANY, None) or large.kind == "quorum"
        assert [frame.body for frame in peek.frames] == [b"m%d" % number for number in range(MANY)]
        assert "of" not in looked.note.split(), looked.note
        looked = peek.look(PeekOptions(4_000))
        assert looked.count == 4_000
        assert "came" not in looked.note
    large.broker.wait_for(large.name, MANY)


def test_all_is_drained(large: Large, tmp_path: Path) -> None:
    large.fill(MANY)
    ran = drain(large.connection, large.destination, tmp_path / "x.jsonl")
    assert (ran.result.text, ran.result.notes) == ("5,000 drained", [])
    assert bodies(tmp_path / "x.jsonl") == [b"m%d" % number for number in range(MANY)]
    large.broker.wait_for(large.name, 0)


@pytest.mark.broker("rabbitmq43")
@pytest.mark.parametrize("kind", ["classic", "quorum"])
def test_what_others_have_is_said(rabbitmq43: RabbitMQ, kind: str, tmp_path: Path) -> None:
    large = Large(rabbitmq43, f"others.{os.getpid()}.{kind}", kind)
    large.fill(300)
    with large.consumer(100):
        large.broker.wait_for(large.name, 300, held=100)
        with peeking(large.connection, large.destination) as peek:
            looked = peek.look(PeekOptions(None))
            assert (looked.count, looked.depth) == (200, 300)
            assert looked.note == "200 of 300 came: the other 100 are unacknowledged at other consumers."
        ran = drain(large.connection, large.destination, tmp_path / "x.jsonl")
        assert ran.result.text == "200 drained"
        told = "100 messages are still in the queue and did not come, 100 of them unacknowledged at other consumers."
        assert ran.result.notes == [told]
    large.broker.wait_for(large.name, 100)


@pytest.mark.broker("rabbitmq43")
def test_where_nobody_counts_that_is_said(rabbitmq43: RabbitMQ) -> None:
    large = Large(rabbitmq43, f"uncounted.{os.getpid()}", "classic")
    large.fill(3)
    with peeking(rabbitmq43.connection(), large.destination) as peek:
        looked = peek.look(PeekOptions(None))
        assert (looked.count, looked.depth) == (3, None)
        # It waits longer for a broker that answers slowly.
        note = r"Nothing more came for [\d.]+ s; the broker does not say whether that is all\."
        assert re.fullmatch(note, looked.note), looked.note
        assert peek.look(PeekOptions(2)).note == ""


@pytest.mark.parametrize("key", [pytest.param(key, marks=pytest.mark.broker(key)) for key in ("activemq6", "artemis")])
def test_what_others_have_shows_or_is_counted(request: pytest.FixtureRequest, key: str) -> None:
    """A browser of ActiveMQ shows it too; Artemis says how many."""
    large = Large(request.getfixturevalue(key), f"others.{os.getpid()}", "")
    large.fill(20)
    if key == "activemq6":
        with large.consumer(5), peeking(large.connection, large.destination) as peek:
            assert peek.look(PeekOptions(None)).count == 20
        return
    with RawStomp("127.0.0.1", large.broker.port) as other:
        other.connect("1.2")
        lines = {"id": "1", "destination": large.destination, "subscription-type": "ANYCAST", "ack": "client"}
        other.send("SUBSCRIBE", {**lines, "consumer-window-size": "-1"})
        for _ in range(20):
            other.expect("MESSAGE")
        with peeking(large.connection, large.destination) as peek:
            looked = peek.look(PeekOptions(None))
            assert (looked.count, looked.depth) == (0, 20)
            assert looked.note == "Consumers have 20 that are in it now, and have not acknowledged them."


@pytest.mark.parametrize("kind", ["classic", "quorum"])
@pytest.mark.parametrize(
    "key", [pytest.param(key, marks=pytest.mark.broker(key)) for key in ("rabbitmq", "rabbitmq40", "rabbitmq43")]
)
def test_one_message_with_large_headers_hides_no_other(
    request: pytest.FixtureRequest, key: str, kind: str, tmp_path: Path
) -> None:
    """RabbitMQ takes them, so they can be shown and taken out."""
    large = Large(request.getfixturevalue(key), f"headers.{os.getpid()}.{kind}", kind)
    large.fill(3)
    value = "x" * 70_000
    with RawStomp("127.0.0.1", large.broker.port) as client:
        client.connect("1.2")
        sending = [("destination", f"/amq/queue/{large.name}"), ("persistent", "true"), ("large", value)]
        client.receipt("SEND", sending, "m3")
        client.receipt("SEND", sending[:2], "m4")
    with peeking(large.connection, large.destination) as peek:
        for _ in range(2):
            assert peek.look(PeekOptions(None)).count == 5
            assert [frame.get("large") for frame in peek.frames] == [None, None, None, value, None]
    ran = drain(large.connection, large.destination, tmp_path / "x.jsonl")
    assert (ran.result.text, ran.result.notes) == ("5 drained", [])
    assert value in (tmp_path / "x.jsonl").read_text()


@contextlib.contextmanager
def _sending(large: Large) -> Iterator[None]:
    """Somebody who sends all the time, too often for a pause of half a second."""
    enough = threading.Event()

    def send() -> None:
        with RawStomp("127.0.0.1", large.broker.port, timeout=60) as client:
            client.connect("1.2")
            while not enough.wait(0.02):
                client.receipt("SEND", {"destination": f"/amq/queue/{large.name}", "persistent": "true"}, "more")

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()


@pytest.mark.parametrize("kind", ["classic", "quorum"])
@pytest.mark.parametrize(
    "key", [pytest.param(key, marks=pytest.mark.broker(key)) for key in ("rabbitmq", "rabbitmq43")]
)
def test_a_look_ends_while_messages_keep_coming(request: pytest.FixtureRequest, key: str, kind: str) -> None:
    large = Large(request.getfixturevalue(key), f"flowing.{os.getpid()}.{kind}", kind)
    large.fill(300)
    with _sending(large), peeking(large.connection, large.destination, hold=300.0) as peek:
        looked = peek.look(PeekOptions(None))
        assert looked.count >= 300
        assert [frame.body for frame in peek.frames][:300] == [b"m%d" % number for number in range(300)]
        assert looked.note == "" or looked.note.startswith(f"Stopped at {looked.count:,}, as many as were in it; messa")


def test_what_came_before_a_message_over_our_limit_is_shown(large: Large, monkeypatch: pytest.MonkeyPatch) -> None:
    if isinstance(large.broker, Artemis):
        pytest.skip("the copies come on the connection that ends")
    large.fill(3)
    destination = f"/amq/queue/{large.name}" if isinstance(large.broker, RabbitMQ) else large.destination
    with RawStomp("127.0.0.1", large.broker.port) as client:
        client.connect("1.2")
        sending = [("destination", destination), ("persistent", "true"), ("destination-type", "ANYCAST")]
        for body in ("x" * 300_000, "last"):
            client.receipt("SEND", sending, body)
    monkeypatch.setattr(
        "stomptui.connection.blocking_client.QUEUE_LIMITS", Limits(max_header=1 << 16, max_frame=200_000)
    )
    with peeking(large.connection, large.destination) as peek:
        looked = peek.look(PeekOptions(None))
        assert [frame.body for frame in peek.frames] == [b"m0", b"m1", b"m2"]
        assert (looked.count, looked.held) == (3, False)
        told = "3 shown, and none is unacknowledged any more: the broker sent a frame larger than 200,000 bytes; "
        assert looked.note.startswith(told + "this frame and what came behind it was not read")
    large.broker.wait_for(large.name, 5)
