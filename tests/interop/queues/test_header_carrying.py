"""What becomes of headers that matter when messages are sent again, on real brokers, judged by a bare socket."""

from __future__ import annotations

import dataclasses
import itertools
import os
import time
from pathlib import Path

import pytest

from stomptui.brokers.registry import BROKERS
from stomptui.connection.dialect.header_rules import Setting, Way
from stomptui.protocol.jsonl import FileMessage
from stomptui.queues.actions.action import DONE, FAILED, Action, ActionKind
from stomptui.queues.transfer.transfer import Unagreed
from tests.interop.queues.promises import PROMISES, Place, Promise
from tests.support.brokers import ManagedBroker, RabbitMQ
from tests.support.headers import LATER, SAMPLES
from tests.support.peeking import peeking
from tests.support.raw import RawFrame
from tests.support.transferring import drain, refill

BAD = {
    "rabbitmq": [("expiration", "soon"), ("timestamp", "abc"), ("priority", "high"), ("x-max-length", "x")],
    "rabbitmq40": [("expiration", "-1"), ("n" * 300, "v"), ("correlation-id", "x" * 256), ("x-expires", "x")],
    "rabbitmq43": [("expiration", ""), ("é" * 130, "v"), ("type", "x" * 300), ("timestamp", "2026-01-01")],
    "activemq5": [("timestamp", "2026-01-01"), ("priority", "high"), ("expires", "soon"), ("AMQ_SCHEDULED_DELAY", "x")],
    "activemq6": [("n", "v" * 10_250), ("AMQ_SCHEDULED_CRON", "x"), ("amq-msg-type", "map"), ("reply-to", "/queue/")],
    "artemis": [
        ("AMQ_SCHEDULED_DELAY", "x"),
        ("expires", "soon"),
        ("priority", "high"),
        ("_AMQ_INGRESS_TIMESTAMP", "x"),
    ],
}
"""By broker, headers for which it refuses a message, drops it or ends the connection."""
_numbers = itertools.count()


@pytest.fixture
def name() -> str:
    """The name of a queue that no other test uses."""
    return f"carry.{os.getpid()}.{next(_numbers)}"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "messages.jsonl"


@pytest.fixture
def spot(managed: ManagedBroker) -> Place:
    """Each broker whose counters can be asked."""
    return Place(managed, Promise(managed.key, managed.title))


def write(path: Path, destination: str, *messages: tuple[list[tuple[str, str]], bytes]) -> None:
    path.write_bytes(b"".join(FileMessage(destination, tuple(lines), body).line() for lines, body in messages))


def own(frames: list[RawFrame], *names: str) -> list[tuple[str, ...]]:
    return [tuple(frame.get(name) or "" for name in names) for frame in frames]


def test_in_a_file_of_ten_the_bad_one_is_named_and_nine_arrive_once(spot: Place, name: str, path: Path) -> None:
    for number, line in enumerate(BAD.get(spot.promise.broker, [])):
        queue = spot.queue(f"{name}.{number}")
        messages = [([line] if body == 5 else [("n", str(body))], b"m%d" % body) for body in range(10)]
        write(path, queue, *messages)
        result = refill(spot.connection, path).result
        assert (result.text, result.next_line, result.stopped) == ("9 sent, 1 failed", 0, ""), line[0][:40]
        ((reason, count),) = result.reasons
        assert count == 1
        assert reason.startswith(f"line 6: its header {line[0][:40]}")
        spot.broker.wait_for(f"{name}.{number}", 9)
        assert [frame.body for frame in spot.take(f"{name}.{number}", 9)] == [b"m%d" % n for n in range(10) if n != 5]


def test_whatever_the_rules_pass_arrives_once_and_the_rest_is_named(spot: Place, name: str, path: Path) -> None:
    """Each header that is tried by hand elsewhere, a line each, on one connection."""
    queue = spot.queue(name)
    delayed = ("AMQ_SCHEDULED", "expiration", "_AMQ_DUPL_ID", "JMSExpiration")
    lines = [line for line in SAMPLES[spot.promise.broker] if not line[0].startswith(delayed)]
    write(path, queue, *(([line], b"m%d" % number) for number, line in enumerate(lines)))
    result = refill(spot.connection, path).result
    rules = BROKERS.named(spot_dialect(spot), server(spot)).rules
    bad = [number for number, line in enumerate(lines) if rules.verdict(*line, Setting("guest")).way is Way.CANNOT]
    assert (result.count(DONE), result.count(FAILED)) == (len(lines) - len(bad), len(bad)), result.reasons
    assert result.stopped == ""
    spot.broker.wait_for(name, len(lines) - len(bad))
    found = sorted(int(frame.body[1:]) for frame in spot.take(name, len(lines) - len(bad)))
    assert found == [number for number in range(len(lines)) if number not in bad]


