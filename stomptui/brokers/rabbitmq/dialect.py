"""The dialect of RabbitMQ (3.10 to 4.3): what a nack, a receipt and each mode mean, hints, limits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar, Literal

from stomptui.brokers.lookalike_names import decoded, escapes, leading_blank, line_break
from stomptui.brokers.rabbitmq.durable import RabbitMQDurability
from stomptui.brokers.rabbitmq.header_meanings import MEANINGS
from stomptui.brokers.rabbitmq.hints import RabbitMQHints, declared_queue
from stomptui.brokers.rabbitmq.send_headers import ARGUMENTS, RabbitMQRules
from stomptui.connection.dialect.base import CONSUME_PREFETCH, Dialect, ReadingMode, ReadMode
from stomptui.connection.dialect.durable import Durability
from stomptui.connection.dialect.header_rules import HeaderRules
from stomptui.connection.dialect.hints import HeaderLines, Hints, first_values
from stomptui.connection.dialect.missing_queue import Absence, Becomes, new_queue
from stomptui.connection.subscriptions.delivery_limit import ASSUMED, UNCOUNTED, Deliveries
from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown

_VERSION = re.compile(r"RabbitMQ/([0-9]{1,9})\.([0-9]{1,9})")
_NEVER_MADE = ("/amq/queue/", "/reply-queue/")
"""Beginnings of destinations that mean a queue which SEND does not make."""


class RabbitMQ(Dialect):
    """RabbitMQ.

    Consuming is client-individual with an ACK of our own for each message once it is in the journal, because
    prefetch bounds nothing with ack auto, and a cumulative ACK counts for the whole connection: it would
    acknowledge what other subscriptions only look at.
    """

    name = "rabbitmq"
    title = "RabbitMQ"
    header_meanings: ClassVar[Mapping[str, str]] = MEANINGS
    peek_meaning = (
        "messages are unacknowledged meanwhile and return marked redelivered; quorum queues before 4.3 count a delivery"
    )
    nack_meaning = "back to its place in the queue and delivered again; with requeue:false dead-lettered or deleted"
    # A quorum queue may never get the last acknowledgements of a connection that just ends.
    leave_by_unsubscribing = True
    forgets = "a restart of RabbitMQ drops it, but not out of quorum queues and streams"
    knows_requeue = True
    delivery_counter = "x-delivery-count"
    cumulative_over: ClassVar[Literal["subscription", "connection"]] = "connection"
    topics: ClassVar[tuple[str, ...]] = ("/topic/", "/exchange/")
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

    def existing(self, destination: str, headers: HeaderLines) -> str:
        # A declaration without the arguments of the queue ends the connection (PRECONDITION_FAILED). Who wrote
        # arguments means them.
        queue = declared_queue(destination)
        declares = any(name in ARGUMENTS or name == "x-queue-type" for name, _ in headers)
        return f"/amq/queue/{queue}" if queue and not declares else destination

    def listed_as(self, destination: str) -> str:
        for prefix in _NEVER_MADE:
            if destination.startswith(prefix):
                return f"/queue/{destination.removeprefix(prefix)}"
        return f"/queue/{queue}" if (queue := declared_queue(destination)) else ""

    def if_missing(self, destination: str, headers: HeaderLines = ()) -> Absence:
        for prefix in _NEVER_MADE:
            if destination.startswith(prefix):
                queue = shown(destination.removeprefix(prefix))
                told = f"there is no queue {queue}: {self.in_a_sentence} confirms the message and discards it"
                return Absence(Becomes.DISCARDED, told)
        declared = declared_queue(destination)
        return new_queue(self.in_a_sentence) if declared else super().if_missing(destination, headers)

    def receipt_proves(self, destination: str) -> str:
        for prefix in _NEVER_MADE:
            if destination.startswith(prefix):
                queue = destination[len(prefix) :]
                return (
                    f"a receipt for {prefix}{queue} proves nothing: "
                    f"if there is no queue {queue}, the message is discarded and confirmed"
                )
        if destination.startswith("/topic/"):
            return (
                "a receipt proves that the broker took the message, not that a queue did: without a reader it is gone"
            )
        if destination.startswith("/exchange/"):
            return "a receipt proves that the exchange took the message, not that a queue is bound to this key"
        return ""

    def misread(self, destination: str, version: str) -> str:
        return (
            line_break(destination, self.title)
            or leading_blank(destination, self.title, version)
            or escapes(destination, self.title, version)
        )

    def as_sent(self, destination: str) -> str:
        return decoded(destination)

    def reading(self, mode: ReadMode) -> ReadingMode:
        if mode == "consume":
            return ReadingMode("client-individual", CONSUME_PREFETCH, mode)
        return super().reading(mode)

    def prefetch_headers(self, count: int | None) -> list[tuple[str, str]]:
        return [] if count is None else [("prefetch-count", str(count))]

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

    def peek_warning(self, destination: str) -> str:
        return ""

    def pause_meaning(self, destination: str, mode: ReadMode) -> str:
        if self.is_queue(destination) and mode != "live":
            return "unacknowledged messages stay locked, for others too, until this connection closes"
        return super().pause_meaning(destination, mode)

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

    def can_nack(self, version: str) -> bool:
        return True

    def nack_headers(self, requeue: bool | None) -> list[tuple[str, str]]:
        return [] if requeue is None else [("requeue", "true" if requeue else "false")]
