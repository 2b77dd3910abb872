"""Spring in front of another broker: how it is recognised, and whose rules hold for which destination."""

from __future__ import annotations

import pytest

from stomptui.brokers.registry import BROKERS
from stomptui.brokers.spring.relay import OF_BROKER, Relay
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.protocol.frame import Frame

RABBITMQ = b"CONNECTED\nserver:RabbitMQ/3.10.8\nsession:session-3iIE\nheart-beat:0,0\nversion:1.2\n\n"
ACTIVEMQ = b"CONNECTED\nserver:ActiveMQ/5.17.2\nheart-beat:0,0\nsession:ID:vm-37633\nversion:1.2\n\n"
ARTEMIS = b"CONNECTED\nversion:1.2\nsession:d275d7a9\nserver:ActiveMQ-Artemis/2.56.0 ActiveMQ Artemis\n\n"


def recognised(raw: bytes, behind: bytes | None, websocket: bool = True) -> Dialect:
    return BROKERS.recognised(Frame(raw, "1.2"), websocket, "", behind)


def relay(server: str = "RabbitMQ/3.10.8") -> Dialect:
    return BROKERS.named("relay", server)


class TestRecognition:
    @pytest.mark.parametrize(
        ("raw", "title"), [(RABBITMQ, "RabbitMQ behind Spring"), (ARTEMIS, "Artemis behind Spring")]
    )
    def test_spring_writes_nothing_behind_a_nul_and_these_brokers_do(self, raw: bytes, title: str) -> None:
        assert recognised(raw, b"").title == title
        assert recognised(raw, b"\n").title == title.removesuffix(" behind Spring")
        assert recognised(raw, None, websocket=False).title == title.removesuffix(" behind Spring")

    def test_only_spring_names_the_user(self) -> None:
        named = ACTIVEMQ.replace(b"\n\n", b"\nuser-name:alice\n\n")
        assert recognised(named, b"").title == "ActiveMQ behind Spring"
        assert recognised(ACTIVEMQ, b"").name == "activemq"

    def test_a_person_may_choose_it(self) -> None:
        chosen = BROKERS.recognised(Frame(ACTIVEMQ, "1.2"), websocket=True, override="relay")
        assert chosen.title == "ActiveMQ behind Spring"
        assert BROKERS.recognised(Frame(b"CONNECTED\nversion:1.2\n\n"), True, "relay").title == "Spring relay"


class TestDestinations:
    @pytest.mark.parametrize("place", ["/app/echo", "/user/queue/reply", "/user/carol/queue/reply", "/chat/room"])
    def test_what_the_broker_has_no_prefix_for_is_springs(self, place: str) -> None:
        dialect = relay()
        for mode in ("hold", "work", "consume", "live", None):
            reading = WantedSubscription(place, mode=mode, prefetch=5).resolve(dialect)
            assert (reading.ack, reading.prefetch, reading.mode) == ("auto", None, "live")
        assert not dialect.gives_receipt(place)
        assert not dialect.is_queue(place)
        assert dialect.subscribe_headers(place, (), 100) == []
        said = [hint.text for hint in (*dialect.hints.send(place), *dialect.hints.subscribe(place))]
        assert not any("refuses" in text for text in said)

    @pytest.mark.parametrize("place", ["/queue/orders", "/amq/queue/orders", "/topic/orders", "/exchange/amq.topic/x"])
    def test_the_others_are_as_without_spring(self, place: str) -> None:
        dialect, rabbit = relay(), BROKERS.named("rabbitmq", "RabbitMQ/3.10.8")
        watch = WantedSubscription(place)
        assert watch.resolve(dialect) == watch.resolve(rabbit)
        assert dialect.gives_receipt(place) and dialect.unsubscribes(place)
        assert dialect.subscribe_headers(place, (), 7) == rabbit.subscribe_headers(place, (), 7)
        assert dialect.hints.send(place) == rabbit.hints.send(place)
        assert dialect.receipt_proves(place) == rabbit.receipt_proves(place)
        assert dialect.listed_as(place) == rabbit.listed_as(place)

    def test_an_unsubscribe_that_the_broker_would_end_the_session_for_is_not_sent(self) -> None:
        """RabbitMQ never saw the SUBSCRIBE, which the application answered."""
        assert not relay().unsubscribes("/app/init")
        assert relay().unsubscribes("/user/queue/reply")
        assert BROKERS.named("spring").unsubscribes("/app/init")

    def test_a_queue_that_stays_is_said_and_is_nothing_for_read_only(self) -> None:
        said = "; ".join(hint.text for hint in relay().hints.subscribe("/user/queue/reply"))
        assert "queue of this session" in said and "auto-delete:true" in said
        assert relay().read_only.topic_problem("/user/queue/reply")
        assert not relay().read_only.topic_problem("/topic/x")

    def test_both_kinds_of_destinations_are_offered(self) -> None:
        assert {"/app/", "/user/queue/", "/exchange/"} <= relay().destinations.keys()
        assert relay().destinations["/queue/"] == BROKERS.named("rabbitmq").destinations["/queue/"]

    def test_the_smaller_limit_counts(self) -> None:
        assert relay("RabbitMQ/4.3.6").frame_limit == 64 << 10
        assert relay("RabbitMQ/4.3.6").header_limit == 100


def test_whatever_a_dialect_tells_is_decided_for_the_relay() -> None:
    """An answer that is new in `Dialect` is not forgotten here, where it would be that of a broker nobody knows."""
    decided = {*OF_BROKER, *vars(relay()), *vars(Relay), "in_a_sentence", "recognise", "name"}
    assert {name for name in vars(Dialect) if not name.startswith("_")} <= decided
