"""A list of queues at one moment, and the interface of what asks a broker for it."""

from __future__ import annotations

import abc
import re
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import BlockingClient, RequestRefused
from stomptui.connection.dialect.base import Dialect
from stomptui.queues.access_context import AccessContext
from stomptui.queues.listing.selected import SelectedQueue

GRACE = 2.0
"""Seconds that a connection has left to tidy up behind itself when nobody waits for it any more."""
_DEAD_NAME = re.compile(
    r"(?:^|[^a-z])(?:dlq|dlx|dead(?:[^a-z]?letters?)?(?:[^a-z]?queue)?|expiryqueue)(?:$|[^a-z])", re.IGNORECASE
)
_DEAD_ENDING = re.compile(r"(?:DLQ|DeadLetters?|DeadLetterQueue)$")


@dataclass(frozen=True)
class QueueInfo:
    """One queue or topic. None is what the broker does not tell, never 0.

    All texts are the broker's own and not safe to paint.
    """

    name: str
    destination: str
    """How STOMP names it here, to peek into it, read it or send to it; "" if STOMP cannot."""
    kind: str = "queue"
    """ "classic", "quorum", "stream", "queue", "topic", "anycast", "multicast" or what else the broker calls it."""
    ready: int | None = None
    """Messages that wait."""
    held: int | None = None
    """Messages delivered and not acknowledged."""
    consumers: int | None = None
    rate_in: float | None = None
    """Messages a second that come in."""
    rate_out: float | None = None
    """Messages a second that are delivered."""
    dead_letters: bool = False
    """Whether it is where dead letters go, by what the broker says or by its name."""
    note: str = ""
    """What else is to know: "paused", "exclusive"."""
    durable: bool | None = None
    arguments: tuple[str, ...] = ()
    """What it was declared with, in words, a text each."""
    dead_letters_to: str = ""
    """Where its dead letters go, in words; "" if that is nowhere or not known."""
    fed_by: tuple[str, ...] = ()
    """The names of queues whose dead letters come here."""
    oldest: float | None = None
    """When its oldest message was sent, in seconds since the epoch."""
    counts: tuple[tuple[str, int], ...] = ()
    """What has become of messages since the broker began to count, each with its number: ("expired", 3)."""

    @property
    def key(self) -> tuple[str, str]:
        """Kind and name, which tell it apart from all others of its broker."""
        return self.kind, self.name


@dataclass(frozen=True)
class Listing:
    """The queues of a broker as they were at one moment, in no order."""

    queues: tuple[QueueInfo, ...]
    source: str
    """Who told, in words: "RabbitMQ's management at http://127.0.0.1:15672"."""
    note: str = ""
    """What is not known, and why."""
    when: float = field(default_factory=time.time)
    """Seconds since the epoch."""

    @property
    def destinations(self) -> list[str]:
        """The destinations of all of them, by name, for completion."""
        return [queue.destination for queue in sorted(self.queues, key=lambda q: q.name) if queue.destination]


@dataclass(frozen=True)
class Unlisted:
    """Why there is no listing."""

    reason: str
    """In plain words."""
    server_text: str = ""
    """The broker's own."""
    final: bool = False
    """Whether asking again would end the same way until the person changes something."""
    when: float = field(default_factory=time.time)


class QueueLister(abc.ABC):
    """One broker's way of telling what queues it has. Reads only; blocks; for one thread, but for `stop`.

    Args:
        context: Where connections come from, if it needs one.
        connection: Where the broker is and who asks.
        dialect: The broker.
    """

    def __init__(self, context: AccessContext, connection: Connection, dialect: Dialect) -> None:
        self.context = context
        self.connection = connection
        self.dialect = dialect
        self._client: BlockingClient | None = None

    @abc.abstractmethod
    def ask(self) -> Listing:
        """What queues there are now.

        Raises:
            Refused: This user may not ask.
            ClientError: It could not be found out; the reason in plain words.
        """

    def selected(self, queue: QueueInfo) -> SelectedQueue:
        """What is told of one queue of the latest listing; raises as `ask` does. It must be cheap."""
        return SelectedQueue(queue.key)

    def stop(self) -> None:
        """From any thread: what is waited for has a moment left; `ask` raises then, if it has not returned."""
        self.context.event_queue.wake()
        client = self._client
        if client is not None:
            timer = threading.Timer(GRACE, client.drop)
            timer.daemon = True
            timer.start()

    def close(self) -> None:
        """End its connections."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def client(self) -> BlockingClient:
        """The connection kept for asking, opened when it is needed first or is gone. Raises `ConnectionGone`."""
        client = self._client
        if client is None or client.gone or client.session.state.over:
            self.forget()
            # 1.1, because some brokers close a 1.2 connection for a refusal; quiet, because it repeats for ever.
            client = self._client = self.context.dial("listing queues", quiet=True, versions=("1.1",))
            if self.context.stopped():
                client.drop()
        return client

    def clear(self) -> None:
        """Let go of what was reported and nobody waits for; it would pile up with every asking."""
        while self.context.event_queue.get(0) is not None:
            pass

    def forget(self) -> None:
        """What was learnt from the connection that is gone holds no longer."""
        self._client = None


class NoLister(QueueLister):
    """A broker that does not tell."""

    def ask(self) -> Listing:
        raise RequestRefused(f"{self.dialect.title} has no known way to tell what queues it has")


class Rates:
    """Messages a second from counters that only grow, between one call and the next."""

    def __init__(self) -> None:
        self._before: dict[str, tuple[int | None, int | None]] = {}
        self._at = 0.0

    def of(
        self, counters: Mapping[str, tuple[int | None, int | None]], now: float | None = None
    ) -> dict[str, tuple[float | None, float | None]]:
        """
        Args:
            counters: By queue, what came in and what went out since the broker began to count.
            now: `time.monotonic()`.

        Returns:
            Both rates by queue; None for what was not counted before, or was counted anew.
        """
        now = time.monotonic() if now is None else now
        before, seconds = self._before, now - self._at
        self._before, self._at = dict(counters), now
        if seconds <= 0:
            return dict.fromkeys(counters, (None, None))

        def rate(was: int | None, is_: int | None) -> float | None:
            return None if was is None or is_ is None or is_ < was else (is_ - was) / seconds

        none = (None, None)
        return {
            name: (rate(before.get(name, none)[0], came), rate(before.get(name, none)[1], went))
            for name, (came, went) in counters.items()
        }


def named_dead(name: str) -> bool:
    """Whether a queue is called as dead letter queues are."""
    return bool(_DEAD_NAME.search(name) or _DEAD_ENDING.search(name))


def whole(value: object) -> int | None:
    """A count out of a broker's answer, be it a number or a text; None if it is none."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 63 else None


def rate_of(value: object) -> float | None:
    """A rate out of a broker's answer; None if it is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if 0 <= value < 1e12 else None


def text_of(value: object) -> str:
    """A text out of a broker's answer; "" if it is none."""
    return value if isinstance(value, str) else ""


def notes(*said: str | Iterable[str]) -> str:
    """What is to say in one line, without what is empty."""
    flat = [part for item in said for part in ([item] if isinstance(item, str) else item)]
    return ", ".join(part for part in flat if part)
