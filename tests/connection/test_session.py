"""What a session asks of a broker and makes of its answers."""

from __future__ import annotations

import time

import pytest

from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.connection import frame_headers
from stomptui.connection.errors import NotConnected, SessionError, Unsupported
from stomptui.connection.events import (
    BrokerError,
    Connected,
    Fault,
    Lost,
    ReceiptArrived,
    Received,
    Sent,
    Subscribed,
    SubscribeFailed,
    Unsubscribed,
)
from stomptui.connection.frame_headers import Subscription
from stomptui.connection.session import Session
from stomptui.connection.session_state import SessionState
from stomptui.protocol.frame import Frame
from tests.faults import servers
from tests.faults.servers import serving
from tests.support.record import Recorder

ERROR = b"ERROR\nmessage:not_found\n\nNOT_FOUND - no queue 'nosuch' in vhost '/'\n\0"


def answers(
    *replies: bytes, server: str = "test/1", version: str = "1.2", into: list[bytes] | None = None
) -> servers.Script:
    """Answers each frame after CONNECT with the next reply."""

    def script(peer: servers.Peer) -> None:
        peer.handshake(servers.connected(server=server, version=version))
        for reply in replies:
            frame = peer.frame()
            if into is not None:
                into.append(frame)
            if reply:
                peer.send(reply)
        while True:
            frame = peer.frame()
            if into is not None:
                into.append(frame)

    return script


def receipt(number: int | str) -> bytes:
    return f"RECEIPT\nreceipt-id:{number}\n\n\0\n".encode()


def message(version: str, ack: str = "ack-7") -> Frame:
    lines = f"MESSAGE\nsubscription:s1\nmessage-id:m-7\ndestination:/queue/q\n{'ack:' + ack if ack else 'x:y'}\n\nbody"
    return Frame(lines.encode(), version)


def test_connecting_tells_who_is_there() -> None:
    head = b"CONNECTED\nversion:1.1\nserver:RabbitMQ/3.10.8\n"
    answer = head + b"session:session-1\nuser-name:alice\nheart-beat:5000,7000\n\n\0"
    with (
        serving(servers.says(answer)) as port,
        Recorder(Connection(port=port, login="guest", passcode="secret")) as recorder,
    ):
        assert recorder.session.state in SessionState
        connected = recorder.connected()
        kinds = [type(event).__name__ for event in recorder.events]
        assert kinds == ["Progress", "Progress", "Progress", "Sent", "Received", "Connected"]
        assert recorder.session.state is SessionState.UP
        assert recorder.session.server == "RabbitMQ/3.10.8"
        assert recorder.session.dialect.name == "rabbitmq"
        sent = recorder.of(Sent)[0]
    assert connected.version == "1.1"
    assert connected.heart_beat == (10_000, 10_000)
    assert (connected.session_id, connected.user_name) == ("session-1", "alice")
    assert sent.raw.startswith(b"CONNECT\naccept-version:1.0,1.1,1.2\nlogin:guest\npasscode:")
    assert b"secret" not in sent.raw


def test_sessions_are_numbered_and_used_once() -> None:
    first, second = Recorder(Connection(port=1)), Recorder(Connection(port=1))
    assert second.session.number > first.session.number
    with serving(servers.says(servers.CONNECTED)) as port, Recorder(Connection(port=port)) as recorder:
        recorder.connected()
        assert all(event.session == recorder.session.number for event in recorder.events)
        with pytest.raises(SessionError, match="used once"):
            recorder.session.open()
    for unused in (first, second):
        unused.session.close()


def test_nothing_can_be_sent_before_connected() -> None:
    with serving(servers.silent) as port, Recorder(Connection(port=port)) as recorder, pytest.raises(NotConnected):
        recorder.session.send("SEND", [("destination", "/queue/q")])


def test_subscribed_is_said_when_the_broker_said_it() -> None:
    got: list[bytes] = []
    with (
        serving(answers(receipt(1), receipt(2), server="RabbitMQ/3.10.8", into=got)) as port,
        Recorder(Connection(port=port)) as recorder,
    ):
        recorder.connected()
        spec = Subscription("s1", "/amq/queue/q", "client-individual", "a = 1", (("x", "y"),), prefetch=100)
        assert recorder.session.subscribe(spec) == "1"
        assert recorder.wait(Subscribed).subscription == "s1"
        assert recorder.session.unsubscribe("s1") == "2"
        assert recorder.wait(Unsubscribed).subscription == "s1"
    assert got == [
        b"SUBSCRIBE\nid:s1\ndestination:/amq/queue/q\nack:client-individual\nselector:a = 1\nprefetch-count:100\n"
        b"x:y\nreceipt:1\n\n\0",
        b"UNSUBSCRIBE\nid:s1\nreceipt:2\n\n\0",
    ]


