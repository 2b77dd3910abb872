"""The dialect of CoilMQ 1.1, a small Python broker that breaks on several ordinary frames."""

from __future__ import annotations

from stomptui.brokers.coilmq.header_rules import CoilMQRules
from stomptui.brokers.coilmq.hints import CoilMQHints
from stomptui.connection.dialect.acknowledgement import Acknowledgement
from stomptui.connection.dialect.base import Dialect, ReadingMode, ReadMode
from stomptui.connection.dialect.header_rules import HeaderRules
from stomptui.connection.dialect.hints import HeaderLines, Hints
from stomptui.connection.subscriptions.delivery_limit import UNCOUNTED, Deliveries
from stomptui.protocol.frame import Frame


class CoilMQAcknowledgement(Acknowledgement):
    """No NACK, and an `id` of its own in STOMP 1.2."""

    def ack_headers(self, message: Frame, version: str) -> list[tuple[str, str]]:
        message_id, subscription = message.get("message-id"), message.get("subscription")
        if version == "1.2" and message_id and subscription:
            # Not what 1.2 says, but what CoilMQ reads.
            return [("id", subscription), ("message-id", message_id)]
        return super().ack_headers(message, version)

    def can_nack(self, version: str) -> bool:
        return False


class CoilMQ(Dialect):
    """CoilMQ, recognised so that its queues are not eaten: it takes client-individual for auto."""

    name = "coilmq"
    title = "CoilMQ"
    acknowledgement = CoilMQAcknowledgement("CoilMQ refuses NACK")
    peek_refusal = (
        "CoilMQ has no safe way to peek: it shows one message at a time and puts it back at the end of the queue, "
        "and takes client-individual for auto, which empties it"
    )

    @classmethod
    def recognise(cls, connected: Frame, websocket: bool) -> bool:
        return (connected.get("server") or "").startswith("coilmq/")

    def is_queue(self, destination: str) -> bool:
        return destination.startswith("/queue/")

    def reading(self, mode: ReadMode) -> ReadingMode:
        return ReadingMode("client", None, mode) if mode in ("hold", "work") else super().reading(mode)

    def deliveries(self, destination: str, headers: HeaderLines = ()) -> Deliveries | None:
        return UNCOUNTED

    def receipt_proves(self, destination: str) -> str:
        return ""

    def peek_warning(self, destination: str) -> str:
        return "CoilMQ shows one message at a time and puts it back at the end of the queue"

    def unsubscribe_headers(self, destination: str) -> list[tuple[str, str]]:
        return [("destination", destination)]

    def _hints(self) -> Hints:
        return CoilMQHints(self)

    def _rules(self) -> HeaderRules:
        return CoilMQRules()
