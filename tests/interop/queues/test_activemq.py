"""ActiveMQ Classic: a look that the broker does not notice, and acts that reach exactly what was chosen."""

from __future__ import annotations

import dataclasses
import itertools
import os
import time
from typing import Any

import pytest

from stomptui.brokers.activemq.access import activemq_access
from stomptui.brokers.registry import BROKERS
from stomptui.connection.blocking_client import BlockingClient, BlockingEventQueue
from stomptui.connection.event_queue import NullSink
from stomptui.protocol.frame import Frame
from stomptui.queues.access_context import AccessContext
from stomptui.queues.actions.action import Action, ActionKind, ActionResult
from stomptui.queues.peek.peek_values import PeekOptions
from stomptui.queues.peek.reports import Surveyed
from tests.support.brokers.activemq import BEAN, ActiveMQ
from tests.support.peeking import PeekFailed, Peeking, peeking
from tests.support.raw import RawFrame, RawStomp

_numbers = itertools.count()
DELIVERY = frozenset(("message-id", "subscription", "ack", "redelivered"))
DEAD = "/queue/ActiveMQ.DLQ"
COUNTERS = ("QueueSize", "InFlightCount", "DequeueCount", "ExpiredCount", "EnqueueCount")
ODD = [
    ("text", [("n", "0"), ("a", "1"), ("a", "2"), ("odd\\cname", "x\\cy\\nz\\\\w\\r"), ("empty", "")], b"text", False),
    ("emoji", [("unicode", "é日本😀"), (" lead", " blanks ")], "é日本😀".encode(), False),
    ("bytes", [("content-type", "application/octet-stream")], b"\0\1binary\0\xff", True),
    ("empty bytes", [], b"", True),
    ("json", [("content-type", "application/json"), ("type", "T"), ("priority", "7")], b'{"a": 1}', False),
    ("reply", [("reply-to", "/queue/ans"), ("correlation-id", "c:1".replace(":", "\\c"))], b"line\nfeeds\r\n\n", False),
    ("later", [("expires", str(int(time.time() * 1000) + 3_600_000)), ("timestamp", "1500000000000")], b"x", True),
]
"""What is in a message of every kind: name, header lines as on the wire, body, whether it has a length."""


@pytest.fixture(params=[pytest.param(key, marks=pytest.mark.broker(key)) for key in ("activemq5", "activemq6")])
def classic(request: pytest.FixtureRequest) -> ActiveMQ:
    broker = request.getfixturevalue(request.param)
    assert isinstance(broker, ActiveMQ)
    return broker


@pytest.fixture
def name(classic: ActiveMQ) -> str:
    """An empty queue that no other test uses."""
    name = f"classic.{os.getpid()}.{next(_numbers)}"
    classic.make_queue(name)
    return name


def raw(broker: ActiveMQ) -> RawStomp:
    client = RawStomp("127.0.0.1", broker.port, timeout=20)
    client.connect()
    return client


def send(
    broker: ActiveMQ, name: str, body: bytes, headers: list[tuple[str, str]], sized: bool = False, lasting: bool = True
) -> None:
    lines = [("destination", f"/queue/{name}"), *headers]
    lines += [("persistent", "true")] * lasting + [("content-length", str(len(body)))] * sized
    with raw(broker) as client:
        client.receipt("SEND", lines, body)


def fill(broker: ActiveMQ, name: str, count: int, **more: str) -> None:
    """m0, m1, ... in one transaction."""
    with raw(broker) as client:
        client.send("BEGIN", {"transaction": "t"})
        headers = {"destination": f"/queue/{name}", "persistent": "true", "transaction": "t", **more}
        for number in range(count):
            client.send("SEND", {**headers, "n": str(number)}, b"m%d" % number)
        client.receipt("COMMIT", {"transaction": "t"})


