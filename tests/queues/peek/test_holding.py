"""A hold that runs out while a person makes it longer: one of the two happens, and nothing spins."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

from stomptui.connection.blocking_client import BlockingEventQueue
from stomptui.protocol.frame import Frame
from stomptui.queues.access import QueueAccess
from stomptui.queues.peek import reports
from stomptui.queues.peek.peek import Peek
from stomptui.queues.peek.peek_values import PeekOptions, PeekResult


class CountingMailbox(BlockingEventQueue):
    """Knows how often and for how long it was waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float | None] = []
        self.waited = threading.Event()

    def get(self, timeout: float | None = None) -> Any:
        self.waits.append(timeout)
        if timeout is None:
            self.waited.set()
        return super().get(timeout)


class HeldQueue:
    """A way into a queue that holds one message, and gives it back when it is allowed to."""

    lost = None

    def __init__(self) -> None:
        self.context = SimpleNamespace(event_queue=CountingMailbox())
        self.access = cast(
            QueueAccess, SimpleNamespace(context=self.context, reader=self, actions=None, close=self.close)
        )
        self.holding = False
        self.returning = threading.Event()
        self.may_return = threading.Event()
        self.keeps: list[float | None] = []
        """Seconds that each message which is shown is kept."""

    def peek(self, what: PeekOptions, found: Callable[[list[Frame]], None]) -> PeekResult:
        self.holding = True
        for _ in tuple(self.keeps):
            found([Frame(b"MESSAGE\nmessage-id:1\n\n")])
        return cast(PeekResult, None)

    def kept_for(self, message: Frame) -> float | None:
        return self.keeps.pop(0)

    def return_messages(self) -> str | None:
        if self.holding:
            self.returning.set()
            assert self.may_return.wait(10)
            self.holding = False
        return None

    def received(self, event: object) -> str | None:
        return None

    def close(self) -> None:
        self.may_return.set()
        self.return_messages()


def held(hold: float) -> tuple[Peek, HeldQueue, list[reports.Report]]:
    told: list[reports.Report] = []
    queue = HeldQueue()
    peek = Peek(queue.access, told.append, hold)
    peek.start(survey=False)
    peek.peek(PeekOptions(1))
    return peek, queue, told


def test_a_hold_that_goes_back_cannot_be_made_longer_and_is_waited_for_without_a_clock() -> None:
    peek, queue, told = held(0.05)
    event_queue = queue.context.event_queue
    assert queue.returning.wait(10)
    assert not peek.extend_hold(), "it goes back already"
    event_queue.waited.clear()
    waits = len(event_queue.waits)
    queue.may_return.set()
    assert event_queue.waited.wait(10), "nothing is due any more"
    assert event_queue.waits[waits:] == [None]
    assert not peek.extend_hold(), "it is back"
    assert peek.held_until is None
    assert [type(report) for report in told].count(reports.MessagesReturned) == 1
    peek.close()
    assert peek.join(10)


def test_making_it_longer_from_another_thread_never_leaves_a_time_for_what_is_not_held() -> None:
    chance = random.Random(40)
    for _ in range(40):
        peek, queue, _ = held(0.005)
        queue.may_return.set()
        event_queue = queue.context.event_queue
        # About when its time runs out: asked for without a pause it would be made longer for ever.
        while not queue.returning.wait(chance.uniform(0.003, 0.008)):
            peek.extend_hold()
        event_queue.wake()
        event_queue.waited.wait(10)
        assert peek.held_until is None
        peek.close()
        assert peek.join(10)
        assert event_queue.waits.count(0.0) < 50


def test_it_is_made_longer() -> None:
    peek, queue, told = held(60)
    assert queue.context.event_queue  # the look is over once there is a time
    while peek.held_until is None:
        pass
    before = peek.held_until
    assert peek.extend_hold()
    assert peek.held_until >= before
    queue.may_return.set()
    peek.close()
    assert peek.join(10)
    assert peek.held_until is None
    assert not [report for report in told if isinstance(report, reports.MessagesReturned)]


def test_what_is_kept_for_a_short_time_goes_back_in_half_of_it() -> None:
    told: list[reports.Report] = []
    queue = HeldQueue()
    queue.keeps = [None, 60.0, 1.2, 40.0]
    queue.may_return.set()
    peek = Peek(queue.access, told.append, 300.0)
    peek.start(survey=False)
    peek.peek(PeekOptions())
    assert queue.returning.wait(10)
    assert peek.hold_time == 0.6
    peek.close()
    assert peek.join(10)
    assert [report.why for report in told if isinstance(report, reports.MessagesReturned)] == ["after 0.6 s"]
