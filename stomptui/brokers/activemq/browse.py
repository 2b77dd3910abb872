"""Looking into queues of ActiveMQ Classic by a browser, which shows everything and takes nothing.

Verified on 5.17 and 6.3: also what other readers hold is shown, no flag or counter changes, and `browser:end` ends it.
"""

from __future__ import annotations

import time
from dataclasses import replace

from stomptui.brokers.activemq.selectors import is_browser_end
from stomptui.brokers.activemq.statistics import Statistics, whole
from stomptui.connection.blocking_client import ANSWER_TIMEOUT, BlockingClient, ClientError, ConnectionGone, NoAnswer
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.events import Event, Received
from stomptui.connection.requests import Subscription
from stomptui.protocol.frame import Frame
from stomptui.protocol.marker import Batch
from stomptui.protocol.names import shown
from stomptui.queues.context import AccessContext
from stomptui.queues.depths import Count, End
from stomptui.queues.peek.holding import MAX_BYTES, Holding
from stomptui.queues.peek.peek_values import Found, PeekOptions, PeekResult, QueueSurvey

PAGE = 400
"""Messages that ActiveMQ browses at most in one go, unless it is told otherwise (maxBrowsePageSize)."""
NO_BROWSER = "ActiveMQ can browse a queue only with STOMP 1.1 or later: connect with 1.1 or 1.2"
TOPICS = ("/topic/", "/temp-topic/", "/remote-temp-topic/")
_TEMPORARY_QUEUES = ("/temp-queue/", "/remote-temp-queue/")


def queue_name(destination: str) -> str:
    """The name of the one queue that a destination means; "" if it means none, or several."""
    if destination.startswith((*TOPICS, *_TEMPORARY_QUEUES)):
        return ""
    name = destination.removeprefix("/queue/")
    # What follows a question mark are options to ActiveMQ, and no part of a name.
    return "" if _is_several(name) or "?" in name else name


def no_queue(destination: str) -> str:
    """Why a destination without a name for `queue_name` is none that can be looked into, or moved to."""
    if destination.startswith(TOPICS):
        return "what is sent there is not kept anywhere: subscribe to see what comes"
    if destination.startswith(_TEMPORARY_QUEUES):
        return "a temporary queue belongs to the connection that made it: it cannot be peeked at"
    if _is_several(destination.removeprefix("/queue/")):
        return f"{shown(destination)} stands for several queues: name one"
    return f"{shown(destination)} is not the name of a queue: /queue/NAME"


def _is_several(name: str) -> bool:
    return "," in name or any(part in ("*", ">") for part in name.split("."))


def is_hollow(message: Frame) -> bool:
    """Whether it may be a message whose content STOMP does not show: no text, and no bytes either."""
    return not message.body_size and message.get("content-length") is None


