"""What RabbitMQ alone has: streams, delivery limits, consumer timeouts, typed headers, and users who may only read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from stomptui.queues.actions.action import Action, ActionTarget
from stomptui.queues.peek import reports as r
from stomptui.queues.peek.peek_values import PeekOptions
from stomptui.queues.sending import confirmed_sending
from tests.interop.queues.promises import PROMISES, Place
from tests.support.brokers.rabbitmq import RabbitMQ
from tests.support.peeking import PeekFailed, Peeking, peeking

Find = Callable[[str, str], Place]


@pytest.fixture
def at(request: pytest.FixtureRequest) -> Find:
    """The place for a version of RabbitMQ and a type of queue."""

    def find(key: str, kind: str) -> Place:
        broker = request.getfixturevalue(key)
        return Place(broker, next(each for each in PROMISES if (each.broker, each.kind) == (key, kind)))

    return find


VERSIONS = [pytest.param(key, marks=pytest.mark.broker(key)) for key in ("rabbitmq", "rabbitmq40", "rabbitmq43")]


def rabbit(place: Place) -> RabbitMQ:
    assert isinstance(place.broker, RabbitMQ)
    return place.broker


@pytest.mark.parametrize("key", VERSIONS)
def test_a_stream_is_read_from_anywhere_and_keeps_everything(at: Find, key: str, name: str) -> None:
    place = at(key, "classic")
    rabbit(place).delete(name)
    rabbit(place).declare(name, "stream")
    place.fill(name, [b"m%d" % n for n in range(12)])
    with peeking(place.connection, f"/queue/{name}") as peek:
        assert peek.surveyed and peek.surveyed.kind == "stream"
        looked = peek.look(PeekOptions(5))
        assert (looked.count, looked.held, peek.peek.access.reader.holding) == (5, False, False)
        assert [frame.body for frame in peek.frames] == [b"m%d" % n for n in range(5)]
        peek.look(PeekOptions(2, start="offset=7"))
        assert [frame.body for frame in peek.frames] == [b"m7", b"m8"]
        assert peek.look(PeekOptions(None)).count == 12
        assert peek.look(PeekOptions(5, start="next")).count == 0
        with pytest.raises(PeekFailed, match="a stream is read from first, last, next"):
            peek.look(PeekOptions(5, start="2"))
        plan = peek.plan(Action("delete"), [])
        assert "a stream keeps every message" in plan.refusal
    with peeking(place.connection, f"/queue/{name}") as peek:
        assert peek.look(PeekOptions(None)).count == 12, "nothing was taken"


@pytest.mark.parametrize("key", VERSIONS)
def test_the_type_is_found_out_without_touching_anything(at: Find, key: str, name: str) -> None:
    place = at(key, "classic")
    broker = rabbit(place)
    kinds: dict[str, dict[str, Any]] = {
        "classic": {},
        "quorum": {"x_dead_letter_exchange": "", "x_dead_letter_routing_key": "x", "x_message_ttl": 600_000},
        "stream": {},
    }
    for kind, arguments in kinds.items():
        broker.delete(name)
        broker.declare(name, kind, **arguments)
        peek = Peeking(place.connection, f"/queue/{name}")
        assert peek.survey().kind == kind
        peek.close()
        if kind != "stream":
            assert broker.counts(name) == (0, 0)
    broker.delete(name)
    peek = Peeking(place.connection, f"/queue/{name}")
    assert peek.survey().refusal == f"there is no queue {name}"
    peek.close()
    assert not [queue for queue in broker.api("GET", "/api/queues/%2F") if queue["name"] == name], "and none was made"


@pytest.mark.broker("rabbitmq40")
def test_the_twenty_first_return_is_the_last_as_it_was_said(at: Find, name: str) -> None:
    place = at("rabbitmq40", "quorum")
    _, _, dead = place.queue_with_dead_letters(name)
    place.fill(name, [b"m0"])
    with peeking(place.connection, f"/queue/{name}") as peek:
        assert peek.surveyed and "counts each peek as a delivery: after 20" in peek.surveyed.notice
        for used in range(20):
            looked = peek.look(PeekOptions(1))
            assert looked.count == 1
            assert (f"used up {used} of its 20 peeks" in looked.note) == (used > 0)
        assert peek.look(PeekOptions(1)).count == 1
    place.broker.wait_for(name, 0)
    place.broker.wait_for(dead, 1)
    (frame,) = place.take(dead, 1)
    assert frame.get("x-first-death-reason") == "delivery_limit"


@pytest.mark.broker("rabbitmq43")
def test_who_may_not_make_a_private_queue_is_told_that_looks_are_counted(at: Find, name: str) -> None:
    place = at("rabbitmq43", "quorum")
    queue = place.queue(name)
    place.fill(name, [b"m0", b"m1"])
    with peeking(place.broker.connection_as("reader"), queue) as peek:
        assert peek.look(PeekOptions(2)).count == 2
        told = peek.return_messages()
        assert told.how is not None
        assert "a quorum queue counts" in told.how
    place.broker.wait_for(name, 2)
    assert [frame.get("x-delivery-count") for frame in place.take(name, 2)] == ["1", "1"]


@pytest.mark.broker("rabbitmq43")
def test_a_consumer_timeout_says_that_it_was_held_too_long(at: Find, name: str) -> None:
    place = at("rabbitmq43", "quorum")
    broker = rabbit(place)
    broker.delete(name)
    broker.declare(name, "quorum", x_consumer_timeout=1000)
    place.fill(name, [b"m0"])
    with peeking(place.connection, f"/queue/{name}") as peek:
        assert peek.look(PeekOptions(1)).count == 1
        told = peek.wait(r.MessagesReturned, timeout=60)
        assert told.why
        result = peek.act(Action("delete"), [0])
        assert "peek again" in result.reasons[0][0]
    place.broker.wait_for(name, 1)
    assert len(place.take(name, 1)) == 1


@pytest.mark.parametrize("key", VERSIONS)
def test_typed_headers_are_not_carried_and_that_is_said_before(at: Find, key: str, name: str) -> None:
    place = at(key, "classic")
    queue, other = place.queue(name), place.queue(f"{name}.other")
    properties = {"headers": {"truth": True, "pi": 3.5, "n": 7, "word": "w", "list": [1]}, "delivery_mode": 1}
    message = {"properties": properties, "routing_key": name, "payload": "typed", "payload_encoding": "string"}
    assert rabbit(place).api("POST", "/api/exchanges/%2F/amq.default/publish", message) == {"routed": True}
    with peeking(place.connection, queue) as peek:
        assert peek.look(PeekOptions(1)).count == 1
        plan = peek.plan(Action("move", other), [0])
        assert "no boolean, decimal, list or table headers" in " ".join(plan.lines)
        assert plan.left_out == ()
        assert peek.act(Action("move", other), [0]).text == "1 moved"
    (frame,) = place.take(f"{name}.other", 1)
    assert (frame.get("word"), frame.get("n"), frame.get("truth")) == ("w", "7", None)
    assert frame.text == "typed"


@pytest.mark.parametrize("key", VERSIONS[1:])
def test_what_is_over_the_limit_cannot_go_back_and_stays_where_it_is(at: Find, key: str, name: str) -> None:
    place = at(key, "classic")
    queue, other = place.queue(name), place.queue(f"{name}.other")
    huge = {"properties": {}, "routing_key": name, "payload": "x" * (5 << 20), "payload_encoding": "string"}
    assert rabbit(place).api("POST", "/api/exchanges/%2F/amq.default/publish", huge) == {"routed": True}
    place.fill(name, [b"small"])
    with peeking(place.connection, queue) as peek:
        assert peek.look(PeekOptions(2)).count == 2
        plan = peek.plan(Action("move", other), [0, 1])
        assert [(index, text.partition(":")[0]) for index, text in plan.problems] == [(0, "it is too large to be sent")]
        result = peek.act(Action("move", other), [0, 1])
        assert result.text == "1 moved, 1 failed"
    place.broker.wait_for(name, 1)
    assert [frame.body for frame in place.take(f"{name}.other", 1)] == [b"small"]


@pytest.mark.parametrize("kind", ["classic", "quorum", "made by the move"])
@pytest.mark.parametrize("key", VERSIONS)
def test_nothing_is_taken_away_that_a_deleted_queue_confirmed(
    at: Find, key: str, kind: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirmed_sending, "PORTION", 20)
    place = at(key, "quorum" if kind == "quorum" else "classic")
    queue, other = place.queue(name), f"{name}.other"
    found = [b"m%d" % n for n in range(50)]
    place.fill(name, found)
    if kind != "made by the move":
        place.queue(other)
    asked = 0

    def still_there(target: ActionTarget) -> bool | None:
        """It is deleted after the second portion was confirmed, and before that is asked for."""
        nonlocal asked
        asked += 1
        if asked == 2:
            rabbit(place).delete(other)
        return is_there(target)

    with peeking(place.connection, queue) as peek:
        peek.look()
        targets = peek.peek.access.forwarding.targets
        is_there = targets.still_there
        monkeypatch.setattr(targets, "still_there", still_there)
        result = peek.act(Action("move", f"/queue/{other}"), range(50))
    where = "/queue" if kind == "made by the move" else "/amq/queue"
    gone = f"{where}/{other} went away meanwhile"
    assert result.text == f"20 moved, 20 perhaps in both places, 10 untouched; stopped: {gone}"
    told = f"{gone}, and what was sent there with it unless it was read; it is still in this queue"
    assert result.reasons == [(told, 20)]
    place.broker.wait_for(name, 30)
    assert [frame.body for frame in place.take(name, 30)] == found[20:]


@pytest.mark.parametrize("key", VERSIONS)
def test_a_queue_that_somebody_has_for_himself(at: Find, key: str, name: str) -> None:
    place = at(key, "classic")
    with place.raw() as owner:
        owner.receipt(
            "SUBSCRIBE",
            {
                "id": "x",
                "destination": f"/queue/{name}",
                "exclusive": "true",
                "auto-delete": "true",
                "durable": "false",
            },
        )
        with peeking(place.connection, f"/queue/{name}") as peek, pytest.raises(PeekFailed) as failed:
            peek.look(PeekOptions(1))
        assert failed.value.failed.reason == "another connection has that queue for itself (exclusive)"
        assert "RESOURCE_LOCKED" in failed.value.failed.server_text
