"""A queue goes into a file: in order, whole, and nothing leaves the queue that is not on the disk."""

from __future__ import annotations

import contextlib
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.queues.peek.peek_values import PeekOptions, QueueSurvey
from stomptui.queues.transfer.drain_pipeline import BATCH, PREFETCH
from stomptui.queues.transfer.file_errors import FileError
from stomptui.queues.transfer.message_file import FileMode, MessageFile
from stomptui.queues.transfer.result import TransferResult, after_a_drain
from stomptui.queues.transfer.standard_streams import StandardOutput
from tests.faults.servers import Peer, Server, message
from tests.support.cutting import Cutter
from tests.support.embedded import EmbeddedBroker
from tests.support.peeking import peeking
from tests.support.raw import RawStomp
from tests.support.transferring import Running, bodies, drain, read, start_drain

QUEUE = "/queue/orders"
TEN = [b"m%d" % n for n in range(10)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "orders.jsonl"


@pytest.fixture
def connection(embedded: EmbeddedBroker) -> Connection:
    return Connection(port=embedded.port, login="guest", passcode="guest")


def fill(embedded: EmbeddedBroker, count: int) -> list[bytes]:
    found = [b"m%d" % n for n in range(count)]

    def publish() -> None:
        for body in found:
            embedded.queues.publish(QUEUE, (), body)

    embedded.call(publish)
    return found


class Watched(MessageFile):
    """A file that asks something each time before it is made safe."""

    def __init__(self, path: Path, before_sync: Callable[[Watched], None]) -> None:
        super().__init__(path)
        self.before_sync = before_sync
        self.written = 0

    def write(self, line: bytes) -> int:
        self.written += 1
        return super().write(line)

    def sync(self) -> None:
        self.before_sync(self)
        super().sync()


def test_everything_is_in_the_file_in_order_and_the_queue_is_empty(
    embedded: EmbeddedBroker, connection: Connection, path: Path
) -> None:
    embedded.publish(QUEUE, b"\0\xff", [("odd:name", "a\nb"), ("n", "1"), ("n", "2")])
    embedded.publish(QUEUE, "é", [("empty", "")])
    ran = drain(connection, QUEUE, path)
    assert ran.result.text == "2 drained"
    assert ran.result.whole
    assert embedded.depth("orders") == (0, 0)
    first, second = read(path)
    assert (first.destination, first.body, second.body) == (QUEUE, b"\0\xff", "é".encode())
    assert ("odd:name", "a\nb") in first.headers and ("empty", "") in second.headers
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert ran.result.size == path.stat().st_size


def test_many_batches(embedded: EmbeddedBroker, connection: Connection, path: Path) -> None:
    found = fill(embedded, 3 * PREFETCH + 7)
    seen: list[int] = []
    ran = drain(connection, QUEUE, path, on_progress=lambda result: seen.append(result.count("done")))
    assert ran.result.text == "1,507 drained"
    assert bodies(path) == found
    assert seen == sorted(seen) and seen
    assert embedded.depth("orders") == (0, 0)


def test_nothing_is_acknowledged_before_it_is_on_the_disk(
    embedded: EmbeddedBroker, connection: Connection, path: Path
) -> None:
    count = 2 * PREFETCH
    fill(embedded, count)
    safe = 0
    checked: list[tuple[int, int]] = []

    def before_sync(file: Watched) -> None:
        nonlocal safe
        checked.append((safe, count - sum(embedded.depth("orders"))))
        safe = file.written

    ran = drain(connection, QUEUE, path, open_sink=lambda: Watched(path, before_sync))
    assert ran.result.text == "1,000 drained"
    assert len(checked) >= count // PREFETCH
    assert all(gone <= on_disk for on_disk, gone in checked), checked


def test_an_empty_queue_leaves_no_file(embedded: EmbeddedBroker, connection: Connection, path: Path) -> None:
    fill(embedded, 0)
    embedded.call(lambda: embedded.queues.declare("orders"))
    ran = drain(connection, QUEUE, path, quiet=0.2)
    assert ran.result.text == "0 drained"
    assert ran.result.whole
    assert not path.exists()


def test_what_is_held_by_others_stays_theirs(embedded: EmbeddedBroker, connection: Connection, path: Path) -> None:
    fill(embedded, 10)
    with peeking(connection, QUEUE) as peek:
        assert peek.look(PeekOptions(3)).count == 3
        assert drain(connection, QUEUE, path, quiet=0.2).result.text == "7 drained"
        assert bodies(path) == TEN[3:]
    assert embedded.bodies("orders") == TEN[:3]


def test_what_did_not_come_is_said(embedded: EmbeddedBroker, connection: Connection, path: Path) -> None:
    """Where the broker tells how many there are."""
    fill(embedded, 4)
    with RawStomp("127.0.0.1", embedded.port) as other:
        other.connect("1.2")
        other.send("SUBSCRIBE", {"id": "1", "destination": QUEUE, "ack": "client-individual", "prefetch-count": "1"})
        other.expect("MESSAGE")
        ran = drain(connection, QUEUE, path, quiet=0.2)
    assert ran.result.text == "3 drained"
    told = "1 message is still in the queue and did not come, 1 of them unacknowledged at other consumers."
    assert ran.result.notes == [told]
    assert ran.result.settled and not ran.result.whole, "not all was done"
    fill(embedded, 3)
    ran = drain(connection, QUEUE, path, survey=QueueSurvey(notice="", depth=4), limit=3, mode=FileMode.APPEND)
    assert ran.result.whole, "as many as were asked for"


@pytest.mark.parametrize("limit", [1, BATCH, PREFETCH, PREFETCH + 1, 2 * PREFETCH + 3])
def test_a_limit_takes_no_more_and_touches_no_others(
    embedded: EmbeddedBroker, connection: Connection, path: Path, limit: int
) -> None:
    found = fill(embedded, limit + PREFETCH)
    ran = drain(connection, QUEUE, path, limit=limit)
    assert (ran.result.text, ran.result.notes) == (f"{limit:,} drained", [])
    assert bodies(path) == found[:limit]
    assert embedded.depth("orders") == (PREFETCH, 0)
    assert embedded.bodies("orders") == found[limit:]
    assert not any(embedded.call(lambda: [entry.redelivered for entry in embedded.queues.named["orders"].ready]))


def test_a_limit_larger_than_the_queue(embedded: EmbeddedBroker, connection: Connection, path: Path) -> None:
    found = fill(embedded, 10)
    ran = drain(connection, QUEUE, path, limit=1000, quiet=0.5)
    assert ran.result.text == "10 drained"
    assert bodies(path) == found


def test_messages_that_come_late_are_waited_for(embedded: EmbeddedBroker, connection: Connection, path: Path) -> None:
    embedded.call(lambda: embedded.queues.declare("orders"))
    arrived = threading.Event()
    running = start_drain(connection, QUEUE, path, limit=2, quiet=30.0, on_progress=lambda result: arrived.set())
    embedded.wait(
        lambda: embedded.clients == 1 and bool(embedded.call(lambda: embedded.queues.named["orders"].subscriptions))
    )
    embedded.publish(QUEUE, b"late")
    assert arrived.wait(10), "one message is no reason to wait for a whole batch"
    embedded.publish(QUEUE, b"later")
    assert running.wait().result.text == "2 drained"
    assert bodies(path) == [b"late", b"later"]


def test_stopping_settles_what_is_written_and_gives_the_rest_back(
    embedded: EmbeddedBroker, connection: Connection, path: Path
) -> None:
    found = fill(embedded, 6 * PREFETCH)
    running: Running | None = None

    def stop(result: TransferResult) -> None:
        assert running is not None
        running.transfer.stop()

    started = threading.Event()

    def before_sync(file: Watched) -> None:
        started.wait(10)

    running = start_drain(connection, QUEUE, path, on_progress=stop, open_sink=lambda: Watched(path, before_sync))
    started.set()
    result = running.wait().result
    done = result.count("done")
    assert result.text == f"{done:,} drained; stopped: by you"
    assert 0 < done < len(found)
    assert not result.whole
    assert bodies(path) == found[:done]
    assert embedded.bodies("orders") == found[done:]
    assert embedded.depth("orders") == (len(found) - done, 0)


@pytest.mark.parametrize("batch", [0, 1, 2])
@pytest.mark.parametrize("where", ["write", "sync"])
def test_a_disk_that_fails_loses_nothing_and_leaves_whole_lines(
    embedded: EmbeddedBroker, connection: Connection, path: Path, batch: int, where: str
) -> None:
    found = fill(embedded, 6 * PREFETCH)

    class Failing(MessageFile):
        syncs = 0

        def write(self, line: bytes) -> int:
            size = super().write(line)
            if where == "write" and self.syncs > batch:
                # A part of it may be in the file, as on a disk that becomes full.
                self._pending[-1] = self._pending[-1][:7]
                self._flush()
                raise FileError("the disk is full")
            return size

        def sync(self) -> None:
            self.syncs += 1
            super().sync()
            if where == "sync" and self.syncs > batch:
                raise FileError("the disk is full")

    result = drain(connection, QUEUE, path, open_sink=lambda: Failing(path)).result
    done = result.count("done")
    assert result.stopped == "the disk is full"
    assert "were returned to the queue" in result.notes[-1]
    assert (bodies(path) if path.exists() else []) == found[:done]
    assert embedded.bodies("orders") == found[done:]
    assert embedded.depth("orders")[1] == 0
    assert (done > 0) == (batch > 0 or where == "write")


def test_a_file_that_cannot_be_made_takes_nothing(embedded: EmbeddedBroker, connection: Connection, path: Path) -> None:
    fill(embedded, 3)
    path.write_bytes(b"mine")
    assert "exists already" in drain(connection, QUEUE, path).failed.reason
    assert "there is no such directory" in drain(connection, QUEUE, path / "x" / "y").failed.reason
    assert path.read_bytes() == b"mine"
    assert embedded.depth("orders") == (3, 0)


def test_an_earlier_drain_is_not_lost_to_one_that_takes_nothing(
    embedded: EmbeddedBroker, connection: Connection, path: Path
) -> None:
    fill(embedded, 3)
    drain(connection, QUEUE, path, quiet=0.2)
    before = path.read_bytes()
    result = drain(connection, QUEUE, path, mode=FileMode.OVERWRITE, quiet=0.2).result
    assert (result.text, result.notes) == ("0 drained", ["The file is as it was: there was nothing to write."])
    assert path.read_bytes() == before
    embedded.delete("orders")
    # It was there when it was asked about, and is gone when it is to be drained.
    failed = drain(connection, QUEUE, path, mode=FileMode.OVERWRITE, survey=QueueSurvey(notice="", exists=True)).failed
    assert "no queue" in failed.reason
    assert path.read_bytes() == before
    embedded.publish(QUEUE, b"new")
    result = drain(connection, QUEUE, path, mode=FileMode.OVERWRITE, quiet=0.2).result
    assert (result.text, result.notes) == ("1 drained", [])
    assert bodies(path) == [b"new"]


def test_appending_goes_on_after_a_line_that_was_cut_off(
    embedded: EmbeddedBroker, connection: Connection, path: Path
) -> None:
    fill(embedded, 4)
    drain(connection, QUEUE, path, limit=2)
    with path.open("ab") as file:
        file.write(path.read_bytes()[:30])
    ran = drain(connection, QUEUE, path, mode=FileMode.APPEND, quiet=0.2)
    assert ran.result.text == "2 drained"
    assert "cut off" in ran.result.notes[0]
    assert bodies(path) == TEN[:4]


@pytest.mark.parametrize("frames", [3, 4, 5, 100, BATCH + 3, BATCH + 60, 2 * BATCH + 10])
def test_a_connection_that_is_cut_loses_nothing(
    embedded: EmbeddedBroker, connection: Connection, path: Path, frames: int
) -> None:
    found = fill(embedded, 3 * PREFETCH)
    with Cutter(embedded.port) as cutter:
        # The first connection asks who is there, the second whether there is such a queue.
        cutter.cut(frames, skip=2)
        ran = drain(Connection(port=cutter.port, login="guest", passcode="guest"), QUEUE, path)
        embedded.wait(lambda: cutter.was_cut)
    embedded.wait(lambda: embedded.clients == 0)
    in_file = bodies(path) if path.exists() else []
    in_queue = embedded.bodies("orders")
    assert set(in_file) | set(in_queue) == set(found)
    assert in_queue == found[len(found) - len(in_queue) :]
    assert in_file == found[: len(in_file)]
    if not in_file:
        assert ran.failed.reason in ("the broker closed the connection", "not connected")
        return
    result = ran.result
    # Cut while it was tried whether a private queue may be made, it went on without one.
    assert "the connection" in result.stopped or (frames == 3 and result.whole)
    both = len(in_file) + len(in_queue) - len(found)
    assert result.count("done") <= len(in_file) - both
    assert result.count("done") + result.count("doubt") == len(in_file)
    assert both <= result.count("doubt")
    if frames != BATCH + 60:
        return
    assert result.count("doubt") <= result.maybe_in_queue and both > 0
    told = after_a_drain(result, "--append")
    last = f"the last {result.maybe_in_queue} lines, or some of them, may be in the queue too, and come once more then"
    assert told == f"go on with --append: {last}"
    rest = drain(connection, QUEUE, path, mode=FileMode.APPEND, quiet=0.2).result
    assert rest.whole and len(bodies(path)) == len(found) + both
    twice = "after a drain that broke off, they are in it twice now."
    assert rest.notes == [f"{both} of the messages are equal to lines that the file ended with: {twice}"]


def test_a_queue_that_is_deleted_meanwhile_is_told(
    embedded: EmbeddedBroker, connection: Connection, path: Path
) -> None:
    fill(embedded, 3)
    running = start_drain(connection, QUEUE, path, quiet=30.0)
    assert running.moving.wait(10)
    embedded.delete("orders")
    result = running.wait().result
    assert result.count("done") == 3
    assert "the broker ended the subscription" in result.stopped
    assert bodies(path) == TEN[:3]


def test_what_cannot_be_drained_is_said_in_words(embedded: EmbeddedBroker, connection: Connection, path: Path) -> None:
    assert drain(connection, "/queue/none", path).failed.reason == "there is no queue none"
    assert "only a queue can be drained" in drain(connection, "/topic/x", path).failed.reason
    for name, title in (("coilmq", "CoilMQ"), ("spring", "Spring")):
        failed = drain(connection, QUEUE, path, dialect=BROKERS.named(name)).failed
        assert failed.reason == f"{title} cannot be drained: a message would be gone before it is in the file"
    assert not path.exists()


def test_nobody_listens(path: Path) -> None:
    failed = drain(Connection(port=1, timeout=2.0), QUEUE, path, dialect=BROKERS.named("embedded")).failed
    assert failed.reason == "nothing listens on 127.0.0.1 port 1"
    assert not path.exists()


def header(frame: bytes, name: bytes) -> bytes:
    (line,) = [line for line in frame.split(b"\n") if line.startswith(name + b":")]
    return line[len(name) + 1 :]


def subscribed(peer: Peer) -> str:
    """Answer everything up to the SUBSCRIBE; the id of the subscription."""
    peer.handshake()
    frame = peer.frame()
    while not frame.startswith(b"SUBSCRIBE"):
        frame = peer.frame()
    peer.send(b"RECEIPT\nreceipt-id:%s\n\n\0" % header(frame, b"receipt"))
    return header(frame, b"id").decode()


def answer(peer: Peer, refused: bytes = b"") -> list[bytes]:
    """Confirm every frame until the client leaves, but the ACK of a message; what was acknowledged."""
    acknowledged: list[bytes] = []
    with contextlib.suppress(OSError):
        while frame := peer.frame():
            receipt = header(frame, b"receipt")
            if frame.startswith(b"ACK"):
                acknowledged.append(header(frame, b"id"))
            if frame.startswith(b"ACK") and acknowledged[-1] == refused:
                peer.send(b"ERROR\nmessage:no message with id 1\nreceipt-id:%s\n\n\0" % receipt)
            else:
                peer.send(b"RECEIPT\nreceipt-id:%s\n\n\0" % receipt)
    return acknowledged


def test_a_delivery_that_is_repeated_counts_once(path: Path) -> None:
    """As ActiveMQ does before an ERROR."""
    acks: list[bytes] = []

    def script(peer: Peer) -> None:
        name = subscribed(peer)
        peer.send(message(b"one", name, 1) * 2 + message(b"two", name, 2))
        acks.extend(answer(peer))

    with Server(script) as server:
        ran = drain(Connection(port=server.port), "/queue/q", path, dialect=BROKERS.named("unknown"), quiet=0.2)
    assert ran.result.text == "2 drained"
    assert bodies(path) == [b"one", b"two"]
    assert acks == [b"1", b"2"]


@pytest.mark.parametrize("output", [False, True], ids=["file", "standard output"])
def test_an_ack_that_is_refused_is_told(path: Path, output: bool) -> None:
    def script(peer: Peer) -> None:
        name = subscribed(peer)
        peer.send(b"".join(message(b"m%d" % n, name, n) for n in range(3)))
        answer(peer, refused=b"1")

    where = "on standard output" if output else "in the file"
    with Server(script) as server, open(path, "wb") if output else contextlib.nullcontext() as file:
        options = {"open_sink": lambda: StandardOutput(file.fileno())} if file is not None else {}
        asked = Connection(port=server.port)
        result = drain(asked, "/queue/q", path, dialect=BROKERS.named("unknown"), quiet=0.2, **options).result
    assert result.text == f"2 drained, 1 {where} and perhaps in the queue too"
    assert result.reasons == [(f"{where}, but it was not removed from the queue: the delivery is no longer valid", 1)]
    assert not result.whole
    assert bodies(path) == [b"m0", b"m1", b"m2"]


def test_a_message_that_cannot_be_named_stays(path: Path) -> None:
    def script(peer: Peer) -> None:
        name = subscribed(peer)
        peer.send(message(b"one", name, 1) + message(b"two", name, 2).replace(b"message-id:2\n", b""))
        answer(peer)

    with Server(script) as server:
        result = drain(
            Connection(port=server.port), "/queue/q", path, dialect=BROKERS.named("unknown"), quiet=0.2
        ).result
    assert result.text == "1 drained, 1 failed"
    ((reason, count),) = result.reasons
    assert (count, reason.partition(":")[0]) == (1, "it stays in the queue")
    assert "cannot be acknowledged" in reason
    assert "were returned" in result.notes[0]
    assert bodies(path) == [b"one"]
