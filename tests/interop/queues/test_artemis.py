"""Artemis: looks that nobody notices, by copies or held, and acts that reach exactly what was chosen."""

from __future__ import annotations

import itertools
import json
import os
import time
from typing import Any

import pytest

from stomptui.broker.inbox import Inbox
from stomptui.broker.line import Line, Mailbox
from stomptui.broker.queues import Account, Look, Order, Room, access_to
from stomptui.broker.queues import reports as r
from stomptui.broker.queues.artemis_holding import COUNTED
from stomptui.broker.queues.artemis_management import Management, NoRight
from stomptui.broker.queues.artemis_messages import number_of
from stomptui.broker.queues.artemis_watching import PREFIX, Divert
from stomptui.broker.queues.holding import Holding
from stomptui.broker.watch import Watch
from stomptui.config.connection import Connection
from stomptui.protocol.frame import Frame
from tests.interop.test_link import Pump
from tests.support.brokers.artemis import BEAN, Artemis
from tests.support.peeking import PeekFailed, Peeking, peeking
from tests.support.raw import RawFrame, RawStomp

pytestmark = pytest.mark.broker("artemis")
_numbers = itertools.count()
SMALL = frozenset(("message-id", "subscription", "ack"))
"""What differs from delivery to delivery."""
ORIGINS = frozenset(f"_AMQ_ORIG_{what}" for what in ("ADDRESS", "QUEUE", "MESSAGE_ID", "ROUTING_TYPE"))
LATER = str(int(time.time() * 1000) + 3_600_000)
ODD = [
    ("text", [("a", "1"), ("odd\\cname", "x\\cy\\nz\\\\w\\r"), ("empty", "")], b"text", False),
    ("emoji", [("unicode", "é日本😀"), (" lead", " blanks ")], "é日本😀".encode(), False),
    ("bytes", [("content-type", "application/octet-stream")], b"\0\1binary\0\xff", True),
    ("empty bytes", [], b"", True),
    ("json", [("content-type", "application/json"), ("type", "T"), ("priority", "4")], b'{"a": 1}', False),
    ("reply", [("reply-to", "ans"), ("correlation-id", "c\\c1")], b"line\nfeeds\r\n\n", False),
    ("later", [("expires", LATER)], b"x", True),
    ("group", [("JMSXGroupID", "g")], b"of a group", False),
    ("once", [("_AMQ_DUPL_ID", "once")], b"only once", False),
    ("large", [], b"L" * 300_000, False),
    ("large bytes", [], b"\0\xff" * 150_000, True),
]
"""What is in a message of every kind: name, header lines as on the wire, body, whether it has a length."""
LOGINS = ["guest", "bob"]
"""Who may manage the broker, and who may not."""


@pytest.fixture
def name(artemis: Artemis) -> str:
    """An empty queue that no other test uses; `NAME.other` is another."""
    name = f"artemis.{os.getpid()}.{next(_numbers)}"
    artemis.make_queue(name)
    artemis.make_queue(f"{name}.other")
    return name


