"""Reading the messages of an Artemis queue by management: listed, and copied to a temporary address."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stomptui.brokers.artemis.management.client import Call, Declined, ManagementClient
from stomptui.brokers.artemis.management.java_data import Alike, JavaDataError, JavaObject
from stomptui.brokers.artemis.management.queue_lookup import FoundQueue
from stomptui.protocol.escapes import escape
from stomptui.protocol.frame import Frame, Headers
from stomptui.protocol.numbers import whole_number
from stomptui.queues.refusal_texts import plain

LISTED = 200
"""Messages that `listMessages` shows at most, whatever is in the queue."""
PORTION = 50
"""Messages copied at once at most."""
PORTION_BYTES = 4 << 20
"""The same in bytes, as far as the last ones tell what the next are like."""
OBJECT, MAP, STREAM = 2, 5, 6
HOLLOW = frozenset((OBJECT, MAP, STREAM))
"""Types of JMS messages whose content STOMP does not show; a stream message is not rendered at all."""
_COMPOSITE = "javax.management.openmbean.CompositeData"


@dataclass(frozen=True)
class Listed:
    """A message as the management lists it."""

    id: int
    """Its number in the broker, until it is moved."""
    kind: int
    """0 plain, 2 object, 3 text, 4 bytes, 5 map, 6 stream."""
    expiration: int
    """Milliseconds since 1970, 0 for never."""
    headers: Headers = ()
    """The others that are known, for a message that cannot be shown."""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Listed:
        """From what the management says; raises KeyError and ValueError if it does not say enough."""
        told = {"priority": row.get("priority"), "persistent": row.get("durable"), "timestamp": row.get("timestamp")}
        headers = tuple((name, _text(value)) for name, value in told.items() if value is not None)
        others = ((name, _text(value)) for name, value in row.items() if name not in _FIXED)
        return cls(int(row["messageID"]), int(row["type"]), int(row["expiration"]), (*headers, *others))


_FIXED = frozenset(
    (
        *("messageID", "type", "priority", "durable", "timestamp", "expiration", "address", "userID", "destination"),
        *("destination-type", "content-length", "receipt", "_AMQ_ROUTING_TYPE", "__AMQ_CID"),
    )
)
"""What a list has besides a message's own properties."""


@dataclass
class MessageListing:
    """Messages of a queue, oldest first."""

    messages: list[Listed]
    unread: bool = False
    """Whether there are more, in a form that was not understood."""


def list_messages(
    management: ManagementClient, found: FoundQueue, limit: int | None, stopped: Callable[[], str | None] = lambda: None
) -> MessageListing:
    """The first messages of a queue.

    Args:
        management: Where to ask.
        found: The queue.
        limit: How many at most; None for all.
        stopped: Asked between two pages: why no more are wanted.

    Raises:
        ClientError: It could not be done.
    """
    queue = f"queue.{found.place.queue}"
    rows = management.call(queue, "listMessages", "")
    listing = MessageListing([Listed.of(row) for row in rows or ()])
    seen = {message.id for message in listing.messages}
    # Of more than these Artemis tells in a form made for Java alone.
    page, alike = len(seen) // LISTED + 1, Alike()
    while (limit is None or len(seen) < limit) and len(seen) < found.visible and not stopped():
        try:
            rows = _page(management.call(queue, "browse", page, LISTED), alike)
        except (Declined, ValueError, KeyError):
            listing.unread = True
            break
        listing.messages += [message for message in rows if message.id not in seen]
        seen.update(message.id for message in rows)
        page += 1
        if len(rows) < LISTED:
            break
    listing.messages = listing.messages[:limit]
    return listing


def _page(result: Any, alike: Alike) -> list[Listed]:
    """The messages of a page; raises ValueError and KeyError if it cannot be read."""
    if not result:
        return []
    rows = result.get(_COMPOSITE) if isinstance(result, dict) else None
    if not isinstance(rows, list):
        raise JavaDataError("it is no list of messages")
    return [Listed.of(_composite(row, alike)) for row in rows]


