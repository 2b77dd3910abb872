"""Peeking into queues of ActiveMQ Classic by a browser, which shows everything and takes nothing.

Verified on 5.17 and 6.3: also what other readers hold is shown, no flag or counter changes, and `browser:end` ends it.
"""

from __future__ import annotations

import time
from itertools import count

from stomptui.brokers.activemq.names import no_queue, queue_name
from stomptui.brokers.activemq.peek.cut_texts import CutTexts
from stomptui.brokers.activemq.queue_list import ActiveMQLister
from stomptui.brokers.activemq.sending_connection import ActiveMQSendingConnection
from stomptui.brokers.activemq.statistics import Statistics, whole
from stomptui.brokers.activemq.transactions.selectors import is_browser_end
from stomptui.brokers.jms.hidden_content import is_hollow
from stomptui.connection import frame_headers
from stomptui.connection.blocking_client import ANSWER_TIMEOUT, BlockingClient, ClientError, ConnectionGone, NoAnswer
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.events import Event, Received
from stomptui.connection.frame_headers import Subscription
from stomptui.connection.program_log import LOGGER
from stomptui.protocol.names import shown
from stomptui.queues.access_context import AccessContext
from stomptui.queues.depths import Count, End
from stomptui.queues.peek.peek_values import Found, PeekOptions, PeekResult, QueueSurvey
from stomptui.queues.peek.reader import QueueReader
from stomptui.queues.peek.subscription_events import SubscriptionEvents, unless_misread
from stomptui.queues.peek.unacknowledged_reader import MAX_BYTES

PAGE = 400
"""Messages that ActiveMQ browses at most in one go, unless it is told otherwise (maxBrowsePageSize)."""
NO_BROWSER = "ActiveMQ can browse a queue only with STOMP 1.1 or later: connect with 1.1 or 1.2"
_ids = count(1)


