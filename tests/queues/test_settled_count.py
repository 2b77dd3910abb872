"""A message that is on its way is not called another consumer's: what a broker counts is believed after a silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import pytest

from stomptui.brokers.registry import BROKERS
from stomptui.connection.blocking_client import BlockingClient, BlockingEventQueue
from stomptui.connection.events import Event
from stomptui.protocol.frame import Frame
from stomptui.queues.access_context import AccessContext
from stomptui.queues.depths import SLOW, Count
from stomptui.queues.peek.peek_values import Found, PeekOptions
from stomptui.queues.peek.unacked_subscription import UnackedSubscription
from stomptui.queues.peek.unacknowledged_reader import UnacknowledgedReader
from stomptui.queues.settled_count import SettledCount
from stomptui.queues.transfer.empty_check import EmptyCheck
from stomptui.queues.unacked_messages import UnackedMessages

MESSAGE = Frame(b"MESSAGE\nmessage-id:1\n\n")


@dataclass(frozen=True)
class Came(Event):
    """Messages came."""

    count: int


class ScriptedSubscription(UnackedSubscription):
    """Delivers what a test puts into the event queue."""

    def connect(self, word: str, purpose: str, found: Found) -> BlockingClient:
        self._begin(word, found)
        return cast(BlockingClient, SimpleNamespace(number=1, session=SimpleNamespace(bytes_in=0)))

    def subscribe(self, client: BlockingClient, what: PeekOptions) -> None:
        pass

    def received(self, event: Event) -> None:
        self._add([MESSAGE] * cast(Came, event).count)


class ScriptedReader(UnacknowledgedReader):
    """Counts as a test says.

    Args:
        counts: Each count, and how many messages come right after it.
    """

    def __init__(self, *counts: tuple[Count, int]) -> None:
        self.event_queue = BlockingEventQueue()
        context = cast(AccessContext, SimpleNamespace(event_queue=self.event_queue, stopped=lambda: ""))
        super().__init__(ScriptedSubscription(context, "/queue/q", BROKERS.named("unknown"), UnackedMessages()))
        self.counts: Iterator[tuple[Count, int]] = iter(counts)

    def come(self, count: int) -> None:
        self.event_queue.put(Came(1, 0.0, count))

    def count(self) -> Count | None:
        counted, coming = next(self.counts)
        if coming:
            self.come(coming)
        return counted


@pytest.fixture(autouse=True)
def _short_silences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stomptui.queues.peek.unacknowledged_reader.QUIET", 0.04)


@pytest.mark.parametrize(
    ("counts", "shown", "note"),
    [
        # One more was sent, counted, and came only then.
        ([(Count(9, 9), 1), (Count(9, 9), 0)], 9, ""),
        ([(Count(9, 9), 1), (Count(10, 10), 1), (Count(10, 10), 0)], 10, ""),
        # It was taken by another consumer, who is done with it.
        ([(Count(9, 9), 0), (Count(8, 8), 0)], 8, ""),
        (
            [(Count(9, 9), 0), (Count(9, 9), 0)],
            8,
            "8 of 9 came: the other 1 are unacknowledged at other consumers.",
        ),
        # Another one is on its way by now: it is not among those that others have.
        (
            [(Count(9, 9), 0), (Count(10, 10), 0)],
            8,
            "8 of 9 came: the other 1 are unacknowledged at other consumers.",
        ),
    ],
)
def test_a_peek(counts: list[tuple[Count, int]], shown: int, note: str) -> None:
    reader = ScriptedReader(*counts)
    reader.come(8)
    result = reader.peek(PeekOptions(None), lambda frames: None)
    assert (result.count, result.note) == (shown, note)
    assert next(reader.counts, None) is None, "no more is counted than has to be"


def test_what_came_until_the_end_of_a_peek_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages keep coming, and some are here when delivery has been stopped."""
    reader = ScriptedReader((Count(12, 12), 0))
    monkeypatch.setattr(reader.subscription, "stop_delivery", lambda client: reader.come(3))
    monkeypatch.setattr("stomptui.queues.peek.stop_point.PeekFlow.ends", _reached)
    reader.come(8)
    result = reader.peek(PeekOptions(None), lambda frames: None)
    assert result.count == 11
    assert result.note == "Stopped at 11, as many as were in it; messages keep coming, and 1 more are in it now."


def _reached(self: Any, shown: int, size: int) -> bool:
    self.reached = True
    return True


@pytest.mark.parametrize("late", [False, True])
def test_a_count_is_settled_by_the_silence_after_it(late: bool) -> None:
    """One that may be late may be of the time before what came last."""
    counts = iter([Count(number, 1, late) for number in range(10)])
    settled = SettledCount(lambda: next(counts))
    for came, silence, number in (
        (3, 0.5, None),
        (3, 1.0, None if late else 0),
        (4, 0.5, None),
        (4, SLOW, None if late else 2),
        (4, SLOW + 1, 3),
        (5, SLOW, None),
    ):
        settled.take(came, silence)
        assert settled.settled == (None if number is None else Count(number, 1, late))


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr("stomptui.queues.transfer.empty_check.time.monotonic", lambda: self.now)


def drained(count: Callable[[], Count | None], came: Callable[[], int], clock: Clock) -> tuple[int, str | None]:
    """Look at a drain every tenth of a second until its queue is empty; how many messages remain, and a sentence."""
    session = SimpleNamespace(bytes_in=0)
    client = cast(BlockingClient, SimpleNamespace(session=session))
    check = EmptyCheck(cast(Any, SimpleNamespace(counted=count)), client, counts=True, quiet=1.0, expected=0)
    while True:
        clock.now += 0.1
        session.bytes_in = 100 * came()
        if check.is_empty(came(), 0):
            return check.remaining(came(), 0)


@pytest.mark.parametrize("late", [False, True])
def test_a_drain(monkeypatch: pytest.MonkeyPatch, late: bool) -> None:
    """Five came. The broker has one more that it begins to deliver when the drain is about to end."""
    clock = Clock(monkeypatch)

    def came() -> int:
        return 6 if clock.now >= 1006.5 else 5

    def count() -> Count:
        if came() == 6:
            return Count(0, 0, late)
        return Count(1, 1 if clock.now >= 1000.0 + SLOW else 0, late)

    told = (0, None) if late else (1, "1 message is still in the queue and did not come.")
    assert drained(count, came, clock) == told
    clock.now = 1000.0
    left, note = drained(lambda: Count(1, 1, late), lambda: 5, clock)
    assert left == 1
    assert note == "1 message is still in the queue and did not come, 1 of them unacknowledged at other consumers."
    assert clock.now < 1000.0 + SLOW + 2
