"""Connections that end or fall silent: noticed, told once, with what was unconfirmed."""

from __future__ import annotations

import gc
import os
import threading
import time

import pytest

from stomptui.config.connection import Connection, Tls, TransportKind
from stomptui.connection.errors import NotConnected
from stomptui.connection.events import Connected, Event, Fault, Lost, Received, Sent
from stomptui.connection.session_state import SessionState
from stomptui.protocol.frame import Frame
from tests.faults import servers
from tests.faults.servers import Server, serving
from tests.faults.waiting import until
from tests.support.certificates import Certificates
from tests.support.record import Recorder


def closes_after_frame(peer: servers.Peer) -> None:
    peer.handshake()
    peer.frame()


def resets_after_frame(peer: servers.Peer) -> None:
    peer.handshake()
    peer.frame()
    peer.reset()


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (closes_after_frame, "the broker closed the connection"),
        (resets_after_frame, "the broker cut the connection (reset)"),
    ],
)
def test_a_loss_is_told_once_with_what_was_unconfirmed(script: servers.Script, reason: str) -> None:
    def close(peer: servers.Peer) -> None:
        script(peer)
        if script is closes_after_frame:
            peer.sock.close()

    with serving(close) as port, Recorder(Connection(port=port)) as recorder:
        recorder.connected()
        recorder.session.send("SEND", [("destination", "/queue/q"), ("receipt", "77")], b"hello")
        lost = recorder.lost()
        assert lost.reason == reason
        assert lost.unconfirmed == ("77",)
        assert not lost.wanted
        assert recorder.session.state is SessionState.CLOSED
        with pytest.raises(NotConnected):
            recorder.session.send("SEND", [("destination", "/queue/q")])
        time.sleep(0.05)
        assert len(recorder.of(Lost)) == 1


def test_what_came_before_the_end_is_delivered_and_the_rest_is_counted() -> None:
    def script(peer: servers.Peer) -> None:
        peer.handshake()
        peer.send(servers.message(b"whole") + b"MESSAGE\ncontent-length:1000\n\nonly this")
        peer.sock.close()

    with serving(script) as port, Recorder(Connection(port=port)) as recorder:
        lost = recorder.lost()
        assert [frame.body for frame in recorder.frames()] == [b"whole"]
        assert lost.reason == "the broker closed the connection, 38 bytes of an unfinished frame were dropped"
        fault = recorder.of(Fault)[0]
        assert fault.raw.endswith(b"only this")


def test_the_last_words_of_a_broker_are_told() -> None:
    said = b"ERROR\nmessage:AMQ229014\\c Did not receive data within the 2000ms connection TTL.\n\n\0"

    def script(peer: servers.Peer) -> None:
        peer.handshake()
        peer.send(said)
        peer.sock.close()

    with serving(script) as port, Recorder(Connection(port=port)) as recorder:
        lost = recorder.lost()
    assert lost.server_text == "AMQ229014: Did not receive data within the 2000ms connection TTL."


def test_the_last_words_are_read_although_sending_failed() -> None:
    """The broker complains and closes while we still write: the complaint must not be lost with the write."""

    def script(peer: servers.Peer) -> None:
        peer.handshake()
        peer.send(b"ERROR\nmessage:The maximum data length was exceeded\n\n\0")
        peer.sock.shutdown(1)
        peer.over.wait(20)

    with serving(script) as port, Recorder(Connection(port=port)) as recorder:
        recorder.connected()
        lost = recorder.lost()
    assert lost.server_text == "The maximum data length was exceeded"


def test_silence_is_noticed_and_told_in_seconds() -> None:
    def script(peer: servers.Peer) -> None:
        peer.handshake(servers.connected("500,0"))
        for _ in range(3):
            time.sleep(0.2)
            peer.send(b"\n")
        peer.over.wait(20)

    connection = Connection(heart_beat=(0, 500))
    with serving(script) as port, Recorder(Connection(port=port, heart_beat=(0, 500))) as recorder:
        assert recorder.connected().heart_beat == (0, 500)
        last = time.monotonic()
        lost = recorder.lost(within=10)
        heard = recorder.session.last_received
    assert lost.reason == "nothing heard for 2 s (a heart-beat every 0.5 s was agreed)"
    assert heard > last
    assert connection.heart_beat == (0, 500)


