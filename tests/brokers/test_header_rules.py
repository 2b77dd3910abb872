"""The rules about headers of SEND, and what carries messages by them; `tests/interop/queues` proves them on brokers."""

from __future__ import annotations

import random

import pytest

from stomptui.brokers.registry import BROKERS
from stomptui.connection.dialect.header_rules import Effect, Setting, Way, problem
from stomptui.protocol.codec import encode
from stomptui.protocol.frame import Frame
from stomptui.queues.actions.action import PreparedMessage
from stomptui.queues.headers.carrying import CarriedHeaders, pack
from stomptui.queues.headers.differences import Differences
from stomptui.queues.headers.preparing import MessagePreparer
from stomptui.queues.headers.translation import TRANSLATIONS, UNKNOWN, source_of
from tests.support.headers import EVERY, LATER, NOW, PAST

RABBIT = ("message-id", "T_s@@session-o9UHMlIJ@@7")
ACTIVE = ("message-id", "ID:vm-44531-1795919846089-6:853:-1:1:1")
ARTEMIS = ("message-id", "6811,6736")


def carried(target: str, *lines: tuple[str, str], source: str = "", version: str = "1.2") -> CarriedHeaders:
    server = {"rabbitmq": "RabbitMQ/4.3.6", "activemq": "ActiveMQ/6.3.1"}.get(target, "")
    return pack(lines, BROKERS.named(target, server).rules, target, Setting("me", version=version, now=NOW), source)


@pytest.mark.parametrize(
    ("target", "line"),
    [("rabbitmq", ("expiration", "0")), ("activemq", ("expires", "1000")), ("artemis", ("_AMQ_DUPL_ID", "7"))],
)
def test_what_a_person_edited_is_not_sent_in_place_of_a_message_if_it_would_be_lost(
    target: str, line: tuple[str, str]
) -> None:
    messages = MessagePreparer(BROKERS.named(target), "me", lambda: "1.2")
    message = Frame(b"MESSAGE\n\n")
    assert messages.edited_problem(message, PreparedMessage((("kind", "order"),), b"", True)) == ""
    problem = messages.edited_problem(message, PreparedMessage((("kind", "order"), line), b"", True))
    assert problem.startswith(f"with {line[0]} {line[1]} it would be confirmed, and lost: ")


