"""Opens drains and refills: asks what goes where, runs the transfer, and shows its progress."""

from __future__ import annotations

import functools
from collections.abc import Callable

from textual.screen import Screen

from stomptui.application.broker_task import BrokerTask
from stomptui.application.console import Console
from stomptui.connection.blocking_client import BlockingEventQueue
from stomptui.protocol.names import shown
from stomptui.queues.access_context import AccessContext
from stomptui.queues.peek import reports
from stomptui.queues.transfer.drain import Drain, drain_facts, drain_refusal
from stomptui.queues.transfer.message_file import MessageFile
from stomptui.queues.transfer.refill import Refill
from stomptui.queues.transfer.transfer import CLOSED
from stomptui.ui.transfer.form import LATER, DrainRequest, RefillRequest, TransferForm
from stomptui.ui.transfer.screen import TransferScreen


class TransferController:
    """Asks for a drain or a refill, runs it, and shows its progress.

    Args:
        screen: Over which all of it is shown.
        console: Whose broker it is.
    """

    def __init__(self, screen: Screen[None], console: Console) -> None:
        self._screen = screen
        self._console = console
        self._task: BrokerTask | None = None
        """What goes on, or went on last."""

    def drain(self, queue: str = "") -> None:
        """Ask which queue goes into which file, then do it."""
        if self._console.main_connection is None:
            self._screen.notify("Connect to a broker first.", severity="warning")
            return
        access = self._new_task().access(queue)
        facts = [f"{LATER[0].upper()}{LATER[1:]}.", *drain_facts(access)]
        self._screen.app.push_screen(TransferForm(False, queue, self._console.destinations.queues, facts), self._begin)

    def refill(self) -> None:
        """Ask which file is sent where, then do it."""
        if self._console.main_connection is None:
            self._screen.notify("Connect to a broker first.", severity="warning")
            return
        facts = ["Each message is sent with a receipt. Headers that belong to one delivery are left out."]
        self._screen.app.push_screen(TransferForm(True, "", self._console.destinations.names, facts), self._begin)

    def _new_task(self) -> BrokerTask:
        return BrokerTask(self._console.dialect, self._context)

    def _context(self, queue: str, stopped: Callable[[], str | None], left: Callable[[], str | None]) -> AccessContext:
        event_queue, main = BlockingEventQueue(), self._console.main_connection
        dial = self._console.side_connections.dialer(queue, event_queue, left)
        return AccessContext(
            dial, event_queue, stopped, main.connection.login if main else "", main.connection if main else None
        )

    def _begin(self, request: DrainRequest | RefillRequest | None) -> None:
        if isinstance(request, DrainRequest):
            self._take_out(request, ())
        elif isinstance(request, RefillRequest):
            self._refill(request, ())

    def _take_out(self, request: DrainRequest, accepts: tuple[str, ...]) -> None:
        task = self._new_task()
        access = task.access(request.queue)
        if refusal := drain_refusal(access):
            self._screen.notify(refusal, title="Not drained", severity="error", markup=False)
            return
        sink = functools.partial(MessageFile, request.path, request.mode)
        work = Drain(access, sink, request.limit, accepts=accepts)
        title = f"{shown(request.queue)} into {request.path}"
        self._show(title, task, work, lambda risks: self._take_out(request, accepts + risks))

    def _refill(self, request: RefillRequest, accepts: tuple[str, ...]) -> None:
        target = f" to {shown(request.target)}" if request.target else ""
        task = self._new_task()
        access = task.access(request.target)
        work = Refill(
            access,
            request.path,
            request.target,
            request.first_line,
            accepts,
            request.last_line,
        )
        self._show(f"{request.path}{target}", task, work, lambda risks: self._refill(request, accepts + risks))

    def _show(
        self, title: str, task: BrokerTask, work: Drain | Refill, anyway: Callable[[tuple[str, ...]], None]
    ) -> None:
        screen = TransferScreen(f"{work.kind.value.capitalize()}: {title}", anyway=anyway)

        def show(report: reports.Report) -> None:
            screen.post_message(TransferScreen.TransferReported(report))

        self._task = task
        self._screen.app.push_screen(screen)
        screen.transfer = task.start(work, show)

    def close(self) -> None:
        """End what goes on; does not wait."""
        if self._task is not None:
            self._task.stop(CLOSED)

    def join(self, timeout: float) -> None:
        """Wait until it has ended, `timeout` seconds at most. Not for the event loop's thread."""
        if self._task is not None:
            self._task.join(timeout)