def spot_dialect(spot: Place) -> str:
    return {"box": "embedded"}.get(spot.promise.broker, spot.promise.broker.rstrip("0123456789"))


def server(spot: Place) -> str:
    with spot.raw() as client:
        client.close()
    from stomptui.application.task_connections import find_dialect

    return find_dialect(spot.connection).server


@pytest.mark.parametrize("broker", ["rabbitmq", "activemq6", "artemis"])
def test_a_priority_out_of_bounds_goes_within_them_and_that_is_said(
    request: pytest.FixtureRequest, broker: str, name: str, path: Path
) -> None:
    spot = place_on(request, broker)
    most = "255" if broker == "rabbitmq" else "9"
    queue = spot.queue(name)
    write(path, queue, *(([("priority", value)], value.encode()) for value in ("300", "-1", "5")))
    result = refill(spot.connection, path).result
    assert result.text == "3 sent"
    assert f"Changed: priority 300 goes as {most}, and so in 1 more" in result.notes
    found = {frame.text: frame.get("priority") for frame in spot.take(name, 3)}
    assert found == {"300": most, "-1": "0", "5": "5"}


def place_on(request: pytest.FixtureRequest, broker: str) -> Place:
    found = request.getfixturevalue(broker)
    assert isinstance(found, ManagedBroker)
    return Place(found, Promise(found.key, found.title))


@pytest.mark.parametrize("broker", ["activemq5", "activemq6", "artemis"])
def test_headers_of_jms_arrive_by_the_names_that_readers_get_them_by(
    request: pytest.FixtureRequest, broker: str, name: str, path: Path
) -> None:
    spot = place_on(request, broker)
    queue = spot.queue(name)
    lines = [("JMSReplyTo", "/queue/q"), ("JMSReplyTo", "queue://r"), ("JMSType", "t"), ("JMSCorrelationID", "c")]
    lines += [("JMSDeliveryMode", "PERSISTENT"), ("JMSDeliveryMode", "NON_PERSISTENT"), ("JMSPriority", "7")]
    write(path, queue, *(([line], b"%d" % number) for number, line in enumerate(lines)))
    result = refill(spot.connection, path).result
    assert result.text.startswith("7 sent")
    found = {frame.text: frame for frame in spot.take(name, 7)}
    assert own([found["0"], found["1"]], "reply-to") == [
        ("/queue/q",), ("queue\\c//r" if broker == "artemis" else "/queue/r",)
    ]  # fmt: skip
    assert own([found["2"], found["3"]], "type", "correlation-id") == [("t", ""), ("", "c")]
    told = " ".join(result.notes)
    assert "JMSType t goes as type t" in told
    assert "JMSReplyTo /queue/q goes as reply-to /queue/q" in told
    if broker == "artemis":
        # The others are plain headers to it.
        assert own([found["4"]], "JMSDeliveryMode") == [("PERSISTENT",)]
        return
    assert own([found["4"], found["5"], found["6"]], "persistent", "priority") == [
        ("true", "4"), ("", "4"), ("", "7")
    ]  # fmt: skip
    assert "JMSDeliveryMode PERSISTENT goes as persistent true" in told
    assert "Headers not carried over: JMSDeliveryMode (of 1 of 7 messages)" in result.notes


@pytest.mark.parametrize("broker", ["activemq5", "activemq6"])
def test_a_schedule_that_repeats_is_told_with_the_number_before_anything_is_sent(
    request: pytest.FixtureRequest, broker: str, name: str, path: Path
) -> None:
    spot = place_on(request, broker)
    repeats = [("AMQ_SCHEDULED_DELAY", "50"), ("AMQ_SCHEDULED_PERIOD", "50"), ("AMQ_SCHEDULED_REPEAT", "4")]
    write(path, spot.queue(name), (repeats, b"five"), ([("AMQ_SCHEDULED_REPEAT", "4")], b"one"))
    risk = "line 1: AMQ_SCHEDULED_REPEAT 4: ActiveMQ delivers it 5 times, as so many messages."
    asked = refill(spot.connection, path)
    (unagreed,) = [report for report in asked.reports if isinstance(report, Unagreed)]
    assert unagreed.risks == (risk,)
    assert spot.broker.depth(name) == 0
    assert refill(spot.connection, path, accepts=(risk,)).result.text.startswith("2 sent")
    spot.broker.wait_for(name, 6)
    assert sorted(frame.body for frame in spot.take(name, 6)) == [b"five"] * 5 + [b"one"]