@pytest.fixture(params=[False, True], ids=["prefixes", "bare"])
def bare(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def connection(broker: Artemis, login: str = "guest", bare: bool = False) -> Connection:
    port = broker.bare_port if bare else broker.port
    return Connection(port=port, login=login, passcode=login)


def raw(broker: Artemis, version: str = "1.2") -> RawStomp:
    client = RawStomp("127.0.0.1", broker.port, timeout=20)
    client.connect(version)
    return client


def put(broker: Artemis, name: str, messages: list[tuple[list[tuple[str, str]], bytes, bool]]) -> None:
    """Send messages of (headers, body, whether it has a length); all are there when this returns."""
    with raw(broker) as client:
        for number, (headers, body, sized) in enumerate(messages):
            lines = [("destination", name), ("destination-type", "ANYCAST"), ("persistent", "true"), *headers]
            lines += [("content-length", str(len(body)))] * sized
            if number < len(messages) - 1:
                client.send("SEND", lines, body)
            else:
                client.receipt("SEND", lines, body)


def fill(broker: Artemis, name: str, bodies: list[bytes], **more: str) -> None:
    put(broker, name, [([("n", str(number)), *more.items()], body, False) for number, body in enumerate(bodies)])


def fill_odd(broker: Artemis, name: str) -> None:
    put(broker, name, [([*headers, ("kind", kind)], body, sized) for kind, headers, body, sized in ODD])


def numbered(count: int) -> list[bytes]:
    return [b"m%d" % number for number in range(count)]


def contents(broker: Artemis, name: str, drop: bool = False) -> list[RawFrame]:
    """What is in a queue, by a bare socket that gives it back uncounted, or counted once if it drops."""
    depth = broker.depth(name)
    with raw(broker) as client:
        subscribe = {"id": "c", "destination": name, "subscription-type": "ANYCAST", "ack": "client-individual"}
        client.send("SUBSCRIBE", {**subscribe, "consumer-window-size": "-1"})
        found = client.messages(depth)
        if drop:
            client.reset()
        else:
            client.receipt("UNSUBSCRIBE", {"id": "c"})
    broker.wait_for(name, depth, 0) if not drop else settled(broker, name)
    return found


def settled(broker: Artemis, name: str) -> None:
    """Wait until a lost connection is cleared up."""
    deadline = time.monotonic() + 20
    while counters(broker, name)["ConsumerCount"] or broker.held(name):
        assert time.monotonic() < deadline, f"{name} still has a reader"
        time.sleep(0.02)


def bodies(broker: Artemis, name: str) -> list[bytes]:
    return [frame.body for frame in contents(broker, name)]


def lines(frame: RawFrame | Frame, *without: str) -> list[tuple[str, str]]:
    """The headers but those of one delivery."""
    return sorted(line for line in frame.headers if line[0] not in SMALL and line[0] not in without)


def bean(name: str) -> str:
    return f'{BEAN},component=addresses,address="{name}",subcomponent=queues,routing-type="anycast",queue="{name}"'


def counters(broker: Artemis, name: str) -> dict[str, Any]:
    what = ("MessageCount", "DeliveringCount", "ConsumerCount", "MessagesAdded", "MessagesAcknowledged")
    found = broker.jolokia.read(bean(name), *what, "MessagesKilled", "MessagesExpired")
    assert isinstance(found, dict)
    return found


def leftovers(broker: Artemis) -> list[str]:
    """Addresses and diverts of ours that are still there."""
    names = [*broker.jolokia.read(BEAN, "AddressNames"), *broker.jolokia.read(BEAN, "DivertNames")]
    return [name for name in names if "stomptui" in name]


def reasons(account: Account) -> list[str]:
    return [reason for reason, _ in account.reasons]


def survey_of(peek: Peeking) -> Any:
    (survey,) = [report.survey for report in peek.reports if isinstance(report, r.Surveyed)]
    return survey


# Looking


@pytest.mark.parametrize(("login", "looks"), [("guest", 30), ("bob", 25)])
def test_looks_in_a_row_change_nothing(artemis: Artemis, name: str, login: str, looks: int, bare: bool) -> None:
    fill_odd(artemis, name)
    before, counted = contents(artemis, name), counters(artemis, name)
    queue = name if bare else f"/queue/{name}"
    with peeking(connection(artemis, login, bare), queue) as peek:
        # One that is to show all there is waits for more, which is slow where it is held.
        for limit in itertools.islice(itertools.cycle([None, len(before), 3, len(before), 3]), looks):
            looked = peek.look(Look(limit))
            assert looked.count == (limit or len(before))
            assert looked.held == (login == "bob")
            assert artemis.held(name) == (looked.count if login == "bob" else 0)
            assert [frame.body for frame in peek.frames] == [frame.body for frame in before][: looked.count]
        peek.look(Look(None))
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


def as_bytes(frame: RawFrame) -> bytes:
    head = "\n".join([frame.command, *(f"{key}:{value}" for key, value in frame.headers)])
    return head.encode("utf-8", "surrogateescape") + b"\n\n" + frame.body


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
            (line,) = [line for word, line in peek.lines if word == "looking"]
            line.session.close("cut by the test")
            assert "cut by the test" in peek.wait(r.GivenBack).why
        settled(artemis, name)
    artemis.wait_for(name, 0, 0)
    assert bodies(artemis, "DLQ") == numbered(3)


def test_what_is_said_before(artemis: Artemis, name: str) -> None:
    fill(artemis, name, numbered(7))
    with peeking(connection(artemis), f"/queue/{name}") as peek:
        survey = survey_of(peek)
        assert survey.notice == "The broker notices nothing: nothing is held, taken, marked or counted."
        assert (survey.exists, survey.depth, survey.holds) == (True, 7, False)
    with peeking(connection(artemis, "bob"), f"/queue/{name}") as peek:
        survey = survey_of(peek)
        assert survey.notice.startswith("Others do not get what is shown while it is held. It goes back in order, unco")
        assert (survey.exists, survey.depth, survey.holds, survey.refusal) == (None, None, True, "")


@pytest.mark.parametrize("login", LOGINS)
def test_a_limit_is_kept_whatever_the_sizes(artemis: Artemis, name: str, login: str) -> None:
    sizes = [5, 200_000, 10, 3_000, 1, 1, 1, 50_000, 20, 400_000, 7, 7]
    fill(artemis, name, [bytes([65 + n]) * size for n, size in enumerate(sizes)])
    before = bodies(artemis, name)
    with peeking(connection(artemis, login), name) as peek:
        for limit in (1, 2, 3, 5, 7, 9, 10, 11, 12, 13):
            assert peek.look(Look(limit)).count == min(limit, 12)
            assert [frame.body for frame in peek.frames] == before[:limit]
            artemis.wait_for(name, 12, min(limit, 12) if login == "bob" else 0)
    artemis.wait_for(name, 12, 0)
    assert {frame["redelivered"] for frame in contents(artemis, name)} == {"false"}


@pytest.mark.parametrize("login", LOGINS)
def test_more_than_the_management_lists_at_once(artemis: Artemis, name: str, login: str) -> None:
    fill(artemis, name, numbered(650))
    with peeking(connection(artemis, login), name) as peek:
        for limit in (150, 200, 201, 400, 649, None):
            looked = peek.look(Look(limit))
            assert (looked.count, looked.note) == (limit or 650, "")
            assert [frame.body for frame in peek.frames] == numbered(650)[:limit]
    artemis.wait_for(name, 650, 0)
    assert leftovers(artemis) == []


def test_messages_that_are_paged_to_disk_are_shown_and_moved_too(artemis: Artemis, name: str) -> None:
    settings = json.dumps({"maxSizeBytes": 100_000, "pageSizeBytes": 50_000, "addressFullMessagePolicy": "PAGE"})
    artemis.jolokia.execute(BEAN, "addAddressSettings(java.lang.String,java.lang.String)", name, settings)
    sent = [b"m%d" % n + b"x" * 1000 for n in range(450)]
    fill(artemis, name, sent)
    with peeking(connection(artemis), name) as peek:
        assert peek.look(Look(None)).count == 450
        assert [frame.body for frame in peek.frames] == sent
        assert peek.act(Order("move", f"{name}.other"), [449, 300]).text == "2 moved"
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
            assert "looking makes an empty one" in survey_of(peek).notice


@pytest.mark.parametrize("login", LOGINS)
def test_a_queue_of_another_address(artemis: Artemis, name: str, login: str, bare: bool) -> None:
    wanted = {"name": f"{name}.sub", "address": f"{name}.topic", "routing-type": "MULTICAST", "durable": True}
    artemis.jolokia.execute(BEAN, "createQueue(java.lang.String)", json.dumps(wanted))
    with raw(artemis) as client:
        for body in numbered(4):
            client.receipt("SEND", {"destination": f"/topic/{name}.topic", "persistent": "true"}, body)
    with peeking(connection(artemis, login, bare), f"{name}.topic::{name}.sub") as peek:
        assert peek.look(Look(3)).count == 3
        assert [frame.body for frame in peek.frames] == numbered(3)
        assert peek.act(Order("move", f"{name}.other"), [1]).text == "1 moved"
        plan = peek.plan(Order("move", f"{name}.topic::{name}.sub"), [0])
        assert ("would be lost" in plan.refusal) == (login == "bob")
    assert bodies(artemis, f"{name}.other") == [b"m1"]
    if login == "guest":
        with peeking(connection(artemis, login, bare), f"{name}.other") as peek:
            peek.look()
            assert peek.peek.access.origin(peek.frames[0]) == f"{name}.topic::{name}.sub"
            assert peek.act(Order("retry"), [0]).text == "1 retried"
        with peeking(connection(artemis), f"{name}.sub") as peek:
            assert peek.look().count == 4


@pytest.mark.parametrize("login", LOGINS)
def test_nothing_of_ours_stays_in_the_broker(artemis: Artemis, name: str, login: str) -> None:
    fill(artemis, name, numbered(3))
    with peeking(connection(artemis, login), name) as peek:
        peek.look()
        peek.act(Order("move", f"{name}.other"), [0])
        peek.act(Order("delete"), [1])
    assert leftovers(artemis) == []
    assert counters(artemis, name)["ConsumerCount"] == 0


# Acting


@pytest.mark.parametrize("login", LOGINS)
def test_exactly_the_fifth_of_ten_is_deleted(artemis: Artemis, name: str, login: str, bare: bool) -> None:
    fill(artemis, name, numbered(10))
    with peeking(connection(artemis, login, bare), name) as peek:
        peek.look()
        plan = peek.plan(Order("delete"), [4])
        assert (plan.destroys, plan.lines, plan.refusal) == (True, ("They leave the queue for good.",), "")
        assert peek.act(Order("delete"), [4]).text == "1 deleted"
    artemis.wait_for(name, 9, 0)
    assert bodies(artemis, name) == numbered(10)[:4] + numbered(10)[5:]
    assert {frame["redelivered"] for frame in contents(artemis, name)} == {"false"}


@pytest.mark.parametrize("kind", ["move", "copy"])
@pytest.mark.parametrize("login", LOGINS)
def test_bodies_and_headers_go_with_the_message(artemis: Artemis, name: str, login: str, kind: str, bare: bool) -> None:
    fill_odd(artemis, name)
    before = contents(artemis, name)
    with peeking(connection(artemis, login, bare), name) as peek:
        peek.look(Look(None))
        # A sending connection of 1.1 cannot say the carriage return that the first one has.
        chosen = range(len(ODD)) if login == "guest" else range(1, len(ODD))
        plan = peek.plan(Order(kind, f"{name}.other"), [6])
        if login == "guest":
            assert plan.left_out == (("expires", LATER),)
        else:
            assert [key for key, _ in plan.left_out] == ["timestamp"]
        account = peek.act(Order(kind, f"{name}.other"), chosen)
        assert (account.text, account.reasons) == (f"{len(chosen)} {account.order.past}", [])
        assert account.atomic == (login == "guest")
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


def test_what_stomp_cannot_say_is_told_before_and_stays(artemis: Artemis, name: str) -> None:
    fill_odd(artemis, name)
    with peeking(connection(artemis, "bob"), name) as peek:
        peek.look(Look(2))
        plan = peek.plan(Order("move", f"{name}.other"), [0, 1])
        assert [index for index, _ in plan.problems] == [0]
        account = peek.act(Order("move", f"{name}.other"), [0, 1])
        assert account.text == "1 moved, 1 failed"
        assert reasons(account) == [plan.problems[0][1]]
    artemis.wait_for(name, len(ODD) - 1, 0)


def test_dead_letters_go_there_and_back(artemis: Artemis, name: str) -> None:
    artemis.make_queue("DLQ")
    fill(artemis, name, numbered(4))
    with peeking(connection(artemis), name) as peek:
        peek.look()
        plan = peek.plan(Order("reject"), [1, 3])
        assert plan.lines == ("Artemis moves them to the dead letters: DLQ.",)
        assert not plan.destroys
        assert peek.act(Order("reject"), [1, 3]).text == "2 rejected"
    with peeking(connection(artemis), "/queue/DLQ") as peek:
        assert peek.look().count == 2
        plan = peek.plan(Order("retry"), [0, 1])
        assert plan.lines[0] == f"To {name}: the queue is there."
        assert peek.act(Order("retry"), [0, 1]).text == "2 retried"
    assert bodies(artemis, name) == [b"m0", b"m2", b"m1", b"m3"]
    assert artemis.depth("DLQ") == 0


def test_dead_letters_whose_queue_is_gone_stay(artemis: Artemis, name: str) -> None:
    artemis.make_queue("DLQ")
    fill(artemis, name, numbered(2))
    with peeking(connection(artemis), name) as peek:
        peek.look()
        peek.act(Order("reject"), [0, 1])
    artemis.drop_queue(name)
    with peeking(connection(artemis), "DLQ") as peek:
        peek.look()
        assert peek.plan(Order("retry"), [0, 1]).refusal == f"there is no queue {name}"
        account = peek.act(Order("retry"), [0, 1])
        assert (account.text, reasons(account)) == ("0 retried, 2 failed", [f"there is no queue {name}"])
    assert bodies(artemis, "DLQ") == numbered(2)


def test_held_dead_letters_go_back_to_where_they_came_from(artemis: Artemis, name: str) -> None:
    artemis.make_queue("DLQ")
    fill(artemis, name, numbered(2))
    with peeking(connection(artemis), name) as peek:
        peek.look()
        peek.act(Order("reject"), [0, 1])
    with peeking(connection(artemis, "bob"), "/queue/DLQ") as peek:
        assert peek.look().count == 2
        assert peek.act(Order("retry"), [0, 1]).text == "2 retried"
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
            plan = peek.plan(Order("reject"), [0])
            assert plan.destroys
            assert plan.lines == ("No queue takes dead letters of this one: they are deleted.",)
            assert peek.act(Order("reject"), [0]).text == "1 rejected"
        assert bodies(artemis, queue) == [b"m1"]
    fill(artemis, name, numbered(2))
    with peeking(connection(artemis, "bob"), name) as peek:
        peek.look()
        plan = peek.plan(Order("reject"), [0])
        assert plan.destroys
        assert plan.lines == ("deletes the message: no dead letter, no way back",)
        assert peek.act(Order("reject"), [0]).text == "1 rejected"
    artemis.wait_for(name, 1, 0)


@pytest.mark.parametrize("login", LOGINS)
def test_a_missing_target_swallows_nothing(artemis: Artemis, name: str, login: str, bare: bool) -> None:
    fill(artemis, name, numbered(2))
    missing = f"{name}.new"
    with peeking(connection(artemis, login, bare), name) as peek:
        peek.look()
        plan = peek.plan(Order("move", missing), [0])
        account = peek.act(Order("move", missing), [0])
        if login == "guest":
            assert plan.refusal == f"there is no queue {missing}"
            assert account.text == "0 moved, 1 failed"
        else:
            assert plan.lines[0] == f"To {missing}: Artemis creates the queue if it is missing."
            assert account.text == "1 moved"
            assert bodies(artemis, missing) == [b"m0"]
        for wrong in ("a.#", "activemq.management", "/topic/x"):
            assert peek.plan(Order("move", wrong), [1]).refusal
            assert peek.act(Order("move", wrong), [1]).count("failed") == 1
    artemis.wait_for(name, 2 if login == "guest" else 1, 0)


@pytest.mark.parametrize("login", LOGINS)
def test_where_queues_are_not_made_by_themselves_nothing_is_lost(artemis: Artemis, name: str, login: str) -> None:
    settings = json.dumps({"autoCreateQueues": False})
    artemis.jolokia.execute(BEAN, "addAddressSettings(java.lang.String,java.lang.String)", f"{name}.x.#", settings)
    fill(artemis, name, numbered(2))
    with peeking(connection(artemis, login), name) as peek:
        peek.look()
        account = peek.act(Order("move", f"{name}.x.y"), [0, 1])
        assert account.text == "0 moved, 2 failed"
        assert "there is no queue" in reasons(account)[0]
    assert bodies(artemis, name) == numbered(2)


@pytest.mark.parametrize("login", LOGINS)
def test_a_copy_to_a_topic_is_sent(artemis: Artemis, name: str, login: str) -> None:
    fill(artemis, name, numbered(1))
    with raw(artemis) as client:
        client.receipt("SUBSCRIBE", {"id": "t", "destination": f"/topic/{name}.topic", "ack": "auto"})
        with peeking(connection(artemis, login), name) as peek:
            peek.look()
            assert peek.act(Order("copy", f"/topic/{name}.topic"), [0]).text == "1 copied"
        assert client.expect("MESSAGE").body == b"m0"
    artemis.wait_for(name, 1, 0)


def test_what_is_gone_meanwhile_is_said_and_the_others_are_moved(artemis: Artemis, name: str) -> None:
    fill(artemis, name, numbered(3))
    with peeking(connection(artemis), name) as peek:
        peek.look()
        artemis.jolokia.execute(bean(name), "removeMessage(long)", number_of(peek.frames[1]))
        account = peek.act(Order("move", f"{name}.other"), [0, 1, 2])
        assert account.text == "2 moved, 1 failed"
        assert reasons(account) == ["it is not in the queue any more, or a reader has it now"]
    assert bodies(artemis, f"{name}.other") == [b"m0", b"m2"]


def test_what_was_given_back_is_not_ours_any_more(artemis: Artemis, name: str) -> None:
    fill(artemis, name, numbered(2))
    with peeking(connection(artemis, "bob"), name) as peek:
        peek.look()
        peek.give_back()
        account = peek.act(Order("delete"), [0])
        assert (account.text, "look again" in reasons(account)[0]) == ("0 deleted, 1 failed", True)
    assert bodies(artemis, name) == numbered(2)


def test_a_held_look_gets_no_more_once_it_has_ended(artemis: Artemis, name: str) -> None:
    fill(artemis, name, numbered(6))
    with peeking(connection(artemis, "bob"), name) as peek:
        assert peek.look(Look(3)).count == 3
        assert peek.act(Order("delete"), [0, 1]).text == "2 deleted"
        assert len(peek.frames) == 3
        assert peek.act(Order("delete"), [2]).text == "1 deleted"
        assert "nothing is left of it" in peek.wait(r.GivenBack).why
        artemis.wait_for(name, 3, 0)
        assert counters(artemis, name)["ConsumerCount"] == 0, "nobody waits for what comes next"
    assert {frame["redelivered"] for frame in contents(artemis, name)} == {"false"}


@pytest.mark.parametrize("kind", ["ack", "delete", "reject", "move", "copy", "retry"])
@pytest.mark.parametrize("login", LOGINS)
def test_what_another_connection_holds_is_acted_on_there(artemis: Artemis, name: str, login: str, kind: str) -> None:
    fill(artemis, name, numbered(3))
    mailbox, outlet = Mailbox(), Inbox(lambda: None)
    holder = Line.make(connection(artemis, login), outlet, mailbox)
    holder.open()
    subscribe = [("id", "w"), ("destination", name), ("subscription-type", "ANYCAST"), ("ack", "client-individual")]
    holder.ask("SUBSCRIBE", subscribe)
    held = dict(enumerate(holder.messages(3, "w")))

    def dial(word: str, *, quiet: bool = False, versions: tuple[str, ...] = ()) -> Line:
        line = Line.make(connection(artemis, login), outlet, mailbox)
        line.open()
        return line

    access = access_to(name, holder.dialect, Room(dial, mailbox))
    assert isinstance(access, Holding)
    access.adopt(holder, dict(held))
    account = access.act(Order(kind, f"{name}.other"), [(1, held[1])], lambda index, fate: None)
    assert account.count("done") == 1, account.reasons
    access.close()
    assert not holder.session.state.over, "it is not ours to end"
    holder.ask("UNSUBSCRIBE", [("id", "w")])
    holder.close()
    artemis.wait_for(name, 3 if kind == "copy" else 2, 0)
    assert bodies(artemis, f"{name}.other") == ([b"m1"] if account.order.sends else [])
    assert leftovers(artemis) == []


@pytest.mark.slow
@pytest.mark.parametrize(("login", "count"), [("guest", 2_000), ("bob", 10_000)])
def test_thousands_are_moved_in_order(artemis: Artemis, name: str, login: str, count: int) -> None:
    # Artemis writes each move to its disk before the next, which takes it some milliseconds.
    sent = [b"%d " % n + b"x" * 200 for n in range(count)]
    fill(artemis, name, sent)
    with peeking(connection(artemis, login), name) as peek:
        assert peek.look(Look(None)).count == count
        assert peek.act(Order("move", f"{name}.other"), range(count)).text == f"{count:,} moved"
    artemis.wait_for(name, 0, 0)
    assert bodies(artemis, f"{name}.other") == sent


# Leaving


def test_a_connection_that_only_looks_is_left_uncounted(artemis: Artemis, name: str) -> None:
    fill(artemis, name, numbered(3))
    for _ in range(12):
        pump = Pump(connection(artemis))
        pump.up()
        watch = pump.link.add(Watch(f"/queue/{name}"))
        pump.until(lambda watch=watch: watch.total == 3, "looked at")  # type: ignore[misc]
        pump.link.stop()
        pump.until(lambda pump=pump: pump.link.session is None, "gone")  # type: ignore[misc]
    settled(artemis, name)
    assert {frame["redelivered"] for frame in contents(artemis, name)} == {"false"}


# Watching


def opened(artemis: Artemis, name: str, login: str = "guest") -> tuple[Divert, Room]:
    mailbox, outlet = Mailbox(), Inbox(lambda: None)

    def dial(word: str, *, quiet: bool = False, versions: tuple[str, ...] = ()) -> Line:
        line = Line.make(connection(artemis, login), outlet, mailbox)
        line.open()
        return line

    room = Room(dial, mailbox)
    return Divert(room, dial("watching"), name, "watch-1"), room


def copied(divert: Divert, count: int) -> list[bytes]:
    """The next copies that come."""
    found: list[bytes] = []
    while len(found) < count:
        event = divert.line.mailbox.get(10)
        assert event is not None, f"only {found}"
        found += [frame.body for frame in divert.copies(event)]
    return found


def test_a_divert_copies_what_comes_and_goes_when_the_watch_ends(artemis: Artemis, name: str) -> None:
    fill(artemis, name, [b"before"])
    divert, _ = opened(artemis, f"/queue/{name}")
    divert.open()
    fill(artemis, name, numbered(3))
    assert copied(divert, 3) == numbered(3)
    assert bodies(artemis, name) == [b"before", *numbered(3)], "the queue got everything too"
    assert leftovers(artemis)
    assert divert.close() == ""
    assert leftovers(artemis) == []
    fill(artemis, name, [b"after"])
    assert artemis.depth(name) == 5
    divert.line.close()


def test_a_divert_of_an_app_that_was_killed_is_removed_by_the_next_watch(artemis: Artemis, name: str) -> None:
    killed, _ = opened(artemis, name)
    killed.open()
    killed.line.drop()
    deadline = time.monotonic() + 20
    where = f'{BEAN},component=addresses,address="{killed.name}"'
    while artemis.jolokia.read(where, "QueueNames"):
        assert time.monotonic() < deadline
    assert killed.name in artemis.jolokia.read(BEAN, "DivertNames")
    assert PREFIX in killed.warning
    divert, _ = opened(artemis, name)
    divert.open()
    assert killed.name not in leftovers(artemis)
    fill(artemis, name, [b"one"])
    assert copied(divert, 1) == [b"one"]
    assert divert.close() == ""
    divert.line.close()
    assert leftovers(artemis) == []


def test_who_may_not_manage_cannot_watch_and_leaves_nothing(artemis: Artemis, name: str) -> None:
    divert, room = opened(artemis, name, "bob")
    with pytest.raises(NoRight, match="may not manage"):
        divert.open()
    with pytest.raises(NoRight):
        Management.dial(room)
    divert.line.close()
    assert leftovers(artemis) == []


def test_a_queue_that_is_not_there_cannot_be_watched(artemis: Artemis, name: str) -> None:
    divert, _ = opened(artemis, f"{name}.missing")
    with pytest.raises(Exception, match="there is no queue"):
        divert.open()
    divert.line.close()
    assert leftovers(artemis) == []
