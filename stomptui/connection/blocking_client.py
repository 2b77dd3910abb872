"""A connection whose user waits for answers: one question after the other, in a thread that is not the event loop's.

What it reports goes to the inbox of the console too, so that every frame it sends and gets is on record.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable

from stomptui.config.connection import LONGEST_TIMEOUT, Connection
from stomptui.config.url import format_url
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.dialect.brokers import Brokers
from stomptui.connection.errors import SendQueueFull, SessionError
from stomptui.connection.event_queue import EventSink, TeeSink
from stomptui.connection.events import BrokerError, Connected, ConnectFailed, Event, Lost, ReceiptArrived, Received
from stomptui.connection.session import Session
from stomptui.connection.transport.limits import QUEUE_LIMITS, Limits
from stomptui.protocol.frame import Frame

ANSWER = 30.0
"""Seconds a broker has to answer a frame."""
SENDING = 60.0
"""Seconds a broker has to read what waits to be sent."""
LEAVING = 5.0
"""Seconds a broker has to answer once nobody wants the answer any more: one that works needs far less, and what it did
is told."""

HeaderLines = Iterable[tuple[str, str]]


class ClientError(SessionError):
    """A question was not answered as hoped.

    Args:
        text: The reason, in plain words.
        server_text: What the broker itself said, word for word.
    """

    def __init__(self, text: str, server_text: str = "") -> None:
        super().__init__(text)
        self.server_text = server_text


class RequestRefused(ClientError):
    """The broker answered with an ERROR."""


class NoAnswer(ClientError):
    """Nothing came in time; what was asked may have been done or not."""


class Stopped(ClientError):
    """Nobody waits for the answer any more; what was asked may have been done or not."""


class ConnectionGone(ClientError):
    """There is no connection (any more); what was asked last may have been done or not."""


class NotReached(ConnectionGone):
    """There was no connection to be had: why is the error's own text, and the server's is quoted beside it.

    Args:
        text, server_text: As of `ClientError`.
        url: What to connect to instead, "" if that is not known.
    """

    def __init__(self, text: str, server_text: str = "", url: str = "") -> None:
        super().__init__(text, server_text)
        self.url = url

    @classmethod
    def of(cls, failed: ConnectFailed, connection: Connection) -> NotReached:
        """What an attempt reported; the port is that of the connection, whatever is usual for the other transport."""
        url = format_url(connection.by(failed.instead)) if failed.instead else ""
        return cls(failed.reason, failed.server_text, url)


class BlockingEventQueue:
    """What several sessions report, for one thread that waits for it."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque()
        self._changed = threading.Condition()
        self._woken = False
        self.begun = False
        """Whether something was done to a message, so that what came of it has to be found out."""

    def put(self, event: Event) -> None:
        """From any thread."""
        with self._changed:
            self._events.append(event)
            self._changed.notify()

    def wake(self) -> None:
        """From any thread: whoever waits looks up, though nothing came."""
        with self._changed:
            self._woken = True
            self._changed.notify()

    def get(self, timeout: float | None = None) -> Event | None:
        """The next event; None after `timeout` seconds, or when somebody called `wake`."""
        with self._changed:
            self._changed.wait_for(lambda: self._events or self._woken, timeout)
            if self._events:
                return self._events.popleft()
            self._woken = False
            return None

    def put_back(self, events: Iterable[Event]) -> None:
        """Hand events out again, in this order, before all others."""
        with self._changed:
            self._events.extendleft(reversed(list(events)))


