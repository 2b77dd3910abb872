"""Questions and answers on RabbitMQ."""

from __future__ import annotations

from stomptui.connection.dialect.replies import TempQueueReplies


class RabbitMQReplies(TempQueueReplies):
    """A `message-id` is of one delivery alone; what a sender knows its message by is `amqp-message-id`."""

    own_ids = ("amqp-message-id",)
