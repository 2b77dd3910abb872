"""What can be done with messages of a queue on any broker: what it would do, and doing it."""

from __future__ import annotations

import abc
from typing import ClassVar

from stomptui.protocol.frame import Frame, Headers
from stomptui.queues.actions import dry_run
from stomptui.queues.actions.action import Action, ActionResult, ActionTarget, DryRun, Items, Tell
from stomptui.queues.headers.carrying import Change
from stomptui.queues.sending.forwarding import Forwarding
from stomptui.queues.unacked_messages import UnackedMessages


class QueueActions(abc.ABC):
    """Actions on messages of one queue.

    Args:
        forwarding: How messages get to other destinations.
        unacked: What is unacknowledged.
    """

    atomic: ClassVar[bool] = False
    """Whether a move is all or nothing; else a failure can leave a message in both places."""

    def __init__(self, forwarding: Forwarding, unacked: UnackedMessages) -> None:
        self._forwarding = forwarding
        self._unacked = unacked

    @property
    def forwarding(self) -> Forwarding:
        """How messages get to other destinations."""
        return self._forwarding

    # What they would do

    def refusal(self, action: Action) -> str:
        """Why this broker cannot carry an action out, "" if it can. Raises `ClientError`."""
        return ""

    def refused(self, action: Action, target: ActionTarget) -> str:
        """Why nothing of an action goes to a target, "" if it may."""
        return dry_run.refused(action, target)

    def problem(self, action: Action, message: Frame, target: ActionTarget | None) -> str:
        """Why one message cannot be sent to a target, None being one that nobody knows; "" if it can."""
        return dry_run.problem(self, action, message, target)

    def differences(self, action: Action, message: Frame) -> tuple[Headers, tuple[Change, ...]]:
        """What of a message does not go with it, and what goes changed."""
        prepared = self.forwarding.prepared(action, message)
        return prepared.left_out, prepared.changed

    def plan(self, action: Action, items: Items) -> DryRun:
        """What an action would do, without doing it. Raises `ClientError` if a target cannot be checked."""
        return dry_run.plan(self, action, items)

    def facts(self, action: Action) -> list[str]:
        """What is to say about an action here, the most important first."""
        if action.kind == "reject":
            return [self.reject_meaning(action)]
        if action.kind in ("ack", "delete"):
            return []
        told = [self.forwarding.messages.loses] if self.forwarding.messages.loses else []
        if action.kind != "copy" and not self.atomic:
            told.append(
                "If the connection breaks in between, a message can end up in both places: it is taken out here once "
                f"{self.forwarding.dialect.in_a_sentence} has confirmed it there."
            )
        return told

    def reject_meaning(self, action: Action) -> str:
        """What becomes of a rejected message here."""
        return self.forwarding.dialect.acknowledgement.nack_meaning

    def reject_destroys(self, action: Action) -> bool:
        """Whether a rejected message may be gone for good."""
        return self.forwarding.dialect.acknowledgement.nack_destroys

    # Doing it

    @abc.abstractmethod
    def act(self, action: Action, items: Items, tell: Tell) -> ActionResult:
        """Carry an action out, blocking.

        Args:
            action: What to do.
            items: With which messages.
            tell: Called with the outcome of each message as soon as it is known.

        Raises:
            ClientError: Nothing could be begun.
        """