class TestRules:
    @pytest.mark.parametrize("name", BROKERS.names)
    def test_no_rule_raises_and_what_it_passes_can_be_encoded(self, name: str) -> None:
        rules = BROKERS.named(name).rules
        for line in EVERY:
            verdict = rules.verdict(*line, Setting())
            sent = verdict.line or line
            assert bool(problem(*line, verdict)) == (verdict.way is Way.CANNOT)
            if verdict.way in (Way.AS_IS, Way.CHANGED):
                encode("SEND", [("destination", "/queue/q"), sent])

    @pytest.mark.parametrize("name", BROKERS.names)
    def test_it_holds_for_any_text_and_a_changed_header_is_not_changed_again(self, name: str) -> None:
        rules, chance = BROKERS.named(name).rules, random.Random(11)
        names = sorted({line[0] for line in EVERY if len(line[0]) < 100})
        letters = "0123456789+-. \t\r\n:\\/abcé٣😀\0\udce9*,@"
        for _ in range(3000):
            value = "".join(chance.choices(letters, k=chance.randrange(40)))
            header = chance.choice([*names, value])
            setting = Setting("me", declares=chance.random() < 0.5, version=chance.choice(("1.0", "1.1", "1.2")))
            verdict = rules.verdict(header, value, setting)
            if verdict.way is Way.CHANGED:
                assert verdict.line is not None
                assert rules.verdict(*verdict.line, setting).way is Way.AS_IS, (header, value, verdict)

    @pytest.mark.parametrize("name", ["rabbitmq", "activemq", "artemis"])
    def test_what_cannot_be_sent_and_what_is_lost_has_advice_in_compose(self, name: str) -> None:
        dialect = BROKERS.named(name)
        for header, value in EVERY:
            verdict = dialect.rules.verdict(header, value, Setting())
            if verdict.way is Way.CANNOT or verdict.effect in (Effect.LOST, Effect.CLOSED, Effect.REFUSED):
                hints = dialect.hints.send("/queue/x", [(header, value)], receipt=False)
                assert any(hint.field == f"header:{header}" for hint in hints), (header, value)

    @pytest.mark.parametrize(
        ("name", "header", "value", "told"),
        [
            (
                "rabbitmq",
                "expiration",
                "soon",
                "its header expiration is 'soon': RabbitMQ takes a number of milliseconds",
            ),
            ("rabbitmq", "expiration", "", "its header expiration is empty: RabbitMQ takes a number of milliseconds"),
            ("activemq", "timestamp", "2026-01-01", "its header timestamp is '2026-01-01': ActiveMQ takes a time"),
            ("activemq", "priority", "high", "its header priority is 'high': ActiveMQ takes a number from 0 to 9"),
            ("artemis", "AMQ_SCHEDULED_DELAY", "x", "its header AMQ_SCHEDULED_DELAY is 'x': Artemis takes a number"),
            ("rabbitmq", "n" * 300, "v", f"its header {'n' * 40}… has a name of 300 bytes: RabbitMQ 4 takes"),
            ("activemq", "n", "v" * 10_250, "its header n is too large to be sent: a line of 10,252 bytes"),
        ],
    )
    def test_a_bad_value_names_its_header_and_what_the_broker_takes(
        self, name: str, header: str, value: str, told: str
    ) -> None:
        assert carried(name, (header, value), ("n", "1")).problem.startswith(told)

    @pytest.mark.parametrize(
        ("value", "sent"), [("15", "9"), ("10", "9"), ("99", "9"), ("127", "9"), ("300", "9"), ("-1", "0"), ("9", "9")]
    )
    @pytest.mark.parametrize("name", ["artemis", "activemq"])
    def test_a_priority_goes_within_bounds(self, name: str, value: str, sent: str) -> None:
        found = carried(name, ("priority", value))
        assert (found.headers, found.problem) == ((("priority", sent),), "")
        assert [change.text for change in found.changed] == [f"priority {value} goes as {sent}"] * (value != sent)

    def test_arguments_of_queues_are_headers_like_any_others(self) -> None:
        lines = (("exclusive", "true"), ("durable", "false"), ("x-max-length", "1"), ("x-message-ttl", "0"))
        assert carried("rabbitmq", *lines).headers == lines
        hints = BROKERS.named("rabbitmq").hints.send("/queue/x", lines)
        assert [hint.field for hint in hints if "declares" in hint.text] == [f"header:{name}" for name, _ in lines]


