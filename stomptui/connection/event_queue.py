"""The thread-safe queue of events from sessions to the event loop: bounded, in order, wakes the loop if needed."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from stomptui.connection.events import Dropped, Event, Received, Sent, SeriesFrames


class EventSink(Protocol):
    """Where a session puts its events; `EventQueue` is one."""

    @property
    def full(self) -> bool: ...
    def put(self, event: Event) -> None: ...
    def drop_oldest(self, session: int) -> int: ...
    def when_room(self, callback: Callable[[], None]) -> None: ...
    def forget(self, callback: Callable[[], None]) -> None: ...


class TeeSink:
    """A sink that also calls an observer with each event, in the thread that reports it.

    Args:
        sink: Where all events go, in the same order.
        observer: Called with each event before it goes to `sink`; must neither block nor raise.
    """

    def __init__(self, sink: EventSink, observer: Callable[[Event], None]) -> None:
        self._sink = sink
        self._observer = observer

    @property
    def full(self) -> bool:
        return self._sink.full

    def put(self, event: Event) -> None:
        self._observer(event)
        self._sink.put(event)

    def drop_oldest(self, session: int) -> int:
        return self._sink.drop_oldest(session)

    def when_room(self, callback: Callable[[], None]) -> None:
        self._sink.when_room(callback)

    def forget(self, callback: Callable[[], None]) -> None:
        self._sink.forget(callback)


class NullSink:
    """A sink that drops all events."""

    full = False

    def put(self, event: Event) -> None:
        """Drop it."""

    def drop_oldest(self, session: int) -> int:
        return 0

    def when_room(self, callback: Callable[[], None]) -> None:
        """There is always room."""

    def forget(self, callback: Callable[[], None]) -> None:
        """No callback is kept."""


class EventQueue:
    """Events of all sessions in the order they happened.

    `put` refuses nothing: a session checks `full` and stops reading its socket.

    Args:
        wake: Called from the thread that called `put`; once, until `get` has returned None again.
        max_bytes: Bytes of frames at which it is full.
        max_frames: Frames at which it is full.
    """

    def __init__(self, wake: Callable[[], None], max_bytes: int = 32 << 20, max_frames: int = 20_000) -> None:
        self._wake = wake
        self._max_bytes = max_bytes
        self._max_frames = max_frames
        self._lock = threading.Lock()
        self._events: deque[Event] = deque()
        self._woken = False
        self._was_full = False
        self._waiting: list[Callable[[], None]] = []
        self.frames = 0
        """Frames in the queue."""
        self.bytes = 0
        """Bytes of frames in the queue."""

    @property
    def full(self) -> bool:
        if self.frames < self._max_frames and self.bytes < self._max_bytes:
            return False
        with self._lock:
            self._was_full = self.frames >= self._max_frames or self.bytes >= self._max_bytes
            return self._was_full

    def put(self, event: Event) -> None:
        """Append an event, from any thread; never blocks, never raises."""
        frames, size = _weight(event)
        with self._lock:
            self._events.append(event)
            self.frames += frames
            self.bytes += size
            woken, self._woken = self._woken, True
        if not woken:
            self._wake()

    def get(self) -> Event | None:
        """Take out the oldest event; None if there is none, and then the next `put` calls `wake`."""
        with self._lock:
            if not self._events:
                self._woken = False
                return None
            event = self._events.popleft()
            frames, size = _weight(event)
            self.frames -= frames
            self.bytes -= size
            room = self._was_full and self.frames <= self._max_frames // 2 and self.bytes <= self._max_bytes // 2
            waiting: tuple[Callable[[], None], ...] = ()
            if room:
                self._was_full = False
                waiting = tuple(self._waiting)
        for callback in waiting:
            callback()
        return event

    def when_room(self, callback: Callable[[], None]) -> None:
        """Have `callback` called, in the thread that calls `get`, each time the queue has room after it was full."""
        with self._lock:
            self._waiting.append(callback)

    def forget(self, callback: Callable[[], None]) -> None:
        """Undo `when_room`."""
        with self._lock:
            if callback in self._waiting:
                self._waiting.remove(callback)

    def drop_oldest(self, session: int) -> int:
        """Drop the oldest batches of one session until a quarter of the queue is free; returns the frames dropped.

        Only batches of nothing but MESSAGE frames are dropped. A `Dropped` event takes their place.
        """
        with self._lock:
            kept: deque[Event] = deque()
            frames = size = 0
            while self._events and (self.frames > self._max_frames * 3 // 4 or self.bytes > self._max_bytes * 3 // 4):
                event = self._events.popleft()
                gone = event.session == session and isinstance(event, Received) and not event.batch.others
                if gone:
                    count, weight = _weight(event)
                    self.frames -= count
                    self.bytes -= weight
                    frames, size = frames + count, size + weight
                if not gone:
                    kept.append(event)
                elif kept and isinstance(kept[-1], Dropped) and kept[-1].session == session:
                    before = kept.pop()
                    assert isinstance(before, Dropped)
                    kept.append(Dropped(session, before.when, before.frames + count, before.size + weight))
                else:
                    kept.append(Dropped(session, time.time(), count, weight))
            self._events.extendleft(reversed(kept))
        return frames


def _weight(event: Event) -> tuple[int, int]:
    """(frames, bytes) that an event counts for."""
    if isinstance(event, (Received, SeriesFrames)):
        return len(event.batch.marks) // 2, len(event.batch.data)
    if isinstance(event, Sent):
        return 1, len(event.raw)
    return 0, 0
