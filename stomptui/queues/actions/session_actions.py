"""Acting on messages that another session has unacknowledged, such as the person's own connection."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from stomptui.connection.blocking_client import BlockingClient, BlockingEventQueue
from stomptui.connection.errors import SessionError
from stomptui.connection.events import BrokerError, Event, Lost, ReceiptArrived
from stomptui.connection.program_log import LOGGER
from stomptui.connection.session import Session
from stomptui.protocol.frame import Frame
from stomptui.queues.access import QueueAccess
from stomptui.queues.actions.action import Action, Items
from stomptui.queues.actions.action_tasks import ActionTasks
from stomptui.queues.peek import reports
from stomptui.queues.peek.task_reports import TaskReports
from stomptui.queues.task_thread import TaskThread


class SessionActions:
    """Carries actions out on one session that others use too, in a thread of its own; all methods may be called from
    any thread and none but `join` waits.

    Args:
        access: The broker's way, of no queue; its other connections are side connections.
        session: Which has the messages; `hears` must get what it reports.
        tell: Called with each report, in the thread; must not block.
    """

    def __init__(self, access: QueueAccess, session: Session, tell: Callable[[reports.Report], None]) -> None:
        self.access = access
        self.session = session
        self._client = BlockingClient(session, access.context.event_queue)
        self._reporting = TaskReports(tell)
        self._tasks = TaskThread(self, access.context.event_queue, "stomptui-actions")
        self._action_tasks = ActionTasks(access.actions, self._tasks, self._reporting)

    @property
    def ended(self) -> threading.Event:
        """Set once all connections are closed."""
        return self._tasks.ended

    @property
    def stopped(self) -> str | None:
        """Why what is being done is to end, None if it is not."""
        return self._tasks.stopped

    @property
    def left(self) -> str | None:
        """As of `TaskThread.left`."""
        return self._tasks.left

    @staticmethod
    def hears(event: Event, event_queue: BlockingEventQueue) -> None:
        """Hand on what answers an action; the rest of the session's traffic is no concern of it."""
        if isinstance(event, (ReceiptArrived, BrokerError, Lost)):
            event_queue.put(event)

    def start(self) -> None:
        """Begin."""
        self._tasks.start()

    def act(self, action: Action, items: Items, unacked: dict[int, Frame]) -> None:
        """Carry an action out.

        Args:
            action: What to do.
            items: With which messages.
            unacked: Those of them that the session has.
        """
        self._adopt(unacked)
        # Actions are rare here, and a connection that nobody uses is in nobody's interest.
        self._action_tasks.act(action, items, self.access.close)

    def plan(self, action: Action, items: Items, unacked: dict[int, Frame]) -> None:
        """Work out what an action would do, as `act` would do it."""
        self._adopt(unacked)
        self._action_tasks.plan(action, items)

    def stop(self, why: str = "by you") -> None:
        """End what is being done as soon as what was begun is settled; of what has not begun nothing is done."""
        self._tasks.stop(why)

    def close(self) -> None:
        """End; the session goes on."""
        self._tasks.close()

    def join(self, timeout: float | None = None) -> bool:
        """As of `TaskThread.join`."""
        return self._tasks.join(timeout)

    def _adopt(self, unacked: dict[int, Frame]) -> None:
        self._tasks.later(lambda: self.access.unacked.adopt(self._client, dict(unacked)))

    # As of `TaskOwner`

    def idle(self) -> None:
        """Wait for something to do."""
        event = self.access.context.event_queue.get(None)
        if event is not None:
            self.access.forwarding.overheard(event)

    def task_done(self) -> None:
        """A task has ended."""

    def failed(self, error: Exception) -> None:
        """Something failed in an unexpected way, and the thread ends."""
        self._reporting.failed(error)

    def end(self) -> None:
        """The thread ends."""
        try:
            self.access.close()
        except SessionError as error:
            LOGGER.info("the connections of actions were closed: %s", error)
        except Exception:
            LOGGER.exception("the connections of actions could not be closed")
        self._reporting.report(reports.Closed(time.time()))