@pytest.mark.parametrize("kind", ["move", "copy"])
def test_a_header_that_would_end_the_connection_keeps_its_message_and_the_others_go(
    rabbitmq43: RabbitMQ, name: str, kind: ActionKind
) -> None:
    """An AMQP sender may have headers that SEND takes for properties."""
    spot = Place(rabbitmq43, Promise(rabbitmq43.key, rabbitmq43.title))
    queue, other = spot.queue(name), spot.queue(f"{name}.other")
    for number in range(5):
        properties = {"headers": {"expiration": "soon"} if number == 2 else {"n": str(number)}}
        message = {"properties": properties, "routing_key": name, "payload": f"m{number}", "payload_encoding": "string"}
        assert rabbitmq43.api("POST", "/api/exchanges/%2F/amq.default/publish", message) == {"routed": True}
    with peeking(spot.connection, queue) as peek:
        peek.look()
        plan = peek.plan(Action(kind, other), range(5))
        told = "its header expiration is 'soon': RabbitMQ takes a number of milliseconds"
        assert plan.problems == ((2, told),)
        result = peek.act(Action(kind, other), range(5))
        assert (result.count(DONE), result.count(FAILED), result.stopped) == (4, 1, "")
        assert result.reasons == [(told, 1)]
    rabbitmq43.wait_for(name, 1 if kind == "move" else 5)
    assert [frame.text for frame in spot.take(f"{name}.other", 4)] == ["m0", "m1", "m3", "m4"]


def test_properties_of_amqp_survive_headers_of_their_names(rabbitmq: RabbitMQ, name: str) -> None:
    spot = Place(rabbitmq, Promise(rabbitmq.key, rabbitmq.title))
    queue, other = spot.queue(name), spot.queue(f"{name}.other")
    properties = {
        "type": "property",
        "reply_to": "answers",
        "priority": 3,
        "headers": {"type": "header", "priority": "high", "ack": "own", "destination": "own", "n": 7},
    }
    message = {"properties": properties, "routing_key": name, "payload": "m", "payload_encoding": "string"}
    assert rabbitmq.api("POST", "/api/exchanges/%2F/amq.default/publish", message) == {"routed": True}
    with peeking(spot.connection, queue) as peek:
        peek.look()
        plan = peek.plan(Action("move", other), [0])
        assert set(plan.left_out) == {("type", "header"), ("priority", "high"), ("destination", "own")}
        assert plan.differences[0].startswith("Headers not carried over: ")
        assert peek.act(Action("move", other), [0]).text == "1 moved"
    got = rabbitmq.api(
        "POST", f"/api/queues/%2F/{name}.other/get", {"count": 1, "ackmode": "ack_requeue_true", "encoding": "auto"}
    )
    assert got[0]["properties"]["type"] == "property"
    assert got[0]["properties"]["reply_to"] == "answers", "as an AMQP reader has to answer"
    assert got[0]["properties"]["priority"] == 3
    headers = got[0]["properties"]["headers"]
    assert {key: headers[key] for key in headers.keys() - {"receipt", "content-length"}} == {"ack": "own", "n": "7"}


def test_arguments_of_queues_are_carried_as_headers(spot: Place, name: str) -> None:
    """None of them declares anything, or is lost."""
    if not isinstance(spot.broker, RabbitMQ):
        pytest.skip("only RabbitMQ takes them for more")
    queue, other = spot.queue(name), spot.queue(f"{name}.other")
    arguments = {
        "exclusive": "true", "durable": "false", "auto-delete": "true", "x-expires": "1", "x-message-ttl": "0",
        "x-max-length": "0", "x-queue-type": "stream", "x-dead-letter-exchange": "nowhere",
    }  # fmt: skip
    with spot.raw() as client:
        client.receipt("SEND", {"destination": f"/amq/queue/{name}", **arguments}, b"m")
    with peeking(spot.connection, queue) as peek:
        peek.look()
        assert peek.act(Action("move", other), [0]).text == "1 moved"
    spot.broker.wait_for(f"{name}.other", 1)
    (frame,) = spot.take(f"{name}.other", 1)
    assert {key: frame.get(key) for key in arguments} == arguments


