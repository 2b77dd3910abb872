"""What servers that bend the rules sent when they were recorded, served again: it is read, and breaks nothing."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from stomptui.config.connection import Connection
from stomptui.connection.events import Lost
from tests.captures import Capture, captures
from tests.interop.listening import connected, refused
from tests.support.websocket import TEXT, Peer, WebSocketServer, frame

BENDING = ("gostomp", "spring", "stompbrokerjs")
OVER_TCP = [each for each in captures().values() if each.broker in BENDING and not each.websocket and each.speaks_stomp]
NOT_STOMP = [
    each for each in captures().values() if each.broker in BENDING and each.websocket and not each.speaks_stomp
]
"""Nothing came, or SockJS frames did."""


def by_name(capture: Capture) -> str:
    return capture.name


@contextlib.contextmanager
def serving(capture: Capture) -> Iterator[int]:
    """Answers CONNECT with everything that was recorded, and closes; gives the port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        client, _ = listener.accept()
        with client:
            while b"\0" not in client.recv(65536):
                pass
            client.sendall(b"".join(capture.from_server))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with listener:
        yield listener.getsockname()[1]
        thread.join(5)


@pytest.mark.parametrize("capture", OVER_TCP, ids=by_name)
def test_a_recorded_session_is_read_to_its_end(capture: Capture) -> None:
    with serving(capture) as port, connected(Connection(port=port, heart_beat=(1000, 1000))) as listening:
        assert listening.session.dialect.name == "gostomp"
        listening.wait_for(Lost)
        assert tuple(frame.command for frame in listening.frames) == capture.server_frames


@pytest.mark.parametrize("capture", NOT_STOMP, ids=by_name)
def test_a_recorded_server_that_does_not_answer_as_stomp_is_told(capture: Capture) -> None:
    def talk(peer: Peer) -> None:
        peer.upgrade()
        peer.read_stomp()
        peer.sock.sendall(b"".join(frame(TEXT, data) for data in capture.from_server))
        peer.wait_for_end()

    with WebSocketServer(talk) as server:
        failed = refused(server.connection(timeout=0.6))
    assert failed.reason
    if capture.from_server:
        assert "SockJS" in failed.reason
    else:
        assert "CONNECT" in failed.reason
