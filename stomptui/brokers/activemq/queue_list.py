"""The list of queues of ActiveMQ Classic: names by advisory messages, numbers by the statistics plugin.

https://activemq.apache.org/components/classic/documentation/statisticsplugin says what is asked and answered here.
Where a management URL is set, Jolokia is asked instead.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from stomptui.brokers.activemq.statistics import FIRST_MESSAGE, PREFIX, entries, question
from stomptui.brokers.jms.jolokia import Jolokia, JolokiaFirst
from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import BlockingClient, ClientError, ConnectionGone, NoAnswer, RequestRefused
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.events import BrokerError, Lost
from stomptui.protocol.frame import Frame
from stomptui.queues.access_context import AccessContext
from stomptui.queues.listing.listing import Listing, QueueInfo, Rates, named_dead, whole
from stomptui.queues.listing.selected import SelectedQueue, counted
from stomptui.queues.refusal_texts import plain

PROBE = 2.0
"""Seconds the statistics plugin has to show that it is there."""
ANSWERS = 15.0
"""Seconds for the statistics of all queues."""
QUIET = 0.5
"""Seconds without another advisory message after which those of all existing queues have come."""
FIRST = 4.0
"""Seconds for the very first of them: a broker just started has to load what writes them."""
NO_PLUGIN = "names only: no statistics plugin answers on this broker; set the management URL to see numbers"
NOTHING = (
    "ActiveMQ tells nothing about its queues over STOMP: it has none, this user may not know, "
    "or XStream is missing beside the broker; set the management URL"
)
_HIDDEN = ("ActiveMQ.Advisory.", PREFIX)
_REPLY, _ID = "/temp-queue/stomptui.listing", "listing"
_BEAN = {
    "size": "QueueSize",
    "inflightCount": "InFlightCount",
    "consumerCount": "ConsumerCount",
    "enqueueCount": "EnqueueCount",
    "dequeueCount": "DequeueCount",
    "expiredCount": "ExpiredCount",
    "dlq": "DLQ",
}
"""What the statistics plugin calls what Jolokia's beans say."""

Numbers = Mapping[str, Any]


class ActiveMQLister(JolokiaFirst):
    """The statistics plugin, advisory messages where it does not answer, or Jolokia."""

    jolokia_path = "/api/jolokia/"

    def __init__(self, context: AccessContext, connection: Connection, dialect: Dialect) -> None:
        super().__init__(context, connection, dialect)
        self._rates = Rates()
        self._plugin = True
        """Whether the statistics plugin may be there."""
        self._replies = False
        """Whether we are subscribed to the answers of the plugin."""
        self._advised = False
        """Whether any advisory message came."""
        self._names: dict[str, set[str]] = {}
        """By kind of destination the names that advisory messages told; empty while we do not listen to them."""

    def by_stomp(self) -> Listing:
        listing = self._by_statistics() if self._plugin else None
        if listing is None:
            self._plugin = False
            listing = self._by_advisories()
        return listing

    def selected(self, queue: QueueInfo) -> SelectedQueue:
        if self.uses_jolokia or not self._replies or queue.kind != "queue":
            return super().selected(queue)
        client = self.client()
        mark = f"selected-{time.monotonic_ns()}"
        # The answer about the broker comes after the one about the queue.
        question(client, _REPLY, "/queue/", f"Destination.{queue.name}", "queue", ((FIRST_MESSAGE, "true"),))
        question(client, _REPLY, "/topic/", "Broker", mark)
        oldest = None
        for frame in _hear(client, ANSWERS, lambda frame: frame.get("correlation-id") == mark):
            numbers = entries(frame.body)
            if numbers.get("destinationName") == f"queue://{queue.name}":
                oldest = whole(numbers.get("firstMessageTimestamp"))
        return SelectedQueue(queue.key, oldest=oldest / 1000 if oldest else None)

    def by_jolokia(self, jolokia: Jolokia) -> Listing:
        beans, note = jolokia.classic()
        rows = []
        for kind, bean in beans:
            numbers = {ours: bean.get(theirs) for ours, theirs in _BEAN.items()}
            rows.append((kind.lower(), str(bean.get("Name", "")), numbers))
        return Listing(self._infos(rows), f"Jolokia at {jolokia.url}", note)

    def forget(self) -> None:
        super().forget()
        self._replies, self._names = False, {}

    # The statistics plugin

    def _by_statistics(self) -> Listing | None:
        """What the plugin tells; None if it is not there, or not for this user."""
        client = self.client()
        if not self._replies:
            try:
                client.ask("SUBSCRIBE", [("id", _ID), ("destination", _REPLY), ("ack", "auto")])
                # To a topic, because where there is no plugin a queue would be made of it, with the question in it.
                question(client, _REPLY, "/topic/", "Broker", "probe")
                _hear(client, PROBE, lambda frame: frame.get("correlation-id") == "probe")
            except (NoAnswer, RequestRefused):
                return None
            self._replies = True
        # The broker answers in order, so its own numbers come after those of all queues and topics.
        mark = f"end-{time.monotonic_ns()}"
        question(client, _REPLY, "/queue/", "Destination.>", "queues")
        question(client, _REPLY, "/topic/", "Destination.>", "topics")
        question(client, _REPLY, "/topic/", "Broker", mark)
        rows = []
        for frame in _hear(client, ANSWERS, lambda frame: frame.get("correlation-id") == mark):
            numbers = entries(frame.body)
            kind, _, name = str(numbers.get("destinationName", "")).partition("://")
            if name:
                rows.append((kind, name, numbers))
        return Listing(self._infos(rows), "ActiveMQ's statistics over STOMP")

    # Advisory messages

    def _by_advisories(self) -> Listing:
        client = self.client()
        wait = 0.0
        for kind in ("queue", "topic") if not self._names else ():
            # Those that exist are told at once, later ones and those that go as it happens.
            topic = f"/topic/ActiveMQ.Advisory.{kind.title()}"
            client.ask("SUBSCRIBE", [("id", kind), ("destination", topic), ("ack", "auto")])
            self._names[kind] = set()
            wait = QUIET
        for frame in _hear(client, wait, first=FIRST if wait else 0.0):
            self._advised = True
            name, gone = advised(frame.body)
            names = self._names.get(frame.get("subscription") or "")
            if name and names is not None:
                (names.discard if gone else names.add)(name)
        if not self._advised:
            # What asking for the plugin made would be among them.
            raise ClientError(NOTHING)
        infos = self._infos([(kind, name, {}) for kind, names in self._names.items() for name in names])
        return Listing(infos, "ActiveMQ's advisory messages over STOMP", NO_PLUGIN)

    def _infos(self, rows: Sequence[tuple[str, str, Numbers]]) -> tuple[QueueInfo, ...]:
        """Args: kind ("queue" or "topic"), name and numbers of each."""
        shown = [row for row in rows if row[1] and not row[1].startswith(_HIDDEN)]
        rates = self._rates.of(
            {f"{kind} {name}": (whole(n.get("enqueueCount")), whole(n.get("dequeueCount"))) for kind, name, n in shown}
        )
        return tuple(_info(kind, name, n, *rates[f"{kind} {name}"]) for kind, name, n in shown)


