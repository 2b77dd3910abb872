"""After a failure: the outcome of messages that a broker moves or deletes in one atomic step.

Whether the step was done shows in the queue it begins in: a message that is still there was not moved or deleted, and
one that is not was, where nobody else takes messages out.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from stomptui.connection.blocking_client import ClientError
from stomptui.connection.program_log import LOGGER
from stomptui.queues.actions.action import DONE, DOUBT, FAILED, ActionResult, Items, MessageOutcome
from stomptui.queues.peek.reader import LOOKS, PAUSE


class EmptiedQueue(Protocol):
    """A queue that messages were to leave."""

    def still_here(self, items: Items) -> set[int] | None:
        """The indexes of those messages that are in the queue; None if others may have taken the rest, or it cannot be
        seen. Raises `ClientError`."""


def settle_doubts(
    source: EmptiedQueue, result: ActionResult, items: Items, tell: Callable[[int, MessageOutcome], None]
) -> None:
    """Find out what became of messages in doubt, and tell of those where it can be.

    Args:
        source: Where they were.
        result: What is known; kept up to date.
        items: All messages of the action.
        tell: Called with what is found out.
    """
    doubtful = [
        (index, message) for index, message in items if result.outcomes.get(index, MessageOutcome("")).state == DOUBT
    ]
    if not doubtful or result.action.kind == "copy":
        return
    here = _seen_twice(source, doubtful)
    if here is None:
        return
    for index, _ in doubtful:
        why = result.outcomes[index].text
        outcome = MessageOutcome(FAILED, f"it was not done, and is where it was: {why.partition(': ')[2] or why}")
        result.outcomes[index] = outcome = outcome if index in here else MessageOutcome(DONE)
        tell(index, outcome)


def _seen_twice(source: EmptiedQueue, items: Items) -> set[int] | None:
    """Which of the messages are there, once two peeks in a row show the same."""
    last: set[int] | None = None
    for _ in range(LOOKS):
        try:
            here = source.still_here(items)
        except ClientError as error:
            LOGGER.info("what became of messages in doubt could not be found out: %s", error)
            return None
        if here is None or here == last:
            return here
        last = here
        time.sleep(PAUSE)
    return None
