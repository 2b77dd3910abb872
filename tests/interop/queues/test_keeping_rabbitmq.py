"""RabbitMQ's queues that confirm what they do not keep: said before, nothing moved without a yes, said again after."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from stomptui.application.task_connections import find_dialect, task_context
from stomptui.brokers.rabbitmq.access import rabbitmq_access
from stomptui.config.connection import Connection
from stomptui.protocol.jsonl import FileMessage
from stomptui.queues.actions.action import Action
from stomptui.queues.transfer.transfer import Unagreed
from tests.interop.queues.promises import Place, Promise
from tests.support.brokers import ManagedBroker, RabbitMQ
from tests.support.peeking import peeking
from tests.support.transferring import refill, start_refill

RABBITS = [pytest.param(key, marks=pytest.mark.broker(key)) for key in ("rabbitmq", "rabbitmq40", "rabbitmq43")]
TEN = [b"m%d" % n for n in range(10)]
SETTLED = 1.0
"""Seconds after which what is not kept is gone."""


class Case(NamedTuple):
    """A kind of queue, and what there is to say of it."""

    said: str
    kept: int | None
    """How many of ten are there afterwards; None if nothing is, not even the queue."""
    kind: str = "classic"
    durable: bool = True
    auto_delete: bool = False
    arguments: dict[str, Any] = {}
    policy: dict[str, Any] = {}
    heard: bool = True
    """Whether it is known without the management too."""


CASES = {
    "length": Case("keeps at most 3 messages (x-max-length 3, drop-head)", 3, arguments={"x_max_length": 3}),
    "length of quorum": Case(
        "keeps at most 3 messages (x-max-length 3, drop-head)", 3, "quorum", arguments={"x_max_length": 3}
    ),
    "drop-head by name": Case(
        "keeps at most 3 messages (x-max-length 3, drop-head)",
        3,
        arguments={"x_max_length": 3, "x_overflow": "drop-head"},
    ),
    "bytes": Case("keeps at most 4 bytes of messages", 2, arguments={"x_max_length_bytes": 4}),
    "nothing": Case("keeps at most 0 messages", 0, arguments={"x_max_length": 0}),
    "length by a policy": Case(
        "keeps at most 3 messages (max-length 3 by a policy, drop-head)", 3, policy={"max-length": 3}, heard=False
    ),
    "the smaller of two": Case(
        "keeps at most 2 messages (max-length 2 by a policy", 2, arguments={"x_max_length": 5}, policy={"max-length": 2}
    ),
    "no time": Case("keeps nothing that no reader takes at once", 0, arguments={"x_message_ttl": 0}),
    "a short time": Case("keeps a message for 200 ms (x-message-ttl 200)", 0, arguments={"x_message_ttl": 200}),
    "a time by a policy": Case(
        "keeps a message for 200 ms (message-ttl 200 by a policy)", 0, policy={"message-ttl": 200}, heard=False
    ),
    "unused": Case("once nobody reads from it for 3 s (x-expires 3000)", None, arguments={"x_expires": 3000}),
    "auto-delete": Case("when its last reader leaves (auto-delete)", 10, auto_delete=True),
    "auto-delete and length": Case("keeps at most 3", 3, auto_delete=True, arguments={"x_max_length": 3}),
}


@pytest.fixture
def place(request: pytest.FixtureRequest, key: str) -> Place:
    broker = request.getfixturevalue(key)
    assert isinstance(broker, ManagedBroker)
    return Place(broker, Promise(key, broker.title))


def rabbit(place: Place) -> RabbitMQ:
    assert isinstance(place.broker, RabbitMQ)
    return place.broker


@pytest.fixture(params=[True, False], ids=["management", "stomp"])
def managed(request: pytest.FixtureRequest) -> bool:
    """Whether the management can be asked."""
    return bool(request.param)


def connection(place: Place, managed: bool) -> Connection:
    port = rabbit(place).http_port if managed else 1
    return dataclasses.replace(place.connection, management=f"http://127.0.0.1:{port}")


@pytest.fixture
def target(place: Place, name: str, case: Case, managed: bool) -> Iterator[str]:
    """A queue of the kind, filled sources beside it."""
    if not managed and not case.heard:
        pytest.skip("only the management tells of policies")
    made = f"{name}.target"
    if case.policy:
        rabbit(place).api(
            "PUT",
            f"/api/policies/%2F/{name}",
            {"pattern": f"^{made}$", "definition": case.policy, "apply-to": "queues"},
        )
    named = {key.replace("_", "-"): value for key, value in case.arguments.items()}
    wanted = {"durable": case.durable, "auto_delete": case.auto_delete}
    rabbit(place).delete(made)
    arguments = {"arguments": {"x-queue-type": case.kind, **named}}
    rabbit(place).api("PUT", f"/api/queues/%2F/{made}", {**wanted, **arguments})
    yield made
    if case.policy:
        rabbit(place).api("DELETE", f"/api/policies/%2F/{name}")
    rabbit(place).delete(made)


def is_there(place: Place, name: str) -> bool:
    return name in [queue["name"] for queue in rabbit(place).api("GET", "/api/queues/%2F?columns=name")]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.parametrize("key", RABBITS)
def test_nothing_goes_where_it_is_not_kept_without_a_yes_that_names_it(
    place: Place, name: str, target: str, case: Case, managed: bool
) -> None:
    queue = place.queue(name)
    place.fill(name, TEN)
    said = case.said
    if not managed and "drop-head)" in said and case.kind == "classic":
        said = said.partition(", drop-head")[0]
    if not managed and case.policy:
        said = "keeps at most 5"
    with peeking(connection(place, managed), queue) as peek:
        peek.look()
        action = Action("move", f"/queue/{target}")
        plan = peek.plan(action, range(10))
        assert plan.refusal == ""
        assert [risk for risk in plan.risks if said in risk and risk.startswith(f"/amq/queue/{target} ")], plan.risks
        assert not any("none is lost" in line for line in plan.lines)
        assert any("policies are unknown" in line for line in plan.unknown) != managed
        result = peek.act(action, range(10))
        assert result.text == "0 moved, 10 failed"
        assert all(reason.startswith("it was not agreed to: ") for reason, _ in result.reasons)
        place.broker.wait_for(name, 10, 10)
        some = dataclasses.replace(action, accepts=("something else",))
        assert peek.act(some, range(10)).text == "0 moved, 10 failed"
        agreed = dataclasses.replace(action, accepts=plan.risks)
        result = peek.act(agreed, range(10))
        if case.kept is not None:
            assert result.text == "10 moved"
        assert set(plan.risks) <= set(result.notes)
    time.sleep(SETTLED)
    if case.kept is None:
        deadline = time.monotonic() + 20
        while is_there(place, target):
            assert time.monotonic() < deadline, "it was to be deleted"
            time.sleep(0.1)
    elif case.auto_delete:
        # A reader that leaves would delete it.
        place.broker.wait_for(target, case.kept)
    else:
        assert len(place.take(target, case.kept)) == case.kept


@pytest.mark.parametrize("key", RABBITS)
def test_a_refill_sends_nothing_there_unless_it_may(place: Place, name: str, tmp_path: Path) -> None:
    path = tmp_path / "messages.jsonl"
    place.queue(name)
    rabbit(place).delete(f"{name}.short")
    rabbit(place).declare(f"{name}.short", x_max_length=3)
    lines = [FileMessage(f"/queue/{name}{'.short' * (n % 2)}", (), body).line() for n, body in enumerate(TEN)]
    path.write_bytes(b"".join(lines))
    failed = refill(connection(place, True), path).failed
    assert isinstance(failed, Unagreed)
    (risk,) = failed.risks
    assert "keeps at most 3 messages" in risk
    assert (place.broker.depth(name), place.broker.depth(f"{name}.short")) == (0, 0)
    result = start_refill(connection(place, True), path, accepts=failed.risks).wait().result
    assert result.text == "10 sent"
    assert result.notes == [risk]
    assert len(place.take(name, 5)) == 5
    assert len(place.take(f"{name}.short", 3)) == 3


@pytest.mark.parametrize("managed", [True, False])
@pytest.mark.parametrize("key", RABBITS)
def test_what_another_connection_has_for_itself_is_not_simply_there(place: Place, name: str, managed: bool) -> None:
    place.queue(name)
    place.fill(name, TEN)
    with place.raw() as owner:
        subscribe = {"id": "x", "destination": f"/queue/{name}.own", "ack": "client-individual", "prefetch-count": "1"}
        owner.receipt("SUBSCRIBE", {**subscribe, "exclusive": "true", "auto-delete": "true", "durable": "false"})
        with peeking(connection(place, managed), f"/queue/{name}") as peek:
            peek.look()
            plan = peek.plan(Action("move", f"/queue/{name}.own"), range(10))
            assert [risk for risk in plan.risks if "belongs to another connection alone (exclusive)" in risk]
            assert peek.act(Action("move", f"/queue/{name}.own"), range(10)).text == "0 moved, 10 failed"
    place.broker.wait_for(name, 10)


@pytest.mark.parametrize("key", RABBITS)
def test_a_policy_for_a_queue_that_is_to_be_made_is_seen_before(place: Place, name: str) -> None:
    place.queue(name)
    place.fill(name, TEN)
    pattern = {"pattern": f"^{name}.new", "definition": {"max-length": 2}, "apply-to": "queues"}
    rabbit(place).api("PUT", f"/api/policies/%2F/{name}", pattern)
    try:
        with peeking(connection(place, True), f"/queue/{name}") as peek:
            peek.look()
            plan = peek.plan(Action("move", f"/queue/{name}.new"), range(10))
            assert [risk for risk in plan.risks if "keeps at most 2 messages" in risk], plan
            assert peek.act(Action("move", f"/queue/{name}.new"), range(10)).text == "0 moved, 10 failed"
        assert not is_there(place, f"{name}.new")
    finally:
        rabbit(place).api("DELETE", f"/api/policies/%2F/{name}")


@pytest.mark.parametrize("key", RABBITS)
def test_a_queue_that_refuses_what_it_has_no_room_for_loses_nothing(place: Place, name: str) -> None:
    place.queue(name)
    place.fill(name, TEN)
    rabbit(place).delete(f"{name}.full")
    rabbit(place).declare(f"{name}.full", x_max_length=2, x_overflow="reject-publish")
    with peeking(connection(place, True), f"/queue/{name}") as peek:
        peek.look()
        plan = peek.plan(Action("move", f"/queue/{name}.full"), range(10))
        assert plan.risks == ()
        assert [line for line in plan.lines if "takes at most 2 messages" in line and "full" in line]
        result = peek.act(Action("move", f"/queue/{name}.full"), range(10))
        assert result.count("done") < 10
        assert any(text.startswith(f"/amq/queue/{name}.full is full") for text in result.notes), result.notes
    found = {frame.body for frame in place.take(f"{name}.full", place.broker.depth(f"{name}.full"))}
    left = {frame.body for frame in place.take(name, place.broker.depth(name))}
    assert found | left == set(TEN)


@pytest.mark.parametrize("spelling", ["/queue/{0}", "/amq/queue/{0}", "{0}"])
@pytest.mark.parametrize("key", RABBITS)
def test_a_move_into_the_same_queue_needs_a_yes(place: Place, name: str, spelling: str) -> None:
    name = f"{name}%2Fslash"
    place.broker.make_queue(name.replace("%2F", "/"))
    with place.raw() as client:
        for body in TEN:
            client.receipt("SEND", {"destination": f"/amq/queue/{name}", "persistent": "true"}, body)
    with peeking(connection(place, True), f"/queue/{name}") as peek:
        peek.look()
        action = Action("move", spelling.format(name))
        plan = peek.plan(action, [0, 1])
        assert [risk for risk in plan.risks if "is the queue where they are" in risk]
        assert peek.act(action, [0, 1]).text == "0 moved, 2 failed"
        assert peek.act(dataclasses.replace(action, accepts=plan.risks), [0, 1]).text == "2 moved"
    place.broker.wait_for(name.replace("%2F", "/"), 10)
    rabbit(place).delete(name.replace("%2F", "/"))


@pytest.mark.parametrize("there", [True, False], ids=["there", "missing"])
@pytest.mark.parametrize("key", RABBITS)
def test_a_pattern_that_only_rabbitmq_reads_rightly_is_not_overlooked(place: Place, name: str, there: bool) -> None:
    place.queue(name)
    place.fill(name, TEN)
    pattern = {"pattern": f"^{name}.p[[:digit:]]$", "definition": {"max-length": 2}, "apply-to": "queues"}
    rabbit(place).api("PUT", f"/api/policies/%2F/{name}", pattern)
    rabbit(place).delete(f"{name}.p1")
    if there:
        rabbit(place).declare(f"{name}.p1")
    try:
        with peeking(connection(place, True), f"/queue/{name}") as peek:
            peek.look()
            plan = peek.plan(Action("move", f"/queue/{name}.p1"), range(10))
            assert [risk for risk in plan.risks if "keeps at most 2 messages" in risk], plan
    finally:
        rabbit(place).api("DELETE", f"/api/policies/%2F/{name}")
        rabbit(place).delete(f"{name}.p1")


@pytest.mark.parametrize("key", RABBITS)
def test_nothing_is_retried_to_a_queue_that_stomp_has_no_name_for(place: Place, name: str) -> None:
    place.queue(name)
    with place.raw() as client:
        headers = {"destination": f"/amq/queue/{name}", "x-first-death-queue": f"{name}%2Fx"}
        client.receipt("SEND", headers, b"dead")
    with peeking(connection(place, True), f"/queue/{name}") as peek:
        peek.look()
        plan = peek.plan(Action("retry"), [0])
        assert [why for _, why in plan.problems if why.startswith("STOMP has no name for the queue it came from")]
        assert peek.act(Action("retry"), [0]).text == "0 retried, 1 failed"
    place.broker.wait_for(name, 1)
    assert not is_there(place, f"{name}/x")


@pytest.mark.parametrize(("kind", "depth"), [("classic", 3), ("quorum", None)])
@pytest.mark.parametrize("key", RABBITS)
def test_a_count_that_may_be_old_is_not_taken_for_what_is_there(
    place: Place, name: str, kind: str, depth: int | None
) -> None:
    place.queue(name)
    rabbit(place).delete(f"{name}.other")
    rabbit(place).declare(f"{name}.other", kind)
    with place.raw() as client:
        for body in TEN[:3]:
            client.receipt("SEND", {"destination": f"/amq/queue/{name}.other"}, body)
    managed = connection(place, True)
    access = rabbitmq_access(task_context(managed), f"/queue/{name}", find_dialect(managed))
    targets = access.forwarding.targets
    assert targets.count(targets.check(f"/queue/{name}.other")).depth == depth
    access.close()
    rabbit(place).delete(f"{name}.other")
