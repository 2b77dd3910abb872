"""A broker that ends the connection over one message: the others arrive once each, whatever kind of broker it is."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.protocol.jsonl import FileMessage
from stomptui.queues.sending import sending
from tests.faults.servers import Peer, Server
from tests.support.transferring import refill

BODIES = [b"m%d" % number for number in range(10)]


class Picky:
    """A server that confirms what it takes, and ends the connection over some messages.

    Args:
        bad: Bodies it does not take.
        words: An ERROR without a receipt-id that it sends before.
        taken_too: Whether it takes what it then does not confirm.
    """

    def __init__(self, bad: set[bytes], words: bytes = b"", taken_too: bool = False) -> None:
        self.bad = bad
        self.words = words
        self.taken_too = taken_too
        self.taken: list[bytes] = []
        self.lock = threading.Lock()

    def __call__(self, peer: Peer) -> None:
        peer.handshake()
        while True:
            try:
                frame = peer.frame()
            except (ConnectionError, OSError):
                return
            head, _, body = frame[:-1].partition(b"\n\n")
            receipt = (head + b"\n").partition(b"\nreceipt:")[2].partition(b"\n")[0]
            if head.startswith(b"SEND"):
                with self.lock:
                    if body not in self.bad or self.taken_too:
                        self.taken.append(body)
                if body in self.bad:
                    if self.words:
                        peer.send(b"ERROR\nmessage:%s\n\n\0" % self.words)
                    peer.sock.close()
                    return
            if receipt:
                peer.send(b"RECEIPT\nreceipt-id:%s\n\n\0" % receipt)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "ten.jsonl"
    path.write_bytes(b"".join(FileMessage("/queue/q", (), body).line() for body in BODIES))
    return path


@pytest.mark.parametrize("bad", [{b"m5"}, {b"m0", b"m9"}, {b"m3", b"m4"}])
@pytest.mark.parametrize("words", [b"", b"no such thing"])
def test_a_broker_nobody_knows(path: Path, bad: set[bytes], words: bytes) -> None:
    server_script = Picky(bad, words)
    with Server(server_script) as server:
        result = refill(Connection(port=server.port), path, dialect=BROKERS.named("unknown")).result
    # Whether it kept the one it did not answer for cannot be known: a connection that an administrator closes ends with
    # an ERROR too.
    assert result.count("done") == len(BODIES) - len(bad)
    assert result.count("doubt") == len(bad)
    assert (result.stopped, result.next_line) == ("", 0)
    assert {line for first, last in result.uncertain for line in range(first, last + 1)} == {
        BODIES.index(body) + 1 for body in bad
    }
    assert server_script.taken == [body for body in BODIES if body not in bad]
    told = " ".join(reason for reason, _ in result.reasons)
    assert all(str(BODIES.index(body) + 1) in told for body in bad)


@pytest.mark.parametrize("words", [b"", b"AMQP channel died"])
def test_what_is_not_answered_is_not_sent_again(path: Path, words: bytes) -> None:
    """An ERROR that names no frame may be about the connection: what arrived is never said to have failed."""
    script = Picky({b"m5"}, words, taken_too=True)
    with Server(script) as server:
        result = refill(Connection(port=server.port), path, dialect=BROKERS.named("unknown")).result
    assert result.text == "9 sent, 1 not confirmed"
    assert result.uncertain == [(6, 6)]
    assert script.taken == BODIES


def test_a_broker_that_ends_every_connection_is_not_tried_for_ever(path: Path) -> None:
    script = Picky(set(BODIES))
    with Server(script) as server:
        result = refill(Connection(port=server.port), path, dialect=BROKERS.named("unknown")).result
    assert result.count("doubt") == sending.IN_A_ROW
    assert result.count("untouched") == len(BODIES) - sending.IN_A_ROW
    assert "ended 3 times" in result.stopped
    assert (result.uncertain, result.unsent) == ([(1, 3)], [(4, 0)])
