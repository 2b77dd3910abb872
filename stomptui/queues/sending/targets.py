"""What is known of the targets of an action: the interface, and the answer of an unknown broker."""

from __future__ import annotations

from typing import ClassVar

from stomptui.connection.blocking_client import BlockingClient
from stomptui.connection.dialect.base import Dialect
from stomptui.protocol.frame import Frame
from stomptui.queues.actions.action import ActionTarget, TargetCount


class Targets:
    """The destinations of a broker that tells nothing of its queues.

    Args:
        dialect: The broker.
        queue: The destination that the messages come from, as the person named it; "" where that is no one queue.
    """

    confirms_missing: ClassVar[bool] = False
    """Whether what is sent to a queue that went away is confirmed all the same, so that `still_there` has to be asked
    before it counts."""
    shows_arrivals: ClassVar[bool] = False
    """Whether there is a way to find out after a fault what arrived; without one a message is sent once the one before
    it is confirmed."""

    def __init__(self, dialect: Dialect, queue: str) -> None:
        self.dialect = dialect
        self.queue = queue

    def check(self, target: str) -> ActionTarget:
        """What is known of a destination before messages go there. Raises `ClientError`."""
        unknown = f"{self.dialect.in_a_sentence} tells nothing of its queues"
        return ActionTarget(target, hint=self.dialect.receipt_proves(target), unknown=unknown)

    def make(self, target: ActionTarget) -> ActionTarget:
        """Make a target that is missing, where the headers of the first message sent there would say how it is made.

        Returns:
            The target as it is then.

        Raises:
            ClientError: The broker did not make it, or could not be asked.
        """
        return target

    def still_there(self, target: ActionTarget) -> bool | None:
        """Whether a target has not gone away since it was checked; None if this user may not ask. Raises `ClientError`
        if the broker could not be asked."""
        return True

    def count(self, target: ActionTarget) -> TargetCount:
        """How many messages and consumers a target has, as far as the broker tells. Raises `ClientError`."""
        return TargetCount()

    def is_source(self, message: Frame, target: ActionTarget) -> bool:
        """Whether a target is the queue that a message is in, however it is spelt."""
        return target.destination in (self.queue, message.get("destination"))

    def rehearsal(self, client: BlockingClient) -> str:
        """A destination where the broker looks at a message as in a queue, and that is gone with the connection; "" if
        it has none. Raises `ClientError`."""
        return ""

    def is_about_the_target(self, words: str) -> bool:
        """Whether a broker that ended the connection meant where a message was to go, so that nothing of it can be
        anywhere."""
        return False
