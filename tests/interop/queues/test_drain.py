"""Queues of real brokers go into files and come back, by the brokers' own counters and a client on a bare socket."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.protocol.jsonl import FileMessage
from stomptui.queues.transfer.drain_pipeline import BATCH, PREFETCH
from stomptui.queues.transfer.message_file import FileMode
from tests.interop.queues.promises import BODIES, HEADERS, Place, Promise, lasting
from tests.support.brokers import Artemis, CoilMQ, ManagedBroker, RabbitMQ
from tests.support.cutting import Cutter
from tests.support.raw import RawFrame
from tests.support.transferring import bodies, drain, read, refill

ROOT = Path(__file__).resolve().parents[3]
MANY = 1500
FRESH = frozenset(("destination", "content-length", "expires", "priority", "persistent", "destination-type"))
"""Headers that one broker adds and another does not."""
_numbers = itertools.count()


@pytest.fixture
def name() -> str:
    """The name of a queue that no other test uses."""
    return f"drain.{os.getpid()}.{next(_numbers)}"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "messages.jsonl"


@pytest.fixture
def spot(managed: ManagedBroker) -> Place:
    """Each broker whose counters can be asked."""
    return Place(managed, Promise(managed.key, managed.title))


def through(connection: Connection, port: int) -> Connection:
    return Connection(port=port, login=connection.login, passcode=connection.passcode)


def numbered(count: int) -> list[bytes]:
    return [b"m%d" % n for n in range(count)]


def put(spot: Place, name: str, count: int) -> list[bytes]:
    """A queue with so many small messages."""
    spot.queue(name)
    found = numbered(count)
    with spot.raw() as client:
        lines = [("destination", spot.broker.destination(name)), ("persistent", "true")]
        for body in found:
            client.send("SEND", [*lines, ("content-length", str(len(body)))], body)
        client.receipt("SEND", [("destination", "/topic/drain.done")])
    spot.broker.wait_for(name, count, within=30)
    return found


def settle(spot: Place, name: str) -> None:
    """Wait until the broker is done with what a connection did that is gone: nothing is held, and nothing changes."""
    deadline = time.monotonic() + 20
    seen, since = spot.broker.counts(name), time.monotonic()
    while seen[1] or time.monotonic() - since < 0.3:
        assert time.monotonic() < deadline, seen
        time.sleep(0.05)
        now = spot.broker.counts(name)
        if now != seen:
            seen, since = now, time.monotonic()


def own(frame: RawFrame) -> list[tuple[str, str]]:
    """What the sender wrote."""
    return sorted(line for line in lasting(frame) if line[0] not in FRESH)


def test_there_and_back_on_every_broker(spot: Place, name: str, path: Path) -> None:
    queue, control = spot.queue(name), f"{name}.control"
    spot.queue(control)
    for filled in (name, control):
        spot.fill(filled, BODIES)
    ran = drain(spot.connection, queue, path)
    assert (ran.result.text, ran.result.notes) == ("10 drained", [])
    spot.broker.wait_for(name, 0)
    assert bodies(path) == BODIES
    assert [dict(message.headers)["unicode"] for message in read(path)] == ["é日本😀"] * 10
    assert {message.destination for message in read(path)} == {queue}
    ran = refill(spot.connection, path)
    assert ran.result.text == "10 sent"
    spot.broker.wait_for(name, 10)
    wanted, found = spot.take(control, 10), spot.take(name, 10)
    assert [frame.body for frame in found] == BODIES
    for before, after in zip(wanted, found, strict=True):
        assert own(after) == own(before)
        assert (after.get("content-length") is None) == (before.get("content-length") is None)
        assert (after.get("redelivered") or "false") == "false"
        assert after.get("persistent") == before.get("persistent") == "true"


@pytest.mark.parametrize("limit", [3, PREFETCH + 10])
def test_a_limit_leaves_the_others_as_they_were(spot: Place, name: str, path: Path, limit: int) -> None:
    found = put(spot, name, limit + 5)
    ran = drain(spot.connection, spot_queue(spot, name), path, limit=limit)
    assert ran.result.text == f"{limit} drained"
    assert bodies(path) == found[:limit]
    spot.broker.wait_for(name, 5)
    left = spot.take(name, 5)
    assert [frame.body for frame in left] == found[limit:]
    if not spot.broker.key.startswith("activemq"):
        assert {frame.get("redelivered") for frame in left} == {"false"}


def spot_queue(spot: Place, name: str) -> str:
    """The destination of a queue that is there, as a person types it."""
    return f"/queue/{name}"


@pytest.mark.parametrize("frames", [60, 1200])
def test_a_drain_that_is_cut_off_loses_nothing(spot: Place, name: str, path: Path, frames: int) -> None:
    found = put(spot, name, MANY)
    with Cutter(spot.broker.port) as cutter:
        connection = through(spot.connection, cutter.port)
        survey = drain(connection, spot_queue(spot, name), path.with_name("one"), limit=1)
        assert survey.result.text == "1 drained"
        # As many connections ask before anything is delivered now as did then.
        before = len(cutter.connections) - 1
        cutter.cut(frames, skip=before)
        ran = drain(connection, spot_queue(spot, name), path)
        assert cutter.cut_within(10)
    settle(spot, name)
    in_file = [*bodies(path.with_name("one")), *(bodies(path) if path.exists() else [])]
    rest = path.with_name("rest")
    drain(spot.connection, spot_queue(spot, name), rest)
    in_queue = bodies(rest) if rest.exists() else []
    assert in_file == found[: len(in_file)]
    assert set(in_file) | set(in_queue) == set(found)
    if in_file[1:]:
        result = ran.result
        assert result.stopped
        both = len(in_file) + len(in_queue) - len(found)
        assert both <= result.count("doubt")
        assert result.count("done") + result.count("doubt") == len(in_file) - 1


@pytest.mark.parametrize("frames", [3, 700])
def test_a_refill_that_is_cut_off_goes_on_where_it_was(spot: Place, name: str, path: Path, frames: int) -> None:
    queue = spot.queue(name)
    found = numbered(1000)
    path.write_bytes(b"".join(FileMessage(queue, (("persistent", "true"),), body).line() for body in found))
    connection = spot.connection
    dialect = BROKERS.named(*_dialect(connection))
    with Cutter(spot.broker.port) as cutter:
        cutter.cut(frames)
        ran = refill(through(connection, cutter.port), path, dialect=dialect)
    result = ran.result
    assert (result.count("failed"), result.stopped) == (0, "")
    # It connected again; what was in flight is in doubt at most, and the rest went on.
    sure, doubtful = result.count("done"), result.count("doubt")
    assert sure + doubtful == 1000
    assert doubtful <= 200
    settle(spot, name)
    depth = spot.broker.depth(name)
    assert sure <= depth <= 1000
    taken = path.with_name("taken")
    assert drain(connection, queue, taken).result.text == f"{depth:,} drained"
    got = bodies(taken)
    assert len(set(got)) == len(got), "nothing is sent twice"


def _dialect(connection: Connection) -> tuple[str, str]:
    from stomptui.application.task_connections import find_dialect

    found = find_dialect(connection)
    return found.name, found.server


def test_a_killed_drain_loses_nothing(spot: Place, name: str, path: Path) -> None:
    found = put(spot, name, 3000)
    url = f"stomp://guest:guest@127.0.0.1:{spot.broker.port}/"
    argv = [sys.executable, "-m", "stomptui", "drain", "--yes", url, spot_queue(spot, name), str(path)]
    with subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        while not path.exists() or path.stat().st_size < 150_000:
            assert process.poll() is None, "it ended before it was killed"
            time.sleep(0.001)
        process.kill()
    settle(spot, name)
    ran = drain(spot.connection, spot_queue(spot, name), path, mode=FileMode.APPEND)
    assert ran.result.whole
    got = bodies(path)
    assert set(got) == set(found)
    assert len(got) - len(found) <= BATCH
    spot.broker.wait_for(name, 0)


KINDS = ("rabbitmq43", "activemq6", "artemis")
PAIRS = [*itertools.permutations(KINDS, 2), ("rabbitmq43", "activemq5"), ("activemq5", "rabbitmq43")]


@pytest.mark.parametrize(
    ("source", "target"),
    [pytest.param(*pair, marks=[pytest.mark.broker(key) for key in pair], id="-".join(pair)) for pair in PAIRS],
)
def test_from_one_broker_into_another(
    request: pytest.FixtureRequest, source: str, target: str, name: str, path: Path
) -> None:
    there, here = (Place(request.getfixturevalue(key), Promise(key, key)) for key in (source, target))
    queue = there.queue(name)
    there.fill(name, BODIES, priority="5")
    with there.raw() as client:
        client.receipt("SEND", [("destination", there.broker.destination(name)), ("n", "10")], b"not persistent")
    drain(there.connection, queue, path)
    other = here.queue(f"{name}.other")
    ran = refill(here.connection, path, other)
    assert ran.result.text == "11 sent", ran.result.reasons
    found = here.take(f"{name}.other", 11)
    assert [frame.body for frame in found] == [*BODIES, b"not persistent"]
    for number, frame in enumerate(found):
        headers = dict(frame.headers)
        assert headers["n"] == str(number)
        assert (headers.get("persistent") == "true") == (number < 10)
        if number < 10:
            assert {key: headers[key] for key, _ in HEADERS} == dict(HEADERS)


@pytest.mark.parametrize("key", [pytest.param(k, marks=pytest.mark.broker(k)) for k in ("rabbitmq40", "rabbitmq43")])
def test_a_quorum_queue_counts_at_most_the_next_message_of_what_was_left(
    request: pytest.FixtureRequest, key: str, name: str, path: Path
) -> None:
    spot = Place(request.getfixturevalue(key), Promise(key, key, "quorum"))
    queue = spot.queue(name)
    spot.fill(name, numbered(10))
    assert drain(spot.connection, queue, path, limit=4).result.text == "4 drained"
    spot.broker.wait_for(name, 6)
    left = spot.take(name, 6)
    assert [frame.body for frame in left] == numbered(10)[4:]
    counted = [frame.get("x-delivery-count") for frame in left]
    # Delivered to be sure that the queue has let go of the others; from 4.3 on that is not counted.
    assert counted == ["1" if key == "rabbitmq40" else None] + [None] * 5


def test_a_stream_is_refused(rabbitmq43: RabbitMQ, name: str, path: Path) -> None:
    rabbitmq43.declare(name, "stream")
    failed = drain(rabbitmq43.connection(), f"/queue/{name}", path).failed
    assert failed.reason == "a stream keeps every message: nothing can be taken out of it"
    assert not path.exists()


def test_coilmq_is_refused_and_can_be_refilled(coilmq: CoilMQ, path: Path) -> None:
    connection = coilmq.connection()
    assert "CoilMQ cannot be drained" in drain(connection, "/queue/x", path).failed.reason
    path.write_bytes(FileMessage("/queue/x", (("a", "b"),), b"one").line())
    assert refill(connection, path).result.text == "1 sent"


def test_what_rabbitmq_4_cannot_take_is_named(rabbitmq43: RabbitMQ, name: str, path: Path) -> None:
    rabbitmq43.make_queue(name)
    many = tuple((f"h{n}", "v") for n in range(120))
    lines = [
        FileMessage(f"/queue/{name}", (), b"first"),
        FileMessage(f"/queue/{name}", (), bytes(5 << 20)),
        FileMessage(f"/queue/{name}", many, b"many"),
        FileMessage(f"/queue/{name}", (), b"last"),
    ]
    path.write_bytes(b"".join(line.line() for line in lines))
    result = refill(rabbitmq43.connection(), path).result
    assert result.text == "2 sent, 2 failed"
    reasons = sorted(reason for reason, _ in result.reasons)
    assert reasons[0].startswith("line 2: it is too large to be sent")
    assert reasons[1].startswith("line 3: it has too many headers to be sent")
    rabbitmq43.wait_for(name, 2)


def test_somebody_who_may_only_read(rabbitmq43: RabbitMQ, name: str, path: Path) -> None:
    spot = Place(rabbitmq43, Promise("rabbitmq43", ""))
    queue = spot.queue(name)
    spot.fill(name, numbered(10))
    reader = rabbitmq43.connection_as("reader")
    assert drain(reader, queue, path, limit=4).result.text == "4 drained"
    rabbitmq43.wait_for(name, 6)
    result = refill(reader, path).result
    assert result.count("done") == 0
    assert not result.whole
    assert spot.take(name, 6)


@pytest.mark.parametrize("login", ["guest", "bob"])
def test_artemis_without_prefixes(artemis: Artemis, name: str, path: Path, login: str) -> None:
    spot = Place(artemis, Promise("artemis", "", bare=True))
    queue = spot.queue(name)
    spot.fill(name, BODIES)
    bare = artemis.bare_connection()
    connection = Connection(port=bare.port, login=login, passcode=login)
    assert drain(connection, queue, path).result.text == "10 drained"
    artemis.wait_for(name, 0)
    assert refill(connection, path).result.text == "10 sent"
    artemis.wait_for(name, 10)
    assert [frame.body for frame in spot.take(name, 10)] == BODIES


@pytest.mark.parametrize("key", [pytest.param(k, marks=pytest.mark.broker(k)) for k in ("activemq5", "activemq6")])
def test_what_activemq_may_not_show_stays_unless_it_is_asked_for(
    request: pytest.FixtureRequest, key: str, name: str, path: Path
) -> None:
    spot = Place(request.getfixturevalue(key), Promise(key, key))
    queue = spot.queue(name)
    with spot.raw() as client:
        for body in (b"a", b"", b"b"):
            client.receipt("SEND", [("destination", queue), ("persistent", "true")], body)
    ran = drain(spot.connection, queue, path)
    assert ran.result.text == "2 drained, 1 failed"
    assert "STOMP does not show what is in it" in ran.result.reasons[0][0]
    assert bodies(path) == [b"a", b"b"]
    spot.broker.wait_for(name, 1)
    assert drain(spot.connection, queue, path, mode=FileMode.APPEND, incomplete=True).result.text == "1 drained"
    assert bodies(path) == [b"a", b"b", b""]
    assert refill(spot.connection, path).result.text == "3 sent"
    found = spot.take(name, 3)
    assert [frame.get("content-length") for frame in found] == [None] * 3
