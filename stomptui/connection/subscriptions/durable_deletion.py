"""Deleting durable subscriptions at the broker, until it has confirmed or refused it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from stomptui.connection.dialect.durable import DeleteStep
from stomptui.connection.errors import SessionError
from stomptui.connection.events import BrokerError, Event, ReceiptArrived
from stomptui.connection.subscriptions.notes import Note
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.protocol.codec import EncodeError
from stomptui.protocol.names import shown


class FrameSender(Protocol):
    """What deleting uses of a session."""

    def next_receipt(self) -> str: ...
    def send(self, command: str, headers: Sequence[tuple[str, str]], /) -> str: ...


class DurableDeletions:
    """Sends the frames that delete a durable subscription, and reports it as deleted once the broker confirmed them.

    Args:
        note: Takes a note for the log.
        on_deleted: Called with each one that was deleted.
    """

    def __init__(self, note: Note, on_deleted: Callable[[WantedSubscription], object]) -> None:
        self._note = note
        self._on_deleted = on_deleted
        self._asked: dict[str, WantedSubscription] = {}
        """By the receipt of the last frame."""
        self._receipts: dict[str, WantedSubscription] = {}
        """By the receipts of all frames that were not confirmed."""

    def begin(self, session: FrameSender, subscription: WantedSubscription, steps: Sequence[DeleteStep]) -> None:
        """Send the frames that delete what the broker retains of a subscription."""
        subscription.state, subscription.error, subscription.paused = "deleting", "", False
        receipt = ""
        try:
            for step in steps:
                receipt = session.next_receipt()
                session.send(step.command, [*step.headers, ("receipt", receipt)])
                self._receipts[receipt] = subscription
        except (SessionError, EncodeError, ValueError) as error:
            self._failed(subscription, str(error))
        else:
            self._asked[receipt] = subscription

    def handle(self, event: Event) -> None:
        """Handle a receipt or an ERROR for one of these frames."""
        if isinstance(event, ReceiptArrived):
            subscription = self._receipts.pop(event.receipt, None)
            if subscription is None or subscription.state != "deleting":
                return
            if event.refusal:
                self._failed(subscription, event.refusal)
            elif self._asked.pop(event.receipt, None) is not None:
                assert subscription.retained is not None
                name, description = shown(subscription.label), subscription.retained.description
                text = f"the broker confirmed that {description} is deleted, with all that waited in it"
                self._note("info", f"ended {name}: {text}")
                self._on_deleted(subscription)
        elif isinstance(event, BrokerError) and self._asked:
            # An ERROR without a receipt may be about any of them.
            about = self._receipts.get(event.receipt) if event.receipt else None
            for subscription in [about] if about is not None else [] if event.receipt else [*self._asked.values()]:
                if subscription.state == "deleting":
                    self._failed(subscription, event.text)

    def session_over(self) -> None:
        """Note that what was not answered is not known, since there is no connection any more."""
        for subscription in list(self._asked.values()):
            if subscription.state == "deleting":
                name = shown(subscription.label)
                text = "the connection was lost before the broker confirmed it"
                self._note("gap", f"whether {name} was ended is not known: {text}")
                _pause(subscription, "")
        self._asked.clear()
        self._receipts.clear()

    def _failed(self, subscription: WantedSubscription, reason: str) -> None:
        for receipts in (self._asked, self._receipts):
            for receipt in [receipt for receipt, whose in receipts.items() if whose is subscription]:
                del receipts[receipt]
        first = reason.partition("\n")[0]
        description = (
            subscription.retained.description if subscription.retained is not None else "what the broker keeps of it"
        )
        self._note("error", f"not ended: {shown(subscription.label)}; {description} may still be there: {first}")
        _pause(subscription, first)


def _pause(subscription: WantedSubscription, error: str) -> None:
    subscription.paused, subscription.state, subscription.error = True, "paused", error