def browse(broker: ActiveMQ, destination: str) -> list[RawFrame]:
    """What is in a queue, by a bare socket."""
    with raw(broker) as client:
        client.send("SUBSCRIBE", {"id": "b", "destination": destination, "browser": "true", "ack": "auto"})
        found: list[RawFrame] = []
        while (frame := client.expect("MESSAGE")).get("message-id") != "0":
            found.append(frame)
        return found


def bodies(broker: ActiveMQ, name: str) -> list[bytes]:
    return [frame.body for frame in browse(broker, f"/queue/{name}")]


def lines(frame: RawFrame | Frame, *without: str) -> list[tuple[str, str]]:
    """The headers but those of one delivery, in order."""
    return [line for line in frame.headers if line[0] not in DELIVERY and line[0] not in without]


def counters(broker: ActiveMQ, name: str) -> dict[str, Any]:
    found = broker.jolokia.read(f"{BEAN},destinationType=Queue,destinationName={name}", *COUNTERS)
    assert isinstance(found, dict)
    return found


def reasons(result: ActionResult) -> list[str]:
    return [reason for reason, _ in result.reasons]


# Looking


def test_thirty_looks_in_a_row_change_nothing(classic: ActiveMQ, name: str) -> None:
    for kind, headers, body, sized in ODD:
        send(classic, name, body, [*headers, ("kind", kind)], sized)
    send(classic, name, b"not kept", [("kind", "passing")], lasting=False)
    before, counted = browse(classic, f"/queue/{name}"), counters(classic, name)
    with peeking(classic.connection(), f"/queue/{name}") as peek:
        (survey,) = [report.survey for report in peek.reports if isinstance(report, Surveyed)]
        assert survey.notice == "This changes nothing at the broker: no message is locked, removed, marked or counted."
        assert (survey.exists, survey.depth, survey.holds) == (True, len(before), False)
        for limit in [None, 100, 3] * 10:
            looked = peek.look(PeekOptions(limit))
            assert not looked.held
            assert looked.count == (3 if limit == 3 else len(before))
            assert [frame.body for frame in peek.frames] == [frame.body for frame in before][: looked.count]
    assert counters(classic, name) == counted
    after = browse(classic, f"/queue/{name}")
    assert [(frame.headers, frame.body) for frame in after] == [(frame.headers, frame.body) for frame in before]
    assert {frame.get("redelivered") for frame in after} == {None}


def test_what_another_reader_holds_is_shown_and_stays_with_it(classic: ActiveMQ, name: str) -> None:
    fill(classic, name, 10)
    with raw(classic) as reader:
        subscribe = {"id": "r", "destination": f"/queue/{name}", "ack": "client-individual"}
        reader.receipt("SUBSCRIBE", {**subscribe, "activemq.prefetchSize": "4"})
        held = reader.messages(4)
        with peeking(classic.connection(), f"/queue/{name}") as peek:
            assert peek.look().count == 10
            assert [frame.get("redelivered") for frame in peek.frames] == [None] * 10
            classic.wait_for(name, 10, 4)
            result = peek.act(Action("delete"), [1, 6])
            assert result.text == "1 deleted, 1 failed"
            assert reasons(result) == ["it did not come: another reader has it, or has taken it"]
        for frame in held:
            reader.receipt("ACK", {"id": frame["ack"]})
    classic.wait_for(name, 5)
    assert bodies(classic, name) == [b"m4", b"m5", b"m7", b"m8", b"m9"]


def test_a_queue_that_is_not_there_is_not_made_by_looking(classic: ActiveMQ) -> None:
    missing = f"classic.{os.getpid()}.missing"
    peek = Peeking(classic.connection(), f"/queue/{missing}")
    try:
        survey = peek.survey()
        assert (survey.exists, survey.refusal) == (False, f"there is no queue {missing}")
    finally:
        peek.close()
    names = classic.jolokia.read(BEAN, "Queues")
    assert not [bean for bean in names if missing in str(bean)]


