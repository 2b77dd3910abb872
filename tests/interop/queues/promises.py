"""What a peek promises on each broker, as a person reads it, and the queues it is tried on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stomptui.config.connection import Connection
from tests.support.brokers.artemis import Artemis
from tests.support.brokers.base import ManagedBroker
from tests.support.brokers.rabbitmq import RabbitMQ
from tests.support.raw import RawFrame, RawStomp

HEADERS = [
    ("app-id", "APP"),
    ("odd\\cname", "a\\cb\\nc\\\\d"),
    ("empty", ""),
    ("unicode", "é日本😀"),
]
"""As they are on the wire, escaped."""
BODIES = [
    b"plain",
    "é日本😀".encode(),
    b"\0\1binary\xff\0",
    b"",
    b'{"orderId": 5}',
    b"line\nfeeds\r\n",
    *(b"m%d" % n for n in range(6, 10)),
]
"""What the ten messages of a test hold; one is empty, one is no text."""
MARKS = frozenset(
    ("message-id", "ack", "subscription", "redelivered", "timestamp", "x-delivery-count", "x-acquired-count", "receipt")
)
"""Headers that tell of one delivery."""


@dataclass(frozen=True)
class Promise:
    """What holds for one kind of queue on one broker, as one user."""

    broker: str
    """The name of its fixture."""
    title: str
    """How the table calls it."""
    kind: str = ""
    """The type of queue, where there are several."""
    login: str = "guest"
    bare: bool = False
    """Whether by the acceptor of Artemis that has no prefixes."""
    way: str = "unacknowledged on a side connection"
    """How a peek is done."""
    holds: bool = True
    """Whether a peek holds what it shows."""
    marked: bool = True
    """Whether what was peeked at carries `redelivered:true` afterwards."""
    counted: int = 0
    """How many deliveries one peek counts in `x-delivery-count`."""
    counted_when_killed: int = 0
    """The same for a peek whose process is killed."""
    marked_when_killed: bool = True
    reorders: bool = False
    """Whether the broker gives the headers of what comes back in another order."""
    free: bool = True
    """Whether thirty peeks in a row count nothing."""
    move: str = "sent, then acknowledged: after a failure perhaps in both queues"
    atomic: bool = False
    reject: str = "returns or goes to dead letters, as you choose"
    left: str = ""
    """What a peek leaves behind, in words."""
    killed: str = ""
    """What it leaves behind if the app is killed."""

    @property
    def id(self) -> str:
        """For the name of a test."""
        parts = [self.broker, self.kind, "" if self.login == "guest" else self.login, "bare" if self.bare else ""]
        return "-".join(part for part in parts if part)


REDELIVERED = "marked redelivered"
COUNTED = "marked redelivered, one delivery counted"
NOTHING = "nothing"

PROMISES = [
    Promise("box", "embedded broker", left=REDELIVERED, killed=REDELIVERED),
    *(
        Promise(key, f"RabbitMQ {version}", "classic", left=REDELIVERED, killed=REDELIVERED)
        for key, version in (("rabbitmq", "3.10"), ("rabbitmq40", "4.0"), ("rabbitmq43", "4.3"))
    ),
    *(
        Promise(
            key,
            f"RabbitMQ {version}",
            "quorum",
            counted=1,
            reorders=key == "rabbitmq",
            counted_when_killed=1,
            free=False,
            left=COUNTED,
            killed=COUNTED,
        )
        for key, version in (("rabbitmq", "3.10"), ("rabbitmq40", "4.0"))
    ),
    Promise(
        "rabbitmq43",
        "RabbitMQ 4.3",
        "quorum",
        way="unacknowledged, then parked",
        counted_when_killed=1,
        left=REDELIVERED,
        killed=COUNTED,
    ),
]


PROMISES += [
    Promise(
        key,
        f"ActiveMQ {version}",
        way="browsed",
        holds=False,
        marked=False,
        marked_when_killed=False,
        atomic=True,
        reject="goes to dead letters, or is deleted if not persistent",
        left=NOTHING,
        killed=NOTHING,
    )
    for key, version in (("activemq5", "5.17"), ("activemq6", "6.3"))
]
PROMISES += [
    Promise(
        "artemis",
        "Artemis 2.56",
        bare=bare,
        way="listed and copied by management",
        holds=False,
        marked=False,
        marked_when_killed=False,
        atomic=True,
        reject="goes to dead letters",
        left=NOTHING,
        killed=NOTHING,
    )
    for bare in (False, True)
]
PROMISES.append(
    Promise(
        "artemis",
        "Artemis 2.56",
        login="bob",
        marked=False,
        reject="is deleted",
        left=NOTHING,
        killed="marked redelivered, one delivery counted: the tenth goes to dead letters",
    )
)


class Place:
    """One promise on a running broker.

    Args:
        broker: The broker, running.
        promise: What holds there.
    """

    def __init__(self, broker: ManagedBroker, promise: Promise) -> None:
        self.broker = broker
        self.promise = promise

    @property
    def connection(self) -> Connection:
        """The connection of the person."""
        if self.promise.bare and isinstance(self.broker, Artemis):
            return self.broker.bare_connection()
        return self.broker.connection_as(self.promise.login)

    def queue(self, name: str) -> str:
        """An empty queue of the promised kind; its destination as the person types it."""
        if self.promise.kind and isinstance(self.broker, RabbitMQ):
            self.broker.delete(name)
            self.broker.declare(name, self.promise.kind)
        else:
            self.broker.make_queue(name)
        return name if self.promise.bare else f"/queue/{name}"

    def queue_with_dead_letters(self, name: str) -> tuple[str, str, str]:
        """An empty queue whose rejected messages go to a dead letter queue, empty too.

        Returns:
            The queue's destination, the dead letter queue's, and its name for `broker`.
        """
        if isinstance(self.broker, RabbitMQ):
            dead = f"{name}.dead"
            self.broker.delete(dead)
            self.broker.declare(dead, self.promise.kind)
            self.broker.delete(name)
            self.broker.declare(name, self.promise.kind, x_dead_letter_exchange="", x_dead_letter_routing_key=dead)
            return f"/queue/{name}", f"/queue/{dead}", dead
        dead = "ActiveMQ.DLQ" if self.promise.broker.startswith("activemq") else "DLQ"
        self.broker.make_queue(dead)
        return self.queue(name), dead if self.promise.bare else f"/queue/{dead}", dead

    def raw(self) -> RawStomp:
        """A client on a bare socket, as somebody who may do all."""
        client = RawStomp("127.0.0.1", self.broker.port, timeout=20)
        client.connect()
        return client

    def fill(self, name: str, bodies: list[bytes], **more: str) -> None:
        """Put messages into a queue, all of them there when this returns."""
        with self.raw() as client:
            for number, body in enumerate(bodies):
                client.receipt("SEND", self._send(name, number, body, more), body)

    def _send(self, name: str, number: int, body: bytes, more: dict[str, str]) -> list[tuple[str, str]]:
        headers = [("destination", self.broker.destination(name)), *HEADERS, ("n", str(number)), ("persistent", "true")]
        headers += [(key.replace("_", "-"), value) for key, value in more.items()]
        return [*headers, ("content-length", str(len(body)))]

    def take(self, name: str, count: int) -> list[RawFrame]:
        """Take everything out of a queue, by a bare socket: exactly so many messages."""
        with self.raw() as client:
            subscribe: dict[str, Any] = {
                "id": "t",
                "destination": self.broker.destination(name),
                "ack": "client-individual",
            }
            client.receipt("SUBSCRIBE", subscribe)
            found: list[RawFrame] = []
            while len(found) < count:
                frame = client.expect("MESSAGE")
                found.append(frame)
                client.send("ACK", {"id": frame["message-id"] if self.promise.broker == "artemis" else frame["ack"]})
            client.expect_nothing(0.2)
            # The receipt of an ACK proves nothing on a quorum queue; this one's does.
            client.receipt("UNSUBSCRIBE", {"id": "t"})
        self.broker.wait_for(name, 0)
        return found


def is_added(name: str) -> bool:
    """Whether a broker adds that header to a message that was moved."""
    return name.startswith("_AMQ_ORIG_") or name == "destination-type"


def lasting(frame: RawFrame) -> list[tuple[str, str]]:
    """The headers that must be the same after a peek, in their order."""
    return [line for line in frame.headers if line[0] not in MARKS]


BEGIN, END = "<!-- what peeking promises: checked by the tests -->", "<!-- end -->"
"""Around the table in stomptui/reference.md."""


KEPT_BY_THE_BROKER = [
    (
        "RabbitMQ stream",
        "read from an offset",
        NOTHING,
        NOTHING,
        "none: a stream keeps every message; it is copied",
        "none",
    ),
    (
        "RabbitMQ, single active consumer",
        "shows nothing while another consumer is the active one, and says so",
        "as its type",
        "as its type",
        "as its type",
        "as its type",
    ),
]
"""Queues whose peeks are tried elsewhere, by `test_true_words` and `test_rabbitmq`."""


def table() -> str:
    """The promises as stomptui/reference.md has them; brokers that promise the same share a row."""
    shared: dict[tuple[str, ...], list[str]] = {}
    for promise in PROMISES:
        if promise.bare:
            continue
        move = "atomic: always in exactly one queue" if promise.atomic else promise.move
        suffix = f" {promise.kind}" if promise.kind else ""
        if promise.login != "guest":
            suffix += " without the right to manage"
        cells = (suffix, promise.way, promise.left, promise.killed, move, promise.reject)
        shared.setdefault(cells, []).append(promise.title)
    head = ("Broker", "A peek", "It leaves behind", "A killed app leaves", "A move", "A rejected message")
    rows: list[tuple[str, ...]] = [head, ("---",) * len(head)]
    for (suffix, *others), titles in shared.items():
        versions = ", ".join(title.rpartition(" ")[2] for title in titles)
        who = f"{titles[0].rpartition(' ')[0]} {versions}" if len(titles) > 1 else titles[0]
        rows.append((f"{who}{suffix}", *others))
    rows += KEPT_BY_THE_BROKER
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


if __name__ == "__main__":
    print(table())
