"""Tasks that are done one after the other in a thread of their own, each of which can be stopped."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from stomptui.connection.blocking_client import BlockingEventQueue


@dataclass
class _Task:
    """Something that is to be done."""

    do: Callable[[], None]
    instead: Callable[[str], None]
    """Called with why, if it was stopped before it began."""
    stopped: str | None = None
    """Why it is to end, None if it is not."""


class TaskOwner(Protocol):
    """Whoever has tasks done; all of it is called in the thread."""

    def idle(self) -> None:
        """Wait, for an event or until the event queue is woken, as there is nothing to do."""

    def task_done(self) -> None:
        """A task has ended."""

    def failed(self, error: Exception) -> None:
        """Something failed in an unexpected way, and the thread ends."""

    def end(self) -> None:
        """The thread ends."""


class TaskThread:
    """All methods may be called from any thread and none but `join` waits.

    Args:
        owner: Is told what happens.
        event_queue: Where the connections of the tasks are heard; woken when there is something to do.
        name: Of the thread.
    """

    def __init__(self, owner: TaskOwner, event_queue: BlockingEventQueue, name: str) -> None:
        self.ended = threading.Event()
        self._owner = owner
        self._event_queue = event_queue
        self._tasks: deque[_Task] = deque()
        self._task: _Task | None = None
        """The one that is being done."""
        self._lock = threading.Lock()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def later(self, do: Callable[[], None], instead: Callable[[str], None] = lambda why: None) -> None:
        """Have something done once what was asked for before is.

        Args:
            do: What to do.
            instead: Called with why, if it was stopped before it began.
        """
        with self._lock:
            self._tasks.append(_Task(do, instead))
        self._event_queue.wake()

    def mark(self, why: str) -> None:
        """All that was asked for is to end."""
        with self._lock:
            for task in (*self._tasks, *filter(None, (self._task,))):
                task.stopped = why

    def stop(self, why: str) -> None:
        """The same, and soon."""
        self.mark(why)
        self._event_queue.wake()

    def close(self) -> None:
        """End the thread once what is being done has ended."""
        self._closing = True
        self._event_queue.wake()

    def join(self, timeout: float | None = None) -> bool:
        """Wait until it has ended; False if that did not happen in time. Not for the event loop's thread."""
        return not self._thread.is_alive() or self.ended.wait(timeout)

    @property
    def stopped(self) -> str | None:
        """Why what is being done is to end, None if it is not."""
        if self._closing:
            return "closed"
        task = self._task
        return task.stopped if task is not None else None

    @property
    def left(self) -> str | None:
        """Why no connection is wanted any more, None while one is: what was stopped may need another to see what came
        of it, if it has done something; what is closed needs none."""
        return "closed" if self._closing else self.unbegun

    @property
    def unbegun(self) -> str | None:
        """Why what is being done is to end though it has done nothing to a message, None if it is not, or if it has."""
        task = self._task
        return None if task is None or self._event_queue.begun else task.stopped

    def _run(self) -> None:
        try:
            while not self._closing:
                if self._tasks:
                    with self._lock:
                        task = self._task = self._tasks.popleft()
                    self._event_queue.begun = False
                    if task.stopped:
                        task.instead(task.stopped)
                    else:
                        task.do()
                    self._task = None
                    self._owner.task_done()
                else:
                    self._owner.idle()
        except Exception as error:
            self._owner.failed(error)
        finally:
            try:
                self._owner.end()
            finally:
                self.ended.set()