def test_who_may_only_read_can_look_and_makes_nothing(classic: ActiveMQ, name: str) -> None:
    fill(classic, name, 3)
    reader = classic.connection_as("reader")
    with peeking(reader, f"/queue/{name}") as peek:
        assert peek.look().count == 3
    peek = Peeking(reader, f"/queue/{name}.missing")
    try:
        assert peek.survey().exists is False
        with pytest.raises(PeekFailed) as failed:
            peek.look()
        assert failed.value.failed.reason == "this user has no permission for that"
    finally:
        peek.close()


def test_stomp_1_0_has_no_browser(classic: ActiveMQ, name: str) -> None:
    fill(classic, name, 1)
    old = dataclasses.replace(classic.connection(), versions=("1.0",))
    peek = Peeking(old, f"/queue/{name}")
    try:
        assert "with STOMP 1.1 or later" in peek.survey().refusal
        with pytest.raises(PeekFailed, match=r"with STOMP 1\.1 or later"):
            peek.look()
    finally:
        peek.close()


def test_a_text_with_a_nul_is_not_sent_on_in_part(classic: ActiveMQ, name: str) -> None:
    bean = f"{BEAN},destinationType=Queue,destinationName={name}"
    for text in ("before\0behind", "whole"):
        sending = "sendTextMessage(java.lang.String,java.lang.String,java.lang.String)"
        classic.jolokia.execute(bean, sending, text, "guest", "guest")
    with peeking(classic.connection(), f"/queue/{name}") as peek:
        looked = peek.look()
        assert looked.count == 2
        assert looked.note == "Of 1 message with a NUL in the text only what is before it came."
        plan = peek.plan(Action("move", f"{name}.other"), [0, 1])
        assert plan.problems == ((0, "its text holds a NUL, at which STOMP cut it off: not all of it came"),)
        assert peek.act(Action("move", f"{name}.other"), [0, 1]).text == "1 moved, 1 failed"
    assert bodies(classic, f"{name}.other") == [b"whole"]


# Acting


def test_the_fifth_of_ten_is_deleted_and_nothing_else_is_touched(classic: ActiveMQ, name: str) -> None:
    fill(classic, name, 10)
    before = browse(classic, f"/queue/{name}")
    with peeking(classic.connection(), f"/queue/{name}") as peek:
        peek.look()
        assert peek.act(Action("delete"), [4]).text == "1 deleted"
    classic.wait_for(name, 9)
    after = browse(classic, f"/queue/{name}")
    assert [frame.headers for frame in after] == [frame.headers for frame in before[:4] + before[5:]]
    assert {frame.get("redelivered") for frame in after} == {None}
    assert counters(classic, name)["DequeueCount"] == 1


@pytest.mark.parametrize("kind", ["move", "copy"])
def test_messages_of_every_kind_arrive_as_they_were(classic: ActiveMQ, name: str, kind: ActionKind) -> None:
    for what, headers, body, sized in ODD:
        send(classic, name, body, [*headers, ("kind", what)], sized)
    before = browse(classic, f"/queue/{name}")
    with peeking(classic.connection(), f"/queue/{name}") as peek:
        peek.look()
        plan = peek.plan(Action(kind, f"{name}.other"), range(len(ODD)))
        assert (plan.problems, plan.left_out, plan.destroys, plan.refusal) == ((), (), False, "")
        result = peek.act(Action(kind, f"{name}.other"), range(len(ODD)))
        assert (result.count("done"), result.reasons) == (len(ODD), [])
    after = browse(classic, f"/queue/{name}.other")
    assert [frame.body for frame in after] == [frame.body for frame in before]
    for frame, was in zip(after, before, strict=True):
        assert lines(frame, "destination") == lines(was, "destination")
    left = browse(classic, f"/queue/{name}")
    assert [frame.headers for frame in left] == ([] if kind == "move" else [frame.headers for frame in before])


