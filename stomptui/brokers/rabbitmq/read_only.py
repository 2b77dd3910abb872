"""Which frames change nothing on RabbitMQ, and on the embedded broker, which declares queues as it does."""

from __future__ import annotations

from collections.abc import Mapping

from stomptui.connection.dialect.read_only import ReadOnlyRules


class RabbitMQReadOnly(ReadOnlyRules):
    """A question is a declaration that cannot be carried out (`targets/declaring.py`)."""

    server = "RabbitMQ/"

    def is_question(self, headers: Mapping[str, str], body: bytes) -> bool:
        return (
            headers.get("destination", "").startswith("/queue/")
            and headers.get("x-max-priority") == "-1"
            and "transaction" not in headers
            and not body
        )

    def changes_nothing(self, destination: str, headers: Mapping[str, str]) -> bool:
        # Only a stream takes an offset, and keeps everything; it is acknowledged for credit alone.
        return destination.startswith("/amq/queue/") and "x-stream-offset" in headers and headers.get("ack") != "auto"


class EmbeddedReadOnly(ReadOnlyRules):
    """The embedded broker tells of its queues at a destination of its own."""

    server = "stomptui/"

    def is_question(self, headers: Mapping[str, str], body: bytes) -> bool:
        reply = headers.get("reply-to", "")
        return headers.get("destination", "").startswith("/broker/") and reply.startswith("/temp-queue/")
