"""ActiveMQ Classic: whatever breaks while messages are acted on, each is in one place, and what was said is true."""

from __future__ import annotations

import dataclasses
import itertools
import os
import signal
import subprocess
import sys
import time
from typing import get_args

import pytest

from stomptui.queues.actions.action import Action, ActionResult
from stomptui.queues.peek import reports as r
from stomptui.queues.peek.peek_values import PeekOptions
from tests.support.brokers.activemq import BEAN, ActiveMQ
from tests.support.cutting import Cutter, Way
from tests.support.peeking import peeking
from tests.support.raw import RawStomp

_numbers = itertools.count()
COUNT = 3
UP = ["CONNECT", "SUBSCRIBE", "BEGIN", *["SEND"] * COUNT, *["ACK"] * COUNT, "COMMIT", "UNSUBSCRIBE", "DISCONNECT"]
"""What the connection that moves sends, in order."""
DOWN = ["CONNECTED", "RECEIPT", *["MESSAGE"] * COUNT, *["RECEIPT"] * COUNT, "RECEIPT", "RECEIPT", "RECEIPT"]
"""What it gets: for SUBSCRIBE, the messages, for each SEND, the last ACK, COMMIT, DISCONNECT."""


@pytest.fixture(params=[pytest.param(key, marks=pytest.mark.broker(key)) for key in ("activemq5", "activemq6")])
def classic(request: pytest.FixtureRequest) -> ActiveMQ:
    broker = request.getfixturevalue(request.param)
    assert isinstance(broker, ActiveMQ)
    return broker


@pytest.fixture
def name(classic: ActiveMQ) -> str:
    name = f"faults.{os.getpid()}.{next(_numbers)}"
    classic.make_queue(name)
    classic.make_queue(f"{name}.other")
    return name


def raw(broker: ActiveMQ) -> RawStomp:
    client = RawStomp("127.0.0.1", broker.port, timeout=20)
    client.connect()
    return client


def fill(broker: ActiveMQ, name: str, count: int) -> None:
    with raw(broker) as client:
        client.send("BEGIN", {"transaction": "t"})
        for number in range(count):
            headers = {"destination": f"/queue/{name}", "persistent": "true", "transaction": "t"}
            client.send("SEND", headers, b"m%d" % number)
        client.receipt("COMMIT", {"transaction": "t"})


def take(broker: ActiveMQ, name: str) -> list[bytes]:
    """Everything that a reader gets out of a queue, by a bare socket, in order."""
    found: list[bytes] = []
    depth = broker.depth(name)
    with raw(broker) as client:
        client.receipt("SUBSCRIBE", {"id": "t", "destination": f"/queue/{name}", "ack": "client-individual"})
        while len(found) < depth:
            frame = client.expect("MESSAGE")
            found.append(frame.body)
            client.send("ACK", {"id": frame["ack"]})
        client.expect_nothing(0.1)
        client.receipt("UNSUBSCRIBE", {"id": "t"})
    return found


def settled(broker: ActiveMQ, name: str) -> None:
    """Wait until the broker has read what a lost connection sent to its end, and let go of what it held."""
    deadline = time.monotonic() + 20
    bean = f"{BEAN},destinationType=Queue,destinationName={name}"
    while broker.jolokia.read(bean, "ConsumerCount") or broker.held(name):
        assert time.monotonic() < deadline, f"{name} still has a reader"
        time.sleep(0.02)


def settle(broker: ActiveMQ, name: str, total: int) -> tuple[list[bytes], list[bytes]]:
    """What is in the queue and in the other one."""
    settled(broker, name)
    here, there = take(broker, name), take(broker, f"{name}.other")
    assert len(here) + len(there) == total, (here, there)
    return here, there


