"""Writes events of sessions into the journal, as rows, notes and outcomes."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from stomptui.brokers.registry import BROKERS
from stomptui.connection.ending import blames_send
from stomptui.connection.events import (
    BrokerError,
    Connected,
    ConnectFailed,
    Dropped,
    Event,
    Fault,
    Lost,
    ReceiptArrived,
    ReceiptsMissing,
    Received,
    Sent,
    SeriesFrames,
    Stalled,
    Subscribed,
    SubscribeFailed,
)
from stomptui.connection.receipts import NONE_GIVEN_AFTER
from stomptui.connection.session import ANONYMOUS
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.journal.entry import NoteKind, Outcome, RowKind
from stomptui.journal.journal import Journal
from stomptui.protocol.names import shown

LOOKED_BACK = 1000
"""Rows among which the SEND is looked for that ended a session."""


class EventRecord:
    """Writes events into a journal, in the order they came.

    Args:
        journal: Where it is written down.
        subscription: Finds a subscription by its id on the wire.
    """

    def __init__(self, journal: Journal, subscription: Callable[[str], WantedSubscription | None]) -> None:
        self._journal = journal
        self._subscription = subscription
        self._versions: dict[int, str] = {}
        self._doubts: dict[tuple[int, str], str] = {}
        """Why a receipt proves little, by session and receipt; of what is sent and not confirmed."""

    def forget(self) -> None:
        """It is another broker now."""
        self._doubts.clear()

    def doubt(self, session: int, receipt: str, reason: str) -> None:
        """A receipt that is awaited proves little, and why."""
        self._doubts[session, receipt] = reason

    def begin_series(self, series: int, destination: str) -> None:
        """A series begins: what it sends is folded into one row."""
        self._journal.begin_fold(series, "sending a series", time.time(), shown(destination))

    def end_series(self, series: int, summary: str, whole: bool) -> None:
        """A series has ended, and how; whether all was sent and confirmed."""
        self._journal.append_note(NoteKind.INFO, summary, time.time(), session=series)
        self._journal.end_fold(series, failed=not whole)

    def frames(self, event: Received) -> tuple[int, int]:
        """Frames came in: the numbers of their rows, the first and the one after the last."""
        first = self._journal.end
        version = self._version(event.session)
        self._journal.append_batch(event.batch, event.when, version, event.session, goodbye=event.goodbye)
        return first, self._journal.end

    def _version(self, session: int) -> str:
        return self._versions.get(session, "1.2")

    def begin_side(self, event: Event, doing: str, queue: str) -> None:
        """Something happened to a side connection: from the first thing on, what it carries is folded into one row."""
        if event.session not in self._journal.groups.folds and isinstance(event, (Sent, Received, ConnectFailed)):
            self._journal.begin_fold(event.session, doing, event.when, queue)

    def on_side(self, event: Event, name: str) -> None:
        """Something happened to a side connection, in a line.

        Args:
            event: What happened.
            name: What the connection is for.
        """
        note = partial(self._journal.append_note, session=event.session)
        match event:
            case Connected():
                self._versions[event.session] = event.version
                note(NoteKind.INFO, f"{name}: a connection of its own, STOMP {event.version}", event.when)
            case ConnectFailed():
                self._journal.end_fold(event.session)
                if not event.cancelled:
                    note(NoteKind.FAILED, f"{name}: {event.reason}", event.when, event.server_text)
            case Lost():
                self._journal.unconfirmed(event.session, event.reason)
                kind, text = (
                    (NoteKind.INFO, "its connection is closed") if event.wanted else (NoteKind.LOST, event.reason)
                )
                note(kind, f"{name}: {text}", event.when, event.server_text)
                self._journal.end_fold(event.session)
            case Stalled():
                note(NoteKind.GAP if event.stall else NoteKind.INFO, f"{name}: {event.text}", event.when)
            case SubscribeFailed():
                note(NoteKind.ERROR, f"{name}: {event.reason}", event.when)
            case Subscribed():
                pass
            case _:
                self.on_main(event)

    def on_main(self, event: Event) -> None:
        """Something happened on the main connection."""
        journal = self._journal
        note = journal.append_note
        match event:
            case Sent():
                journal.append_sent(
                    event.raw, event.when, self._version(event.session), event.receipt, event.session,
                    typed=event.typed, odd=event.odd,
                )  # fmt: skip
            case SeriesFrames():
                version = self._version(event.session)
                journal.append_series(event.batch, event.stretches, version, event.session, event.series)
            case ReceiptArrived():
                doubt = event.refusal or self._doubts.pop((event.session, event.receipt), "")
                journal.settle(event.session, event.receipt, Outcome.confirmed(event.elapsed, doubt))
            case ReceiptsMissing():
                for receipt in event.receipts:
                    journal.not_awaited(event.session, receipt)
                if event.never:
                    what = f"no RECEIPT came for {event.command}" if event.command else "no RECEIPT came"
                    text = (
                        f"{what} within {NONE_GIVEN_AFTER:.0f} s: this server seems to give none, so none is asked for"
                    )
                    note(NoteKind.INFO, text, event.when)
            case BrokerError():
                if event.receipt:
                    journal.settle(event.session, event.receipt, Outcome.refused(event.text))
            case Connected():
                self._connected(event)
            case ConnectFailed():
                journal.errors.session_over()
                if not event.cancelled:
                    note(NoteKind.FAILED, event.reason, event.when, event.server_text)
            case Lost():
                self._lost(event)
            case SubscribeFailed():
                note(NoteKind.ERROR, f"not subscribed: {event.reason}", event.when)
            case Fault():
                note(NoteKind.MALFORMED, event.text, event.when, event.raw.decode("utf-8", "backslashreplace"))
            case Stalled():
                note(NoteKind.GAP if event.stall else NoteKind.INFO, event.text, event.when)
            case Dropped():
                size = f"{event.size / 1e6:,.1f} MB" if event.size >= 1e5 else f"{event.size:,} bytes"
                text = (
                    f"{event.frames:,} frames dropped ({size}), the oldest that waited: they came faster than they can "
                    "be shown, and this server disconnects who stops reading"
                )
                note(NoteKind.DROPPED, text, event.when)
            case Subscribed():
                watch = self._subscription(event.subscription)
                name = watch.label if watch else event.subscription
                # To delete what a broker keeps, it may have to be subscribed to for a moment.
                if watch is None or watch.state != "deleting":
                    note(NoteKind.INFO, f"subscribed to {shown(name)}", event.when)
            case _:
                pass

    def _connected(self, event: Connected) -> None:
        self._versions[event.session] = event.version
        beat = "/".join(f"{ms / 1000:g} s" if ms else "none" for ms in event.heart_beat)
        self._journal.errors.connected()
        dialect = BROKERS.named(event.dialect, event.server)
        server = event.server or f"{dialect.title} (CONNECTED names no server)"
        behind = f" behind {dialect.in_front}" if dialect.in_front else ""
        user = event.user_name or (ANONYMOUS if dialect.names_users else "")
        told = f", you are {user}" if user else ""
        text = f"{server}{behind}, STOMP {event.version}, heart-beat {beat}{told}"
        self._journal.append_note(NoteKind.CONNECTED, text, event.when)
        if event.found:
            self._journal.append_note(NoteKind.INFO, event.found, event.when)

    def _lost(self, event: Lost) -> None:
        self._journal.errors.session_over()
        if blames_send(event.ending, event.unanswered):
            self._refuse_last_send(event)
        numbers = self._journal.unconfirmed(event.session, event.reason)
        unconfirmed = f"; {len(numbers)} sent and not confirmed" if numbers else ""
        self._journal.append_note(
            NoteKind.INFO if event.wanted else NoteKind.LOST,
            f"{'disconnected' if event.wanted else event.reason}{unconfirmed}",
            event.when,
            event.server_text,
            mends=not numbers,
        )

    def _refuse_last_send(self, event: Lost) -> None:
        """Mark the SEND that ended the session, if its row is not far away and waits for no receipt."""
        journal = self._journal
        for number in range(journal.end - 1, max(journal.first, journal.end - LOOKED_BACK) - 1, -1):
            entry = journal.get(number)
            if entry is None or entry.kind is not RowKind.SENT or entry.session != event.session:
                continue
            if entry.raw.startswith(b"SEND\n"):
                if entry.outcome is None:
                    journal.mark(number, Outcome.refused(event.server_text or event.reason))
                return
