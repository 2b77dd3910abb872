"""A line asks and waits: answers, refusals, the end of the connection, and what comes in between."""

from __future__ import annotations

import threading

import pytest

from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import (
    BlockingClient,
    BlockingEventQueue,
    ConnectionGone,
    NoAnswer,
    RequestRefused,
)
from stomptui.connection.event_queue import EventQueue
from tests.faults.servers import Peer, serving
from tests.support.embedded import EmbeddedBroker
from tests.support.ports import free_port
from tests.support.raw import RawStomp


def line_to(port: int, event_queue: BlockingEventQueue | None = None) -> BlockingClient:
    connection = Connection(port=port, login="guest", passcode="guest", timeout=5.0)
    line = BlockingClient.make(connection, EventQueue(lambda: None), event_queue or BlockingEventQueue(), BROKERS)
    line.open()
    return line


def test_asking_waits_for_the_receipt_and_what_else_came_is_not_lost(embedded: EmbeddedBroker) -> None:
    line = line_to(embedded.port)
    line.ask("SUBSCRIBE", [("id", "s"), ("destination", "/queue/q")])
    for body in (b"one", b"two"):
        assert line.ask("SEND", [("destination", "/queue/q")], body) >= 0
    assert [frame.body for frame in line.messages(2, "s")] == [b"one", b"two"]
    line.close()
    embedded.wait(lambda: embedded.clients == 0)
    assert line.gone


def test_a_refusal_is_the_brokers_words(embedded: EmbeddedBroker) -> None:
    line = line_to(embedded.port)
    with pytest.raises(RequestRefused) as refused:
        line.ask("SUBSCRIBE", [("id", "s"), ("destination", "/foo/bar")])
    assert "'/foo/bar' is not a valid destination" in refused.value.server_text
    assert line.ask("SEND", [("destination", "/topic/x")]) >= 0, "the session goes on"
    line.drop()


def test_two_lines_share_a_mailbox(embedded: EmbeddedBroker) -> None:
    event_queue = BlockingEventQueue()
    first, second = line_to(embedded.port, event_queue), line_to(embedded.port, event_queue)
    receipts = [(line, line.post("SEND", [("destination", "/topic/x")])) for line in (first, second)]
    for line, receipt in reversed(receipts):
        assert line.wait(receipt) >= 0
    first.drop()
    with pytest.raises(ConnectionGone):
        first.ask("SEND", [("destination", "/topic/x")])
    assert second.ask("SEND", [("destination", "/topic/x")]) >= 0
    second.close()


def test_nobody_there() -> None:
    with pytest.raises(ConnectionGone, match="nothing listens"):
        line_to(free_port())


def test_a_connection_that_ends_while_somebody_waits() -> None:
    def script(peer: Peer) -> None:
        peer.handshake()
        peer.frame()
        peer.sock.close()

    with serving(script) as port:
        line = line_to(port)
        with pytest.raises(ConnectionGone):
            line.ask("SEND", [("destination", "/queue/q")])
        assert line.gone


def test_a_frame_that_is_not_taken_any_more_says_why_the_connection_ended() -> None:
    """The session knows that it is over before anybody reads its last event."""

    def script(peer: Peer) -> None:
        peer.handshake()
        peer.frame()
        peer.sock.sendall(b"ERROR\nmessage:too much\n\n\0")
        peer.sock.close()

    with serving(script) as port:
        line = line_to(port)
        line.send("SEND", [("destination", "/queue/q")])
        line.session.join(10.0)
        with pytest.raises(ConnectionGone, match=r"too much|closed") as gone:
            line.send("SEND", [("destination", "/queue/q")])
        assert line.gone and line.gone == str(gone.value) and "not connected" not in line.gone
        assert line.event_queue.get(0) is not None, "what came meanwhile can still be read"


def test_an_error_before_the_connection_ends_is_the_reason() -> None:
    def script(peer: Peer) -> None:
        peer.handshake()
        peer.frame()
        peer.send(b"ERROR\nmessage:access_refused\n\nACCESS_REFUSED - no\n\0")
        peer.sock.close()

    with serving(script) as port:
        line = line_to(port)
        with pytest.raises(RequestRefused, match="access_refused"):
            line.ask("SEND", [("destination", "/queue/q")])


def test_no_answer_in_time() -> None:
    def script(peer: Peer) -> None:
        peer.handshake()
        peer.wait_closed()

    with serving(script) as port:
        line = line_to(port)
        with pytest.raises(NoAnswer, match=r"within 0\.05 s"):
            line.ask("SEND", [("destination", "/queue/q")], timeout=0.05)
        line.drop()


def test_everything_a_line_does_is_on_record(embedded: EmbeddedBroker) -> None:
    event_queue, record = BlockingEventQueue(), EventQueue(lambda: None)
    line = BlockingClient.make(Connection(port=embedded.port), record, event_queue, BROKERS)
    line.open()
    line.ask("SEND", [("destination", "/topic/x")])
    line.close()
    names = []
    while (event := record.get()) is not None:
        names.append(type(event).__name__)
    assert names[0] == "Progress"
    assert names[-1] == "Lost"
    assert names.count("Sent") == 3, "CONNECT, SEND, DISCONNECT"


def test_waking_somebody_who_waits() -> None:
    event_queue = BlockingEventQueue()
    threading.Timer(0.05, event_queue.wake).start()
    assert event_queue.get(20) is None


def test_messages_that_do_not_come(embedded: EmbeddedBroker) -> None:
    line = line_to(embedded.port)
    line.ask("SUBSCRIBE", [("id", "s"), ("destination", "/queue/q")])
    with pytest.raises(NoAnswer):
        line.messages(1, "s", timeout=0.05)
    with RawStomp("127.0.0.1", embedded.port) as client:
        client.connect()
        client.receipt("SEND", {"destination": "/queue/q"}, "late")
    assert [frame.body for frame in line.messages(1, "s")] == [b"late"]
    embedded.drop_clients()
    with pytest.raises(ConnectionGone):
        line.messages(1, "s")
