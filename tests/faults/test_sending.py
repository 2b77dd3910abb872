"""Sending: never blocks, bounded in bytes, exact on the wire, in order from any thread."""

from __future__ import annotations

import threading
import time

import pytest

from stomptui.config.connection import Connection
from stomptui.connection.errors import SendQueueFull
from stomptui.connection.events import ReceiptArrived, Sent
from stomptui.connection.transport.limits import Limits
from stomptui.protocol.codec import EncodeError
from stomptui.protocol.frame import Frame
from tests.faults import servers
from tests.faults.servers import serving
from tests.faults.waiting import until
from tests.support.record import Recorder


def collects(into: list[bytes], answer: bytes = servers.CONNECTED) -> servers.Script:
    """Keeps every frame it gets, and confirms those that ask for it."""

    def script(peer: servers.Peer) -> None:
        into.append(peer.handshake(answer))
        while True:
            frame = peer.frame()
            into.append(frame)
            receipt = Frame(frame[:-1]).get("receipt")
            if receipt:
                peer.send(f"RECEIPT\nreceipt-id:{receipt}\n\n\0".encode())

    return script


def test_a_broker_that_does_not_read_blocks_nobody() -> None:
    body = b"x" * 100_000
    with (
        serving(servers.never_reads) as port,
        Recorder(Connection(port=port), Limits(max_unsent=2_000_000)) as recorder,
    ):
        recorder.connected()
        started = time.monotonic()
        sent = 0
        refused = ""
        while not refused and time.monotonic() - started < 10:
            try:
                recorder.session.send("SEND", [("destination", "/queue/q"), ("receipt", str(sent))], body)
                sent += 1
            except SendQueueFull as error:
                refused = str(error)
        assert "the broker is not reading" in refused
        assert len([event for event in recorder.of(Sent) if event.receipt]) == sent
        recorder.session.close()
        assert recorder.lost().unconfirmed == tuple(map(str, range(sent)))


def test_a_vanished_broker_is_noticed_while_sending_is_stuck() -> None:
    def script(peer: servers.Peer) -> None:
        peer.handshake(servers.connected("300,300"))
        peer.over.wait(20)

    with serving(script) as port, Recorder(Connection(port=port, heart_beat=(300, 300))) as recorder:
        recorder.connected()
        recorder.session.send("SEND", [("destination", "/queue/q")], b"x" * 20_000_000)
        assert "nothing heard" in recorder.lost(within=8).reason


def test_a_large_frame_may_go_when_nothing_else_waits() -> None:
    got: list[bytes] = []
    with (
        serving(collects(got)) as port,
        Recorder(Connection(port=port), Limits(max_unsent=1000)) as recorder,
    ):
        recorder.connected()
        deadline = time.monotonic() + 20
        while recorder.session._run.transport.io.queue.unsent and time.monotonic() < deadline:
            time.sleep(0.005)
        recorder.session.send("SEND", [("destination", "/queue/q"), ("receipt", "1")], b"x" * 500_000)
        recorder.wait(ReceiptArrived)
    assert len(got[1]) > 500_000


def test_header_order_repeats_and_text_are_the_persons() -> None:
    got: list[bytes] = []
    with serving(collects(got)) as port, Recorder(Connection(port=port)) as recorder:
        recorder.connected()
        recorder.session.send(
            "SEND",
            [("zeta", "1"), ("destination", "/queue/q"), ("zeta", "2"), ("a:b", "c:d\n\\é日😀"), ("receipt", "r")],
            "é日😀".encode(),
        )
        recorder.wait(ReceiptArrived, receipt="r")
    wanted = "SEND\nzeta:1\ndestination:/queue/q\nzeta:2\na\\cb:c\\cd\\n\\\\é日😀\nreceipt:r\n\né日😀\0"
    assert got[1] == wanted.encode()


def test_the_plain_frame_of_the_lua_script() -> None:
    got: list[bytes] = []
    connection = Connection(login="guest", passcode="guest", versions=("1.2",), heart_beat=(0, 0))
    with serving(collects(got)) as port:
        from dataclasses import replace

        with Recorder(replace(connection, port=port)) as recorder:
            recorder.connected()
            recorder.session.send("SEND", [("destination", "/queue/test"), ("app-id", "APP")], b"say hi!")
            recorder.session.send("SEND", [("destination", "/queue/x"), ("receipt", "end")])
            recorder.wait(ReceiptArrived)
            shown = [event.raw for event in recorder.of(Sent)]
    assert got[0] == b"CONNECT\naccept-version:1.2\nlogin:guest\npasscode:guest\nhost:/\n\n\0"
    assert got[1] == b"SEND\ndestination:/queue/test\napp-id:APP\n\nsay hi!\0"
    assert b"passcode:guest" not in shown[0]
    assert shown[1] == got[1][:-1]


@pytest.mark.parametrize(
    ("version", "headers", "body"),
    [
        ("1.0", [("destination", "a\nb")], b""),
        ("1.0", [("a:b", "c")], b""),
        ("1.2", [("a\0b", "c")], b""),
        ("1.2", [("a", "c\0")], b""),
        ("1.1", [("a", "c\r")], b""),
        ("1.2", [("destination", "/q")], b"a\0b"),
        ("1.2", [("content-length", "7")], b""),
    ],
)
def test_nothing_can_be_smuggled_in(version: str, headers: list[tuple[str, str]], body: bytes) -> None:
    got: list[bytes] = []
    with (
        serving(collects(got, servers.connected(version=version))) as port,
        Recorder(Connection(port=port)) as recorder,
    ):
        recorder.connected()
        with pytest.raises(EncodeError):
            recorder.session.send("SEND", headers, body)
        recorder.session.send("SEND", [("destination", "/q"), ("receipt", "end")])
        recorder.wait(ReceiptArrived)
        assert len(recorder.of(Sent)) == 2, "what cannot be sent is not reported as sent"
    assert len(got) == 2


def test_many_threads_send_whole_frames() -> None:
    got: list[bytes] = []
    with serving(collects(got)) as port, Recorder(Connection(port=port)) as recorder:
        recorder.connected()

        def work(name: int) -> None:
            for number in range(100):
                recorder.session.send("SEND", [("destination", "/q"), ("n", f"{name}-{number}")], b"x" * 300)

        threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        recorder.session.send("SEND", [("destination", "/q"), ("receipt", "end")])
        recorder.wait(ReceiptArrived)
        reported = [event.raw for event in recorder.of(Sent)][1:]
    assert len(got) == 802
    assert [frame[:-1] for frame in got[1:]] == reported, "the log has them in the order of the wire"
    for name in range(8):
        own = [Frame(frame).get("n") for frame in got if f"n:{name}-".encode() in frame]
        assert own == [f"{name}-{number}" for number in range(100)]


def test_fifty_megabytes_go_to_a_broker_that_reads() -> None:
    got: list[bytes] = []
    with serving(collects(got)) as port, Recorder(Connection(port=port)) as recorder:
        recorder.connected()
        for number in range(50):
            recorder.session.send("SEND", [("destination", "/q"), ("receipt", str(number))], b"x" * 1_000_000)
        recorder.wait(ReceiptArrived, within=30, receipt="49")
        until(lambda: not recorder.session._run.transport.io.queue.unsent)
        assert recorder.session._run.transport.io.bytes_out > 50_000_000
    assert len(got) == 51
