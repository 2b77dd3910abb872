"""Sending to a broker that confirms what no queue takes: a message is acknowledged only once its target queue was seen.

RabbitMQ confirms a message to a queue that is gone, and drops it. That holds for /queue/NAME too, which declares the
queue at the first SEND of a connection and never again (verified on 3.10, 4.0 and 4.3). So messages go portion by
portion: sent and confirmed, then their queues are asked for once more, and only then the originals are let go. A queue
that was deleted and made again within one portion cannot be told from one that stayed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from stomptui.connection.blocking_client import ClientError, ConnectionGone
from stomptui.connection.program_log import LOGGER
from stomptui.protocol.names import shown
from stomptui.queues.actions.action import DONE, DOUBT, ActionTarget, MessageOutcome, Tell
from stomptui.queues.actions.pipeline import Job, Pipeline
from stomptui.queues.refusal_texts import in_a_line, plain
from stomptui.queues.sending.forwarding import Forwarding
from stomptui.queues.sending.sending import Delivery
from stomptui.queues.sending.targets import Targets

PORTION = 500
"""Messages for each queue they go to, after which it is asked for: the question costs the broker a connection."""
SECONDS = 3.0
"""Seconds after which a portion ends with fewer."""
PAUSES = (0.3, 1.0)
"""Seconds after which it is asked again: what ended one connection may end the next ones as well."""
LONGEST = 3.0
"""Seconds after which it is not."""


class ArrivalLoss(NamedTuple):
    """What was sent to a queue is not there, or may not be."""

    outcome: MessageOutcome
    """Of each message that was sent there."""
    why: str
    """Why nothing more is sent."""
    gone: bool = False
    """Whether it is known to have gone away."""
    unreached: bool = False
    """Whether the broker could not be asked any more."""


def losses(
    targets: Targets, confirmed: Iterable[ActionTarget], remains: str
) -> Iterator[tuple[ActionTarget, ArrivalLoss | None]]:
    """Ask whether what targets confirmed is in their queues; with each None if it is.

    A broker that could not be asked once is not asked again: each question may take as long as a connection.

    Args:
        targets: Tells of destinations.
        confirmed: Those that confirmed something.
        remains: Where the messages are in any case: "in the file".
    """
    dead = ""
    for target in confirmed:
        there, why = None, dead or "this user may not ask"
        if not dead:
            try:
                there = _asked(targets, target)
            except ClientError as error:
                dead = why = in_a_line(error)
        if there:
            yield target, None
            continue
        told = f"whether {shown(target.destination)} is still there cannot be found out: {why}"
        outcome = MessageOutcome(DOUBT, f"it was sent, and is still {remains}; {told}")
        if there is False:
            told = f"{shown(target.destination)} went away meanwhile"
            outcome = MessageOutcome(
                DOUBT, f"{told}, and what was sent there with it unless it was read; it is still {remains}"
            )
        yield target, ArrivalLoss(outcome, told, there is False, bool(dead))


def _asked(targets: Targets, target: ActionTarget) -> bool | None:
    begun = time.monotonic()
    for pause in PAUSES:
        try:
            return targets.still_there(target)
        except ConnectionGone as error:
            # Each attempt may take as long as a connection: only what fails at once is tried again.
            if time.monotonic() - begun > LONGEST:
                raise
            LOGGER.info("%s was not asked for: %s", target.destination, error)
        time.sleep(pause)
    return targets.still_there(target)


class PortionRun:
    """Runs the jobs of an action whose first step sends; blocks until all that were begun have ended.

    Args:
        forwarding: How messages get to their targets.
        tell: Called with the outcome of each message.
        stopped: Asked before each new job: why no more are to be begun, None to go on.
    """

    def __init__(self, forwarding: Forwarding, tell: Tell, stopped: Callable[[], str | None]) -> None:
        self._forwarding = forwarding
        self._tell = tell
        self._delivery = Delivery(forwarding, self._told, stopped)
        self._begun: dict[int, Job] = {}
        """The jobs of this portion, by index."""
        self._sent: dict[ActionTarget, list[int]] = {}
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
            ended = self._delivery.run(self._portion(coming))
            why = self._let_go()
            ended = ended or why
            more = bool(self._begun)
        return ended

    def _pipe(self, jobs: Iterable[Job], tell: Tell) -> str:
        """Take the rest of the steps of jobs; why it ended early."""
        forwarding = self._forwarding
        pipeline = Pipeline(forwarding.context.event_queue, tell, other=forwarding.overheard, window=forwarding.window)
        pipeline.run(jobs)
        return pipeline.ended

    def _portion(self, coming: Iterator[Job]) -> Iterator[Job]:
        """The jobs of one portion."""
        places: set[ActionTarget | None] = set()
        until = time.monotonic() + SECONDS
        most = PORTION if self._forwarding.targets.confirms_missing else self._forwarding.window
        while not places or (len(self._begun) < most * len(places) and time.monotonic() < until):
            job = next(coming, None)
            if job is None:
                return
            places.add(job.target)
            self._begun[job.index] = job
            yield job

    def _told(self, index: int, outcome: MessageOutcome) -> None:
        target = self._begun[index].target
        if outcome.state == DONE and target is not None:
            self._sent.setdefault(target, []).append(index)
        else:
            self._tell(index, outcome)

    def _let_go(self) -> str:
        """Take the other steps with what is there; why the action cannot go on, "" if it can."""
        ended = ""
        there: set[int] = set()
        for target, loss in losses(self._forwarding.targets, self._sent, "in this queue"):
            if loss is None:
                there.update(self._sent[target])
                continue
            ended = ended or loss.why
            for index in self._sent[target]:
                self._tell(index, loss.outcome)
        untold = set(there)

        def tell(index: int, outcome: MessageOutcome) -> None:
            untold.discard(index)
            self._tell(index, outcome)

        cut = self._pipe([job for index, job in self._begun.items() if index in there], tell)
        for index in sorted(untold):
            self._tell(index, MessageOutcome(DOUBT, f"it arrived, and is still in this queue as well: {plain(cut)}"))
        return cut or ended
