"""Opens peeks: asks which queue, finds out what its broker will notice, and shows the messages."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from textual.screen import Screen

from stomptui.application.console import Console
from stomptui.brokers.registry import BROKERS
from stomptui.connection.blocking_client import BlockingEventQueue
from stomptui.connection.subscriptions.delivery_counts import queue_of
from stomptui.protocol.server_words import with_server_words
from stomptui.queues.access_context import AccessContext
from stomptui.queues.actions.action import ActionKind
from stomptui.queues.peek import reports
from stomptui.queues.peek.peek import Peek
from stomptui.queues.peek.peek_values import QueueSurvey
from stomptui.ui.peek.form import Notice, PeekForm, PeekRequest
from stomptui.ui.peek.screen import PeekReported, PeekScreen
from stomptui.ui.widgets.log.message_log import MessageLog
from stomptui.ui.widgets.message.split import MessageSplit
from stomptui.ui.widgets.status_bar import StatusFacts


class PeekController:
    """Asks for a queue, surveys it, and shows what a peek finds.

    Args:
        screen: Where questions are asked.
        console: Whose broker it is.
        hold: Seconds that messages stay unacknowledged, unless something else is asked for.
        log: The log, with which peeks share the header that is a column of its own.
        split: The log and the message, with which peeks share where the message stands.
        status: Returns what the status bar of a peek shows.
    """

    def __init__(
        self,
        screen: Screen[None],
        console: Console,
        hold: Callable[[], float],
        log: MessageLog,
        split: MessageSplit,
        status: Callable[[], StatusFacts],
    ) -> None:
        self._screen = screen
        self._console = console
        self._hold = hold
        self._log = log
        self._split = split
        self._status = status
        self._form: PeekForm | None = None
        self._candidate: Peek | None = None
        self._survey: QueueSurvey | None = None
        self._view: PeekScreen | None = None
        self._then: ActionKind | None = None
        self._all: list[Peek] = []

    def ask(self, queue: str = "", then: ActionKind | None = None) -> None:
        """Show the form, with a queue to begin with if one is known.

        Args:
            queue: The queue.
            then: What to ask for, once they are shown, with all of its messages.
        """
        if self._console.main_connection is None:
            self._screen.notify("Connect to a broker first.", severity="warning")
            return
        self._then = then
        self._form = PeekForm(queue, self._console.destinations.queues, self._hold(), self._ask_about, then)
        self._screen.app.push_screen(self._form, self._answered)

    def open(self, queue: str, tell: Callable[[reports.Report], None]) -> Peek:
        """A peek that is shown nowhere, to be started and closed.

        Args:
            queue: The queue.
            tell: As of `Peek`.
        """
        return self._make(queue, tell)

    def _make(self, queue: str, tell: Callable[[reports.Report], None] | None = None) -> Peek:
        event_queue = BlockingEventQueue()
        dial = self._console.side_connections.dialer(queue, event_queue, lambda: peek.left)
        main = self._console.main_connection
        connection = main.connection if main else None
        context = AccessContext(
            dial, event_queue, lambda: peek.stopped, connection.login if connection else "", connection
        )
        peek = Peek(
            BROKERS.access(queue, self._console.dialect, context),
            tell or (lambda report: self._report(peek, report)),
            self._hold(),
        )
        self._all = [other for other in self._all if not other.ended.is_set()]
        self._all.append(peek)
        return peek

    def _report(self, peek: Peek, report: reports.Report) -> None:
        """In the thread of a peek."""
        view = self._view
        target: Screen[None] = view if view is not None and view.peek is peek else self._screen
        target.post_message(PeekReported(peek, report))

    # -- the form --------------------------------------------------------------------------------------------------

    def _ask_about(self, queue: str) -> None:
        self._drop_candidate()
        self._candidate = self._make(queue)
        self._candidate.start()

    def _drop_candidate(self) -> None:
        if self._candidate is not None:
            self._candidate.close()
        self._candidate, self._survey = None, None

    def receive(self, message: PeekReported) -> None:
        """A report of a peek that has no view yet."""
        if message.peek is not self._candidate or self._form is None:
            return
        report, queue = message.report, message.peek.access.queue
        if isinstance(report, reports.Surveyed):
            survey = self._survey = report.survey
            depth = f"{survey.depth:,} messages. " if survey.depth is not None else ""
            kind = f"{survey.kind.capitalize()} queue. " if survey.kind and survey.kind != "stream" else ""
            self._form.show_notice(
                queue,
                Notice(
                    f"{kind}{depth}{survey.notice}{self._unacked_here(queue)}",
                    survey.holds,
                    survey.kind == "stream",
                    survey.ask,
                    survey.refusal or None,
                ),
            )
        elif isinstance(report, reports.Failed):
            self._form.show_notice(queue, Notice("", refusal=with_server_words(report.reason, report.server_text)))

    def _unacked_here(self, queue: str) -> str:
        """That a subscription of this console has messages which a peek cannot show."""
        main = self._console.main_connection
        for watch in main.wanted if main is not None else ():
            holds = watch.state == "on" and watch.reading is not None and watch.reading.holds
            if holds and watch.total and not watch.prefers_browsing and queue_of(watch.destination) == queue_of(queue):
                return " Messages that a subscription of this console has not acknowledged are not shown."
        return ""

    def _answered(self, request: PeekRequest | None) -> None:
        self._form = None
        peek, survey = self._candidate, self._survey
        if request is None or peek is None or survey is None:
            self._drop_candidate()
            return
        self._candidate, self._survey = None, None
        peek.hold = request.hold
        self._view = PeekScreen(
            peek, survey, request, self._console.destinations.names, self._log, self._split, self._then, self._status
        )
        self._screen.app.push_screen(self._view, self._left)

    def _left(self, result: None) -> None:
        self._view = None

    # -- the end ---------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Return all unacknowledged messages of all peeks; does not wait."""
        for peek in self._all:
            peek.close()

    def join(self, timeout: float) -> None:
        """Wait until all are returned, `timeout` seconds at most. Not for the event loop's thread."""
        until = monotonic() + timeout
        for peek in self._all:
            peek.join(max(0.0, until - monotonic()))
