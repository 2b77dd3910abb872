"""Hints about frames for the embedded broker while they are typed."""

from __future__ import annotations

from stomptui.brokers.rabbitmq.hints import declared_queue
from stomptui.connection.dialect.hints import Hint, Hints
from stomptui.protocol.names import shown


class EmbeddedHints(Hints):
    """Of the embedded broker."""

    def of_broker(self, destination: str, headers: dict[str, str], content_length_on: bool, body: bytes) -> list[Hint]:
        queue = declared_queue(destination)
        created = f"creates the queue {shown(queue)} if it is missing"
        return ([Hint("destination", created, if_missing=True)] if queue else []) + self.of_headers(headers)
