"""Events without the secrets of their connection: whatever reads them, screen, files or commands, shows none."""

from __future__ import annotations

from dataclasses import replace

from stomptui.config.connection import Connection
from stomptui.connection import events
from stomptui.connection.masking import (
    batch_without_sent,
    cut_without_sent,
    frame_without_sent,
    raw_without_sent,
    sent_secrets,
    without_sent,
)
from stomptui.protocol.marker import Batch


class EventMask:
    """Masks, in what a server says of one connection, what it was sent to prove who we are.

    Messages are left as they are: they are what a person came to see, and not about the connection.

    Args:
        connection: As it was used, with the header values that were read for it.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._texts = sent_secrets(connection)
        self._raws = tuple(each.encode("utf-8", "surrogateescape") for each in self._texts)

    def text(self, text: str) -> str:
        """A text of the server."""
        return without_sent(text, self._texts) if text else text

    def batch(self, batch: Batch) -> Batch:
        """Frames as they were read."""
        return batch_without_sent(batch, self._raws)

    def event(self, event: events.Event) -> events.Event:
        """The event as it may be shown and kept."""
        match event:
            case events.Received():
                shown = self.batch(event.batch)
                return event if shown is event.batch else replace(event, batch=shown)
            case events.ReceiptArrived() if event.refusal:
                return replace(event, refusal=self.text(event.refusal))
            case events.BrokerError():
                raw = frame_without_sent(event.raw, self._raws)
                return replace(event, message=self.text(event.message), text=self.text(event.text), raw=raw)
            case events.SubscribeFailed():
                return replace(event, reason=self.text(event.reason))
            case events.Fault():
                return replace(event, text=self.text(event.text), raw=raw_without_sent(event.raw, self._raws))
            case events.Connected():
                return replace(event, user_name=self.text(event.user_name), found=self.text(event.found))
            case events.Lost():
                return replace(event, reason=self.text(event.reason), server_text=self.text(event.server_text))
            case events.ConnectFailed():
                said = cut_without_sent(event.server_text, self._texts)
                return replace(event, reason=self.text(event.reason), server_text=said)
        return event
