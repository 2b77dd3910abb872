"""Which destinations a broker takes for another than the one named, as seen on the real ones."""

from __future__ import annotations

import pytest

from stomptui.brokers.registry import BROKERS

SERVERS = {
    "rabbitmq": "RabbitMQ/4.3.6",
    "activemq": "ActiveMQ/6.3.1",
    "artemis": "ActiveMQ-Artemis/2.56.0 ActiveMQ Artemis Messaging Engine",
    "embedded": "stomptui/1",
}


@pytest.mark.parametrize(
    ("broker", "version", "name", "other"),
    [
        *(("activemq", version, name, "“/queue/x”") for version in ("1.0", "1.1", "1.2")
          for name in ("/queue/x ", "/queue/ x", "/queue/x\t", "/queue/x\n", " /queue/x", "/queue/x\x01")),
        ("activemq", "1.2", "/topic/x ", "“/topic/x”"),
        ("activemq", "1.2", "x ", "“x”"),
        ("activemq", "1.2", "/queue/a ,b", "“/queue/a,b”"),
        ("rabbitmq", "1.2", "/queue/x\n", "“/queue/x”"),
        ("rabbitmq", "1.2", "/amq/queue/\rx", "“/amq/queue/x”"),
        ("rabbitmq", "1.0", " x", "“x”"),
        ("rabbitmq", "1.0", " /queue/x", "“/queue/x”"),
        ("rabbitmq", "1.0", "/queue/a\\b", "escape"),
        ("artemis", "1.0", " x", "“x”"),
    ],
)  # fmt: skip
def test_a_name_that_would_become_another_is_told(broker: str, version: str, name: str, other: str) -> None:
    assert other in BROKERS.named(broker, SERVERS[broker]).misread(name, version)


@pytest.mark.parametrize(
    ("broker", "version", "name"),
    [
        *(("activemq", "1.2", name) for name in ("/queue/x", "/queue/a b", "/queue/x\u00a0", "/queue/x\u200b")),
        *(("rabbitmq", "1.2", name) for name in ("/queue/x ", "/queue/ x", " x", "/queue/x\t", "/queue/a\\b")),
        *(("rabbitmq", "1.0", name) for name in ("/queue/x ", "/queue/ x", "/amq/queue/ x")),
        *(("artemis", "1.2", name) for name in ("/queue/x ", " x", "x\t", "a ::b")),
        ("artemis", "1.0", "x "),
        *(("embedded", "1.0", name) for name in (" x", "x ", "/queue/x\u00a0")),
    ],
)  # fmt: skip
def test_a_name_that_is_taken_as_it_is_is_no_trouble(broker: str, version: str, name: str) -> None:
    assert BROKERS.named(broker, SERVERS[broker]).misread(name, version) == ""


@pytest.mark.parametrize(
    ("shown", "sent"),
    [
        ("/queue/plain", "/queue/plain"),
        ("/queue/x ", "/queue/x "),
        ("/queue/x%09", "/queue/x\t"),
        ("/queue/%C3%A9", "/queue/é"),
        ("/queue/e%CC%81", "/queue/e\u0301"),
        ("/queue/a%2Fb", "/queue/a%2Fb"),
        ("/queue/a%252fb", "/queue/a%2fb"),
        ("/queue/a%2520b", "/queue/a%20b"),
        ("/topic/a.%C3%A9", "/topic/a.é"),
        ("/exchange/e%C3%A9/k%2Fl", "/exchange/eé/k%2Fl"),
    ],
)
def test_what_rabbitmq_calls_a_queue_is_said_as_it_has_to_be_said(shown: str, sent: str) -> None:
    assert BROKERS.named("rabbitmq", SERVERS["rabbitmq"]).as_sent(shown) == sent
    assert BROKERS.named("artemis", SERVERS["artemis"]).as_sent(shown) == shown
