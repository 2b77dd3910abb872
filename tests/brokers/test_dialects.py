"""What each dialect recognises, builds and says."""

from __future__ import annotations

import pytest

from stomptui.brokers.rabbitmq.dialect import RabbitMQ
from stomptui.brokers.registry import BROKERS
from stomptui.compose.suggestions import SEND_HEADERS, header_meanings, header_values
from stomptui.config.dialects import DIALECTS
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.dialect.header_rules import Setting
from stomptui.connection.dialect.hints import Hint
from stomptui.connection.dialect.missing_queue import Becomes
from stomptui.protocol.frame import Frame

CONNECTED = {
    "rabbitmq": b"CONNECTED\nserver:RabbitMQ/3.10.8\nsession:session-3iIE\nheart-beat:0,0\nversion:1.2\n\n",
    "activemq": b"CONNECTED\nserver:ActiveMQ/5.17.2\nheart-beat:0,0\nsession:ID:vm-37633\nversion:1.2\n\n",
    "artemis": b"CONNECTED\nversion:1.2\nsession:d275d7a9\nserver:ActiveMQ-Artemis/2.56.0 ActiveMQ Artemis\n\n",
    "embedded": b"CONNECTED\nversion:1.2\nserver:stomptui/1.0\n\n",
    "coilmq": b"CONNECTED\nsession:1\nversion:1.2\nserver:coilmq/1.1.0\ncontent-length:0\n\n",
    "gostomp": b"CONNECTED\nversion:1.2\nserver:stompd/x.y.z\nheart-beat:0,0\n\n",
    "stompbrokerjs": b"CONNECTED\nsession:id1\nserver:STOMP-JS/1.3.0\nheart-beat:0,0\nversion:1.1\n\n",
    "unknown": b"CONNECTED\nversion:1.2\n\n",
}


def frame(raw: bytes, version: str = "1.2") -> Frame:
    return Frame(raw, version)


def texts(hints: list[Hint], field: str) -> str:
    return "; ".join(hint.text for hint in hints if hint.field == field)


class TestRecognition:
    @pytest.mark.parametrize(("name", "raw"), CONNECTED.items())
    def test_each_broker_is_known_by_its_connected_frame(self, name: str, raw: bytes) -> None:
        assert BROKERS.recognised(frame(raw)).name == name

    def test_spring_says_nothing_about_itself_but_comes_over_websocket(self) -> None:
        raw = b"CONNECTED\nversion:1.2\nheart-beat:10000,10000\nuser-name:alice\n\n"
        assert BROKERS.recognised(frame(raw), websocket=True).name == "spring"
        assert BROKERS.recognised(frame(raw), websocket=False).name == "unknown"

    def test_artemis_in_stomp_1_0_over_websocket_is_not_taken_for_spring(self) -> None:
        assert BROKERS.recognised(frame(b"CONNECTED\nversion:1.0\nsession:d2\n\n"), websocket=True).name == "unknown"

    def test_the_person_may_overrule(self) -> None:
        dialect = BROKERS.recognised(frame(CONNECTED["unknown"]), override="artemis")
        assert dialect.name == "artemis"

    def test_a_name_nobody_knows_overrules_nothing(self) -> None:
        assert BROKERS.recognised(frame(CONNECTED["rabbitmq"]), override="kafka").name == "rabbitmq"
        assert BROKERS.named("kafka").name == "unknown"

    def test_what_the_form_offers_is_what_there_is(self) -> None:
        assert sorted(DIALECTS) == sorted(BROKERS.names)

    def test_an_overruled_dialect_still_learns_the_version(self) -> None:
        raw = b"CONNECTED\nserver:RabbitMQ/4.0.5\n\n"
        assert BROKERS.recognised(frame(raw), override="rabbitmq").frame_limit == 4 << 20


