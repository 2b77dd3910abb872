"""The one hand-over from the threads of sessions to the event loop: bounded, in order, quiet when nothing happens."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from stomptui.connection.events import Dropped, Event, Received, Sent


class EventSink(Protocol):
    """Where a session puts what it reports; `EventQueue` is one."""

    @property
    def full(self) -> bool: ...
    def put(self, event: Event) -> None: ...
    def drop_oldest(self, session: int) -> int: ...
    def when_room(self, callback: Callable[[], None]) -> None: ...
    def forget(self, callback: Callable[[], None]) -> None: ...


class TeeSink:
    """An outlet whose events somebody else hears too, in the thread that reports them.

    Args:
        outlet: Where everything goes, in the same order.
        hear: Called with each event before it is handed on; must neither block nor raise.
    """

    def __init__(self, outlet: EventSink, hear: Callable[[Event], None]) -> None:
        self._outlet = outlet
        self._hear = hear

    @property
    def full(self) -> bool:
        return self._outlet.full

    def put(self, event: Event) -> None:
        self._hear(event)
        self._outlet.put(event)

    def drop_oldest(self, session: int) -> int:
        return self._outlet.drop_oldest(session)

    def when_room(self, callback: Callable[[], None]) -> None:
        self._outlet.when_room(callback)

    def forget(self, callback: Callable[[], None]) -> None:
        self._outlet.forget(callback)


class NullSink:
    """An outlet for what nobody wants on record."""

    full = False

    def put(self, event: Event) -> None:
        """Let go of it."""

    def drop_oldest(self, session: int) -> int:
        return 0

    def when_room(self, callback: Callable[[], None]) -> None:
        """There is always room."""

    def forget(self, callback: Callable[[], None]) -> None:
        """Nobody is remembered."""


class EventQueue:
    """Events of all sessions in the order they happened.

    Nothing is refused: whoever fills it looks at `full` and stops reading its socket.

    Args:
        wake: Called from the thread that put something in; once, until the inbox has been emptied again.
        max_bytes: Bytes of frames from which on it is full.
        max_frames: Frames from which on it is full.
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
        """Frames that wait to be taken out."""
        self.bytes = 0
        """Bytes of frames that wait to be taken out."""

    @property
    def full(self) -> bool:
        if self.frames < self._max_frames and self.bytes < self._max_bytes:
            return False
        with self._lock:
            self._was_full = self.frames >= self._max_frames or self.bytes >= self._max_bytes
            return self._was_full

    def put(self, event: Event) -> None:
        """From any thread; never blocks, never raises."""
        frames, size = _weight(event)
        with self._lock:
            self._events.append(event)
            self.frames += frames
            self.bytes += size
            woken, self._woken = self._woken, True
        if not woken:
            self._wake()

    def get(self) -> Event | None:
        """The oldest event, or None, which says that the next `put` wakes again."""
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
        """Call `callback`, from the thread that empties the inbox, each time there is room again after it was full."""
        with self._lock:
            self._waiting.append(callback)

    def forget(self, callback: Callable[[], None]) -> None:
        with self._lock:
            if callback in self._waiting:
                self._waiting.remove(callback)

    def drop_oldest(self, session: int) -> int:
        """Let go of the oldest batches of one session until a quarter of the inbox is free; returns the frames dropped.

        Only batches of nothing but MESSAGE frames go. A `Dropped` event stands where they were.
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
    """Frames and bytes an event counts for."""
    if isinstance(event, Received):
        return len(event.batch.marks) // 2, len(event.batch.data)
    if isinstance(event, Sent):
        return 1, len(event.raw)
    return 0, 0
