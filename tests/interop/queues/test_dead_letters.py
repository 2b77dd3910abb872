"""What RabbitMQ does with rejected messages is said before, and what did not arrive is said after."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from stomptui.config.connection import Connection
from stomptui.queues.actions.action import Action
from tests.interop.queues.promises import Place, Promise
from tests.support.brokers import ManagedBroker, RabbitMQ
from tests.support.peeking import peeking

RABBITS = [pytest.param(key, marks=pytest.mark.broker(key)) for key in ("rabbitmq", "rabbitmq40", "rabbitmq43")]
FIVE = [b"m%d" % n for n in range(5)]


class Case(NamedTuple):
    said: str
    destroys: bool
    kept: int
    """How many of five are in the dead letter queue afterwards."""
    exchange: str | None = ""
    """Its dead letter exchange: none, the default one, or one by a name."""
    bound: bool = True
    queue: bool = True
    """Whether there is a dead letter queue."""
    arguments: dict[str, Any] = {}
    """Of the dead letter queue."""
    policy: bool = False
    """Whether a policy names the exchange."""
    noted: str = ""


CASES = {
    "no exchange": Case("has no dead letter exchange: they are deleted", True, 0, exchange=None),
    "a queue": Case("gets them.", False, 5),
    "a missing queue": Case("does not exist: they are deleted", True, 0, queue=False),
    "an exchange": Case("gets them (by the exchange", False, 5, exchange="dlx"),
    "an exchange by a policy": Case("gets them (by the exchange", False, 5, exchange="dlx", policy=True),
    "an exchange without a queue": Case(
        "gives them to no queue: they are deleted", True, 0, exchange="dlx", bound=False
    ),
    "a missing exchange": Case("does not exist: they are deleted", True, 0, exchange="missing", bound=False),
    "a full queue": Case(
        "what it has no room for is deleted",
        True,
        2,
        arguments={"x-max-length": 2, "x-overflow": "reject-publish"},
        noted="is full, as it seems: of 5 rejected it has 2 more",
    ),
    "a quorum queue": Case("gets them.", False, 5, arguments={"x-queue-type": "quorum"}),
    "a quorum queue with room": Case(
        "what it has no room for is deleted",
        True,
        5,
        arguments={"x-queue-type": "quorum", "x-max-length": 50, "x-overflow": "reject-publish"},
    ),
    "a short queue": Case("keeps at most 2 messages", True, 2, arguments={"x-max-length": 2}),
}


@pytest.fixture
def place(request: pytest.FixtureRequest, key: str) -> Place:
    broker = request.getfixturevalue(key)
    assert isinstance(broker, ManagedBroker)
    return Place(broker, Promise(key, broker.title))


def rabbit(place: Place) -> RabbitMQ:
    assert isinstance(place.broker, RabbitMQ)
    return place.broker


def managed(place: Place) -> Connection:
    return dataclasses.replace(place.connection, management=f"http://127.0.0.1:{rabbit(place).http_port}")


@pytest.fixture
def made(place: Place, name: str, case: Case, kind: str) -> Iterator[str]:
    """A queue with dead letters as the case has them; `NAME.dead` gets them."""
    api = rabbit(place).api
    exchange = f"{name}.{case.exchange}" if case.exchange else case.exchange
    key = {"dead-letter-routing-key": f"{name}.dead"}
    through = {} if exchange is None else {"dead-letter-exchange": exchange, **key}
    own = {} if case.policy else {f"x-{what}": value for what, value in through.items()}
    rabbit(place).delete(name)
    rabbit(place).delete(f"{name}.dead")
    if case.policy:
        definition = {"pattern": f"^{name}$", "definition": through, "apply-to": "queues"}
        api("PUT", f"/api/policies/%2F/{name}", definition)
    api("PUT", f"/api/queues/%2F/{name}", {"durable": True, "arguments": {"x-queue-type": kind, **own}})
    if case.queue:
        api("PUT", f"/api/queues/%2F/{name}.dead", {"durable": True, "arguments": case.arguments})
    if case.exchange == "dlx":
        api("PUT", f"/api/exchanges/%2F/{exchange}", {"type": "direct", "durable": True})
        if case.bound:
            api("POST", f"/api/bindings/%2F/e/{exchange}/q/{name}.dead", {"routing_key": f"{name}.dead"})
    yield name
    if case.policy:
        api("DELETE", f"/api/policies/%2F/{name}")
    if case.exchange == "dlx":
        api("DELETE", f"/api/exchanges/%2F/{exchange}")
    rabbit(place).delete(name)
    rabbit(place).delete(f"{name}.dead")


@pytest.mark.parametrize("kind", ["classic", "quorum"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.parametrize("key", RABBITS)
def test_where_rejected_messages_go_is_said_before(place: Place, made: str, case: Case) -> None:
    place.fill(made, FIVE)
    with peeking(managed(place), f"/queue/{made}") as peek:
        peek.look()
        action = Action("reject", requeue=False)
        plan = peek.plan(action, range(5))
        assert case.said in " ".join(plan.lines), plan.lines
        assert plan.destroys == case.destroys
        result = peek.act(action, range(5))
        assert result.text == "5 rejected"
        assert case.noted in " ".join(result.notes)
        assert bool(case.noted) == bool(result.notes)
    place.broker.wait_for(made, 0)
    if case.queue:
        place.broker.wait_for(f"{made}.dead", case.kept)
        assert len(place.take(f"{made}.dead", case.kept)) == case.kept


@pytest.mark.parametrize("kind", ["classic"])
@pytest.mark.parametrize("case", [CASES["a full queue"]], ids=["a full queue"])
@pytest.mark.parametrize("key", RABBITS)
def test_a_queue_that_is_full_now_is_said_to_be_so(place: Place, made: str) -> None:
    place.fill(made, FIVE)
    place.fill(f"{made}.dead", FIVE[:2])
    with peeking(managed(place), f"/queue/{made}") as peek:
        peek.look()
        assert "and is full now" in " ".join(peek.plan(Action("reject", requeue=False), [0]).lines)
        told = " ".join(peek.plan(Action("move", f"/queue/{made}.dead"), [0]).lines)
        assert "takes at most 2 messages" in told
        assert "It is full now" in told
