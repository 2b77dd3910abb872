"""What real servers sent over WebSocket, served again."""

from __future__ import annotations

import pytest

from stomptui.config.connection import Connection
from stomptui.connection.events import Fault, Lost, Received
from tests.interop.listening import connected
from tests.support.captured_websocket import capture, replayable
from tests.support.websocket import (
    Peer,
    WebSocketServer,
    close_frame,
    frame,
)


@pytest.mark.parametrize(("broker", "case"), replayable())
def test_what_real_servers_sent_is_read(broker: str, case: str) -> None:
    written = capture(broker, case)

    def talk(peer: Peer) -> None:
        peer.upgrade()
        peer.read_stomp()
        data = b"".join(frame(code, data) for code, data in zip(written.opcodes, written.messages, strict=True))
        code, reason = written.close or (1000, "")
        peer.sock.sendall(data + close_frame(code, reason[:100]))
        peer.wait_for_end()

    with WebSocketServer(talk) as server:
        connection: Connection = server.connection(heart_beat=(10_000, 10_000))
        with connected(connection) as listening:
            end = listening.wait_for(Lost)
    assert [frame.command for frame in listening.frames] == written.frames
    odd = [
        text for received in listening.events if isinstance(received, Received) for text in received.batch.odd.values()
    ]
    told = [event.text for event in listening.events if isinstance(event, Fault)]
    if broker == "stompbrokerjs":
        # It counts characters: told once, and no fault of a message.
        assert odd == []
        assert len([text for text in told if "counts characters" in text]) == min(1, len(written.odd))
    else:
        assert odd == written.odd
    assert str((written.close or [1000])[0]) in end.reason
