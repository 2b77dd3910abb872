"""Servers that end the session at a frame and do not say which one."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from stomptui.config.connection import Connection
from stomptui.connection.reconnect import ConnectionState
from stomptui.connection.subscriptions import suspects
from stomptui.connection.subscriptions.subscription import WantedSubscription
from tests.faults.servers import Peer, Script, serving
from tests.support import websocket
from tests.support.pump import Pump
from tests.support.websocket import TEXT, WebSocketServer, close_frame, frame

ERROR = b"ERROR\nmessage:Failed to send message to ExecutorSubscribableChannel[clientInboundChannel]\n\n\0"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suspects, "PATIENCE", 0.15)
    monkeypatch.setattr("stomptui.connection.reconnect.DELAYS", (0.05,))


def spring(peer: websocket.Peer) -> None:
    """As Spring does: no receipts, an ERROR without receipt-id at what is forbidden, then 1002."""
    peer.greet()
    while True:
        if b"\ndestination:/topic/secret\n" in peer.read_stomp():
            peer.sock.sendall(frame(TEXT, ERROR) + close_frame(1002))
            return


def tcp(answer: bytes) -> Script:
    def script(peer: Peer) -> None:
        peer.handshake()
        while b"\ndestination:/topic/secret\n" not in peer.frame():
            pass
        peer.send(answer)
        peer.sock.close()

    return script


def comes_back(connection: Connection) -> None:
    pump = Pump(connection)
    names = ("/topic/a", "/topic/secret", "/topic/b")
    first, secret, last = (pump.link.add(WantedSubscription(name)) for name in names)
    try:
        pump.until(
            lambda: (
                secret.state == "not restored"
                and pump.link.state is ConnectionState.UP
                and {first.state, last.state} <= {"asking", "on"}
                and not (first.suspected or last.suspected)
            ),
            "found",
        )
        assert "the server ended the session right after it was asked for" in secret.error
    finally:
        pump.end()


def test_a_denied_subscribe_over_websocket_does_not_end_every_session() -> None:
    with WebSocketServer(spring) as server:
        comes_back(server.connection())


@pytest.mark.parametrize("answer", [ERROR, b""])
def test_a_denied_subscribe_over_tcp_does_not_end_every_session(answer: bytes) -> None:
    with serving(tcp(answer)) as port:
        comes_back(Connection(port=port))


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"ERROR\nmessage:access denied to /topic/secret\n\n\0", "the server ended the session and named it"),
        (b"", "the server ended one session after another"),
    ],
)
def test_one_that_worked_and_ends_the_session_later_is_found(
    answer: bytes, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stomptui.connection.subscriptions.late_culprits.MARGIN", 0.2)

    def script(peer: Peer) -> None:
        peer.handshake()
        while True:
            lines = peer.frame().split(b"\n")
            named = dict(line.split(b":", 1) for line in lines if b":" in line)
            if b"receipt" in named:
                peer.send(b"RECEIPT\nreceipt-id:%b\n\n\0" % named[b"receipt"])
            if named.get(b"destination") == b"/topic/secret":
                peer.send(b"MESSAGE\nsubscription:%b\nmessage-id:1\ndestination:/topic/secret\n\nx\0" % named[b"id"])
                time.sleep(0.4)
                peer.send(answer)
                peer.sock.close()
                return

    with serving(script) as port:
        pump = Pump(Connection(port=port))
        fine, secret = (pump.link.add(WantedSubscription(name)) for name in ("/topic/a", "/topic/secret"))
        try:
            pump.until(lambda: secret.state == "not restored" and fine.state == "on", "found")
            assert secret.error.startswith(told)
            assert secret.total, "it brought a message each time"
        finally:
            pump.end()


def test_a_token_that_expires_while_connected_is_asked_for() -> None:
    def expire(peer: websocket.Peer) -> None:
        peer.greet()
        peer.sock.sendall(frame(TEXT, b"ERROR\nmessage:Token expired\n\n\0") + close_frame(1008, "Token expired"))

    with WebSocketServer(expire) as server:
        pump = Pump(replace(server.connection(), headers=(("Authorization", "Bearer abc"),)))
        try:
            pump.until(lambda: pump.link.state is ConnectionState.FAILED, "failed")
            assert pump.link.reason.startswith("the server wants a new token; Authorization in the headers of CONNECT")
            assert (pump.link.server_text, pump.link.field, pump.link.asks) == ("Token expired", "headers", True)
        finally:
            pump.end()
