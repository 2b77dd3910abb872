"""Artemis: whatever breaks while messages are moved, none is lost, and what was said of each is true."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace

import pytest

from stomptui.config.connection import Connection
from stomptui.queues.actions.action import Action, ActionResult
from stomptui.queues.peek import reports as r
from tests.support.artemis_queues import fill, raw, settled
from tests.support.brokers.artemis import Artemis
from tests.support.cutting import Cutter, Way
from tests.support.peeking import Peeking, peeking
from tests.support.raw import RawFrame

pytestmark = pytest.mark.broker("artemis")
_numbers = itertools.count()
COUNT = 3
SENT = [b"m%d" % number for number in range(COUNT)]


@pytest.fixture
def name(artemis: Artemis) -> str:
    name = f"faults.{os.getpid()}.{next(_numbers)}"
    artemis.make_queue(name)
    artemis.make_queue(f"{name}.other")
    return name


def take(broker: Artemis, name: str) -> list[bytes]:
    """Everything that a reader gets out of a queue, by a bare socket, in order."""
    frames: list[RawFrame] = []
    deadline = time.monotonic() + 20
    with raw(broker) as client:
        subscribe = {"id": "t", "destination": name, "subscription-type": "ANYCAST", "ack": "client-individual"}
        client.send("SUBSCRIBE", {**subscribe, "consumer-window-size": "-1"})
        # A move that the broker was told of before the cut may take one away while this reads.
        while len(frames) < (depth := broker.depth(name)):
            assert time.monotonic() < deadline, f"{len(frames)} of {depth} came"
            with contextlib.suppress(TimeoutError):
                while len(frames) < depth:
                    frames.append(client.expect("MESSAGE", 0.5))
        client.expect_nothing(0.1)
        for frame in frames:
            client.send("ACK", {"id": frame["message-id"]})
        client.receipt("UNSUBSCRIBE", {"id": "t"})
    return [frame.body for frame in frames]


def judge(broker: Artemis, name: str, result: ActionResult, total: int = COUNT) -> None:
    """Where each message is now, and whether that is what was said."""
    settled(broker, name)
    places = Counter(take(broker, name)), Counter(take(broker, f"{name}.other"))
    for index in range(total):
        body = b"m%d" % index
        here, there = (place[body] for place in places)
        outcome = result.outcomes.get(index)
        state = outcome.state if outcome else "untouched"
        assert here + there >= 1, f"{body!r} is lost: {outcome}"
        assert here + there == 1 or (state == "doubt" and not result.atomic), f"{body!r} is doubled: {outcome}"
        if state == "done":
            assert (here, there) == (0, 1), outcome
        elif state in ("failed", "untouched"):
            assert (here, there) == (1, 0), outcome
    assert sum(places[0].values()) + sum(places[1].values()) <= total * (1 if result.atomic else 2)


def moved(peek: Peeking, name: str) -> ActionResult:
    """Move all that was shown; the account says that nothing was done if it could not be begun."""
    action = Action("move", f"{name}.other", accepts_unknown=True)
    peek.peek.act(action, list(enumerate(peek.frames)))
    told = peek.wait(r.Report, which=lambda report: isinstance(report, r.ActionEnded | r.Failed))
    if isinstance(told, r.Failed):
        return ActionResult(action, COUNT, stopped=told.reason)
    assert isinstance(told, r.ActionEnded)
    return told.result


def through(cutter: Cutter, login: str) -> Connection:
    return Connection(port=cutter.port, login=login, passcode=login, timeout=5.0)


CALLS = 5
"""Questions about the target before the messages are moved."""
NATIVE = [
    *(pytest.param("up", n, id=f"up-{n}") for n in range(CALLS + COUNT + 1)),
    *(pytest.param("down", n, id=f"down-{n}") for n in range(2 * (CALLS + COUNT))),
]


@pytest.mark.parametrize(("way", "after"), NATIVE)
def test_a_move_by_the_management_that_is_cut_leaves_each_in_one_place(
    artemis: Artemis, name: str, way: Way, after: int
) -> None:
    fill(artemis, name, SENT)
    with Cutter(artemis.port) as cutter, peeking(through(cutter, "guest"), name) as peek:
        assert peek.look().count == COUNT
        (managing,) = [one for one in cutter.connections if not one.over.is_set()][-1:]
        managing.cut(managing.frames(way) + after, way) if after else managing.cut_now()
        result = moved(peek, name)
    judge(artemis, name, result)
    # Mostly it is seen in the queue they were in whether they were moved.
    doubts = [outcome.text for outcome in result.outcomes.values() if outcome.state == "doubt"]
    assert all(text.startswith("it was moved or not, and is in one of the two places: ") for text in doubts)


@pytest.mark.parametrize(
    ("way", "after"), [("up", n) for n in range(COUNT + 2)] + [("down", n) for n in range(COUNT + 2)]
)
def test_a_move_by_hand_whose_sending_connection_is_cut_loses_nothing(
    artemis: Artemis, name: str, way: Way, after: int
) -> None:
    fill(artemis, name, SENT)
    with Cutter(artemis.port) as cutter, peeking(through(cutter, "bob"), name) as peek:
        assert peek.look().count == COUNT
        cutter.cut(after, way)
        result = moved(peek, name)
        assert result.count("done") == COUNT or cutter.cut_within(5)
    judge(artemis, name, result)


@pytest.mark.parametrize(
    ("way", "after"), [("up", n) for n in range(COUNT + 1)] + [("down", n) for n in range(COUNT + 1)]
)
def test_a_move_by_hand_whose_holding_connection_is_cut_loses_nothing(
    artemis: Artemis, name: str, way: Way, after: int
) -> None:
    fill(artemis, name, SENT)
    with Cutter(artemis.port) as cutter, peeking(through(cutter, "bob"), name) as peek:
        assert peek.look().count == COUNT
        holding = cutter.connections[-1]
        holding.cut(holding.frames(way) + after, way) if after else holding.cut_now()
        result = moved(peek, name)
    judge(artemis, name, result)
    for outcome in result.outcomes.values():
        assert outcome.state in ("done", "doubt", "failed")


@pytest.mark.parametrize("login", ["guest", "bob"])
def test_a_process_that_is_killed_while_it_moves_loses_nothing(artemis: Artemis, name: str, login: str) -> None:
    total = 2_000
    fill(artemis, name, [b"m%d" % number for number in range(total)])
    argv = [sys.executable, "-m", "tests.support.mover", str(artemis.port), login, name, f"{name}.other"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"moving {total}\n"
        process.send_signal(signal.SIGKILL)
    settled(artemis, name)
    here, there = Counter(take(artemis, name)), Counter(take(artemis, f"{name}.other"))
    both = here + there
    assert len(both) == total, "none is lost"
    twice = [body for body, count in both.items() if count > 1]
    assert len(twice) <= (0 if login == "guest" else 200), "no more than were under way"
    assert max(there.values(), default=1) == max(here.values(), default=1) == 1


@pytest.mark.parametrize("login", ["guest", "bob"])
def test_a_broker_that_is_killed_while_messages_are_moved_loses_nothing(
    artemis: Artemis, name: str, login: str
) -> None:
    total = 2_000
    fill(artemis, name, [b"m%d" % number for number in range(total)])
    connection = replace(artemis.connection_as(login), timeout=5.0)
    with peeking(connection, name) as peek:
        peek.look()
        items = list(enumerate(peek.frames))
        peek.peek.act(Action("move", f"{name}.other", accepts_unknown=True), items)
        peek.wait(r.MessageOutcomes)
        artemis.kill()
        try:
            result = peek.wait(r.ActionEnded, timeout=60).result
        finally:
            artemis.start()
    result.total = total
    judge(artemis, name, result, total)
