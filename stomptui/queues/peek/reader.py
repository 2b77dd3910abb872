"""The interface of each way to peek: what is known of the queue, its messages, what is unacknowledged."""

from __future__ import annotations

import abc
import time
from collections.abc import Sequence

from stomptui.connection.blocking_client import ClientError, RequestRefused
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.events import Event
from stomptui.connection.program_log import LOGGER
from stomptui.protocol.frame import Frame
from stomptui.queues.depths import Count
from stomptui.queues.peek.peek_values import Found, PeekOptions, PeekResult, QueueSurvey

PAUSE = 0.3
"""Seconds between two peeks that have to show the same: a broker may still be reading what was sent."""
LOOKS = 6
"""Peeks after which a queue that keeps changing is taken to be in use."""


class QueueReader(abc.ABC):
    """One way of looking into one queue. It blocks, and is for one thread."""

    @abc.abstractmethod
    def survey(self) -> QueueSurvey:
        """What is known before the first peek; leaves nothing behind. Raises `ClientError`."""

    @abc.abstractmethod
    def peek(self, what: PeekOptions, found: Found) -> PeekResult:
        """Show messages, oldest first; returns what an earlier peek left unacknowledged.

        Args:
            what: What to look for.
            found: Called with messages as they come. Their indexes count from 0 in that order.

        Raises:
            ClientError: It could not be done.
        """

    def all_messages(self, most: int, last: int | None = None) -> Sequence[Frame | None] | None:
        """What is in the queue, looked at and returned.

        Args:
            most: Messages up to which it is looked at.
            last: So many at its end are wanted; of those before None may stand for what was not looked at.

        Returns:
            None if it has more than `most`, or a peek would cost its messages a delivery, or not all of it shows.

        Raises:
            ClientError: It could not be looked at.
        """
        survey = self.survey()
        if survey.refusal or not self.peeks_freely or (survey.depth or 0) > most:
            return None
        for _ in range(LOOKS):
            frames: list[Frame] = []
            looked = self.peek(PeekOptions(most + 1), frames.extend)
            self.return_messages()
            if len(frames) > most:
                return None
            # A broker may count at the end what it has just taken, and does not show yet.
            if last is None or looked.depth is None or looked.depth <= len(frames):
                return frames
            time.sleep(PAUSE)
        return None

    def count(self) -> Count | None:
        """How many messages are in the queue now, None where the broker does not tell. Raises `ClientError`."""
        return None

    def counted(self) -> Count | None:
        """What `count` says, None too if it could not be asked."""
        try:
            return self.count()
        except ClientError as error:
            LOGGER.info("the queue could not be counted: %s", error)
            return None

    @property
    def peeks_freely(self) -> bool:
        """Whether a peek costs the messages no delivery and takes nothing; known after `survey`."""
        return False

    @property
    def leaves_only_marks(self) -> bool:
        """Whether a peek changes nothing but that messages are marked as redelivered, also if the connection breaks
        meanwhile; known after `survey`."""
        return False

    def kept_for(self, message: Frame) -> float | None:
        """Seconds that the broker keeps an unacknowledged message at most; None if it keeps it or that is not known."""
        return None

    @property
    def holding(self) -> bool:
        """Whether messages that were shown are unacknowledged now."""
        return False

    @property
    def lost(self) -> str | None:
        """Why what was unacknowledged is so no longer though we did not return it, None if nothing is the matter."""
        return None

    def return_messages(self) -> str | None:
        """Return what is unacknowledged, by the way that costs least; what became of it, None if nothing was."""
        return None

    def received(self, event: Event) -> str | None:
        """Take an event in; why nothing is unacknowledged any more because of it, None if it changes nothing."""
        return None

    def close(self) -> None:
        """Return what is unacknowledged and close the connections."""
        self.return_messages()


class RefusingReader(QueueReader):
    """For a broker whose queues cannot be peeked at without harm."""

    def __init__(self, dialect: Dialect) -> None:
        self._refusal = dialect.peek_refusal

    def survey(self) -> QueueSurvey:
        return QueueSurvey(notice="", refusal=self._refusal)

    def peek(self, what: PeekOptions, found: Found) -> PeekResult:
        raise RequestRefused(self._refusal)
