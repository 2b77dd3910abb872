"""What the detail says of headers."""

from __future__ import annotations

from stomptui.brokers.registry import BROKERS
from stomptui.journal.header_meanings import meaning


def says(name: str, broker: str) -> str:
    return meaning(name, BROKERS.named(broker).header_meanings)


def test_a_broker_can_mean_something_else_than_the_standard() -> None:
    assert says("subscription", "rabbitmq") == meaning("subscription", {})
    assert "connection only" in says("message-id", "rabbitmq")
    assert "rejected" in says("x-first-death-reason", "rabbitmq")
    assert says("x-first-death-reason", "artemis") == ""
    assert "seconds" in says("timestamp", "rabbitmq")
    assert "ms since 1970" in says("timestamp", "activemq")
    assert says("my-own", "spring") == ""
    assert says("receipt-id", "nobody knows") == "confirms the frame that asked for this receipt"
