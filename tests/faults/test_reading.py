"""Streams of every kind: nothing lost, nothing quadratic, limits kept, odd frames survived."""

from __future__ import annotations

import selectors
import sys
import time

import pytest

from stomptui.config.connection import Connection
from stomptui.connection.events import BrokerError, Dropped, Fault, ReceiptArrived, Received
from stomptui.connection.transport.limits import Limits
from stomptui.connection.transport.socket_io import SocketIO
from tests.faults import servers
from tests.faults.servers import serving
from tests.faults.waiting import Wakes, calm, until
from tests.support.record import Recorder


def sends(*parts: bytes, hold: bool = True) -> servers.Script:
    """Connects well and then sends these bytes."""

    def script(peer: servers.Peer) -> None:
        peer.handshake()
        for part in parts:
            peer.send(part)
        if hold:
            peer.wait_closed()
        peer.sock.close()

    return script


@pytest.mark.parametrize("eols", [b"\n\n", b"\r\n\r\n", b"\n" * 1000, b"\r\n"])
@pytest.mark.parametrize("frame", [b"MESSAGE\n\nx\0", b"ERROR\nmessage:e\n\n\0", b"RECEIPT\nreceipt-id:7\n\n\0"])
def test_frames_behind_several_ends_of_line(eols: bytes, frame: bytes) -> None:
    command = frame.partition(b"\n")[0].decode()
    with serving(sends(eols + frame + eols + frame)) as port, Recorder(Connection(port=port)) as recorder:
        recorder.connected()
        deadline = time.monotonic() + 20
        while len(recorder.frames(command)) < 2 and time.monotonic() < deadline:
            time.sleep(0.005)
        assert len(recorder.frames(command)) == 2


def test_binary_bodies_byte_by_byte() -> None:
    bodies = [b"\0\n\0\0", b"", "é日本😀".encode(), bytes(range(256))]
    stream = b"\n".join(servers.message(body) for body in bodies)

    def script(peer: servers.Peer) -> None:
        peer.handshake()
        peer.trickle(stream)
        peer.wait_closed()

    with serving(script) as port, Recorder(Connection(port=port)) as recorder:
        assert recorder.bodies(len(bodies)) == bodies


def test_messages_per_subscription_are_counted() -> None:
    batch = b"".join(servers.message(b"x", subscription=name) for name in "aabbbc" * 5)
    odd = b"MESSAGE\nmessage-id:1\n\nwithout\0MESSAGE\r\nsubscription:a\r\n\r\ncrlf\0"
    forged = servers.message(b"\nsubscription:a\n" * 3, subscription="b")
    with (
        serving(sends(batch, batch + odd, batch + forged)) as port,
        Recorder(Connection(port=port)) as recorder,
    ):
        recorder.bodies(93)
        total: dict[str, int] = {}
        for event in recorder.of(Received):
            for name, count in event.counts.items():
                total[name] = total.get(name, 0) + count
    assert total == {"a": 31, "b": 46, "c": 15, "": 1}


def test_odd_frames_are_survived_and_flagged() -> None:
    stream = (
        b"garbage without an end of line\0"
        + b"FOO\na:b\n\nbody\0"
        + b"message\na:b\n\nlower case\0"
        + b"MESSAGE\nno colon here\n:no name\nbad:\\t escape\n\xff\xfe:not utf-8\n\nkept\0"
        + b"RECEIPT\nno-id:1\n\n\0"
        + b"MESSAGE\ncontent-length:-5\n\nnegative\0"
        + b"MESSAGE\ncontent-length:"
        + b"9" * 5000
        + b"\n\nlong number\0"
        + servers.message(b"last")
        + b"ERROR\nmessage:the end\n\n\0"
    )
    with serving(sends(stream)) as port, Recorder(Connection(port=port)) as recorder:
        assert recorder.bodies(4) == [b"kept", b"negative", b"long number", b"last"]
        recorder.wait(BrokerError)
        faults = [fault.text for fault in recorder.of(Fault)]
        odd = [why for event in recorder.of(Received) for why in event.batch.odd.values()]
    assert sum("no server sends" in text for text in faults) == 3
    assert any("RECEIPT without receipt-id" in text for text in faults)
    assert len(odd) >= 4


