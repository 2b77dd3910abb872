"""Where RabbitMQ's rejected messages go, as arguments, policies and bindings say."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from stomptui.brokers.rabbitmq.targets.dead_letters import (
    Binding,
    DeadLetters,
    Exchange,
    Receiver,
    find,
    settled,
    topic_matches,
)
from stomptui.brokers.rabbitmq.targets.target_limits import RabbitMQQueueSettings
from stomptui.config.connection import Connection
from stomptui.queues.actions.action import Action
from tests.support.embedded import EmbeddedBroker
from tests.support.peeking import peeking
from tests.support.raw import RawStomp

PLAIN = Receiver(True, RabbitMQQueueSettings("classic", policy={}))
MISSING = Receiver(False, RabbitMQQueueSettings(policy={}))
FULL = Receiver(
    True, RabbitMQQueueSettings("classic", {"max-length": "2", "overflow": "reject-publish"}, policy={}), depth=2
)
ROOMY = Receiver(True, FULL.settings, depth=0)
SHORT = Receiver(True, RabbitMQQueueSettings("classic", {"max-length": "2"}, policy={}))
DIRECT = Exchange(True, "direct", (Binding("dead", True, "k"),))


def dead(
    arguments: dict[str, Any],
    exchange: Exchange | None = None,
    receiver: Receiver = PLAIN,
    policy: dict[str, Any] | None = None,
    kind: str = "classic",
) -> DeadLetters:
    settings = RabbitMQQueueSettings(kind, arguments, policy={} if policy is None else policy)
    return find(settings, lambda name: exchange, lambda name: receiver)


def through(key: str | None = None, **more: Any) -> dict[str, Any]:
    arguments: dict[str, Any] = {"dead-letter-exchange": "dlx", **more}
    return arguments if key is None else {**arguments, "dead-letter-routing-key": key}


def test_without_an_exchange_they_are_deleted() -> None:
    assert dead({}) == DeadLetters(("The queue has no dead letter exchange: they are deleted.",), kept=False)


def test_what_a_policy_may_say_is_not_known_without_policies() -> None:
    told = find(RabbitMQQueueSettings("classic"), lambda name: None, lambda name: PLAIN)
    assert not told.kept
    assert "if a policy sets one" in told.lines[0]


@pytest.mark.parametrize("policy", [True, False])
def test_a_queue_named_by_argument_or_policy_keeps_them(policy: bool) -> None:
    named = {"dead-letter-exchange": "", "dead-letter-routing-key": "dead"}
    told = dead({}, policy=named) if policy else dead(named)
    assert told == DeadLetters(("The queue /queue/dead gets them.",), kept=True)


@pytest.mark.parametrize(
    ("exchange", "key", "said", "kept"),
    [
        (None, "k", "which queues it gives them to is not known", False),
        (Exchange(False), "k", "dlx does not exist: they are deleted", False),
        (Exchange(True, "direct"), "k", "gives them to no queue: they are deleted", False),
        (DIRECT, "other", "gives them to no queue: they are deleted", False),
        (DIRECT, "k", "/queue/dead gets them (by the exchange dlx)", True),
        (DIRECT, None, "gives each to queues by its routing key", False),
        (Exchange(True, "fanout", (Binding("dead", True, ""),)), None, "/queue/dead gets them", True),
        (Exchange(True, "fanout", (Binding("next", False, ""),)), None, "gives each to queues", False),
        (Exchange(True, "topic", (Binding("dead", True, "a.#"),)), "a.b", "/queue/dead gets them", True),
        (Exchange(True, "topic", (Binding("dead", True, "a.#"),)), "b", "to no queue", False),
        (Exchange(True, "topic", (Binding("dead", True, "#"),)), None, "/queue/dead gets them", True),
        (Exchange(True, "headers", (Binding("dead", True, ""),)), "k", "gives each to queues", False),
        (Exchange(True, "direct", (), alternate=True), "k", "gives each to queues", False),
    ],
)
def test_an_exchange(exchange: Exchange | None, key: str | None, said: str, kept: bool) -> None:
    told = dead(through(key), exchange)
    assert told.kept == kept
    assert said in told.lines[0]


@pytest.mark.parametrize(
    ("receiver", "said", "kept"),
    [
        (MISSING, "/queue/dead does not exist: they are deleted.", False),
        (
            FULL,
            "takes at most 2 messages (x-overflow reject-publish), and is full now: what it has no room for is",
            False,
        ),
        (ROOMY, "takes at most 2 messages (x-overflow reject-publish): what it has no room for is deleted.", False),
        (SHORT, "keeps at most 2 messages", False),
        (Receiver(True, RabbitMQQueueSettings("classic")), "policies of /queue/dead are unknown", False),
        (Receiver(None, RabbitMQQueueSettings("classic", policy={})), "/queue/dead gets them", True),
    ],
)
def test_a_queue_that_gets_them(receiver: Receiver, said: str, kept: bool) -> None:
    told = dead(through("k"), DIRECT, receiver)
    assert said in " ".join(told.lines)
    assert told.kept == kept
    assert told.limited == (("dead",) if "at most 2" in said and "takes" in said else ())


def test_at_least_once_keeps_what_finds_no_queue() -> None:
    safe = through("k", **{"dead-letter-strategy": "at-least-once", "overflow": "reject-publish"})
    for exchange, receiver in ((Exchange(False), PLAIN), (DIRECT, FULL), (Exchange(True, "direct"), PLAIN)):
        told = dead(safe, exchange, receiver, kind="quorum")
        assert told.kept
        assert "in this queue" in " ".join(told.lines)


def test_several_queues_are_named_and_counted() -> None:
    many = Exchange(True, "fanout", tuple(Binding(f"q{n}", True, "") for n in range(5)))
    told = dead(through(), many)
    assert told.kept
    assert told.lines[-1] == "So do 2 more queues."


@pytest.mark.parametrize(
    ("pattern", "key", "matches"),
    [
        ("", "", True),
        ("#", "", True),
        ("#", "a.b.c", True),
        ("*", "a", True),
        ("*", "", False),
        ("*", "a.b", False),
        ("a.#", "a", True),
        ("a.#.b", "a.b", True),
        ("a.#.b", "a.x.y.b", True),
        ("a.#.b", "a.x.y", False),
        ("a.*.b", "a.b", False),
        ("#.#", "a", True),
    ],
)
def test_topics(pattern: str, key: str, matches: bool) -> None:
    assert topic_matches(pattern, key) == matches


def test_what_did_not_arrive_is_said() -> None:
    assert settled(5, {"a": 0, "b": 1, "c": None}, {"a": 2, "b": 6, "c": 3}) == [
        "/queue/a is full, as it seems: of 5 rejected it has 2 more."
    ]


def test_the_broker_in_the_box_deletes_what_is_rejected_out_of_its_dead_letters(embedded: EmbeddedBroker) -> None:
    connection = Connection(port=embedded.port, login="guest", passcode="guest")
    action = Action("reject", requeue=False)
    for queue, kept in (("orders", True), ("DLQ", False)):
        if kept:
            with RawStomp("127.0.0.1", embedded.port) as client:
                client.connect()
                client.receipt("SEND", {"destination": f"/queue/{queue}"}, b"rejected")
        with peeking(connection, f"/queue/{queue}") as peek:
            peek.look()
            plan = peek.plan(action, [0])
            assert plan.destroys != kept, plan.lines
            assert peek.act(action, [0]).text == "1 rejected"
        dead = [b"rejected"] * kept
        embedded.wait(functools.partial(_has, embedded, dead))


def _has(embedded: EmbeddedBroker, bodies: list[bytes]) -> bool:
    return embedded.bodies("DLQ") == bodies