def test_a_carriage_return_survives_a_person_who_speaks_1_1(spot: Place, name: str) -> None:
    queue, other = spot.queue(name), spot.queue(f"{name}.other")
    spot.fill(name, [b"m"], word="a\\rb")
    with peeking(dataclasses.replace(spot.connection, versions=("1.1",)), queue) as peek:
        peek.look()
        assert peek.act(Action("move", other), [0]).text == "1 moved"
    (frame,) = spot.take(f"{name}.other", 1)
    assert frame.get("word") == "a\\rb"


@pytest.mark.parametrize("broker", ["activemq5", "activemq6", "artemis"])
def test_a_text_with_a_nul_goes_as_bytes_and_that_is_said(
    request: pytest.FixtureRequest, broker: str, name: str, path: Path
) -> None:
    spot = place_on(request, broker)
    write(path, spot.queue(name), ([("n", "1")], b"a\0b"))
    result = refill(spot.connection, path).result
    assert result.text == "1 sent"
    assert any("a text goes as bytes" in note for note in result.notes)
    assert [frame.body for frame in spot.take(name, 1)] == [b"a\0b"]


JOURNEYS = [(a, b) for a, b in itertools.permutations(("rabbitmq43", "activemq6", "artemis"), 2)]


@pytest.mark.parametrize(("source", "target"), JOURNEYS)
def test_a_queue_drained_here_and_refilled_there_means_the_same(
    request: pytest.FixtureRequest, source: str, target: str, name: str, path: Path
) -> None:
    here, there = place_on(request, source), place_on(request, target)
    rabbit = source.startswith("rabbitmq")
    queue, left = here.queue(name), int(LATER) - int(time.time() * 1000)
    lines = {
        "persistent": "true", "priority": "200" if rabbit else "7", "correlation-id": "c", "type": "t",
        "reply-to": "answers" if rabbit else "/queue/answers", "timestamp": "1700000000" if rabbit else "1700000000000",
        **({"expiration": str(left)} if rabbit else {"expires": LATER}), "word": "w", "content-type": "text/plain",
    }  # fmt: skip
    here.fill(name, [b"body"], **lines)
    assert drain(here.connection, queue, path).result.text == "1 drained"
    there.queue(name)
    result = refill(there.connection, path, there.broker.destination(name)).result
    assert result.text == "1 sent", result.reasons
    (frame,) = there.take(name, 1)
    same = {key: lines[key] for key in ("persistent", "correlation-id", "type", "word", "content-type")}
    assert {key: frame.get(key) for key in same} == same
    assert frame.body == b"body"
    assert frame.get("reply-to") in ("/queue/answers", "/reply-queue/answers")
    if target.startswith("rabbitmq"):
        assert 0 < int(frame["expiration"]) <= left + 60_000
        assert (frame.get("expires"), frame["priority"], len(frame["timestamp"])) == (None, "7", 10)
    else:
        assert abs(int(frame["expires"]) - int(LATER)) < 600_000
        assert frame["priority"] == ("9" if rabbit else "7")
        assert len(frame["timestamp"]) == 13
    if rabbit:
        assert any("priority 200 goes as 9" in note for note in result.notes)


@pytest.mark.broker("artemis")
@pytest.mark.parametrize("login", ["guest", "bob"])
def test_a_move_on_artemis_keeps_what_counted(request: pytest.FixtureRequest, login: str, name: str) -> None:
    """bob may not manage: his messages are sent again over 1.1, where the last of two counts."""
    promise = next(promise for promise in PROMISES if promise.broker == "artemis" and promise.login == login)
    spot = Place(request.getfixturevalue("artemis"), promise)
    queue, other = spot.queue(name), spot.queue(f"{name}.other")
    with spot.raw() as client:
        own_lines = [
            ("n", "1"),
            ("n", "2"),
            ("ack", "own"),
            ("timestamp", "mine"),
            ("message-id", "mine"),
            ("priority", "3"),
        ]
        client.receipt("SEND", [("destination", name), ("destination-type", "ANYCAST"), *own_lines], b"m")
    with peeking(spot.connection, queue) as peek:
        peek.look()
        assert peek.act(Action("move", other), [0]).text == "1 moved"
    (frame,) = spot.take(f"{name}.other", 1)
    got = {
        key: [value for header, value in frame.headers if header == key]
        for key in ("n", "ack", "timestamp", "message-id")
    }
    assert (got["n"], frame["priority"], got["ack"][0]) == (["1"], "3", "own")
    assert (got["timestamp"][-1], got["message-id"][-1]) == ("mine", "mine")
