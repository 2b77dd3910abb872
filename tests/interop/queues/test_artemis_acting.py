"""Artemis: acts that reach exactly what was chosen, whole, by the management or by hand."""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path

import pytest

from stomptui.brokers.artemis.peek.messages import number_of
from stomptui.brokers.registry import BROKERS
from stomptui.connection.blocking_client import BlockingClient, BlockingEventQueue
from stomptui.connection.event_queue import EventQueue
from stomptui.queues.access_context import AccessContext
from stomptui.queues.actions.action import Action, ActionKind
from stomptui.queues.peek import reports as r
from stomptui.queues.peek.peek_values import PeekOptions
from tests.support.artemis_queues import (
    LATER,
    LOGINS,
    ODD,
    ORIGINS,
    bean,
    bodies,
    connection,
    contents,
    counters,
    fill,
    fill_odd,
    leftovers,
    lines,
    numbered,
    raw,
    reasons,
)
from tests.support.brokers.artemis import BEAN, Artemis
from tests.support.peeking import PeekFailed, peeking
from tests.support.transferring import drain

pytestmark = pytest.mark.broker("artemis")
_numbers = itertools.count()


@pytest.fixture
def name(artemis: Artemis) -> str:
    """An empty queue that no other test uses; `NAME.other` is another."""
    name = f"acting.{os.getpid()}.{next(_numbers)}"
    artemis.make_queue(name)
    artemis.make_queue(f"{name}.other")
    return name