def test_a_refused_subscription_with_receipt_id() -> None:
    reply = b"ERROR\nreceipt-id:1\nmessage:no such thing\n\n\0"
    with serving(answers(reply)) as port, Recorder(Connection(port=port)) as recorder:
        recorder.connected()
        recorder.session.subscribe(Subscription("s1", "/queue/nosuch"))
        failed = recorder.wait(SubscribeFailed)
        assert (failed.subscription, failed.reason, failed.cancelled) == ("s1", "no such thing", False)
        assert recorder.of(BrokerError)[0].receipt == "1"
        assert not recorder.of(Subscribed)


def test_error_then_receipt_is_a_refusal() -> None:
    """RabbitMQ: ERROR without receipt-id, then the RECEIPT, then the end."""

    def script(peer: servers.Peer) -> None:
        peer.handshake(servers.connected(server="RabbitMQ/3.10.8"))
        peer.frame()
        peer.send(ERROR + receipt(1))
        peer.sock.close()

    with serving(script) as port, Recorder(Connection(port=port)) as recorder:
        recorder.connected()
        recorder.session.subscribe(Subscription("s1", "/amq/queue/nosuch"))
        lost = recorder.lost()
        failed = recorder.of(SubscribeFailed)
        assert [event.subscription for event in failed] == ["s1"]
        assert "no queue 'nosuch'" in failed[0].reason
        assert not recorder.of(Subscribed)
        assert "no queue 'nosuch'" in (recorder.of(ReceiptArrived)[0].refusal or "")
    assert "no queue 'nosuch'" in lost.server_text
    assert lost.unconfirmed == ()


def test_error_then_receipt_among_several_subscriptions() -> None:
    """Two are asked for at once; the ERROR belongs to the receipt right behind it."""

    def script(peer: servers.Peer) -> None:
        peer.handshake(servers.connected(server="RabbitMQ/3.10.8"))
        peer.frame()
        peer.frame()
        peer.send(receipt(1) + ERROR + receipt(2))
        peer.over.wait(20)

    with serving(script) as port, Recorder(Connection(port=port)) as recorder:
        recorder.connected()
        recorder.session.subscribe(Subscription("good", "/queue/q"))
        recorder.session.subscribe(Subscription("bad", "/amq/queue/nosuch"))
        assert recorder.wait(SubscribeFailed).subscription == "bad"
        assert [event.subscription for event in recorder.of(Subscribed)] == ["good"]


def test_an_error_is_not_blamed_on_a_frame_that_may_be_innocent() -> None:
    def script(peer: servers.Peer) -> None:
        peer.handshake()
        for _ in range(3):
            peer.frame()
        peer.send(ERROR)
        peer.over.wait(20)

    with serving(script) as port, Recorder(Connection(port=port)) as recorder:
        recorder.connected()
        for number in ("a", "b"):
            recorder.session.send("SEND", [("destination", "/queue/q"), ("receipt", number)])
        recorder.session.send("SEND", [("destination", "/queue/q")])
        assert recorder.wait(BrokerError).receipt == ""


def test_an_error_right_after_the_receipt_of_an_ack_is_about_the_ack() -> None:
    """RabbitMQ confirms an ACK of a stale id first and complains then."""
    complaint = b"ERROR\nmessage:precondition_failed\n\nunknown delivery tag 7\n\0"
    with (
        serving(answers(receipt(1) + complaint)) as port,
        Recorder(Connection(port=port)) as recorder,
    ):
        recorder.connected()
        asked = recorder.session.ack(message("1.2"))
        assert recorder.wait(BrokerError).receipt == asked == "1"


def test_a_subscription_that_is_taken_away() -> None:
    cancelled = b"ERROR\nmessage:Server cancelled subscription\nsubscription:s1\n\nThe server has canceled it.\n\0"
    with (
        serving(answers(receipt(1) + cancelled)) as port,
        Recorder(Connection(port=port)) as recorder,
    ):
        recorder.connected()
        recorder.session.subscribe(Subscription("s1", "/queue/q"))
        failed = recorder.wait(SubscribeFailed)
        assert failed.cancelled
        assert recorder.session.state is SessionState.UP


@pytest.mark.parametrize(
    ("server", "version", "line"),
    [
        ("RabbitMQ/3.10.8", "1.2", b"id:ack-7\n"),
        ("RabbitMQ/3.10.8", "1.1", b"message-id:m-7\nsubscription:s1\n"),
        ("RabbitMQ/3.10.8", "1.0", b"message-id:m-7\n"),
        ("ActiveMQ-Artemis/2.56.0", "1.2", b"id:m-7\n"),
    ],
)
def test_an_ack_names_the_message_as_the_version_wants(server: str, version: str, line: bytes) -> None:
    got: list[bytes] = []
    with (
        serving(answers(receipt(1), server=server, version=version, into=got)) as port,
        Recorder(Connection(port=port)) as recorder,
    ):
        recorder.connected()
        recorder.session.ack(message(version))
        recorder.wait(ReceiptArrived)
    assert got[0] == b"ACK\n" + line + b"receipt:1\n\n\0"


