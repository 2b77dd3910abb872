"""go-stomp confirms SEND and not SUBSCRIBE: each command is learnt by itself."""

from __future__ import annotations

import pytest

from stomptui.connection import receipts
from stomptui.connection.events import ReceiptArrived
from stomptui.connection.session import Session
from stomptui.connection.subscriptions.subscription import WantedSubscription
from tests.support.brokers.gostomp import GoStomp
from tests.support.pump import Pump


def test_a_subscription_is_on_though_only_sends_are_confirmed(
    gostomp: GoStomp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipts, "NONE_GIVEN_AFTER", 1.0)
    pump = Pump(gostomp.connection())
    watch = pump.link.add(WantedSubscription("/topic/quiet"))
    try:
        pump.up()
        session = pump.link.session
        assert isinstance(session, Session)
        session.send("SEND", [("destination", "/topic/other"), ("receipt", session.next_receipt())])
        pump.until(lambda: any(isinstance(event, ReceiptArrived) for event in pump.events), "confirmed")
        pump.until(lambda: watch.state_text == "on; this broker does not confirm", "on")
        assert session.gives_receipt("/topic/other")
        assert not session.gives_receipt("/topic/quiet", "SUBSCRIBE")
    finally:
        pump.end()
