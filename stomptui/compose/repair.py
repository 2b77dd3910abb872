"""Repairing a message: which one a draft takes the place of, and what was changed in it."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from stomptui.config.secret_names import secret_spans
from stomptui.protocol.delivery_headers import COUNTS, OF_ONE_DELIVERY
from stomptui.protocol.frame import Frame, Headers
from stomptui.protocol.names import shown

COMPARED = 64 << 10
"""Bytes of a body up to which it is compared line by line."""
SHOWN = 300
"""Lines of differences before the rest is counted."""
PER_DELIVERY = OF_ONE_DELIVERY | COUNTS
"""Headers that another delivery of the same message has otherwise."""
PER_WAY = frozenset(("destination", "destination-type"))
"""Headers in which a delivery and what a peek shows differ: the management of Artemis names the queue without its
prefix, and no type."""


class Held(NamedTuple):
    """A delivery that a subscription keeps unacknowledged; it means nothing to another run of the program."""

    row: int
    """Its row in the log."""
    session: int
    """The number of the session that it came on."""


@dataclass(frozen=True)
class Repair:
    """The message that a draft takes the place of. It stays in its queue until what was edited is confirmed."""

    queue: str
    """Where it is, as it was peeked at."""
    broker: str
    """Which broker has that queue."""
    message: Frame
    """As it was delivered."""
    position: int
    """How many messages were before it."""
    headers: Headers = ()
    """What a retry would have sent of its headers."""
    set_aside: tuple[str, ...] = ()
    """The names of the headers that a retry would not have sent."""
    origin: str = ""
    """Where a retry would have sent it, "" if it does not say where it came from."""
    lapsed: str = ""
    """Why the message cannot be found again, so that the draft takes the place of nothing any more; "" if it can."""
    held: Held | None = None
    """The delivery in the log that it was begun from, None for one of a peek, which has returned it."""

    @property
    def id(self) -> str:
        """What the person knows the message by."""
        return self.message.get("message-id") or "without an id"

    @property
    def lapsed_text(self) -> str:
        """What is to be said of a repair that has lapsed."""
        which = f"message {shown(self.id)} of {shown(self.queue)}, which it leaves there" if self.queue else "a message"
        return f"This was to take the place of {which}: {self.lapsed}. It is an ordinary message now."

    def find(self, frames: Sequence[Frame]) -> int | None:
        """The place of the message among those that its queue has now, None if it is not there."""
        return next((place for place, frame in enumerate(frames) if self.is_delivery(frame)), None)

    def is_delivery(self, frame: Frame) -> bool:
        """Whether a frame is a delivery of the message, or of one that nobody could tell from it."""
        return is_same(self.message, frame)


def is_same(message: Frame, other: Frame) -> bool:
    """Whether two deliveries are of one message, or of two that nobody could tell apart.

    An id alone does not say so: brokers that number what they deliver give it to another message later. Artemis writes
    the number of the reader before that of the message, `482,419`, and RabbitMQ gives each delivery an id of its own.
    """
    known = message.get("message-id") or ""
    ignored = PER_DELIVERY
    if known and "@@" not in known:
        if _number(known) != _number(other.get("message-id") or ""):
            return False
        ignored |= PER_WAY
    return message.body == other.body and _lasting(message, ignored) == _lasting(other, ignored)


def _number(id: str) -> str:
    return id.rpartition(",")[2]


def _lasting(message: Frame, ignored: frozenset[str]) -> list[tuple[str, str]]:
    """The headers that each delivery has; RabbitMQ 3 gives those of a quorum queue in another order the next time."""
    return sorted(line for line in message.headers if line[0] not in ignored)


def changes(repair: Repair, headers: Sequence[tuple[str, str]], body: bytes) -> list[str]:
    """What a draft sends otherwise than a retry would have: lines that begin as those of a diff do.

    Args:
        repair: The message that is repaired.
        headers: All that the draft sends, its destination among them.
        body: Its body.
    """
    sent = next((value for name, value in headers if name == "destination"), "")
    lines: list[str] = []
    if repair.origin and sent != repair.origin:
        lines += [f"- destination: {repair.origin}", f"+ destination: {sent}"]
    added = ("destination", "receipt", "content-length")
    new = [line for line in headers if line[0] not in added]
    old = [line for line in repair.headers if line[0] not in added]
    lines += _headers(old, new)
    lines += _bodies(repair.message.body, body)
    more = len(lines) - SHOWN
    return [*lines[:SHOWN], f"… and {more:,} more lines"] if more > 0 else lines


def _headers(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> Iterator[str]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, first, last, begin, end in matcher.get_opcodes():
        if kind != "equal":
            yield from (f"- {_line(name, value)}" for name, value in old[first:last])
            yield from (f"+ {_line(name, value)}" for name, value in new[begin:end])


def _line(name: str, value: str) -> str:
    return f"{name}: {'••••••' if secret_spans(name, value) else value}"


def _bodies(old: bytes, new: bytes) -> list[str]:
    if old == new:
        return []
    sizes = [f"  body: {len(old):,} → {len(new):,} bytes"]
    if max(len(old), len(new)) > COMPARED:
        return sizes
    try:
        before, after = old.decode("utf-8"), new.decode("utf-8")
    except UnicodeDecodeError:
        return sizes
    indented = _indented(before), _indented(after)
    if indented[0] is not None and indented[1] is not None and indented[0] != indented[1]:
        before, after = indented[0], indented[1]
    told = list(difflib.unified_diff(before.split("\n"), after.split("\n"), n=1, lineterm=""))[2:]
    return sizes + [line if line.startswith("@@") else f"{line[:1]} {line[1:]}" for line in told]


def _indented(text: str) -> str | None:
    """JSON with a line for each item, so that what changed can be seen; None if it is none."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return None
