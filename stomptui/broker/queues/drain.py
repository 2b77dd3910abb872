"""Taking all messages of a queue into a file.

A message is acknowledged only once it is in the file and the file is on the disk. A crash or a lost connection between
the two leaves it in both places, the file and the queue: it can be there twice, and is never lost.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from stomptui.broker import requests
from stomptui.broker.errors import SessionError
from stomptui.broker.line import Line, LineError
from stomptui.broker.logs import LOGGER
from stomptui.broker.queues.base import QueueAccess, Survey
from stomptui.broker.queues.files import FileError, Sink
from stomptui.broker.queues.holding import GIVEN_BACK, Holding
from stomptui.broker.queues.orders import DONE, DOUBT, FAILED, Fate, Order
from stomptui.broker.queues.pipeline import Job, Pipeline, Step
from stomptui.broker.queues.tally import Tally
from stomptui.broker.queues.words import plain
from stomptui.protocol.frame import Frame, Headers
from stomptui.protocol.jsonl import JsonlError, to_line

PREFETCH = 500
"""Messages delivered and not acknowledged at most."""
BATCH = 250
"""Messages after which a batch is made safe and acknowledged: half of what may be delivered, so that more can come
meanwhile."""
BATCH_BYTES = 8 << 20
"""Bytes of lines after which it is too."""
PAUSE = 0.02
"""Seconds in which nothing comes, after which a smaller batch is."""
LAST_PAUSE = 0.25
"""The same for the last messages of a limit, which are better acknowledged together."""
QUIET = 1.0
"""Seconds in which nothing comes, after which a queue is taken to be empty: no broker says that it was the last."""
BEATS = 8
"""Bytes that may come meanwhile without being part of a message: heart-beats."""

IN_BOTH = "in the file and perhaps in the queue too"


class _Written(NamedTuple):
    """A message that is in the file and not acknowledged."""

    number: int
    """Its index among those delivered."""
    ack: Headers
    """The headers of its ACK."""
    size: int
    """The size of the file up to the end of its line."""
    start: Frame
    """The message, with no more than the first byte of its body."""


class Drain:
    """One draining; `run` blocks, in the thread of its `Transfer`.

    Args:
        access: The way into the queue; it is ours alone from here on.
        open_sink: Makes what is written to, `MessageFile` with its arguments by custom; called once nothing else can
            be refused.
        limit: How many messages to take at most; None for all that come until the queue is quiet.
        quiet: Seconds without a message after which the queue is taken to be empty.
        survey: What is known of the queue, if it was asked already.
        incomplete: Whether messages are taken too of which STOMP may not show all; by default they stay.
    """

    word = "drain"

    def __init__(
        self,
        access: QueueAccess,
        open_sink: Callable[[], Sink],
        limit: int | None = None,
        quiet: float = QUIET,
        survey: Survey | None = None,
        incomplete: bool = False,
    ) -> None:
        self.access = access
        self.limit = limit
        self.quiet = quiet
        self.incomplete = incomplete
        self.tally = Tally("drained", IN_BOTH)
        self._open_sink = open_sink
        self._survey = survey

    def run(self, progress: Callable[[Tally], None]) -> Tally:
        """Drain, until the queue is quiet, the limit is reached, or somebody stops it.

        Args:
            progress: Called with the account as it is now, after each batch.

        Raises:
            LineError: Nothing could be begun.
            FileError: The file cannot be written, and nothing was taken.
        """
        survey = self._survey or self.access.survey()
        refusal = drain_refusal(self.access) or survey.refusal
        if refusal or not isinstance(self.access, Holding):
            raise LineError(refusal)
        sink = self._open_sink()
        if sink.note:
            self.tally.notes.append(f"{sink.note[:1].upper()}{sink.note[1:]}.")
        try:
            _Taking(self.access, sink, self).run(progress)
        finally:
            sink.close()
        return self.tally

    def close(self) -> None:
        """Give back what was delivered and not written, and end the connections."""
        self.access.close()


def drain_facts(access: QueueAccess) -> list[str]:
    """What is to be said before a queue is drained, in whole sentences, the most important first."""
    told = [access.exact] if access.exact else []
    return [*told, "If the connection breaks, a message can be in the file and in the queue; none is lost."]


def drain_refusal(access: QueueAccess) -> str:
    """Why nothing can be drained there, as far as that is known without asking the broker; "" if it can."""
    dialect = access.dialect
    if not isinstance(access, Holding):
        return f"{dialect.title} cannot be drained: a message would be gone before it is in the file"
    if not dialect.is_queue(access.queue):
        return "only a queue can be drained: what was sent to a topic is not kept"
    return access.refusal(Order("delete"))


class _Taking:
    """Delivered, written, made safe, acknowledged: in batches, of which the next comes while one is confirmed."""

    def __init__(self, access: Holding, sink: Sink, wanted: Drain) -> None:
        self._access = access
        self._mailbox = access.room.mailbox
        self._sink = sink
        self._limit = wanted.limit
        self._prefetch = min(PREFETCH, wanted.limit or PREFETCH)
        self._quiet = wanted.quiet
        self._all = wanted.incomplete
        self._tally = wanted.tally
        self._start = self._safe = sink.size
        """The size of the file up to the last message that was acknowledged."""
        self._written: deque[_Written] = deque()
        self._delivered = 0
        self._aside = 0
        """Messages that were delivered and are not wanted."""
        self._taken = 0
        """Messages that were written, acknowledged or not."""
        self._last_ack: Headers = ()
        self._problem = ""
        """Why nothing more is written."""
        self._heard = time.monotonic()
        self._seen = 0

    def run(self, progress: Callable[[Tally], None]) -> None:
        line = self._line = self._access.take(self._prefetch, self._found)
        self._listen()
        tally = self._tally
        while not tally.stopped:
            event = self._mailbox.get(PAUSE)
            tally.stopped = self._access.heard(event) if event is not None else ""
            tally.stopped = tally.stopped or self._problem or self._access.room.stopped()
            waited = self._waited()
            if tally.stopped or (self._written and self._due(waited)):
                self._settle(progress)
            elif not self._written and (self._taken == self._limit or waited >= self._quiet):
                break
        self._leave(line)

    def _listen(self) -> None:
        """From here on count the time in which nothing comes."""
        self._seen, self._heard = self._line.session.bytes_in, time.monotonic()

    def _waited(self) -> float:
        """Seconds in which nothing came."""
        if self._line.session.bytes_in - self._seen > BEATS:
            # A message that is still on its way is no silence.
            self._listen()
        return time.monotonic() - self._heard

    def _found(self, frames: Sequence[Frame]) -> None:
        for frame in frames:
            index = self._delivered
            self._delivered += 1
            if self._tally.stopped or self._problem or self._taken == self._limit:
                self._aside += 1
                continue
            try:
                ack = tuple(requests.ack_headers(frame, self._line.version, self._access.dialect))
                if ack == self._last_ack:
                    # ActiveMQ sometimes repeats the message before an ERROR.
                    self._access.let_go(index)
                    continue
                self._keep(index, ack, frame)
            except FileError as error:
                self._problem = str(error)
                self._aside += 1
            except (SessionError, JsonlError) as error:
                self._tally.note(Fate(FAILED, f"it stays in the queue: {error}"))
                self._aside += 1

    def _keep(self, index: int, ack: Headers, frame: Frame) -> None:
        """Write a message, unless it has to stay where it is."""
        if not self._all and (why := self._access.incomplete(frame)):
            raise SessionError(why)
        size = self._sink.write(to_line(frame, self._access.queue))
        start = Frame(frame.head + b"\n\n" + frame.body_start(1), frame.version)
        self._last_ack = ack
        self._taken += 1
        self._written.append(_Written(index, ack, size, start))

    # Batches

    @property
    def _allowed(self) -> int | None:
        """How many may be acknowledged without letting more be delivered than the limit; None if all may."""
        if self._limit is None:
            return None
        left = self._limit - self._prefetch - (self._taken - len(self._written))
        return left if left > 0 else None

    def _due(self, waited: float) -> bool:
        """Whether what is written is to be made safe and acknowledged now."""
        if self._limit is not None and self._allowed is None:
            return self._taken == self._limit or waited >= LAST_PAUSE
        size = self._written[-1].size - self._safe
        return len(self._written) >= BATCH or size >= BATCH_BYTES or waited >= PAUSE

    def _settle(self, progress: Callable[[Tally], None]) -> None:
        """Make what is written safe, then acknowledge it."""
        count = len(self._written)
        if self._taken == self._limit:
            self._freeze()
        elif not self._tally.stopped and self._allowed is not None:
            count = min(count, self._allowed)
        if self._problem or self._line.gone or not count:
            return
        try:
            self._sink.sync()
        except FileError as error:
            self._problem = self._tally.stopped = str(error)
            return
        pipeline = Pipeline(self._mailbox, self._told, other=self._access.overheard, window=count)
        pipeline.run(self._jobs(count))
        gone = f"the connection ended: {self._line.gone}" if self._line.gone else ""
        self._tally.stopped = self._tally.stopped or gone or plain(pipeline.ended) or self._problem
        self._tally.size = self._safe - self._start
        progress(self._tally)
        self._listen()

    def _jobs(self, count: int) -> Iterator[Job]:
        lost = Fate(DOUBT, "in the file, and whether it left the queue is not known")
        for _ in range(count):
            item = self._written.popleft()
            self._safe = item.size
            # That something is missing can turn out by what comes after it.
            if not self._all and (why := self._access.incomplete(item.start)):
                self._aside += 1
                self._tally.note(Fate(DOUBT, f"in the file, but not all of it, and it stays in the queue: {why}"))
                continue
            yield Job(item.number, iter((Step(self._line, (("ACK", item.ack, b""),), _refused, lost),)))

    def _told(self, index: int, fate: Fate) -> None:
        self._access.let_go(index)
        self._tally.note(fate if fate.state in (DONE, DOUBT) else Fate(DOUBT, fate.text))

    # The end

    def _freeze(self) -> None:
        """Let nothing more be delivered, where that can be done."""
        try:
            self._access.freeze()
        except LineError as error:
            # Then more is delivered than was wanted, and goes back.
            LOGGER.info("draining could not be frozen: %s", error)

    def _leave(self, line: Line) -> None:
        """Let go of what is not acknowledged, in the file and at the broker."""
        try:
            self._sink.cut(self._safe)
        except FileError as error:
            self._tally.notes.append(f"Its last lines may be of messages that are still in the queue: {error}.")
        if not line.gone and self._tally.stopped:
            # What is given back by name has to be known first.
            self._freeze()
            while (event := self._mailbox.get(0)) is not None:
                self._access.heard(event)
        left = self._aside + len(self._written)
        how = self._access.give_back()
        if left > 0:
            told = "" if how in ("", GIVEN_BACK) else f": {how}"
            self._tally.notes.append(f"{left:,} more had been delivered, and went back to the queue{told}.")


def _refused(text: str) -> Fate:
    return Fate(DOUBT, f"in the file, but it was not taken out of the queue: {plain(text)}")
