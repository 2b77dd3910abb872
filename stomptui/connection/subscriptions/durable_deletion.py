"""Durable subscriptions that a broker was asked to delete, until it has answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from stomptui.connection.dialect.durable import DeleteStep
from stomptui.connection.errors import SessionError
from stomptui.connection.events import BrokerError, Event, ReceiptArrived
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.protocol.codec import EncodeError
from stomptui.protocol.names import shown


class Sending(Protocol):
    """What is asked of a session."""

    def next_receipt(self) -> str: ...
    def send(self, command: str, headers: Sequence[tuple[str, str]], /) -> str: ...


class DurableEndings:
    """Sends what deletes a durable subscription, and says that it is deleted only once the broker said so.

    Args:
        note: Told what the log should say: (kind, text).
        ended: Called with one that is deleted.
    """

    def __init__(self, note: Callable[[str, str], object], ended: Callable[[WantedSubscription], object]) -> None:
        self._note = note
        self._ended = ended
        self._asked: dict[str, WantedSubscription] = {}
        """By the receipt of the last frame."""
        self._receipts: dict[str, WantedSubscription] = {}
        """By the receipts of all frames that were not confirmed."""

    def begin(self, session: Sending, watch: WantedSubscription, steps: Sequence[DeleteStep]) -> None:
        """Ask the broker to delete what it keeps of a subscription."""
        watch.state, watch.error, watch.paused = "ending", "", False
        receipt = ""
        try:
            for step in steps:
                receipt = session.next_receipt()
                session.send(step.command, [*step.headers, ("receipt", receipt)])
                self._receipts[receipt] = watch
        except (SessionError, EncodeError, ValueError) as error:
            self._failed(watch, str(error))
        else:
            self._asked[receipt] = watch

    def handle(self, event: Event) -> None:
        """Take note of an answer."""
        if isinstance(event, ReceiptArrived):
            watch = self._receipts.pop(event.receipt, None)
            if watch is None or watch.state != "ending":
                return
            if event.refusal:
                self._failed(watch, event.refusal)
            elif self._asked.pop(event.receipt, None) is not None:
                assert watch.kept is not None
                self._note(
                    "info",
                    f"ended {shown(watch.label)}: the broker confirmed that {watch.kept.words} is deleted, with all "
                    "that waited in it",
                )
                self._ended(watch)
        elif isinstance(event, BrokerError) and self._asked:
            # One that does not say what it is about may be about any of them.
            about = self._receipts.get(event.receipt) if event.receipt else None
            for watch in [about] if about is not None else [] if event.receipt else [*self._asked.values()]:
                if watch.state == "ending":
                    self._failed(watch, event.text)

    def lost(self) -> None:
        """The connection is over: what was not answered is not known."""
        for watch in list(self._asked.values()):
            if watch.state == "ending":
                self._note(
                    "gap",
                    f"whether {shown(watch.label)} was ended is not known: the connection was lost before the broker "
                    "confirmed it",
                )
                _pause(watch, "")
        self._asked.clear()
        self._receipts.clear()

    def _failed(self, watch: WantedSubscription, reason: str) -> None:
        for receipts in (self._asked, self._receipts):
            for receipt in [receipt for receipt, whose in receipts.items() if whose is watch]:
                del receipts[receipt]
        first = reason.partition("\n")[0]
        words = watch.kept.words if watch.kept is not None else "what the broker keeps of it"
        self._note("error", f"not ended: {shown(watch.label)}; {words} may still be there: {first}")
        _pause(watch, first)


def _pause(watch: WantedSubscription, error: str) -> None:
    watch.paused, watch.state, watch.error = True, "paused", error