def _info(kind: str, name: str, numbers: Numbers, came: float | None, went: float | None) -> QueueInfo:
    size, held = whole(numbers.get("size")), whole(numbers.get("inflightCount"))
    topic = kind != "queue"
    if topic:
        # A topic keeps nothing; what its numbers add up is the backlog of each reader.
        ready = held = None
    else:
        ready = max(0, size - held) if size is not None and held is not None else size
    dead = not topic and (numbers.get("dlq") is True or named_dead(name))
    return QueueInfo(
        name, f"/{kind}/{name}", kind, ready, held, whole(numbers.get("consumerCount")), came, went, dead,
        counts=counted(("expired", whole(numbers.get("expiredCount")))),
    )  # fmt: skip


def advised(body: bytes) -> tuple[str, bool]:
    """The destination that an advisory message is about, and whether it is gone; "" if it says none."""
    try:
        about = json.loads(body)["DestinationInfo"]
        name, operation = about["destination"]["string"], about["operationType"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return "", False
    return (name, operation == 1) if isinstance(name, str) else ("", False)


def _hear(
    client: BlockingClient, seconds: float, last: Callable[[Frame], bool] | None = None, first: float = 0.0
) -> list[Frame]:
    """The messages of a line, of whatever subscription, without the one that ends them; other events are let go of.

    Args:
        client: Where they come.
        seconds: The time they have; without `last`, the time without one that ends them, 0 for those already there.
        last: Whether a message is the end.
        first: The time that the first has, if it is more.

    Raises:
        ConnectionGone: The connection ended first.
        Refused: The broker said no.
        NoAnswer: The last one did not come in time.
    """
    found: list[Frame] = []
    deadline = time.monotonic() + max(seconds, first)
    while True:
        left = max(0.0, deadline - time.monotonic())
        event = client.event_queue.get(left)
        if event is None:
            if left > 0:
                continue
            if last is None:
                return found
            raise NoAnswer(f"ActiveMQ did not answer within {seconds:g} s")
        if event.session != client.number:
            continue
        if isinstance(event, Lost):
            client.gone = event.reason
            raise ConnectionGone(event.reason, event.server_text)
        if isinstance(event, BrokerError):
            raise RequestRefused(plain(event.text), event.text)
        for frame in client.frames(event):
            if last is not None and last(frame):
                return found
            found.append(frame)
            if last is None:
                deadline = time.monotonic() + seconds
