"""Acknowledging the messages that subscriptions in the mode "consume" have received."""

from __future__ import annotations

from collections import deque

from stomptui.connection.errors import SessionError
from stomptui.connection.events import Received
from stomptui.connection.subscriptions.broker_session import BrokerSession
from stomptui.connection.subscriptions.notes import Note
from stomptui.protocol.codec import EncodeError
from stomptui.protocol.frame import Frame


class ConsumedMessages:
    """The messages that are to be acknowledged, oldest first.

    Args:
        broker: The session of the moment.
        note: Takes a note for the log.
    """

    def __init__(self, broker: BrokerSession, note: Note) -> None:
        self._broker = broker
        self._note = note
        self._waiting: deque[Frame] = deque()

    def add(self, event: Received, subscriptions: set[str]) -> None:
        """Acknowledge the messages of an event that belong to these subscription ids."""
        frames = (Frame(raw, self._broker.version) for raw in event.batch.frames() if raw.startswith(b"MESSAGE"))
        self._waiting.extend(frame for frame in frames if frame.get("subscription") in subscriptions)
        self.acknowledge()

    def acknowledge(self) -> None:
        """Send as many ACKs as the send queue takes; the others wait for the next call."""
        while self._waiting and self._broker.session is not None:
            try:
                self._broker.session.ack(self._waiting[0], receipt=False)
            except SessionError:
                return
            except (EncodeError, ValueError) as error:
                self._note("error", f"a message could not be acknowledged: {error}")
            self._waiting.popleft()

    def clear(self) -> None:
        """Forget what is not acknowledged: without its connection it returns to the queue."""
        self._waiting.clear()
