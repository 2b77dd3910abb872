"""Peeking into queues of Artemis (2.56) by its management.

Who may manage the broker is shown copies: nothing is delivered or counted. Who may not reads by a subscription.
"""

from __future__ import annotations

from collections.abc import Sequence

from stomptui.brokers.artemis.management.client import ManagementClient
from stomptui.brokers.artemis.management.queue_lookup import FoundQueue, find
from stomptui.brokers.artemis.management.shared_management import SharedManagement
from stomptui.brokers.artemis.peek.messages import HOLLOW, copy_messages, list_messages
from stomptui.brokers.artemis.peek.peeked_queue import ArtemisSource
from stomptui.brokers.artemis.peek.subscription_reader import ArtemisSubscriptionReader, kept_for
from stomptui.brokers.artemis.target_limits import leaving, settings_of
from stomptui.connection.blocking_client import ClientError
from stomptui.connection.events import Event
from stomptui.connection.program_log import LOGGER
from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown
from stomptui.queues.access_context import AccessContext
from stomptui.queues.depths import Count
from stomptui.queues.leaving import KEEPS
from stomptui.queues.peek.peek_values import Found, PeekOptions, PeekResult, QueueSurvey
from stomptui.queues.peek.reader import QueueReader
from stomptui.queues.peek.unacknowledged_reader import MAX_BYTES


class ArtemisReader(QueueReader):
    """By the management where this user may, by a subscription where not.

    Args:
        context: Says whether the person wants no more.
        source: The queue; kept up to date.
        management: Asks the management.
        by_subscription: The way without the right.
    """

    def __init__(
        self,
        context: AccessContext,
        source: ArtemisSource,
        management: SharedManagement,
        by_subscription: ArtemisSubscriptionReader,
    ) -> None:
        self._context = context
        self._source = source
        self._management = management
        self._by_subscription = by_subscription

    def survey(self) -> QueueSurvey:
        management = self._management.client()
        if management is None:
            return self._by_subscription.survey()
        found = find(management, self._source.destination)
        if found is None:
            return QueueSurvey(notice="", exists=False, holds=False, refusal=self._source.missing)
        self._source.place = found.place
        notice = "This changes nothing at the broker: no message is locked, removed, marked or counted."
        destination = shown(self._source.destination)
        try:
            # A peek by the management is no reader; a drain is one.
            leave = leaving(destination, settings_of(management, found.place, True))
        except ClientError as error:
            LOGGER.info("what becomes of %s when a reader leaves was not found out: %s", destination, error)
            leave = KEEPS
        return QueueSurvey(notice, exists=True, holds=False, depth=found.count, leaving=leave)

    def peek(self, what: PeekOptions, found: Found) -> PeekResult:
        management = self._management.client()
        if management is None:
            return self._by_subscription.peek(what, found)
        self.return_messages()
        there = find(management, self._source.destination)
        if there is None:
            raise ClientError(self._source.missing)
        self._source.place = there.place
        return self._copies(management, there, what, found)

    def _copies(self, management: ManagementClient, there: FoundQueue, what: PeekOptions, found: Found) -> PeekResult:
        listing = list_messages(management, there, what.limit, self._context.stopped)
        count = size = gone = hollow = 0
        for portion in copy_messages(management, there, listing.messages, self._context.stopped):
            frames = [frame for _, frame in portion if frame is not None]
            hollow += sum(message.kind in HOLLOW for message, frame in portion if frame is not None)
            gone += len(portion) - len(frames)
            count, size = count + len(frames), size + sum(len(frame.raw) for frame in frames)
            if frames:
                found(frames)
            if size >= MAX_BYTES:
                break
        stopped = self._context.stopped()
        notes = (
            _nothing(there) if not (count or stopped) else "",
            f"Stopped {stopped}: {count:,} of {there.visible:,} shown." if stopped else "",
            f"Artemis listed only the first {count:,} of {there.visible:,}." if listing.unread else "",
            f"Stopped after {size >> 20} MiB: {count:,} of {there.visible:,} shown." if size >= MAX_BYTES else "",
            f"{gone:,} left the queue meanwhile." if gone else "",
            f"{hollow:,} are JMS object, map or stream messages, whose content does not show." if hollow else "",
            f"{there.delivering:,} more are with readers now and do not show." if there.delivering and count else "",
            f"{there.scheduled:,} more are to be delivered later and do not show." if there.scheduled else "",
        )
        return PeekResult(count, False, " ".join(note for note in notes if note), there.count)

    def all_messages(self, most: int, last: int | None = None) -> Sequence[Frame | None] | None:
        management = self._management.client()
        there = find(management, self._source.destination) if management is not None and last is not None else None
        if management is None or last is None or there is None:
            return super().all_messages(most, last)
        self._source.place = there.place
        if there.count > most or there.delivering or there.scheduled:
            return None
        listing = list_messages(management, there, None, self._context.stopped)
        if listing.unread:
            return None
        # Each body costs a copy of its message.
        begin = max(0, len(listing.messages) - last)
        frames: list[Frame | None] = [None] * begin
        for portion in copy_messages(management, there, listing.messages[begin:], self._context.stopped):
            if any(frame is None for _, frame in portion):
                return None
            frames += [frame for _, frame in portion]
        return frames if len(frames) == len(listing.messages) else None

    def count(self) -> Count | None:
        management = self._management.client()
        there = find(management, self._source.destination) if management is not None else None
        return Count(there.count, there.delivering) if there is not None else None

    @property
    def peeks_freely(self) -> bool:
        return True

    @property
    def leaves_only_marks(self) -> bool:
        # Who may not manage reads by a subscription, and a connection that breaks counts as a delivery there.
        return self._management.client() is not None

    def kept_for(self, message: Frame) -> float | None:
        return kept_for(message)

    @property
    def holding(self) -> bool:
        return self._by_subscription.holding

    @property
    def lost(self) -> str | None:
        return self._by_subscription.lost

    def return_messages(self) -> str | None:
        return self._by_subscription.return_messages()

    def received(self, event: Event) -> str | None:
        return None if self._management.hear(event) else self._by_subscription.received(event)

    def close(self) -> None:
        self._by_subscription.close()
        self._management.close()


def _nothing(there: FoundQueue) -> str:
    if there.delivering:
        return f"Consumers have {there.delivering:,} that are in it now, and have not acknowledged them."
    return "Nothing is to be delivered now." if there.scheduled else "The queue is empty."
