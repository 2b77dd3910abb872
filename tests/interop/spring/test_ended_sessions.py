"""Why Spring ends a session, and what comes back afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stomptui.connection.reconnect import ConnectionState
from stomptui.connection.subscriptions.subscription import WantedSubscription
from tests.support.brokers.spring import Spring
from tests.support.pump import Pump


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stomptui.connection.reconnect.DELAYS", (0.1,))
    monkeypatch.setattr("stomptui.connection.subscriptions.suspects.PATIENCE", 0.5)


@pytest.fixture
def pump(spring: Spring) -> Iterator[Pump]:
    pump = Pump(spring.connection())
    yield pump
    pump.end()


def test_a_subscription_that_nobody_may_have_is_found_and_the_others_come_back(spring: Spring, pump: Pump) -> None:
    names = ("/topic/one", "/topic/secret", "/topic/two", "/topic/secret.too")
    one, secret, two, too = watches = [pump.link.add(WantedSubscription(name)) for name in names]
    pump.until(
        lambda: (
            [watch.state for watch in (secret, too)] == ["not restored"] * 2
            and pump.link.state is ConnectionState.UP
            and not any(watch.suspected for watch in watches)
        ),
        "found",
    )
    assert "Failed to send message to ExecutorSubscribableChannel[clientInboundChannel]" in secret.error
    for name in names[::2]:
        spring.publish(name, b"hello")
    pump.until(lambda: one.total == two.total == 1, "the others bring their messages")