class BlockingClient:
    """One session and the waiting for it.

    A line stands on a session of its own (`open` it first), or on one that is up already.

    Args:
        session: The session; its outlet must be a `TeeSink` into `event_queue`.
        event_queue: Where it is heard; several lines of one thread may share it.
    """

    def __init__(self, session: Session, event_queue: BlockingEventQueue) -> None:
        self.session = session
        self.event_queue = event_queue
        self.gone = ""
        """Why there is no connection any more, "" while there is one."""
        self._stopped: Callable[[], str] = lambda: ""

    @classmethod
    def make(
        cls,
        connection: Connection,
        sink: EventSink,
        event_queue: BlockingEventQueue,
        brokers: Brokers,
        limits: Limits | None = None,
    ) -> BlockingClient:
        """A line on a session of its own, not open yet; its events go to `sink` too."""
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

    def open(self, stopped: Callable[[], str] = lambda: "") -> Connected:
        """Connect, within the timeout of the connection.

        Args:
            stopped: Asked when the mailbox is woken: why nobody wants the connection any more, "" if somebody does.
                Asked later too, while an answer is waited for: it is given a moment then.

        Raises:
            NotReached: It could not be done; the reason in plain words.
        """
        self._stopped = stopped
        self.session.open()
        deadline = time.monotonic() + min(self.session.connection.timeout, LONGEST_TIMEOUT) + 5.0
        aside: list[Event] = []
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
                    aside.append(event)
        finally:
            self.event_queue.put_back(aside)
        self.session.close()
        self.gone = "the broker did not answer in time"
        raise NotReached(self.gone)

    def post(self, command: str, headers: HeaderLines, body: bytes = b"") -> str:
        """Send a frame and ask for a receipt, without waiting for it. Returns the receipt's id.

        Raises:
            ConnectionGone: There is no connection.
            NoAnswer: The broker does not read.
            EncodeError: STOMP cannot carry it in the version spoken.
        """
        receipt = self.session.next_receipt()
        self.send(command, [*headers, ("receipt", receipt)], body)
        return receipt

    def send(self, command: str, headers: HeaderLines, body: bytes = b"") -> None:
        """Send a frame as it is; raises as `post` does."""
        lines = list(headers)
        deadline = time.monotonic() + SENDING
        while True:
            try:
                self.session.send(command, lines, body)
                return
            except SendQueueFull as error:
                if time.monotonic() > deadline:
                    raise NoAnswer(str(error)) from error
                # What the broker takes is not reported by an event.
                self.session.join(0.02)
            except SessionError as error:
                raise ConnectionGone(self.gone or str(error)) from error

    def ask(self, command: str, headers: HeaderLines, body: bytes = b"", timeout: float = ANSWER) -> float:
        """Send a frame and wait for its receipt; what else comes meanwhile stays in the mailbox.

        Returns:
            Seconds it took.

        Raises:
            Refused: The broker said no.
            ConnectionGone: The connection ended first.
            NoAnswer: Nothing came in time.
            Stopped: Nothing came, and nobody wants it any more.
            EncodeError: STOMP cannot carry it in the version spoken.
        """
        return self.wait(self.post(command, headers, body), timeout)

    def wait(self, receipt: str, timeout: float = ANSWER) -> float:
        """Wait for a receipt; returns and raises as `ask` does."""
        deadline = time.monotonic() + timeout
        aside: list[Event] = []
        refused = ""
        try:
            while (left := (deadline := self.patience(deadline)) - time.monotonic()) > 0:
                event = self.event_queue.get(left)
                if event is None:
                    continue
                if event.session == self.number:
                    if isinstance(event, ReceiptArrived) and event.receipt == receipt:
                        if event.refusal:
                            raise RequestRefused(event.refusal, event.refusal)
                        return event.elapsed
                    if isinstance(event, BrokerError) and event.receipt in (receipt, ""):
                        # Some brokers close after an ERROR, and some let a RECEIPT follow: what comes next tells.
                        refused = event.text
                        if event.receipt:
                            raise RequestRefused(event.text, event.text)
                        deadline = min(deadline, time.monotonic() + 2.0)
                    if isinstance(event, Lost):
                        self.gone = event.reason
                        aside.append(event)
                        if refused or event.server_text:
                            raise RequestRefused(refused or event.server_text, event.server_text)
                        raise ConnectionGone(event.reason, event.server_text)
                aside.append(event)
        finally:
            self.event_queue.put_back(aside)
        if refused:
            raise RequestRefused(refused, refused)
        raise self.no_answer(timeout)

    def patience(self, deadline: float) -> float:
        """When to stop waiting for an answer, nearer than `deadline` once nobody wants it any more."""
        return min(deadline, time.monotonic() + LEAVING) if self._stopped() else deadline

    def no_answer(self, timeout: float = ANSWER) -> ClientError:
        """What to say when none came."""
        if why := self._stopped():
            return Stopped(f"stopped: {why}, without an answer from the broker")
        return NoAnswer(f"no answer from the broker within {timeout:g} s")

    def messages(self, number: int, subscription: str, timeout: float = ANSWER) -> list[Frame]:
        """The next so many messages of a subscription; what else comes meanwhile stays in the mailbox.

        Raises:
            ConnectionGone: The connection ended first.
            NoAnswer: They did not come in time.
            Stopped: As of `ask`.
        """
        deadline = time.monotonic() + timeout
        found: list[Frame] = []
        aside: list[Event] = []
        try:
            while len(found) < number:
                left = (deadline := self.patience(deadline)) - time.monotonic()
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
                    aside.append(event)
        finally:
            self.event_queue.put_back(aside)
        return found

    def frames(self, event: Event, command: str = "MESSAGE") -> list[Frame]:
        """The frames of a command that an event of this line brings, none if it is another kind of event."""
        if not isinstance(event, Received) or event.session != self.number or event.recovered:
            return []
        prefix = command.encode()
        return [Frame(raw, self.version) for raw in event.batch.frames() if raw.startswith(prefix)]

    def close(self, timeout: float = 2.0) -> None:
        """Say goodbye and wait until it is over, `timeout` seconds at most."""
        self.session.disconnect(timeout)
        self.session.join(timeout + 1.0)
        self.gone = self.gone or "closed"

    def drop(self) -> None:
        """End it at once, without a word."""
        self.session.close()
        self.gone = self.gone or "closed"
