"""Acting on messages that a subscription of the main connection keeps unacknowledged."""

from __future__ import annotations

from collections.abc import Callable

from stomptui.connection.blocking_client import BlockingClient, BlockingEventQueue
from stomptui.connection.events import BrokerError, Event, Lost, ReceiptArrived
from stomptui.connection.session import Session
from stomptui.protocol.frame import Frame
from stomptui.queues.actions.action import Action, Items
from stomptui.queues.peek import reports
from stomptui.queues.peek.holding import Holding
from stomptui.queues.peek.peek import Peek


class UnackedAccess(Peek):
    """Carries actions out on one session that others use too; looks into nothing and gives nothing back.

    Args:
        access: The broker's way; its other connections come from its room.
        session: Who holds the messages; `hear` must get what it reports.
        tell: As of `Peek`.
    """

    def __init__(self, access: Holding, session: Session, tell: Callable[[reports.Report], None]) -> None:
        super().__init__(access, tell)
        self.session = session
        self._holding = access
        self._client = BlockingClient(session, access.context.event_queue)

    @staticmethod
    def hears(event: Event, event_queue: BlockingEventQueue) -> None:
        """Hand on what answers an action; the traffic of the session is no concern of a bench."""
        if isinstance(event, (ReceiptArrived, BrokerError, Lost)):
            event_queue.put(event)

    def take(self, action: Action, items: Items, ours: dict[int, Frame]) -> None:
        """Carry an action out.

        Args:
            action: What to do.
            items: With which messages.
            ours: Those of them that the session holds.
        """
        self._later(lambda: self._holding.adopt(self._client, dict(ours)))
        self.act(action, items)

    def _act(self, action: Action, items: Items) -> None:
        super()._act(action, items)
        # Orders are rare here, and a connection that nobody uses is in nobody's interest.
        self.access.end_sending()

    def propose(self, action: Action, items: Items, ours: dict[int, Frame]) -> None:
        """Work out what an action would do, as `take` would do it."""
        self._later(lambda: self._holding.adopt(self._client, dict(ours)))
        self.plan(action, items)