def test_rejected_messages_become_dead_letters_or_are_gone_and_a_retry_brings_them_back(
    classic: ActiveMQ, name: str
) -> None:
    end = str(int(time.time() * 1000) + 3_600_000)
    odd = f"{name}:odd name"
    send(classic, odd.replace(":", "\\c"), b"kept", [("mine", name), ("expires", end), ("timestamp", "1500000000000")])
    send(classic, odd.replace(":", "\\c"), b"passing", [("mine", name)], lasting=False)
    with peeking(classic.connection(), f"/queue/{odd}") as peek:
        peek.look()
        plan = peek.plan(Action("reject"), [0, 1])
        assert plan.destroys
        assert plan.lines[:2] == (
            "1 of them goes to the dead letters, by default ActiveMQ.DLQ.",
            "1 of them is not persistent: ActiveMQ deletes it, unless a policy of the broker keeps such dead letters.",
        )
        lasting = [index for index, frame in enumerate(peek.frames) if frame.body == b"kept"]
        assert not peek.plan(Action("reject"), lasting).destroys
        before = {frame.body: frame for frame in peek.frames}[b"kept"]
        assert peek.act(Action("reject"), [0, 1]).text == "2 rejected"
    with peeking(classic.connection(), DEAD) as peek:
        peek.look(PeekOptions(None))
        dead = [index for index, frame in enumerate(peek.frames) if frame.get("mine") == name]
        assert [peek.frames[index].body for index in dead] == [b"kept"]
        assert peek.peek.access.forwarding.messages.origin(peek.frames[dead[0]]) == f"/queue/{odd}"
        plan = peek.plan(Action("retry"), dead)
        assert {header for header, _ in plan.left_out} == {"original-destination", "originalExpiration"}
        assert peek.act(Action("retry"), dead).text == "1 retried"
        peek.look(PeekOptions(None))
        assert not [frame for frame in peek.frames if frame.get("mine") == name]
    (back,) = browse(classic, f"/queue/{odd}".replace(":", "\\c"))
    assert back.body == b"kept"
    assert [value for header, value in back.headers if header == "expires"] == [end]
    assert sorted(header for header, _ in lines(back)) == sorted(header for header, _ in lines(before))


def test_an_expired_message_is_retried_without_its_end(classic: ActiveMQ, name: str) -> None:
    send(classic, name, b"late", [("mine", name), ("expires", str(int(time.time() * 1000) - 1000))])
    with peeking(classic.connection(), DEAD) as peek:
        peek.look(PeekOptions(None))
        dead = [index for index, frame in enumerate(peek.frames) if frame.get("mine") == name]
        assert "dlqDeliveryFailureCause" in dict(peek.plan(Action("retry"), dead).left_out)
        assert peek.act(Action("retry"), dead).text == "1 retried"
    (back,) = browse(classic, f"/queue/{name}")
    assert (back.get("expires"), back.get("original-destination"), back.get("originalExpiration")) == ("0", None, None)


def test_what_stomp_does_not_show_is_said_before_it_is_lost(classic: ActiveMQ, name: str) -> None:
    pair = b'{"map":{"entry":{"string":["k","v"]}}}'
    send(classic, name, pair, [("transformation", "jms-map-json")])
    send(classic, name, b"text", [])
    with peeking(classic.connection(), f"/queue/{name}") as peek:
        assert "1 with an empty body may be JMS map, object or stream messages" in peek.look().note
        plan = peek.plan(Action("move", f"{name}.other"), [0, 1])
        assert plan.destroys
        assert plan.lines[0].startswith("1 of them has an empty body")
        assert not peek.plan(Action("move", f"{name}.other"), [1]).destroys


