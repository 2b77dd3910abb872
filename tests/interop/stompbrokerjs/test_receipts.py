"""stomp-broker-js confirms DISCONNECT alone: that is learnt, and nothing waits for ever."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stomptui.connection import receipts
from stomptui.connection.events import Lost, ReceiptsMissing
from stomptui.connection.session import Session
from stomptui.connection.subscriptions.subscription import WantedSubscription
from tests.support.brokers.stompbrokerjs import StompBrokerJs
from tests.support.pump import Pump


def test_what_it_never_confirms_is_learnt(stompbrokerjs: StompBrokerJs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "NONE_GIVEN_AFTER", 1.0)
    # As a broker that nobody knows: of this one it is known.
    pump = Pump(replace(stompbrokerjs.connection(), dialect="unknown"))
    watch = pump.link.add(WantedSubscription("/topic/quiet"))
    try:
        pump.up()
        session = pump.link.session
        assert isinstance(session, Session)
        session.send("SEND", [("destination", "/topic/quiet"), ("receipt", session.next_receipt())])
        pump.until(
            lambda: {e.command for e in pump.events if isinstance(e, ReceiptsMissing)} == {"SUBSCRIBE", "SEND"},
            "learnt",
        )
        assert watch.state_text == "on; this broker does not confirm"
        assert not session.gives_receipt("/topic/quiet")
        assert not any(isinstance(event, Lost) for event in pump.events)
    finally:
        pump.end()
