"""A client that sends a frame and waits for its answer, for threads other than the event loop's; and its exceptions."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable

from stomptui.config.connection import LONGEST_TIMEOUT, Connection
from stomptui.config.url import format_url
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.dialect.brokers import Brokers
from stomptui.connection.errors import ReadOnlyError, SendQueueFull, SessionError
from stomptui.connection.event_queue import EventSink, TeeSink
from stomptui.connection.events import BrokerError, Connected, ConnectFailed, Event, Lost, ReceiptArrived, Received
from stomptui.connection.session import Session
from stomptui.connection.transport.limits import QUEUE_LIMITS, Limits
from stomptui.protocol.frame import Frame

ANSWER_TIMEOUT = 30.0
"""Seconds a broker has to answer a frame."""
SEND_TIMEOUT = 60.0
"""Seconds a broker has to read what is in the send queue."""
LOST_PAUSE = 1.0
"""Seconds to wait for why a session has ended that takes no frame any more."""
STOP_TIMEOUT = 5.0
"""Seconds a broker has to answer once the work was stopped: one that works needs far less, and what it did is
reported."""

HeaderLines = Iterable[tuple[str, str]]


class ClientError(SessionError):
    """Base of what a `BlockingClient` raises.

    Args:
        text: The reason, in plain words.
        server_text: What the broker itself said, word for word; "" if nothing.
    """

    def __init__(self, text: str, server_text: str = "") -> None:
        super().__init__(text)
        self.server_text = server_text


class RequestRefused(ClientError):
    """The broker answered with an ERROR."""


class NoAnswer(ClientError):
    """No answer came in time; the request may have been carried out or not."""


class Stopped(ClientError):
    """The work was stopped while an answer was awaited; the request may have been carried out or not."""


class ConnectionGone(ClientError):
    """There is no connection (any more); the last request may have been carried out or not."""


class NotReached(ConnectionGone):
    """The connection could not be opened; the text is the reason.

    Args:
        text, server_text: As of `ClientError`.
        url: The URL to connect to instead, "" if that is not known.
    """

    def __init__(self, text: str, server_text: str = "", url: str = "") -> None:
        super().__init__(text, server_text)
        self.url = url

    @classmethod
    def of(cls, failed: ConnectFailed, connection: Connection) -> NotReached:
        """The error for an attempt; `url` keeps the port of the connection, whatever the default of the other is."""
        url = format_url(connection.with_transport(failed.instead)) if failed.instead else ""
        return cls(failed.reason, failed.server_text, url)


class BlockingEventQueue:
    """The events of one or several sessions, for one thread that waits for them."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque()
        self._changed = threading.Condition()
        self._woken = False
        self.begun = False
        """Whether an action on messages has begun, whose results must be awaited even if it is stopped."""

    def put(self, event: Event) -> None:
        """Append an event; from any thread."""
        with self._changed:
            self._events.append(event)
            self._changed.notify()

    def wake(self) -> None:
        """Have the `get` that waits return None; from any thread."""
        with self._changed:
            self._woken = True
            self._changed.notify()

    def get(self, timeout: float | None = None) -> Event | None:
        """Take out the next event; None after `timeout` seconds, or after `wake`."""
        with self._changed:
            self._changed.wait_for(lambda: self._events or self._woken, timeout)
            if self._events:
                return self._events.popleft()
            self._woken = False
            return None

    def put_back(self, events: Iterable[Event]) -> None:
        """Put events back before all others, in this order."""
        with self._changed:
            self._events.extendleft(reversed(list(events)))


