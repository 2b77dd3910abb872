"""What is known of the targets of an action on RabbitMQ: whether they exist, and whether they keep messages."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace

from stomptui.brokers.rabbitmq.names import decoded, encoded, exchange_named, queue_name, why_unknown
from stomptui.brokers.rabbitmq.peek.parking import private_destination
from stomptui.brokers.rabbitmq.targets.dead_letters import routed
from stomptui.brokers.rabbitmq.targets.declaring import declare
from stomptui.brokers.rabbitmq.targets.queue_facts import QueueFacts
from stomptui.brokers.rabbitmq.targets.target_limits import full, limits_told, risks
from stomptui.connection import frame_headers
from stomptui.connection.blocking_client import BlockingClient, ClientError
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.frame_headers import Subscription
from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown
from stomptui.queues.access_context import AccessContext
from stomptui.queues.actions.action import ActionTarget, TargetCount
from stomptui.queues.sending.targets import Targets

SEEN = 5.0
"""Seconds that a queue may take to be there once it was declared."""
_ROUTED = 8
"""Queues behind an exchange that are looked at before something is sent to it."""
_ABOUT_THE_TARGET = re.compile(r"NOT_FOUND - no (?:exchange|queue)|access_refused", re.IGNORECASE)
"""What was sent can be nowhere, also where nobody can look. A connection that is closed for another reason is called
otherwise (CONNECTION_FORCED)."""


class RabbitMQTargets(Targets):
    """Queues, and exchanges by the queues that they give messages to.

    Args:
        context: Opens connections.
        dialect, queue: As of `Targets`.
        facts: Tells of queues.
        private: Makes a destination that nobody sends to, with a queue that goes with the connection.
    """

    confirms_missing = True
    shows_arrivals = True

    def __init__(
        self,
        context: AccessContext,
        dialect: Dialect,
        queue: str,
        facts: QueueFacts,
        private: Callable[[], str] = private_destination,
    ) -> None:
        super().__init__(dialect, queue)
        self._context = context
        self._facts = facts
        self._private = private
        self._name = queue_name(queue)

    def check(self, target: str) -> ActionTarget:
        name = queue_name(target)
        if not name:
            return self._elsewhere(target)
        heard = self._facts.hear(name)
        if heard.exists is None:
            unknown = f"whether the queue {shown(name)} exists cannot be found out {why_unknown(name)}"
            return ActionTarget(
                target, refusal=f"{unknown}, and RabbitMQ confirms and drops what is sent to a missing one"
            )
        if not heard.exists and target.startswith("/amq/queue/"):
            return ActionTarget(
                target,
                exists=False,
                refusal=f"there is no queue {shown(name)}: RabbitMQ would confirm and drop the message",
            )
        settings, unknown = self._facts.settings(name, heard)
        place = f"/amq/queue/{name}" if heard.exists else f"/queue/{name}"
        if heard.exists:
            hint = f"the queue exists{f' ({settings.kind})' if settings.kind else ''}."
        else:
            hint = f"a new queue, it does not exist yet; {self.dialect.in_a_sentence} creates it."
        depth = self._facts.depth(name) if limits_told(settings) else None
        limit = full(place, settings, depth)
        return ActionTarget(
            place, exists=heard.exists, hint=hint, risks=risks(place, settings), limit=limit, unknown=unknown
        )

    def make(self, target: ActionTarget) -> ActionTarget:
        if target.exists is not False or target.refusal:
            return target
        name = queue_name(target.destination)
        declare(self._context, name)
        # RabbitMQ 4.3 confirms a declaration a moment before everybody sees the queue, and drops what comes between.
        until = time.monotonic() + SEEN
        while not self._facts.is_there(name):
            if time.monotonic() >= until:
                raise ClientError(f"the queue {shown(name)} was declared, and is not there")
        # A policy may hold for it that nobody could tell of before.
        return replace(self.check(target.destination), destination=target.destination, made=True)

    def still_there(self, target: ActionTarget) -> bool | None:
        return self._facts.is_there(queue_name(target.destination)) if target.stored else True

    def count(self, target: ActionTarget) -> TargetCount:
        return self._facts.target_count(queue_name(target.destination))

    def is_source(self, message: Frame, target: ActionTarget) -> bool:
        source = self._name or queue_name(message.get("destination") or "")
        return bool(source) and queue_name(target.destination) == source

    def rehearsal(self, client: BlockingClient) -> str:
        # Some messages are refused only where a queue takes them.
        destination = self._private()
        mine = (("exclusive", "true"),)
        spec = Subscription("rehearsal", destination, "client-individual", headers=mine, prefetch=1)
        client.ask("SUBSCRIBE", frame_headers.subscribe_headers(spec, client.dialect))
        return destination

    def is_about_the_target(self, words: str) -> bool:
        return bool(_ABOUT_THE_TARGET.search(words))

    # Exchanges

    def _elsewhere(self, target: str) -> ActionTarget:
        name, key = exchange_named(target)
        if not name:
            return ActionTarget(target, refusal=f"RabbitMQ does not know the destination {shown(target)}")
        hint = f"{_capitalised(self.dialect.in_a_sentence)} confirms also what no queue takes."
        where = self._facts.exchange(name)
        if where is None:
            return ActionTarget(target, stored=False, hint=hint)
        if not where.exists:
            return ActionTarget(target, stored=False, refusal=f"there is no exchange {shown(name)}")
        queues, sure = routed(where, key)
        told = []
        if sure and not queues:
            told.append(f"{shown(target)} goes to no queue now: {self.dialect.in_a_sentence} confirms what it drops.")
        if decoded(self._name) in queues:
            told.append(f"{shown(target)} goes to the queue where they are: a copy is there twice.")
        for queue in queues[:_ROUTED]:
            told += self._risks_of(queue)
        if len(queues) > _ROUTED:
            told.append(f"{shown(target)} goes to {len(queues)} queues: {_ROUTED} of them were looked at.")
        return ActionTarget(target, stored=False, hint=hint, risks=tuple(told))

    def _risks_of(self, queue: str) -> tuple[str, ...]:
        """What may become of messages that an exchange gives to a queue."""
        receiver = self._facts.receiver(queue)
        place = f"/amq/queue/{encoded(queue)}"
        # A queue that goes with its reader is what a topic's subscriber has: nobody expects it to stay.
        settings = replace(receiver.settings, exclusive=False, auto_delete=False, durable=True)
        limit = full(place, settings, receiver.depth)
        return (*risks(place, settings), *([limit] if limit else []))


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
