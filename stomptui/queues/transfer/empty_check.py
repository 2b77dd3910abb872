"""Whether a queue that is drained has run empty: no broker says which message was the last."""

from __future__ import annotations

import time

from stomptui.connection.blocking_client import BlockingClient
from stomptui.queues.depths import SLOW, Count, End
from stomptui.queues.peek.reader import QueueReader
from stomptui.queues.settled_count import SettledCount

AT_FIRST = 2.0
"""Seconds that the first message may take: a busy broker confirms the subscription long before."""
EXPECTED = 5.0
"""The same for messages that the queue had before it was drained, as the broker counted."""
ASK_EVERY = 1.0
"""Seconds of silence between two times that the broker is asked to count."""
HEART_BEAT_BYTES = 8
"""Bytes that may come meanwhile without being part of a message: heart-beats."""


class EmptyCheck:
    """Measures how long nothing came, and asks the broker for its count where it counts.

    Args:
        reader: Counts what is in the queue.
        client: The connection that messages come by.
        counts: Whether the queue can be counted while messages are taken out of it.
        quiet: Seconds without a message after which the queue is taken to be empty.
        expected: Messages that were there before, as far as that is known; others may get some of them.
    """

    def __init__(self, reader: QueueReader, client: BlockingClient, counts: bool, quiet: float, expected: int) -> None:
        self._settled = SettledCount(reader.counted)
        self._counts = counts
        self._client = client
        self._quiet = quiet
        self._expected = expected
        self._bytes_seen = 0
        self._silent_since = 0.0
        self._ask_at = 0.0
        """Seconds of silence from which on the broker is asked to count (again)."""
        self._count: Count | None = None
        """What the broker counted when nothing more came."""
        self.restart()

    def restart(self) -> None:
        """From here on measure the time in which nothing comes."""
        self._bytes_seen, self._silent_since = self._client.session.bytes_in, time.monotonic()
        self._ask_at = 0.0

    @property
    def silence(self) -> float:
        """Seconds in which nothing came."""
        if self._client.session.bytes_in - self._bytes_seen > HEART_BEAT_BYTES:
            # A message that is still on its way is no silence.
            self.restart()
        return time.monotonic() - self._silent_since

    def is_empty(self, delivered: int, unwritten: int) -> bool:
        """Whether nothing came for so long that nothing more will; the broker counts what remains, if it counts.

        What it counts may be a few seconds old, and what seems to remain may be on its way to us: it is counted again
        before it is believed.

        Args:
            delivered: Messages that came so far.
            unwritten: Those of them that were not written, so that the broker still counts them.
        """
        silence = self.silence
        if silence < self._patience(delivered):
            return False
        if not self._counts or silence < self._ask_at:
            return not self._counts
        self._ask_at = silence + ASK_EVERY
        self._count = self._settled.take(delivered, silence)
        if self._remaining(unwritten) <= 0:
            return True
        if silence < max(self._quiet, SLOW) or self._settled.settled is None:
            return False
        self._count = self._settled.settled
        return True

    def remaining(self, delivered: int, unwritten: int) -> tuple[int, str | None]:
        """How many messages the queue has that did not come, and a sentence that says so; None if there is none to say.

        Args:
            delivered: As of `is_empty`.
            unwritten: As of `is_empty`.
        """
        if self._count is None:
            missing = max(0, self._expected - delivered)
            if not delivered and not missing and self._counts:
                return 0, End(0, None, None, round(self._patience(delivered), 1)).words
            note = f"{missing:,} of the queue's messages did not come: other consumers may have them."
            return missing, note if missing else None
        left = max(0, self._remaining(unwritten))
        if not left:
            return 0, None
        others = max(0, (self._count.unacked or 0) - unwritten)
        unacked = f", {others:,} of them unacknowledged at other consumers" if others else ""
        stays = "message is" if left == 1 else "messages are"
        return left, f"{left:,} {stays} still in the queue and did not come{unacked}."

    def _remaining(self, unwritten: int) -> int:
        """Messages that the broker counts and that did not come; 0 if it does not count."""
        return 0 if self._count is None else self._count.total - unwritten

    def _patience(self, delivered: int) -> float:
        """Seconds in which nothing comes, after which nothing more will."""
        if delivered < self._expected:
            return max(self._quiet, EXPECTED)
        return self._quiet if delivered else max(self._quiet, AT_FIRST)
