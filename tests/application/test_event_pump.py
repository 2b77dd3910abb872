"""The pump hands over everything in order, leaves the loop its turns, and sleeps while nothing happens."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from stomptui.application import event_pump as module
from stomptui.application.event_pump import EventPump
from stomptui.connection.event_queue import EventQueue
from stomptui.connection.events import Received
from stomptui.protocol.marker import Batch
from tests.journal.test_journal import batch, message
from tests.ui.waiting import until


class Sink:
    """Collects what is handed over, and counts the beats."""

    def __init__(self, cost: float = 0.0) -> None:
        self.cost = cost
        self.got: list[float] = []
        self.beats = 0
        self.settled = asyncio.Event()
        self.event_queue = EventQueue(lambda: self.pump.wake())
        self.pump: EventPump[object] = EventPump(self.event_queue, self.handle, self.settle)

    def handle(self, event: object) -> None:
        assert isinstance(event, Received)
        if self.cost:
            time.sleep(self.cost)
        self.got.append(event.when)

    def settle(self) -> None:
        self.beats += 1
        self.settled.set()

    async def until(self, count: int) -> None:
        while len(self.got) < count:
            self.settled.clear()
            await asyncio.wait_for(self.settled.wait(), 20)


FRAMES = batch(*[message("x")] * 10)


def received(number: int) -> Received:
    return Received(1, float(number), Batch(FRAMES.data, FRAMES.marks))


async def test_all_arrive_in_order_from_another_thread() -> None:
    sink = Sink()
    sink.pump.start()

    def fill() -> None:
        for number in range(3000):
            sink.event_queue.put(received(number))

    threading.Thread(target=fill).start()
    await sink.until(3000)
    await until(lambda: sink.got == [float(number) for number in range(3000)])
    await until(lambda: sink.beats < 1000)


async def test_what_came_before_the_start_is_not_forgotten() -> None:
    sink = Sink()
    sink.event_queue.put(received(1))
    sink.pump.start()
    await sink.until(1)


async def test_slow_handling_still_leaves_the_loop_its_turns() -> None:
    """Each event costs a millisecond; a beat takes its budget, not all of them."""
    sink = Sink(cost=0.001)
    for number in range(100):
        sink.event_queue.put(received(number))
    sink.pump.start()
    turns = 0
    while len(sink.got) < 100:
        await asyncio.sleep(0)
        turns += 1
    assert sink.beats >= 5
    assert turns > sink.beats


async def test_silence_wakes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    sink = Sink()
    sink.pump.start()
    sink.event_queue.put(received(1))
    await sink.until(1)
    beats = sink.beats
    await asyncio.sleep(0.3)
    assert sink.beats <= beats + 1
    assert sink.pump._timer is None


async def test_the_pace_follows_load_and_keys() -> None:
    pump = Sink().pump

    def pace(rate: float, crowded: bool = False, beats: int = module.STEADY_BEATS, since_key: float = 60.0) -> float:
        return [pump._next_pace(rate, crowded, pump._key_at + since_key) for _ in range(beats)][-1]

    assert pace(10) == module.LIVELY
    assert pace(1_000, beats=1) == module.LIVELY
    assert pace(1_000) == module.CALM
    assert pace(100_000) == module.CALM
    assert pace(300_000) == module.LIVELY
    assert pace(1_000) == module.CALM
    assert pace(1_000, crowded=True, beats=1) == module.LIVELY
    assert pace(1_000) == module.CALM
    pump.nudge()
    assert pace(1_000, since_key=module.KEY_MEMORY / 2) == module.LIVELY
    assert pace(1_000, since_key=2 * module.KEY_MEMORY) == module.CALM


async def test_one_event_that_cannot_be_handled_does_not_stop_the_others() -> None:
    sink = Sink()
    errors: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: errors.append(context["exception"]))
    sink.event_queue.put(Received(1, 1.0, Batch(b"", FRAMES.marks)))
    handle = sink.handle
    raised: list[object] = []

    def fail_once(event: object) -> None:
        if not raised:
            raised.append(event)
            raise ValueError("cannot")
        handle(event)

    sink.pump = EventPump(sink.event_queue, fail_once, sink.settle)
    sink.event_queue.put(received(2))
    sink.pump.start()
    await sink.until(1)
    await until(lambda: sink.got == [2.0])
    await until(lambda: len(errors) == 1)


async def test_a_stopped_drain_handles_nothing_more() -> None:
    sink = Sink()
    sink.pump.start()
    sink.pump.stop()
    sink.event_queue.put(received(1))
    await asyncio.sleep(0.05)
    assert sink.got == []
