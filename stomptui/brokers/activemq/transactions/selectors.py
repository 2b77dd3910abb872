"""Taking exactly chosen messages out of a queue of ActiveMQ Classic, by selectors that name them.

Verified on 5.17 and 6.3: a selector reaches only messages that the broker has in memory, the first 200 of a queue and
all that were browsed since it started. So what does not come is browsed for once, and may come then.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from stomptui.connection import frame_headers
from stomptui.connection.blocking_client import ANSWER_TIMEOUT, BlockingClient, ConnectionGone
from stomptui.connection.events import Lost
from stomptui.connection.frame_headers import Subscription
from stomptui.protocol.escapes import escape
from stomptui.protocol.frame import Frame
from stomptui.protocol.numbers import whole_number
from stomptui.queues.actions.action import ActionTarget

MOST = 100
"""Messages taken at once: in one transaction, and in the hands of a process that may be killed."""
MOST_BYTES = 8 << 20
"""Bytes of messages taken at once, unless one alone is larger."""
SELECTOR_BYTES = 8_000
"""Of a selector as it is on the wire; ActiveMQ closes the connection at a header line over 10 KB."""
QUIET = 1.0
"""Seconds without a byte after which what was selected is taken not to come."""
_ids = count(1)


@dataclass(frozen=True)
class Chosen:
    """A message to act on, as it was shown."""

    index: int
    message: Frame
    target: ActionTarget | None
    """Where it goes, if it goes anywhere."""

    @property
    def id(self) -> str:
        """The message's id, the same in every delivery."""
        return self.message.get("message-id") or ""

    @property
    def queue(self) -> str:
        """The destination it was read from."""
        return self.message.get("destination") or ""


def selector(ids: Iterable[str]) -> str:
    """The selector for messages with those ids."""
    quoted = ("'" + name.replace("'", "''") + "'" for name in ids)
    return f"JMSMessageID IN ({','.join(quoted)})"


def portions(chosen: Iterable[Chosen]) -> Iterator[list[Chosen]]:
    """The same messages in the same order, in portions that one selector of one queue can take."""
    portion: list[Chosen] = []
    length = size = 0
    for item in chosen:
        more = len(escape(item.id, "1.2").encode("utf-8", "surrogateescape")) + len("'',")
        full = len(portion) == MOST or length + more > SELECTOR_BYTES or size + len(item.message.raw) > MOST_BYTES
        if portion and (full or item.queue != portion[0].queue):
            yield portion
            portion, length, size = [], 0, 0
        portion.append(item)
        length, size = length + more, size + len(item.message.raw)
    if portion:
        yield portion


class SelectingConsumer:
    """Holds one portion of messages at a time, by a subscription on a line of its own.

    Args:
        client: Where to subscribe.
        stopped: Why the person wants no more, "" while they do.
        before: Whose work it goes on with, on another connection.
    """

    def __init__(
        self, client: BlockingClient, stopped: Callable[[], str | None], before: SelectingConsumer | None = None
    ) -> None:
        self.client = client
        self._stopped = stopped
        self._id = ""
        self._seen: dict[str, set[str]] = {} if before is None else before._seen
        """By queue the ids of what it had when it was browsed."""

    def take(self, portion: Sequence[Chosen]) -> dict[str, Frame]:
        """Let go of the portion before and take this one.

        Returns:
            By message-id the deliveries that came.

        Raises:
            ClientError: The broker said no, or the connection ended.
        """
        self.let_go()
        queue, wanted = portion[0].queue, {item.id for item in portion}
        self._id = f"take-{next(_ids)}"
        ids = list(dict.fromkeys(item.id for item in portion))
        spec = Subscription(self._id, queue, "client-individual", selector(ids), prefetch=len(ids))
        self.client.ask("SUBSCRIBE", frame_headers.subscribe_headers(spec, self.client.dialect))
        found: dict[str, Frame] = {}
        self._hear(wanted, found)
        if len(found) < len(wanted) and queue not in self._seen and not self._stopped():
            self._reach(queue, wanted, found)
        return found

    def let_go(self) -> None:
        """Give back what was taken and not settled; it goes to its place, marked redelivered."""
        if self._id and not self.client.gone:
            self.client.send("UNSUBSCRIBE", frame_headers.unsubscribe_headers(self._id, "", self.client.dialect))
        self._id = ""

    def missing(self, item: Chosen) -> str:
        """Why a message did not come."""
        if overdue(item.message):
            return "it has expired: ActiveMQ takes it out of the queue itself"
        if item.queue in self._seen and item.id not in self._seen[item.queue]:
            return "it is not in the queue any more"
        return "it did not come: another reader has it, or has taken it"

    def _reach(self, queue: str, wanted: set[str], found: dict[str, Frame]) -> None:
        """Browse the queue, so that the selector reaches what is far behind, and note what is there."""
        browser = f"{self._id}-browse"
        self._seen[queue] = set()
        spec = Subscription(browser, queue, "auto", headers=(("browser", "true"),))
        self.client.ask("SUBSCRIBE", frame_headers.subscribe_headers(spec, self.client.dialect))
        self._hear(wanted, found, browser, self._seen[queue])
        self.client.send("UNSUBSCRIBE", frame_headers.unsubscribe_headers(browser, queue, self.client.dialect))

    def _hear(self, wanted: set[str], found: dict[str, Frame], browser: str = "", seen: set[str] | None = None) -> None:
        """Collect what comes, until all is there or nothing came for a while."""
        client = self.client
        got, heard = client.session.bytes_in, time.monotonic()
        while len(found) < len(wanted) and not self._stopped():
            event = client.event_queue.get(QUIET / 4)
            if client.session.bytes_in != got:
                got, heard = client.session.bytes_in, time.monotonic()
            if isinstance(event, Lost) and event.session == client.number:
                client.gone = event.reason
                raise ConnectionGone(event.reason, event.server_text)
            for frame in client.frames(event) if event is not None else ():
                name, subscription = frame.get("message-id") or "", frame.get("subscription")
                if subscription == self._id and name in wanted:
                    # The same frame can come twice around an ERROR.
                    found.setdefault(name, frame)
                elif subscription == browser and seen is not None:
                    seen.add(name)
                    if is_browser_end(frame):
                        browser = ""
            if event is None and time.monotonic() - heard >= (ANSWER_TIMEOUT if browser else QUIET):
                break


def is_browser_end(frame: Frame) -> bool:
    """Whether it is no message but the end of a browse; a sender can write the header, never the message-id."""
    return frame.get("message-id") == "0" and frame.get("browser") == "end"


def overdue(message: Frame) -> bool:
    """Whether its `expires`, milliseconds since the epoch, is past; 0 is never."""
    expires = message.get("expires") or ""
    return past(expires)


def past(expires: str) -> bool:
    """Whether a time in milliseconds since the epoch is one, and over."""
    return 0 < (whole_number(expires) or 0) <= time.time() * 1000