class TestReading:
    @pytest.mark.parametrize(
        "name", [n for n in BROKERS.names if n not in ("spring", "coilmq", "gostomp", "stompbrokerjs")]
    )
    def test_a_queue_is_looked_at_unless_something_else_is_said(self, name: str) -> None:
        dialect = BROKERS.named(name)
        reading = dialect.reading(dialect.default_mode("/queue/test"))
        assert reading[:3] == ("client-individual", 100, "hold")
        assert not reading.acknowledges

    @pytest.mark.parametrize("name", BROKERS.names)
    def test_a_topic_is_watched_live(self, name: str) -> None:
        dialect = BROKERS.named(name)
        assert dialect.reading(dialect.default_mode("/topic/orders")) == ("auto", None, "live", ())

    @pytest.mark.parametrize("name", ["rabbitmq", "embedded", "activemq", "artemis"])
    def test_consuming_acknowledges_what_is_in_the_journal_and_bounds_what_is_held(self, name: str) -> None:
        reading = BROKERS.named(name).reading("consume")
        assert reading.ack == "client-individual"
        assert reading.prefetch
        assert reading.acknowledges

    @pytest.mark.parametrize("name", BROKERS.names)
    def test_a_mode_nobody_knows_takes_nothing_away(self, name: str) -> None:
        assert BROKERS.named(name).reading("").ack != "auto"  # type: ignore[arg-type]

    def test_consuming_on_a_broker_nobody_knows_is_ack_auto(self) -> None:
        reading = BROKERS.named("unknown").reading("consume")
        assert reading.ack == "auto"
        assert not reading.acknowledges

    def test_coilmq_eats_a_queue_read_client_individual_so_it_is_read_otherwise(self) -> None:
        coilmq = BROKERS.named("coilmq")
        assert coilmq.reading(coilmq.default_mode("/queue/x")).ack == "client"
        assert "every message leaves" in texts(coilmq.hints.subscribe("/queue/x", "client-individual"), "ack")

    @pytest.mark.parametrize("place", ["/queue/x", "/amq/queue/x", "/reply-queue/x", "x"])
    def test_queues_of_rabbitmq(self, place: str) -> None:
        assert BROKERS.named("rabbitmq").is_queue(place)

    @pytest.mark.parametrize("place", ["/topic/x", "/exchange/amq.topic/x"])
    def test_topics_of_rabbitmq(self, place: str) -> None:
        assert not BROKERS.named("rabbitmq").is_queue(place)

    def test_any_name_is_a_queue_on_activemq(self) -> None:
        activemq = BROKERS.named("activemq")
        assert all(activemq.is_queue(name) for name in ("foo", "/foo/bar", "/exchange/x", "queue://x", "/queue/>"))
        assert not activemq.is_queue("/topic/x")

    def test_nothing_is_a_queue_on_spring(self) -> None:
        assert BROKERS.named("spring").default_mode("/queue/x") == "live"

    def test_taking_messages_out_of_a_queue_is_said(self) -> None:
        for dialect in (kind() for kind in BROKERS.dialects):
            said = texts(dialect.hints.subscribe("/queue/x", "auto"), "ack")
            assert ("takes every message out" in said) is dialect.is_queue("/queue/x"), dialect