def test_what_is_far_behind_is_reached_after_a_restart_of_the_broker(classic: ActiveMQ, name: str) -> None:
    fill(classic, name, 1000)
    with peeking(classic.connection(), f"/queue/{name}") as peek:
        assert peek.look(PeekOptions(None)).count == 1000
        classic.restart()
        result = peek.act(Action("move", f"{name}.other"), [3, 700, 999])
        assert (result.text, result.reasons) == ("3 moved", [])
        result = peek.act(Action("delete"), [3])
        assert reasons(result) == ["it is not in the queue any more"]
    assert bodies(classic, f"{name}.other") == [b"m3", b"m700", b"m999"]
    left = browse(classic, f"/queue/{name}")
    assert [frame.body for frame in left] == [b"m%d" % n for n in range(1000) if n not in (3, 700, 999)]
    assert {frame.get("redelivered") for frame in left} == {None}


def test_a_thousand_move_in_order(classic: ActiveMQ, name: str) -> None:
    fill(classic, name, 1000)
    with peeking(classic.connection(), f"/queue/{name}") as peek:
        peek.look(PeekOptions(None))
        result = peek.act(Action("move", f"{name}.other"), range(1000))
        assert (result.text, result.reasons) == ("1,000 moved", [])
    assert bodies(classic, f"{name}.other") == [b"m%d" % n for n in range(1000)]
    classic.wait_for(name, 0)


def test_who_may_not_write_there_loses_nothing(classic: ActiveMQ, name: str) -> None:
    fill(classic, name, 5)
    with peeking(classic.connection_as("reader"), f"/queue/{name}") as peek:
        peek.look()
        result = peek.act(Action("move", f"{name}.other"), range(5))
        assert result.text == "0 moved, 5 failed"
        assert reasons(result) == ["this user has no permission for that"]
    classic.wait_for(name, 5, 0)
    assert bodies(classic, name) == [b"m%d" % n for n in range(5)]


# What a subscription of the person's own connection holds


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_what_is_held_is_moved_on_the_connection_that_holds_it(classic: ActiveMQ, name: str, version: str) -> None:
    fill(classic, name, 6)
    connection = dataclasses.replace(classic.connection(), versions=(version,))
    event_queue = BlockingEventQueue()
    line = BlockingClient.make(connection, NullSink(), event_queue, BROKERS)
    line.open()
    opened: list[str] = []

    def dial(word: str, *, quiet: bool = False, versions: tuple[str, ...] = ()) -> BlockingClient:
        opened.append(word)
        other = BlockingClient.make(connection, NullSink(), event_queue, BROKERS)
        other.open()
        return other

    try:
        subscribe = [("id", "w"), ("destination", f"/queue/{name}"), ("ack", "client-individual")]
        line.ask("SUBSCRIBE", subscribe)
        held = line.messages(6, "w")
        access = activemq_access(AccessContext(dial, event_queue), "", line.dialect)
        access.unacked.adopt(line, dict(enumerate(held)))
        outcomes: dict[int, str] = {}

        def act(action: Action, *indexes: int) -> ActionResult:
            items = [(index, held[index]) for index in indexes]
            action = dataclasses.replace(action, accepts_unknown=True)
            return access.actions.act(action, items, lambda index, outcome: outcomes.__setitem__(index, outcome.state))

        assert act(Action("move", f"{name}.other"), 0, 1).text == "2 moved"
        assert "moving" not in opened
        assert act(Action("ack"), 2).text == "1 acknowledged"
        if version == "1.0":
            assert access.actions.plan(Action("reject"), [(3, held[3])]).refusal.startswith("STOMP 1.0 has no NACK")
        else:
            assert act(Action("reject"), 3).text == "1 rejected"
        assert act(Action("copy", f"{name}.other"), 4).text == "1 copied"
        again = act(Action("move", f"{name}.other"), 0)
        assert again.text == "0 moved, 1 failed"
        assert "peek again" in reasons(again)[0]
        access.close()
        assert not line.gone
        line.ask("UNSUBSCRIBE", [("id", "w")])
    finally:
        line.close()
    left = [b"m3", b"m4", b"m5"] if version == "1.0" else [b"m4", b"m5"]
    classic.wait_for(name, len(left))
    assert bodies(classic, name) == left
    assert bodies(classic, f"{name}.other") == [b"m0", b"m1", b"m4"]