class Browser(QueueReader):
    """Looks on a connection that ends with the peek; nothing is ever unacknowledged.

    Args:
        context: Opens connections.
        queue: The destination as the person named it.
        dialect: The broker.
        statistics: Tells of queues.
        cut: Notes which messages did not come whole.
        sender: Is told which STOMP version is spoken.
    """

    def __init__(
        self,
        context: AccessContext,
        queue: str,
        dialect: Dialect,
        statistics: Statistics,
        cut: CutTexts,
        sender: ActiveMQSendingConnection,
    ) -> None:
        self._context = context
        self._queue = queue
        self._dialect = dialect
        self._name = queue_name(queue)
        self._statistics = statistics
        self._cut = cut
        self._sender = sender
        self._client: BlockingClient | None = None
        self._id = ""
        self._events = SubscriptionEvents()
        self._found: Found | None = None
        self._shown = 0
        self._size = 0
        self._hollow = 0
        """Messages that may have a content which does not show."""
        self._ended = False
        """Whether the browser has shown everything."""
        self._exists: bool | None = None
        """Whether there is such a queue, as far as the broker told."""
        self._sent: int | None = None
        """Messages that were ever sent to the queue, when the broker was asked last; None if it does not tell."""

    def survey(self) -> QueueSurvey:
        if not self._name:
            return QueueSurvey(notice="", refusal=no_queue(self._queue))
        exists, numbers = self._statistics.numbers(self._name)
        if exists is None and self._context.change_refusal:
            exists = self._is_listed()
        self._exists = exists
        self._sent, depth = whole(numbers, "enqueueCount"), whole(numbers, "size")
        if self._statistics.version == "1.0":
            return QueueSurvey(notice="", refusal=NO_BROWSER)
        if exists is False:
            return QueueSurvey(notice="", exists=False, holds=False, refusal=f"there is no queue {shown(self._name)}")
        notice = "This changes nothing at the broker: no message is locked, removed, marked or counted."
        if exists is None:
            notice += " If the queue does not exist, browsing creates it, empty."
        return QueueSurvey(notice, exists=exists, holds=False, depth=depth)

    def _is_listed(self) -> bool | None:
        """Whether the broker lists the queue, by Jolokia or advisory messages; None if it lists none."""
        context = self._context
        if context.connection is None:
            return None
        lister = ActiveMQLister(context, context.connection, self._dialect)
        try:
            return any(info.kind == "queue" and info.name == self._name for info in lister.ask().queues)
        except ClientError as error:
            LOGGER.info("whether there is a queue %s was not found out: %s", shown(self._name), error)
            return None
        finally:
            lister.close()

    @property
    def peeks_freely(self) -> bool:
        return True

    @property
    def leaves_only_marks(self) -> bool:
        # To browse a queue that is not there makes one.
        return self._exists is True

    def count(self) -> Count | None:
        _, numbers = self._statistics.numbers(self._name)
        self._sent, size = whole(numbers, "enqueueCount"), whole(numbers, "size")
        return None if size is None else Count(size, whole(numbers, "inflightCount"))

    def peek(self, what: PeekOptions, found: Found) -> PeekResult:
        if not self._name:
            raise ClientError(no_queue(self._queue))
        if self._context.change_refusal and (refusal := self.survey().refusal):
            # It may have gone since, and to browse it would make it again.
            raise ClientError(refusal)
        self._begin(found)
        client = self._client = self._connected()
        note = ""
        try:
            if self.leaves_only_marks:
                client.session.guard.vouch_for(f"/queue/{self._name}")
            client.ask("SUBSCRIBE", frame_headers.subscribe_headers(self._subscription(what), client.dialect))
            self._receive(client, what.limit)
            client.ask("UNSUBSCRIBE", [("id", self._id)])
            self._sender.spoken = client.version
        except ClientError:
            if not (self._events.too_large and self._shown):
                raise
            note = f"{self._shown:,} shown, and none is unacknowledged any more: {self._events.too_large}."
        finally:
            self._client = None
            (client.drop if client.gone else client.close)()
        before, counted = self._sent, self.counted()
        sent = None if before is None or self._sent is None else self._sent - before
        told = (self._unseen(what, counted, sent), note or self._about())
        depth = counted.total if counted is not None else None
        return PeekResult(self._shown, False, " ".join(filter(None, told)), depth)

    def _begin(self, found: Found) -> None:
        self._id = f"peek-{next(_ids)}"
        self._found, self._shown, self._size, self._hollow, self._ended = found, 0, 0, 0, False
        self._events.begin()
        self._cut.clear()

    def _connected(self) -> BlockingClient:
        """A connection that can browse."""
        return unless_misread(with_browser(self._context.dial("peeking")), self._dialect, self._queue, self._queue)

    def _subscription(self, what: PeekOptions) -> Subscription:
        # Without an ACK no more comes than the prefetch, and a browser holds nothing by it.
        ack = "auto" if what.limit is None else "client-individual"
        return Subscription(self._id, f"/queue/{self._name}", ack, headers=(("browser", "true"),), prefetch=what.limit)

    def _receive(self, client: BlockingClient, limit: int | None) -> None:
        seen, heard = 0, time.monotonic()
        while not self._ended and (limit is None or self._shown < limit) and self._size < MAX_BYTES:
            if self._context.stopped():
                break
            event = self._context.event_queue.get(1.0)
            if client.session.bytes_in != seen:
                seen, heard = client.session.bytes_in, time.monotonic()
            if event is not None and (reason := self.received(event)):
                raise ConnectionGone(reason)
            if event is None and time.monotonic() - heard >= ANSWER_TIMEOUT:
                raise NoAnswer(f"no answer from the broker within {ANSWER_TIMEOUT:g} s")

    def received(self, event: Event) -> str | None:
        client = self._client
        if client is None or event.session != client.number:
            return None
        if isinstance(event, Received):
            self._cut.note(event.batch, client.version)
        frames = self._events.frames(event, client, self._id)
        came = [frame for frame in frames if not is_browser_end(frame)]
        self._ended = self._ended or len(came) < len(frames)
        self._shown += len(came)
        self._size += sum(len(frame.raw) for frame in came)
        self._hollow += sum(is_hollow(frame) for frame in came)
        if came and self._found is not None:
            self._found(came)
        return self._events.lost

    def _about(self) -> str:
        """What is to say of what was shown."""
        told = []
        if self._hollow:
            told.append(f"{self._hollow:,} with an empty body may be JMS map, object or stream messages.")
        if cut := len(self._cut):
            messages = "1 message" if cut == 1 else f"{cut:,} messages"
            told.append(f"Of {messages} with a NUL in the text only what is before it came.")
        return " ".join(told)

    def _unseen(self, what: PeekOptions, counted: Count | None, sent: int | None) -> str:
        """What is to say of what was not shown; `sent` is as of `cut_short`."""
        count = self._shown
        full = self._size if self._size >= MAX_BYTES else 0
        stopped = self._context.stopped()
        if self._events.too_large:
            return ""
        if full or stopped or (what.limit is not None and count >= what.limit):
            return End(count, what.limit, counted, 0.0, holds=False, stopped=stopped, full=full).words
        if counted is not None and count < counted.total:
            return cut_short(count, counted.total, sent)
        if not count:
            return "The queue is empty."
        if counted is None and count >= PAGE:
            return "ActiveMQ ended the browse there; without its statistics nobody can tell whether that is all."
        return ""


def cut_short(count: int, total: int, sent: int | None) -> str:
    """What is to say where a browse shows less than is counted after it.

    Args:
        count: Messages that were shown.
        total: Messages that were counted.
        sent: Messages that were sent to the queue since it was counted before the browse: so many at most came too late
            to be shown. None if that is not known.
    """
    if sent is not None and 0 <= sent < total - count:
        return f"ActiveMQ showed {count:,} of {total:,}: it ends a browse at its memory limit or another limit."
    return (
        f"ActiveMQ showed {count:,}, and {total:,} are in it now: the others came later, or it ended the browse at its "
        "memory limit or another limit."
    )


def with_browser(client: BlockingClient) -> BlockingClient:
    """A new connection, unless it speaks a STOMP version without browsers: it is ended then. Raises `ClientError`."""
    if client.version == "1.0":
        client.drop()
        raise ClientError(NO_BROWSER)
    return client
