"""Messages drawn from a seed: every kind of body, and every header that means something to somebody."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from stomptui.protocol.frame import Headers

MARK = "keeping"
"""The header that tells the messages of a case apart."""
HOUR = 3_600_000

Atom = tuple[str, Callable[[random.Random], Headers]]


@dataclass(frozen=True)
class Drawn:
    """One message.

    Attributes:
        mark: The value of its header `MARK`.
        headers: In order, unescaped, its mark among them.
        body: The body.
        parts: Names of what was drawn for it, for the count of what came up.
    """

    mark: str
    headers: Headers
    body: bytes
    parts: tuple[str, ...]


def now() -> int:
    return int(time.time() * 1000)


def _fixed(*lines: tuple[str, str]) -> Callable[[random.Random], Headers]:
    return lambda _: lines


def _atoms(name: str, *values: str) -> list[Atom]:
    """One atom for each value of a header."""
    return [(f"{name}:{value[:20]}", _fixed((name, value))) for value in values]


DECLARING: list[Atom] = [
    *_atoms("exclusive", "true", "false"),
    *_atoms("durable", "true", "false"),
    *_atoms("auto-delete", "true", "false"),
    *_atoms("x-expires", "300"),
    *_atoms("x-message-ttl", "0", "300"),
    *_atoms("x-max-length", "1"),
    *_atoms("x-max-length-bytes", "1"),
    *_atoms("x-overflow", "reject-publish"),
    *_atoms("x-queue-type", "quorum", "stream", "bogus"),
    *_atoms("x-queue-name", "keep.other"),
    *_atoms("x-max-priority", "5", "-1"),
    *_atoms("x-single-active-consumer", "true"),
    *_atoms("x-dead-letter-exchange", "", "amq.direct"),
    *_atoms("x-dead-letter-routing-key", "elsewhere"),
    *_atoms("x-queue-mode", "lazy"),
    *_atoms("x-delivery-limit", "1"),
    *_atoms("x-quorum-initial-group-size", "1"),
]
EXPIRING: list[Atom] = [
    *_atoms("expiration", "600000", "300", "0", "-1", "soon", "1.5", "", "99999999999999", " 600000"),
    ("expires:later", lambda _: (("expires", str(now() + HOUR)),)),
    ("expires:in a moment", lambda _: (("expires", str(now() + 300)),)),
    ("expires:past", lambda _: (("expires", str(now() - HOUR)),)),
    *_atoms("expires", "0", "soon", "-1", "", "99999999999999999999"),
    *_atoms("ttl", "1", "x"),
]
PROPERTIES: list[Atom] = [
    ("timestamp:now in ms", lambda _: (("timestamp", str(now())),)),
    ("timestamp:now in s", lambda _: (("timestamp", str(now() // 1000)),)),
    *_atoms("timestamp", "2026-01-01", "0", "-5", "", "99999999999999999999", "1.5"),
    *_atoms("priority", "0", "4", "9", "10", "15", "99", "128", "255", "256", "300", "-1", "high", "", "5.5"),
    *_atoms("type", "T", "x.y"),
    *_atoms("reply-to", "/queue/keep.reply", "/temp-queue/keep", "/reply-queue/amq.gen-x", "keep.bare", "queue://keep"),
    *_atoms("correlation-id", "c-1", "a:b\\c"),
    *_atoms("content-type", "text/plain", "application/json;charset=utf-8", "nonsense", "application/octet-stream"),
    *_atoms("content-encoding", "gzip"),
    *_atoms("amqp-message-id", "m-1"),
    *_atoms("app-id", "APP"),
    *_atoms("cluster-id", "C"),
    *_atoms("user-id", "guest", "nobody"),
    *_atoms("persistent", "true", "false", "1", "TRUE", "", "yes"),
    *_atoms("CC", '["keep.cc"]', "keep.cc"),
    *_atoms("BCC", "keep.bcc"),
]
OWN: list[Atom] = [
    *_atoms("ack", "a-1"),
    *_atoms("message-id", "m-1", "3,4"),
    *_atoms("subscription", "s-1"),
    *_atoms("redelivered", "true"),
    *_atoms("destination", "/queue/keep.elsewhere"),
    *_atoms("transaction", "t-1"),
    *_atoms("receipt", "r-1"),
    *_atoms("receipt-id", "r-1"),
    *_atoms("content-length", "3", "100000", "x"),
    *_atoms("id", "i-1"),
    *_atoms("selector", "a = 1"),
    *_atoms("prefetch-count", "1"),
    *_atoms("x-delivery-count", "7", "x"),
    *_atoms("x-acquired-count", "7"),
    *_atoms("x-stream-offset", "7"),
    *_atoms("x-stream-filter-value", "f"),
    *_atoms("x-death", "[]"),
    *_atoms("x-first-death-queue", "keep.elsewhere"),
    *_atoms("originalDestination", "queue://keep.elsewhere"),
    *_atoms("originalExpiration", "1"),
    *_atoms("dlqDeliveryFailureCause", "why"),
    *_atoms("browser", "true", "end"),
    *_atoms("heart-beat", "0,0"),
    *_atoms("version", "1.0"),
    *_atoms("login", "guest"),
]
JMS: list[Atom] = [
    *_atoms("JMSXGroupID", "g"),
    *_atoms("JMSXGroupSeq", "1", "x"),
    *_atoms("JMSXDeliveryCount", "3"),
    *_atoms("JMSXUserID", "guest"),
    *_atoms("JMSExpiration", "1"),
    *_atoms("transformation", "jms-json", "jms-xml", "jms-map-json", "nonsense"),
    *_atoms("transformation-error", "e"),
    *_atoms("amq-msg-type", "text", "bytes", "nonsense"),
    *_atoms("AMQ_SCHEDULED_DELAY", "0", "100", "x"),
    *_atoms("AMQ_SCHEDULED_PERIOD", "x"),
    *_atoms("AMQ_SCHEDULED_REPEAT", "x"),
    *_atoms("AMQ_SCHEDULED_CRON", "nonsense"),
    *_atoms("AMQ_SCHEDULED_TIME", "0", "x"),
    *_atoms("scheduledJobId", "ID:x"),
    *_atoms("_AMQ_SCHED_DELIVERY", "1", "x"),
    *_atoms("_AMQ_DUPL_ID", "once"),
    *_atoms("_AMQ_LVQ_NAME", "last"),
    *_atoms("_AMQ_GROUP_ID", "g"),
    *_atoms("_AMQ_GROUP_SEQUENCE", "1", "-1", "x"),
    *_atoms("_AMQ_ORIG_ADDRESS", "keep.elsewhere"),
    *_atoms("_AMQ_ORIG_QUEUE", "keep.elsewhere"),
    *_atoms("_AMQ_ROUTING_TYPE", "0", "1", "x"),
    *_atoms("_AMQ_VALIDATED_USER", "guest"),
    *_atoms("_AMQ_LARGE_SIZE", "5", "x"),
    *_atoms("_AMQ_ACTUAL_EXPIRY", "1"),
    *_atoms("__AMQ_CID", "c"),
    *_atoms("destination-type", "MULTICAST", "ANYCAST", "nonsense"),
    *_atoms("subscription-type", "MULTICAST"),
]
SHAPES: list[Atom] = [
    ("name of 255 bytes", _fixed(("n" * 255, "v"))),
    ("name of 256 bytes", _fixed(("n" * 256, "v"))),
    ("name of 300 bytes", _fixed(("é" * 150, "v"))),
    ("98 headers", lambda _: tuple((f"many-{number:03}", str(number)) for number in range(98))),
    ("150 headers", lambda _: tuple((f"many-{number:03}", str(number)) for number in range(150))),
    ("value of 10 KB", _fixed(("long", "v" * 10_000))),
    ("value of 70 KB", _fixed(("long", "v" * 70_000))),
    ("repeated", _fixed(("twice", "1"), ("between", "x"), ("twice", "2"))),
    ("repeated property", _fixed(("correlation-id", "1"), ("correlation-id", "2"))),
    ("line feed", _fixed(("odd", "a\nb"))),
    ("carriage return", _fixed(("odd", "a\rb\r"))),
    ("colon", _fixed(("odd", "a:b::c"), ("odd:name", "v"))),
    ("backslash", _fixed(("odd", "a\\b\\c\\n\\"))),
    ("escape", _fixed(("odd", "\x1b[2J\x07"))),
    ("tab", _fixed(("odd", "a\tb"))),
    ("unicode", _fixed(("odd", "é日本😀\u202e"), ("naïve😀", "v"))),
    ("blanks at ends", _fixed(("odd", "  a  "), (" odd name ", " "))),
    ("empty value", _fixed(("odd", ""))),
    ("empty name", _fixed(("", "v"))),
    ("name with a blank", _fixed(("odd name", "v"))),
    ("not UTF-8", _fixed(("odd", "caf\udce9"))),
]
KINDS: dict[str, list[Atom]] = {
    "declaring": DECLARING,
    "expiring": EXPIRING,
    "properties": PROPERTIES,
    "own": OWN,
    "jms": JMS,
    "shapes": SHAPES,
}
ATOMS = [name for atoms in KINDS.values() for name, _ in atoms]

BODIES: list[tuple[str, Callable[[str, random.Random], bytes]]] = [
    ("text", lambda mark, _: f"text of {mark}".encode()),
    ("empty", lambda mark, _: b""),
    ("binary", lambda mark, draw: b"\xff\xfe" + draw.randbytes(40)),
    ("NUL", lambda mark, _: f"{mark}\0after a NUL\0".encode()),
    ("large", lambda mark, draw: (mark + "x" * draw.choice((20_000, 120_000))).encode()),
    ("emoji", lambda mark, _: f"é日本😀 {mark}".encode()),
    ("json", lambda mark, _: f'{{"mark": "{mark}"}}'.encode()),
    ("lines", lambda mark, _: f"{mark}\r\n\r\nnext\n".encode()),
    ("frame", lambda mark, _: f"SEND\ndestination:/queue/x\n\n{mark}".encode()),
]


def draw_messages(draw: random.Random, prefix: str) -> list[Drawn]:
    """A multiset of messages; now and then two of them are alike in all but their mark."""
    found: list[Drawn] = []
    for number in range(draw.choice((1, 2, 3, 4, 6, 9))):
        mark = f"{prefix}-{number}"
        if found and draw.random() < 0.15:
            like = draw.choice(found)
            headers = tuple((name, mark if name == MARK else value) for name, value in like.headers)
            found.append(Drawn(mark, headers, like.body, like.parts))
        else:
            found.append(_draw(draw, mark))
    return found


def _draw(draw: random.Random, mark: str) -> Drawn:
    # The first body is the plainest: most messages are to be taken, whatever their headers are.
    what, body = draw.choice(BODIES) if draw.random() < 0.6 else BODIES[0]
    chosen = [draw.choice(draw.choice(list(KINDS.values()))) for _ in range(draw.choice((0, 0, 1, 1, 1, 2, 3)))]
    headers = [line for _, lines in chosen for line in lines(draw)]
    # Most producers say persistent; where it is missing some brokers keep less.
    if draw.random() < 0.5 and not any(name == "persistent" for name, _ in headers):
        headers.append(("persistent", "true"))
    headers.insert(draw.randrange(len(headers) + 1), (MARK, mark))
    return Drawn(mark, tuple(headers), body(mark, draw), (f"body {what}", *(name for name, _ in chosen)))


def expires_by_itself(message: Drawn) -> bool:
    """Whether a broker may drop it a moment after it came, though it does come."""
    return any(part in ("expiration:300", "expires:in a moment") for part in message.parts)


def expires_in_its_queue(message: Drawn) -> bool:
    """Whether a broker that let it in may drop it at any time, moved or not."""
    return expires_by_itself(message) or any(part in ("expires:past", "expires:-1") for part in message.parts)
