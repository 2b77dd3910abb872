"""Planning and carrying out actions as tasks of a thread, and reporting what becomes of them."""

from __future__ import annotations

import time
from collections.abc import Callable

from stomptui.connection.blocking_client import ClientError
from stomptui.queues.actions.action import Action, ActionResult, Items, MessageOutcome
from stomptui.queues.actions.queue_actions import QueueActions
from stomptui.queues.peek import reports
from stomptui.queues.peek.task_reports import TaskReports
from stomptui.queues.task_thread import TaskThread

OUTCOMES_EVERY = 0.1
"""Seconds between two reports of outcomes: a bulk action settles thousands in that time."""


class ActionTasks:
    """What is asked of the messages of a queue.

    Args:
        actions: The broker's.
        tasks: The thread that they are done in.
        reporting: Reports what becomes of them.
    """

    def __init__(self, actions: QueueActions, tasks: TaskThread, reporting: TaskReports) -> None:
        self._actions = actions
        self._tasks = tasks
        self._reporting = reporting
        self._outcomes: list[tuple[int, MessageOutcome]] = []
        self._reported_at = 0.0

    def plan(self, action: Action, items: Items) -> None:
        """Work out what an action would do."""
        self._tasks.later(
            lambda: self._plan(action, items),
            lambda why: self._reporting.report(reports.Failed(time.time(), "plan", f"stopped {why}")),
        )

    def act(self, action: Action, items: Items, after: Callable[[], object] = lambda: None) -> None:
        """Carry an action out.

        Args:
            action: What to do.
            items: With which messages.
            after: Called in the thread once it has ended.
        """

        def do() -> None:
            self._act(action, items)
            after()

        self._tasks.later(do, lambda why: self._untouched(action, items, why))

    def _plan(self, action: Action, items: Items) -> None:
        def do() -> None:
            self._reporting.report(reports.Planned(time.time(), self._actions.plan(action, items)))

        self._reporting.doing("plan", "checking", do)

    def _act(self, action: Action, items: Items) -> None:
        def do() -> None:
            if refusal := self._actions.forwarding.context.change_refusal:
                raise ClientError(refusal)
            self._reporting.report(reports.ActionStarted(time.time(), action, len(items)))
            try:
                result = self._actions.act(action, items, self._note)
            except ClientError:
                if not (why := self._tasks.unbegun):
                    raise
                result = ActionResult(action, len(items), stopped=why)
            self._report_outcomes()
            self._reporting.report(reports.ActionEnded(time.time(), result))

        self._reporting.doing("act", action.present, do)

    def _untouched(self, action: Action, items: Items, why: str) -> None:
        """An action was stopped before it began."""
        self._reporting.report(reports.ActionStarted(time.time(), action, len(items)))
        self._reporting.report(reports.ActionEnded(time.time(), ActionResult(action, len(items), stopped=why)))

    def _note(self, index: int, outcome: MessageOutcome) -> None:
        self._outcomes.append((index, outcome))
        if time.monotonic() - self._reported_at >= OUTCOMES_EVERY:
            self._report_outcomes()

    def _report_outcomes(self) -> None:
        outcomes, self._outcomes, self._reported_at = tuple(self._outcomes), [], time.monotonic()
        if outcomes:
            self._reporting.report(reports.MessageOutcomes(time.time(), outcomes))
