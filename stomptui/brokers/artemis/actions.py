"""Actions on messages in queues of Artemis: by its management where that can be, else by plain STOMP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from stomptui.brokers.artemis.management.management_actions import ManagementActions
from stomptui.brokers.artemis.management.shared_management import SharedManagement
from stomptui.brokers.artemis.replacing import replaced
from stomptui.brokers.artemis.staying_messages import StayingMessages
from stomptui.brokers.artemis.targets import ArtemisTargets
from stomptui.brokers.jms.hidden_content import is_hollow
from stomptui.protocol.frame import Frame, Headers
from stomptui.queues.actions.action import (
    Action,
    ActionResult,
    ActionTarget,
    DryRun,
    Items,
    MessageOutcome,
    Tell,
)
from stomptui.queues.actions.confirmed_actions import ConfirmedActions
from stomptui.queues.actions.pipeline import Step
from stomptui.queues.actions.queue_actions import QueueActions
from stomptui.queues.headers.carrying import Change
from stomptui.queues.refusal_texts import plain
from stomptui.queues.sending.forwarding import Forwarding
from stomptui.queues.unacked_messages import UnackedMessages

_HOLLOW = (
    "It has an empty body and may be a JMS map or object message: STOMP does not show what is in it, and it goes on "
    "empty.",
    "have an empty body and may be JMS map or object messages: STOMP does not show what is in them, and they go on "
    "empty.",
)
"""Of one message, and of some of them."""


class ArtemisConfirmedActions(ConfirmedActions):
    """By plain STOMP: sent, confirmed, acknowledged.

    Args:
        forwarding, unacked, return_messages: As of `ConfirmedActions`.
        staying: Whether what is acknowledged stays.
    """

    def __init__(
        self,
        forwarding: Forwarding,
        unacked: UnackedMessages,
        return_messages: Callable[[], str | None],
        staying: StayingMessages,
    ) -> None:
        super().__init__(forwarding, unacked, return_messages)
        self._staying = staying

    def refusal(self, action: Action) -> str:
        return self._staying.refusal(action)

    def steps(self, action: Action, index: int, message: Frame, target: ActionTarget | None) -> Iterator[Step]:
        for step in super().steps(action, index, message, target):
            yield replace(step, refused=_in_words(step))


class ArtemisActions(QueueActions):
    """Chooses the way for each action; what another session has is acted on by plain STOMP in any case.

    Args:
        forwarding, unacked: As of `QueueActions`.
        management: Asks the management.
        targets: Those of `forwarding`.
        by_management: What Artemis carries out itself.
        by_hand: The rest.
    """

    def __init__(
        self,
        forwarding: Forwarding,
        unacked: UnackedMessages,
        management: SharedManagement,
        targets: ArtemisTargets,
        by_management: ManagementActions,
        by_hand: ArtemisConfirmedActions,
    ) -> None:
        super().__init__(forwarding, unacked)
        self._management = management
        self._targets = targets
        self._by_management = by_management
        self._by_hand = by_hand

    def _is_native(self, action: Action) -> bool:
        """Whether Artemis itself carries an action out: it copies and moves from queue to queue."""
        if action.edits or self._unacked.elsewhere or self._management.client() is None:
            return False
        target = self._targets.checked(action.target) if action.kind == "copy" else None
        return target is None or target.stored

    def _way(self, action: Action) -> QueueActions:
        return self._by_management if self._is_native(action) else self._by_hand

    def refusal(self, action: Action) -> str:
        return self._by_hand.refusal(action)

    def refused(self, action: Action, target: ActionTarget) -> str:
        return self._way(action).refused(action, target)

    def problem(self, action: Action, message: Frame, target: ActionTarget | None) -> str:
        return self._way(action).problem(action, message, target)

    def differences(self, action: Action, message: Frame) -> tuple[Headers, tuple[Change, ...]]:
        return self._way(action).differences(action, message)

    def plan(self, action: Action, items: Items) -> DryRun:
        plan = super().plan(action, items)
        empties = action.sends and not self._is_native(action)
        hollow = sum(is_hollow(message) for _, message in items) if empties else 0
        if not hollow or plan.refusal:
            return plan
        line = _HOLLOW[0] if len(items) == 1 else f"{hollow:,} of them {_HOLLOW[1]}"
        return replace(plan, lines=(line, *plan.lines), destroys=action.kind != "copy")

    def facts(self, action: Action) -> list[str]:
        return self._way(action).facts(action)

    def reject_meaning(self, action: Action) -> str:
        return self._way(action).reject_meaning(action)

    def reject_destroys(self, action: Action) -> bool:
        return self._way(action).reject_destroys(action)

    def act(self, action: Action, items: Items, tell: Tell) -> ActionResult:
        # Which way a copy goes depends on where it goes.
        targets = self.forwarding.checked_targets(action, items)
        if action.edits and not self._unacked.elsewhere and self._management.client() is not None:
            return replaced(action, items, targets, self._by_hand, self._by_management, tell)
        if self._is_native(action):
            return self._by_management.move(action, items, targets, tell)
        return self._by_hand.act(action, items, tell)


def _in_words(step: Step) -> Callable[[str], MessageOutcome]:
    """Artemis puts the whole message into its words."""
    return lambda text: step.refused(plain(text))
