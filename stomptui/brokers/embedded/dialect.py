"""The dialect of the embedded broker: classic queues, declared as on RabbitMQ, without its properties and limits."""

from __future__ import annotations

from stomptui.brokers.embedded.hints import EmbeddedHints
from stomptui.brokers.rabbitmq.declaring_dialect import DeclaringDialect, RequeuingAcknowledgement
from stomptui.brokers.rabbitmq.header_rules import EmbeddedRules
from stomptui.brokers.rabbitmq.read_only import EmbeddedReadOnly
from stomptui.brokers.rabbitmq.replies import RabbitMQReplies
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.dialect.header_rules import HeaderRules
from stomptui.connection.dialect.hints import HeaderLines, Hints
from stomptui.connection.dialect.missing_queue import Absence
from stomptui.connection.subscriptions.delivery_limit import UNCOUNTED, Deliveries
from stomptui.protocol.frame import Frame

_PRIVATE = "/reply-queue/amq.gen-"
"""What the destinations of temporary queues begin with, which are not in its list of queues."""


class Embedded(DeclaringDialect):
    """The embedded broker: classic queues that are declared as on RabbitMQ, without its properties and limits."""

    name = "embedded"
    surely_confirms = True
    title = "embedded broker"
    read_only = EmbeddedReadOnly()
    replies = RabbitMQReplies()
    destinations = {
        "/queue/": "a queue, created if missing",
        "/amq/queue/": "an existing queue, never created",
        "/topic/": "a topic; * stands for one word, # for the rest",
    }
    headers = {
        "SEND": {
            "correlation-id": "ties an answer to its question",
            "reply-to": "where to answer",
        },
        "SUBSCRIBE": {"prefetch-count": "how many messages may be unacknowledged; has no effect with ack auto"},
    }
    peek_meaning = "messages are unacknowledged meanwhile and return marked redelivered"
    acknowledgement = RequeuingAcknowledgement(
        "back to its place in the queue and delivered again; with requeue:false to the queue DLQ"
    )

    def _hints(self) -> Hints:
        return EmbeddedHints(self)

    def _rules(self) -> HeaderRules:
        return EmbeddedRules()

    @classmethod
    def recognise(cls, connected: Frame, websocket: bool) -> bool:
        return (connected.get("server") or "").startswith("stomptui/")

    def listed_as(self, destination: str) -> str:
        return "" if destination.startswith(_PRIVATE) else super().listed_as(destination)

    def if_missing(self, destination: str, headers: HeaderLines = ()) -> Absence:
        if destination.startswith(_PRIVATE):
            return Dialect.if_missing(self, destination, headers)
        return super().if_missing(destination, headers)

    def deliveries(self, destination: str, headers: HeaderLines = ()) -> Deliveries | None:
        return UNCOUNTED
