"""The messages of one drain on their way from the queue to the disk, and only then out of the queue."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

from stomptui.connection import requests
from stomptui.connection.blocking_client import BlockingClient, ClientError
from stomptui.connection.errors import SessionError
from stomptui.connection.stomp_log import LOGGER
from stomptui.protocol.frame import Frame, Headers
from stomptui.protocol.jsonl import JsonlError, to_line
from stomptui.queues.actions.action import DONE, DOUBT, FAILED, Action, MessageOutcome
from stomptui.queues.actions.pipeline import Job, Pipeline, Step
from stomptui.queues.depths import SLOW, Count, End
from stomptui.queues.peek.holding import GIVEN_BACK, Holding
from stomptui.queues.refusal_texts import plain
from stomptui.queues.transfer.file_errors import FileError
from stomptui.queues.transfer.repeats import LINES, SIZE, Repeats
from stomptui.queues.transfer.result import TransferResult
from stomptui.queues.transfer.sink import MessageSink

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
AT_FIRST = 2.0
"""Seconds that the first message may take: a busy broker confirms the subscription long before."""
EXPECTED = 5.0
"""The same for messages that the queue had before it was drained, as the broker counted."""
ASK_EVERY = 1.0
"""Seconds of silence between two times that the broker is asked to count."""
BEATS = 8
"""Bytes that may come meanwhile without being part of a message: heart-beats."""
WAITING_BYTES = 32 << 20
"""Bytes of messages that are delivered and wait to be written, beyond which they are written all the same."""


class Wanted(Protocol):
    """What a drain wants of it; `Drain` is one."""

    limit: int | None
    quiet: float
    incomplete: bool
    expected: int
    """Messages that are there, as far as that is known; others may have some of them."""
    result: TransferResult


class _Written(NamedTuple):
    """A message that is in the file and not acknowledged."""

    number: int
    """Its index among those delivered."""
    ack: Headers
    """The headers of its ACK."""
    size: int
    """The size of the file up to the end of its line."""
    place: int
    """Its place among those that were written, from 1 on."""
    repeated: bool
    """Whether the file ended with a message like it before."""
    start: Frame
    """The message, with no more than the first byte of its body."""


class DrainPipeline:
    """Messages of one drain: delivered, written, made safe, acknowledged, and the next batch comes meanwhile.

    Args:
        access: The way into the queue.
        sink: What is written to.
        wanted: What to take; its result is kept up to date.
    """

    def __init__(self, access: Holding, sink: MessageSink, wanted: Wanted) -> None:
        self._access = access
        self._mailbox = access.context.event_queue
        self._sink = sink
        self._limit = wanted.limit
        self._prefetch = min(PREFETCH, wanted.limit or PREFETCH)
        self._quiet = wanted.quiet
        self._expected = wanted.expected
        self._all = wanted.incomplete
        self._result = wanted.result
        self._start = self._safe = sink.size
        """The size of the file up to the last message that was acknowledged."""
        self._waiting: deque[tuple[int, Frame]] = deque()
        """Messages that were delivered and not written, with their indexes."""
        self._waiting_size = 0
        self._written: deque[_Written] = deque()
        self._delivered = 0
        self._aside = 0
        """Messages that were delivered and are not wanted."""
        self._settling = False
        self._places: dict[int, int] = {}
        """The places of those that are being acknowledged, by their index among those delivered."""
        self._doubtful = 0
        """The place of the first that is in the file and may be in the queue, 0 without one."""
        self._repeats = Repeats(sink.tail(LINES, SIZE))
        self._taken = 0
        """Messages that were written, acknowledged or not."""
        self._last_ack: Headers = ()
        self._problem = ""
        """Why nothing more is written."""
        self._heard = time.monotonic()
        self._seen = 0
        self._asked_at = 0.0
        """Seconds of silence from which on the broker is asked to count (again)."""
        self._counted: Count | None = None
        """What the broker counted when nothing more came."""

    def run(self, progress: Callable[[TransferResult], None]) -> None:
        """Take, until nothing more comes, all that was wanted is there, or somebody stops it.

        Raises:
            ClientError: Nothing could be begun.
        """
        client = self._client = self._access.take(self._prefetch, self._found)
        self._listen()
        result = self._result
        result.stopped = self._access.context.stopped()
        while not result.stopped:
            event = self._mailbox.get(PAUSE)
            result.stopped = self._access.heard(event) if event is not None else ""
            result.stopped = result.stopped or self._problem or self._access.context.stopped()
            if result.stopped:
                self._settle(progress)
            while self._written and not result.stopped and self._due():
                self._settle(progress)
            if not self._written and (self._taken == self._limit or self._is_all()):
                break
        self._leave(client)

    def _is_all(self) -> bool:
        """Whether nothing came for so long that nothing more will; the broker counts what is left, if it counts.

        What it counts may be a few seconds old: what seems to be left is asked for again before it is believed.
        """
        waited = self._waited()
        if waited < self._patience:
            return False
        if not self._access.counts_while_taking or waited < self._asked_at:
            return not self._access.counts_while_taking
        self._asked_at = waited + ASK_EVERY
        self._counted = self._access.counted()
        return self._left <= 0 or waited >= max(self._quiet, SLOW)

    @property
    def _left(self) -> int:
        """Messages that the broker counts and that did not come; 0 if it does not count."""
        return 0 if self._counted is None else self._counted.total - self._aside - len(self._waiting)

    def _listen(self) -> None:
        """From here on count the time in which nothing comes."""
        self._seen, self._heard = self._client.session.bytes_in, time.monotonic()
        self._asked_at = 0.0

    def _waited(self) -> float:
        """Seconds in which nothing came."""
        if self._client.session.bytes_in - self._seen > BEATS:
            # A message that is still on its way is no silence.
            self._listen()
        return time.monotonic() - self._heard

    @property
    def _patience(self) -> float:
        """Seconds in which nothing comes, after which nothing more will."""
        if self._delivered < self._expected:
            return max(self._quiet, EXPECTED)
        return self._quiet if self._delivered else max(self._quiet, AT_FIRST)

    def _found(self, frames: Sequence[Frame]) -> None:
        if not self._delivered:
            # That what is acknowledged stays in the queue can turn out once something of it is held.
            self._problem = self._access.refusal(Action("delete"))
        for frame in frames:
            self._waiting.append((self._delivered, frame))
            self._waiting_size += len(frame.raw)
            self._delivered += 1
        self._write()

    def _write(self) -> None:
        """Write what waits, as far as it may be acknowledged soon: what is in the file and not yet acknowledged would
        be there twice after a crash."""
        while self._waiting and not (self._result.stopped or self._problem or self._taken == self._limit):
            most = self._prefetch if self._last else BATCH
            if (self._settling or len(self._written) >= most) and self._waiting_size < WAITING_BYTES:
                return
            index, frame = self._waiting.popleft()
            self._waiting_size -= len(frame.raw)
            try:
                self._keep(index, frame)
            except FileError as error:
                self._problem = str(error)
                self._aside += 1
            except (SessionError, JsonlError) as error:
                self._result.note(MessageOutcome(FAILED, f"it stays in the queue: {error}"))
                self._aside += 1

    def _keep(self, index: int, frame: Frame) -> None:
        """Write a message, unless it has to stay where it is."""
        ack = tuple(requests.ack_headers(frame, self._client.version, self._access.dialect))
        if ack == self._last_ack:
            # ActiveMQ sometimes repeats the message before an ERROR.
            self._access.let_go(index)
            return
        if not self._all and (why := self._access.incomplete(frame)):
            raise SessionError(why)
        size = self._sink.write(to_line(frame, self._access.queue))
        start = Frame(frame.head + b"\n\n" + frame.body_start(1), frame.version)
        self._last_ack = ack
        self._taken += 1
        self._written.append(_Written(index, ack, size, self._taken, self._repeats.knows(frame), start))

    # Batches

    @property
    def _last(self) -> bool:
        """Whether what is left of the limit is delivered without an ACK, and is better acknowledged together."""
        return self._limit is not None and self._allowed is None

    @property
    def _allowed(self) -> int | None:
        """How many may be acknowledged without letting more be delivered than the limit; None if all may."""
        if self._limit is None:
            return None
        left = self._limit - self._prefetch - (self._taken - len(self._written))
        return left if left > 0 else None

    def _due(self) -> bool:
        """Whether what is written is to be made safe and acknowledged now."""
        if self._last:
            return self._taken == self._limit or self._waited() >= LAST_PAUSE
        size = self._written[-1].size - self._safe
        return len(self._written) >= BATCH or size >= BATCH_BYTES or self._waited() >= PAUSE

    def _settle(self, progress: Callable[[TransferResult], None]) -> None:
        """Make what is written safe, then acknowledge it."""
        count = len(self._written)
        if self._taken == self._limit:
            self._freeze()
        elif not self._result.stopped and self._allowed is not None:
            count = min(count, self._allowed)
        if self._problem or self._client.gone or not count:
            return
        try:
            self._sink.sync()
        except FileError as error:
            self._problem = self._result.stopped = str(error)
            return
        self._settling = True
        pipeline = Pipeline(self._mailbox, self._told, other=self._access.overheard, window=count)
        pipeline.run(self._jobs(count))
        self._settling = False
        # What could not be sent because the connection had ended is known before why it ended.
        until = time.monotonic() + 1.0
        while pipeline.ended and self._client.session.state.over and not self._client.gone and time.monotonic() < until:
            if (event := self._mailbox.get(PAUSE)) is not None:
                self._access.heard(event)
        gone = f"the connection ended: {self._client.gone}" if self._client.gone else ""
        result = self._result
        result.stopped = (
            result.stopped or gone or plain(pipeline.ended) or self._problem or self._access.context.stopped()
        )
        result.size = self._safe - self._start
        progress(result)
        self._listen()
        self._write()

    def _jobs(self, count: int) -> Iterator[Job]:
        lost = MessageOutcome(DOUBT, f"{self._sink.place.value}, and whether it left the queue is not known")
        for _ in range(count):
            item = self._written.popleft()
            self._safe = item.size
            self._result.written = item.place
            # That something is missing can turn out by what comes after it.
            self._repeats.count += item.repeated
            if not self._all and (why := self._access.incomplete(item.start)):
                self._aside += 1
                self._doubtful = min(item.place, self._doubtful or item.place)
                self._result.note(
                    MessageOutcome(
                        DOUBT, f"{self._sink.place.value}, but not all of it, and it stays in the queue: {why}"
                    )
                )
                continue
            self._places[item.number] = item.place
            yield Job(item.number, iter((Step(self._client, (("ACK", item.ack, b""),), self._refused, lost),)))

    def _told(self, index: int, outcome: MessageOutcome) -> None:
        self._access.let_go(index)
        place = self._places.pop(index, 0)
        if outcome.state != DONE:
            # What is known to be in doubt is not told of in order.
            self._doubtful = min(place, self._doubtful or place)
        self._result.note(outcome if outcome.state in (DONE, DOUBT) else MessageOutcome(DOUBT, outcome.text))

    # The end

    def _freeze(self) -> None:
        """Let nothing more be delivered, where that can be done."""
        try:
            self._access.freeze()
        except ClientError as error:
            # Then more is delivered than was wanted, and goes back.
            LOGGER.info("draining could not be frozen: %s", error)

    def _leave(self, client: BlockingClient) -> None:
        """Let go of what is not acknowledged, in the file and at the broker."""
        try:
            self._sink.cut(self._safe)
        except FileError as error:
            self._result.notes.append(f"Its last lines may be of messages that are still in the queue: {error}.")
        if not client.gone and self._result.stopped:
            # What is given back by name has to be known first.
            self._freeze()
            while (event := self._mailbox.get(0)) is not None:
                self._access.heard(event)
        if not self._result.stopped and self._taken != self._limit:
            self._result.notes += self._missing()
        if not client.gone and self._safe > self._start:
            try:
                self._access.make_sure()
            except ClientError as error:
                self._result.notes.append(f"Some of it may be in the queue again: {plain(str(error))}.")
        if self._result.count(DONE) and client.gone and (why := self._access.forgotten()):
            self._result.doubt_all(MessageOutcome(DOUBT, why))
            self._doubtful = 1
        self._result.twice = self._result.written - self._doubtful + 1 if self._doubtful else 0
        self._result.notes += [self._repeats.note] * bool(self._repeats.note)
        left = self._aside + len(self._written) + len(self._waiting)
        how = self._access.return_messages()
        if left > 0:
            told = "" if how in ("", GIVEN_BACK) else f": {how}"
            self._result.notes.append(f"{left:,} more had been delivered, and went back to the queue{told}.")

    def _missing(self) -> list[str]:
        """What is to say of messages that the queue has and that did not come."""
        counted = self._counted
        if counted is None:
            missing = self._expected - self._delivered
            self._result.left = max(0, missing)
            if not self._delivered and missing <= 0 and self._access.counts_while_taking:
                return [End(0, None, None, round(self._patience, 1)).words]
            return [f"{missing:,} of the queue's messages did not come: other consumers may have them."] * (missing > 0)
        ours = self._aside + len(self._waiting)
        left = self._left
        if left <= 0:
            return []
        self._result.left = left
        others = max(0, (counted.unacked or 0) - ours)
        told = f", {others:,} of them unacknowledged at other consumers" if others else ""
        stays = "message is" if left == 1 else "messages are"
        return [f"{left:,} {stays} still in the queue and did not come{told}."]

    def _refused(self, text: str) -> MessageOutcome:
        return MessageOutcome(DOUBT, f"{self._sink.place.value}, but it was not taken out of the queue: {plain(text)}")