def act_and_cut(broker: ActiveMQ, name: str, action: Action, after: int, way: Way) -> ActionResult:
    with Cutter(broker.port) as cutter:
        connection = dataclasses.replace(broker.connection(), port=cutter.port, timeout=5.0)
        with peeking(connection, f"/queue/{name}") as peek:
            assert peek.look().count == COUNT
            # A target is asked about on a connection of its own before; after the cut another one goes on.
            cuts = iter([lambda: cutter.cut(after, way)])
            peek.before_dialling = lambda word: next(cuts, lambda: None)() if word == action.present else None
            peek.peek.act(action, list(enumerate(peek.frames)))
            told = peek.wait(r.Report, which=lambda report: isinstance(report, (r.ActionEnded, r.Failed)))
        assert cutter.cut_within(5)
    if isinstance(told, r.Failed):
        return ActionResult(action, COUNT, stopped=told.reason)
    assert isinstance(told, r.ActionEnded)
    return told.result


STEPS = [
    *(pytest.param(n, way, id=f"{way}-{n}-{(UP if way == 'up' else DOWN)[n - 1] if n else 'at-once'}")
      for way in get_args(Way) for n in range(len(UP if way == "up" else DOWN) + (way == "up"))),
]  # fmt: skip


@pytest.mark.parametrize(("after", "way"), STEPS)
def test_a_move_that_is_cut_at_any_step_loses_nothing_and_doubles_nothing(
    classic: ActiveMQ, name: str, after: int, way: Way
) -> None:
    fill(classic, name, COUNT)
    result = act_and_cut(classic, name, Action("move", f"{name}.other", accepts_unknown=True), after, way)
    here, there = settle(classic, name, COUNT)
    everything = [b"m%d" % number for number in range(COUNT)]
    assert (here, there) in ((everything, []), ([], everything)), "all or nothing"
    states = {result.outcomes[index].state if index in result.outcomes else "untouched" for index in range(COUNT)}
    assert len(states) == 1
    (state,) = states
    if state == "done":
        assert there == everything
    elif state in ("failed", "untouched"):
        assert here == everything
    # Also when the answer to COMMIT does not come: it shows in the queue.
    assert state != "doubt"


@pytest.mark.parametrize("after", range(1, 8))
def test_a_delete_that_is_cut_at_any_step_says_what_is_true(classic: ActiveMQ, name: str, after: int) -> None:
    fill(classic, name, COUNT)
    result = act_and_cut(classic, name, Action("delete"), after, "up")
    settled(classic, name)
    left = take(classic, name)
    for index in range(COUNT):
        state = result.outcomes[index].state if index in result.outcomes else "untouched"
        assert state == "doubt" or (b"m%d" % index in left) == (state != "done")


def test_a_killed_process_leaves_every_message_in_one_place(classic: ActiveMQ, name: str) -> None:
    count = 3000
    fill(classic, name, count)
    argv = [sys.executable, "-m", "tests.support.mover", str(classic.port), "guest", f"/queue/{name}", f"{name}.other"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"moving {count}\n"
        process.send_signal(signal.SIGKILL)
    here, there = settle(classic, name, count)
    assert there == [b"m%d" % number for number in range(len(there))]
    assert here == [b"m%d" % number for number in range(len(there), count)]
    assert 0 < len(there) < count


def test_a_broker_that_dies_meanwhile_keeps_every_message_in_one_place(classic: ActiveMQ, name: str) -> None:
    count = 2000
    fill(classic, name, count)
    with peeking(classic.connection(), f"/queue/{name}") as peek:
        peek.look(PeekOptions(None))
        peek.peek.act(Action("move", f"{name}.other", accepts_unknown=True), list(enumerate(peek.frames)))
        peek.wait(r.MessageOutcomes)
        classic.kill()
        result = peek.wait(r.ActionEnded).result
        classic.start()
    here, there = settle(classic, name, count)
    assert not set(here) & set(there)
    done = result.count("done")
    assert 0 < done < count
    assert done <= len(there) <= done + result.count("doubt")
    assert result.stopped
