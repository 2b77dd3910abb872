"""What has become of dead-letter queues between two listings, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from stomptui.queues.listing.listing import QueueInfo

QueueKey = tuple[str, str]
"""Kind and name, which tell a queue apart from all others."""
MOST_TOLD = 5
"""Queues that are told of one by one."""


class QueueChange(NamedTuple):
    """What has become of one dead-letter queue."""

    queue: str
    """Its destination, or its name where STOMP has none; the broker's own text."""
    before: int
    """Messages in it when it was told of last."""
    now: int | None
    """Messages in it now; None if it is no longer there."""

    @property
    def new(self) -> int:
        """How many messages came, at least: others may have left it meanwhile."""
        return max(0, (self.now or 0) - self.before)

    @property
    def text(self) -> str:
        """The change as a row of the log has it."""
        if self.new:
            return f"{_new_text(self.new)} in {self.queue} ({self.now:,})"
        if self.now is None:
            return f"{self.queue} is no longer there; it held {self.before:,}"
        return f"{self.queue} is empty; it held {self.before:,}"


def depth(queue: QueueInfo) -> int | None:
    """Messages in a queue, unacknowledged ones among them; None if the broker does not say."""
    return None if queue.ready is None and queue.held is None else (queue.ready or 0) + (queue.held or 0)


def depths(queues: Iterable[QueueInfo], before: Mapping[QueueKey, int]) -> dict[QueueKey, int]:
    """How deep queues are; one whose depth is not told has the depth it had before, if it had one."""
    found: dict[QueueKey, int] = {}
    for queue in queues:
        key = (queue.kind, queue.name)
        count = depth(queue)
        if count is None:
            count = before.get(key)
        if count is not None:
            found[key] = count
    return found


def changes(
    queues: Sequence[QueueInfo],
    before: Mapping[QueueKey, int],
    now: Mapping[QueueKey, int],
    dead_before: Mapping[QueueKey, str],
) -> list[QueueChange]:
    """Which dead-letter queues got messages, were emptied, or are gone with their messages; most new messages first.

    Args:
        queues: All queues as they are now.
        before: How deep all queues were when they were told of last: one that has become a dead-letter queue with the
            messages it had all along is no news.
        now: How deep they are.
        dead_before: The destinations of the dead-letter queues of that time.
    """
    found = []
    for queue in queues:
        key = (queue.kind, queue.name)
        if queue.dead_letters and key in now:
            was, count = before.get(key, 0), now[key]
            if count > was or (was and not count):
                found.append(QueueChange(queue.destination or queue.name, was, count))
    there = {(queue.kind, queue.name) for queue in queues}
    for key, destination in dead_before.items():
        if key not in there and before.get(key):
            found.append(QueueChange(destination, before[key], None))
    return sorted(found, key=lambda change: (-change.new, change.queue))


def rows(found: Sequence[QueueChange]) -> list[str]:
    """What the log says of changes: a row a queue, and one for all others if there are many."""
    told = [change.text for change in found[:MOST_TOLD]]
    others = found[MOST_TOLD:]
    if others:
        new = sum(change.new for change in others)
        came = f", {_new_text(new)} in all" if new else ""
        told.append(f"{len(others):,} more dead-letter {'queue' if len(others) == 1 else 'queues'} changed{came}")
    return told


def alert_text(found: Sequence[QueueChange], broker: str) -> str:
    """One sentence for somebody who looks elsewhere; "" if no messages came.

    Args:
        found: What has changed.
        broker: Where, as a person knows it.
    """
    came = [change for change in found if change.new]
    if not came:
        return ""
    new = sum(change.new for change in came)
    where = came[0].queue if len(came) == 1 else f"{len(came):,} queues"
    return f"{_new_text(new)} in {where}{f' on {broker}' if broker else ''}"


def _new_text(count: int) -> str:
    return f"{count:,} new dead {'letter' if count == 1 else 'letters'}"