class TestSubscribeHeaders:
    @pytest.mark.parametrize(
        ("name", "line"),
        [
            ("rabbitmq", ("prefetch-count", "100")),
            ("embedded", ("prefetch-count", "100")),
            ("activemq", ("activemq.prefetchSize", "100")),
            ("artemis", ("consumer-window-size", "102400")),
        ],
    )
    def test_each_broker_has_its_own_word_for_prefetch(self, name: str, line: tuple[str, str]) -> None:
        dialect = BROKERS.named(name)
        assert dialect.subscribe_headers("/queue/x", (), 100) == [line]
        assert dialect.subscribe_headers("/queue/x", (), None) == []

    def test_what_the_person_wrote_is_never_said_again(self) -> None:
        mine = [("prefetch-count", "7")]
        assert BROKERS.named("rabbitmq").subscribe_headers("/queue/x", mine, 100) == []

    def test_a_topic_subscription_on_rabbitmq_is_exclusive(self) -> None:
        rabbit = BROKERS.named("rabbitmq")
        assert rabbit.subscribe_headers("/topic/a") == [("exclusive", "true")]

    @pytest.mark.parametrize("line", [("durable", "true"), ("exclusive", "false"), ("x-queue-name", "shared")])
    def test_but_not_where_the_queue_is_meant_to_stay_or_to_be_shared(self, line: tuple[str, str]) -> None:
        assert BROKERS.named("rabbitmq").subscribe_headers("/topic/a", [line]) == []

    def test_coilmq_wants_the_destination_again(self) -> None:
        assert BROKERS.named("coilmq").unsubscribe_headers("/queue/x") == [("destination", "/queue/x")]
        assert BROKERS.named("rabbitmq").unsubscribe_headers("/queue/x") == []

    def test_a_queue_made_with_arguments_takes_what_is_sent_by_another_name(self) -> None:
        said = "precondition_failed PRECONDITION_FAILED - inequivalent arg 'x-dead-letter-exchange' for queue 'orders'"
        explain = BROKERS.named("rabbitmq").hints.explain
        assert explain("/queue/orders", said).endswith("send to /amq/queue/orders")
        assert explain("/queue/orders", "access_refused") == explain("/topic/orders", said) == ""
        assert BROKERS.named("artemis").hints.explain("/queue/orders", said) == ""

    def test_looking_at_a_queue_of_rabbitmq_may_create_it(self) -> None:
        hints = BROKERS.named("rabbitmq").hints.subscribe("/queue/orders", "client-individual")
        assert "creates the queue orders" in texts(hints, "destination")
        assert "/amq/queue/orders" in texts(hints, "destination")
        hints = BROKERS.named("rabbitmq").hints.subscribe("/amq/queue/orders", "client-individual")
        assert texts(hints, "destination") == ""

    def test_browser_on_artemis_is_warned_of(self) -> None:
        hints = BROKERS.named("artemis").hints.subscribe("/queue/x", "auto", "", [("browser", "true")])
        assert "consumed" in texts(hints, "header:browser")


MESSAGE = b"MESSAGE\nsubscription:s1\nmessage-id:m1\nack:a1\ndestination:/queue/x\n\n"


class TestAcknowledgement:
    @pytest.mark.parametrize(
        ("version", "lines"),
        [
            ("1.0", [("message-id", "m1")]),
            ("1.1", [("message-id", "m1"), ("subscription", "s1")]),
            ("1.2", [("id", "a1")]),
        ],
    )
    def test_each_version_names_a_message_its_own_way(self, version: str, lines: list[tuple[str, str]]) -> None:
        assert BROKERS.named("rabbitmq").acknowledgement.ack_headers(frame(MESSAGE, version), version) == lines

    def test_artemis_is_given_the_message_id_since_a_sender_can_forge_ack(self) -> None:
        raw = b"MESSAGE\nack:forged\nsubscription:s1\nmessage-id:3,7\nack:3,7\n\n"
        assert BROKERS.named("artemis").acknowledgement.ack_headers(frame(raw), "1.2") == [("id", "3,7")]

    def test_coilmq_reads_something_else_as_id(self) -> None:
        assert BROKERS.named("coilmq").acknowledgement.ack_headers(frame(MESSAGE), "1.2") == [
            ("id", "s1"),
            ("message-id", "m1"),
        ]

    def test_a_message_without_a_name_cannot_be_acknowledged(self) -> None:
        with pytest.raises(ValueError, match="cannot be acknowledged"):
            BROKERS.named("unknown").acknowledgement.ack_headers(frame(b"MESSAGE\n\n"), "1.2")

    def test_what_a_nack_does_is_told(self) -> None:
        assert "deletes" in BROKERS.named("artemis").acknowledgement.nack_meaning
        assert BROKERS.named("artemis").acknowledgement.nack_destroys
        assert "dead letter" in BROKERS.named("activemq").acknowledgement.nack_meaning
        assert BROKERS.named("rabbitmq").acknowledgement.nack_headers(False) == [("requeue", "false")]
        assert BROKERS.named("rabbitmq").acknowledgement.nack_headers(None) == []
        assert BROKERS.named("artemis").acknowledgement.nack_headers(False) == []

    def test_nack_in_stomp_1_0(self) -> None:
        assert BROKERS.named("rabbitmq").acknowledgement.can_nack("1.0")
        assert not BROKERS.named("activemq").acknowledgement.can_nack("1.0")


