"""The steps of a drain: messages are delivered, written to the disk, and only then acknowledged."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from stomptui.connection import frame_headers
from stomptui.connection.blocking_client import BlockingClient, ClientError
from stomptui.connection.errors import SessionError
from stomptui.connection.program_log import LOGGER
from stomptui.protocol.frame import Frame, Headers
from stomptui.protocol.jsonl import JsonlError, to_line
from stomptui.queues.access import QueueAccess, Taking
from stomptui.queues.actions.action import DONE, DOUBT, FAILED, Action, MessageOutcome
from stomptui.queues.actions.pipeline import Job, Pipeline, Step
from stomptui.queues.peek.unacked_subscription import RETURNED
from stomptui.queues.refusal_texts import plain
from stomptui.queues.transfer.empty_check import EmptyCheck
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
WAITING_BYTES = 32 << 20
"""Bytes of messages that are delivered and wait to be written, beyond which they are written all the same."""


class _Unacknowledged(NamedTuple):
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
    """Messages of one drain: delivered, written, synced to the disk, acknowledged; the next batch comes meanwhile.

    Args:
        access: The way into the queue.
        taking: How its messages are taken out.
        sink: Where messages are written.
        result: What came of it; kept up to date.
        limit: How many messages to take at most; None for all that come until the queue is empty.
        quiet: Seconds without a message after which the queue is taken to be empty.
        expected: Messages that are there, as far as that is known; others may get some of them.
        incomplete: Whether messages are taken too of which STOMP may not show all.
    """

    def __init__(
        self,
        access: QueueAccess,
        taking: Taking,
        sink: MessageSink,
        result: TransferResult,
        *,
        limit: int | None,
        quiet: float,
        expected: int,
        incomplete: bool,
    ) -> None:
        self._access = access
        self._taking = taking
        self._subscription = taking.subscription
        self._messages = access.forwarding.messages
        self._event_queue = access.context.event_queue
        self._sink = sink
        self._result = result
        self._limit = limit
        self._prefetch = min(PREFETCH, limit or PREFETCH)
        self._quiet = quiet
        self._expected = expected
        self._incomplete_too = incomplete
        self._start_size = self._safe_size = sink.size
        """The size of the file up to the last message that was acknowledged."""
        self._unwritten: deque[tuple[int, Frame]] = deque()
        """Messages that were delivered and not written, with their indexes."""
        self._unwritten_size = 0
        self._unacknowledged: deque[_Unacknowledged] = deque()
        self._delivered = 0
        self._unwanted = 0
        """Messages that were delivered and are not wanted."""
        self._settling = False
        self._places: dict[int, int] = {}
        """The places of those that are being acknowledged, by their index among those delivered."""
        self._doubtful = 0
        """The place of the first that is in the file and may be in the queue, 0 without one."""
        self._repeats = Repeats(sink.tail(LINES, SIZE))
        self._written = 0
        """Messages that were written, acknowledged or not."""
        self._last_ack: Headers = ()
        self._problem = ""
        """Why nothing more is written."""

    def run(self, progress: Callable[[TransferResult], None]) -> None:
        """Drain, until the queue is empty, the limit is reached, or somebody stops it.

        Raises:
            ClientError: Nothing could be begun.
        """
        client = self._client = self._subscription.take(self._prefetch, self._found)
        self._empty_check = EmptyCheck(self._access.reader, client, self._taking.counts, self._quiet, self._expected)
        result = self._result
        result.stopped = self._access.context.stopped() or ""
        while not result.stopped:
            event = self._event_queue.get(PAUSE)
            lost = self._access.forwarding.overheard(event) if event is not None else None
            result.stopped = lost or self._problem or self._access.context.stopped() or ""
            if result.stopped:
                self._settle(progress)
            while self._unacknowledged and not result.stopped and self._due():
                self._settle(progress)
            if not self._unacknowledged and (self._written == self._limit or self._is_empty()):
                break
        self._finish(client)

    def _is_empty(self) -> bool:
        return self._empty_check.is_empty(self._delivered, self._unwanted + len(self._unwritten))

    def _found(self, frames: Sequence[Frame]) -> None:
        if not self._delivered:
            # That what is acknowledged stays in the queue can turn out once something is delivered.
            self._problem = self._access.actions.refusal(Action("delete"))
        for frame in frames:
            self._unwritten.append((self._delivered, frame))
            self._unwritten_size += len(frame.raw)
            self._delivered += 1
        self._write()

    def _write(self) -> None:
        """Write what waits, as far as it may be acknowledged soon: what is in the file and not yet acknowledged would
        be there twice after a crash."""
        while self._unwritten and not (self._result.stopped or self._problem or self._written == self._limit):
            most = self._prefetch if self._last else BATCH
            if (self._settling or len(self._unacknowledged) >= most) and self._unwritten_size < WAITING_BYTES:
                return
            index, frame = self._unwritten.popleft()
            self._unwritten_size -= len(frame.raw)
            try:
                self._keep(index, frame)
            except FileError as error:
                self._problem = str(error)
                self._unwanted += 1
            except (SessionError, JsonlError) as error:
                self._result.note(MessageOutcome(FAILED, f"it stays in the queue: {error}"))
                self._unwanted += 1

    def _keep(self, index: int, frame: Frame) -> None:
        """Write a message, unless it has to stay where it is."""
        ack = tuple(frame_headers.ack_headers(frame, self._client.version, self._access.dialect))
        if ack == self._last_ack:
            # ActiveMQ sometimes repeats the message before an ERROR.
            self._subscription.unacked.discard(index)
            return
        if not self._incomplete_too and (why := self._messages.incomplete(frame)):
            raise SessionError(why)
        size = self._sink.write(to_line(frame, self._access.queue))
        start = Frame(frame.head + b"\n\n" + frame.body_start(1), frame.version)
        self._last_ack = ack
        self._written += 1
        self._unacknowledged.append(_Unacknowledged(index, ack, size, self._written, self._repeats.knows(frame), start))

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
        left = self._limit - self._prefetch - (self._written - len(self._unacknowledged))
        return left if left > 0 else None

    def _due(self) -> bool:
        """Whether what is written is to be made safe and acknowledged now."""
        if self._last:
            return self._written == self._limit or self._empty_check.silence >= LAST_PAUSE
        size = self._unacknowledged[-1].size - self._safe_size
        return len(self._unacknowledged) >= BATCH or size >= BATCH_BYTES or self._empty_check.silence >= PAUSE

    def _settle(self, progress: Callable[[TransferResult], None]) -> None:
        """Make what is written safe, then acknowledge it."""
        count = len(self._unacknowledged)
        if self._written == self._limit:
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
        pipeline = Pipeline(self._event_queue, self._settled, other=self._access.forwarding.overheard, window=count)
        pipeline.run(self._jobs(count))
        self._settling = False
        # What could not be sent because the connection had ended is known before why it ended.
        until = time.monotonic() + 1.0
        while pipeline.ended and self._client.session.state.over and not self._client.gone and time.monotonic() < until:
            if (event := self._event_queue.get(PAUSE)) is not None:
                self._access.forwarding.overheard(event)
        gone = f"the connection ended: {self._client.gone}" if self._client.gone else ""
        result = self._result
        result.stopped = (
            result.stopped or gone or plain(pipeline.ended) or self._problem or self._access.context.stopped() or ""
        )
        result.size = self._safe_size - self._start_size
        progress(result)
        self._empty_check.restart()
        self._write()

    def _jobs(self, count: int) -> Iterator[Job]:
        lost = MessageOutcome(DOUBT, f"{self._sink.place.value}, and whether it left the queue is not known")
        for _ in range(count):
            item = self._unacknowledged.popleft()
            self._safe_size = item.size
            self._result.written = item.place
            # That something is missing can turn out by what comes after it.
            self._repeats.count += item.repeated
            if not self._incomplete_too and (why := self._messages.incomplete(item.start)):
                self._unwanted += 1
                self._doubtful = min(item.place, self._doubtful or item.place)
                self._result.note(
                    MessageOutcome(
                        DOUBT, f"{self._sink.place.value}, but not all of it, and it stays in the queue: {why}"
                    )
                )
                continue
            self._places[item.number] = item.place
            yield Job(item.number, iter((Step(self._client, (("ACK", item.ack, b""),), self._refused, lost),)))

    def _settled(self, index: int, outcome: MessageOutcome) -> None:
        self._subscription.unacked.discard(index)
        place = self._places.pop(index, 0)
        if outcome.state != DONE:
            # Outcomes do not come in order.
            self._doubtful = min(place, self._doubtful or place)
        self._result.note(outcome if outcome.state in (DONE, DOUBT) else MessageOutcome(DOUBT, outcome.text))

    # The end

    def _freeze(self) -> None:
        """Let nothing more be delivered, where that can be done."""
        try:
            self._subscription.freeze()
        except ClientError as error:
            # Then more is delivered than was wanted, and is returned.
            LOGGER.info("draining could not be frozen: %s", error)

    def _finish(self, client: BlockingClient) -> None:
        """Return what is not acknowledged, and cut it off the file."""
        try:
            self._sink.cut(self._safe_size)
        except FileError as error:
            self._result.notes.append(f"Its last lines may be of messages that are still in the queue: {error}.")
        if not client.gone and self._result.stopped:
            # What is returned by name has to be known first.
            self._freeze()
            while (event := self._event_queue.get(0)) is not None:
                self._access.forwarding.overheard(event)
        if not self._result.stopped and self._written != self._limit:
            self._result.remaining, note = self._empty_check.remaining(
                self._delivered, self._unwanted + len(self._unwritten)
            )
            if note is not None:
                self._result.notes.append(note)
        if not client.gone and self._safe_size > self._start_size:
            try:
                self._taking.acknowledgements.make_sure()
            except ClientError as error:
                self._result.notes.append(f"Some of it may be in the queue again: {plain(str(error))}.")
        if self._result.count(DONE) and client.gone and (why := self._taking.acknowledgements.forgotten()):
            self._result.doubt_all(MessageOutcome(DOUBT, why))
            self._doubtful = 1
        self._result.maybe_in_queue = self._result.written - self._doubtful + 1 if self._doubtful else 0
        if self._repeats.note is not None:
            self._result.notes.append(self._repeats.note)
        left = self._unwanted + len(self._unacknowledged) + len(self._unwritten)
        how = self._subscription.return_messages()
        if left > 0:
            unusual = "" if how in (None, RETURNED) else f": {how}"
            self._result.notes.append(f"{left:,} more had been delivered and were returned to the queue{unusual}.")

    def _refused(self, text: str) -> MessageOutcome:
        return MessageOutcome(DOUBT, f"{self._sink.place.value}, but it was not removed from the queue: {plain(text)}")
