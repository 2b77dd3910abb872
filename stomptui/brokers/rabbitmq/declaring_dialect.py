"""The dialect of brokers whose SEND and SUBSCRIBE declare queues, as RabbitMQ and the embedded broker do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stomptui.brokers.rabbitmq.header_rules import ARGUMENTS
from stomptui.brokers.rabbitmq.hints import declared_queue
from stomptui.connection.dialect.acknowledgement import Acknowledgement
from stomptui.connection.dialect.base import CONSUME_PREFETCH, Dialect, ReadingMode, ReadMode
from stomptui.connection.dialect.hints import HeaderLines
from stomptui.connection.dialect.missing_queue import Absence, Becomes, new_queue
from stomptui.protocol.names import shown

_NEVER_MADE = ("/amq/queue/", "/reply-queue/")
"""Beginnings of destinations that mean a queue which SEND does not make."""


@dataclass(frozen=True)
class RequeuingAcknowledgement(Acknowledgement):
    """A NACK says whether to requeue; there is NACK in STOMP 1.0 too."""

    knows_requeue: bool = True

    def can_nack(self, version: str) -> bool:
        return True

    def nack_headers(self, requeue: bool | None) -> list[tuple[str, str]]:
        return [] if requeue is None else [("requeue", "true" if requeue else "false")]


class DeclaringDialect(Dialect):
    """`/queue/NAME` declares a queue, `/amq/queue/NAME` never does."""

    # A quorum queue may never get the last acknowledgements of a connection that just ends.
    leave_by_unsubscribing = True
    delivery_counter = "x-delivery-count"
    topics: ClassVar[tuple[str, ...]] = ("/topic/", "/exchange/")

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

    def reading(self, mode: ReadMode) -> ReadingMode:
        if mode == "consume":
            return ReadingMode("client-individual", CONSUME_PREFETCH, mode)
        return super().reading(mode)

    def prefetch_headers(self, count: int | None) -> list[tuple[str, str]]:
        return [] if count is None else [("prefetch-count", str(count))]

    def peek_warning(self, destination: str) -> str:
        return ""

    def pause_meaning(self, destination: str, mode: ReadMode) -> str:
        if self.is_queue(destination) and mode != "live":
            return "unacknowledged messages stay locked, for others too, until this connection closes"
        return super().pause_meaning(destination, mode)
