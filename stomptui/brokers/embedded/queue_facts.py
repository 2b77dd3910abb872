"""What the embedded broker tells of its queues, at /broker/queues."""

from __future__ import annotations

import json
from typing import Any

from stomptui.brokers.rabbitmq.targets.dead_letters import Exchange, Receiver
from stomptui.brokers.rabbitmq.targets.declaring import DeclareAnswers
from stomptui.brokers.rabbitmq.targets.target_limits import RabbitMQQueueSettings
from stomptui.connection.blocking_client import BlockingClient
from stomptui.queues.access_context import AccessContext
from stomptui.queues.actions.action import TargetCount
from stomptui.queues.depths import Count


class EmbeddedQueueFacts:
    """All of its queues are classic ones without arguments. As `QueueFacts`."""

    one_reader = False

    def __init__(self, context: AccessContext) -> None:
        self._context = context

    def hear(self, name: str) -> DeclareAnswers:
        return DeclareAnswers(self.is_there(name), "classic", RabbitMQQueueSettings("classic"), True)

    def is_there(self, name: str) -> bool | None:
        return name in self._ask_queues()

    def settings(self, name: str, heard: DeclareAnswers, wait: bool = True) -> tuple[RabbitMQQueueSettings, str]:
        return heard.settings, ""

    def count(self, name: str, kind: str) -> Count | None:
        row = self._ask_queues().get(name)
        return Count(row["ready"] + row["unacked"], row["unacked"]) if row else None

    def depth(self, name: str) -> int | None:
        return None

    def target_count(self, name: str) -> TargetCount:
        row = self._ask_queues().get(name)
        return TargetCount(row["ready"] + row["unacked"], row["consumers"]) if row else TargetCount(0, 0)

    def exchange(self, name: str) -> Exchange | None:
        return None

    def receiver(self, name: str) -> Receiver:
        return Receiver(None, RabbitMQQueueSettings("classic"))

    def _ask_queues(self) -> dict[str, dict[str, Any]]:
        client = self._context.dial("checking the queue", quiet=True)
        try:
            return ask_queues(client)
        finally:
            client.drop()


def ask_queues(client: BlockingClient) -> dict[str, dict[str, Any]]:
    """What the embedded broker says of its queues, by name: ready, unacked, consumers, published, delivered, died_in.

    Raises:
        ClientError: It did not answer.
    """
    receipt = client.post("SEND", [("destination", "/broker/queues"), ("reply-to", "/temp-queue/queues")])
    client.wait(receipt)
    (frame,) = client.messages(1, "/temp-queue/queues")
    return {row.pop("name"): row for row in json.loads(frame.body)}
