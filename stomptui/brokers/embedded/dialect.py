"""The dialect of the embedded broker: RabbitMQ's manners for classic queues, without its properties and limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from stomptui.brokers.embedded.hints import EmbeddedHints
from stomptui.brokers.rabbitmq.dialect import RabbitMQ
from stomptui.brokers.rabbitmq.send_headers import EmbeddedRules
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.dialect.durable import Durability
from stomptui.connection.dialect.header_rules import HeaderRules
from stomptui.connection.dialect.hints import HeaderLines, Hints
from stomptui.connection.subscriptions.delivery_limit import UNCOUNTED, Deliveries
from stomptui.protocol.frame import Frame


class Embedded(RabbitMQ):
    """The embedded broker: RabbitMQ's manners for classic queues, without its properties and limits."""

    name = "embedded"
    title = "embedded broker"
    header_meanings: ClassVar[Mapping[str, str]] = {}
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
    values = {}
    forgets = ""
    cumulative_over = "subscription"
    peek_meaning = "messages are unacknowledged meanwhile and return marked redelivered"
    nack_meaning = "back to its place in the queue and delivered again; with requeue:false to the queue DLQ"

    def _hints(self) -> Hints:
        return EmbeddedHints(self)

    def _rules(self) -> HeaderRules:
        return EmbeddedRules()

    def _durability(self) -> Durability:
        return Durability()

    @classmethod
    def recognise(cls, connected: Frame, websocket: bool) -> bool:
        return (connected.get("server") or "").startswith("stomptui/")

    def misread(self, destination: str, version: str) -> str:
        return ""

    def as_sent(self, destination: str) -> str:
        return destination

    def deliveries(self, destination: str, headers: HeaderLines = ()) -> Deliveries | None:
        return UNCOUNTED

    def may_go_with_its_reader(self, destination: str) -> bool:
        return False

    def subscribe_headers(
        self, destination: str, headers: HeaderLines = (), prefetch: int | None = None
    ) -> list[tuple[str, str]]:
        return Dialect.subscribe_headers(self, destination, headers, prefetch)
