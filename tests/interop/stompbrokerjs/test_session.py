"""stomp-broker-js: what one session sends, another reads."""

from __future__ import annotations

import time

from stomptui.connection.events import Lost
from stomptui.connection.frame_headers import Subscription
from tests.interop.listening import connected
from tests.support.brokers.stompbrokerjs import StompBrokerJs


def test_what_one_session_sends_another_reads(stompbrokerjs: StompBrokerJs) -> None:
    with connected(stompbrokerjs.connection()) as reader, connected(stompbrokerjs.connection()) as sender:
        assert reader.session.version == "1.1"
        reader.session.subscribe(Subscription("1", "/topic/test", ack="auto"))
        body = "say hé".encode()
        deadline = time.monotonic() + 10
        # Nothing says when it has subscribed us: until then a message reaches nobody.
        while time.monotonic() < deadline and not any(frame.command == "MESSAGE" for frame in reader.frames):
            sender.session.send("SEND", [("destination", "/topic/test")], body)
            reader.poll(0.1)
        assert reader.wait_for_frames("MESSAGE", 1)[0].body == body


def test_its_end_is_noticed(stompbrokerjs: StompBrokerJs) -> None:
    with connected(stompbrokerjs.connection()) as listening:
        stompbrokerjs.kill()
        lost = listening.wait_for(Lost)
        assert lost.reason
        assert not lost.wanted
