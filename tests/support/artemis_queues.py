"""What a queue of Artemis holds and counts, by bare sockets and Jolokia alone, and messages of all kinds to fill it."""

from __future__ import annotations

import time
from typing import Any

from stomptui.config.connection import Connection
from stomptui.protocol.frame import Frame
from stomptui.queues.actions.action import ActionResult
from stomptui.queues.peek import reports as r
from tests.support.brokers.artemis import BEAN, Artemis
from tests.support.peeking import Peeking
from tests.support.raw import RawFrame, RawStomp

SMALL = frozenset(("message-id", "subscription", "ack"))
"""What differs from delivery to delivery."""
ORIGINS = frozenset(f"_AMQ_ORIG_{what}" for what in ("ADDRESS", "QUEUE", "MESSAGE_ID", "ROUTING_TYPE"))
LATER = str(int(time.time() * 1000) + 3_600_000)
ODD = [
    ("text", [("a", "1"), ("odd\\cname", "x\\cy\\nz\\\\w\\r"), ("empty", "")], b"text", False),
    ("emoji", [("unicode", "é日本😀"), (" lead", " blanks ")], "é日本😀".encode(), False),
    ("bytes", [("content-type", "application/octet-stream")], b"\0\1binary\0\xff", True),
    ("empty bytes", [], b"", True),
    ("json", [("content-type", "application/json"), ("type", "T"), ("priority", "4")], b'{"a": 1}', False),
    ("reply", [("reply-to", "ans"), ("correlation-id", "c\\c1")], b"line\nfeeds\r\n\n", False),
    ("later", [("expires", LATER)], b"x", True),
    ("group", [("JMSXGroupID", "g")], b"of a group", False),
    ("once", [("_AMQ_DUPL_ID", "once")], b"only once", False),
    ("large", [], b"L" * 300_000, False),
    ("large bytes", [], b"\0\xff" * 150_000, True),
]
"""What is in a message of every kind: name, header lines as on the wire, body, whether it has a length."""
LOGINS = ["guest", "bob"]
"""Who may manage the broker, and who may not."""


def connection(broker: Artemis, login: str = "guest", bare: bool = False) -> Connection:
    port = broker.bare_port if bare else broker.port
    return Connection(port=port, login=login, passcode=login)


def raw(broker: Artemis, version: str = "1.2") -> RawStomp:
    client = RawStomp("127.0.0.1", broker.port, timeout=20)
    client.connect(version)
    return client


def put(broker: Artemis, name: str, messages: list[tuple[list[tuple[str, str]], bytes, bool]]) -> None:
    """Send messages of (headers, body, whether it has a length); all are there when this returns."""
    expected = broker.depth(name) + len(messages)
    with raw(broker) as client:
        for number, (headers, body, sized) in enumerate(messages):
            lines = [("destination", name), ("destination-type", "ANYCAST"), ("persistent", "true"), *headers]
            lines += [("content-length", str(len(body)))] * sized
            if number < len(messages) - 1:
                client.send("SEND", lines, body)
            else:
                client.receipt("SEND", lines, body)
    # Those without a receipt can be counted a moment after the one that has one.
    deadline = time.monotonic() + 10
    while broker.depth(name) < expected:
        assert time.monotonic() < deadline, f"{broker.depth(name)} of {expected} are in {name}"
        time.sleep(0.01)


def fill(broker: Artemis, name: str, bodies: list[bytes], **more: str) -> None:
    put(broker, name, [([("n", str(number)), *more.items()], body, False) for number, body in enumerate(bodies)])


def fill_odd(broker: Artemis, name: str) -> None:
    put(broker, name, [([*headers, ("kind", kind)], body, sized) for kind, headers, body, sized in ODD])


def numbered(count: int) -> list[bytes]:
    return [b"m%d" % number for number in range(count)]


def contents(broker: Artemis, name: str, drop: bool = False) -> list[RawFrame]:
    """What is in a queue, by a bare socket that gives it back uncounted, or counted once if it drops."""
    depth = broker.depth(name)
    with raw(broker) as client:
        subscribe = {"id": "c", "destination": name, "subscription-type": "ANYCAST", "ack": "client-individual"}
        client.send("SUBSCRIBE", {**subscribe, "consumer-window-size": "-1"})
        found = client.messages(depth)
        if drop:
            client.reset()
        else:
            client.receipt("UNSUBSCRIBE", {"id": "c"})
    broker.wait_for(name, depth, 0) if not drop else settled(broker, name)
    return found


def settled(broker: Artemis, name: str) -> None:
    """Wait until a lost connection is cleared up."""
    deadline = time.monotonic() + 20
    while counters(broker, name)["ConsumerCount"] or broker.held(name):
        assert time.monotonic() < deadline, f"{name} still has a reader"
        time.sleep(0.02)


def bodies(broker: Artemis, name: str) -> list[bytes]:
    return [frame.body for frame in contents(broker, name)]


def lines(frame: RawFrame | Frame, *without: str) -> list[tuple[str, str]]:
    """The headers but those of one delivery."""
    return sorted(line for line in frame.headers if line[0] not in SMALL and line[0] not in without)


def bean(name: str) -> str:
    return f'{BEAN},component=addresses,address="{name}",subcomponent=queues,routing-type="anycast",queue="{name}"'


def counters(broker: Artemis, name: str) -> dict[str, Any]:
    what = ("MessageCount", "DeliveringCount", "ConsumerCount", "MessagesAdded", "MessagesAcknowledged")
    found = broker.jolokia.read(bean(name), *what, "MessagesKilled", "MessagesExpired")
    assert isinstance(found, dict)
    return found


def leftovers(broker: Artemis) -> list[str]:
    """Addresses and diverts of ours that are there and were not when the test began: others kill what makes them."""
    return [name for name in _ours(broker) if name not in broker.earlier]


def remember(broker: Artemis) -> None:
    """Note what is left over from earlier tests."""
    broker.earlier = frozenset(_ours(broker))


def _ours(broker: Artemis) -> list[str]:
    names = [*broker.jolokia.read(BEAN, "AddressNames"), *broker.jolokia.read(BEAN, "DivertNames")]
    return [name for name in names if "stomptui" in name]


def reasons(result: ActionResult) -> list[str]:
    return [reason for reason, _ in result.reasons]


def survey_of(peek: Peeking) -> Any:
    (survey,) = [report.survey for report in peek.reports if isinstance(report, r.Surveyed)]
    return survey


def as_bytes(frame: RawFrame) -> bytes:
    head = "\n".join([frame.command, *(f"{key}:{value}" for key, value in frame.headers)])
    return head.encode("utf-8", "surrogateescape") + b"\n\n" + frame.body