def test_a_long_message_is_a_sign_of_life() -> None:
    body = b"x" * 30

    def script(peer: servers.Peer) -> None:
        peer.handshake(servers.connected("100,0"))
        for index in range(len(frame := servers.message(body))):
            peer.send(frame[index : index + 1])
            time.sleep(0.01)
        peer.over.wait(20)

    with serving(script) as port, Recorder(Connection(port=port, heart_beat=(0, 100))) as recorder:
        assert recorder.bodies(1) == [body]
        assert not recorder.of(Lost)


def test_our_heart_beats_are_kept_with_nothing_to_send_and_while_reading_is_paused() -> None:
    beats: list[float] = []
    done = threading.Event()

    def script(peer: servers.Peer) -> None:
        peer.handshake(servers.connected("0,200"))
        peer.send(servers.message(b"x" * 1000) * 20)
        while len(beats) < 8 and (read := peer.sock.recv(100)):
            assert read.strip(b"\n") == b""
            beats.append(time.monotonic())
        done.set()
        peer.wait_closed()

    with serving(script) as port, Recorder(Connection(port=port, heart_beat=(200, 0)), max_frames=5) as recorder:
        assert done.wait(10), "the beats stopped"
        recorder.drain()
        assert recorder.of(Connected)[0].heart_beat == (200, 0)


def test_no_false_alarm_after_a_pause() -> None:
    """While the inbox is full nothing is read, so nothing is heard: that is not the broker's silence."""

    def script(peer: servers.Peer) -> None:
        peer.handshake(servers.connected("100,0"))
        peer.send(servers.message(b"1") * 30)
        while not peer.over.wait(0.05):
            peer.send(b"\n")

    with serving(script) as port, Recorder(Connection(port=port, heart_beat=(0, 100)), max_frames=5) as recorder:
        until(lambda: recorder.inbox.full)
        time.sleep(0.6)
        assert len(recorder.bodies(30)) == 30
        time.sleep(0.5)
        assert not recorder.of(Lost)


def test_a_bad_heart_beat_header_is_told_and_survived() -> None:
    with (
        serving(servers.says(servers.connected("often"))) as port,
        Recorder(Connection(port=port)) as recorder,
    ):
        assert recorder.connected().heart_beat == (0, 0)
        assert "heart-beat" in recorder.of(Fault)[0].text


def test_disconnect_waits_for_its_receipt() -> None:
    seen: list[bytes] = []

    def script(peer: servers.Peer) -> None:
        peer.handshake()
        seen.append(peer.frame())
        time.sleep(0.1)
        peer.send(b"MESSAGE\nsubscription:1\nmessage-id:9\n\nlate\0RECEIPT\nreceipt-id:1\n\n\0")
        peer.wait_closed()

    with serving(script) as port, Recorder(Connection(port=port)) as recorder:
        recorder.connected()
        recorder.session.disconnect()
        with pytest.raises(NotConnected):
            recorder.session.send("SEND", [("destination", "/queue/q")])
        lost = recorder.lost()
        assert recorder.bodies(1) == [b"late"]
    assert lost.wanted
    assert lost.unconfirmed == ()
    assert seen == [b"DISCONNECT\nreceipt:1\n\n\0"]


@pytest.mark.parametrize("script", [servers.never_reads, servers.says(servers.CONNECTED)])
def test_disconnect_does_not_wait_for_a_mute_broker(script: servers.Script) -> None:
    with serving(script) as port, Recorder(Connection(port=port)) as recorder:
        recorder.connected()
        recorder.session.disconnect(0.3)
        assert recorder.lost().wanted


