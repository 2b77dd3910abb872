"""Artemis's queues that confirm what they do not keep: said before, nothing moved without a yes, said again after."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from stomptui.protocol.jsonl import FileMessage
from stomptui.queues.actions.action import Action
from stomptui.queues.transfer.transfer import Unagreed
from tests.support.artemis_queues import bodies, connection, fill, raw
from tests.support.brokers.artemis import BEAN, Artemis
from tests.support.peeking import peeking
from tests.support.transferring import refill, start_refill

TEN = [b"m%d" % n + b"x" * 300 for n in range(10)]
SMALL = {"pageSizeBytes": 1000, "maxSizeBytes": 3000}


class Case(NamedTuple):
    """A kind of queue, what there is to say of it, and how many of ten are in it afterwards."""

    said: str
    moved: int
    sent: int
    queue: dict[str, Any] = {}
    address: dict[str, Any] = {}


CASES = {
    "drop": Case(
        "drops what is sent there once its address is full (3,000 bytes, DROP)",
        2,
        2,
        address={"addressFullMessagePolicy": "DROP", **SMALL},
    ),
    "drop by count": Case(
        "drops what is sent there once its address is full (3 messages, DROP)",
        3,
        3,
        address={"addressFullMessagePolicy": "DROP", "maxSizeMessages": 3},
    ),
    "full pages": Case(
        "drops what is sent there once its pages are full (3 messages, DROP)",
        5,
        5,
        address={"addressFullMessagePolicy": "PAGE", "pageLimitMessages": 3, "pageFullMessagePolicy": "DROP", **SMALL},
    ),
    "ring": Case("keeps at most 3 messages (ring-size 3)", 3, 3, {"ring-size": 3}),
    "last value": Case("with the same k only the last", 1, 1, {"last-value": True, "last-value-key": "k"}),
    "last value by its key alone": Case("with the same k only the last", 1, 1, {"last-value-key": "k"}),
    "purge": Case("keeps nothing while nobody reads from it", 0, 0, {"purge-on-no-consumers": True}),
    "disabled": Case("is disabled: what is sent there is dropped", 0, 0, {"enabled": False}),
    "filter": Case("does not match its filter: zz = 'b'", 10, 0, {"filter-string": "zz = 'b'"}),
    "expiry": Case("keeps a message without an end of its own for 100 ms", 0, 0, address={"expiryDelay": 100}),
    "auto-delete": Case(
        "is deleted once its last reader has left (auto-delete), with what is in it if it was made so",
        10,
        10,
        {"auto-delete": True, "auto-delete-message-count": -1},
    ),
    "not durable": Case("does not survive a restart", 10, 10, {"durable": False}),
}


@pytest.fixture
def target(artemis: Artemis, name: str, case: Case) -> Iterator[str]:
    """A queue of the kind."""
    made = f"{name}.target"
    if case.address:
        execute(artemis, "addAddressSettings(java.lang.String,java.lang.String)", made, json.dumps(case.address))
    make(artemis, made, **case.queue)
    yield made
    if case.address:
        execute(artemis, "removeAddressSettings(java.lang.String)", made)
    artemis.drop_queue(made)


def execute(artemis: Artemis, operation: str, *arguments: Any) -> Any:
    return artemis.jolokia.execute(BEAN, operation, *arguments)


def make(artemis: Artemis, name: str, **more: Any) -> None:
    wanted = {"name": name, "address": name, "routing-type": "ANYCAST", "durable": True, "auto-delete": False, **more}
    execute(artemis, "createQueue(java.lang.String)", json.dumps(wanted))


def count(artemis: Artemis, address: str, queue: str) -> int:
    """The messages in a queue that has another name than its address."""
    place = f'component=addresses,address="{address}",subcomponent=queues,routing-type="anycast",queue="{queue}"'
    return int(artemis.jolokia.read(f"{BEAN},{place}", "MessageCount"))


def settle(artemis: Artemis, name: str, count: int) -> None:
    """Wait until that many are there: an expired message is counted until somebody looks."""
    deadline = time.monotonic() + 10
    queue = f'component=addresses,address="{name}",subcomponent=queues,routing-type="anycast",queue="{name}"'
    while artemis.depth(name) != count:
        artemis.jolokia.execute(f"{BEAN},{queue}", "expireMessages(java.lang.String)", "JMSTimestamp < 0")
        assert time.monotonic() < deadline, f"{artemis.depth(name)} of {count} are in {name}"
        with peeking(connection(artemis, "bob"), name) as peek:
            peek.look()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_nothing_is_moved_where_it_is_not_kept_without_a_yes(
    artemis: Artemis, name: str, target: str, case: Case
) -> None:
    artemis.make_queue(name)
    fill(artemis, name, TEN, k="a")
    with peeking(connection(artemis), name) as peek:
        peek.look()
        action = Action("move", target)
        plan = peek.plan(action, range(10))
        assert plan.refusal == ""
        assert [risk for risk in plan.risks if case.said in risk and target in risk], plan.risks
        result = peek.act(action, range(10))
        assert result.text == "0 moved, 10 failed"
        assert all(reason.startswith("it was not agreed to: ") for reason, _ in result.reasons)
        assert artemis.depth(name) == 10
        result = peek.act(dataclasses.replace(action, accepts=plan.risks), range(10))
        assert result.text == "10 moved"
        assert set(plan.risks) <= set(result.notes)
    settle(artemis, target, case.moved)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_nothing_is_sent_there_by_a_refill_without_a_yes(
    artemis: Artemis, name: str, target: str, case: Case, tmp_path: Path
) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_bytes(b"".join(FileMessage(target, (("k", "a"),), body).line() for body in TEN))
    failed = refill(connection(artemis), path).failed
    assert isinstance(failed, Unagreed)
    assert [risk for risk in failed.risks if case.said in risk]
    assert artemis.depth(target) == 0
    result = start_refill(connection(artemis), path, accepts=failed.risks).wait().result
    assert result.text == "10 sent"
    assert set(failed.risks) <= set(result.notes)
    settle(artemis, target, case.sent)


def test_a_full_address_that_refuses_says_so_before_and_after(artemis: Artemis, name: str) -> None:
    made = f"{name}.full"
    settings = json.dumps({"addressFullMessagePolicy": "FAIL", **SMALL})
    execute(artemis, "addAddressSettings(java.lang.String,java.lang.String)", made, settings)
    make(artemis, made)
    artemis.make_queue(name)
    fill(artemis, name, TEN)
    with peeking(connection(artemis), name) as peek:
        peek.look()
        plan = peek.plan(Action("move", made), range(10))
        assert plan.risks == ()
        assert [line for line in plan.lines if "refuses what it has no room for (3,000 bytes, FAIL)" in line]
        result = peek.act(Action("move", made), range(10))
        assert result.count("failed") == 8
        assert [reason for reason, _ in result.reasons if "full" in reason]
    assert len(bodies(artemis, made)) == 2
    # Artemis counts twice what a full address refused, so what is left is read.
    with raw(artemis) as client:
        subscribe = {"id": "c", "destination": name, "subscription-type": "ANYCAST", "ack": "client-individual"}
        client.send("SUBSCRIBE", {**subscribe, "consumer-window-size": "-1"})
        assert [frame.body for frame in client.messages(8)] == TEN[2:]
        client.expect_nothing()
        client.receipt("UNSUBSCRIBE", {"id": "c"})


@pytest.mark.parametrize("policy", ["PAGE", "BLOCK"])
def test_an_address_that_keeps_all_needs_no_yes(artemis: Artemis, name: str, policy: str) -> None:
    made = f"{name}.made"
    settings = json.dumps({"addressFullMessagePolicy": policy, **SMALL})
    execute(artemis, "addAddressSettings(java.lang.String,java.lang.String)", made, settings)
    make(artemis, made, **{"max-consumers": 5})
    artemis.make_queue(name)
    fill(artemis, name, TEN)
    with peeking(connection(artemis), name) as peek:
        peek.look()
        assert peek.plan(Action("move", made), range(10)).risks == ()
        assert peek.act(Action("move", made), range(10)).text == "10 moved"
    assert len(bodies(artemis, made)) == 10


def test_what_a_divert_takes_is_said(artemis: Artemis, name: str, tmp_path: Path) -> None:
    for made in (name, f"{name}.other"):
        artemis.make_queue(made)
    signature = f"createDivert({','.join(['java.lang.String'] * 4)},boolean,java.lang.String,java.lang.String)"
    execute(artemis, signature, f"{name}.divert", f"{name}.divert", name, f"{name}.other", True, None, None)
    path = tmp_path / "messages.jsonl"
    path.write_bytes(b"".join(FileMessage(name, (), body).line() for body in TEN))
    try:
        failed = refill(connection(artemis), path).failed
        assert isinstance(failed, Unagreed)
        assert failed.risks == (f"What is sent to {name} goes to {name}.other in its place (a divert).",)
    finally:
        execute(artemis, "destroyDivert(java.lang.String)", f"{name}.divert")
    assert artemis.depth(name) == artemis.depth(f"{name}.other") == 0


@pytest.mark.parametrize(
    ("queue", "said"),
    [
        ({"filter-string": "c = '1'"}, "does not match its filter: c = '1'"),
        ({"purge-on-no-consumers": True}, "keeps nothing while nobody reads from it"),
        ({"ring-size": 1}, "keeps at most 1 message"),
        ({"enabled": False}, "is disabled"),
    ],
)
def test_an_address_whose_queues_have_other_names_is_known_by_them(
    artemis: Artemis, name: str, queue: dict[str, Any], said: str, tmp_path: Path
) -> None:
    make(artemis, f"{name}.one", address=name, **queue)
    path = tmp_path / "messages.jsonl"
    path.write_bytes(b"".join(FileMessage(f"/queue/{name}", (), body).line() for body in TEN))
    failed = refill(connection(artemis), path).failed
    assert isinstance(failed, Unagreed)
    assert [risk for risk in failed.risks if f"{name}.one" in risk and said in risk]
    assert count(artemis, name, f"{name}.one") == 0
    artemis.drop_queue(f"{name}.one")


def test_an_address_that_gives_to_two_queues_says_so(artemis: Artemis, name: str, tmp_path: Path) -> None:
    for made in ("one", "two"):
        make(artemis, f"{name}.{made}", address=name)
    path = tmp_path / "messages.jsonl"
    path.write_bytes(b"".join(FileMessage(f"/queue/{name}", (), body).line() for body in TEN))
    result = refill(connection(artemis), path).result
    assert result.text == "10 sent"
    assert count(artemis, name, f"{name}.one") == count(artemis, name, f"{name}.two") == 5


@pytest.mark.parametrize("pattern", ["{0}", "{0}.#", "*.{1}"])
def test_a_divert_is_known_before_its_address_is_there(
    artemis: Artemis, name: str, pattern: str, tmp_path: Path
) -> None:
    artemis.make_queue(f"{name}.other")
    address = f"{name}.new" if pattern == "{0}.#" else f"zz.{name}" if "*" in pattern else name
    signature = f"createDivert({','.join(['java.lang.String'] * 4)},boolean,java.lang.String,java.lang.String)"
    bound = pattern.format(name, name)
    execute(artemis, signature, f"{name}.divert", f"{name}.divert", bound, f"{name}.other", True, None, None)
    path = tmp_path / "messages.jsonl"
    path.write_bytes(b"".join(FileMessage(f"/queue/{address}", (), body).line() for body in TEN))
    try:
        failed = refill(connection(artemis), path).failed
        assert isinstance(failed, Unagreed)
        assert failed.risks == (f"What is sent to {address} goes to {name}.other in its place (a divert).",)
    finally:
        execute(artemis, "destroyDivert(java.lang.String)", f"{name}.divert")
    assert artemis.depth(f"{name}.other") == 0


def test_who_may_not_manage_is_told_that_it_is_not_known(artemis: Artemis, name: str) -> None:
    for made in (name, f"{name}.other"):
        artemis.make_queue(made)
    fill(artemis, name, TEN)
    with peeking(connection(artemis, "bob"), name) as peek:
        peek.look()
        plan = peek.plan(Action("move", f"{name}.other"), [0])
        assert plan.risks == ()
        assert plan.asks
        (unknown,) = plan.unknown
        assert "is not known: only users who may manage Artemis are told." in unknown
        assert peek.act(plan.action, [0], unknown=False).reasons == [(f"it was not agreed to: {unknown}", 1)]
        result = peek.act(plan.action, [0])
        assert result.text == "1 moved"
        assert result.notes == [f"whether {name}.other keeps them is not known"]


@pytest.mark.parametrize("login", ["guest", "bob"])
@pytest.mark.parametrize("spelling", ["{0}", "/queue/{0}", "{0}::{0}", "/queue/{0}::{0}"])
def test_a_move_into_the_same_queue_needs_a_yes(artemis: Artemis, name: str, spelling: str, login: str) -> None:
    artemis.make_queue(name)
    fill(artemis, name, TEN[:3])
    with peeking(connection(artemis, login), name) as peek:
        peek.look()
        action = Action("move", spelling.format(name))
        plan = peek.plan(action, [0])
        if plan.refusal:
            return  # without the right to manage such a name may be in no queue
        assert [risk for risk in plan.risks if "is the queue where they are" in risk]
        assert peek.act(action, [0]).text == "0 moved, 1 failed"
        assert peek.act(dataclasses.replace(action, accepts=plan.risks), [0]).text == "1 moved"
    assert bodies(artemis, name) == [TEN[1], TEN[2], TEN[0]]
