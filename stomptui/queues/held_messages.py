"""Acting on messages that a subscription of the person's own connection holds."""

from __future__ import annotations

from collections.abc import Callable

from stomptui.connection.blocking_client import BlockingClient, BlockingEventQueue
from stomptui.connection.events import BrokerError, Event, Lost, ReceiptArrived
from stomptui.connection.session import Session
from stomptui.protocol.frame import Frame
from stomptui.queues.access import Items
from stomptui.queues.actions.action import Action
from stomptui.queues.peek import reports
from stomptui.queues.peek.holding import Holding
from stomptui.queues.peek.peek import Peek


class UnackedAccess(Peek):
    """Carries orders out on one session that others use too; looks into nothing and gives nothing back.

    Args:
        access: The broker's way; its other connections come from its room.
        session: Who holds the messages; `hear` must get what it reports.
        tell: As of `Peek`.
    """

    def __init__(self, access: Holding, session: Session, tell: Callable[[reports.Report], None]) -> None:
        super().__init__(access, tell)
        self.session = session
        self._holding = access
        self._line = BlockingClient(session, access.room.mailbox)

    @staticmethod
    def hears(event: Event, mailbox: BlockingEventQueue) -> None:
        """Hand on what answers an order; the traffic of the session is no concern of a bench."""
        if isinstance(event, (ReceiptArrived, BrokerError, Lost)):
            mailbox.put(event)

    def take(self, order: Action, items: Items, ours: dict[int, Frame]) -> None:
        """Carry an order out.

        Args:
            order: What to do.
            items: With which messages.
            ours: Those of them that the session holds.
        """
        self._later(lambda: self._holding.adopt(self._line, dict(ours)))
        self.act(order, items)

    def _act(self, order: Action, items: Items) -> None:
        super()._act(order, items)
        # Orders are rare here, and a connection that nobody uses is in nobody's interest.
        self.access.end_sending()

    def propose(self, order: Action, items: Items, ours: dict[int, Frame]) -> None:
        """Work out what an order would do, as `take` would do it."""
        self._later(lambda: self._holding.adopt(self._line, dict(ours)))
        self.plan(order, items)
