"""The hand-over between threads: order, one wake, bounds, room."""

from __future__ import annotations

import threading
from array import array

from stomptui.connection.event_queue import EventQueue
from stomptui.connection.events import Dropped, Event, Fault, Received, Sent
from stomptui.protocol.marker import Batch


def batch(frames: int, size: int = 10, session: int = 1, others: tuple[int, ...] = ()) -> Received:
    return Received(session, 0.0, Batch(b"x" * size, array("I", [0, 1] * frames), {}, others))


def empty(inbox: EventQueue) -> list[Event]:
    found = []
    while (event := inbox.get()) is not None:
        found.append(event)
    return found


def test_it_wakes_once_until_it_was_emptied() -> None:
    wakes: list[int] = []
    inbox = EventQueue(lambda: wakes.append(1))
    for number in range(5):
        inbox.put(Fault(number, 0.0, ""))
    assert len(wakes) == 1
    inbox.get()
    inbox.put(Fault(5, 0.0, ""))
    assert len(wakes) == 1, "it has not been emptied"
    assert [event.session for event in empty(inbox)] == [1, 2, 3, 4, 5]
    inbox.put(Fault(6, 0.0, ""))
    assert len(wakes) == 2


def test_no_wake_is_lost_between_threads() -> None:
    woken = threading.Event()
    inbox = EventQueue(woken.set)
    count = 20_000

    def work() -> None:
        for _ in range(count // 4):
            inbox.put(Fault(1, 0.0, ""))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    got = 0
    while got < count:
        assert woken.wait(10), f"asleep at {got} of {count}"
        woken.clear()
        got += len(empty(inbox))
    for thread in threads:
        thread.join()


def test_it_is_full_by_frames_or_by_bytes() -> None:
    inbox = EventQueue(lambda: None, max_bytes=1000, max_frames=10)
    inbox.put(batch(9))
    assert not inbox.full
    inbox.put(batch(1))
    assert inbox.full
    empty(inbox)
    assert (inbox.frames, inbox.bytes) == (0, 0)
    inbox.put(batch(1, size=1000))
    assert inbox.full
    empty(inbox)
    inbox.put(Sent(1, 0.0, b"x" * 1000))
    assert inbox.full, "what was sent takes memory too"


def test_room_is_told_once_it_is_half_empty() -> None:
    told: list[int] = []
    inbox = EventQueue(lambda: None, max_frames=10)
    inbox.when_room(lambda: told.append(inbox.frames))
    for _ in range(10):
        inbox.put(batch(1))
    empty(inbox)
    assert told == [], "nobody had found it full"
    for _ in range(10):
        inbox.put(batch(1))
    assert inbox.full
    empty(inbox)
    assert told == [5]


def test_who_has_gone_is_told_nothing() -> None:
    told: list[int] = []

    def tell() -> None:
        told.append(1)

    inbox = EventQueue(lambda: None, max_frames=1)
    inbox.when_room(tell)
    inbox.forget(tell)
    inbox.put(batch(1))
    assert inbox.full
    empty(inbox)
    assert told == []


def test_the_oldest_messages_of_one_session_can_be_dropped() -> None:
    inbox = EventQueue(lambda: None, max_frames=100)
    fault, error = Fault(1, 0.0, "kept"), batch(5, others=(0,))
    inbox.put(batch(30))
    inbox.put(fault)
    inbox.put(batch(10, session=2))
    inbox.put(error)
    inbox.put(batch(20))
    inbox.put(batch(20))
    last = batch(20)
    inbox.put(last)
    assert inbox.full
    assert inbox.drop_oldest(1) == 30
    events = empty(inbox)
    dropped = events[0]
    assert isinstance(dropped, Dropped)
    assert (dropped.session, dropped.frames, dropped.size) == (1, 30, 10)
    assert events[1] is fault
    assert error in events
    assert events[-1] is last
    assert sum(len(event.batch) for event in events if isinstance(event, Received)) == 75


def test_drops_in_a_row_are_told_as_one() -> None:
    inbox = EventQueue(lambda: None, max_frames=100)
    for _ in range(10):
        inbox.put(batch(10))
    inbox.drop_oldest(1)
    inbox.put(batch(30))
    inbox.drop_oldest(1)
    drops = [event for event in empty(inbox) if isinstance(event, Dropped)]
    assert len(drops) == 1
    assert drops[0].frames == 60
