"""A peek without a screen: asks for things, and waits for what is reported of them.

Usage:
    with peeking(connection, "/queue/orders") as peek:
        shown = peek.look(Look(5))
        account = peek.act(Order("move", "/queue/other"), [1, 2])
"""

from __future__ import annotations

import contextlib
import dataclasses
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import BlockingClient, BlockingEventQueue
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.event_queue import EventQueue
from stomptui.connection.events import ConnectFailed
from stomptui.connection.probe import probe
from stomptui.protocol.frame import Frame
from stomptui.queues.access_context import AccessContext
from stomptui.queues.actions.action import Action, ActionResult, DryRun
from stomptui.queues.peek import reports as r
from stomptui.queues.peek.peek import HOLD, Peek
from stomptui.queues.peek.peek_values import PeekOptions, PeekResult, QueueSurvey

R = TypeVar("R", bound=r.Report)


class PeekFailed(AssertionError):
    """Something that was asked for could not be done; `failed` says why."""

    def __init__(self, failed: r.Failed) -> None:
        super().__init__(f"{failed.what}: {failed.reason}; {failed.server_text}")
        self.failed = failed


class Peeking:
    """`reports` has everything that was told, `frames` what the last look showed, `lines` every connection made."""

    def __init__(self, connection: Connection, queue: str, hold: float = HOLD, dialect: Dialect | None = None) -> None:
        self.connection = connection
        self.reports: list[r.Report] = []
        self.lines: list[tuple[str, BlockingClient]] = []
        """(what for, line), in the order they were opened."""
        self.surveyed: QueueSurvey | None = None
        """What `survey` found."""
        self.before_dialling: Callable[[str], None] = lambda word: None
        """Called, in the thread of the peek, before a connection is opened, with what it is for."""
        self._told = threading.Condition()
        self._seen = 0
        self._mailbox = BlockingEventQueue()
        self._outlet = EventQueue(lambda: None, max_bytes=1 << 40, max_frames=1 << 40)
        if dialect is None:
            found = probe(connection, BROKERS)
            assert not isinstance(found, ConnectFailed), found
            dialect = BROKERS.named(found.dialect, found.server)
        self.dialect = dialect
        context = AccessContext(self._dial, self._mailbox, lambda: self.peek.stopped, connection.login, connection)
        self.peek = Peek(BROKERS.access(queue, dialect, context), self._tell, hold)
        self.peek.start()

    def _dial(self, word: str, *, quiet: bool = False, versions: tuple[str, ...] = ()) -> BlockingClient:
        connection = dataclasses.replace(self.connection, versions=versions or self.connection.versions)
        self.before_dialling(word)
        client = BlockingClient.make(connection, self._outlet, self._mailbox, BROKERS)
        client.open(lambda: self.peek.left)
        self.lines.append((word, client))
        return client

    def _tell(self, report: r.Report) -> None:
        with self._told:
            self.reports.append(report)
            self._told.notify_all()

    def wait(self, kind: type[R], timeout: float = 30.0, which: Callable[[R], bool] = lambda _: True) -> R:
        """The next report of a kind that was not waited for yet; one of a failure instead raises `PeekFailed`."""
        deadline = time.monotonic() + timeout
        with self._told:
            while True:
                while self._seen < len(self.reports):
                    report = self.reports[self._seen]
                    self._seen += 1
                    if isinstance(report, kind) and which(report):
                        return report
                    if isinstance(report, r.Failed):
                        raise PeekFailed(report)
                left = deadline - time.monotonic()
                if left <= 0 or not self._told.wait(left):
                    raise AssertionError(f"no {kind.__name__} among {self.reports[-8:]}")

    @property
    def frames(self) -> list[Frame]:
        """What the last look showed, in order."""
        shown: list[Frame] = []
        for report in list(self.reports):
            if isinstance(report, r.PeekStarted):
                shown = []
            elif isinstance(report, r.Shown):
                shown += report.frames
        return shown

    def survey(self) -> QueueSurvey:
        """What was found out before looking."""
        self.surveyed = self.wait(r.Surveyed).survey
        return self.surveyed

    def look(self, what: PeekOptions | None = None) -> PeekResult:
        """Look, and wait until it has ended."""
        self.peek.peek(what or PeekOptions())
        return self.wait(r.PeekEnded).result

    def plan(self, action: Action, indexes: Sequence[int]) -> DryRun:
        self.peek.plan(action, self._items(indexes))
        return self.wait(r.Planned).plan

    def act(self, action: Action, indexes: Sequence[int], unknown: bool = True) -> ActionResult:
        """Carry an order out on the messages with those indexes, and wait for the account.

        Args:
            action: What to do.
            indexes: The messages.
            unknown: Whether to agree to targets of which it is not known what they keep.
        """
        self.peek.act(dataclasses.replace(action, accepts_unknown=unknown), self._items(indexes))
        return self.wait(r.ActionEnded, timeout=120.0).result

    def _items(self, indexes: Sequence[int]) -> list[tuple[int, Frame]]:
        frames = self.frames
        return [(index, frames[index]) for index in indexes]

    def return_messages(self) -> r.MessagesReturned:
        self.peek.return_messages()
        return self.wait(r.MessagesReturned)

    def close(self) -> None:
        """Leave, and wait until all is given back and closed."""
        self.peek.close()
        assert self.peek.join(20), "the peek did not end when it was closed"


@contextlib.contextmanager
def peeking(
    connection: Connection, queue: str, hold: float = HOLD, dialect: Dialect | None = None
) -> Iterator[Peeking]:
    """A peek that is surveyed already."""
    peek = Peeking(connection, queue, hold, dialect)
    try:
        peek.survey()
        yield peek
    finally:
        peek.close()


@contextlib.contextmanager
def busy(peek: Peeking) -> Iterator[None]:
    """What is asked for meanwhile does not begin."""
    done = threading.Event()

    def wait() -> None:
        done.wait(20)

    peek.peek._tasks.later(wait)
    try:
        yield
    finally:
        done.set()
