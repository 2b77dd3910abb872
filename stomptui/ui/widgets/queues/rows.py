"""The rows of the table of queues: what is known of a queue, how rows are ordered, what stands in a cell."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple, Protocol

from stomptui.journal.search.folding import fold
from stomptui.protocol.clean import clean, clean_name
from stomptui.ui.widgets.queues.columns import BAR, CHANGE, MINUTE, Column, count_text, rate_text

DEAD = "†"
"""Stands before a queue that dead letters go to."""


RATES = frozenset({"rate_in", "rate_out"})
"""The columns of messages a second."""


class QueueOrder(Enum):
    """What rows are ordered by."""

    NAME = "name"
    DEPTH = "depth"
    """The deepest first."""


class QueueRow(Protocol):
    """What the table shows of a queue. Texts may hold anything; None is what is not known."""

    @property
    def name(self) -> str: ...
    @property
    def destination(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def ready(self) -> int | None: ...
    @property
    def held(self) -> int | None: ...
    @property
    def consumers(self) -> int | None: ...
    @property
    def rate_in(self) -> float | None: ...
    @property
    def rate_out(self) -> float | None: ...
    @property
    def dead_letters(self) -> bool: ...
    @property
    def note(self) -> str: ...
    @property
    def durable(self) -> bool | None: ...
    @property
    def arguments(self) -> tuple[str, ...]: ...
    @property
    def dead_letters_to(self) -> str: ...
    @property
    def fed_by(self) -> tuple[str, ...]: ...
    @property
    def oldest(self) -> float | None: ...
    @property
    def counts(self) -> tuple[tuple[str, int], ...]: ...


class MoreOfQueue(Protocol):
    """What is shown of the selected queue alone, beside what its row has. Texts may hold anything."""

    @property
    def bindings(self) -> tuple[str, ...]: ...
    @property
    def dead_letters_to(self) -> str: ...
    @property
    def expired_to(self) -> str: ...
    @property
    def fed_by(self) -> tuple[str, ...]: ...
    @property
    def counts(self) -> tuple[tuple[str, int], ...]: ...
    @property
    def oldest(self) -> float | None: ...


class TableRow(NamedTuple):
    """A queue with what is worked out once for it. All text is clean."""

    queue: QueueRow
    key: tuple[str, str]
    """Tells it apart from all others, from one listing to the next."""
    name: str
    note: str
    searched: str
    """What a filter looks at, folded."""
    sorted: tuple[bool, str, tuple[str, str]]
    """Where it stands by name, dead-letter queues first."""

    @property
    def depth(self) -> int | None:
        """Messages in it, unacknowledged ones among them; None if that is not known."""
        ready, held = self.queue.ready, self.queue.held
        return None if ready is None and held is None else (ready or 0) + (held or 0)

    @property
    def unread(self) -> bool:
        """Whether it has messages and no consumers."""
        return bool(self.queue.ready) and self.queue.consumers == 0


def make_row(queue: QueueRow, before: TableRow | None) -> TableRow:
    if before is not None and before.queue.note == queue.note and before.queue.dead_letters == queue.dead_letters:
        return before._replace(queue=queue)
    name, note = clean_name(queue.name), clean(queue.note)
    words = [name, queue.destination, queue.kind, note, "dead letters" if queue.dead_letters else ""]
    key = (queue.kind, queue.name)
    return TableRow(queue, key, name, note, fold(" ".join(words)), (not queue.dead_letters, name.lower(), key))


def by_name(row: TableRow) -> tuple[bool, str, tuple[str, str]]:
    return row.sorted


def by_depth(row: TableRow) -> tuple[bool, int, str, tuple[str, str]]:
    depth = row.depth
    after, name, key = row.sorted
    return after, 1 if depth is None else -depth, name, key


class FilledColumns:
    """Which columns of numbers the broker fills, as its answers show."""

    def __init__(self) -> None:
        self._answers = 0
        self._unknown: set[str] = set()

    def note(self, queues: Sequence[QueueRow]) -> None:
        """See what an answer has."""
        fields = ("ready", "held", "consumers", *RATES)
        unknown = {field for field in fields if all(getattr(queue, field) is None for queue in queues)}
        self._answers += 1
        if self._answers == 1 and "ready" not in unknown:
            # Many brokers count messages, so that rates are known from the second answer on.
            unknown -= RATES
        # A column that was there stays: a queue less is no reason to move the others.
        self._unknown = unknown & self._unknown if self._answers > 2 else unknown

    @property
    def unwanted(self) -> set[str]:
        """The columns that are left out."""
        unknown = self._unknown
        if "ready" in unknown:
            return unknown | {BAR, CHANGE, MINUTE}
        # What comes in and goes out says more than the difference.
        return unknown if unknown >= RATES else unknown | {CHANGE}


class DeadLettersAt(NamedTuple):
    """A dead-letter queue to be found among rows."""

    key: tuple[str, str] | None
    """Its kind and name; None for the first that has messages, or else the first."""

    def place(self, rows: Sequence[TableRow]) -> int | None:
        """Its place among the rows, None if it is not there."""
        dead = [index for index, row in enumerate(rows) if row.queue.dead_letters]
        if self.key is not None:
            return next((index for index in dead if rows[index].key == self.key), None)
        return next((index for index in dead if rows[index].depth), dead[0] if dead else None)


def cell_text(queue: QueueRow, column: Column) -> tuple[str, bool]:
    """What stands in a column, and whether it is of no interest."""
    match column.field:
        case "kind":
            return clean(queue.kind), True
        case "ready":
            return count_text(queue.ready, column.cells), not queue.ready
        case "held":
            return count_text(queue.held, column.cells), not queue.held
        case "consumers":
            return count_text(queue.consumers, column.cells), not queue.consumers
        case "rate_in":
            return rate_text(queue.rate_in, column.cells), not queue.rate_in
        case _:
            return rate_text(queue.rate_out, column.cells), not queue.rate_out


def dead_letters(queues: Sequence[QueueRow]) -> tuple[int, int]:
    """How many dead-letter queues hold messages, and how many messages those are."""
    held = [count for queue in queues if queue.dead_letters and (count := (queue.ready or 0) + (queue.held or 0))]
    return len(held), sum(held)


def totals(queues: Sequence[QueueRow]) -> tuple[int | None, int | None]:
    """Messages that wait and messages held, in all queues that tell; None if none tells."""
    ready = [queue.ready for queue in queues if queue.ready is not None]
    held = [queue.held for queue in queues if queue.held is not None]
    return (sum(ready) if ready else None), (sum(held) if held else None)
