"""Acting on what a subscription of the main connection holds: each piece of work with connections and a thread of its
own."""

from __future__ import annotations

from collections.abc import Callable

from stomptui.application.console import Console
from stomptui.brokers.registry import BROKERS
from stomptui.connection.blocking_client import BlockingEventQueue
from stomptui.queues.access_context import AccessContext
from stomptui.queues.actions.session_actions import SessionActions
from stomptui.queues.peek import reports


def begin_session_actions(
    console: Console, queue: Callable[[], str], tell: Callable[[SessionActions, reports.Report], object]
) -> SessionActions | None:
    """What acts on messages that the session of the moment holds, begun; None without a connection.

    Args:
        console: Whose session it is.
        queue: Which queue the messages are in, or how many, for the names of side connections.
        tell: Called with each report, in a thread; must not block.
    """
    session, main = console.session, console.main_connection
    if session is None or main is None or not console.connected:
        return None
    event_queue = BlockingEventQueue()
    context = AccessContext(
        console.side_connections.dialer(queue, event_queue, lambda: made.left),
        event_queue,
        lambda: made.stopped,
        main.connection.login,
        main.connection,
    )

    def report_from_thread(report: reports.Report) -> None:
        tell(made, report)

    made = SessionActions(BROKERS.access("", console.dialect, context), session, report_from_thread)
    console.session_actions.append(made)
    made.start()
    return made


def end_session_actions(console: Console, actions: SessionActions) -> None:
    """End one of them once what it does has ended; does not wait."""
    actions.close()
    if actions in console.session_actions:
        console.session_actions.remove(actions)


def end_all_session_actions(console: Console) -> None:
    """End all of them, a repair that is under way too, as soon as what they began is settled; does not wait."""
    for actions in tuple(console.session_actions):
        end_session_actions(console, actions)