def test_nack_with_requeue() -> None:
    lines = frame_headers.nack_headers(message("1.2"), False, "1.2", BROKERS.named("rabbitmq"))
    assert lines == [("id", "ack-7"), ("requeue", "false")]


def test_there_is_no_nack_in_1_0() -> None:
    with pytest.raises(Unsupported, match=r"STOMP 1\.0 has no NACK"):
        frame_headers.nack_headers(message("1.0"), None, "1.0", BROKERS.named(""))


def test_a_message_that_cannot_be_acknowledged_is_said() -> None:
    with serving(answers()) as port, Recorder(Connection(port=port)) as recorder:
        recorder.connected()
        with pytest.raises(Unsupported, match="cannot be acknowledged"):
            recorder.session.ack(Frame(b"MESSAGE\nsubscription:s1\n\n"))


def test_a_transaction_by_hand() -> None:
    got: list[bytes] = []
    with (
        serving(answers(b"", b"", receipt("c"), into=got)) as port,
        Recorder(Connection(port=port)) as recorder,
    ):
        recorder.connected()
        recorder.session.send("BEGIN", [("transaction", "t1")])
        recorder.session.send("SEND", [("destination", "/queue/q"), ("transaction", "t1")], b"x")
        assert recorder.session.send("COMMIT", [("transaction", "t1"), ("receipt", "c")]) == "c"
        assert recorder.wait(ReceiptArrived).receipt == "c"
    assert [frame.partition(b"\n")[0] for frame in got[:3]] == [b"BEGIN", b"SEND", b"COMMIT"]


def test_a_receipt_tells_how_long_it_took() -> None:
    def script(peer: servers.Peer) -> None:
        peer.handshake()
        peer.frame()
        time.sleep(0.1)
        peer.send(receipt("r") + receipt("unknown"))
        peer.over.wait(20)

    with serving(script) as port, Recorder(Connection(port=port)) as recorder:
        recorder.connected()
        recorder.session.send("SEND", [("destination", "/queue/q"), ("receipt", "r")])
        arrived = recorder.wait(ReceiptArrived)
        assert arrived.elapsed >= 0.1
        assert arrived.refusal is None
        assert "unknown" in recorder.wait(Fault).text


def test_other_frames_are_told_right_behind_the_batch_they_came_in() -> None:
    stream = servers.message(b"1") + receipt("r") + servers.message(b"2") + ERROR
    with serving(answers(stream)) as port, Recorder(Connection(port=port)) as recorder:
        recorder.connected()
        recorder.session.send("SEND", [("destination", "/queue/q"), ("receipt", "r")])
        recorder.wait(BrokerError)
        kinds = [type(event).__name__ for event in recorder.events]
    at = kinds.index("ReceiptArrived")
    assert kinds[at - 1 :] == ["Received", "ReceiptArrived", "BrokerError"]
    batch = [event for event in recorder.events if isinstance(event, Received)][-1].batch
    assert [frame.partition(b"\n")[0] for frame in batch.frames()] == [b"MESSAGE", b"RECEIPT", b"MESSAGE", b"ERROR"]


def test_connect_headers_of_the_person_go_along() -> None:
    got: list[bytes] = []

    def script(peer: servers.Peer) -> None:
        got.append(peer.handshake())
        peer.over.wait(20)

    connection = Connection(vhost=None, versions=("1.2", "1.1"), heart_beat=(0, 0), headers=(("client-id", "me"),))
    with serving(script) as port:
        import dataclasses

        with Recorder(dataclasses.replace(connection, port=port)) as recorder:
            recorder.connected()
    assert got == [b"CONNECT\naccept-version:1.2,1.1\nclient-id:me\n\n\0"]


def test_closing_is_told_as_wanted_with_the_reason_given() -> None:
    with serving(servers.says(servers.CONNECTED)) as port, Recorder(Connection(port=port)) as recorder:
        recorder.connected()
        session: Session = recorder.session
        session.close("the console was left")
        session.close("again")
        lost = recorder.lost()
        assert (lost.wanted, lost.reason) == (True, "the console was left")
        assert len(recorder.of(Lost)) == 1 == len(recorder.of(Connected))
        assert session.ended.is_set()


def test_a_command_that_the_profile_says_is_never_confirmed_is_sent_without_a_receipt() -> None:
    got: list[bytes] = []
    with (
        serving(answers(b"", receipt(1), into=got)) as port,
        Recorder(Connection(port=port, no_receipts=("SUBSCRIBE",))) as recorder,
    ):
        recorder.connected()
        session = recorder.session
        assert not session.gives_receipt("/queue/a", "SUBSCRIBE") and session.gives_receipt("/queue/a")
        session.subscribe(Subscription("s", "/queue/a"))
        session.unsubscribe("s")
        recorder.wait(Unsubscribed)
    assert [b"\nreceipt:" in frame for frame in got] == [False, True]
