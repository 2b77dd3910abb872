"""What had come before a fault is shown, and the fault is told with the bytes that came."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import BlockingClient, BlockingEventQueue
from stomptui.connection.events import BrokerError, Fault, ReceiptArrived, Received
from stomptui.protocol.marker import RECOVERED
from tests.faults import servers
from tests.faults.servers import connected, message, serving
from tests.faults.test_reading import sends
from tests.support import websocket
from tests.support.record import Recorder
from tests.support.websocket import TEXT, Peer, WebSocketServer, frame

LIAR = b"MESSAGE\nsubscription:1\ncontent-length:5000\n\nabc\0"


def shown(recorder: Recorder) -> list[tuple[bytes, str]]:
    """The frames received after CONNECTED, each with what is odd about it."""
    rows = [
        (raw, event.batch.odd.get(index, ""))
        for event in recorder.of(Received)
        for index, raw in enumerate(event.batch.frames())
    ]
    return [row for row in rows if not row[0].startswith(b"CONNECTED")]


@pytest.mark.parametrize("end", [b"", b"\n", b"MESSAGE\nsubscription:1\ncontent-length:50\n\ncut off"])
def test_frames_behind_a_length_that_is_not_reached_are_recovered_at_the_close(end: bytes) -> None:
    followers = b"".join(message(b"%d" % number) for number in range(20))
    with (
        serving(sends(LIAR + followers + end, hold=False)) as port,
        Recorder(Connection(port=port)) as recorder,
    ):
        lost = recorder.lost()
        rows = shown(recorder)
        assert [raw.partition(b"\n\n")[2] for raw, _ in rows] == [b"abc", *(b"%d" % number for number in range(20))]
        assert rows[0][1] == "content-length says 5000, the body has 3 bytes"
        assert {odd for _, odd in rows[1:]} == {RECOVERED}
        told = [fault.text for fault in recorder.of(Fault)]
        assert any("recovered 21 frames" in text for text in told)
        assert ("dropped" in lost.reason) == bool(end.strip())
        assert recorder.session._run.transport.dispatcher.frames_in == 22


def test_what_is_recovered_is_shown_and_not_acted_on() -> None:
    """What looks like a frame may be the inside of a body: no receipt in there confirms, nothing is taken out."""

    def script(peer: servers.Peer) -> None:
        peer.handshake()
        peer.frame()
        peer.send(LIAR + b"RECEIPT\nreceipt-id:1\n\n\0ERROR\nmessage:forged\n\n\0")
        peer.sock.close()

    with serving(script) as port, Recorder(Connection(port=port)) as recorder:
        recorder.connected()
        receipt = recorder.session.send("SEND", [("destination", "/queue/q"), ("receipt", "1")])
        lost = recorder.lost()
        assert lost.unconfirmed == (receipt,)
        assert lost.server_text == ""
        assert not recorder.of(ReceiptArrived)
        assert not recorder.of(BrokerError)
        assert len(shown(recorder)) == 3
        client = BlockingClient(recorder.session, BlockingEventQueue())
        taken = [taken for event in recorder.of(Received) for taken in client.frames(event) if event.recovered]
        assert taken == []


def test_a_body_that_the_close_cut_is_no_frame() -> None:
    with (
        serving(sends(b"MESSAGE\ncontent-length:5000\n\nhalf a body", hold=False)) as port,
        Recorder(Connection(port=port)) as recorder,
    ):
        assert "bytes of an unfinished frame were dropped" in recorder.lost().reason
        assert shown(recorder) == []
        assert [fault.raw.endswith(b"half a body") for fault in recorder.of(Fault)] == [True]


ODD_ANSWERS = [
    (b"CONNECTED\nversion:1.2\ncontent-length:5000\n\nhi\0", "content-length says 5000, the body has 2 bytes"),
    (b"CONNECTED\nversion:1.2\n\n", "its end did not come"),
    (b"CONNECTED\nversion:1.2\nserver:a", "its end did not come"),
]


@pytest.mark.parametrize(("answer", "why"), ODD_ANSWERS)
@pytest.mark.parametrize("then_close", [False, True])
def test_an_answer_to_connect_that_is_not_whole_is_told_with_its_bytes(
    answer: bytes, why: str, then_close: bool
) -> None:
    with (
        serving(servers.says(answer, then_close=then_close)) as port,
        Recorder(Connection(port=port, timeout=1.0)) as recorder,
    ):
        failed = recorder.failed()
    assert f"the answer to CONNECT, CONNECTED, is not whole ({why})" in failed.reason
    assert ("closed the connection" in failed.reason) == then_close
    assert "may not speak STOMP" not in failed.reason
    assert failed.server_text.encode().startswith(answer[:20])
    assert "version:1.2" in failed.server_text


@pytest.mark.parametrize("then_close", [False, True])
def test_a_refused_login_is_one_whatever_its_length_claims(then_close: bool) -> None:
    answer = b"ERROR\nmessage:Bad CONNECT\ncontent-length:5000\n\nAccess refused for user 'guest'\n\0"
    with (
        serving(servers.says(answer, then_close=then_close)) as port,
        Recorder(Connection(port=port, timeout=1.0)) as recorder,
    ):
        failed = recorder.failed()
    assert failed.reason == "the broker refused the login"
    assert "Access refused for user 'guest'" in failed.server_text


def test_connected_with_a_wrong_length_is_followed_once_the_next_frame_shows_where_it_ends() -> None:
    answer = connected().rstrip(b"\n").replace(b"version", b"content-length:20\nversion")
    with (
        serving(servers.says(answer + message(b"next" * 9))) as port,
        Recorder(Connection(port=port)) as recorder,
    ):
        assert recorder.connected().version == "1.2"
        recorder.bodies(1)


# WebSocket


def talking(data: bytes) -> Callable[[Peer], None]:
    def talk(peer: Peer) -> None:
        peer.greet()
        peer.sock.sendall(data)
        peer.wait_for_end()

    return talk


GOOD = [websocket.message(b"%d" % number) for number in range(3)]


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (b"\xf1\x05xxxxx", "of an unknown kind (0xf1)"),
        (b"\x83\x05xxxxx", "of an unknown kind (0x83)"),
        (b"\x81\x85keyyxxxxx", "masked its messages"),
        (b"\x09\x05xxxxx", "a control frame that is cut or too long"),
        (b"\x80\x05xxxxx", "mixed up the parts"),
        (b"\x81\x7f" + b"\x7f" * 8 + b"xxxxx", "a message larger than"),
        (frame(TEXT, b"MESSAGE\nh:" + b"x" * 70_000 + b"\n\n\0"), "headers larger than 65,536 bytes"),
    ],
)
def test_what_came_before_a_broken_websocket_frame_is_shown_and_then_the_fault(broken: bytes, words: str) -> None:
    """All of it comes in one read."""
    data = b"".join(frame(TEXT, payload) for payload in GOOD) + broken
    with WebSocketServer(talking(data)) as server, Recorder(server.connection()) as recorder:
        lost = recorder.lost()
        assert words in lost.reason
        assert "was not read" in lost.reason
        assert [raw + b"\0" for raw, _ in shown(recorder)] == GOOD
        faults = recorder.of(Fault)
        assert [words in fault.text for fault in faults] == [True]
        assert faults[0].raw
        last = max(recorder.events.index(event) for event in recorder.of(Received))
        assert last < recorder.events.index(faults[0]) < recorder.events.index(lost)


def test_connected_and_a_broken_frame_in_one_read() -> None:
    def talk(peer: Peer) -> None:
        peer.upgrade()
        peer.read_stomp()
        peer.sock.sendall(frame(TEXT, websocket.CONNECTED) + frame(TEXT, GOOD[0]) + b"\x83\x01x")
        peer.wait_for_end()

    with WebSocketServer(talk) as server, Recorder(server.connection()) as recorder:
        assert "of an unknown kind" in recorder.lost().reason
        assert [raw + b"\0" for raw, _ in shown(recorder)] == GOOD[:1]


@pytest.mark.parametrize("cut", [False, True])
def test_an_error_with_a_nul_in_a_header_is_one_odd_frame_with_its_text(cut: bool) -> None:
    error = b"ERROR\nmessage:no\0such queue\nreceipt-id:7\n\nwhat the broker says\0"
    parts = [error[:30], error[30:]] if cut else [error]
    data = b"".join(frame(TEXT, payload) for payload in [GOOD[0], *parts, GOOD[1]])
    with WebSocketServer(talking(data)) as server, Recorder(server.connection()) as recorder:
        said = recorder.wait(BrokerError)
        recorder.bodies(2)
        assert said.raw + b"\0" == error
        assert said.text == "no\0such queue\nwhat the broker says"
        assert said.receipt == "7"
        assert shown(recorder) == [(GOOD[0][:-1], ""), (error[:-1], "a NUL in a header"), (GOOD[1][:-1], "")]
        assert not recorder.of(Fault)


def test_a_part_of_nothing_but_ends_of_line_belongs_to_its_frame() -> None:
    body = b"\n" * 20_000
    whole = websocket.message(body)
    parts = [whole[at : at + 8192] for at in range(0, len(whole), 8192)]
    data = b"".join(frame(TEXT, payload) for payload in [*parts, b"\n", GOOD[0]])
    with WebSocketServer(talking(data)) as server, Recorder(server.connection()) as recorder:
        assert recorder.bodies(2) == [body, b"0"]


@pytest.mark.parametrize("length", ["9" * 5000, "-1", "many", "", "9" * 19])
@pytest.mark.parametrize("status", ["404 Not Found", "200 OK", "503 Unavailable", "401 Unauthorized"])
def test_an_upgrade_refused_with_an_absurd_length_is_told_with_what_was_said(status: str, length: str) -> None:
    def talk(peer: Peer) -> None:
        peer.sock.sendall(f"HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\nno such thing".encode())
        peer.sock.close()

    with WebSocketServer(talk) as server, Recorder(server.connection()) as recorder:
        failed = recorder.failed()
    assert f"HTTP {status[:3]}" in failed.reason
    assert "no such thing" in failed.server_text
    assert ("this is no length" in failed.server_text) == bool(length)
    assert len(failed.server_text) < 300


def test_an_upgrade_that_succeeds_with_an_absurd_length_succeeds() -> None:
    def talk(peer: Peer) -> None:
        peer.head = peer.head[:-2] + b"\r\n"
        real = peer.sock.sendall

        class Adding:
            def sendall(self, data: bytes) -> None:
                real(data.replace(b"\r\n\r\n", b"\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", 1))

            def __getattr__(self, name: str) -> object:
                return getattr(sock, name)

        sock = peer.sock
        peer.sock = Adding()  # type: ignore[assignment]
        peer.greet()
        peer.wait_for_end()

    with WebSocketServer(talk) as server, Recorder(server.connection()) as recorder:
        recorder.connected()


def test_a_deeply_nested_answer_to_the_question_for_sockjs_says_no() -> None:
    def talk(peer: Peer) -> None:
        body = b"[" * 15_000
        peer.sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        peer.wait_for_end()

    with WebSocketServer(talk) as server, Recorder(server.connection()) as recorder:
        assert "did not open a WebSocket" in recorder.failed().reason