class TestLimits:
    @pytest.mark.parametrize(
        ("server", "size", "count"),
        [
            ("RabbitMQ/3.10.8", None, None),
            ("RabbitMQ/4.0.5", 4 << 20, None),
            ("RabbitMQ/4.3.6", 4 << 20, 100),
            ("RabbitMQ", None, None),
        ],
    )
    def test_rabbitmq_limits_come_with_its_version(self, server: str, size: int | None, count: int | None) -> None:
        rabbit = RabbitMQ(server)
        assert (rabbit.frame_limit, rabbit.header_limit) == (size, count)

    def test_the_others(self) -> None:
        assert BROKERS.named("activemq").frame_limit == 100 << 20
        assert BROKERS.named("spring").frame_limit == 65536
        assert BROKERS.named("artemis").frame_limit is None

    def test_too_many_headers_are_told_for_the_whole_frame(self) -> None:
        rabbit = RabbitMQ("RabbitMQ/4.3.6")
        lines = [(f"h{n}", "x") for n in range(97)]
        assert texts(rabbit.hints.send("/queue/x", lines), "frame") == ""
        assert "at most 100" in texts(rabbit.hints.send("/queue/x", [*lines, ("one-more", "x")]), "frame")
        assert texts(rabbit.hints.send("/queue/x", lines * 2), "frame") == "", "repeats do not count"

    def test_only_spring_cuts_off_who_does_not_read(self) -> None:
        assert [kind.name for kind in BROKERS.dialects if kind.when_full == "drop oldest"] == ["spring", "relay"]
        assert [kind.name for kind in BROKERS.dialects if not kind.confirms] == ["spring", "stompbrokerjs"]


