"""After a failure: which messages in flight have arrived, found out by peeking into the target.

A broker takes the frames of one connection in their order and a queue keeps that order, so what was sent stands behind
what was there before, in the order it was sent. Where that cannot be read off the queue, because others write to it,
read from it, or a peek would cost its messages a delivery, nothing is concluded.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from stomptui.connection.blocking_client import BlockingClient, BlockingEventQueue, ClientError, ConnectionGone
from stomptui.connection.events import Event
from stomptui.connection.program_log import LOGGER
from stomptui.queues.access_context import Connector
from stomptui.queues.actions.action import ActionTarget
from stomptui.queues.peek.reader import LOOKS, PAUSE
from stomptui.queues.sending.forwarding import Forwarding

LOOKABLE = 100_000
"""Messages in a queue up to which it is peeked into a second time."""
LOOKABLE_BYTES = 200 << 20
"""Bytes of them up to which; a peek ends by itself a little later."""
TRIES = 3
"""Attempts at a peek: what ended one connection may end the next ones as well."""
TAIL = 20
"""Messages confirmed last that tell where those in flight must stand, where it is not known how many were there."""
TARGETS = 20
"""Queues of one action that are counted before anything is sent there."""

_UNSEEN = b""
"""Stands for the digest of what was not looked at."""


@dataclass(frozen=True)
class Expected:
    """A message that was sent, in the order of the wire."""

    index: int
    digest: bytes
    confirmed: bool


@dataclass
class _Sent:
    """What one queue was sent."""

    before: int | None
    """Messages it had before all of `wire`; None if that is not known."""
    wire: dict[int, bytes] = field(default_factory=dict)
    """Digests of what was sent and not refused since, by index, in the order of the wire."""
    confirmed: set[int] = field(default_factory=set)
    tail: list[bytes] = field(default_factory=list)
    """Digests of what was confirmed last before `wire`."""


class Recount:
    """Keeps what was sent where, as far as it takes to find out after a fault what arrived.

    Args:
        forwarding: How messages get to their targets.
    """

    def __init__(self, forwarding: Forwarding) -> None:
        self._forwarding = forwarding
        self._sent: dict[ActionTarget, _Sent] = {}

    def sending(self, target: ActionTarget, index: int, body: bytes) -> None:
        """A message is about to be sent."""
        sent = self._sent.get(target)
        if sent is None:
            sent = self._sent[target] = _Sent(self._count(target))
        # One that is sent again stands at its new place.
        sent.wire.pop(index, None)
        sent.wire[index] = _digest(body)

    def confirmed(self, target: ActionTarget, index: int) -> None:
        """The broker confirmed a message."""
        if target in self._sent:
            self._sent[target].confirmed.add(index)

    def refused(self, target: ActionTarget, index: int) -> None:
        """A message was not taken."""
        if target in self._sent:
            self._sent[target].wire.pop(index, None)

    def unknown(self, target: ActionTarget, index: int) -> None:
        """What became of a message cannot be found out, so counting ends for this target."""
        sent = self._sent.get(target)
        if sent is None:
            return
        sent.before, sent.tail = None, []
        # Whether it stands behind what was confirmed before is not known: only what comes behind it tells a place.
        for other in [*takewhile(lambda key: key != index, sent.wire), index]:
            if other in sent.confirmed or other == index:
                sent.wire.pop(other, None)

    def settle(self) -> None:
        """All that was sent is confirmed or refused: it counts as having been there before what comes next."""
        for sent in self._sent.values():
            digests = [digest for index, digest in sent.wire.items() if index in sent.confirmed]
            if sent.before is not None:
                sent.before += len(digests)
            sent.tail = [*sent.tail, *digests[-TAIL:]][-TAIL:]
            sent.wire.clear()
            sent.confirmed.clear()

    def find(self, target: ActionTarget, indexes: Iterable[int]) -> dict[int, bool | None]:
        """Which messages that were in flight are in their queue: True, False, or None where that cannot be told."""
        asked = list(indexes)
        unknown: dict[int, bool | None] = dict.fromkeys(asked)
        sent = self._sent.get(target)
        if sent is None or not target.stored:
            return unknown
        try:
            consumers = self._forwarding.targets.count(target).consumers
            there = self._settled(target)
        except ClientError as error:
            LOGGER.info("%s could not be peeked into again: %s", target.destination, error)
            return unknown
        if there is None:
            return unknown
        expected = [Expected(index, digest, index in sent.confirmed) for index, digest in sent.wire.items()]
        found = _read_off(there, expected, sent, consumers)
        return unknown if found is None else {index: found.get(index) for index in asked}

    def ends_with(self, target: ActionTarget, indexes: Sequence[int]) -> bool:
        """Whether messages that were in flight are seen to be the last in their queue, in the order they were sent."""
        sent = self._sent.get(target)
        if sent is None or not target.stored:
            return False
        wanted = [sent.wire[index] for index in indexes if index in sent.wire]
        try:
            there = self._settled(target)
        except ClientError as error:
            LOGGER.info("%s could not be peeked into again: %s", target.destination, error)
            return False
        return there is not None and bool(wanted) and there[-len(wanted) :] == wanted

    def _count(self, target: ActionTarget) -> int | None:
        """How many messages a target has before it is sent any."""
        if target.made or target.exists is False:
            return 0
        if not target.stored or len(self._sent) >= TARGETS:
            return None
        try:
            return self._forwarding.targets.count(target).depth
        except ClientError:
            return None

    def _settled(self, target: ActionTarget) -> list[bytes] | None:
        """The digests of all that a queue has, once two peeks in a row show the same; None if it cannot be seen."""
        last: list[bytes] | None = None
        for _ in range(LOOKS):
            seen = self._contents(target)
            if seen is None or seen == last:
                return seen
            last = seen
            time.sleep(PAUSE)
        return None

    def _contents(self, target: ActionTarget) -> list[bytes] | None:
        last = len(self._sent[target].wire) + TAIL
        for tries in range(1, TRIES + 1):
            try:
                return contents(self._forwarding, target, LOOKABLE, last)
            except ConnectionGone:
                if tries == TRIES:
                    raise
                time.sleep(PAUSE)
        return None


def contents(forwarding: Forwarding, target: ActionTarget, most: int, last: int | None = None) -> list[bytes] | None:
    """Digests of the bodies in a queue, oldest first.

    Args:
        forwarding: How messages get there.
        target: The queue.
        most, last: As of `QueueReader.all_messages`, as is None for an answer.

    Raises:
        ClientError: It could not be peeked into.
    """
    context = forwarding.context
    event_queue = _Apart(context.event_queue)
    reader = forwarding.read(
        replace(context, dial=_Dialing(context.dial, event_queue.numbers), event_queue=event_queue),
        target.destination,
    )
    try:
        frames = reader.all_messages(most, last)
    finally:
        reader.close()
        event_queue.close()
    if frames is None or sum(len(frame.raw) for frame in frames if frame is not None) > LOOKABLE_BYTES:
        return None
    return [_digest(frame.body) if frame is not None else _UNSEEN for frame in frames]


class _Apart(BlockingEventQueue):
    """What some connections report, out of an event queue that others share: their events wait there meanwhile."""

    def __init__(self, whole: BlockingEventQueue) -> None:
        super().__init__()
        self._whole = whole
        self._rest: list[Event] = []
        self.numbers: set[int] = set()
        """The sessions whose events are wanted."""

    def put(self, event: Event) -> None:
        self._whole.put(event)

    def wake(self) -> None:
        self._whole.wake()

    def get(self, timeout: float | None = None) -> Event | None:
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            event = self._whole.get(left)
            if event is None or event.session in self.numbers:
                return event
            self._rest.append(event)

    def put_back(self, events: Iterable[Event]) -> None:
        self._whole.put_back(events)

    def close(self) -> None:
        """Hand out what came meanwhile."""
        rest, self._rest = self._rest, []
        self._whole.put_back(rest)


class _Dialing:
    """Opens connections, and notes which they are."""

    def __init__(self, dial: Connector, numbers: set[int]) -> None:
        self._dial = dial
        self._numbers = numbers

    def __call__(self, word: str, *, quiet: bool = False, versions: tuple[str, ...] = ()) -> BlockingClient:
        client = self._dial(word, quiet=quiet, versions=versions)
        self._numbers.add(client.number)
        return client


def _digest(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=16).digest()


def _read_off(
    there: Sequence[bytes], expected: Sequence[Expected], sent: _Sent, consumers: int | None
) -> dict[int, bool | None] | None:
    """What a queue says of the messages that were sent there last; None if it says nothing."""
    new = _behind(there, expected, sent)
    if new is None:
        return None
    found: dict[int, bool | None] = {}
    position = seen = 0
    for each in expected:
        if position < len(new) and new[position] == each.digest:
            found[each.index] = True
            position, seen = position + 1, seen + each.confirmed
        elif each.confirmed:
            return None  # others read from it, or it drops what it has
        else:
            found[each.index] = False
    # What is missing was not taken by a reader if nobody reads, or if what stands before it is all there still.
    sure = position == len(new) and (
        consumers == 0 or seen > 0 or (bool(sent.tail) and _ends_with_tail(there, new, sent))
    )
    return {index: True if is_there else False if sure else None for index, is_there in found.items()}


def _ends_with_tail(there: Sequence[bytes], new: Sequence[bytes], sent: _Sent) -> bool:
    """Whether what was confirmed before stands right before what is new."""
    end = len(there) - len(new)
    return list(there[max(0, end - len(sent.tail)) : end]) == sent.tail


def _behind(there: Sequence[bytes], expected: Sequence[Expected], sent: _Sent) -> Sequence[bytes] | None:
    """The part of a queue that must have what was sent last; None if that cannot be told."""
    if sent.before is not None:
        return there[sent.before :] if len(there) >= sent.before else None
    # How many were there is not known: those that were confirmed last show where to look.
    mark = sent.tail
    if not mark or set(mark) & {each.digest for each in expected}:
        mark = []
        for each in expected:
            if not each.confirmed:
                break
            mark.append(each.digest)
        rest = {each.digest for each in expected[len(mark) :]}
        if not mark or set(mark) & rest:
            return None
        start = _last_place(there, mark)
        return None if start is None else there[start:]
    start = _last_place(there, mark)
    return None if start is None else there[start + len(mark) :]


def _last_place(there: Sequence[bytes], mark: Sequence[bytes]) -> int | None:
    """Where a run of messages stands last in a queue."""
    for start in range(len(there) - len(mark), -1, -1):
        if list(there[start : start + len(mark)]) == list(mark):
            return start
    return None