class BlockingClient:
    """Sends frames on a session and waits for their answers.

    The session is one of its own (call `open` first), or one that is up already.

    Args:
        session: The session; its sink must be a `TeeSink` into `event_queue`.
        event_queue: The queue of its events; several clients of one thread may share it.
    """

    def __init__(self, session: Session, event_queue: BlockingEventQueue) -> None:
        self.session = session
        self.event_queue = event_queue
        self.gone = ""
        """Why there is no connection any more, "" while there is one."""
        self._stopped: Callable[[], str | None] = lambda: None

    @classmethod
    def make(
        cls,
        connection: Connection,
        sink: EventSink,
        event_queue: BlockingEventQueue,
        brokers: Brokers,
        limits: Limits | None = None,
    ) -> BlockingClient:
        """A client with a session of its own, not open yet; its events go to `sink` too."""
        return cls(Session(connection, TeeSink(sink, event_queue.put), brokers, limits or QUEUE_LIMITS), event_queue)

    @property
    def number(self) -> int:
        """The number of its session."""
        return self.session.number

    @property
    def dialect(self) -> Dialect:
        return self.session.dialect

    @property
    def version(self) -> str:
        """The STOMP version spoken."""
        return self.session.version

    def open(self, stopped: Callable[[], str | None] = lambda: None) -> Connected:
        """Connect, within the timeout of the connection.

        Args:
            stopped: Returns why the work was stopped, None if it was not. Called when the event queue is woken, and
                later while an answer is awaited, for which `STOP_TIMEOUT` is left then.

        Raises:
            NotReached: It could not be opened; the text is the reason.
            ConnectionGone: It was stopped.
        """
        self._stopped = stopped
        self.session.open()
        deadline = time.monotonic() + min(self.session.connection.timeout, LONGEST_TIMEOUT) + 5.0
        others: list[Event] = []
        try:
            while (left := deadline - time.monotonic()) > 0:
                event = None if stopped() else self.event_queue.get(left)
                if event is None and (why := stopped()):
                    self.session.close()
                    self.gone = f"stopped: {why}"
                    raise ConnectionGone(self.gone)
                if isinstance(event, Connected) and event.session == self.number:
                    return event
                if isinstance(event, ConnectFailed) and event.session == self.number:
                    self.gone = event.reason
                    raise NotReached.of(event, self.session.connection)
                if event is not None:
                    others.append(event)
        finally:
            self.event_queue.put_back(others)
        self.session.close()
        self.gone = "the broker did not answer in time"
        raise NotReached(self.gone)

    def post(self, command: str, headers: HeaderLines, body: bytes = b"") -> str:
        """Send a frame and ask for a receipt, without waiting for it. Returns the receipt's id.

        Raises:
            ConnectionGone: There is no connection.
            NoAnswer: The broker did not read for `SEND_TIMEOUT` seconds.
            RequestRefused: The connection is read-only, and the frame would change something.
            EncodeError: STOMP cannot carry it in the version agreed.
        """
        receipt = self.session.next_receipt()
        self.send(command, [*headers, ("receipt", receipt)], body)
        return receipt

    def send(self, command: str, headers: HeaderLines, body: bytes = b"") -> None:
        """Send a frame with exactly these headers; raises as `post` does."""
        lines = list(headers)
        deadline = time.monotonic() + SEND_TIMEOUT
        while True:
            try:
                self.session.send(command, lines, body)
                return
            except ReadOnlyError as error:
                raise RequestRefused(str(error)) from error
            except SendQueueFull as error:
                if time.monotonic() > deadline:
                    raise NoAnswer(str(error)) from error
                # No event reports that the send queue has room again.
                self.session.join(0.02)
            except SessionError as error:
                raise self._ended(error) from error

    def _ended(self, error: SessionError) -> ConnectionGone:
        """The error for a frame that the session did not take any more. It ends before its `Lost` event is here, which
        says why: wait a moment for it."""
        words = ""
        others: list[Event] = []
        until = time.monotonic() + LOST_PAUSE
        while not self.gone and (left := until - time.monotonic()) > 0:
            event = self.event_queue.get(left)
            if event is None:
                break
            others.append(event)
            if isinstance(event, Lost) and event.session == self.number:
                self.gone, words = event.reason, event.server_text
        self.event_queue.put_back(others)
        self.gone = self.gone or str(error)
        return ConnectionGone(self.gone, words)

    def ask(self, command: str, headers: HeaderLines, body: bytes = b"", timeout: float = ANSWER_TIMEOUT) -> float:
        """Send a frame and wait for its receipt; other events stay in the event queue.

        Returns:
            Seconds it took.

        Raises:
            RequestRefused: The broker answered with an ERROR.
            ConnectionGone: The connection ended first.
            NoAnswer: Nothing came within `timeout` seconds.
            Stopped: Nothing came, and the work was stopped.
            EncodeError: STOMP cannot carry it in the version agreed.
        """
        return self.wait(self.post(command, headers, body), timeout)

    def wait(self, receipt: str, timeout: float = ANSWER_TIMEOUT) -> float:
        """Wait for a receipt; returns and raises as `ask` does."""
        deadline = time.monotonic() + timeout
        others: list[Event] = []
        refused = ""
        try:
            while (left := (deadline := self.answer_deadline(deadline)) - time.monotonic()) > 0:
                event = self.event_queue.get(left)
                if event is None:
                    continue
                if event.session == self.number:
                    if isinstance(event, ReceiptArrived) and event.receipt == receipt:
                        if event.refusal:
                            raise RequestRefused(event.refusal, event.refusal)
                        return event.elapsed
                    if isinstance(event, BrokerError) and event.receipt in (receipt, ""):
                        # Some brokers close after an ERROR, others send a RECEIPT after it: wait a moment for either.
                        refused = event.text
                        if event.receipt:
                            raise RequestRefused(event.text, event.text)
                        deadline = min(deadline, time.monotonic() + 2.0)
                    if isinstance(event, Lost):
                        self.gone = event.reason
                        others.append(event)
                        if refused or event.server_text:
                            raise RequestRefused(refused or event.server_text, event.server_text)
                        raise ConnectionGone(event.reason, event.server_text)
                others.append(event)
        finally:
            self.event_queue.put_back(others)
        if refused:
            raise RequestRefused(refused, refused)
        raise self.no_answer(timeout)

    def answer_deadline(self, deadline: float) -> float:
        """When to stop waiting for an answer: `deadline`, or earlier once the work was stopped."""
        return min(deadline, time.monotonic() + STOP_TIMEOUT) if self._stopped() else deadline

    def no_answer(self, timeout: float = ANSWER_TIMEOUT) -> ClientError:
        """The error to raise when no answer came within `timeout` seconds."""
        if why := self._stopped():
            return Stopped(f"stopped: {why}, without an answer from the broker")
        return NoAnswer(f"no answer from the broker within {timeout:g} s")

    def messages(self, number: int, subscription: str, timeout: float = ANSWER_TIMEOUT) -> list[Frame]:
        """Wait for the next `number` messages of a subscription; other events stay in the event queue.

        Raises:
            ConnectionGone: The connection ended first.
            NoAnswer: They did not come in time.
            Stopped: As of `ask`.
        """
        deadline = time.monotonic() + timeout
        found: list[Frame] = []
        others: list[Event] = []
        try:
            while len(found) < number:
                left = (deadline := self.answer_deadline(deadline)) - time.monotonic()
                if left <= 0:
                    raise self.no_answer(timeout)
                event = self.event_queue.get(left)
                if event is None:
                    continue
                mine = [frame for frame in self.frames(event) if frame.get("subscription") == subscription]
                if isinstance(event, Lost) and event.session == self.number:
                    self.gone = event.reason
                    raise ConnectionGone(event.reason, event.server_text)
                if mine:
                    found += mine
                else:
                    others.append(event)
        finally:
            self.event_queue.put_back(others)
        return found

    def frames(self, event: Event, command: str = "MESSAGE") -> list[Frame]:
        """The frames of a command in an event of this client's session; [] for any other event."""
        if not isinstance(event, Received) or event.session != self.number or event.recovered:
            return []
        prefix = command.encode()
        return [Frame(raw, self.version) for raw in event.batch.frames() if raw.startswith(prefix)]

    def close(self, timeout: float = 2.0) -> None:
        """Disconnect and wait until it is over, about `timeout` seconds at most."""
        self.session.disconnect(timeout)
        self.session.join(timeout + 1.0)
        self.gone = self.gone or "closed"

    def drop(self) -> None:
        """End it at once, without a DISCONNECT."""
        self.session.close()
        self.gone = self.gone or "closed"


def open_client(
    make: Callable[[], BlockingClient], stopped: Callable[[], str | None] = lambda: None
) -> tuple[BlockingClient, Connected]:
    """A client that is connected; once more, if what a command had printed for another session was refused.

    Args:
        make: Makes one that is not open yet.
        stopped: As of `BlockingClient.open`, whose errors are raised.
    """
    client = make()
    try:
        return client, client.open(stopped)
    except NotReached:
        if not client.session.shared_refused:
            raise
    client = make()
    return client, client.open(stopped)
