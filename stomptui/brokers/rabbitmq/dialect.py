"""The dialect of RabbitMQ (3.10 to 4.3): what a nack, a receipt and each mode mean, hints, limits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from stomptui.brokers.lookalike_names import decoded, escapes, leading_blank, line_break
from stomptui.brokers.rabbitmq.declaring_dialect import DeclaringDialect, RequeuingAcknowledgement
from stomptui.brokers.rabbitmq.durable import RabbitMQDurability
from stomptui.brokers.rabbitmq.header_meanings import MEANINGS
from stomptui.brokers.rabbitmq.header_rules import RabbitMQRules
from stomptui.brokers.rabbitmq.hints import RabbitMQHints
from stomptui.brokers.rabbitmq.read_only import RabbitMQReadOnly
from stomptui.brokers.rabbitmq.replies import RabbitMQReplies
from stomptui.connection.dialect.durable import Durability
from stomptui.connection.dialect.header_rules import HeaderRules
from stomptui.connection.dialect.hints import HeaderLines, Hints, first_values
from stomptui.connection.dialect.own_destination import OwnDestination, own_name
from stomptui.connection.subscriptions.delivery_limit import ASSUMED, UNCOUNTED, Deliveries
from stomptui.protocol.frame import Frame

_VERSION = re.compile(r"RabbitMQ/([0-9]{1,9})\.([0-9]{1,9})")


class RabbitMQ(DeclaringDialect):
    """RabbitMQ.

    Consuming is client-individual with an ACK of our own for each message once it is in the journal, because
    prefetch bounds nothing with ack auto, and a cumulative ACK counts for the whole connection: it would
    acknowledge what other subscriptions only look at.
    """

    name = "rabbitmq"
    surely_confirms = True
    title = "RabbitMQ"
    read_only = RabbitMQReadOnly()
    replies = RabbitMQReplies()
    header_meanings: ClassVar[Mapping[str, str]] = MEANINGS
    # Its own WebSocket takes any size; an application that relays to it, and is not recognised, may be on Tomcat.
    websocket_message = 8192
    peek_meaning = (
        "messages are unacknowledged meanwhile and return marked redelivered; quorum queues before 4.3 count a delivery"
    )
    late_delivery_error = "There is no current subscription with tag"
    acknowledgement = RequeuingAcknowledgement(
        "back to its place in the queue and delivered again; with requeue:false dead-lettered or deleted",
        cumulative_over="connection",
    )
    forgets = "a restart of RabbitMQ loses it, except in quorum queues and streams"
    destinations = {
        "/queue/": "a durable queue, created if missing",
        "/amq/queue/": "an existing queue, never created",
        "/topic/": "a routing key of the exchange amq.topic",
        "/exchange/": "an exchange and a routing key: /exchange/NAME/KEY",
        "/reply-queue/": "the queue of a requester, as its reply-to says",
    }
    headers = {
        "SEND": {
            "persistent": "exactly true: the message survives a restart of the broker",
            "priority": "0 to 255, for queues with x-max-priority",
            "expiration": "milliseconds from now after which it is dropped or dead-lettered",
            "correlation-id": "ties an answer to its question",
            "reply-to": "where to answer; /temp-queue/NAME makes a private queue",
            "type": "the AMQP message type",
            "app-id": "the AMQP application id",
            "content-encoding": "for example gzip",
            "expires": "RabbitMQ does not act on it: expiration does what it says",
            "message-id": "RabbitMQ refuses it: amqp-message-id is the AMQP message id",
            "amqp-message-id": "the AMQP message id (message-id itself is refused)",
            "timestamp": "seconds since 1970",
            "user-id": "must be the login of this connection",
            "x-queue-type": "the type of queue to create: classic, quorum or stream",
            "x-stream-filter-value": "what stream readers can filter by (4.x)",
        },
        "SUBSCRIBE": {
            "prefetch-count": "how many messages may be unacknowledged; has no effect with ack auto",
            "durable": "with auto-delete:false: the subscription's queue stays",
            "auto-delete": "delete the subscription's queue with its last reader",
            "exclusive": "the subscription's queue belongs to this connection",
            "x-queue-name": "the name of the subscription's queue",
            "x-queue-type": "classic, quorum or stream",
            "x-stream-offset": "first, last, next, offset=N or timestamp=SECONDS; needs prefetch-count",
            "x-stream-filter": "what a stream reader wants, comma separated (4.x)",
            "x-message-ttl": "milliseconds that messages live in the queue to create",
            "x-max-length": "the length of the queue to create",
            "x-dead-letter-exchange": "where the queue to create sends dead letters",
            "x-expires": "milliseconds after which the unused queue is deleted",
        },
    }
    values = {
        "persistent": ("true",),
        "x-queue-type": ("classic", "quorum", "stream"),
        "x-stream-offset": ("first", "last", "next", "offset=0"),
        "durable": ("true", "false"),
        "auto-delete": ("true", "false"),
        "exclusive": ("true", "false"),
        "content-encoding": ("gzip", "utf-8"),
    }

    def __init__(self, server: str = "") -> None:
        match = _VERSION.match(server)
        self.version = (int(match[1]), int(match[2])) if match else (0, 0)
        super().__init__(server)

    def _hints(self) -> Hints:
        return RabbitMQHints(self)

    def _rules(self) -> HeaderRules:
        return RabbitMQRules(self.version)

    def _durability(self) -> Durability:
        return RabbitMQDurability(self.version)

    @classmethod
    def recognise(cls, connected: Frame, websocket: bool) -> bool:
        return (connected.get("server") or "").startswith("RabbitMQ/")

    @property
    def frame_limit(self) -> int | None:
        # stomp.max_frame_size of 4.x; a larger frame closes the connection without a word.
        return 4 << 20 if self.version >= (4, 0) else None

    @property
    def header_limit(self) -> int | None:
        # 4.3 has it and 4.0 has not; between them nobody looked, so the careful answer.
        return 100 if self.version > (4, 0) else None

    def misread(self, destination: str, version: str) -> str:
        return (
            line_break(destination, self.title)
            or leading_blank(destination, self.title, version)
            or escapes(destination, self.title, version)
        )

    def as_sent(self, destination: str) -> str:
        return decoded(destination)

    def subscribe_headers(
        self, destination: str, headers: HeaderLines = (), prefetch: int | None = None
    ) -> list[tuple[str, str]]:
        added = super().subscribe_headers(destination, headers, prefetch)
        written = first_values(headers)
        durable = "true" in (written.get("durable"), written.get("persistent"))
        shared = durable or "exclusive" in written or "x-queue-name" in written
        if destination.startswith("/topic/") and not shared:
            # Without it 4.x with transient_nonexcl_queues denied kills the connection; all versions accept it.
            added.append(("exclusive", "true"))
        elif destination.startswith("/exchange/") and durable and written.get("auto-delete") == "false":
            # 4.x makes it exclusive, durable or not, and deletes it with the connection.
            added += [] if "exclusive" in written else [("exclusive", "false")]
        return added

    def own_queue(self, token: str) -> OwnDestination:
        # It goes with its last reader, or after a minute. SEND to /queue/ would declare it with other arguments.
        name = own_name(token)
        kind = (("durable", "true"), ("exclusive", "false"), ("auto-delete", "true"), ("x-queue-type", "classic"))
        return OwnDestination(f"/queue/{name}", target=f"/amq/queue/{name}", subscribe=(*kind, ("x-expires", "60000")))

    def deliveries(self, destination: str, headers: HeaderLines = ()) -> Deliveries | None:
        kind = first_values(headers).get("x-queue-type", "")
        if kind in ("classic", "stream"):
            return Deliveries(counted=False, kind=kind)
        if self.is_queue(destination):
            return None
        # The queue of a subscription to a topic is classic unless it is asked to be something else.
        return ASSUMED if kind else UNCOUNTED

    def may_go_with_its_reader(self, destination: str) -> bool:
        return self.is_queue(destination)
