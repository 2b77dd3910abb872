"""Raw mode beside servers that misbehave: it always ends, and says how."""

from __future__ import annotations

import queue

import pytest

from stomptui.application import raw_exchange
from stomptui.application.raw_exchange import RawExchange, RawState
from stomptui.application.side_connections import SideConnections
from stomptui.config.connection import Connection
from stomptui.connection.event_queue import NullSink
from tests.faults import servers
from tests.faults.servers import Peer, Script, serving

FRAME = b"SEND\n\n\0"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_exchange, "QUIET", 0.3)
    monkeypatch.setattr(raw_exchange, "LONGEST", 1.0)


def exchanged(script: Script, data: bytes = FRAME, **connection: float) -> RawState:
    """What came of sending bytes to a server with that script."""
    told: queue.Queue[RawState] = queue.Queue()
    with serving(script) as port:
        to = Connection(port=port, timeout=connection.get("timeout", 5.0))
        RawExchange(SideConnections(NullSink(), lambda: to), data, told.put).start()
        while not (state := told.get(timeout=20)).over:
            pass
    return state


def drops(peer: Peer) -> None:
    peer.handshake()
    peer.frame()
    peer.sock.close()


def resets(peer: Peer) -> None:
    peer.handshake()
    peer.frame()
    peer.reset()


def refuses(peer: Peer) -> None:
    peer.frame()
    peer.send(b"ERROR\nmessage:Bad CONNECT\n\n\0")


def begins_an_answer(peer: Peer) -> None:
    peer.handshake()
    peer.frame()
    peer.send(b"MESSAGE\nsubscription:1\ncontent-length:99\n\nhalf")
    peer.wait_closed()


def talks_of_nothing(peer: Peer) -> None:
    peer.handshake()
    peer.frame()
    while True:
        peer.send(b"x" * 10_000)


def raves(peer: Peer) -> None:
    peer.handshake()
    peer.frame()
    peer.send(bytes(range(256)) * 20 + b"\0\0\0")
    peer.wait_closed()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (drops, "the connection ended after"),
        (resets, "the connection ended after"),
        (refuses, "nothing was sent: "),
        (begins_an_answer, "nothing came for 0.3 s"),
        (raves, "more came for 0.3 s"),
    ],
)
def test_how_it_ended_is_said(script: Script, said: str) -> None:
    assert said in exchanged(script).doing


def test_what_is_left_of_an_unfinished_answer_is_shown() -> None:
    [answer] = exchanged(begins_an_answer).answers
    assert answer.raw.endswith(b"\n\nhalf")
    assert answer.odd == "the connection ended inside this frame"


def test_bytes_without_end_are_left() -> None:
    state = exchanged(talks_of_nothing)
    assert "after" in state.doing
    assert sum(len(answer.raw) for answer in state.answers) <= raw_exchange.KEPT_BYTES


def test_nothing_goes_out_but_what_was_typed() -> None:
    seen: list[bytes] = []

    def listens(peer: Peer) -> None:
        connect = peer.handshake(servers.connected("20,20"))
        assert b"heart-beat" not in connect
        while read := peer.sock.recv(65536):
            seen.append(read)

    assert "the broker waits for the rest" in exchanged(listens, b"SEND\n\nhalf").doing
    assert b"".join(seen) == b"SEND\n\nhalf"