class TestASendersOwn:
    """Of headers with the name of one of a delivery the broker's own come first, and `ack` is told by its value."""

    def test_they_stay_where_the_broker_keeps_them(self) -> None:
        own = (("ack", "mine"), ("subscription", "mine"), ("redelivered", "mine"))
        ones = (
            ("subscription", "s"),
            ("destination", "/queue/q"),
            RABBIT,
            ("redelivered", "false"),
            ("ack", RABBIT[1]),
        )
        assert carried("rabbitmq", *ones, *own, source="rabbitmq") == CarriedHeaders(own, (), (), "")
        gone = carried("activemq", *ones, *own)
        assert (gone.headers, gone.left_out) == (own[:1], own[1:])

    def test_a_second_message_id_goes_to_artemis_alone(self) -> None:
        lines = (ARTEMIS, ("message-id", "mine"))
        assert carried("artemis", *lines, source="artemis").headers == lines[1:]
        for name in ("rabbitmq", "activemq", "embedded"):
            assert carried(name, *lines).left_out == lines[1:], name

    @pytest.mark.parametrize("name", ["rabbitmq", "activemq", "artemis", "embedded"])
    def test_what_would_send_it_elsewhere_never_goes(self, name: str) -> None:
        lines = (RABBIT, ("destination", "/queue/q"), ("destination", "/queue/other"), ("transaction", "t"))
        found = carried(name, *lines)
        assert (found.headers, found.left_out) == ((), lines[2:])

    @pytest.mark.parametrize("id", [RABBIT, ACTIVE, ARTEMIS], ids=["rabbitmq", "activemq", "artemis"])
    def test_marks_of_one_delivery_are_not_missed(self, id: tuple[str, str]) -> None:
        lines = (id, ("subscription", "s"), ("destination", "/queue/q"), ("ack", id[1]), ("receipt", "5"))
        for name in ("rabbitmq", "activemq", "artemis", "embedded", "unknown"):
            assert carried(name, *lines) == CarriedHeaders((), (), (), "")

    def test_a_property_of_amqp_counts_and_a_header_of_its_name_is_told(self) -> None:
        """RabbitMQ gives back headers first."""
        lines = (RABBIT, ("type", "header"), ("priority", "high"), ("type", "property"), ("priority", "3"))
        found = carried("rabbitmq", *lines, source="rabbitmq")
        assert found.headers == (("type", "property"), ("priority", "3"))
        assert found.left_out == (("type", "header"), ("priority", "high"))
        assert found.problem == ""

    def test_of_repeats_the_one_that_counts_goes_and_the_others_are_told(self) -> None:
        lines = (("n", "1"), ("n", "2"), ("m", "1"), ("m", "1"))
        for name in ("rabbitmq", "activemq", "artemis", "embedded"):
            found = carried(name, *lines)
            assert (found.headers, found.left_out) == ((("n", "1"), ("m", "1")), (("n", "2"),)), name
        assert carried("unknown", *lines).headers == lines

    def test_when_artemis_got_a_message_is_told_and_a_senders_own_timestamp_stays(self) -> None:
        lines = (ARTEMIS, ("timestamp", str(NOW)), ("timestamp", "mine"))
        found = carried("artemis", *lines, source="artemis")
        assert (found.headers, found.left_out) == (lines[2:], lines[1:2])

    def test_a_carriage_return_is_told_where_1_1_is_spoken(self) -> None:
        assert carried("artemis", ("n", "a\rb"), version="1.1").left_out == (("n", "a\rb"),)
        assert carried("artemis", ("n", "a\rb")).headers == (("n", "a\rb"),)


LEFT = str(int(LATER) - NOW)
ROWS = [
    ("timestamp", "1700000000123", "activemq", "rabbitmq", ("timestamp", "1700000000")),
    ("timestamp", "1700000000", "rabbitmq", "activemq", ("timestamp", "1700000000000")),
    ("expires", LATER, "activemq", "rabbitmq", ("expiration", LEFT)),
    ("expiration", LEFT, "rabbitmq", "artemis", ("expires", LATER)),
    ("expiration", "5", "activemq", "rabbitmq", None),
    ("reply-to", "/reply-queue/r", "rabbitmq", "activemq", ("reply-to", "/queue/r")),
    ("reply-to", "queue://a/b", "artemis", "rabbitmq", ("reply-to", "/queue/a%2Fb")),
    ("reply-to", "queue://r", "artemis", "activemq", ("reply-to", "/queue/r")),
    ("_AMQ_GROUP_ID", "g", "artemis", "activemq", ("JMSXGroupID", "g")),
]
"""One for each row of the table in stomptui/reference.md, in its order."""


