"""CoilMQ breaks on heart-beats and more; a broker that is a bit broken must not break us."""

from __future__ import annotations

from stomptui.connection.events import Lost, ReceiptArrived
from stomptui.connection.frame_headers import Subscription
from tests.interop.listening import connected
from tests.support.brokers.coilmq import CoilMQ


def test_connect_send_subscribe_read(coilmq: CoilMQ) -> None:
    with connected(coilmq.connection()) as listening:
        session = listening.session
        assert session.version == "1.1"
        receipt = session.next_receipt()
        session.send("SEND", [("destination", "/queue/test"), ("app-id", "APP"), ("receipt", receipt)], b"say hi!")
        listening.wait_for(ReceiptArrived, lambda event: event.receipt == receipt)
        session.subscribe(Subscription("1", "/queue/test"))
        message = listening.wait_for_frames("MESSAGE", 1)[0]
        assert message.body == b"say hi!"
        assert message.get("app-id") == "APP"


def test_its_end_is_noticed(coilmq: CoilMQ) -> None:
    with connected(coilmq.connection()) as listening:
        coilmq.kill()
        lost = listening.wait_for(Lost)
        assert lost.reason
        assert not lost.wanted
