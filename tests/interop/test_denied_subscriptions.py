"""Subscriptions that a user may not have: each is marked with the broker's words, the others and the session go on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stomptui.config.connection import Connection
from stomptui.connection.events import Connected
from stomptui.connection.reconnect import ConnectionState
from stomptui.connection.subscriptions.subscription import WantedSubscription
from tests.support.brokers.activemq import ActiveMQ5
from tests.support.brokers.artemis import Artemis
from tests.support.pump import Pump

DENIED = ("/topic/denied-one", "/topic/denied-two")


def settled(to: Connection, allowed: tuple[str, ...], within: float) -> tuple[list[WantedSubscription], int]:
    """What becomes of subscriptions of a user who may only read, the denied ones last; and in how many sessions."""
    pump = Pump(replace(to, login="reader", passcode="reader"))
    watches = [pump.link.add(WantedSubscription(name, mode="live")) for name in (*allowed, *DENIED)]
    try:
        pump.until(
            lambda: (
                pump.link.state is ConnectionState.UP
                and all(watch.state == "on" for watch in watches[: len(allowed)])
                and all(watch.state in ("refused", "not restored") for watch in watches[len(allowed) :])
            ),
            "settled",
            within,
        )
        return watches[len(allowed) :], sum(isinstance(event, Connected) for event in pump.events)
    finally:
        pump.end()


def test_activemq_names_each_and_the_session_stays(activemq5: ActiveMQ5) -> None:
    denied, sessions = settled(activemq5.connection(), ("/topic/ActiveMQ.Advisory.Queue",), 30)
    assert sessions == 1
    for watch in denied:
        assert "User reader is not authorized to" in watch.state_text
        assert watch.destination.removeprefix("/topic/") in watch.state_text


@pytest.mark.broker("artemis")
def test_artemis_ends_the_session_and_the_right_one_is_suspected(artemis: Artemis) -> None:
    denied, sessions = settled(artemis.connection(), (), 60)
    assert 2 <= sessions <= 4
    for watch in denied:
        assert "does not have permission" in watch.state_text
        assert watch.destination.removeprefix("/topic/") in watch.state_text
