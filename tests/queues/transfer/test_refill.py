"""A file goes into queues: in order, by the rules of the broker there, with an exact account."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.protocol.jsonl import FileMessage
from stomptui.queues.actions.action import DONE, DOUBT, FAILED, MessageOutcome
from stomptui.queues.sending import sending
from stomptui.queues.transfer import refill as refilling
from stomptui.queues.transfer.result import REASONS, TransferResult, what_next
from tests.faults.servers import Peer, Server
from tests.support.cutting import Cutter
from tests.support.embedded import EmbeddedBroker
from tests.support.transferring import drain, read, refill, start_refill

QUEUE = "/queue/orders"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "orders.jsonl"


@pytest.fixture
def connection(embedded: EmbeddedBroker) -> Connection:
    return Connection(port=embedded.port, login="guest", passcode="guest")


def write(path: Path, count: int, destination: str = QUEUE) -> list[bytes]:
    found = [b"m%d" % n for n in range(count)]
    path.write_bytes(b"".join(FileMessage(destination, (), body).line() for body in found))
    return found


def test_what_was_drained_comes_back_as_it_was(embedded: EmbeddedBroker, connection: Connection, path: Path) -> None:
    embedded.publish(QUEUE, b"\0\xff", [("odd:name", "a\nb"), ("n", "1"), ("n", "2")])
    embedded.publish(QUEUE, "é", [("empty", "")])
    embedded.publish(QUEUE, b"")
    drain(connection, QUEUE, path, quiet=0.2)
    ran = refill(connection, path)
    assert ran.result.text == "3 sent"
    assert ran.result.whole
    assert (ran.result.size, ran.result.total_size) == (path.stat().st_size,) * 2
    again = path.with_name("again")
    drain(connection, QUEUE, again, quiet=0.2)
    for before, after in zip(read(path), read(again), strict=True):
        own = ("subscription", "message-id", "ack", "redelivered")
        assert [line for line in after.headers if line[0] not in own] == [
            line for line in before.headers if line[0] not in own
        ]
        assert (before.destination, before.body) == (after.destination, after.body)


def test_thousands_keep_their_order(embedded: EmbeddedBroker, connection: Connection, path: Path) -> None:
    found = write(path, 2 * refilling.PORTION + 7)
    seen: list[int] = []
    ran = refill(connection, path, on_progress=lambda result: seen.append(result.count("done")))
    assert ran.result.text == "2,007 sent"
    assert embedded.bodies("orders") == found
    assert seen == sorted(seen) and seen


def test_all_go_to_one_place_if_that_is_asked_for(embedded: EmbeddedBroker, connection: Connection, path: Path) -> None:
    found = write(path, 3)
    assert refill(connection, path, "/queue/other").result.text == "3 sent"
    assert embedded.bodies("other") == found
    assert "orders" not in embedded.call(embedded.queues.depths)


def test_it_begins_where_it_is_told(embedded: EmbeddedBroker, connection: Connection, path: Path) -> None:
    found = write(path, 5)
    assert refill(connection, path, first_line=4).result.text == "2 sent"
    assert embedded.bodies("orders") == found[3:]
    assert refill(connection, path, first_line=6).result.text == "0 sent"


def test_what_one_delivery_had_stays_behind(embedded: EmbeddedBroker, connection: Connection, path: Path) -> None:
    """As lines of RabbitMQ, ActiveMQ and Artemis have it, and a SEND that was saved."""
    marks = [
        *(("subscription", "s"), ("destination", "/queue/old"), ("message-id", "T_1"), ("redelivered", "true")),
        *(("ack", "T_1"), ("receipt", "5"), ("transaction", "t"), ("content-length", "99"), ("persistent", "1")),
        *(("x-delivery-count", "3"), ("keep", "a"), ("keep", "b")),
    ]
    path.write_bytes(FileMessage(QUEUE, tuple(marks), b"body").line())
    result = refill(connection, path).result
    assert result.text == "1 sent"
    assert "Headers not carried over: transaction; x-delivery-count; keep" in result.notes
    again = path.with_name("again")
    drain(connection, QUEUE, again, quiet=0.2)
    headers = dict(read(again)[0].headers)
    assert headers["keep"] == "a"
    assert headers["content-length"] == "4"
    assert headers["redelivered"] == "false"
    assert not {"x-delivery-count", "transaction"} & set(headers)


def test_lines_that_cannot_be_sent_are_named_and_the_others_go(
    embedded: EmbeddedBroker, connection: Connection, path: Path
) -> None:
    good = FileMessage(QUEUE, (), b"good").line()
    bad = [
        b"hello\n",
        b'{"body": 5}\n',
        FileMessage("", (), b"nowhere").line(),
        FileMessage("/amq/queue/none", (), b"missing").line(),
        FileMessage(QUEUE, (("a", "b\0c"),), b"nul").line(),
        b'{"body": "cut',
    ]
    path.write_bytes(good + b"\n" + b"".join(line + good for line in bad[:-1]) + bad[-1])
    ran = refill(connection, path)
    assert ran.result.text == "6 sent, 6 failed"
    assert not ran.result.whole
    assert sorted(reason for reason, _ in ran.result.reasons) == [
        "line 11: a header value cannot hold a NUL",
        "line 13: column 10: the line is cut off, its JSON does not end",
        "line 3: column 1: not JSON: a value is expected",
        "line 5: body is text, not a number",
        "line 7: it does not say where it goes, and no destination was given",
        "line 9: there is no queue none: RabbitMQ would confirm and drop the message",
    ]
    assert embedded.bodies("orders") == [b"good"] * 6


def test_a_body_that_is_no_text_is_sent_with_its_length(
    embedded: EmbeddedBroker, connection: Connection, path: Path
) -> None:
    path.write_bytes(FileMessage(QUEUE, (), b"a\0b").line() + FileMessage(QUEUE, (), b"\xff").line())
    assert refill(connection, path).result.text == "2 sent"
    assert embedded.bodies("orders") == [b"a\0b", b"\xff"]


def test_nothing_is_begun_where_all_would_be_lost(embedded: EmbeddedBroker, connection: Connection, path: Path) -> None:
    write(path, 3)
    assert "there is no queue none" in refill(connection, path, "/amq/queue/none").failed.reason
    assert "confirms nothing" in refill(connection, path, dialect=BROKERS.named("spring")).failed.reason
    assert "there is no such directory" in refill(connection, path / "x").failed.reason
    failed = refill(Connection(port=1, timeout=2.0), path, dialect=BROKERS.named("embedded")).failed
    assert failed.reason == "nothing listens on 127.0.0.1 port 1"


def test_a_place_that_keeps_nothing_is_said(embedded: EmbeddedBroker, connection: Connection, path: Path) -> None:
    write(path, 1, "/topic/news")
    ran = refill(connection, path)
    assert ran.result.text == "1 sent"
    assert ran.result.notes == ["/topic/news: The broker confirms also what no queue takes."]


def test_stopping_says_where_to_go_on(embedded: EmbeddedBroker, connection: Connection, path: Path) -> None:
    found = write(path, 3 * refilling.PORTION)
    stopped = threading.Event()

    def stop(result: TransferResult) -> None:
        running.transfer.stop()
        stopped.set()

    running = start_refill(connection, path, on_progress=stop)
    result = running.wait().result
    assert stopped.is_set()
    done = result.count(DONE)
    assert result.text == f"{done:,} sent, {len(found) - done:,} untouched; stopped: by you"
    assert 0 < done < len(found)
    assert result.next_line == done + 1
    assert embedded.bodies("orders") == found[:done]
    assert refill(connection, path, first_line=result.next_line).result.text == f"{len(found) - done:,} sent"
    assert embedded.bodies("orders") == found


@pytest.mark.parametrize(
    ("way", "frames"), [("up", 2), ("up", 3), ("up", 150), ("up", 1500), ("down", 2), ("down", 900)]
)
def test_a_connection_that_is_cut_loses_nothing(
    embedded: EmbeddedBroker, connection: Connection, path: Path, way: str, frames: int
) -> None:
    found = write(path, 2000)
    embedded.call(lambda: embedded.queues.declare("orders"))
    with Cutter(embedded.port) as cutter:
        # The first connection asks who is there, the second sends.
        cutter.cut(frames, "up" if way == "up" else "down", skip=1)
        ran = refill(Connection(port=cutter.port, login="guest", passcode="guest"), path)
        embedded.wait(lambda: cutter.was_cut)
    embedded.wait(lambda: embedded.clients == 0)
    # What was in flight is found out by a look into the queue that nobody else uses, and the rest goes on.
    assert ran.result.text == "2,000 sent"
    assert embedded.bodies("orders") == found


def test_a_broker_that_stays_away_is_said_with_where_to_go_on(
    embedded: EmbeddedBroker, connection: Connection, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "AGAIN", (0.0, 0.01))
    found = write(path, 2000)
    embedded.call(lambda: embedded.queues.declare("orders"))
    with Cutter(embedded.port) as cutter:
        cutter.cut(500, skip=1, then_refuse=True)
        result = refill(Connection(port=cutter.port, login="guest", passcode="guest"), path).result
    embedded.wait(lambda: embedded.clients == 0)
    assert "the connection ended" in result.stopped
    assert result.count(FAILED) == 0
    assert result.count(DONE) + result.count(DOUBT) + result.count("untouched") == len(found)
    arrived = embedded.bodies("orders")
    assert arrived == found[: len(arrived)]
    assert result.count(DONE) <= len(arrived) <= result.count(DONE) + result.count(DOUBT)
    # What was under way is told apart from what is to go on with, and can be asked for alone.
    ((first, last),) = result.uncertain
    assert (first, result.unsent) == (result.count(DONE) + 1, [(last + 1, 0)])
    missing = last - len(arrived)
    assert refill(connection, path, first_line=len(arrived) + 1, last_line=last).result.text == f"{missing:,} sent"
    assert refill(connection, path, first_line=last + 1).result.text == f"{len(found) - last:,} sent"
    assert embedded.bodies("orders") == found


def test_what_to_do_next_names_the_lines_that_are_not_there_and_those_that_may_be() -> None:
    result = TransferResult("sent", "not confirmed", unsent=[(3, 5), (9, 0)], uncertain=[(6, 8), (2, 2)])
    told = what_next(result, lambda run: f"{run[0]}-{run[1] or ''}")
    assert told == [
        "go on with 3-5, then 9-",
        "lines 6 to 8 may have arrived, all or some: look where they went; 6-8 sends them once more, and other numbers "
        "send a part of them",
        "line 2 may have arrived: look where it went; if it did not, 2-2 sends it",
    ]
    assert what_next(TransferResult("sent", "not confirmed"), str) == []
    many = TransferResult(
        "sent", "not confirmed", unsent=[(n, n) for n in range(1, 40, 2)], uncertain=[(n, n) for n in range(1, 40, 2)]
    )
    first, *others = what_next(many, lambda run: str(run[0]))
    assert (
        first
        == "go on with 1, then 3, then 5, then 7, then 9, then 11, then 13, then 15, and 12 more such ranges of lines"
    )
    assert others[-1] == "so it is with 12 more lines, up to 39"


def test_a_broker_that_refuses_is_quoted(path: Path) -> None:
    found = write(path, 3)

    def script(peer: Peer) -> None:
        peer.handshake()
        for _ in found:
            frame = peer.frame()
            receipt = frame.partition(b"\nreceipt:")[2].partition(b"\n")[0]
            if frame.endswith(b"m1\0"):
                peer.send(b"ERROR\nmessage:User guest is not authorized to write\nreceipt-id:%s\n\n\0" % receipt)
            else:
                peer.send(b"RECEIPT\nreceipt-id:%s\n\n\0" % receipt)
        peer.wait_closed()

    with Server(script) as server:
        result = refill(Connection(port=server.port), path, dialect=BROKERS.named("unknown")).result
    assert result.text == "2 sent, 1 failed"
    assert result.reasons == [("line 2: this user has no permission for that", 1)]


def test_a_file_that_has_no_end_can_be_read(embedded: EmbeddedBroker, connection: Connection, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    line = FileMessage(QUEUE, (), b"one").line()
    threading.Thread(target=pipe.write_bytes, args=(line * 3,), daemon=True).start()
    ran = refill(connection, pipe)
    assert (ran.result.text, ran.result.total_size) == ("3 sent", 0)


def test_the_account_stays_small() -> None:
    result = TransferResult("sent", "not confirmed")
    for number in range(1, 10 * REASONS + 1):
        result.note(MessageOutcome(FAILED, f"reason {number}"), number)
        result.note(MessageOutcome(FAILED, "the same"), number) if number < 8 else None
    assert result.count(FAILED) == 10 * REASONS + 7
    reasons = result.reasons
    assert len(reasons) == REASONS + 1
    assert sum(count for _, count in reasons) == result.count(FAILED)
    assert ("lines 1 to 7: the same", 7) in reasons
    assert ("line 3: reason 3", 1) in reasons