class Browsing(Holding):
    """Looks on a connection that ends with the look; nothing is ever held by it."""

    counts_while_taking = True

    def __init__(self, context: AccessContext, queue: str, dialect: Dialect) -> None:
        super().__init__(context, queue, dialect)
        self.name = queue_name(queue)
        self.statistics = Statistics(context)
        self._depth: int | None = None
        self._spoken = ""
        """The STOMP version of the connection that was opened last, "" before."""
        self._ended = False
        """Whether the browser has shown everything."""
        self._hollow = 0
        """Messages that may have a content which does not show."""
        self._last = ""
        """The id of the message that came last."""
        self._cut: set[str] = set()
        """Ids of messages of which not everything came."""

    def survey(self) -> QueueSurvey:
        if not self.name:
            return QueueSurvey(notice="", refusal=no_queue(self.queue))
        exists, self._depth = self.statistics.depth(self.name)
        if self.statistics.version == "1.0":
            return QueueSurvey(notice="", refusal=NO_BROWSER)
        if exists is False:
            return QueueSurvey(notice="", exists=False, holds=False, refusal=f"there is no queue {shown(self.name)}")
        notice = "This changes nothing at the broker: no message is locked, removed, marked or counted."
        if exists is None:
            notice += " If the queue does not exist, browsing creates it, empty."
        return QueueSurvey(notice, exists=exists, holds=False, depth=self._depth)

    def look(self, what: PeekOptions, found: Found) -> PeekResult:
        if not self.name:
            raise ClientError(no_queue(self.queue))
        self._ended, self._hollow, self._last = False, 0, ""
        self._cut.clear()
        try:
            looked = super().look(what, found)
        finally:
            client, self._client = self._client, None
            if client is not None:
                self._spoken = client.version
                (client.drop if client.gone else client.close)()
        counted = self.counted()
        told = (self._unseen(what, counted), looked.note)
        return replace(looked, note=" ".join(filter(None, told)), depth=counted.total if counted is not None else None)

    def _count_rest(self) -> None:
        """It is counted once the look has ended, whatever was wanted."""

    def count(self) -> Count | None:
        _, numbers = self.statistics.numbers(self.name)
        size = whole(numbers, "size")
        return None if size is None else Count(size, whole(numbers, "inflightCount"))

    def _prepared(self, client: BlockingClient) -> BlockingClient:
        if client.version == "1.0":
            client.drop()
            raise ClientError(NO_BROWSER)
        return client

    def _subscription(self, what: PeekOptions) -> Subscription:
        # Without an ACK no more comes than the prefetch, and a browser holds nothing by it.
        ack = "auto" if what.limit is None else "client-individual"
        return Subscription(self._id, f"/queue/{self.name}", ack, headers=(("browser", "true"),), prefetch=what.limit)

    def _receive(self, client: BlockingClient, limit: int | None) -> None:
        seen, heard = 0, time.monotonic()
        while not self._ended and (limit is None or self._next < limit) and self._size < MAX_BYTES:
            if self.context.stopped():
                break
            event = self.context.event_queue.get(1.0)
            if client.session.bytes_in != seen:
                seen, heard = client.session.bytes_in, time.monotonic()
            if event is not None and (reason := self.heard(event)):
                raise ConnectionGone(reason)
            if event is None and time.monotonic() - heard >= ANSWER_TIMEOUT:
                raise NoAnswer(f"no answer from the broker within {ANSWER_TIMEOUT:g} s")

    def heard(self, event: Event) -> str:
        if isinstance(event, Received) and self._client is not None and event.session == self._client.number:
            self._note_cut(event.batch, self._client.version)
        return super().heard(event)

    def _note_cut(self, batch: Batch, version: str) -> None:
        """A text with a NUL has no length on the wire, so what stands behind the NUL comes as a frame of its own."""
        for index, raw in enumerate(batch.frames()):
            if raw.startswith(b"MESSAGE"):
                self._last = Frame(raw, version).get("message-id") or ""
            elif index in batch.odd and self._last:
                self._cut.add(self._last)

    def _take(self, frames: list[Frame]) -> None:
        shown = [frame for frame in frames if not is_browser_end(frame)]
        self._ended = self._ended or len(shown) < len(frames)
        self._next += len(shown)
        self._size += sum(len(frame.raw) for frame in shown)
        self._hollow += sum(is_hollow(frame) for frame in shown)
        if shown and self._found is not None:
            self._found(shown)

    def _freeze(self, client: BlockingClient) -> None:
        client.ask("UNSUBSCRIBE", [("id", self._id)])

    def _about(self) -> str:
        told = []
        if self._hollow:
            told.append(f"{self._hollow:,} with an empty body may be JMS map, object or stream messages.")
        if self._cut:
            told.append(f"Of {self._cut_words()} with a NUL in the text only what is before it came.")
        return " ".join(told).strip()

    def _cut_words(self) -> str:
        return "1 message" if len(self._cut) == 1 else f"{len(self._cut):,} messages"

    def _unseen(self, what: PeekOptions, counted: Count | None) -> str:
        """What is to say of what was not shown."""
        shown = self._next
        full = self._size if self._size >= MAX_BYTES else 0
        stopped = self.context.stopped()
        if self._too_large:
            return ""
        if full or stopped or (what.limit is not None and shown >= what.limit):
            return End(shown, what.limit, counted, 0.0, holds=False, stopped=stopped, full=full).words
        if counted is not None and shown < counted.total:
            told = f"ActiveMQ showed {shown:,} of {counted.total:,}"
            return f"{told}: it ends a browse at its memory limit or another limit."
        if not shown:
            return "The queue is empty."
        if counted is None and shown >= PAGE:
            return "ActiveMQ ended the browse there; without its statistics nobody can tell whether that is all."
        return ""