def test_nuls_outside_frames_are_called_that() -> None:
    stream = servers.message(b"one") + b"\0" * 4000 + b"\n\0\n" + servers.message(b"two")
    with serving(sends(stream)) as port, Recorder(Connection(port=port)) as recorder:
        assert recorder.bodies(2) == [b"one", b"two"]
        until(lambda: len(recorder.of(Fault)) >= 2)
        told = [fault.text for fault in recorder.of(Fault)]
        raw = b"".join(frame + b"\0" for event in recorder.of(Received) for frame in event.batch.frames())
    assert all(text.endswith(("NULs outside a frame", "a NUL outside a frame")) for text in told)
    assert 2 <= len(told) < 20
    assert raw.count(b"\0" * 100) == 40, "every one of them can be seen"


@pytest.mark.parametrize(
    "unit",
    [b"\0A\0", b"A\0", b"HELLO\n\n\0", b"RECEIPT\n\n\0", b"RECEIPT\nreceipt-id:x\n\n\0", servers.CONNECTED],
)
def test_odd_frames_by_the_thousand_are_told_in_a_few_lines(unit: bytes) -> None:
    """Each is in the log; what is said of them beside it would fill it, and keep the person waiting."""
    count = 20_000
    with serving(sends(unit * count + servers.message(b"last"))) as port, Recorder(Connection(port=port)) as recorder:
        assert recorder.bodies(1, within=60) == [b"last"]
        reads = recorder.of(Received)
        faults = [fault.text for fault in recorder.of(Fault)]
    assert sum(len(event.batch) for event in reads) > count
    assert 0 < len(faults) <= 21 * len(reads)
    assert len(faults) < count // 10
    assert any("more faults in what came at once" in text for text in faults)


def test_a_content_length_that_is_too_large_swallows_nothing() -> None:
    stream = b"MESSAGE\nsubscription:1\ncontent-length:50\n\nshort\0" + servers.message(b"next") * 3
    with serving(sends(stream)) as port, Recorder(Connection(port=port)) as recorder:
        assert recorder.bodies(4)[1:] == [b"next"] * 3


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (b"MESSAGE\ncontent-length:10000000000\n\nx", "a frame larger than 67,108,864 bytes"),
        (b"MESSAGE\n" + b"a:b\n" * 20_000, "headers larger than 65,536 bytes"),
    ],
)
def test_what_is_over_the_limits_is_refused_before_it_is_kept(frame: bytes, words: str) -> None:
    """What came before it is delivered; what it was is shown; the rest is said to be unread."""
    with serving(sends(servers.message(b"before") + frame)) as port, Recorder(Connection(port=port)) as recorder:
        lost = recorder.lost()
        assert [message.body for message in recorder.frames()] == [b"before"]
        assert words in lost.reason
        assert "was not read" in lost.reason
        assert any(fault.raw.startswith(b"MESSAGE\n") for fault in recorder.of(Fault))


def test_an_endless_body_without_a_length_is_cut_off_at_the_limit() -> None:
    def script(peer: servers.Peer) -> None:
        peer.handshake()
        peer.send(b"MESSAGE\n\n")
        while True:
            peer.send(b"x" * 65536)

    with serving(script) as port, Recorder(Connection(port=port), Limits(max_frame=1 << 20)) as recorder:
        assert "a frame larger than 1,048,576 bytes" in recorder.lost().reason


