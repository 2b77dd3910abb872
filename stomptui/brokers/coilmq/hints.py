"""Hints about frames for CoilMQ while they are typed."""

from __future__ import annotations

from stomptui.connection.dialect.hints import HeaderLines, Hint, Hints


class CoilMQHints(Hints):
    """Of CoilMQ."""

    def subscribe(
        self, destination: str, ack: str = "auto", selector: str = "", headers: HeaderLines = ()
    ) -> list[Hint]:
        if ack == "client-individual" and self.broker.is_queue(destination):
            return [Hint("ack", "CoilMQ takes client-individual for auto: every message leaves the queue")]
        return super().subscribe(destination, ack, selector, headers)
