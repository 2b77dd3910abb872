"""RabbitMQ's queues: what is carried on, where a dead letter came from, and what an impossible declaration tells."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from stomptui.brokers.rabbitmq.actions import RabbitMQActions
from stomptui.brokers.rabbitmq.names import encoded, queue_name
from stomptui.brokers.rabbitmq.targets.declaring import exists, probe
from stomptui.brokers.registry import BROKERS
from stomptui.connection.blocking_client import BlockingClient, BlockingEventQueue, RequestRefused
from stomptui.connection.subscriptions.delivery_limit import Deliveries
from stomptui.protocol.frame import Frame
from stomptui.queues.access import QueueAccess
from stomptui.queues.access_context import AccessContext
from stomptui.queues.actions.action import Action, ActionTarget
from stomptui.queues.actions.dry_run import plan, problem
from stomptui.queues.headers.preparing import MessagePreparer


def no_dial(word: str, *, quiet: bool = False, versions: tuple[str, ...] = ()) -> BlockingClient:
    raise AssertionError("nobody is asked here")


def access(server: str = "RabbitMQ/4.3.6", login: str = "guest") -> QueueAccess:
    return BROKERS.access(
        "/queue/q", BROKERS.named("rabbitmq", server), AccessContext(no_dial, BlockingEventQueue(), login=login)
    )


def messages(login: str = "guest") -> MessagePreparer:
    return access(login=login).forwarding.messages


def message(*lines: str, body: bytes = b"body") -> Frame:
    return Frame("\n".join(["MESSAGE", *lines, "", ""]).encode() + body)


class TestCarrying:
    def test_order_and_values_stay_and_the_marks_of_one_delivery_go(self) -> None:
        frame = message(
            "subscription:s", "destination:/queue/q", "message-id:T_s@@x@@1", "redelivered:true", "ack:T_s@@x@@1",
            "b:2", "a:1", "persistent:true", "content-length:4",
        )  # fmt: skip
        carried = messages().prepare(frame)
        assert carried.headers == (("b", "2"), ("a", "1"), ("persistent", "true"))
        assert (carried.body, carried.content_length, carried.left_out) == (b"body", True, ())

    def test_what_the_broker_would_refuse_or_keep_stale_is_left_out_and_said(self) -> None:
        carried = messages("me").prepare(
            message("persistent:1", "x-delivery-count:3", "x-acquired-count:4", "user-id:you", "CC:x", "n:1")
        )
        assert carried.headers == (("n", "1"),)
        assert [name for name, _ in carried.left_out] == ["x-delivery-count", "x-acquired-count", "user-id", "CC"]
        assert messages("me").prepare(message("user-id:me")).headers == (("user-id", "me"),)

    def test_where_a_dead_letter_came_from_goes_when_it_is_retried_and_stays_when_it_is_moved(self) -> None:
        frame = message("x-first-death-queue:q", "x-first-death-reason:rejected", "x-last-death-exchange:", "n:1")
        assert [name for name, _ in messages().prepare(frame, retry=True).headers] == ["n"]
        assert len(messages().prepare(frame).headers) == 4

    @pytest.mark.parametrize(("name", "place"), [("q", "/queue/q"), ("a/b", "/queue/a%2Fb"), ("50%", "/queue/50%")])
    def test_the_origin_is_a_destination(self, name: str, place: str) -> None:
        assert messages().origin(message(f"x-first-death-queue:{name}")) == place
        assert queue_name(place) == encoded(name)

    def test_what_is_no_dead_letter_has_no_origin(self) -> None:
        assert messages().origin(message("n:1")) == ""


class TestProblems:
    def test_a_frame_over_the_limit_cannot_be_sent(self) -> None:
        target = ActionTarget("/amq/queue/q")
        body = b"x" * ((4 << 20) - 100)
        assert problem(access().actions, Action("move", "/queue/q"), message(body=body[:1000]), target) == ""
        told = problem(access().actions, Action("move", "/queue/q"), message("n:" + "1" * 100, body=body), target)
        assert told.startswith("it is too large to be sent: a frame of 4,194,")
        assert (
            problem(access("RabbitMQ/3.10.8").actions, Action("move", "/queue/q"), message(body=body + body), target)
            == ""
        )

    def test_too_many_headers_cannot_be_sent(self) -> None:
        lines = [f"h{n}:1" for n in range(99)]
        told = problem(access().actions, Action("move", "/queue/q"), message(*lines), ActionTarget("/amq/queue/q"))
        assert told == "it has too many headers to be sent: 102, RabbitMQ takes 100"

    def test_a_move_to_what_may_swallow_it_is_refused_and_a_copy_is_not(self) -> None:
        topic = access().forwarding.targets.check("/topic/x")
        assert "would be lost" in problem(access().actions, Action("move", "/topic/x"), message(), topic)
        assert problem(access().actions, Action("copy", "/topic/x"), message(), topic) == ""

    def test_a_plan_names_what_is_left_out(self) -> None:
        made = plan(access().actions, Action("copy", "/topic/x"), [(0, message("CC:x", "n:1"))])
        assert made.left_out == (("CC", "x"),)
        assert made.differences == ("Headers not carried over: CC",)
        assert any("boolean" in line for line in made.lines)

    def test_deleting_destroys_and_giving_back_does_not(self) -> None:
        items = [(0, message())]
        assert plan(access().actions, Action("delete"), items).destroys
        assert not plan(access().actions, Action("reject", requeue=True), items).destroys

    @pytest.mark.parametrize(
        ("server", "kind", "limit", "most", "told"),
        [
            ("RabbitMQ/3.10.8", "classic", None, 0, "They return to their place and are delivered to others."),
            ("RabbitMQ/4.3.6", "quorum", 5, 5, "They return to their place and are delivered to others."),
            ("RabbitMQ/3.10.8", "quorum", 5, 2, "after 5 of them the next sends it to dead letters or deletes it."),
            ("RabbitMQ/4.0.5", "quorum", 5, 5, "those at its limit of 5 go to dead letters or are deleted instead."),
            ("RabbitMQ/4.0.5", "", None, 0, "A quorum queue counts that as a delivery: those at its limit go to dead"),
        ],
    )
    def test_a_rejection_that_is_counted_is_not_said_to_go_back_only(
        self, server: str, kind: str, limit: int | None, most: int, told: str
    ) -> None:
        actions = cast(RabbitMQActions, access(server).actions)
        queue = actions._queue
        queue.kind, queue.most_returns = kind, most
        queue.deliveries = Deliveries(counted=True, limit=limit)
        (line,) = actions.facts(Action("reject", requeue=True))[:1]
        assert told in line
        assert ("dead letters" in line) == ("dead" in told)


class Answering:
    """A line that answers each question with the next of some refusals, and remembers what was asked."""

    def __init__(self, answers: list[str]) -> None:
        self.answers = answers
        self.asked: list[dict[str, str]] = []
        self.session = SimpleNamespace(server="RabbitMQ/4.3.6")

    def ask(self, command: str, headers: list[tuple[str, str]]) -> float:
        self.asked.append(dict(headers))
        raise RequestRefused("precondition_failed", f"precondition_failed\nPRECONDITION_FAILED - {self.answers.pop(0)}")

    def drop(self) -> None:
        pass


DIFFERS = "inequivalent arg '{0}' for queue 'q' in vhost '/': received {1} but current is {2}"


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ([DIFFERS.format("x-max-priority", "the value '-1' of type 'long'", "none")], (True, "classic")),
        ([DIFFERS.format("x-queue-type", "'classic'", "'quorum'")], (True, "quorum")),
        ([DIFFERS.format("x-queue-type", "none", "the value 'stream' of type 'longstr'")], (True, "stream")),
        ([DIFFERS.format("durable", "'true'", "'false'")] * 2, (True, "classic")),
        (
            [
                DIFFERS.format("durable", "'true'", "'false'"),
                DIFFERS.format("auto_delete", "'false'", "'true'"),
                DIFFERS.format("x-max-priority", "the value '-1' of type 'long'", "none"),
            ],
            (True, "classic"),
        ),
        (["invalid arg 'x-max-priority' for queue 'q' in vhost '/': {value_negative,-1}"], (False, "")),
        (["access to queue 'q' in vhost '/' refused for user 'reader'"], (None, "")),
        (["RESOURCE_LOCKED - cannot obtain exclusive access to locked queue"], (True, "")),
        (
            [
                DIFFERS.format("x-message-ttl", "none", "the value '600000' of type 'long'"),
                DIFFERS.format("x-dead-letter-exchange", "none", "the value 'dlx' of type 'longstr'"),
                DIFFERS.format("x-queue-type", "'classic'", "'quorum'"),
            ],
            (True, "quorum"),
        ),
        ([DIFFERS.format("x-overflow", "none", "the value 'drop' of type 'longstr'")] * 2, (True, "")),
    ],
)
def test_what_an_impossible_declaration_tells(answers: list[str], found: tuple[bool | None, str]) -> None:
    line = Answering(list(answers))
    context = AccessContext(lambda word, **more: cast(BlockingClient, line), BlockingEventQueue())
    assert probe(context, "q") == found
    assert all(asked["x-max-priority"] == "-1" and asked["x-queue-type"] == "classic" for asked in line.asked)
    assert line.answers == [], "each difference was named in the next question"
    line.answers.append(answers[0])
    assert exists(context, "q") == found[0], "whether it exists the first answer tells"
