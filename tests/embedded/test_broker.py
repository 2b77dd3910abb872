"""What the embedded broker does of its own: limits, slow and silent clients, stopping and coming back."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from stomptui.embedded.options import ServerLimits
from tests.support.embedded import EmbeddedBroker
from tests.support.raw import Closed, RawStomp, raw_frame

Make = Callable[..., EmbeddedBroker]


@pytest.fixture
def make() -> Iterator[Make]:
    brokers: list[EmbeddedBroker] = []

    def make_one(**options: Any) -> EmbeddedBroker:
        brokers.append(EmbeddedBroker(**options))
        return brokers[-1]

    yield make_one
    for broker in brokers:
        broker.close()


def client(broker: EmbeddedBroker, **extra: str) -> RawStomp:
    raw = RawStomp(broker.host, broker.port)
    raw.connect(**extra)
    return raw


def test_anybody_may_come_in_where_nothing_is_said(make: Make) -> None:
    with RawStomp("127.0.0.1", make().port) as raw:
        raw.connect("1.2", login="who", passcode="ever", host="anywhere")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"SEND\ndestination:/queue/x\ncontent-length:2000000\n\n", "larger than 1,000,000 bytes"),
        (b"SEND\ndestination:/queue/x\n\n" + b"x" * 1_000_100, "larger than 1,000,000 bytes"),
        (b"SEND\ndestination:/queue/x\nx:" + b"y" * 5000, "headers larger than 4,096 bytes"),
    ],
    ids=["by content-length", "by NUL", "headers"],
)
def test_what_is_too_large_is_refused_before_it_is_kept(make: Make, data: bytes, said: str) -> None:
    broker = make(limits=ServerLimits(header=4096, frame=1_000_000))
    with client(broker) as raw:
        raw.send_raw(raw_frame("SEND", {"destination": "/queue/before"}, "kept") + data)
        (error,) = raw.expect_closed()
        assert error["message"] == "Malformed frame"
        assert said in error.text
    assert broker.bodies("before") == [b"kept"]


def test_a_full_queue_takes_no_more_and_says_so(make: Make) -> None:
    broker = make(limits=ServerLimits(queue=100))
    with client(broker) as raw:
        raw.receipt("SEND", {"destination": "/queue/q"}, "x" * 200)
        raw.send("SEND", {"destination": "/queue/q", "receipt": "r"}, "y")
        raw.expect("ERROR", message="Queue is full", receipt_id="r")
        raw.receipt("SUBSCRIBE", {"id": "1", "destination": "/queue/q"})
        raw.messages(1)
        raw.receipt("SEND", {"destination": "/queue/q"}, "y")


def test_a_slow_reader_of_a_queue_waits_for_nobody_and_loses_nothing(make: Make) -> None:
    broker = make(limits=ServerLimits(write_buffer=10_000))
    body = b"x" * 10_000
    for _ in range(2_000):
        broker.publish("/queue/q", body)
    slow, quick = client(broker), client(broker)
    slow.receipt("SUBSCRIBE", {"id": "1", "destination": "/queue/q"})
    broker.wait(lambda: broker.depth("q")[0] < 2_000)
    # What the sockets hold is all that is taken for a client that does not read.
    assert broker.depth("q")[0] > 500
    assert quick.still_works()
    assert [frame.body == body for frame in slow.messages(2_000)] == [True] * 2_000
    slow.close()
    quick.close()


def test_a_topic_reader_too_slow_is_told_and_let_go(make: Make) -> None:
    broker = make(limits=ServerLimits(write_buffer=10_000, backlog=1_000_000))
    slow, quick = client(broker), client(broker)
    slow.receipt("SUBSCRIBE", {"id": "s", "destination": "/topic/t"})
    quick.receipt("SUBSCRIBE", {"id": "q", "destination": "/topic/t"})
    sent = 0
    while broker.clients == 2 and sent < 3_000:
        broker.publish("/topic/t", b"x" * 10_000)
        sent += 1
        quick.messages(1)
        if broker.call(lambda: any(c.closing for c in broker.server.connections)):
            break
    *messages, error = slow.expect_closed()
    assert error["message"] == "Slow consumer"
    assert error["subscription"] == "s"
    assert "wait for this client" in error.text
    assert len(messages) < sent
    assert quick.still_works()
    slow.close()
    quick.close()


def test_who_does_not_read_receipts_is_not_read_from(make: Make) -> None:
    broker = make(limits=ServerLimits(write_buffer=1_000))
    count = 50_000
    frames = b"".join(raw_frame("SEND", {"destination": "/topic/n", "receipt": f"{n:0>250}"}) for n in range(count))
    raw = client(broker, heart_beat="250,0")
    sender = threading.Thread(target=raw.send_raw, args=(frames,))
    raw.socket.settimeout(60)
    sender.start()
    sender.join(1)
    assert sender.is_alive(), "the broker took everything in"
    # It was silent, but not by its own fault: it stays, and every receipt is there when it reads.
    received = 0
    while received < count:
        received += raw.socket.recv(1 << 18).count(b"\0")
    sender.join()
    raw.close()


def test_no_connect_no_stay(make: Make) -> None:
    broker = make(connect_timeout=0.2)
    with RawStomp(broker.host, broker.port) as raw, pytest.raises(Closed):
        raw.read()


def test_heart_beats_can_be_held_back(make: Make) -> None:
    broker = make()
    with client(broker, heart_beat="0,100") as raw:
        raw.expect_nothing(0.35)
        assert raw.beats >= 3
        broker.silence()
        raw.expect_nothing(0.15)
        before = raw.beats
        raw.expect_nothing(0.3)
        assert raw.beats == before


def test_a_broker_that_comes_back_has_its_queues(make: Make) -> None:
    broker = make()
    raw = client(broker)
    for body in "abc":
        raw.receipt("SEND", {"destination": "/queue/q"}, body)
    raw.receipt("SUBSCRIBE", {"id": "1", "destination": "/queue/q", "ack": "client", "prefetch-count": "2"})
    raw.messages(2)
    assert broker.depth("q") == (1, 2)
    broker.stop()
    assert raw.expect_closed() == []
    with pytest.raises(OSError):
        socket.create_connection((broker.host, broker.port), 1)
    broker.start()
    assert broker.depth("q") == (3, 0)
    with client(broker) as again:
        again.receipt("SUBSCRIBE", {"id": "1", "destination": "/queue/q"})
        assert [frame["redelivered"] for frame in again.messages(3)] == ["true", "true", "false"]


def test_clients_can_be_dropped_without_a_word(make: Make) -> None:
    broker = make()
    with client(broker) as raw:
        broker.drop_clients()
        assert raw.expect_closed() == []
    with client(broker) as raw:
        assert raw.still_works()


def test_a_deleted_queue_tells_its_readers(make: Make) -> None:
    broker = make()
    with client(broker) as raw:
        raw.receipt("SUBSCRIBE", {"id": "s", "destination": "/queue/q"})
        broker.delete("q")
        error = raw.expect("ERROR", message="Server cancelled subscription", subscription="s")
        assert error.text.startswith("The server has canceled a subscription.")
        assert raw.still_works()
        assert broker.depth("q") == (0, 0)


def test_private_queues_go_with_their_readers(make: Make) -> None:
    broker = make()
    with client(broker) as raw:
        raw.receipt("SUBSCRIBE", {"id": "t", "destination": "/topic/t.*"})
        raw.receipt("SEND", {"destination": "/queue/ask", "reply-to": "/temp-queue/me"}, "x")
        assert broker.call(lambda: len(broker.queues.named)) == 2
    broker.wait(lambda: broker.call(lambda: list(broker.queues.named)) == ["ask"])
    assert broker.depth("ask") == (1, 0)


def test_a_client_that_closes_its_side_is_let_go(make: Make) -> None:
    broker = make()
    with client(broker) as raw:
        raw.send("SEND", {"destination": "/queue/q", "receipt": "r"}, "x")
        raw.socket.shutdown(socket.SHUT_WR)
        assert [frame.command for frame in raw.expect_closed()] == ["RECEIPT"]


@pytest.mark.parametrize(
    "garbage",
    [
        b"\0\0\0\n\0",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n\0",
        b"SEND\n\n\0" * 50,
        b"\xff\xfe\xfd\n\n\0",
        b"CONNECT\naccept-version\n\n\0",
        b"SEND\ndestination:/queue/x\ncontent-length:-1\n\n\0",
        b"CONNECT\nheart-beat:99999999999999999999,1\n\n\0",
        b"CONNECT\n\n\0SUBSCRIBE\ndestination:/queue/x\nack:client\nprefetch-count:\xd9\xa3\n\n\0",
        b"CONNECT\n\n\0ACK\nmessage-id:T_@@@@\xc2\xb2\n\n\0",
        b"CONNECT\naccept-version:1.2\n\n\0SEND\ndestination:/topic/\\c\\n.*\n\xff\\n:\xfe\n\n\0",
        b"CONNECT\naccept-version:1.2\n\n\0SEND\ndestination:/queue/\xff\nreceipt:\xff\n\n\0FOO\xff\nreceipt:\xfe\n\n\0",
    ],
)
def test_nothing_a_client_says_breaks_it(make: Make, garbage: bytes) -> None:
    broker = make()
    with RawStomp(broker.host, broker.port) as raw:
        raw.send_raw(garbage)
        raw.socket.shutdown(socket.SHUT_WR)
        raw.expect_closed()
    with client(broker) as raw:
        assert raw.still_works()


def test_messages_by_the_ten_thousand_arrive_in_order(make: Make) -> None:
    broker = make()
    count = 30_000
    with client(broker) as reader, client(broker) as writer:
        reader.receipt("SUBSCRIBE", {"id": "1", "destination": "/topic/t"})
        data = b"".join(raw_frame("SEND", {"destination": "/topic/t"}, str(n)) for n in range(count))
        sender = threading.Thread(target=writer.send_raw, args=(data,))
        sender.start()
        received = b""
        deadline = time.monotonic() + 30
        while received.count(b"MESSAGE\n") < count and time.monotonic() < deadline:
            received += reader.socket.recv(1 << 20)
        sender.join()
    bodies = [int(part.rpartition(b"\n\n")[2]) for part in received.split(b"\0\n") if part]
    assert bodies == list(range(count))


def test_a_send_declares_its_queue_also_in_a_transaction(embedded: EmbeddedBroker) -> None:
    with RawStomp(embedded.host, embedded.port) as client:
        client.connect()
        client.receipt("BEGIN", {"transaction": "t"})
        client.send("SEND", {"destination": "/queue/made", "transaction": "t"}, "never sent")
        client.receipt("ABORT", {"transaction": "t"})
    assert embedded.depth("made") == (0, 0)
