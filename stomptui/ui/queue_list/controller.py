"""Opens the list of queues, asks the broker for it while it is shown, and passes on what is chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.screen import Screen

from stomptui.application.console import Console
from stomptui.brokers.registry import BROKERS
from stomptui.compose.draft import Draft
from stomptui.connection.blocking_client import BlockingEventQueue
from stomptui.queues.access_context import AccessContext
from stomptui.queues.actions.action import ActionKind
from stomptui.queues.listing.lister import Lister
from stomptui.queues.listing.listing import Listing, Unlisted
from stomptui.ui.app_messages import DraftWanted, DrainWanted
from stomptui.ui.queue_list.choosing import QueueAction, QueueChoice
from stomptui.ui.queue_list.dead_letters import DeadLetters
from stomptui.ui.queue_list.refreshing import Report
from stomptui.ui.queue_list.screen import QueueListScreen
from stomptui.ui.widgets.status_bar import StatusFacts

ON_ALL: Mapping[QueueAction, ActionKind] = {
    QueueAction.MOVE: "move",
    QueueAction.RETRY: "retry",
    QueueAction.DELETE: "delete",
}
"""What is done with all messages of a queue, through a peek."""


class QueueListController:
    """Shows the list of queues, and passes on what the person chose.

    Args:
        screen: Over which the list is shown.
        console: Whose broker it is.
        peek: Called with a queue to peek at, and what to do with all of its messages then.
        subscribe: Called with a destination to subscribe to.
        dead_letters: Watches dead letters.
        status: Returns what the status bar shows.
    """

    def __init__(
        self,
        screen: Screen[None],
        console: Console,
        peek: Callable[[str, ActionKind | None], None],
        subscribe: Callable[[str], None],
        dead_letters: DeadLetters,
        status: Callable[[], StatusFacts],
    ) -> None:
        self._screen = screen
        self._console = console
        self._peek = peek
        self._subscribe = subscribe
        self._dead_letters = dead_letters
        self._status = status
        self._view: QueueListScreen | None = None

    def show(self) -> None:
        """Show the list; it is asked for while it is on the screen."""
        if self._console.main_connection is None:
            self._screen.notify("Connect to a broker first.", severity="warning")
        else:
            self._view = QueueListScreen(self._start, self._chosen, self._dead_letters, self._status)
            self._screen.app.push_screen(self._view)

    def show_dead_letters(self) -> None:
        """Show the list with the cursor on the dead-letter queue that matters most, in place of what lies over it."""
        app = self._screen.app
        below = self._view if self._view is not None and self._view in app.screen_stack else self._screen
        while app.screen is not below:
            app.pop_screen()
        if below is self._screen:
            self.show()
        if self._view is not None and app.screen is self._view:
            self._view.action_dead_letters()

    def _start(self, report: Callable[[Report], object]) -> Lister:
        main = self._console.main_connection
        assert main is not None
        event_queue = BlockingEventQueue()

        def left() -> str:
            return "left" if lister.stopped else ""

        context = AccessContext(
            self._console.side_connections.dialer("queues", event_queue, left), event_queue, left,
            main.connection.login,
        )  # fmt: skip

        def received(answer: Listing | Unlisted) -> None:
            if isinstance(answer, Listing):
                self._console.known.put(list(answer.destinations))
            report(answer)

        way = BROKERS.lister(main.connection, self._console.dialect, context)
        lister = Lister(way, received, tell_selected=report)
        lister.start()
        return lister

    def _chosen(self, choice: QueueChoice) -> None:
        app, queue = self._screen.app, choice.destination
        match choice.action:
            case QueueAction.SUBSCRIBE:
                if self._view is not None:
                    # What comes is read in the log.
                    self._view.dismiss(None)
                self._subscribe(queue)
            case QueueAction.SEND:
                app.post_message(DraftWanted(Draft(queue, variables="{{" not in queue)))
            case QueueAction.DRAIN:
                app.post_message(DrainWanted(queue))
            case QueueAction.PEEK:
                self._peek(queue, None)
            case QueueAction.MOVE | QueueAction.RETRY | QueueAction.DELETE:
                self._peek(queue, ON_ALL[choice.action])
