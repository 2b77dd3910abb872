"""A missing target is made plainly: what the headers of a message say about queues is kept, and makes none."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stomptui.protocol.jsonl import FileMessage
from stomptui.queues.actions.action import Action
from tests.interop.queues.promises import Place, Promise
from tests.support.brokers import ManagedBroker, RabbitMQ
from tests.support.peeking import peeking
from tests.support.transferring import refill

RABBITS = [pytest.param(key, marks=pytest.mark.broker(key)) for key in ("rabbitmq", "rabbitmq40", "rabbitmq43")]
DECLARING = [
    [("exclusive", "true")],
    [("durable", "false")],
    [("durable", "false"), ("auto-delete", "true")],
    [("auto-delete", "true")],
    [("x-expires", "100")],
    [("x-message-ttl", "0")],
    [("x-message-ttl", "100"), ("x-dead-letter-exchange", ""), ("x-dead-letter-routing-key", "elsewhere")],
    [("x-max-length", "1")],
    [("x-max-length-bytes", "1")],
    [("x-overflow", "reject-publish"), ("x-max-length", "0")],
    [("x-queue-type", "stream")],
    [("x-queue-type", "quorum"), ("x-quorum-initial-group-size", "1")],
    [("x-queue-type", "bogus")],
    [("x-max-priority", "-1")],
    [("x-single-active-consumer", "true")],
    [("x-queue-name", "another")],
    [("passive", "true")],
]
"""Headers of a message that would say how /queue/NAME is declared, or spoil it."""
LASTING = 0.6
"""Seconds after which all of that would have gone."""


@pytest.fixture
def place(request: pytest.FixtureRequest, key: str) -> Place:
    broker = request.getfixturevalue(key)
    assert isinstance(broker, ManagedBroker)
    return Place(broker, Promise(key, broker.title))


def settings(place: Place, name: str) -> dict[str, Any]:
    """What a queue is, as the broker tells."""
    assert isinstance(place.broker, RabbitMQ)
    told = place.broker.api("GET", f"/api/queues/%2F/{name}?disable_stats=true&enable_queue_totals=true")
    arguments = {key: value for key, value in told["arguments"].items() if (key, value) != ("x-queue-type", "classic")}
    return {**{what: told[what] for what in ("durable", "exclusive", "auto_delete")}, "arguments": arguments}


def put(place: Place, name: str, number: int, headers: list[tuple[str, str]]) -> None:
    with place.raw() as client:
        lines = [("destination", place.broker.destination(name)), ("n", str(number)), ("persistent", "true"), *headers]
        client.receipt("SEND", lines, b"m%d" % number)


def move(place: Place, name: str, target: str) -> str:
    with peeking(place.connection, place.broker.destination(name)) as peek:
        count = peek.look().count
        plan = peek.plan(Action("move", target), range(count))
        assert (plan.refusal, plan.problems) == ("", ())
        return peek.act(Action("move", target), range(count)).text


def copy(place: Place, name: str, target: str) -> str:
    with peeking(place.connection, place.broker.destination(name)) as peek:
        return peek.act(Action("copy", target), range(peek.look().count)).text


def retry(place: Place, name: str, target: str) -> str:
    with peeking(place.connection, place.broker.destination(name)) as peek:
        return peek.act(Action("retry", target), range(peek.look().count)).text


WAYS: list[tuple[Callable[[Place, str, str], str], str]] = [(move, "moved"), (copy, "copied"), (retry, "retried")]


@pytest.mark.parametrize(("way", "past"), WAYS)
@pytest.mark.parametrize("key", RABBITS)
def test_messages_do_not_declare_the_queue_they_go_to(
    place: Place, name: str, way: Callable[[Place, str, str], str], past: str
) -> None:
    assert isinstance(place.broker, RabbitMQ)
    place.queue(name)
    for number, headers in enumerate(DECLARING):
        put(place, name, number, headers)
    assert way(place, name, f"/queue/{name}.made") == f"{len(DECLARING)} {past}"
    time.sleep(LASTING)
    plain = {"durable": True, "exclusive": False, "auto_delete": False, "arguments": {}}
    assert settings(place, f"{name}.made") == plain
    found = place.take(f"{name}.made", len(DECLARING))
    assert [frame.body for frame in found] == [b"m%d" % n for n in range(len(DECLARING))]
    for frame, headers in zip(found, DECLARING, strict=True):
        assert set(headers) <= set(frame.headers), "they are kept as headers"
    assert place.broker.depth(name) == (len(DECLARING) if way is copy else 0)


@pytest.mark.parametrize("to", ["", "/queue/", "bare"])
@pytest.mark.parametrize("key", RABBITS)
def test_a_refill_does_not_let_lines_declare_queues(place: Place, name: str, to: str, tmp_path: Path) -> None:
    path = tmp_path / "messages.jsonl"
    names = [f"{name}.{number}" for number in range(len(DECLARING))]
    lines = [
        FileMessage(f"/queue/{made}", (*headers, ("persistent", "false")), b"m%d" % number).line()
        for number, (made, headers) in enumerate(zip(names, DECLARING, strict=True))
    ]
    path.write_bytes(b"".join(lines))
    target = {"": "", "bare": name}.get(to, f"{to}{name}")
    result = refill(place.connection, path, target).result
    assert (result.text, result.reasons) == (f"{len(DECLARING)} sent", [])
    time.sleep(LASTING)
    if target:
        assert len(place.take(name, len(DECLARING))) == len(DECLARING)
    else:
        assert [place.take(made, 1)[0].body for made in names] == [b"m%d" % n for n in range(len(DECLARING))]


@pytest.mark.parametrize("key", RABBITS)
def test_a_queue_is_made_only_when_a_message_goes_there(place: Place, name: str) -> None:
    assert isinstance(place.broker, RabbitMQ)
    place.queue(name)
    put(place, name, 0, [])
    with peeking(place.connection, f"/queue/{name}") as peek:
        peek.look()
        plan = peek.plan(Action("move", f"/queue/{name}.made"), [0])
        assert any("it does not exist" in line for line in plan.lines)
        peek.return_messages()
        assert peek.act(Action("move", f"/queue/{name}.made"), [0]).text == "0 moved, 1 failed"
    listed = [queue["name"] for queue in place.broker.api("GET", "/api/queues/%2F")]
    assert f"{name}.made" not in listed
    assert [frame.body for frame in place.take(name, 1)] == [b"m0"]


@pytest.mark.broker("rabbitmq43")
@pytest.mark.parametrize("key", ["rabbitmq43"])
def test_what_is_made_follows_the_default_type_of_the_virtual_host(place: Place, name: str) -> None:
    assert isinstance(place.broker, RabbitMQ)
    place.queue(name)
    put(place, name, 0, [("x-queue-type", "classic")])
    place.broker.api("PUT", "/api/vhosts/%2F", {"default_queue_type": "quorum"})
    try:
        assert move(place, name, f"/queue/{name}.made") == "1 moved"
    finally:
        place.broker.api("PUT", "/api/vhosts/%2F", {"default_queue_type": "classic"})
    assert settings(place, f"{name}.made")["arguments"] == {"x-queue-type": "quorum"}
    assert len(place.take(f"{name}.made", 1)) == 1


@pytest.mark.parametrize("key", RABBITS)
def test_who_may_not_declare_is_refused_before(place: Place, name: str) -> None:
    assert isinstance(place.broker, RabbitMQ)
    place.queue(name)
    put(place, name, 0, [("exclusive", "true")])
    with peeking(place.broker.connection_as("reader"), f"/queue/{name}") as peek:
        peek.look()
        assert "cannot be found out by this user" in peek.plan(Action("move", f"/queue/{name}.made"), [0]).refusal
    place.broker.wait_for(name, 1)


OTHERS = [
    [("destination-type", "MULTICAST")],
    [("subscription-type", "MULTICAST")],
    [("selector", "a = 1")],
    [("browser", "true")],
    [("activemq.exclusive", "true"), ("activemq.prefetchSize", "0")],
    [("activemq.subscriptionName", "x"), ("durable-subscription-name", "x")],
    [("ack", "auto"), ("id", "1")],
    [("exclusive", "true"), ("durable", "false"), ("auto-delete", "true")],
    [("_AMQ_ROUTING_TYPE", "0"), ("routing-type", "MULTICAST")],
    [("no-local", "true")],
    [("client-id", "x")],
]
"""Headers of a message that mean something in other frames, or to other brokers."""


@pytest.mark.parametrize("login", ["guest", "bob"])
@pytest.mark.parametrize(
    "key", [pytest.param(key, marks=pytest.mark.broker(key)) for key in ("activemq5", "activemq6", "artemis")]
)
def test_elsewhere_no_header_says_where_a_message_ends(place: Place, name: str, login: str, tmp_path: Path) -> None:
    if login not in place.broker.logins:
        pytest.skip("this broker has no such user")
    path = tmp_path / "messages.jsonl"
    lines = [FileMessage(f"/queue/{name}", tuple(headers), b"m%d" % n).line() for n, headers in enumerate(OTHERS)]
    path.write_bytes(b"".join(lines))
    assert refill(place.broker.connection_as(login), path).result.text == f"{len(OTHERS)} sent"
    assert place.broker.depth(name) == len(OTHERS)
    assert [frame.body for frame in place.take(name, len(OTHERS))] == [b"m%d" % n for n in range(len(OTHERS))]
