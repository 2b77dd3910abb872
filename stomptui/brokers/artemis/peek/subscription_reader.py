"""Peeking into queues of Artemis without the right to manage, by a subscription.

What is shown is unacknowledged on a subscription and returned by UNSUBSCRIBE, which keeps the order and counts nothing.
The broker bounds what it delivers by bytes, so that a peek that is to show so many messages is asked for twice: once to
see how large they are, and then with a window that ends within the last of them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from stomptui.brokers.artemis.peek.peeked_queue import ArtemisSource, no_queue
from stomptui.brokers.jms.hidden_content import is_hollow
from stomptui.connection import frame_headers
from stomptui.connection.blocking_client import BlockingClient
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.frame_headers import Subscription
from stomptui.protocol.frame import Frame
from stomptui.protocol.numbers import whole_number
from stomptui.queues.access_context import AccessContext
from stomptui.queues.peek.peek_values import Found, PeekOptions, PeekResult, QueueSurvey
from stomptui.queues.peek.unacked_subscription import UnackedSubscription
from stomptui.queues.peek.unacknowledged_reader import MAX_BYTES, UnacknowledgedReader
from stomptui.queues.unacked_messages import UnackedMessages

ROUNDS = 9
"""Times a peek is asked for until it shows as many messages as it should."""
FIRST_WINDOW = (10 << 10, 8 << 20)
"""Bytes of the first window, least and most; a kilobyte for each message in between."""
NO_LIMIT = -1
AT_FIRST = 2.0
"""Seconds that the first message may take: a busy broker confirms the subscription long before."""
EXPECTED = 5.0
"""The same for messages that were there a moment ago and were returned to be asked for anew."""
FRAME_END = 2
"""Bytes of a frame that the broker counts and that are not in `Frame.raw`: its NUL and a line feed."""
COUNTED = (
    "if the connection breaks meanwhile, that counts as a delivery of each, and the 10th (or the number that is set) "
    "sends a message to dead letters or deletes it"
)


class ArtemisSubscription(UnackedSubscription):
    """Subscribes to the bare name, as an anycast queue, which is right on every acceptor.

    Args:
        context, dialect, unacked: As of `UnackedSubscription`.
        source: The queue.
    """

    def __init__(
        self, context: AccessContext, source: ArtemisSource, dialect: Dialect, unacked: UnackedMessages
    ) -> None:
        super().__init__(context, source.destination, dialect, unacked)
        self._source = source
        self.window = NO_LIMIT
        """Bytes that may be delivered and not acknowledged."""
        self.over = False
        """Whether the peek has ended, so that what comes now is only there because each ACK lets more come."""

    def destination(self) -> str:
        return self._source.known().destination

    def _begin(self, word: str, found: Found) -> None:
        super()._begin(word, found)
        self.over = False
        self.id += ".0"

    def _peeking(self, what: PeekOptions) -> Subscription:
        headers = (*self._source.known().read_headers, ("consumer-window-size", str(self.window)))
        return Subscription(self.id, self.destination(), self.mode, headers=headers)

    def _taken(self, prefetch: int) -> Subscription:
        return replace(super()._taken(prefetch), headers=self._source.known().read_headers)

    def _add(self, frames: list[Frame]) -> None:
        if not self.over:
            super()._add(frames)

    def again(self, client: BlockingClient, window: int, number: int) -> None:
        """Return what came, and ask for it anew with another window. Raises `ClientError`."""
        client.ask("UNSUBSCRIBE", frame_headers.unsubscribe_headers(self.id, self.destination(), client.dialect))
        self.unacked.frames.clear()
        # What still comes of the old subscription has another id, of the same length as that counts in the window.
        self.id = f"{self.id.rpartition('.')[0]}.{number}"
        self.received_count, self.size, self.window = 0, 0, window
        self.subscribe(client, PeekOptions())


class ArtemisSubscriptionReader(UnacknowledgedReader):
    """Asks with one window after the other, until as many messages came as were wanted.

    Args:
        source: The queue.
        subscription: How it is read.
    """

    def __init__(self, source: ArtemisSource, subscription: ArtemisSubscription) -> None:
        super().__init__(subscription)
        self._windows = subscription
        self._source = source
        self._expected = 0
        """Messages that are known to be there."""

    @property
    def peeks_freely(self) -> bool:
        return True

    def kept_for(self, message: Frame) -> float | None:
        return kept_for(message)

    def survey(self) -> QueueSurvey:
        if self._source.place is None:
            return QueueSurvey(notice="", refusal=no_queue(self._source.destination))
        return QueueSurvey(
            "While you look, other consumers cannot receive these messages. They return in order; no delivery is "
            f"counted, but {COUNTED}. If the queue does not exist, peeking creates it, empty. Only users who may "
            "manage the broker can see whether it is emptied or deleted when its last consumer leaves."
        )

    def peek(self, what: PeekOptions, found: Found) -> PeekResult:
        least, most = FIRST_WINDOW
        self._expected = 0
        self._windows.window = NO_LIMIT if what.limit is None else min(max(what.limit << 10, least), most)
        looked = super().peek(what, found)
        self._windows.over = True
        return looked

    def _receive(self, client: BlockingClient, limit: int | None) -> None:
        subscription = self._windows
        if limit is None:
            super()._receive(client, limit)
            return
        shown, subscription.found = subscription.found, None
        for number in range(1, ROUNDS):
            super()._receive(client, limit)
            frames = list(subscription.unacked.frames.values())
            window = better_window(frames, subscription.window, limit)
            if not window or subscription.context.stopped():
                break
            self._expected = min(len(frames), limit)
            subscription.again(client, window, number)
        else:
            super()._receive(client, limit)
        subscription.found = shown
        if shown is not None and subscription.unacked.frames:
            shown(list(subscription.unacked.frames.values()))

    def _patience(self) -> float:
        if self._windows.received_count < self._expected:
            return EXPECTED
        return super()._patience() if self._windows.received_count else AT_FIRST

    def _about(self) -> str:
        hollow = sum(is_hollow(frame) for frame in self._windows.unacked.frames.values())
        about = f"{hollow:,} with an empty body may be JMS map or object messages, which do not show."
        return f"{super()._about()} {about if hollow else ''}".strip()


def better_window(frames: Sequence[Frame], window: int, limit: int) -> int:
    """The bytes to ask for so that exactly so many messages come, 0 if nothing better can be done.

    Args:
        frames: What came.
        window: The bytes that were asked for.
        limit: How many messages are to come.
    """
    costs = [len(frame.raw) + FRAME_END for frame in frames]
    used = sum(costs)
    if len(costs) >= limit:
        right = len(costs) == limit and used >= window
        return 0 if right else sum(costs[: limit - 1]) + max(1, costs[limit - 1] // 2)
    if used < window or used - FRAME_END * len(costs) >= MAX_BYTES:
        return 0  # that was all there is, or all that is wanted
    return max(2 * window, 2 * used * limit // len(costs))


def kept_for(message: Frame) -> float | None:
    """As of `QueueReader.kept_for`."""
    end = whole_number(message.get("expires") or "")
    return max(0.0, end / 1000 - time.time()) if end else None
