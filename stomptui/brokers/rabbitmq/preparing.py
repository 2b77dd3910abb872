"""Preparing a message of RabbitMQ to be sent again: headers and body."""

from __future__ import annotations

from stomptui.brokers.rabbitmq.names import encoded, is_unnamed, queue_name
from stomptui.protocol.frame import Frame
from stomptui.queues.headers.preparing import MessagePreparer


class RabbitMQPreparer(MessagePreparer):
    """Sends to queues as they are, never as a message's headers would declare them."""

    origin_headers = frozenset(
        f"x-{which}-death-{what}" for which in ("first", "last") for what in ("exchange", "queue", "reason")
    )
    loses = (
        "RabbitMQ shows no boolean, decimal, list or table headers over STOMP: messages go without those they have. "
        "Whole numbers in headers go on as text."
    )

    def origin(self, message: Frame) -> str:
        name = message.get("x-first-death-queue")
        return f"/queue/{encoded(name)}" if name and not is_unnamed(name) else ""

    def _sent_to(self, destination: str) -> str:
        # To /queue/ the headers of a message would say what queue is made: one that goes with the connection, or keeps
        # one message. Here they say nothing, and are kept as headers.
        name = queue_name(destination)
        return f"/amq/queue/{name}" if name else destination
