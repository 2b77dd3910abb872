"""One piece of work on a broker, such as a drain: finds the broker, gives ways into its queues, runs and stops it.

Usage:
    task = BrokerTask.alone(connection)
    access = task.access("/queue/orders")
    task.start(Drain(access, open_sink), report)
    task.join()
"""

from __future__ import annotations

from collections.abc import Callable

from stomptui.application.task_connections import find_broker, task_context
from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.connection.dialect.base import Dialect
from stomptui.queues.access import QueueAccess
from stomptui.queues.access_context import AccessContext
from stomptui.queues.peek import reports
from stomptui.queues.transfer.transfer import Transfer, TransferWork

ContextMaker = Callable[[str, Callable[[], str | None], Callable[[], str | None]], AccessContext]
"""Makes what a way into a queue needs.

Args are the queue, why the work is to end ("" if it is not), and why no connection is wanted any more.
"""


class BrokerTask:
    """One drain or refill, on side connections of its own. All methods may be called from any thread.

    Args:
        dialect: That of the broker.
        make_context: How side connections are made.
    """

    def __init__(self, dialect: Dialect, make_context: ContextMaker) -> None:
        self.dialect = dialect
        self._make_context = make_context
        self._transfer: Transfer | None = None
        self._stop: str | None = None
        """Why it was stopped, None if it was not."""

    @classmethod
    def alone(cls, connection: Connection, dialect: Dialect | None = None) -> BrokerTask:
        """A task without a console: its side connections are the only ones, and no journal has their frames.

        Args:
            connection: To which broker.
            dialect: That of the broker if it is known; the broker is asked otherwise, which blocks.

        Raises:
            NotReached: No broker answers; the reason in plain words.
        """
        if dialect is None:
            connection, dialect = find_broker(connection)
        return cls(dialect, lambda queue, stopped, left: task_context(connection, stopped, left))

    def access(self, queue: str = "") -> QueueAccess:
        """The way into a queue; for work that only sends, any will do."""
        return BROKERS.access(queue, self.dialect, self._make_context(queue, self.stopped, self.left))

    def start(self, work: TransferWork, report: Callable[[reports.Report], None]) -> Transfer:
        """Begin, in a thread of its own; `report` is called there, as `Transfer` says."""
        transfer = self._transfer = Transfer(work, report)
        if self._stop:
            transfer.stop(self._stop)
        transfer.start()
        return transfer

    def stop(self, reason: str) -> None:
        """End it as soon as what was begun is settled; before it is started, nothing will be done. Does not wait."""
        self._stop = self._stop or reason
        if self._transfer is not None:
            self._transfer.stop(reason)

    def join(self, timeout: float | None = None) -> bool:
        """Wait until it has ended; False if that did not happen in time. Not for the event loop's thread."""
        return self._transfer is None or self._transfer.join(timeout)

    def stopped(self) -> str | None:
        """Why it is to end, None if it is not."""
        return self._transfer.stopped if self._transfer is not None else self._stop

    def left(self) -> str | None:
        """Why no connection is wanted any more, None while one is."""
        return self._transfer.left if self._transfer is not None else self._stop
