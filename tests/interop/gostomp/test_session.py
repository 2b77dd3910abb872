"""The server of go-stomp: connecting, topics and queues."""

from __future__ import annotations

from stomptui.connection.events import Lost, ReceiptArrived
from stomptui.connection.frame_headers import Subscription
from tests.interop.listening import connected
from tests.support.brokers.gostomp import GoStomp


def test_what_is_sent_to_a_queue_is_read_as_it_went(gostomp: GoStomp) -> None:
    with connected(gostomp.connection()) as listening:
        session = listening.session
        receipt = session.next_receipt()
        headers = [("destination", "/queue/test"), ("app-id", "a:b\\c"), ("content-length", "5"), ("receipt", receipt)]
        session.send("SEND", headers, b"a\0b\xff\n")
        listening.wait_for(ReceiptArrived, lambda event: event.receipt == receipt)
        session.subscribe(Subscription("1", "/queue/test", ack="auto"))
        message = listening.wait_for_frames("MESSAGE", 1)[0]
        assert message.body == b"a\0b\xff\n"
        assert message.get("app-id") == "a:b\\c"


def test_its_end_is_noticed(gostomp: GoStomp) -> None:
    with connected(gostomp.connection()) as listening:
        gostomp.kill()
        lost = listening.wait_for(Lost)
        assert lost.reason
        assert not lost.wanted
