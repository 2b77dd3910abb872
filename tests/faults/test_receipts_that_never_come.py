"""Servers that read everything and confirm nothing, or not everything."""

from __future__ import annotations

import pytest

from stomptui.config.connection import Connection
from stomptui.connection import receipts
from stomptui.connection.events import Lost, ReceiptArrived, ReceiptsMissing, Stalled, Unsubscribed
from stomptui.connection.frame_headers import Subscription
from stomptui.connection.subscriptions.subscription import WantedSubscription
from tests.faults.servers import Peer, Script, connected, serving
from tests.faults.waiting import until
from tests.support.pump import Pump
from tests.support.record import Recorder


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "NONE_GIVEN_AFTER", 0.3)
    monkeypatch.setattr(receipts, "NOT_GIVEN_AFTER", 0.6)
    monkeypatch.setattr("stomptui.connection.transport.timers.AGAIN", 0.05)


def confirms(*commands: bytes, after: float = 0.0) -> Script:
    """Confirms these commands alone."""

    def script(peer: Peer) -> None:
        peer.handshake(connected())
        while True:
            frame = peer.frame()
            if frame.partition(b"\n")[0] in commands:
                receipt = frame.partition(b"\nreceipt:")[2].partition(b"\n")[0]
                peer.over.wait(after)
                peer.send(b"RECEIPT\nreceipt-id:" + receipt + b"\n\n\0")

    return script


def test_what_is_not_confirmed_is_learnt_and_not_asked_for_any_more() -> None:
    with serving(confirms(b"SEND")) as port, Recorder(Connection(port=port)) as recorder:
        recorder.connected()
        session = recorder.session
        receipt = session.subscribe(Subscription("1", "/topic/a"))
        assert receipt
        until(lambda: recorder.of(ReceiptsMissing))
        missing = recorder.of(ReceiptsMissing)[0]
        assert (missing.command, missing.receipts, missing.subscriptions, missing.never) == (
            "SUBSCRIBE",
            (receipt,),
            ("1",),
            True,
        )
        assert session.subscribe(Subscription("2", "/topic/b")) == ""
        assert session.gives_receipt("/topic/a", "SEND")
        sent = session.send("SEND", [("destination", "/topic/a"), ("receipt", "mine")])
        until(lambda: [event.receipt for event in recorder.of(ReceiptArrived)] == [sent])
        assert not recorder.of(Stalled)
        assert not recorder.of(Lost)


def test_a_receipt_that_is_only_slow_is_asked_for_again() -> None:
    with serving(confirms(b"UNSUBSCRIBE", after=0.6)) as port, Recorder(Connection(port=port)) as recorder:
        recorder.connected()
        recorder.session.subscribe(Subscription("1", "/topic/a"))
        recorder.session.unsubscribe("1")
        until(lambda: recorder.of(Unsubscribed))
        assert recorder.session.gives_receipt("/topic/a", "UNSUBSCRIBE")


def test_a_quiet_subscription_is_not_asked_for_for_ever() -> None:
    with serving(confirms()) as port:
        pump = Pump(Connection(port=port))
        watch = pump.link.add(WantedSubscription("/topic/quiet"))
        pump.until(lambda: watch.state == "on", "on")
        assert watch.state_text == "on; this broker does not confirm"
        pump.end()
