"""What is known of the targets of an action on ActiveMQ: whether they exist, and whether they keep messages."""

from __future__ import annotations

from stomptui.brokers.activemq.names import TOPICS, no_queue, queue_name
from stomptui.brokers.activemq.statistics import PREFIX, Statistics, whole
from stomptui.connection.blocking_client import BlockingClient
from stomptui.connection.dialect.base import Dialect
from stomptui.protocol.names import shown
from stomptui.queues.actions.action import ActionTarget, TargetCount
from stomptui.queues.sending.targets import Targets

ASKED = 20
"""Targets of one action that the broker is asked about."""
UNKNOWN = "ActiveMQ does not tell over STOMP of policies that drop or forward messages"
_TEMPORARY = ("/temp-queue/", "/temp-topic/")


class ActiveMQTargets(Targets):
    """Queues, as far as the statistics plugin tells of them.

    Args:
        dialect, queue: As of `Targets`.
        statistics: Tells of queues.
    """

    shows_arrivals = True

    def __init__(self, dialect: Dialect, queue: str, statistics: Statistics) -> None:
        super().__init__(dialect, queue)
        self._statistics = statistics
        self._asked: dict[str, bool | None] = {}
        """Targets by name, and whether they exist."""

    def forget(self) -> None:
        """Ask about targets anew."""
        self._asked.clear()

    def check(self, target: str) -> ActionTarget:
        if target.startswith(_TEMPORARY):
            return ActionTarget(target, refusal=f"{shown(target)} would go away with the connection that sends")
        if target.startswith((*TOPICS, "/remote-temp-queue/")):
            return ActionTarget(target, stored=False, hint=self.dialect.receipt_proves(target))
        name = queue_name(target)
        if not name or "?" in target:
            return ActionTarget(target, refusal=no_queue(target))
        if name.startswith(PREFIX):
            return ActionTarget(
                target, refusal=f"a message to {shown(name)} can be taken for a question, and is in no queue"
            )
        exists = self._exists(name)
        hint = "the queue exists." if exists else "ActiveMQ creates the queue if it is missing."
        if exists is False:
            hint = "a new queue, it does not exist yet; ActiveMQ creates it."
        return ActionTarget(f"/queue/{name}", exists=exists, hint=hint, unknown=UNKNOWN)

    def _exists(self, name: str) -> bool | None:
        """Whether a queue is there; not asked for more than a few: it does not decide about anything."""
        if name not in self._asked and len(self._asked) < ASKED:
            self._asked[name], _ = self._statistics.depth(name)
        return self._asked.get(name)

    def rehearsal(self, client: BlockingClient) -> str:
        return "/temp-topic/stomptui.rehearsal"

    def count(self, target: ActionTarget) -> TargetCount:
        exists, numbers = self._statistics.numbers(queue_name(target.destination))
        if exists is False:
            return TargetCount(0, 0)
        return TargetCount(whole(numbers, "size"), whole(numbers, "consumerCount"))
