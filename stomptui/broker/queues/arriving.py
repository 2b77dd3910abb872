"""Sending to a broker that confirms what no queue takes: nothing is let go of before its queue is seen to be there.

RabbitMQ confirms a message to a queue that is gone, and drops it. That holds for /queue/NAME too, which declares the
queue at the first SEND of a connection and never again (verified on 3.10, 4.0 and 4.3). So messages go portion by
portion: sent and confirmed, then their queues are asked for once more, and only then the originals are let go. A queue
that was deleted and made again within one portion cannot be told from one that stayed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from stomptui.broker.line import LineError
from stomptui.broker.queues.base import QueueAccess, Tell
from stomptui.broker.queues.orders import DONE, DOUBT, FAILED, Fate, Target
from stomptui.broker.queues.pipeline import Job, Pipeline, Step
from stomptui.broker.queues.words import plain

PORTION = 500
"""Messages for each queue they go to, after which it is asked for: the question costs the broker a connection."""
SECONDS = 3.0
"""Seconds after which a portion ends with fewer."""


class Loss(NamedTuple):
    """What was sent to a queue is not there, or may not be."""

    fate: Fate
    """Of each message that was sent there."""
    why: str
    """Why nothing more is sent."""


def lost(access: QueueAccess, target: Target, remains: str) -> Loss | None:
    """Ask whether what a target confirmed is in a queue; None if it is.

    Args:
        access: Whoever sent it.
        target: Where to.
        remains: Where the messages are in any case: "in the file".
    """
    try:
        there, why = access.still_there(target), "this user may not ask"
    except LineError as error:
        there, why = None, plain(error.server_text) if error.server_text else str(error)
    if there:
        return None
    if there is None:
        told = f"whether {target.destination} is still there cannot be found out: {why}"
        return Loss(Fate(DOUBT, f"it was sent, and is still {remains}; {told}"), told)
    told = f"{target.destination} went away meanwhile"
    return Loss(Fate(FAILED, f"{told}, and what was sent there with it; it is still {remains}"), told)


class Portions:
    """Runs the jobs of an order whose first step sends; blocks until all that were begun have ended.

    Args:
        access: Whose order it is.
        tell: Called with the fate of each message.
        stopped: Asked before each new job: why no more are to be begun, "" to go on.
    """

    def __init__(self, access: QueueAccess, tell: Tell, stopped: Callable[[], str]) -> None:
        self._access = access
        self._tell = tell
        self._stopped = stopped
        self._begun: dict[int, Job] = {}
        """The jobs of this portion, by index."""
        self._sent: dict[Target, list[int]] = {}
        """Those of them whose message was confirmed."""

    def run(self, jobs: Iterable[Job]) -> str:
        """Do them all, or as many as can be done.

        Returns:
            Why not all were begun, "" if they were.
        """
        coming = iter(jobs)
        ended, more = "", True
        while more and not ended:
            self._begun, self._sent = {}, {}
            ended = self._pipe(self._sending(coming), self._told, self._stopped)
            ended = self._let_go() or ended
            more = bool(self._begun)
        return ended

    def _pipe(self, jobs: Iterable[Job], tell: Tell, stopped: Callable[[], str] = lambda: "") -> str:
        """Run jobs; why it ended early."""
        access = self._access
        pipeline = Pipeline(access.room.mailbox, tell, stopped, access.overheard, access.window)
        pipeline.run(jobs)
        return pipeline.ended

    def _sending(self, coming: Iterator[Job]) -> Iterator[Job]:
        """The jobs of one portion, each no further than its first step."""
        places: set[Target | None] = set()
        until = time.monotonic() + SECONDS
        while not places or (len(self._begun) < PORTION * len(places) and time.monotonic() < until):
            job = next(coming, None)
            if job is None:
                return
            places.add(job.target)
            self._begun[job.index] = job
            yield Job(job.index, _first(job.steps))

    def _told(self, index: int, fate: Fate) -> None:
        target = self._begun[index].target
        if fate.state == DONE and target is not None:
            self._sent.setdefault(target, []).append(index)
        else:
            self._tell(index, fate)

    def _let_go(self) -> str:
        """Take the other steps with what is there; why the order cannot go on, "" if it can."""
        ended = ""
        there: set[int] = set()
        for target, indexes in self._sent.items():
            loss = lost(self._access, target, "in this queue")
            if loss is None:
                there.update(indexes)
                continue
            ended = ended or loss.why
            for index in indexes:
                self._tell(index, loss.fate)
        rest = [job for index, job in self._begun.items() if index in there]
        return self._pipe(rest, self._tell) or ended


def _first(steps: Iterator[Step]) -> Iterator[Step]:
    """The first of some steps; the others stay to be taken."""
    for step in steps:
        yield step
        return