def test_a_broker_that_cannot_say_goodbye_politely() -> None:
    def script(peer: servers.Peer) -> None:
        peer.handshake()
        peer.frame()
        peer.send(b"ERROR\nmessage:Session closed.\n\n\0")
        peer.sock.close()

    with serving(script) as port, Recorder(Connection(port=port)) as recorder:
        recorder.connected()
        recorder.session.disconnect()
        lost = recorder.lost()
    assert lost.wanted
    assert lost.reason == "closed"


def test_a_defect_of_ours_neither_ends_the_connection_nor_loses_a_frame() -> None:
    def script(peer: servers.Peer) -> None:
        peer.handshake()
        peer.send(servers.message(b"1"))
        peer.wait_closed()

    def broken(*_: object) -> dict[str, int]:
        raise RuntimeError("a defect")

    with serving(script) as port:
        recorder = Recorder(Connection(port=port))
        recorder.session._run._counter.count = broken  # type: ignore[method-assign,assignment]
        with recorder:
            assert recorder.bodies(1) == [b"1"]
            assert "a defect" in recorder.wait(Fault).text
            assert recorder.session.state is SessionState.UP


def test_an_event_loop_that_is_gone_does_not_hurt() -> None:
    def gone() -> None:
        raise RuntimeError("Event loop is closed")

    with serving(servers.says(servers.CONNECTED)) as port:
        recorder = Recorder(Connection(port=port))
        recorder.inbox._wake = gone
        recorder.session.open()
        until(lambda: recorder.of(Connected))
        recorder.session.close()
        assert recorder.session.join(20)


@pytest.mark.parametrize("encrypted", [False, True])
def test_fifty_connections_leave_no_thread_and_no_file_behind(certificates: Certificates, encrypted: bool) -> None:
    if not os.path.isdir("/proc/self/fd"):
        pytest.skip("no /proc here to count open files in")

    def script(peer: servers.Peer) -> None:
        peer.handshake()
        peer.wait_closed()
        peer.sock.close()

    pair = certificates.server
    server = Server(script, pair.cert, pair.key) if encrypted else Server(script)
    kind = TransportKind.TLS if encrypted else TransportKind.TCP
    connection = Connection(port=server.port, transport=kind, tls=Tls(ca_file=str(certificates.ca)))

    def cycle(index: int) -> list[Event]:
        with Recorder(connection) as recorder:
            recorder.connected()
            if index % 2:
                recorder.session.disconnect(0.05)
            else:
                recorder.session.close()
            recorder.lost()
            return recorder.events

    def ours() -> int:
        gc.collect()
        mine = [t for t in threading.enumerate() if t.name.startswith("stomptui") and t not in before]
        for thread in mine:
            thread.join(20)
        deadline = time.monotonic() + 20
        while server.live and time.monotonic() < deadline:
            time.sleep(0.01)
        return len([t for t in mine if t.is_alive()])

    # Those of tests before this one are no concern of it.
    before = {t for t in threading.enumerate() if t.name.startswith("stomptui")}

    with server:
        cycle(0)
        assert ours() == 0
        files = len(os.listdir("/proc/self/fd"))
        for index in range(50):
            cycle(index)
        assert ours() == 0
        assert len(os.listdir("/proc/self/fd")) <= files


def test_everything_is_told_in_the_order_of_the_wire() -> None:
    def script(peer: servers.Peer) -> None:
        peer.handshake()
        for number in range(1, 101):
            peer.frame()
            peer.send(b"RECEIPT\nreceipt-id:%d\n\n\0" % number)
        peer.sock.close()

    with serving(script) as port, Recorder(Connection(port=port)) as recorder:
        recorder.connected()
        for number in range(1, 101):
            recorder.session.send("SEND", [("destination", "/queue/q"), ("receipt", str(number))])
        assert recorder.lost().unconfirmed == ()
    order: list[tuple[str, str | None]] = []
    for event in recorder.events:
        if isinstance(event, Sent):
            order.append(("sent", event.receipt))
        elif isinstance(event, Received):
            order += [("got", Frame(raw).get("receipt-id")) for raw in event.batch.frames()]
    for receipt in map(str, range(1, 101)):
        assert order.index(("sent", receipt)) < order.index(("got", receipt))