class TestComposeHints:
    def test_a_receipt_for_an_existing_queue_of_rabbitmq_proves_nothing(self) -> None:
        rabbit = BROKERS.named("rabbitmq")
        assert "proves nothing" in texts(rabbit.hints.send("/amq/queue/x"), "destination")
        assert "proves nothing" not in texts(rabbit.hints.send("/amq/queue/x", receipt=False), "destination")
        assert rabbit.receipt_proves("/queue/x") == ""

    @pytest.mark.parametrize(
        ("name", "place", "headers", "becomes"),
        [
            ("rabbitmq", "/queue/x", [], Becomes.QUEUED),
            ("rabbitmq", "x", [], Becomes.QUEUED),
            ("rabbitmq", "/amq/queue/x", [], Becomes.DISCARDED),
            ("rabbitmq", "/reply-queue/x", [], Becomes.DISCARDED),
            ("activemq", "/queue/x", [], Becomes.QUEUED),
            ("activemq", "x", [], Becomes.QUEUED),
            ("artemis", "x", [], Becomes.DISCARDED),
            ("artemis", "x", [("destination-type", "ANYCAST")], Becomes.QUEUED),
            ("artemis", "x", [("destination-type", "MULTICAST"), ("destination-type", "ANYCAST")], Becomes.DISCARDED),
            ("artemis", "/queue/x", [], Becomes.UNSURE),
            ("artemis", "/topic/x", [], Becomes.DISCARDED),
            ("artemis", "a::x", [], Becomes.UNSURE),
        ],
    )
    def test_what_becomes_of_a_message_whose_queue_is_missing(
        self, name: str, place: str, headers: list[tuple[str, str]], becomes: Becomes
    ) -> None:
        absence = BROKERS.named(name).if_missing(place, headers)
        assert absence.becomes is becomes
        assert ("New queue" in absence.text) is (becomes is Becomes.QUEUED)
        assert ("discards it" in absence.text) is (becomes is Becomes.DISCARDED)

    @pytest.mark.parametrize("place", ["/queue/orders", "orders"])
    def test_rabbitmq_creates_a_queue_that_is_written_to(self, place: str) -> None:
        assert "creates the queue orders" in texts(BROKERS.named("rabbitmq").hints.send(place), "destination")

    @pytest.mark.parametrize(
        ("place", "words"),
        [
            ("/temp-queue/x", "reply-to"),
            ("/queue/a/b", "%2F"),
            ("/foo/bar", "refuses this destination"),
            ("/exchange/none/key", "ends the connection"),
        ],
    )
    def test_what_rabbitmq_refuses(self, place: str, words: str) -> None:
        assert words in texts(BROKERS.named("rabbitmq").hints.send(place), "destination")

    @pytest.mark.parametrize(
        ("place", "value", "words"),
        [
            ("/queue/x", "TRUE", "exactly true"),
            ("/queue/x", "1", "refuses"),
            ("/topic/x", "1", "transient"),
            ("/queue/x", "false", "vanish"),
            ("/amq/queue/x", "false", ""),
            ("/queue/x", "true", ""),
        ],
    )
    def test_persistent_on_rabbitmq(self, place: str, value: str, words: str) -> None:
        said = texts(BROKERS.named("rabbitmq").hints.send(place, [("persistent", value)]), "header:persistent")
        assert words in said if words else said == ""

    def test_of_repeated_headers_the_first_counts(self) -> None:
        hints = BROKERS.named("rabbitmq").hints.send("/queue/x", [("persistent", "true"), ("persistent", "1")])
        assert texts(hints, "header:persistent") == ""

    @pytest.mark.parametrize(
        ("name", "header", "value", "words"),
        [
            ("rabbitmq", "priority", "high", "whole number"),
            ("rabbitmq", "priority", "300", "0 to 255"),
            ("rabbitmq", "expiration", "1s", "ends the connection"),
            ("rabbitmq", "expires", "1000", "expiration"),
            ("rabbitmq", "message-id", "1", "amqp-message-id"),
            ("rabbitmq", "CC", "x", "ends the connection"),
            ("activemq", "priority", "12", "nearest"),
            ("activemq", "priority", "abc", "without a word"),
            ("activemq", "expires", "60000", "long past"),
            ("activemq", "expiration", "1", "expires"),
            ("activemq", "persistent", "True", "exactly true"),
            ("artemis", "priority", "10", "never delivers"),
            ("artemis", "ttl", "1", "expires"),
            ("spring", "content-type", "json", "slash"),
            ("coilmq", "reply-to", "queue://x", "colon"),
        ],
    )
    def test_traps_in_headers(self, name: str, header: str, value: str, words: str) -> None:
        hints = BROKERS.named(name).hints.send("/queue/x", [(header, value)])
        assert words in texts(hints, f"header:{header}")

    @pytest.mark.parametrize("name", ["rabbitmq", "activemq", "artemis", "spring", "embedded"])
    def test_ordinary_headers_are_not_remarked_on(self, name: str) -> None:
        lines = [("app-id", "APP"), ("priority", "4"), ("persistent", "true"), ("content-type", "text/plain")]
        hints = BROKERS.named(name).hints.send("/queue/x", lines, False, b"say hi!")
        assert [hint for hint in hints if hint.field != "destination"] == []

    @pytest.mark.parametrize("name", ["activemq", "artemis"])
    def test_content_length_makes_bytes_where_there_is_jms(self, name: str) -> None:
        dialect = BROKERS.named(name)
        assert "BytesMessage" in texts(dialect.hints.send("/queue/x", (), True, b"x"), "body")
        assert texts(dialect.hints.send("/queue/x", (), False, b"x"), "body") == ""

    def test_an_emoji_as_text_is_lost_on_activemq_5_alone(self) -> None:
        body = "🎈".encode()
        five, six = BROKERS.named("activemq", "ActiveMQ/5.17.2"), BROKERS.named("activemq", "ActiveMQ/6.3.1")
        assert "emoji" in texts(five.hints.send("/queue/x", (), False, body), "body")
        assert texts(six.hints.send("/queue/x", (), False, body), "body") == ""

    def test_bare_names_on_artemis(self) -> None:
        artemis = BROKERS.named("artemis")
        assert "ANYCAST" in texts(artemis.hints.send("x"), "destination")
        typed = artemis.hints.send("x", [("destination-type", "ANYCAST")])
        assert "new name" not in texts(typed, "destination")

    def test_bytes_over_spring_need_their_type(self) -> None:
        spring = BROKERS.named("spring")
        assert "octet-stream" in texts(spring.hints.send("/topic/x", (), True, b"\xff"), "body")
        assert texts(spring.hints.send("/topic/x", (), True, "hé".encode()[:-1]), "body") == "", "it may go on"
        typed = spring.hints.send("/topic/x", [("content-type", "application/octet-stream")], True, b"\xff")
        assert texts(typed, "body") == ""

    def test_an_unknown_broker_gives_no_hints(self) -> None:
        assert BROKERS.named("unknown").hints.send("/queue/x", [("persistent", "1")], True, b"x") == []

    def test_an_empty_draft_gives_no_hints(self) -> None:
        for name in BROKERS.names:
            hints = BROKERS.named(name).hints.send("", (), False, b"", receipt=False)
            assert hints == [], name


