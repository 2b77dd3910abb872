"""After a fault: what a second look into a queue says of the messages that were in flight, and when it says nothing."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stomptui.brokers.registry import BROKERS
from stomptui.connection.blocking_client import BlockingClient, BlockingEventQueue, ClientError
from stomptui.protocol.frame import Frame
from stomptui.queues.access import plain_access
from stomptui.queues.access_context import AccessContext
from stomptui.queues.actions.action import ActionTarget, TargetCount
from stomptui.queues.peek.peek_values import PeekOptions, PeekResult, QueueSurvey
from stomptui.queues.peek.reader import QueueReader
from stomptui.queues.sending import recount
from stomptui.queues.sending.recount import Recount
from stomptui.queues.sending.targets import Targets

QUEUE = ActionTarget("/queue/q", exists=True)


class Queue:
    """What a queue has, and what its broker tells."""

    bodies: list[bytes] = []
    census: TargetCount = TargetCount()
    free = True


class Counted(Targets):
    """Tells how many there were."""

    def count(self, target: ActionTarget) -> TargetCount:
        return Queue.census


class Reader(QueueReader):
    """Looks into a queue that is a list."""

    def survey(self) -> QueueSurvey:
        return QueueSurvey(notice="")

    @property
    def peeks_freely(self) -> bool:
        return Queue.free

    def peek(self, what: PeekOptions, found: object) -> PeekResult:
        assert callable(found)
        found([Frame(b"MESSAGE\n\n" + body) for body in Queue.bodies[: what.limit]])
        return PeekResult(len(Queue.bodies), held=True)


def no_dial(word: str, *, quiet: bool = False, versions: tuple[str, ...] = ()) -> BlockingClient:
    raise ClientError("nobody is asked here")


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recount, "PAUSE", 0.0)
    monkeypatch.setattr(Queue, "free", True)


def counting(depth: int | None, consumers: int | None = None) -> Recount:
    Queue.bodies = []
    Queue.census = TargetCount(depth, consumers)
    dialect = BROKERS.named("unknown")
    forwarding = plain_access(AccessContext(no_dial, BlockingEventQueue()), "/queue/source", dialect).forwarding
    targets = Counted(dialect, "/queue/source")
    return Recount(dataclasses.replace(forwarding, targets=targets, read=lambda context, queue: Reader()))


def send(found: Recount, bodies: list[bytes], confirmed: int = 0) -> None:
    for index, body in enumerate(bodies):
        found.sending(QUEUE, index, body)
        if index < confirmed:
            found.confirmed(QUEUE, index)


def test_what_stands_behind_what_was_there_is_what_arrived() -> None:
    found = counting(2, 0)
    send(found, [b"a", b"b", b"c", b"d"], confirmed=1)
    Queue.bodies = [b"x", b"y", b"a", b"b"]
    assert found.find(QUEUE, [1, 2, 3]) == {1: True, 2: False, 3: False}


def test_the_same_bodies_are_counted() -> None:
    found = counting(1, 0)
    send(found, [b"a"] * 4, confirmed=1)
    Queue.bodies = [b"a"] * 4
    assert found.find(QUEUE, [1, 2, 3]) == {1: True, 2: True, 3: False}


def test_what_is_missing_may_have_been_read() -> None:
    found = counting(0, 1)
    send(found, [b"a", b"b"])
    assert found.find(QUEUE, [0, 1]) == {0: None, 1: None}
    Queue.bodies = [b"a"]
    assert found.find(QUEUE, [0, 1]) == {0: True, 1: None}


def test_a_queue_that_others_read_or_that_drops_says_nothing() -> None:
    found = counting(2, 0)
    send(found, [b"a", b"b", b"c"], confirmed=2)
    Queue.bodies = [b"y", b"a", b"b", b"c"]
    assert found.find(QUEUE, [2]) == {2: None}


def test_what_others_wrote_meanwhile_leaves_what_is_missing_unknown() -> None:
    found = counting(1, 0)
    send(found, [b"a", b"b", b"c"], confirmed=1)
    Queue.bodies = [b"x", b"a", b"b", b"other"]
    assert found.find(QUEUE, [1, 2]) == {1: True, 2: None}


def test_without_a_count_those_confirmed_last_tell_where_to_look() -> None:
    found = counting(None)
    send(found, [b"a", b"b", b"c"], confirmed=1)
    Queue.bodies = [b"x", b"c", b"y", b"a", b"b"]
    assert found.find(QUEUE, [1, 2]) == {1: True, 2: False}
    found.confirmed(QUEUE, 1)
    found.refused(QUEUE, 2)
    found.settle()
    found.sending(QUEUE, 3, b"d")
    assert found.find(QUEUE, [3]) == {3: False}
    Queue.bodies.append(b"d")
    assert found.find(QUEUE, [3]) == {3: True}


def test_without_a_count_the_same_bodies_say_nothing() -> None:
    found = counting(None)
    send(found, [b"a", b"a"], confirmed=1)
    Queue.bodies = [b"a", b"a"]
    assert found.find(QUEUE, [1]) == {1: None}


def test_a_look_that_would_cost_a_delivery_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    found = counting(0, 0)
    send(found, [b"a"])
    monkeypatch.setattr(Queue, "free", False)
    assert found.find(QUEUE, [0]) == {0: None}


def test_a_long_queue_is_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recount, "LOOKABLE", 2)
    found = counting(2, 0)
    send(found, [b"a"])
    Queue.bodies = [b"x", b"y", b"a"]
    assert found.find(QUEUE, [0]) == {0: None}


@given(
    before=st.lists(st.sampled_from([b"a", b"b", b"c"]), max_size=4),
    sent=st.lists(st.sampled_from([b"a", b"b", b"c"]), min_size=1, max_size=8),
    data=st.data(),
    known=st.booleans(),
    read=st.integers(0, 3),
)
def test_nothing_is_said_to_be_there_that_is_not(
    before: list[bytes], sent: list[bytes], data: st.DataObject, known: bool, read: int
) -> None:
    """Whatever arrived, whoever reads from the head of the queue: what is said of each message is so."""
    arrived = data.draw(st.integers(0, len(sent)))
    confirmed = data.draw(st.integers(0, arrived))
    found = counting(len(before) if known else None, 1 if read else 0)
    send(found, sent, confirmed)
    Queue.bodies = [*before, *sent[:arrived]][read:]
    for index, is_there in found.find(QUEUE, range(confirmed, len(sent))).items():
        if read == 0:
            assert is_there in (None, index < arrived)
        elif is_there:
            # What a reader took of the same body cannot be told apart; it arrived all the same.
            assert index < arrived


def test_what_stays_unknown_does_not_hide_where_the_next_ones_stand() -> None:
    found = counting(0, 0)
    send(found, [b"a", b"b"], confirmed=1)
    found.unknown(QUEUE, 1)
    for index, body in enumerate([b"c", b"d", b"e"], 2):
        found.sending(QUEUE, index, body)
    found.confirmed(QUEUE, 2)
    found.settle()
    found.sending(QUEUE, 5, b"f")
    found.sending(QUEUE, 6, b"g")
    Queue.bodies = [b"a", b"b", b"c", b"f"]
    assert found.find(QUEUE, [5, 6]) == {5: True, 6: False}


def test_what_a_broker_counts_and_does_not_show_yet_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    found = counting(0, 0)
    send(found, [b"a", b"b"], confirmed=1)
    looks = iter([[b"a"], [b"a", b"b"], [b"a", b"b"]])

    def peek(reader: Reader, what: PeekOptions, found: object) -> PeekResult:
        assert callable(found)
        seen = next(looks)
        found([Frame(b"MESSAGE\n\n" + body) for body in seen])
        return PeekResult(len(seen), held=True, depth=2)

    monkeypatch.setattr(Reader, "peek", peek)
    assert found.find(QUEUE, [1]) == {1: True}
