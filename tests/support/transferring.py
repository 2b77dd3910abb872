"""Drains and refills without a screen or a command line.

Usage:
    ran = drain(connection, "/queue/orders", path)
    assert ran.result.text == "10 drained"
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stomptui.application.task_connections import find_dialect, task_context
from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.connection.dialect.base import Dialect
from stomptui.protocol.jsonl import FileMessage
from stomptui.queues.peek import reports as r
from stomptui.queues.transfer.drain import Drain
from stomptui.queues.transfer.message_file import FileMode, MessageFile
from stomptui.queues.transfer.refill import Refill
from stomptui.queues.transfer.result import TransferResult
from stomptui.queues.transfer.sink import MessageSink
from stomptui.queues.transfer.transfer import Ended, Transfer, TransferProgress, TransferWork

LONGEST = 120.0
"""Seconds a transfer of a test may take."""


@dataclass
class Running:
    """One transfer; `reports` has everything that was told."""

    reports: list[r.Report] = field(default_factory=list)
    moving: threading.Event = field(default_factory=threading.Event)
    """Set with the first report of progress."""
    on_progress: Callable[[TransferResult], None] = lambda result: None
    transfer: Transfer = field(init=False)

    def stopped(self) -> str | None:
        return self.transfer.stopped

    def left(self) -> str | None:
        return self.transfer.left

    def tell(self, report: r.Report) -> None:
        self.reports.append(report)
        if isinstance(report, TransferProgress):
            self.on_progress(report.result)
            self.moving.set()

    def start(self, work: TransferWork) -> Running:
        self.transfer = Transfer(work, self.tell)
        self.transfer.start()
        return self

    def wait(self) -> Running:
        assert self.transfer.join(LONGEST), f"it did not end: {self.reports[-3:]}"
        assert isinstance(self.reports[-1], r.Closed)
        return self

    @property
    def result(self) -> TransferResult:
        """The account."""
        found = [report for report in self.reports if isinstance(report, Ended)]
        assert len(found) == 1, self.reports
        return found[0].result

    @property
    def failed(self) -> r.Failed:
        """Why nothing could be begun."""
        (failed,) = [report for report in self.reports if isinstance(report, r.Failed)]
        return failed


def start_drain(
    connection: Connection,
    queue: str,
    path: Path,
    mode: FileMode = FileMode.NEW,
    dialect: Dialect | None = None,
    open_sink: Callable[[], MessageSink] | None = None,
    on_progress: Callable[[TransferResult], None] = lambda result: None,
    **options: Any,
) -> Running:
    """Begin a drain; `options` are those of `Drain`."""
    running = Running(on_progress=on_progress)
    access = BROKERS.access(
        queue, dialect or find_dialect(connection), task_context(connection, running.stopped, running.left)
    )
    return running.start(Drain(access, open_sink or functools.partial(MessageFile, path, mode), **options))


def drain(connection: Connection, queue: str, path: Path, **options: Any) -> Running:
    """Drain, and wait until it has ended."""
    return start_drain(connection, queue, path, **options).wait()


def start_refill(
    connection: Connection,
    path: Path,
    target: str = "",
    first_line: int = 1,
    dialect: Dialect | None = None,
    on_progress: Callable[[TransferResult], None] = lambda result: None,
    accepts: tuple[str, ...] = (),
    last_line: int | None = None,
) -> Running:
    """Begin a refill."""
    running = Running(on_progress=on_progress)
    access = BROKERS.access(
        target, dialect or find_dialect(connection), task_context(connection, running.stopped, running.left)
    )
    return running.start(Refill(access, path, target, first_line, accepts, last_line))


def refill(connection: Connection, path: Path, target: str = "", **options: Any) -> Running:
    """Refill, and wait until it has ended."""
    return start_refill(connection, path, target, **options).wait()


def read(path: Path) -> list[FileMessage]:
    """The messages of a file, every line of which must be one."""
    return [FileMessage.from_line(line, number) for number, line in enumerate(path.read_bytes().splitlines(True), 1)]


def bodies(path: Path) -> list[bytes]:
    return [message.body for message in read(path)]


def drain_work(connection: Connection, queue: str, path: Path, stopped: Callable[[], str | None]) -> Drain:
    """A drain to be run by whoever wants to."""
    access = BROKERS.access(queue, find_dialect(connection), task_context(connection, stopped))
    return Drain(access, functools.partial(MessageFile, path))


def refill_work(connection: Connection, path: Path, stopped: Callable[[], str | None]) -> Refill:
    """A refill to be run by whoever wants to."""
    return Refill(BROKERS.access("", find_dialect(connection), task_context(connection, stopped)), path)
