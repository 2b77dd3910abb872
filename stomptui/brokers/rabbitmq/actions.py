"""Actions on messages in RabbitMQ's queues: streams keep everything, and what is rejected may be a dead letter."""

from __future__ import annotations

import time
from collections.abc import Callable

from stomptui.brokers.rabbitmq.names import encoded, is_unnamed
from stomptui.brokers.rabbitmq.peek.peeked_queue import RabbitMQQueue
from stomptui.brokers.rabbitmq.targets.dead_letters import DeadLetters, find, settled
from stomptui.brokers.rabbitmq.targets.queue_facts import QueueFacts
from stomptui.brokers.rabbitmq.targets.target_limits import RabbitMQQueueSettings
from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown
from stomptui.queues.actions.acknowledgements import Acknowledgements
from stomptui.queues.actions.action import DONE, Action, ActionResult, ActionTarget, DryRun, Items, Tell
from stomptui.queues.actions.confirmed_actions import ConfirmedActions
from stomptui.queues.depths import SLOW
from stomptui.queues.sending.forwarding import Forwarding
from stomptui.queues.unacked_messages import UnackedMessages

PAUSE = 0.5
"""Seconds between two questions to the management."""


class RabbitMQActions(ConfirmedActions):
    """Sends, waits for the publisher confirm, acknowledges.

    Args:
        forwarding, unacked, return_messages, acknowledgements: As of `ConfirmedActions`.
        queue: The queue.
        facts: Tells of queues.
        dead_letters: Finds out where what is rejected for good goes from the queue.
    """

    def __init__(
        self,
        forwarding: Forwarding,
        unacked: UnackedMessages,
        return_messages: Callable[[], str | None],
        acknowledgements: Acknowledgements,
        queue: RabbitMQQueue,
        facts: QueueFacts,
        dead_letters: Callable[[], DeadLetters],
    ) -> None:
        super().__init__(forwarding, unacked, return_messages, acknowledgements)
        self._queue = queue
        self._facts = facts
        self._find_dead_letters = dead_letters
        self._dead: DeadLetters | None = None
        """Where what is rejected goes, once that was asked."""

    def refusal(self, action: Action) -> str:
        if self._queue.kind == "stream" and action.kind != "copy":
            return "a stream keeps every message: nothing can be taken out of it"
        return ""

    def problem(self, action: Action, message: Frame, target: ActionTarget | None) -> str:
        name = message.get("x-first-death-queue") or ""
        if action.kind == "retry" and is_unnamed(name):
            return f"STOMP has no name for the queue it came from, {shown(name)}"
        return super().problem(action, message, target)

    def plan(self, action: Action, items: Items) -> DryRun:
        self._dead = None
        return super().plan(action, items)

    def facts(self, action: Action) -> list[str]:
        queue = self._queue
        told = list(self.dead_letters().lines) if _rejects_for_good(action) else super().facts(action)
        if action.kind != "copy" and queue.kind != "classic" and not self._unacked.elsewhere and not queue.is_last_peek:
            told.append("To be sure that a quorum queue has removed them, the next message in it is delivered as well.")
        return told

    def reject_meaning(self, action: Action) -> str:
        return self._queue.rejection_text(self._unacked.elsewhere)

    def reject_destroys(self, action: Action) -> bool:
        return _rejects_for_good(action) and not self.dead_letters().kept

    def dead_letters(self) -> DeadLetters:
        """Where what is rejected for good goes from this queue."""
        if self._dead is None:
            self._dead = self._find_dead_letters()
        return self._dead

    def act(self, action: Action, items: Items, tell: Tell) -> ActionResult:
        if not _rejects_for_good(action):
            return super().act(action, items, tell)
        before = {name: self._facts.depth(encoded(name)) for name in self.dead_letters().limited}
        result = super().act(action, items, tell)
        if any(depth is not None for depth in before.values()):
            result.notes += self._settled(result.count(DONE), before)
        return result

    def _settled(self, wanted: int, before: dict[str, int | None]) -> list[str]:
        """What to say of dead letters that did not arrive within the time that takes."""
        until = time.monotonic() + SLOW + PAUSE
        while True:
            told = settled(wanted, before, {name: self._facts.depth(encoded(name)) for name in before})
            if not told or time.monotonic() >= until or self.forwarding.context.stopped():
                return told
            time.sleep(PAUSE)


def found_dead_letters(queue: RabbitMQQueue, facts: QueueFacts) -> DeadLetters:
    """Where what is rejected for good goes from a queue of RabbitMQ. Raises `ClientError`."""
    settings = RabbitMQQueueSettings()
    if queue.name:
        settings, _ = facts.settings(queue.name, facts.hear(queue.name))
    return find(settings, facts.exchange, facts.receiver)


def _rejects_for_good(action: Action) -> bool:
    return action.kind == "reject" and action.requeue is False
