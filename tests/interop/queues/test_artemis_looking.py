"""Artemis: looks that nobody notices, by copies or held, and connections that are left uncounted."""

from __future__ import annotations

import itertools
import json
import os
import re

import pytest

from stomptui.brokers.artemis.peek.subscription_reader import COUNTED
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.protocol.frame import Frame
from stomptui.queues.actions.action import Action
from stomptui.queues.peek import reports as r
from stomptui.queues.peek.peek_values import PeekOptions
from tests.support.artemis_queues import (
    LOGINS,
    as_bytes,
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
    settled,
    survey_of,
)
from tests.support.brokers.artemis import BEAN, Artemis
from tests.support.peeking import PeekFailed, peeking
from tests.support.pump import Pump

pytestmark = pytest.mark.broker("artemis")
_numbers = itertools.count()


@pytest.fixture
def name(artemis: Artemis) -> str:
    """An empty queue that no other test uses; `NAME.other` is another."""
    name = f"looking.{os.getpid()}.{next(_numbers)}"
    artemis.make_queue(name)
    artemis.make_queue(f"{name}.other")
    return name


@pytest.fixture(params=[False, True], ids=["prefixes", "bare"])
def bare(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.mark.parametrize(("login", "looks"), [("guest", 30), ("bob", 25)])
def test_looks_in_a_row_change_nothing(artemis: Artemis, name: str, login: str, looks: int, bare: bool) -> None:
    fill_odd(artemis, name)
    before, counted = contents(artemis, name), counters(artemis, name)
    queue = name if bare else f"/queue/{name}"
    with peeking(connection(artemis, login, bare), queue) as peek:
        # One that is to show all there is waits for more, which is slow where it is held.
        for limit in itertools.islice(itertools.cycle([None, len(before), 3, len(before), 3]), looks):
            looked = peek.look(PeekOptions(limit))
            assert looked.count == (limit or len(before))
            assert looked.held == (login == "bob")
            assert artemis.held(name) == (looked.count if login == "bob" else 0)
            assert [frame.body for frame in peek.frames] == [frame.body for frame in before][: looked.count]
        peek.look(PeekOptions(None))
        seen = peek.frames
    artemis.wait_for(name, len(before), 0)
    assert counters(artemis, name) == counted
    after = contents(artemis, name)
    assert [(lines(frame), frame.body) for frame in after] == [(lines(frame), frame.body) for frame in before]
    assert {frame["redelivered"] for frame in after} == {"false"}
    for shown, frame in zip(seen, before, strict=True):
        # How often it was delivered, and as what kind of queue, is no part of a copy.
        asked = ("redelivered", "destination-type")
        assert lines(shown, *asked) == lines(Frame(as_bytes(frame)), *asked)


@pytest.mark.parametrize("login", LOGINS)
def test_after_many_looks_it_still_takes_ten_broken_connections_to_make_a_dead_letter(
    artemis: Artemis, name: str, login: str
) -> None:
    artemis.make_queue("DLQ")
    fill(artemis, name, numbered(3))
    with peeking(connection(artemis, login), name) as peek:
        for _ in range(12):
            assert peek.look().count == 3
    for number in range(9):
        found = contents(artemis, name, drop=True)
        assert {frame["redelivered"] for frame in found} == {"true" if number else "false"}
    artemis.wait_for(name, 3, 0)
    contents(artemis, name, drop=True)
    artemis.wait_for(name, 0, 0)
    assert bodies(artemis, "DLQ") == numbered(3)


def test_a_held_look_whose_connection_breaks_costs_what_was_said(artemis: Artemis, name: str) -> None:
    artemis.make_queue("DLQ")
    fill(artemis, name, numbered(3))
    for number in range(10):
        with peeking(connection(artemis, "bob"), name) as peek:
            assert COUNTED in survey_of(peek).notice
            assert peek.look().count == 3
            marks = {frame.get("redelivered") for frame in peek.frames}
            assert marks == {"true" if number else "false"}
            (line,) = [line for word, line in peek.lines if word == "peeking"]
            line.session.close("cut by the test")
            assert "cut by the test" in peek.wait(r.MessagesReturned).why
        settled(artemis, name)
    artemis.wait_for(name, 0, 0)
    assert bodies(artemis, "DLQ") == numbered(3)


def test_what_is_said_before(artemis: Artemis, name: str) -> None:
    fill(artemis, name, numbered(7))
    with peeking(connection(artemis), f"/queue/{name}") as peek:
        survey = survey_of(peek)
        assert survey.notice == "This changes nothing at the broker: no message is locked, removed, marked or counted."
        assert (survey.exists, survey.depth, survey.holds) == (True, 7, False)
    with peeking(connection(artemis, "bob"), f"/queue/{name}") as peek:
        survey = survey_of(peek)
        assert survey.notice.startswith(
            "While you look, other consumers cannot receive these messages. They return in order; no"
        )
        assert (survey.exists, survey.depth, survey.holds, survey.refusal) == (None, None, True, "")


@pytest.mark.parametrize("login", LOGINS)
def test_a_limit_is_kept_whatever_the_sizes(artemis: Artemis, name: str, login: str) -> None:
    sizes = [5, 200_000, 10, 3_000, 1, 1, 1, 50_000, 20, 400_000, 7, 7]
    fill(artemis, name, [bytes([65 + n]) * size for n, size in enumerate(sizes)])
    before = bodies(artemis, name)
    with peeking(connection(artemis, login), name) as peek:
        for limit in (1, 2, 3, 5, 7, 9, 10, 11, 12, 13):
            assert peek.look(PeekOptions(limit)).count == min(limit, 12)
            assert [frame.body for frame in peek.frames] == before[:limit]
            artemis.wait_for(name, 12, min(limit, 12) if login == "bob" else 0)
    artemis.wait_for(name, 12, 0)
    assert {frame["redelivered"] for frame in contents(artemis, name)} == {"false"}


@pytest.mark.parametrize("login", LOGINS)
def test_more_than_the_management_lists_at_once(artemis: Artemis, name: str, login: str) -> None:
    fill(artemis, name, numbered(650))
    with peeking(connection(artemis, login), name) as peek:
        for limit in (150, 200, 201, 400, 649, None):
            looked = peek.look(PeekOptions(limit))
            # Who may not manage is not told how many there are.
            guess = r"Nothing more came for [\d.]+ s; the broker does not say whether that is all\."
            assert looked.count == (limit or 650)
            assert re.fullmatch(guess if login == "bob" and limit is None else "", looked.note), looked.note
            assert [frame.body for frame in peek.frames] == numbered(650)[:limit]
    artemis.wait_for(name, 650, 0)
    assert leftovers(artemis) == []


def test_messages_that_are_paged_to_disk_are_shown_and_moved_too(artemis: Artemis, name: str) -> None:
    settings = json.dumps({"maxSizeBytes": 100_000, "pageSizeBytes": 50_000, "addressFullMessagePolicy": "PAGE"})
    artemis.jolokia.execute(BEAN, "addAddressSettings(java.lang.String,java.lang.String)", name, settings)
    sent = [b"m%d" % n + b"x" * 1000 for n in range(450)]
    fill(artemis, name, sent)
    with peeking(connection(artemis), name) as peek:
        assert peek.look(PeekOptions(None)).count == 450
        assert [frame.body for frame in peek.frames] == sent
        assert peek.act(Action("move", f"{name}.other"), [449, 300]).text == "2 moved"
    assert bodies(artemis, f"{name}.other") == [sent[449], sent[300]]


def test_what_readers_have_and_what_is_to_come_later_is_told_of(artemis: Artemis, name: str) -> None:
    fill(artemis, name, numbered(5))
    fill(artemis, name, [b"later"], AMQ_SCHEDULED_DELAY="600000")
    with raw(artemis) as reader:
        subscribe = {"id": "r", "destination": name, "subscription-type": "ANYCAST", "ack": "client-individual"}
        reader.receipt("SUBSCRIBE", {**subscribe, "consumer-window-size": "0"})
        reader.messages(1)
        with peeking(connection(artemis), name) as peek:
            looked = peek.look()
            assert [frame.body for frame in peek.frames] == numbered(5)[1:]
            assert looked.note == (
                "1 more are with readers now and do not show. 1 more are to be delivered later and do not show."
            )


@pytest.mark.parametrize("login", LOGINS)
def test_an_empty_queue_and_names_that_are_none(artemis: Artemis, name: str, login: str) -> None:
    with peeking(connection(artemis, login), name) as peek:
        looked = peek.look()
        assert (looked.count, looked.held) == (0, False)
        assert "is empty" in looked.note
    for wrong, why in (
        ("/topic/x", "not kept anywhere"),
        ("a.#", "stands for several queues"),
        ("/queue/", "is not the name of a queue"),
    ):
        with peeking(connection(artemis, login), wrong) as peek:
            assert why in survey_of(peek).refusal
            with pytest.raises(PeekFailed, match=why):
                peek.look()
    artemis.drop_queue(name)
    with peeking(connection(artemis, login), name) as peek:
        if login == "guest":
            assert survey_of(peek).refusal == f"there is no queue {name}"
            with pytest.raises(PeekFailed, match="there is no queue"):
                peek.look()
        else:
            assert "creates it, empty" in survey_of(peek).notice


@pytest.mark.parametrize("login", LOGINS)
def test_a_queue_of_another_address(artemis: Artemis, name: str, login: str, bare: bool) -> None:
    wanted = {"name": f"{name}.sub", "address": f"{name}.topic", "routing-type": "MULTICAST", "durable": True}
    artemis.jolokia.execute(BEAN, "createQueue(java.lang.String)", json.dumps(wanted))
    with raw(artemis) as client:
        for body in numbered(4):
            client.receipt("SEND", {"destination": f"/topic/{name}.topic", "persistent": "true"}, body)
    with peeking(connection(artemis, login, bare), f"{name}.topic::{name}.sub") as peek:
        assert peek.look(PeekOptions(3)).count == 3
        assert [frame.body for frame in peek.frames] == numbered(3)
        assert peek.act(Action("move", f"{name}.other"), [1]).text == "1 moved"
        plan = peek.plan(Action("move", f"{name}.topic::{name}.sub"), [0])
        assert ("would be lost" in plan.refusal) == (login == "bob")
    assert bodies(artemis, f"{name}.other") == [b"m1"]
    if login == "guest":
        with peeking(connection(artemis, login, bare), f"{name}.other") as peek:
            peek.look()
            assert peek.peek.access.forwarding.messages.origin(peek.frames[0]) == f"{name}.topic::{name}.sub"
            assert peek.act(Action("retry"), [0]).text == "1 retried"
        with peeking(connection(artemis), f"{name}.sub") as peek:
            assert peek.look().count == 4


@pytest.mark.parametrize("login", LOGINS)
def test_nothing_of_ours_stays_in_the_broker(artemis: Artemis, name: str, login: str) -> None:
    fill(artemis, name, numbered(3))
    with peeking(connection(artemis, login), name) as peek:
        peek.look()
        peek.act(Action("move", f"{name}.other"), [0])
        peek.act(Action("delete"), [1])
    assert leftovers(artemis) == []
    assert counters(artemis, name)["ConsumerCount"] == 0


def test_a_connection_that_only_looks_is_left_uncounted(artemis: Artemis, name: str) -> None:
    fill(artemis, name, numbered(3))
    for _ in range(12):
        pump = Pump(connection(artemis))
        pump.up()
        watch = pump.link.add(WantedSubscription(f"/queue/{name}"))
        pump.until(lambda watch=watch: watch.total == 3, "looked at")  # type: ignore[misc]
        pump.link.stop()
        pump.until(lambda pump=pump: pump.link.session is None, "gone")  # type: ignore[misc]
    settled(artemis, name)
    assert {frame["redelivered"] for frame in contents(artemis, name)} == {"false"}