class TestWords:
    @pytest.mark.parametrize("name", BROKERS.names)
    def test_every_known_header_has_a_meaning(self, name: str) -> None:
        dialect = BROKERS.named(name)
        for command in ("SEND", "SUBSCRIBE", "CONNECT"):
            assert dialect.hints.known_headers(command)
            assert all(dialect.hints.known_headers(command).values())

    def test_values_are_offered(self) -> None:
        assert "true" in BROKERS.named("rabbitmq").hints.known_values("persistent")
        assert "application/json" in BROKERS.named("unknown").hints.known_values("content-type")
        assert BROKERS.named("unknown").hints.known_values("nosuch") == ()

    def test_pausing_a_look_on_rabbitmq_keeps_messages_locked(self) -> None:
        assert "locked" in BROKERS.named("rabbitmq").pause_meaning("/queue/x", "hold")
        assert "not kept" in BROKERS.named("rabbitmq").pause_meaning("/topic/x", "live")

    @pytest.mark.parametrize("name", BROKERS.names)
    def test_each_has_its_title_and_no_text_ends_in_a_full_stop(self, name: str) -> None:
        dialect = BROKERS.named(name)
        assert isinstance(dialect, Dialect)
        assert dialect.title
        said = [
            dialect.acknowledgement.nack_meaning,
            dialect.receipt_proves("/queue/x"),
            dialect.peek_warning("/queue/x"),
        ]
        assert not any(text.endswith(".") for text in said)


@pytest.mark.parametrize("name", BROKERS.names)
def test_a_header_that_differs_from_a_known_one_as_people_confuse_them_is_asked_about(name: str) -> None:
    dialect = BROKERS.named(name)
    for typed, known in (("Content-Type", "content-type"), ("content_type", "content-type")):
        (hint,) = [hint for hint in dialect.hints.send("", [(typed, "text/plain")]) if "header:" in hint[0]]
        assert hint[0] == f"header:{typed}" and hint[1].startswith(f"is not {known}: ") and hint[2]
    for known in dialect.hints.known_headers("SEND"):
        assert not any("matched exactly" in hint[1] for hint in dialect.hints.send("", [(known, "1")]))


@pytest.mark.parametrize("name", BROKERS.names)
def test_what_is_suggested_generally_is_nothing_that_the_broker_warns_of(name: str) -> None:
    dialect = BROKERS.named(name)
    own = dialect.hints.known_headers("SEND")
    for general in SEND_HEADERS.keys() - own.keys():
        assert not dialect.rules.verdict(general, "5", Setting()).advice, f"{name} needs words of its own for {general}"
    for header in header_meanings(own):
        for value in header_values(header, (), dialect.hints.known_values(header)):
            assert not dialect.rules.verdict(header, value, Setting()).advice, f"{name}: {header}:{value}"