def test_a_full_inbox_stops_the_broker_and_nothing_is_lost() -> None:
    count = 30_000
    sent: list[int] = []

    def script(peer: servers.Peer) -> None:
        peer.handshake()
        for number in range(count):
            peer.send(servers.message(b"%06d" % number + b"x" * 1000))
            sent.append(number)
        peer.wait_closed()

    with serving(script) as port, Recorder(Connection(port=port), max_frames=1000) as recorder:
        until(lambda: recorder.inbox.full)

        def stands() -> bool:
            before = recorder.inbox.frames, len(sent)
            time.sleep(0.3)
            return before == (recorder.inbox.frames, len(sent))

        until(stands, "it goes on reading although the inbox is full")
        assert len(sent) < count
        got = [int(body[:6]) for body in recorder.bodies(count, within=60)]
        assert got == list(range(count))
        assert not recorder.of(Dropped)


def test_a_server_that_must_not_wait_loses_its_oldest_and_that_is_told() -> None:
    count = 20_000

    def script(peer: servers.Peer) -> None:
        peer.handshake()
        for number in range(count):
            peer.send(servers.message(b"%06d" % number))
        peer.send(b"RECEIPT\nreceipt-id:end\n\n\0")
        peer.wait_closed()

    with (
        serving(script) as port,
        Recorder(Connection(port=port, dialect="spring"), max_frames=1000) as recorder,
    ):
        until(lambda: recorder.session._run.transport.dispatcher.frames_in >= count + 2)
        got = [int(body[:6]) for body in recorder.bodies(1)]
        dropped = sum(event.frames for event in recorder.of(Dropped))
    assert got == sorted(got)
    assert got[-1] == count - 1
    assert dropped == count - len(got) > 0


def test_waiting_costs_nothing(wakes: Wakes) -> None:
    """Idle, and with a full inbox: nobody looks again and again."""

    def script(peer: servers.Peer) -> None:
        peer.handshake()
        peer.send(servers.message(b"x") * 100)
        peer.over.wait(20)

    with serving(script) as port, Recorder(Connection(port=port), max_frames=10) as recorder:
        until(lambda: recorder.inbox.full)
        calm(wakes)
        recorder.bodies(100)
        calm(wakes)


def test_a_broker_that_does_not_read_costs_nothing_either(wakes: Wakes) -> None:
    with (
        serving(servers.never_reads_but(servers.connected("0,100"))) as port,
        Recorder(Connection(port=port, heart_beat=(100, 0))) as recorder,
    ):
        recorder.connected()
        body = b"x" * 20_000_000
        recorder.session.send("SEND", [("destination", "/queue/q")], body)
        calm(wakes)
        assert recorder.session._run.transport.io.queue.unsent > 0


@pytest.mark.parametrize("name", ["SelectSelector", "PollSelector", "EpollSelector"])
def test_every_selector_will_do(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What macOS and Windows have must do what Linux has."""
    kind = getattr(selectors, name, None)
    if kind is None:
        pytest.skip(f"{name} is not there on {sys.platform}")
    monkeypatch.setattr(SocketIO, "selector", kind)

    def script(peer: servers.Peer) -> None:
        peer.handshake()
        peer.send(servers.message(b"x") * 50)
        peer.frame()
        peer.send(b"RECEIPT\nreceipt-id:1\n\n\0")
        peer.wait_closed()

    with serving(script) as port, Recorder(Connection(port=port), max_frames=5) as recorder:
        recorder.bodies(50)
        recorder.session.send("SEND", [("destination", "/queue/q"), ("receipt", "1")], b"x" * 100_000)
        assert recorder.wait(ReceiptArrived).receipt == "1"


def test_errors_that_leave_the_session_open() -> None:
    with (
        serving(sends(b"ERROR\nmessage:Unknown destination\n\nDetails\n\0", servers.message(b"still"))) as port,
        Recorder(Connection(port=port)) as recorder,
    ):
        assert recorder.bodies(1) == [b"still"]
        error = recorder.wait(BrokerError)
    assert (error.message, error.text) == ("Unknown destination", "Unknown destination\nDetails")
