"""Actions on messages in queues of ActiveMQ Classic, as verified on 5.17 and 6.3.

Messages that were browsed are taken first, by selectors that name them; what is moved is moved in transactions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from stomptui.brokers.activemq.names import queue_name
from stomptui.brokers.activemq.rejecting import rejected
from stomptui.brokers.activemq.sending_connection import ActiveMQSendingConnection
from stomptui.brokers.activemq.statistics import Statistics, whole
from stomptui.brokers.activemq.targets import ActiveMQTargets
from stomptui.brokers.activemq.transactions.selectors import Chosen
from stomptui.brokers.activemq.transactions.transaction_run import BrowsedRun, MovedElsewhere
from stomptui.brokers.jms.hidden_content import is_hollow
from stomptui.connection.blocking_client import ClientError
from stomptui.queues.actions import dry_run, risks
from stomptui.queues.actions.action import (
    FAILED,
    Action,
    ActionResult,
    ActionTarget,
    DryRun,
    Items,
    MessageOutcome,
    Tell,
)
from stomptui.queues.actions.atomic_outcomes import settle_doubts
from stomptui.queues.actions.confirmed_actions import ConfirmedActions
from stomptui.queues.sending.forwarding import Forwarding
from stomptui.queues.sending.recount import LOOKABLE
from stomptui.queues.unacked_messages import UnackedMessages

_HOLLOW = (
    "has an empty body and may be a JMS map, object or stream message: STOMP does not show what is in it, and it goes "
    "on empty"
)


class ActiveMQActions(ConfirmedActions):
    """Takes what is to be acted on, portion by portion, on a connection that ends with the action.

    Copies, and acknowledgements on another session, are done as on any broker.

    Args:
        forwarding, unacked, return_messages: As of `ConfirmedActions`.
        sender: Is told which STOMP version is spoken.
        targets: Those of `forwarding`.
    """

    atomic = True

    def __init__(
        self,
        forwarding: Forwarding,
        unacked: UnackedMessages,
        return_messages: Callable[[], str | None],
        sender: ActiveMQSendingConnection,
        targets: ActiveMQTargets,
    ) -> None:
        super().__init__(forwarding, unacked, return_messages)
        self._sender = sender
        self._targets = targets

    def refusal(self, action: Action) -> str:
        if action.kind == "reject" and self._sender.version == "1.0":
            return "STOMP 1.0 has no NACK: connect with 1.1 or 1.2"
        return ""

    def plan(self, action: Action, items: Items) -> DryRun:
        self._targets.forget()
        plan = super().plan(action, items)
        if action.kind == "reject" and not plan.refusal:
            gone = any(message.get("persistent") != "true" for _, message in items)
            return replace(plan, lines=(*rejected(items), *plan.lines[1:]), destroys=gone)
        hollow = sum(is_hollow(message) for _, message in items) if action.sends else 0
        if not hollow or plan.refusal:
            return plan
        line = f"{hollow:,} of them {_HOLLOW}." if len(items) > 1 else f"It {_HOLLOW}."
        return replace(plan, lines=(line, *plan.lines), destroys=action.kind != "copy")

    def facts(self, action: Action) -> list[str]:
        told = super().facts(action)
        if action.kind != "copy" and not self._unacked.elsewhere:
            told.append("What cannot be done returns to its place, marked “redelivered” and counted as a delivery.")
        return told

    def act(self, action: Action, items: Items, tell: Tell) -> ActionResult:
        elsewhere = self._unacked.elsewhere
        if action.kind == "copy" or (elsewhere and not action.sends):
            return super().act(action, items, tell)
        result = ActionResult(action, len(items), atomic=True)

        def told(index: int, outcome: MessageOutcome) -> None:
            result.outcomes[index] = outcome
            tell(index, outcome)

        targets = self.forwarding.checked_targets(action, items)
        if elsewhere and self._unacked.client is not None:
            self._sender.spoken = self._unacked.client.version
            run: MovedElsewhere | BrowsedRun = MovedElsewhere(self.forwarding, self._unacked, action, told)
        else:
            run = BrowsedRun(self.forwarding, action, told)
            self._sender.spoken = run.open().version
        try:
            if refusal := self.refusal(action):
                raise ClientError(refusal)
            result.stopped = run.run(list(self._chosen(action, items, targets, told)))
            result.notes += risks.afterwards(self.forwarding, items, targets, result)
        finally:
            run.close()
        if not elsewhere:
            settle_doubts(self, result, items, told)
        return result

    def still_here(self, items: Items) -> set[int] | None:
        """As of `EmptiedQueue`."""
        queues = {message.get("destination") or "" for _, message in items}
        if len(queues) != 1:
            return None
        (queue,) = queues
        _, numbers = Statistics(self.forwarding.context).numbers(queue_name(queue))
        if whole(numbers, "consumerCount") != 0:
            return None
        frames = self.forwarding.read(self.forwarding.context, queue).all_messages(LOOKABLE)
        if frames is None:
            return None
        ids = {frame.get("message-id") for frame in frames if frame is not None}
        return {index for index, message in items if message.get("message-id") in ids}

    def _chosen(self, action: Action, items: Items, targets: dict[str, ActionTarget], tell: Tell) -> Iterator[Chosen]:
        """What can be done; tells of what cannot."""
        seen: set[tuple[str, str]] = set()
        for index, message in items:
            target = targets.get(self.forwarding.destination(action, message)) if action.sends else None
            problem = self.problem(action, message, target) if action.sends else ""
            problem = problem or dry_run.not_agreed(self.forwarding, action, message, target)
            item = Chosen(index, message, target)
            if not problem and self._unacked.elsewhere:
                problem = self._unacked.why_not(index) or ""
            elif not problem and not (item.id and item.queue):
                problem = "it has no message-id and destination to find it by"
            elif not problem and (item.queue, item.id) in seen:
                problem = "another of them has the same message-id, and cannot be told from it"
            seen.add((item.queue, item.id))
            if problem:
                tell(index, MessageOutcome(FAILED, problem))
            else:
                yield item
