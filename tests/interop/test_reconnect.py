"""Reconnecting on a real broker: what is held stays, what is consumed goes, what is lost comes back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.connection.event_queue import EventQueue
from stomptui.connection.reconnect import ConnectionState, ReconnectingSession
from stomptui.connection.session import Session
from stomptui.connection.subscriptions.subscription import WantedSubscription
from tests.support.brokers.rabbitmq import RabbitMQ


class Pump:
    """The part of the event loop: takes events out, lets the link act on them, and ticks."""

    def __init__(self, connection: Connection) -> None:
        self._woken = threading.Event()
        self.inbox = EventQueue(self._woken.set)
        self.notes: list[tuple[str, str]] = []
        self.link = ReconnectingSession(
            connection,
            lambda c: Session(c, self.inbox, BROKERS),
            BROKERS,
            note=lambda kind, text: self.notes.append((kind, text)),
        )
        self.link.open()

    def until(self, reached: Callable[[], bool], what: str, timeout: float = 30.0) -> None:
        deadline = time.monotonic() + timeout
        while not reached():
            assert time.monotonic() < deadline, f"not {what}: {self.link.state_text}, {self.notes}"
            self._woken.wait(0.1)
            self._woken.clear()
            while (event := self.inbox.get()) is not None:
                self.link.handle(event)
            self.link.tick()

    def up(self) -> None:
        self.until(lambda: self.link.state is ConnectionState.UP, "connected")


@pytest.fixture
def pump(rabbitmq: RabbitMQ) -> Iterator[Pump]:
    pump = Pump(rabbitmq.connection())
    pump.up()
    yield pump
    session = pump.link.session
    pump.link.stop()
    if isinstance(session, Session):
        session.join(5)


def fill(pump: Pump, queue: str, count: int) -> None:
    session = pump.link.session
    assert isinstance(session, Session)
    for number in range(count):
        session.send("SEND", [("destination", f"/amq/queue/{queue}"), ("persistent", "true")], b"%d" % number)


def test_what_is_looked_at_stays_and_what_is_consumed_goes(rabbitmq: RabbitMQ, pump: Pump) -> None:
    queue = "link.look"
    rabbitmq.declare(queue)
    fill(pump, queue, 250)
    looked = pump.link.add(WantedSubscription(f"/amq/queue/{queue}"))
    pump.until(lambda: looked.total == 100, "looked at")
    pump.until(lambda: looked.state == "on", "on")
    pump.link.stop()
    pump.until(lambda: pump.link.session is None, "gone")
    assert rabbitmq.counts(queue) == (250, 0)
    pump.link.remove(looked.key)
    pump.link.retry_now()
    pump.up()
    eaten = pump.link.add(WantedSubscription(f"/amq/queue/{queue}", "consume"))
    pump.until(lambda: eaten.total == 250, "consumed")
    pump.link.stop()
    pump.until(lambda: pump.link.session is None, "gone")
    assert rabbitmq.counts(queue) == (0, 0)
    rabbitmq.delete(queue)


def test_a_refusal_that_ends_the_connection_does_not_end_it_again_and_again(rabbitmq: RabbitMQ, pump: Pump) -> None:
    topic = pump.link.add(WantedSubscription("/topic/link.alive"))
    pump.until(lambda: topic.state == "on", "on")
    missing = pump.link.add(WantedSubscription("/amq/queue/link.nosuch"))
    pump.until(lambda: pump.link.state is ConnectionState.WAITING, "lost")
    assert "no queue 'link.nosuch'" in missing.state_text
    pump.link.retry_now()
    pump.up()
    pump.until(lambda: topic.state == "on", "restored")
    assert missing.state == "refused"
    assert [kind for kind, _ in pump.notes] == ["gap"]


def test_a_connection_that_is_thrown_out_comes_back_with_what_was_watched(rabbitmq: RabbitMQ, pump: Pump) -> None:
    topic = pump.link.add(WantedSubscription("/topic/link.back"))
    pump.until(lambda: topic.state == "on", "on")
    rabbitmq.close_connections("closed by the test")
    pump.until(lambda: pump.link.state is ConnectionState.WAITING, "lost")
    assert "reconnecting in 1 s (1st try)" in pump.link.state_text
    pump.until(lambda: topic.state == "on", "back")
    session = pump.link.session
    assert isinstance(session, Session)
    session.send("SEND", [("destination", "/topic/link.back")], b"hello again")
    pump.until(lambda: topic.total == 1, "heard")
