"""What a session makes of real answers: the same on the embedded broker and on RabbitMQ wherever both promise it."""

from __future__ import annotations

import dataclasses

import pytest

from stomptui.connection.events import BrokerError, Lost, ReceiptArrived, Subscribed, SubscribeFailed, Unsubscribed
from stomptui.connection.frame_headers import Subscription
from stomptui.protocol.frame import Frame
from tests.interop.conftest import Place
from tests.support.brokers.rabbitmq import RabbitMQ
from tests.support.record import Recorder


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_a_message_goes_there_and_back(place: Place, version: str) -> None:
    queue = f"session-{version}"
    place.empty(queue)
    destination, body = f"/queue/{queue}", "a\0b é日😀".encode()
    with Recorder(dataclasses.replace(place.connection, versions=(version,))) as recorder:
        assert recorder.connected().version == version
        session = recorder.session
        session.subscribe(Subscription("s", destination, "client-individual", prefetch=10))
        recorder.wait(Subscribed, subscription="s")
        session.send(
            "SEND",
            [("destination", destination), ("x", "é日😀"), ("receipt", "m"), ("content-length", str(len(body)))],
            body,
        )
        assert recorder.wait(ReceiptArrived, receipt="m").refusal is None
        assert recorder.bodies(1) == [body]
        message = recorder.frames()[0]
        assert message.get("x") == "é日😀"
        recorder.wait(ReceiptArrived, receipt=session.ack(message))
        session.unsubscribe("s")
        recorder.wait(Unsubscribed, subscription="s")
        session.disconnect(5)
        lost = recorder.lost()
    assert lost.wanted
    assert lost.unconfirmed == ()
    with Recorder(place.connection) as recorder:
        recorder.connected()
        recorder.session.subscribe(Subscription("again", destination, "client-individual"))
        recorder.wait(Subscribed)
        assert recorder.frames() == [], "what was acknowledged is gone"


@pytest.mark.parametrize(("wrong", "field"), [({"passcode": "wrong"}, "passcode"), ({"vhost": "/nosuch"}, "vhost")])
def test_a_refused_login_is_told_in_the_brokers_words(rabbitmq: RabbitMQ, wrong: dict[str, str], field: str) -> None:
    with Recorder(dataclasses.replace(rabbitmq.connection(), **wrong)) as recorder:  # type: ignore[arg-type]
        failed = recorder.failed()
    assert failed.field == field
    assert failed.server_text.startswith("Bad CONNECT\n")


def test_a_missing_queue_refuses_its_own_subscription(place: Place) -> None:
    place.empty("session-there")
    with Recorder(place.connection) as recorder:
        recorder.connected()
        recorder.session.subscribe(Subscription("good", "/queue/session-there", "client-individual"))
        recorder.session.subscribe(Subscription("bad", "/amq/queue/session-nosuch", "client-individual"))
        failed = recorder.wait(SubscribeFailed)
        assert failed.subscription == "bad"
        assert "session-nosuch" in failed.reason
        assert not failed.cancelled
        assert [event.subscription for event in recorder.of(Subscribed)] == ["good"]


def test_a_destination_that_makes_no_sense_refuses_one_of_three(place: Place) -> None:
    for queue in ("session-a", "session-c"):
        place.empty(queue)
    with Recorder(place.connection) as recorder:
        recorder.connected()
        for name, destination in (("a", "/queue/session-a"), ("b", "/foo/bar"), ("c", "/queue/session-c")):
            recorder.session.subscribe(Subscription(name, destination, "client-individual"))
        assert recorder.wait(SubscribeFailed).subscription == "b"
        if place.name == "rabbitmq":  # it goes on after this one
            recorder.wait(Subscribed, subscription="c")
            assert [event.subscription for event in recorder.of(Subscribed)] == ["a", "c"]
            assert not recorder.of(Lost)


def test_a_refused_send_is_told_of_that_send(place: Place) -> None:
    with Recorder(place.connection) as recorder:
        recorder.connected()
        recorder.session.send("SEND", [("destination", "/foo/bar"), ("receipt", "mine")], b"x")
        assert recorder.wait(BrokerError).receipt == "mine"


def test_an_ack_that_comes_too_late_is_told_of_that_ack(rabbitmq: RabbitMQ) -> None:
    """RabbitMQ confirms it and complains then."""
    rabbitmq.delete("session-stale")
    with Recorder(rabbitmq.connection()) as recorder:
        recorder.connected()
        session = recorder.session
        session.subscribe(Subscription("s", "/queue/session-stale", "client-individual"))
        recorder.wait(Subscribed)
        session.send("SEND", [("destination", "/queue/session-stale")], b"x")
        recorder.bodies(1)
        message: Frame = recorder.frames()[0]
        recorder.wait(ReceiptArrived, receipt=session.ack(message))
        second = session.ack(message)
        error = recorder.wait(BrokerError)
        assert error.receipt == second
        lost = recorder.lost()
    assert "unknown delivery tag" in lost.server_text


def test_a_queue_that_is_deleted_takes_its_subscription_away(rabbitmq: RabbitMQ) -> None:
    rabbitmq.declare("session-doomed")
    with Recorder(rabbitmq.connection()) as recorder:
        recorder.connected()
        recorder.session.subscribe(Subscription("s", "/amq/queue/session-doomed", "client-individual"))
        recorder.wait(Subscribed)
        rabbitmq.delete("session-doomed")
        failed = recorder.wait(SubscribeFailed)
        assert (failed.subscription, failed.cancelled) == ("s", True)
        assert not recorder.of(Lost)


def test_heart_beats_keep_a_quiet_connection(place: Place) -> None:
    with Recorder(dataclasses.replace(place.connection, heart_beat=(1000, 1000))) as recorder:
        assert recorder.connected().heart_beat == (1000, 1000)
        assert not recorder.session.ended.wait(4.5), "it was lost although both sides were there"


def test_a_broker_that_closes_says_why(rabbitmq: RabbitMQ) -> None:
    with Recorder(rabbitmq.connection()) as recorder:
        recorder.connected()
        rabbitmq.close_connections("maintenance")
        lost = recorder.lost(within=20)
    assert not lost.wanted
    assert lost.reason
