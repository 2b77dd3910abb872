"""A way for a check to send messages to itself."""

from __future__ import annotations

from dataclasses import dataclass

from stomptui.application.check.answers import Silent
from stomptui.application.check.mark import Mark
from stomptui.application.check.sessions import CheckSession
from stomptui.connection.dialect.own_destination import OwnDestination
from stomptui.protocol.frame import Frame


@dataclass
class Channel:
    """Two sessions, or twice the same: what `writer` sends comes to `reader`."""

    reader: CheckSession
    writer: CheckSession
    destination: OwnDestination
    subscription: str
    mark: Mark

    @property
    def over(self) -> bool:
        return self.reader.over or self.writer.over

    def send(self, headers: list[tuple[str, str]], body: bytes = b"", length: bool = True) -> None:
        """Send a message there."""
        self.writer.send("SEND", self.send_headers(headers, body, length), body)

    def send_headers(self, headers: list[tuple[str, str]], body: bytes, length: bool = True) -> list[tuple[str, str]]:
        """The headers of such a SEND."""
        own = self.destination
        counted = [("content-length", str(len(body)))] if length else []
        return [("destination", own.sent_to), *own.send, self.mark.header, *headers, *counted]

    def next(self, seconds: float | None = None, sent: bytes | None = None) -> Frame:
        """Wait for the next message. Raises as `CheckSession.message` does, also of what became of the writer."""
        try:
            return self.reader.message(self.subscription, seconds, sent)
        except Silent:
            # The ERROR that explains it comes to whoever sent.
            if self.writer is not self.reader:
                self.writer.still_there(0.05)
            raise

    def echo(self, headers: list[tuple[str, str]], body: bytes = b"", length: bool = True) -> Frame:
        """Send a message, and wait until it comes. Raises as `CheckSession` does."""
        self.send(headers, body, length)
        return self.next(sent=body)
