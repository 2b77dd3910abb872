"""A message that will soon be gone, or is in no queue at first, is told of when it is sent again."""

from __future__ import annotations

import pytest

from stomptui.brokers.activemq.header_rules import ActiveMQRules
from stomptui.brokers.artemis.header_rules import ArtemisRules
from stomptui.brokers.rabbitmq.header_rules import RabbitMQRules
from stomptui.brokers.registry import BROKERS
from stomptui.connection.dialect.header_rules import HeaderRules, Setting
from stomptui.queues.headers.carrying import pack
from stomptui.queues.headers.differences import Differences

NOW = 1_700_000_000_000
RULES: dict[str, HeaderRules] = {
    "rabbitmq": RabbitMQRules((4, 3)),
    "activemq": ActiveMQRules(),
    "artemis": ArtemisRules(),
}


@pytest.mark.parametrize(
    ("target", "line", "told"),
    [
        (
            "rabbitmq",
            ("expiration", "1"),
            "Kept for a short time: expiration 1: what nobody reads within 0.001 s is gone",
        ),
        ("rabbitmq", ("expiration", "60000"), "Kept for a short time: expiration 60000: "),
        ("rabbitmq", ("expiration", "60001"), ""),
        ("activemq", ("expires", str(NOW + 400)), "Kept for a short time: expires"),
        ("artemis", ("expires", str(NOW + 400)), "Kept for a short time: expires"),
        ("artemis", ("expires", "0"), ""),
        ("artemis", ("expires", str(NOW + 3_600_000)), ""),
        (
            "activemq",
            ("AMQ_SCHEDULED_DELAY", "600000"),
            "Delivered later: AMQ_SCHEDULED_DELAY 600000: ActiveMQ delivers",
        ),
        (
            "activemq",
            ("AMQ_SCHEDULED_CRON", "0 0 31 2 *"),
            "Delivered more than once: AMQ_SCHEDULED_CRON 0 0 31 2 *: ActiveMQ delivers it at each time that says",
        ),
        ("activemq", ("AMQ_SCHEDULED_PERIOD", "1000"), "Delivered later: AMQ_SCHEDULED_PERIOD 1000: "),
        ("activemq", ("AMQ_SCHEDULED_REPEAT", "4"), ""),
        ("activemq", ("AMQ_SCHEDULED_DELAY", "0"), ""),
        ("artemis", ("AMQ_SCHEDULED_DELAY", "600000"), ""),
    ],
)
def test_it_is_told(target: str, line: tuple[str, str], told: str) -> None:
    setting = Setting(now=NOW)
    packed = pack((line,), RULES[target], target, setting, source=target)
    assert packed.headers == (() if line == ("expires", "0") else (line,))
    found = Differences()
    found.add(packed.left_out, packed.changed)
    assert [text.startswith(told) for text in found.told] == ([True] if told else [])


def test_a_translated_end_is_told_too() -> None:
    packed = pack((("expiration", "40"),), RULES["activemq"], "activemq", Setting(now=NOW), source="rabbitmq")
    found = Differences()
    found.add(packed.left_out, packed.changed)
    assert [text.partition(":")[0] for text in found.told] == ["Changed", "Kept for a short time"]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ({"DELAY": "0", "REPEAT": "4"}, "AMQ_SCHEDULED_REPEAT 4: ActiveMQ delivers it 5 times, as so many messages"),
        ({"PERIOD": "100", "REPEAT": "1"}, "AMQ_SCHEDULED_REPEAT 1: ActiveMQ delivers it 2 times, as so many messages"),
        ({"CRON": "* * * * *", "REPEAT": "2"}, "AMQ_SCHEDULED_CRON * * * * *: ActiveMQ delivers it at each time that "
            "says, 3 times each, without end, and it is in no queue until then"),
        ({"DELAY": "10", "REPEAT": "0"}, ""),
    ],
)  # fmt: skip
def test_how_often_it_is_delivered_is_told_before_it_is_sent(lines: dict[str, str], told: str) -> None:
    headers = tuple((f"AMQ_SCHEDULED_{name}", value) for name, value in lines.items())
    packed = pack(headers, RULES["activemq"], "activemq", Setting(now=NOW), source="activemq")
    assert packed.headers == headers
    found = Differences()
    found.add(packed.left_out, packed.changed)
    often = [text.partition(": ")[2] for text in found.told if text.startswith("Delivered more than once: ")]
    assert often == ([told] if told else [])
    hints = {hint.text for hint in BROKERS.named("activemq").hints.send("/queue/q", list(headers), receipt=True)}
    assert not told or told.partition(": ")[2] in hints, "and in compose"