@pytest.fixture(params=[False, True], ids=["prefixes", "bare"])
def bare(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.mark.parametrize("login", LOGINS)
def test_exactly_the_fifth_of_ten_is_deleted(artemis: Artemis, name: str, login: str, bare: bool) -> None:
    fill(artemis, name, numbered(10))
    with peeking(connection(artemis, login, bare), name) as peek:
        peek.look()
        plan = peek.plan(Action("delete"), [4])
        assert (plan.destroys, plan.lines, plan.refusal) == (
            True,
            ("This message will be deleted permanently.",),
            "",
        )
        assert peek.act(Action("delete"), [4]).text == "1 deleted"
    artemis.wait_for(name, 9, 0)
    assert bodies(artemis, name) == numbered(10)[:4] + numbered(10)[5:]
    assert {frame["redelivered"] for frame in contents(artemis, name)} == {"false"}


@pytest.mark.parametrize("kind", ["move", "copy"])
@pytest.mark.parametrize("login", LOGINS)
def test_bodies_and_headers_go_with_the_message(
    artemis: Artemis, name: str, login: str, kind: ActionKind, bare: bool
) -> None:
    fill_odd(artemis, name)
    before = contents(artemis, name)
    with peeking(connection(artemis, login, bare), name) as peek:
        peek.look(PeekOptions(None))
        # A sending connection of 1.1 cannot say the carriage return that the first one has.
        chosen = range(len(ODD)) if login == "guest" else range(1, len(ODD))
        plan = peek.plan(Action(kind, f"{name}.other"), [6])
        if login == "guest":
            assert plan.left_out == (("expires", LATER),)
        else:
            assert [key for key, _ in plan.left_out] == ["timestamp"]
        result = peek.act(Action(kind, f"{name}.other"), chosen)
        assert (result.text, result.reasons) == (f"{len(chosen)} {result.action.past}", [])
        assert result.atomic == (login == "guest")
    after = contents(artemis, f"{name}.other")
    theirs = ["expires"] if login == "guest" else ["receipt", "timestamp", "_AMQ_DUPL_ID"]
    changed = ["destination", "redelivered", "destination-type", *theirs]
    assert len(after) == len(chosen)
    for found, was in zip(after, [before[index] for index in chosen], strict=True):
        assert found.body == was.body
        assert lines(found, *changed, *ORIGINS) == lines(was, *changed)
        assert (found.get("expires") == was.get("expires")) == (login == "bob" or was["expires"] == "0")
        if was.body:
            ends = [[key for key, _ in frame.headers][-1] == "content-length" for frame in (found, was)]
            assert ends[0] == ends[1], "a text stays a text, and bytes stay bytes"
    left = len(ODD) if kind == "copy" else len(ODD) - len(chosen)
    artemis.wait_for(name, left, 0)


def test_what_stomp_cannot_say_is_told_before_and_left_out(artemis: Artemis, name: str) -> None:
    fill_odd(artemis, name)
    with peeking(connection(artemis, "bob"), name) as peek:
        peek.look(PeekOptions(2))
        plan = peek.plan(Action("move", f"{name}.other"), [0, 1])
        assert plan.problems == ()
        assert "Headers not carried over: timestamp; odd:name (of 1 of 2 messages)" in plan.differences
        result = peek.act(Action("move", f"{name}.other"), [0, 1])
        assert result.text == "2 moved"
    artemis.wait_for(name, len(ODD) - 2, 0)
    assert [frame["kind"] for frame in contents(artemis, f"{name}.other")] == ["text", "emoji"]


def test_dead_letters_go_there_and_back(artemis: Artemis, name: str) -> None:
    artemis.make_queue("DLQ")
    fill(artemis, name, numbered(4))
    with peeking(connection(artemis), name) as peek:
        peek.look()
        plan = peek.plan(Action("reject"), [1, 3])
        assert plan.lines == ("Artemis moves them to the dead letters: DLQ.",)
        assert not plan.destroys
        assert peek.act(Action("reject"), [1, 3]).text == "2 rejected"
    with peeking(connection(artemis), "/queue/DLQ") as peek:
        assert peek.look().count == 2
        plan = peek.plan(Action("retry"), [0, 1])
        assert plan.lines[0] == f"To {name}: the queue exists."
        assert peek.act(Action("retry"), [0, 1]).text == "2 retried"
    assert bodies(artemis, name) == [b"m0", b"m2", b"m1", b"m3"]
    assert artemis.depth("DLQ") == 0


def test_dead_letters_whose_queue_is_gone_stay(artemis: Artemis, name: str) -> None:
    artemis.make_queue("DLQ")
    fill(artemis, name, numbered(2))
    with peeking(connection(artemis), name) as peek:
        peek.look()
        peek.act(Action("reject"), [0, 1])
    other = f"{name}.other"
    fill(artemis, other, [b"other"])
    with peeking(connection(artemis), other) as peek:
        peek.look()
        peek.act(Action("reject"), [0])
    artemis.drop_queue(name)
    with peeking(connection(artemis), "DLQ") as peek:
        peek.look()
        assert peek.plan(Action("retry"), [0, 1]).refusal == f"there is no queue {name}"
        # Beside one that is there, nothing says that the missing one would be created.
        plan = peek.plan(Action("retry"), [0, 1, 2])
        assert [line for line in plan.lines if line.startswith("To ")] == [f"To {other}: the queue exists."]
        assert plan.problems == ((0, f"there is no queue {name}"), (1, f"there is no queue {name}"))
        result = peek.act(Action("retry"), [0, 1])
        assert (result.text, reasons(result)) == ("0 retried, 2 failed", [f"there is no queue {name}"])
    assert bodies(artemis, "DLQ") == [*numbered(2), b"other"]


def test_held_dead_letters_go_back_to_where_they_came_from(artemis: Artemis, name: str) -> None:
    artemis.make_queue("DLQ")
    fill(artemis, name, numbered(2))
    with peeking(connection(artemis), name) as peek:
        peek.look()
        peek.act(Action("reject"), [0, 1])
    with peeking(connection(artemis, "bob"), "/queue/DLQ") as peek:
        assert peek.look().count == 2
        assert peek.act(Action("retry"), [0, 1]).text == "2 retried"
    artemis.wait_for("DLQ", 0, 0)
    found = contents(artemis, name)
    assert [frame.body for frame in found] == numbered(2)
    assert not [key for frame in found for key, _ in frame.headers if key in ORIGINS]


def test_where_a_rejected_message_would_be_gone_that_is_said(artemis: Artemis, name: str) -> None:
    nowhere = {f"{name}.none": "", f"{name}.noqueue": f"{name}.missing"}
    for queue, address in nowhere.items():
        settings = json.dumps({"deadLetterAddress": address})
        artemis.jolokia.execute(BEAN, "addAddressSettings(java.lang.String,java.lang.String)", queue, settings)
        artemis.make_queue(queue)
        fill(artemis, queue, numbered(2))
        with peeking(connection(artemis), queue) as peek:
            peek.look()
            plan = peek.plan(Action("reject"), [0])
            assert plan.destroys
            assert plan.lines == ("No queue takes dead letters of this one: they are deleted.",)
            assert peek.act(Action("reject"), [0]).text == "1 rejected"
        assert bodies(artemis, queue) == [b"m1"]
    fill(artemis, name, numbered(2))
    with peeking(connection(artemis, "bob"), name) as peek:
        peek.look()
        plan = peek.plan(Action("reject"), [0])
        assert plan.destroys
        assert plan.lines == ("deletes the message: no dead letter, no way back",)
        assert peek.act(Action("reject"), [0]).text == "1 rejected"
    artemis.wait_for(name, 1, 0)


@pytest.mark.parametrize("login", LOGINS)
def test_a_missing_target_swallows_nothing(artemis: Artemis, name: str, login: str, bare: bool) -> None:
    fill(artemis, name, numbered(2))
    missing = f"{name}.new"
    with peeking(connection(artemis, login, bare), name) as peek:
        peek.look()
        plan = peek.plan(Action("move", missing), [0])
        result = peek.act(Action("move", missing), [0])
        hint = (
            "a new queue, it does not exist yet; Artemis creates it."
            if login == "guest"
            else "Artemis creates the queue if it is"
        )
        assert plan.lines[0].startswith(f"To {missing}: {hint}")
        assert result.text == "1 moved"
        assert bodies(artemis, missing) == [b"m0"]
        if login == "guest":
            copied = f"{name}.copied"
            assert peek.act(Action("copy", copied), [1]).text == "1 copied"
            assert bodies(artemis, copied) == [b"m1"]
        for wrong in ("a.#", "activemq.management", "/topic/x"):
            assert peek.plan(Action("move", wrong), [1]).refusal
            assert peek.act(Action("move", wrong), [1]).count("failed") == 1
    artemis.wait_for(name, 1, 0)


@pytest.mark.parametrize("login", LOGINS)
def test_where_queues_are_not_made_by_themselves_nothing_is_lost(artemis: Artemis, name: str, login: str) -> None:
    settings = json.dumps({"autoCreateQueues": False})
    artemis.jolokia.execute(BEAN, "addAddressSettings(java.lang.String,java.lang.String)", f"{name}.x.#", settings)
    fill(artemis, name, numbered(2))
    with peeking(connection(artemis, login), name) as peek:
        peek.look()
        result = peek.act(Action("move", f"{name}.x.y"), [0, 1])
        assert result.text == "0 moved, 2 failed"
        assert "there is no queue" in reasons(result)[0]
    assert bodies(artemis, name) == numbered(2)


@pytest.mark.parametrize("login", LOGINS)
def test_a_copy_to_a_topic_is_sent(artemis: Artemis, name: str, login: str) -> None:
    fill(artemis, name, numbered(1))
    with raw(artemis) as client:
        client.receipt("SUBSCRIBE", {"id": "t", "destination": f"/topic/{name}.topic", "ack": "auto"})
        with peeking(connection(artemis, login), name) as peek:
            peek.look()
            assert peek.act(Action("copy", f"/topic/{name}.topic"), [0]).text == "1 copied"
        assert client.expect("MESSAGE").body == b"m0"
    artemis.wait_for(name, 1, 0)


def test_what_is_gone_meanwhile_is_said_and_the_others_are_moved(artemis: Artemis, name: str) -> None:
    fill(artemis, name, numbered(3))
    with peeking(connection(artemis), name) as peek:
        peek.look()
        artemis.jolokia.execute(bean(name), "removeMessage(long)", number_of(peek.frames[1]))
        result = peek.act(Action("move", f"{name}.other"), [0, 1, 2])
        assert result.text == "2 moved, 1 failed"
        assert reasons(result) == ["it is not in the queue any more, or a reader has it now"]
    assert bodies(artemis, f"{name}.other") == [b"m0", b"m2"]


def test_what_was_given_back_is_not_ours_any_more(artemis: Artemis, name: str) -> None:
    fill(artemis, name, numbered(2))
    with peeking(connection(artemis, "bob"), name) as peek:
        peek.look()
        peek.return_messages()
        result = peek.act(Action("delete"), [0])
        assert (result.text, "peek again" in reasons(result)[0]) == ("0 deleted, 1 failed", True)
    assert bodies(artemis, name) == numbered(2)


def test_a_held_look_gets_no_more_once_it_has_ended(artemis: Artemis, name: str) -> None:
    fill(artemis, name, numbered(6))
    with peeking(connection(artemis, "bob"), name) as peek:
        assert peek.look(PeekOptions(3)).count == 3
        assert peek.act(Action("delete"), [0, 1]).text == "2 deleted"
        assert len(peek.frames) == 3
        assert peek.act(Action("delete"), [2]).text == "1 deleted"
        artemis.wait_for(name, 3, 0)
        assert not any(isinstance(report, r.MessagesReturned) for report in peek.reports), (
            "there was nothing to give back"
        )
        assert counters(artemis, name)["ConsumerCount"] == 0, "nobody waits for what comes next"
    assert {frame["redelivered"] for frame in contents(artemis, name)} == {"false"}


@pytest.mark.parametrize("kind", ["ack", "delete", "reject", "move", "copy", "retry"])
@pytest.mark.parametrize("login", LOGINS)
def test_what_another_connection_holds_is_acted_on_there(
    artemis: Artemis, name: str, login: str, kind: ActionKind
) -> None:
    fill(artemis, name, numbered(3))
    event_queue, outlet = BlockingEventQueue(), EventQueue(lambda: None)
    holder = BlockingClient.make(connection(artemis, login), outlet, event_queue, BROKERS)
    holder.open()
    subscribe = [("id", "w"), ("destination", name), ("subscription-type", "ANYCAST"), ("ack", "client-individual")]
    holder.ask("SUBSCRIBE", subscribe)
    held = dict(enumerate(holder.messages(3, "w")))

    def dial(word: str, *, quiet: bool = False, versions: tuple[str, ...] = ()) -> BlockingClient:
        line = BlockingClient.make(connection(artemis, login), outlet, event_queue, BROKERS)
        line.open()
        return line

    access = BROKERS.access(name, holder.dialect, AccessContext(dial, event_queue))
    access.unacked.adopt(holder, dict(held))
    result = access.actions.act(
        Action(kind, f"{name}.other", accepts_unknown=True), [(1, held[1])], lambda index, outcome: None
    )
    assert result.count("done") == 1, result.reasons
    access.close()
    assert not holder.session.state.over, "it is not ours to end"
    holder.ask("UNSUBSCRIBE", [("id", "w")])
    holder.close()
    artemis.wait_for(name, 3 if kind == "copy" else 2, 0)
    assert bodies(artemis, f"{name}.other") == ([b"m1"] if result.action.sends else [])
    assert leftovers(artemis) == []


@pytest.mark.parametrize("login", ["guest", "bob"])
def test_what_stays_though_it_is_acknowledged_is_not_called_taken_out(
    artemis: Artemis, name: str, login: str, tmp_path: Path
) -> None:
    queue = f"{name}.stays"
    wanted = {"name": queue, "address": queue, "routing-type": "ANYCAST", "durable": True, "non-destructive": True}
    artemis.jolokia.execute(BEAN, "createQueue(java.lang.String)", json.dumps(wanted))
    fill(artemis, queue, numbered(3))
    told = f"{queue} is non-destructive: what is acknowledged stays in it"

    ran = drain(connection(artemis, login), f"/queue/{queue}", tmp_path / "d.jsonl")
    assert ran.result.text.startswith(f"0 drained; stopped: {told}")
    assert not (tmp_path / "d.jsonl").exists()

    holder = BlockingClient.make(connection(artemis, login), EventQueue(lambda: None), BlockingEventQueue(), BROKERS)
    holder.open()
    subscribe = [("id", "w"), ("destination", queue), ("subscription-type", "ANYCAST"), ("ack", "client-individual")]
    holder.ask("SUBSCRIBE", subscribe)
    held = dict(enumerate(holder.messages(3, "w")))

    def dial(word: str, *, quiet: bool = False, versions: tuple[str, ...] = ()) -> BlockingClient:
        line = BlockingClient.make(connection(artemis, login), EventQueue(lambda: None), holder.event_queue, BROKERS)
        line.open()
        return line

    # A subscription's messages are acted on by an access that is of no queue itself.
    access = BROKERS.access("", holder.dialect, AccessContext(dial, holder.event_queue))
    access.unacked.adopt(holder, held)
    for kind in ("move", "delete", "reject"):
        assert access.actions.plan(Action(kind, f"{name}.other"), [(0, held[0])]).refusal.startswith(told)
    assert access.actions.refusal(Action("copy", f"{name}.other")) == access.actions.refusal(Action("ack")) == ""
    access.close()
    holder.close()

    with peeking(connection(artemis, login), queue) as peek:
        peek.look()
        plan = peek.plan(Action("move", f"{name}.other"), [0, 1])
        if login == "bob":
            assert plan.refusal.startswith(told)
            with pytest.raises(PeekFailed, match="is non-destructive"):
                peek.act(Action("delete"), [0])
        else:
            # The management takes messages out of every queue.
            assert plan.refusal == ""
            assert peek.act(plan.action, [0, 1]).text == "2 moved"
    left = 3 if login == "bob" else 1
    artemis.wait_for(queue, left, 0)
    artemis.wait_for(f"{name}.other", 3 - left, 0)
    artemis.drop_queue(queue)


@pytest.mark.slow
@pytest.mark.parametrize(("login", "count"), [("guest", 2_000), ("bob", 10_000)])
def test_thousands_are_moved_in_order(artemis: Artemis, name: str, login: str, count: int) -> None:
    # Artemis writes each move to its disk before the next, which takes it some milliseconds.
    sent = [b"%d " % n + b"x" * 200 for n in range(count)]
    fill(artemis, name, sent)
    with peeking(connection(artemis, login), name) as peek:
        assert peek.look(PeekOptions(None)).count == count
        assert peek.act(Action("move", f"{name}.other"), range(count)).text == f"{count:,} moved"
    artemis.wait_for(name, 0, 0)
    assert bodies(artemis, f"{name}.other") == sent
