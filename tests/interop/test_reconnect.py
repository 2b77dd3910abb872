"""Reconnecting on a real broker: what is held stays, what is consumed goes, what is lost comes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from stomptui.connection.reconnect import ConnectionState
from stomptui.connection.session import Session
from stomptui.connection.subscriptions.delivery_limit import UNCOUNTED
from stomptui.connection.subscriptions.subscription import WantedSubscription
from tests.support.brokers.rabbitmq import RabbitMQ
from tests.support.pump import Pump


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


def test_of_several_that_are_restored_at_once_only_the_refused_one_is_left_out(rabbitmq: RabbitMQ) -> None:
    rabbitmq.ctl("add_user", "narrow", "narrow")
    rabbitmq.ctl("set_permissions", "narrow", "^(stomp-.*|amq.topic)$", ".*", "^(stomp-.*|amq.topic)$")
    try:
        pump = Pump(replace(rabbitmq.connection(), login="narrow", passcode="narrow"))
        names = ("/topic/link.one", "/queue/link.forbidden", "/topic/link.two")
        one, forbidden, two = (pump.link.add(WantedSubscription(name, deliveries=UNCOUNTED)) for name in names)
        pump.until(
            lambda: (one.state, two.state) == ("on", "on") and forbidden.state in ("refused", "not restored"),
            "restored",
        )
        assert "refused" in forbidden.error
        pump.end()
    finally:
        rabbitmq.ctl("delete_user", "narrow")
