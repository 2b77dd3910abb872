"""Actions that Artemis carries out itself, by its management: each message is done with whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from stomptui.brokers.artemis.management.client import Call, CallAnswer, Declined, ManagementClient, NoRight
from stomptui.brokers.artemis.management.queue_lookup import find, meant
from stomptui.brokers.artemis.management.shared_management import SharedManagement
from stomptui.brokers.artemis.peek.messages import list_messages, number_of
from stomptui.brokers.artemis.peek.peeked_queue import ArtemisSource
from stomptui.brokers.artemis.targets import ArtemisTargets
from stomptui.protocol.frame import Frame, Headers
from stomptui.protocol.names import shown
from stomptui.queues.actions import dry_run, risks
from stomptui.queues.actions.action import (
    DONE,
    DOUBT,
    FAILED,
    Action,
    ActionResult,
    ActionTarget,
    Items,
    MessageOutcome,
    Tell,
)
from stomptui.queues.actions.atomic_outcomes import settle_doubts
from stomptui.queues.actions.queue_actions import QueueActions
from stomptui.queues.headers.carrying import Change
from stomptui.queues.refusal_texts import plain
from stomptui.queues.sending.forwarding import Forwarding
from stomptui.queues.sending.recount import LOOKABLE
from stomptui.queues.unacked_messages import UnackedMessages

_GONE = "it is not in the queue any more, or a reader has it now"
_DOUBTS = {
    "move": "it was moved or not, and is in one of the two places",
    "retry": "it was moved or not, and is in one of the two places",
    "copy": "it was copied or not, and is still in this queue",
    "reject": "it was moved to the dead letters or not",
}


class ManagementActions(QueueActions):
    """From queue to queue.

    Args:
        forwarding, unacked: As of `QueueActions`.
        source: The queue that messages are in.
        management: Asks the management; this user may.
        targets: Those of `forwarding`.
    """

    atomic = True

    def __init__(
        self,
        forwarding: Forwarding,
        unacked: UnackedMessages,
        source: ArtemisSource,
        management: SharedManagement,
        targets: ArtemisTargets,
    ) -> None:
        super().__init__(forwarding, unacked)
        self._source = source
        self._management = management
        self._targets = targets

    def refused(self, action: Action, target: ActionTarget) -> str:
        makes = action.kind != "retry" and self._targets.can_be_made(target)
        if not target.refusal and target.exists is False and not makes:
            return f"there is no queue {shown(target.destination)}"
        return super().refused(action, target)

    def problem(self, action: Action, message: Frame, target: ActionTarget | None) -> str:
        return dry_run.no_way(self, action, target)

    def differences(self, action: Action, message: Frame) -> tuple[Headers, tuple[Change, ...]]:
        return tuple(line for line in message.headers if line[0] == "expires" and line[1] != "0"), ()

    def facts(self, action: Action) -> list[str]:
        if not action.sends:
            return super().facts(action)
        if action.kind == "copy":
            return ["Artemis copies them itself, whole. A copy does not expire."]
        return [
            "Artemis moves them itself, whole and in one step. What was moved does not expire any more, and _AMQ_ORIG_ "
            "headers say where it was."
        ]

    def reject_meaning(self, action: Action) -> str:
        if dead := self._dead_letters():
            return f"Artemis moves them to the dead letters: {dead}."
        return "No queue takes dead letters of this one: they are deleted."

    def reject_destroys(self, action: Action) -> bool:
        return not self._dead_letters()

    def _dead_letters(self) -> str:
        """The address that dead letters of this queue go to, "" if they would be in no queue there."""
        management = self._management.client()
        if management is None:
            return ""
        place = self._source.known()
        address = management.call(f"queue.{place.queue}", "getDeadLetterAddress") or ""
        settings = json.loads(management.call("broker", "getAddressSettingsAsJSON", place.address) or "{}")
        if not address or settings.get("autoCreateDeadLetterResources") is True:
            return str(address)
        try:
            return str(address) if management.call(f"address.{address}", "getQueueNames") else ""
        except Declined:
            return ""

    def act(self, action: Action, items: Items, tell: Tell) -> ActionResult:
        return self.move(action, items, self.forwarding.checked_targets(action, items), tell)

    def move(self, action: Action, items: Items, targets: Mapping[str, ActionTarget], tell: Tell) -> ActionResult:
        """As `act`, with targets that were checked."""
        management = self._management.client()
        if management is None:
            raise NoRight("this user may not manage the broker")
        result = ActionResult(action, len(items), atomic=True)

        def told(index: int, outcome: MessageOutcome) -> None:
            result.outcomes[index] = outcome
            tell(index, outcome)

        result.stopped = management.run(
            self._calls(management, action, items, targets, told),
            lambda index, answer: told(index, _outcome(action, answer)),
            self.forwarding.context.stopped,
        )
        settle_doubts(self, result, items, told)
        result.notes += risks.afterwards(self.forwarding, items, targets, result)
        return result

    def still_here(self, items: Items) -> set[int] | None:
        """As of `EmptiedQueue`."""
        management = self._management.client()
        found = find(management, self._source.known().destination) if management is not None else None
        if management is None or found is None or found.count > LOOKABLE or found.delivering:
            return None
        if management.call(f"queue.{found.place.queue}", "getConsumerCount") != 0:
            return None
        listing = list_messages(management, found, None, self.forwarding.context.stopped)
        numbers = {message.id for message in listing.messages}
        return None if listing.unread else {index for index, message in items if number_of(message) in numbers}

    def _calls(
        self,
        management: ManagementClient,
        action: Action,
        items: Items,
        targets: Mapping[str, ActionTarget],
        tell: Tell,
    ) -> Iterator[tuple[int, Call]]:
        """What to have done for each message; tells of those that cannot be done."""
        queue = f"queue.{self._source.known().queue}"
        self._targets.forget_made()
        for index, message in items:
            target = targets.get(self.forwarding.destination(action, message)) if action.sends else None
            problem = self.problem(action, message, target) if action.sends else ""
            problem = problem or dry_run.not_agreed(self.forwarding, action, message, target)
            number = number_of(message)
            if target is not None and not problem and number is not None:
                target = self._targets.made_by_management(management, target)
                problem = target.refusal
            if problem or number is None:
                tell(index, MessageOutcome(FAILED, problem or "it has no message-id to find it by"))
            elif target is None:
                operation = "sendMessageToDeadLetterAddress" if action.kind == "reject" else "removeMessage"
                yield index, Call(queue, operation, (number,))
            else:
                to = meant(target.destination)
                operation = "copyMessage" if action.kind == "copy" else "moveMessage"
                yield index, Call(queue, operation, (number, to.queue if to else target.destination))


def _outcome(action: Action, answer: CallAnswer) -> MessageOutcome:
    """What the answer to its call says of a message."""
    if answer.lost:
        return MessageOutcome(DOUBT, f"{_DOUBTS.get(action.kind, 'it was deleted or not')}: {answer.lost}")
    if answer.failure:
        return MessageOutcome(FAILED, plain(answer.failure))
    return MessageOutcome(DONE) if answer.result is True else MessageOutcome(FAILED, _GONE)
