"""Doing the same steps to many messages, several at once, each step only after the one before is confirmed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from stomptui.connection.blocking_client import BlockingClient, BlockingEventQueue
from stomptui.connection.errors import SessionError
from stomptui.connection.events import BrokerError, Event, Lost, ReceiptArrived
from stomptui.protocol.codec import EncodeError
from stomptui.protocol.frame import Headers
from stomptui.queues.actions.action import DONE, DOUBT, FAILED, ActionTarget, MessageOutcome

WINDOW = 200
"""Messages under way at once."""
SILENCE = 30.0
"""Seconds without any answer after which those under way are given up."""
AFTER_ERROR = 2.0
"""The same after an ERROR that does not say what it is about: the one that is not answered is the one it meant."""
ENDING = 0.15
"""Seconds after an ERROR in which the connection may end because of it, as STOMP 1.2, "ERROR", wants it."""


class EndedEarly(Exception):
    """Raised by the steps of a job that ends early: what became of its message."""

    def __init__(self, outcome: MessageOutcome) -> None:
        super().__init__(outcome.text)
        self.outcome = outcome


FrameSpec = tuple[str, Headers, bytes]
"""Command, headers without receipt, body."""


@dataclass(frozen=True)
class Step:
    """Frames that go out together on one line; the last one asks for the receipt that ends the step."""

    client: BlockingClient
    frames: tuple[FrameSpec, ...]
    refused: Callable[[str], MessageOutcome] = lambda text: MessageOutcome(FAILED, text)
    """What became of the message if the broker says no to this step, with its words."""
    lost: MessageOutcome = field(default=MessageOutcome(DOUBT, "the broker did not answer"))
    """What became of it if no answer comes."""


@dataclass
class Job:
    """One message and the steps to take with it."""

    index: int
    steps: Iterator[Step]
    step: Step | None = field(default=None)
    target: ActionTarget | None = None
    """Where the message goes, if it goes anywhere."""
    body: bytes = b""
    """What is sent there."""
    renew: Callable[[], Iterator[Step]] | None = None
    """Makes the steps anew, for a message that has to be sent once more on another connection."""
    origin: Job | None = None
    """The job that this one does a part of."""


class Pipeline:
    """Runs jobs; blocks until all that were begun have ended.

    Args:
        event_queue: Where the lines of the steps are heard.
        tell: Called with the outcome of each message, as soon as it is known.
        stopped: Asked before each new job: why no more are to be begun, None to go on.
        other: Called with events that are no answer to a step.
        window: Jobs under way at once.
        keep_lost: Tell nothing of jobs whose connection ended before their step was answered, or could be sent: they
            are in `in_flight` and `unsent` then, for whoever can find out more.
    """

    def __init__(
        self,
        event_queue: BlockingEventQueue,
        tell: Callable[[int, MessageOutcome], None],
        stopped: Callable[[], str | None] = lambda: None,
        other: Callable[[Event], object] = lambda event: None,
        window: int = WINDOW,
        keep_lost: bool = False,
    ) -> None:
        self._mailbox = event_queue
        self._tell = tell
        self._stopped = stopped
        self._other = other
        self._window = window
        self._keep_lost = keep_lost
        self.in_flight: list[Job] = []
        """Jobs whose step was sent and not answered when the connection ended, in the order they were sent."""
        self.unsent: list[Job] = []
        """Jobs whose step could not be sent any more."""
        self.cut = ""
        """Why the connection ended, "" if it did not."""
        self.complaint = False
        """Whether the broker sent an ERROR before it ended the connection, that says not what it is about."""
        self._waiting: dict[tuple[int, str], Job] = {}
        self._used: set[int] = set()
        """Sessions that steps were taken on."""
        self._unclear: list[str] = []
        """ERRORs that did not say what they are about."""
        self._blamed: tuple[Job, str] | None = None
        """A job that an ERROR was only concluded to be about, and its words, until it is seen whether the connection
        ends: then it was about that, as when an administrator closes it, and the message may have arrived."""
        self._refused_at = 0.0
        self._heard = time.monotonic()
        self.ended = ""
        """Why not all jobs were begun, "" if they were."""

    def run(self, jobs: Iterable[Job]) -> None:
        """Do them all, or as many as can be done."""
        coming = iter(jobs)
        more = True
        self._heard = time.monotonic()
        while more or self._waiting or self._blamed:
            while more and len(self._waiting) < self._window and not (self._unclear or self._blamed):
                if self._keep_lost and not self._waiting:
                    self._see_whether_it_ends()
                self.ended = self.ended or self._stopped() or ""
                job = None if self.ended else next(coming, None)
                if job is None:
                    more = False
                else:
                    self._advance(job)
            if self._waiting or self._blamed:
                self._hear()
            else:
                self._unclear.clear()

    def _advance(self, job: Job) -> None:
        """Take the next step of a job, or say that it is done."""
        try:
            job.step = next(job.steps, None)
        except EndedEarly as settled:
            self._tell(job.index, settled.outcome)
            return
        except (EncodeError, ValueError, SessionError) as error:
            self._tell(job.index, MessageOutcome(FAILED, str(error)))
            return
        if job.step is None:
            self._tell(job.index, MessageOutcome(DONE))
            return
        client = job.step.client
        self._used.add(client.number)
        self._mailbox.begun = True
        try:
            *before, (command, headers, body) = job.step.frames
            for spec in before:
                client.send(*spec)
            receipt = client.post(command, headers, body)
        except EncodeError as error:
            self._tell(job.index, job.step.refused(str(error)))
        except SessionError as error:
            # The frame that counts did not go out, so the step before is the last one taken.
            if self._keep_lost:
                self.unsent.append(job)
                self.cut = self.cut or str(error)
            else:
                self._tell(job.index, job.step.refused(str(error)))
            self.ended = self.ended or str(error)
        else:
            if not self._waiting:
                self._heard = time.monotonic()
            self._waiting[client.number, receipt] = job

    def _see_whether_it_ends(self) -> None:
        """After an ERROR, with nothing else under way: wait a moment for the end of the connection."""
        while not self.cut and (left := self._refused_at + ENDING - time.monotonic()) > 0:
            event = self._mailbox.get(left)
            if isinstance(event, Lost) and event.session in self._used:
                self._lost(event)
            elif event is not None:
                self._other(event)

    def _hear(self) -> None:
        """Wait for one event and act on it."""
        patience = AFTER_ERROR if self._unclear else SILENCE
        left = self._heard + patience - time.monotonic()
        if self._blamed:
            left = min(left, self._refused_at + ENDING - time.monotonic())
        event = self._mailbox.get(max(0.0, left))
        if event is None:
            if self._blamed and time.monotonic() >= self._refused_at + ENDING:
                # The connection stands: it was about the message alone.
                (refused, text), self._blamed = self._blamed, None
                assert refused.step is not None
                self._tell(refused.index, refused.step.refused(self._words(text)))
            elif time.monotonic() >= self._heard + patience:
                self._nothing_came()
            return
        self._heard = time.monotonic()
        if isinstance(event, ReceiptArrived) and (job := self._waiting.pop((event.session, event.receipt), None)):
            assert job.step is not None
            if event.refusal:
                self._tell(job.index, job.step.refused(event.refusal))
            else:
                self._advance(job)
        elif isinstance(event, BrokerError):
            self._refused(event)
        elif isinstance(event, Lost) and event.session in self._used:
            self._lost(event)
        else:
            self._other(event)

    def _refused(self, event: BrokerError) -> None:
        self._refused_at = time.monotonic()
        job = self._waiting.pop((event.session, event.receipt), None)
        if job is not None and job.step is not None:
            if self._keep_lost and self._blamed is None and not names_receipt(event):
                self._blamed = job, event.text
            else:
                self._tell(job.index, job.step.refused(self._words(event.text)))
        elif any(session == event.session for session, _ in self._waiting):
            # It does not say what it is about: begin nothing new until the others are answered.
            self._unclear.append(event.text)
        else:
            self._other(event)

    def _words(self, text: str) -> str:
        """The broker's words; what it complained about just before is the better reason."""
        unclear = self._take_unclear()
        return f"{unclear}\n{text}" if unclear else text

    def _take_unclear(self) -> str:
        unclear = self._unclear[0] if self._unclear else ""
        self._unclear.clear()
        return unclear

    def _lost(self, event: Lost) -> None:
        why = (self._unclear[0] if self._unclear else "") or event.server_text or event.reason
        form_field, self._blamed = self._blamed, None
        if form_field is not None:
            self.in_flight.append(form_field[0])
        for key in [key for key in self._waiting if key[0] == event.session]:
            job = self._waiting.pop(key)
            assert job.step is not None
            if self._keep_lost:
                self.in_flight.append(job)
            else:
                self._tell(job.index, MessageOutcome(job.step.lost.state, f"{job.step.lost.text}: {why}"))
        self.cut = why
        self.complaint = bool(self._unclear or form_field)
        self.ended = self.ended or f"the connection ended: {why}"
        self._unclear.clear()
        self._other(event)

    def _nothing_came(self) -> None:
        """No answer for too long: what is still under way is given up."""
        complaints = len(self._unclear)
        unclear = self._take_unclear()
        why = unclear or f"no answer from the broker within {SILENCE:g} s"
        for job in self._waiting.values():
            assert job.step is not None
            if unclear and len(self._waiting) == complaints:
                # As many were refused as are not answered.
                self._tell(job.index, job.step.refused(unclear))
            elif unclear and self._keep_lost:
                self.in_flight.append(job)
            else:
                self._tell(job.index, MessageOutcome(job.step.lost.state, f"{job.step.lost.text}: {why}"))
        if self.in_flight:
            self.cut = why
        if self.in_flight or not unclear:
            self.ended = self.ended or why
        self._waiting.clear()


def names_receipt(error: BrokerError) -> bool:
    """Whether an ERROR says itself which frame it is about; which one else was concluded from what is unanswered."""
    head = error.raw.partition(b"\n\n")[0].replace(b"\r\n", b"\n")
    return b"\nreceipt-id:" in head
