"""Moving a message of Artemis that was edited: its own move takes a message as it is.

So what was edited is sent and confirmed, and then the management is told to remove the message, by its id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from stomptui.brokers.artemis.management.management_actions import ManagementActions
from stomptui.connection.blocking_client import ClientError
from stomptui.protocol.frame import Frame
from stomptui.queues.actions import dry_run
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
from stomptui.queues.actions.confirmed_actions import ConfirmedActions

_BOTH = "what was edited arrived, and the original was not taken out"


def replaced(
    action: Action,
    items: Items,
    targets: Mapping[str, ActionTarget],
    sending: ConfirmedActions,
    removing: ManagementActions,
    tell: Tell,
) -> ActionResult:
    """Send what was edited, and once that is confirmed remove the originals.

    Args:
        action: A move of messages that were edited.
        items: The originals.
        targets: Where they go, checked.
        sending, removing: How that is done.
        tell: Called with the outcome of each message.
    """
    if refusal := sending.refusal(action):
        raise ClientError(refusal)
    result = ActionResult(action, len(items))

    def told(index: int, outcome: MessageOutcome) -> None:
        result.outcomes[index] = outcome
        tell(index, outcome)

    able = []
    for index, message in items:
        target = targets.get(sending.forwarding.destination(action, message))
        problem = sending.problem(action, message, target)
        problem = problem or dry_run.not_agreed(sending.forwarding, action, message, target)
        if problem:
            told(index, MessageOutcome(FAILED, problem))
        else:
            able.append((index, message))
    if not able:
        return result

    def sent_outcome(index: int, outcome: MessageOutcome) -> None:
        if outcome.state != DONE:
            told(index, outcome)

    there: list[tuple[int, Frame]] = []
    for index, message in able:
        # One at a time, as each goes where it came from and is edited by itself.
        where, edited = sending.forwarding.destination(action, message), sending.forwarding.prepared(action, message)
        copy = replace(action, kind="copy", target=where, edited=edited, edit=None)
        sent = sending.act(copy, [(index, message)], sent_outcome)
        result.notes += [note for note in sent.notes if note not in result.notes]
        if sent.outcomes.get(index, _NOTHING).state == DONE:
            there.append((index, message))
        if sent.stopped:
            result.stopped = sent.stopped
            break

    def removed(index: int, outcome: MessageOutcome) -> None:
        if outcome.state != DONE:
            outcome = MessageOutcome(DOUBT, f"{_BOTH}: {outcome.text}")
        told(index, outcome)

    try:
        taken = removing.move(Action("delete"), there, {}, removed) if there else None
    except ClientError as error:
        result.stopped = result.stopped or str(error)
    else:
        result.stopped = result.stopped or (taken.stopped if taken is not None else "")
    for index, _ in there:
        if index not in result.outcomes:
            told(index, MessageOutcome(DOUBT, f"{_BOTH}: {result.stopped}"))
    return result


_NOTHING = MessageOutcome("untouched")
