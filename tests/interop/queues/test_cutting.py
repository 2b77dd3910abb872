"""A connection that is cut at any step of an order: nothing is lost, and what was said of each message is true.

ActiveMQ, whose moves are transactions on one connection, has the same in `test_activemq_faults`.
"""

from __future__ import annotations

import dataclasses
import itertools
import time

import pytest

from stomptui.queues.actions.action import Action, ActionResult
from stomptui.queues.peek import reports as r
from stomptui.queues.peek.peek_values import PeekOptions
from tests.interop.queues.conftest import parameter
from tests.interop.queues.promises import PROMISES, Place
from tests.support.cutting import Cutter, Way
from tests.support.peeking import peeking

BODIES = [b"m0", b"m1", b"m2"]
SENDING = [
    *itertools.product(("sending",), ("up",), range(6)),
    *itertools.product(("sending",), ("down",), range(1, 5)),
]
"""CONNECT, three SENDs; CONNECTED, three RECEIPTs: the connection ends behind each of them, and before the first."""
LOOKING = [*itertools.product(("peeking",), ("up", "down"), range(1, 4))]
"""Three ACKs; three RECEIPTs."""


TRIED = ("box", "rabbitmq-classic", "rabbitmq43-quorum", "artemis-bob")
"""Of the others each does as one of these."""


@pytest.fixture(params=[parameter(promise) for promise in PROMISES if promise.id in TRIED])
def held(request: pytest.FixtureRequest) -> Place:
    return Place(request.getfixturevalue(request.param.broker), request.param)


def cut(place: Place, name: str, action: Action, which: str, way: Way, after: int) -> ActionResult:
    """Carry an order out on all three while a connection is cut."""
    queue = place.queue(name)
    place.fill(name, BODIES)
    with Cutter(place.connection.port) as cutter:
        connection = dataclasses.replace(place.connection, port=cutter.port, timeout=5.0)
        with peeking(connection, queue) as peek:
            looking: list[int] = []
            peek.before_dialling = lambda word: looking.append(len(cutter.connections)) if word == "peeking" else None
            assert peek.look(PeekOptions(len(BODIES))).count == len(BODIES)
            if which == "peeking":
                connected = cutter.connections[looking[-1]]
                connected.cut(connected.frames(way) + after, way)
            else:
                peek.before_dialling = lambda word: cutter.cut(after, way) if word == "sending" else None
            peek.peek.act(action, list(enumerate(peek.frames)))
            told = peek.wait(r.Report, which=lambda report: isinstance(report, (r.ActionEnded, r.Failed)))
    if isinstance(told, r.Failed):
        return ActionResult(action, len(BODIES), stopped=told.reason)
    assert isinstance(told, r.ActionEnded)
    return told.result


def settled(place: Place, name: str) -> None:
    """Wait until the broker has read what a lost connection sent, and let go of what it held."""
    deadline = time.monotonic() + 20
    seen: list[tuple[int, int]] = []
    while len(seen) < 4 or seen[-1][1] or len(set(seen[-4:])) > 1:
        assert time.monotonic() < deadline, f"{name} never came to rest: {seen[-4:]}"
        seen.append(place.broker.counts(name))
        time.sleep(0.03)


def truly(place: Place, name: str, other: str, result: ActionResult, moved: bool) -> None:
    """Each message is where the account says."""
    settled(place, name)
    here = [frame.body for frame in place.take(name, place.broker.depth(name))]
    there = [frame.body for frame in place.take(other, place.broker.depth(other))] if moved else []
    for index, body in enumerate(BODIES):
        outcome = result.outcomes.get(index)
        state = outcome.state if outcome else "untouched"
        places = (body in here, body in there)
        if state == "done":
            assert places == (False, moved), (body, outcome, result)
        elif state in ("failed", "untouched"):
            assert places == (True, False), (body, outcome, result)
        else:
            assert any(places) or not moved, (body, outcome, result)
            assert outcome is not None
            assert outcome.text
    assert len(here) + len(there) <= 2 * len(BODIES)
    assert here == sorted(here)


@pytest.mark.parametrize(("which", "way", "after"), [*SENDING, *LOOKING])
def test_a_move(held: Place, name: str, which: str, way: Way, after: int) -> None:
    other = f"{name}.other"
    target = held.queue(other)
    result = cut(held, name, Action("move", target, accepts_unknown=True), which, way, after)
    truly(held, name, other, result, moved=True)


@pytest.mark.parametrize(("which", "way", "after"), LOOKING)
def test_a_delete(held: Place, name: str, which: str, way: Way, after: int) -> None:
    result = cut(held, name, Action("delete"), which, way, after)
    truly(held, name, f"{name}.other", result, moved=False)