def _composite(row: Any, alike: Alike) -> dict[str, Any]:
    """The plain values of one object that has names for what is in it."""
    try:
        data = alike.read(base64.b64decode(row, validate=True))
        written = data.fields["contents"].written
    except (binascii.Error, TypeError, AttributeError, KeyError) as error:
        raise JavaDataError(f"it is no message: {error!r}") from error
    names, values = written[1::2], written[2::2]
    named = {name: _simple(value) for name, value in zip(names, values, strict=False) if name in _FIXED}
    return {name: value for name, value in named.items() if value is not None}


def _simple(value: Any) -> Any:
    """A number or a truth as itself."""
    return value.fields.get("value") if isinstance(value, JavaObject) else value


# Copies


def copy_messages(
    management: ManagementClient,
    found: FoundQueue,
    messages: Sequence[Listed],
    stopped: Callable[[], str | None] = lambda: None,
) -> Iterator[list[tuple[Listed, Frame | None]]]:
    """The messages themselves, portion by portion; None for one that is not there any more.

    Raises:
        ClientError: It could not be done.
    """
    start, portion = 0, min(10, PORTION)
    while start < len(messages) and not stopped():
        wanted = messages[start : start + portion]
        copies = _copies(management, found, wanted)
        yield copies
        start += len(wanted)
        size = sum(len(frame.raw) for _, frame in copies if frame is not None)
        portion = max(1, min(PORTION, PORTION_BYTES * len(wanted) // max(1, size)))


def _copies(
    management: ManagementClient, found: FoundQueue, wanted: Sequence[Listed]
) -> list[tuple[Listed, Frame | None]]:
    """A copy comes before the answer to its own call and copies come in the order of the calls, so that they are told
    apart by counting; if one is missing, they are asked for one by one."""
    queue = management.queue
    shown = [message for message in wanted if message.kind != STREAM]
    management.copies.clear()
    answers = management.call_all(
        Call(f"queue.{found.place.queue}", "copyMessage", (message.id, queue)) for message in shown
    )
    failure = next((answer.failure for answer in answers if answer.failure), "")
    if failure:
        raise Declined(plain(failure), failure)
    there = [message for message, answer in zip(shown, answers, strict=True) if answer.result is True]
    frames: dict[int, Frame | None] = {}
    if len(management.copies) == len(there):
        frames = {m.id: as_there(copy, m, found) for m, copy in zip(there, management.copies, strict=True)}
    elif len(wanted) == 1:
        frames = {m.id: as_told(m, found) for m in there}
    else:
        return [pair for message in wanted for pair in _copies(management, found, [message])]
    frames.update((m.id, as_told(m, found)) for m in wanted if m.kind == STREAM)
    return [(message, frames.get(message.id)) for message in wanted]


def as_there(copy: Frame, message: Listed, found: FoundQueue) -> Frame:
    """A copy with what the message itself has for id, destination and end; `redelivered` is not known of it."""
    truth = {
        b"message-id": f"0,{message.id}",
        b"destination": escape(found.place.destination, "1.2"),
        b"expires": str(message.expiration),
        b"redelivered": "",
    }
    lines: list[bytes] = []
    for line in copy.head.split(b"\n"):
        name = line.partition(b":")[0]
        value = truth.pop(name, None)
        if value is None:
            lines.append(line)
        elif value:
            lines.append(name + b":" + value.encode("utf-8", "surrogateescape"))
    # Artemis escapes in 1.1 as in 1.2.
    return Frame(b"\n".join(lines) + b"\n\n" + copy.body, "1.2")


def as_told(message: Listed, found: FoundQueue) -> Frame:
    """What is known of a message that STOMP does not render."""
    headers = (
        ("message-id", f"0,{message.id}"),
        ("destination", found.place.destination),
        ("expires", str(message.expiration)),
        *message.headers,
    )
    lines = "".join(f"{escape(name, '1.2')}:{escape(value, '1.2')}\n" for name, value in headers)
    return Frame(b"MESSAGE\n" + lines.encode("utf-8", "surrogatepass") + b"\n", "1.2")


def number_of(message: Frame) -> int | None:
    """The broker's number of a message, the same in every delivery until it is moved; None if it does not say."""
    number = (message.get("message-id") or "").rpartition(",")[2]
    return whole_number(number)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
