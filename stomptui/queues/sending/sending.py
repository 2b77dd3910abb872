"""Sending many messages so that one that the broker refuses by closing the connection costs no other.

After a fault the connection is opened again, what was in flight is found out where that can be, and what did not
arrive is sent once more, one message at a time, so that the one at fault is known by name. Only what was in flight at
a fault and cannot be found out stays in doubt.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from stomptui.connection.blocking_client import ClientError, ConnectionGone, RequestRefused
from stomptui.connection.program_log import LOGGER
from stomptui.queues.actions.action import DONE, FAILED, ActionTarget, MessageOutcome
from stomptui.queues.actions.pipeline import Job, Pipeline, Step
from stomptui.queues.refusal_texts import plain
from stomptui.queues.sending.forwarding import Forwarding
from stomptui.queues.sending.recount import Recount

FAULTS = 500
"""Faults after which a delivery ends: each costs a connection, and often a peek into the target."""
IN_A_ROW = 3
"""Faults after which it ends if nothing is confirmed or found out in between."""
AGAIN = (0.0, 1.0)
"""Seconds to wait before each attempt to get back to the broker."""


class Delivery:
    """Sends messages with receipts over the connection that sends, and opens another after a fault.

    Args:
        forwarding: How messages get to their targets.
        tell: Called with the outcome of each message, by its index: DONE means confirmed.
        stopped: Asked before each message: why no more are to be sent, None to go on.
    """

    def __init__(
        self,
        forwarding: Forwarding,
        tell: Callable[[int, MessageOutcome], None],
        stopped: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._forwarding = forwarding
        self._tell = tell
        self._stopped = stopped
        self._recount = Recount(forwarding)
        self._targets: dict[int, ActionTarget | None] = {}
        self._suspects: set[int] = set()
        """Messages that were alone in flight at a fault and did not arrive."""
        self._refused: set[int] = set()
        """Messages that were found out to make the broker end the connection."""
        self._faults = self._in_a_row = 0
        self._begun = False
        self._last = ""
        """The outcome told last, of those that are sent now."""
        self.left: list[Job] = []
        """Jobs that were taken and not sent when the last run ended."""
        self.looked_into: set[ActionTarget] = set()
        """Targets that were peeked into to find out what arrived."""

    def run(self, jobs: Iterable[Job]) -> str:
        """Send the messages of jobs, which take the first of their steps alone.

        Returns:
            Why not all were sent, "" if they were, whatever became of each.
        """
        coming = iter(jobs)
        again: deque[Job] = deque()
        # If nothing can be sent to the place, the first message tells, with none in flight behind it.
        alone = int(not self._begun)
        self._begun = True
        window = self._forwarding.window if self._forwarding.targets.shows_arrivals else 1
        self._targets.clear()
        try:
            self._forwarding.sender.open()
        except ClientError as error:
            return str(error)
        while True:
            careful = len(again) + alone
            self._last = ""
            taken = self._taken(again, coming)
            pipeline = Pipeline(
                self._forwarding.context.event_queue,
                self._told,
                self._stopped,
                self._forwarding.overheard,
                1 if careful else window,
                keep_lost=True,
            )
            pipeline.run(self._sending(job) for job in (islice(taken, careful) if careful else taken))
            if not (pipeline.in_flight or pipeline.unsent or pipeline.cut):
                self.left = list(again)
                if careful and not pipeline.ended and not again:
                    alone = int(self._last == FAILED)
                    continue
                self._recount.settle()
                return pipeline.ended
            alone = max(self._last == FAILED, alone - 1, len(pipeline.in_flight))
            again.extendleft(reversed(pipeline.unsent))
            why = self._recover(pipeline, again)
            if why:
                self.left = list(again)
                self._recount.settle()
                return why

    def _taken(self, again: deque[Job], coming: Iterator[Job]) -> Iterator[Job]:
        """What is to be sent again, then what comes."""
        while again:
            yield again.popleft()
        # Not `yield from`, which would end what comes together with this.
        for job in coming:  # noqa: UP028
            yield job

    def _sending(self, job: Job) -> Job:
        """A job that ends with its first step; the others stay to be taken."""
        self._targets[job.index] = job.target

        def first() -> Iterator[Step]:
            for step in job.steps:
                if job.target is not None:
                    self._recount.sending(job.target, job.index, job.body)
                yield step
                return

        return Job(job.index, first(), target=job.target, body=job.body, origin=job)

    def _told(self, index: int, outcome: MessageOutcome) -> None:
        target = self._targets.pop(index, None)
        if target is not None:
            note = {DONE: self._recount.confirmed, FAILED: self._recount.refused}.get(
                outcome.state, self._recount.unknown
            )
            note(target, index)
        if outcome.state in (DONE, FAILED):
            self._in_a_row = 0
        self._last = outcome.state
        self._tell(index, outcome)

    # After a fault

    def _recover(self, pipeline: Pipeline, again: deque[Job]) -> str:
        """Find out what became of what was in flight, and get back to the broker.

        Args:
            pipeline: What was cut off.
            again: What has to be sent again is put in front.

        Returns:
            Why nothing more can be sent, "" if it can.
        """
        lost = [job.origin or job for job in pipeline.in_flight]
        steps = {job.index: job.step for job in pipeline.in_flight}
        for index in range(len(again)):
            again[index] = again[index].origin or again[index]
        self._faults, self._in_a_row = self._faults + 1, self._in_a_row + 1
        gone = self._reopen()
        known = {} if gone else self._find(lost)
        if any(is_there is not None for is_there in known.values()):
            self._in_a_row = 0
        words = plain(pipeline.cut)
        if lost and not gone and None in known.values():
            known = self._rehearsed(pipeline.in_flight, known)
        absent: list[Job] = []
        for job in lost:
            is_there, step = known.get(job.index), steps[job.index]
            if is_there:
                self._told(job.index, MessageOutcome(DONE))
            elif len(lost) == 1 and self._forwarding.targets.is_about_the_target(pipeline.cut):
                self._told(job.index, MessageOutcome(FAILED, words))
            elif is_there is None:
                assert step is not None
                self._told(job.index, MessageOutcome(step.lost.state, f"{step.lost.text}: {words}"))
            elif job.index in self._refused or (len(lost) == 1 and job.index in self._suspects):
                self._told(
                    job.index, MessageOutcome(FAILED, f"the broker ended the connection when it was sent: {words}")
                )
            else:
                absent.append(job)
        if len(lost) == 1:
            self._suspects.update(job.index for job in absent)
        for job in (*again, *absent):
            assert job.renew is not None
            job.steps = job.renew()
        again.extendleft(reversed(absent))
        told = f"the connection ended: {words}"
        if gone:
            return told
        if self._faults >= FAULTS or self._in_a_row >= IN_A_ROW:
            return f"the connection ended {max(self._faults, self._in_a_row)} times: {words}"
        return ""

    def _find(self, lost: list[Job]) -> dict[int, bool | None]:
        known: dict[int, bool | None] = dict.fromkeys(job.index for job in lost)
        places: dict[ActionTarget, list[int]] = {}
        for job in lost:
            if job.target is not None:
                places.setdefault(job.target, []).append(job.index)
        for target, indexes in places.items():
            found = self._recount.find(target, indexes)
            if any(is_there is not None for is_there in found.values()):
                self.looked_into.add(target)
            known.update(found)
        return known

    def _rehearsed(self, lost: list[Job], known: dict[int, bool | None]) -> dict[int, bool | None]:
        """Find out which message the broker ends the connection over, by sending each to where it is kept nowhere.

        What went before it was taken, as the broker goes by the order, and is there if it is seen there; what came
        after it was not.
        """
        culprit = self._culprit(lost)
        if culprit is None:
            return known
        index = lost[culprit].index
        self._refused.add(index)
        found = {**known, index: False, **{job.index: False for job in lost[culprit + 1 :]}}
        places: dict[ActionTarget, list[int]] = {}
        for job in lost[:culprit]:
            if job.target is not None and known.get(job.index) is None:
                places.setdefault(job.target, []).append(job.index)
        for target, indexes in places.items():
            if self._recount.ends_with(target, indexes):
                self.looked_into.add(target)
                found.update(dict.fromkeys(indexes, True))
        return found

    def _culprit(self, lost: list[Job]) -> int | None:
        """The place of the first message that the broker refuses wherever it goes; None if none is found."""
        place = self._rehearse(lost)
        # Somebody may have closed that connection too: what is refused is refused again.
        return place if place is not None and self._rehearse(lost[place : place + 1]) == 0 else None

    def _rehearse(self, lost: list[Job]) -> int | None:
        """The place of the first message over which the broker complains, or ends the connection, elsewhere."""
        forwarding = self._forwarding
        try:
            client = forwarding.context.dial("checking what was refused", versions=forwarding.sender.versions)
        except ClientError:
            return None
        try:
            destination = forwarding.targets.rehearsal(client)
            if not destination:
                return None
            # Who may not send there is refused whatever it is.
            client.ask("SEND", [("destination", destination)])
            for place, job in enumerate(lost):
                assert job.step is not None
                command, headers, body = job.step.frames[0]
                elsewhere = [("destination", destination), *(other for other in headers if other[0] != "destination")]
                try:
                    client.ask(command, elsewhere, body)
                except (RequestRefused, ConnectionGone):
                    return place
        except ClientError as error:
            LOGGER.info("what was refused could not be found out: %s", error)
        finally:
            client.drop()
        return None

    def _reopen(self) -> str:
        """Open the connection again; why that cannot be done, "" if it could."""
        self._forwarding.sender.drop()
        why = ""
        for pause in AGAIN:
            until = time.monotonic() + pause
            while time.monotonic() < until:
                if stopped := self._stopped():
                    return stopped
                time.sleep(min(0.05, max(0.0, until - time.monotonic())))
            try:
                self._forwarding.sender.open()
            except ClientError as error:
                why = str(error)
            else:
                return ""
        return why
