"""Hints about frames for ActiveMQ Classic while they are typed."""

from __future__ import annotations

from stomptui.brokers.jms.header_rules import is_bytes
from stomptui.connection.dialect.hints import Hint, HintedBroker, Hints
from stomptui.protocol.names import shown


class ActiveMQHints(Hints):
    """Of ActiveMQ Classic."""

    def __init__(self, broker: HintedBroker, five: bool) -> None:
        """
        Args:
            broker: Its dialect.
            five: Whether it is ActiveMQ 5, not a later one.
        """
        super().__init__(broker)
        self._five = five

    def of_broker(self, destination: str, headers: dict[str, str], content_length_on: bool, body: bytes) -> list[Hint]:
        hints: list[Hint] = []
        to_queue = bool(destination) and self.broker.is_queue(destination)
        if to_queue and not destination.startswith(("/queue/", "/remote-temp-queue/", "/temp-queue/")):
            hints.append(Hint("destination", f"is taken as the name of a queue: {shown(destination)}"))
        elif to_queue:
            hints.append(Hint("destination", "creates the queue if it is missing", if_missing=True))
        if destination in ("/queue/", "/topic/"):
            hints.append(Hint("destination", "a name is missing: ActiveMQ closes the connection without a word", True))
        if content_length_on and not is_bytes(headers):
            hints.append(Hint("body", "content-length makes a BytesMessage; switch it off for a TextMessage"))
        if not content_length_on and self._five and any(byte >= 0xF0 for byte in body):
            hints.append(Hint("body", "ActiveMQ 5 cannot give an emoji in a TextMessage to JMS readers"))
        return hints + self.of_headers(headers)
