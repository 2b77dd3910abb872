"""Creating missing target queues, once a message is to go there."""

from __future__ import annotations

from dataclasses import replace

from stomptui.connection.blocking_client import ClientError
from stomptui.protocol.names import shown
from stomptui.queues.actions.action import ActionTarget
from stomptui.queues.refusal_texts import in_a_line
from stomptui.queues.sending.targets import Targets


class MissingTargets:
    """Has each target made that needs it, once.

    Args:
        targets: Makes them.
    """

    def __init__(self, targets: Targets) -> None:
        self._targets = targets
        self._made: dict[ActionTarget, ActionTarget] = {}

    def ready(self, target: ActionTarget) -> ActionTarget:
        """A target as it is once messages can go there; with a refusal if the broker does not make it.

        A broker that could not be asked is not asked again: nothing goes there then.
        """
        if target not in self._made:
            try:
                self._made[target] = self._targets.make(target)
            except ClientError as error:
                why = in_a_line(error)
                self._made[target] = replace(target, refusal=f"{shown(target.destination)} could not be made: {why}")
        return self._made[target]