class TestTranslations:
    @pytest.mark.parametrize(("number", "example"), enumerate(ROWS))
    def test_each_row_does_what_it_says(
        self, number: int, example: tuple[str, str, str, str, tuple[str, str] | None]
    ) -> None:
        name, value, source, target, becomes = example
        assert TRANSLATIONS[number].name == name
        assert len(ROWS) == len(TRANSLATIONS)
        found = carried(target, (name, value), source=source)
        assert found.headers == ((becomes,) if becomes else ())
        assert found.left_out == (() if becomes else ((name, value),))

    @pytest.mark.parametrize("example", ROWS)
    def test_at_home_nothing_is_translated(self, example: tuple[str, str, str, str, tuple[str, str] | None]) -> None:
        name, value, source, _, _ = example
        found = carried(source, (name, value), source=source).headers
        assert found in (((name, value),), (("reply-to", "r"),), (("JMSXGroupID", "g"),))

    def test_where_a_line_came_from_is_told_by_its_message_id(self) -> None:
        assert [source_of([id]) for id in (RABBIT, ACTIVE, ARTEMIS, ("message-id", "x"), ("n", "1"))] == [
            "rabbitmq", "activemq", "artemis", UNKNOWN, UNKNOWN,
        ]  # fmt: skip
        ms = ("timestamp", "1700000000123")
        assert carried("rabbitmq", RABBIT, ms).headers == (ms,), "who sent milliseconds to RabbitMQ gets them back"
        assert carried("rabbitmq", ACTIVE, ms).headers == (("timestamp", "1700000000"),)
        assert carried("rabbitmq", ms).headers == (("timestamp", "1700000000"),)
        assert carried("activemq", ("timestamp", "1700000000")).headers == (("timestamp", "1700000000000"),)

    def test_a_message_that_never_ends_or_has_ended(self) -> None:
        assert carried("rabbitmq", ACTIVE, ("expires", "0")) == CarriedHeaders((), (), (), "")
        assert carried("rabbitmq", ACTIVE, ("expires", PAST)).left_out == (("expires", PAST),)

    def test_a_reply_to_does_not_nest(self) -> None:
        assert carried("rabbitmq", ("reply-to", "/reply-queue/r"), source="rabbitmq").headers == (("reply-to", "r"),)
        odd = ("reply-to", "/reply-queue//queue/r")
        assert carried("rabbitmq", odd, source="rabbitmq").headers == (odd,)

    def test_a_round_of_brokers_keeps_what_they_share(self) -> None:
        lines = (("priority", "4"), ("correlation-id", "c"), ("type", "t"), ("content-type", "text/plain"), ("n", "1"))
        for target in ("rabbitmq", "activemq", "artemis", "embedded"):
            for id in (RABBIT, ACTIVE, ARTEMIS):
                assert carried(target, id, *lines) == CarriedHeaders(lines, (), (), "")


class TestWords:
    def test_all_messages_count_and_are_told_in_a_line_each(self) -> None:
        differences = Differences()
        for value in ("15", "20", "4"):
            found = carried("artemis", ("priority", value), ("_AMQ_DUPL_ID", value))
            differences.add(found.left_out, found.changed)
        found = carried("artemis", ("transaction", "t"))
        differences.add(found.left_out, found.changed)
        assert differences.told == [
            "Headers not carried over: _AMQ_DUPL_ID (of 3 of 4 messages); transaction (of 1 of 4 messages)",
            "Changed: priority 15 goes as 9, and so in 1 more",
        ]

    def test_what_is_long_or_much_is_cut(self) -> None:
        differences = Differences()
        for number in range(3000):
            differences.add(((f"h{number}", "x" * 1000),), ())
        (line,) = differences.told
        assert line.endswith("; and 988 more")
        assert len(line) < 1000


def test_a_frame_of_a_message_can_be_judged_whatever_it_holds() -> None:
    chance = random.Random(7)
    for _ in range(500):
        raw = b"MESSAGE\n" + bytes(chance.choices(b"ab:\\n\r\n\xff1", k=60)) + b"\n\nbody"
        for name in BROKERS.names:
            found = carried(name, *Frame(raw).headers)
            encode("SEND", [line for line in found.headers if line[0]])
