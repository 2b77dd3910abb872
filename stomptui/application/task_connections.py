"""Side connections for one task, such as a drain, without a screen and without a journal."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterable

from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import BlockingClient, BlockingEventQueue, NotReached, open_client
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.events import ConnectFailed, Event, Received, Sent
from stomptui.connection.probe import probe_addresses
from stomptui.queues.access_context import AccessContext

MOST = 32 << 20
"""Bytes of frames that may wait to be looked at; then nothing more is read from the sockets."""


class BoundedEventQueue(BlockingEventQueue):
    """An event queue that says when it is full, so that its sessions can stop reading meanwhile.

    Args:
        most: Bytes of frames from which on it is full.
    """

    def __init__(self, most: int = MOST) -> None:
        super().__init__()
        self._most = most
        self._lock = threading.Lock()
        self._size = 0
        self._waiting: list[Callable[[], None]] = []

    @property
    def full(self) -> bool:
        return self._size >= self._most

    def put(self, event: Event) -> None:
        self._weigh(_weight(event))
        super().put(event)

    def get(self, timeout: float | None = None) -> Event | None:
        event = super().get(timeout)
        if event is not None:
            self._weigh(-_weight(event))
        return event

    def put_back(self, events: Iterable[Event]) -> None:
        again = list(events)
        self._weigh(sum(_weight(event) for event in again))
        super().put_back(again)

    def when_room(self, callback: Callable[[], None]) -> None:
        """Call `callback`, from the thread that takes events out, each time there is room again after it was full."""
        with self._lock:
            self._waiting.append(callback)

    def forget(self, callback: Callable[[], None]) -> None:
        with self._lock:
            if callback in self._waiting:
                self._waiting.remove(callback)

    def _weigh(self, weight: int) -> None:
        with self._lock:
            was_full = self.full
            self._size += weight
            waiting = tuple(self._waiting) if was_full and not self.full else ()
        for callback in waiting:
            callback()


class BackPressureSink:
    """The event sink of sessions whose events are in a bounded event queue: keeps nothing, and is as full as that."""

    def __init__(self, event_queue: BoundedEventQueue) -> None:
        self._event_queue = event_queue

    @property
    def full(self) -> bool:
        return self._event_queue.full

    def put(self, event: Event) -> None:
        """The event queue has it."""

    def drop_oldest(self, session: int) -> int:
        return 0

    def when_room(self, callback: Callable[[], None]) -> None:
        self._event_queue.when_room(callback)

    def forget(self, callback: Callable[[], None]) -> None:
        self._event_queue.forget(callback)


def task_context(
    connection: Connection,
    stopped: Callable[[], str | None] = lambda: None,
    left: Callable[[], str | None] = lambda: None,
) -> AccessContext:
    """What a way into a queue needs, with connections made as `connection` says.

    Args:
        connection: To which broker, and as whom.
        stopped: As of `AccessContext`.
        left: As of `Peek`.
    """
    event_queue = BoundedEventQueue()
    gate = BackPressureSink(event_queue)

    def dial(word: str, *, quiet: bool = False, versions: tuple[str, ...] = ()) -> BlockingClient:
        wanted = dataclasses.replace(connection.for_side_connection(), versions=versions or connection.versions)
        return open_client(lambda: BlockingClient.make(wanted, gate, event_queue, BROKERS), left)[0]

    return AccessContext(dial, event_queue, stopped, connection.login, connection)


def find_broker(connection: Connection) -> tuple[Connection, Dialect]:
    """See which broker answers.

    Returns:
        The connection at the address of the one that does, and its dialect.

    Raises:
        NotReached: None does; the reason in plain words.
    """
    found, there = probe_addresses(connection.for_side_connection(), BROKERS)
    if isinstance(found, ConnectFailed):
        raise NotReached.of(found, connection)
    here = dataclasses.replace(connection, host=there.host, port=there.port)
    return here, BROKERS.named(found.dialect, found.server)


def find_dialect(connection: Connection) -> Dialect:
    """The dialect of the broker that answers. Raises `NotReached`."""
    return find_broker(connection)[1]


def _weight(event: Event) -> int:
    """Bytes of the frames an event brings."""
    if isinstance(event, Received):
        return len(event.batch.data)
    return len(event.raw) if isinstance(event, Sent) else 0
