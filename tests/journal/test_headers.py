"""What the detail says of headers."""

from __future__ import annotations

from stomptui.journal.headers import meaning


def test_a_broker_can_mean_something_else_than_the_standard() -> None:
    assert meaning("subscription", "rabbitmq") == meaning("subscription")
    assert "connection only" in meaning("message-id", "rabbitmq")
    assert "rejected" in meaning("x-first-death-reason", "rabbitmq")
    assert meaning("x-first-death-reason", "artemis") == ""
    assert "seconds" in meaning("timestamp", "rabbitmq")
    assert "ms since 1970" in meaning("timestamp", "activemq")
    assert meaning("my-own", "spring") == ""
    assert meaning("receipt-id", "nobody knows") == "confirms the frame that asked for this receipt"
