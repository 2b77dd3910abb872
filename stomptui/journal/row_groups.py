"""The groups that rows of the journal are in, and what a side connection carried, folded into one row."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum


class RowGroup(Enum):
    """What a row is to a person; the value is its name on the screen."""

    MESSAGES = "messages"
    """Messages that were received, and what arrived malformed."""
    SENT = "sent"
    """SEND frames of the main connection."""
    EVENTS = "events"
    """ERROR frames and notes, one for each peek, move or drain among them."""
    PROTOCOL = "protocol"
    """All other frames: RECEIPT, ACK, SUBSCRIBE and so on."""
    ACTIONS = "actions"
    """All frames of the side connections of peeks, moves and drains."""


@dataclass
class Fold:
    """What a side connection carried, and the row that stands for it."""

    row: int
    numbers: array[int] = field(default_factory=lambda: array("Q"))
    """Its rows."""
    messages: int = 0
    """MESSAGE frames among them."""
    sent: int = 0
    """SEND frames among them."""
    size: int = 0
    """Bytes of those."""
    done: bool = False
    """Whether the connection is closed, or the series has ended."""
    failed: bool = False
    """Whether not all of it became what it should."""


class RowGroups:
    """Which rows are not messages, by group, in order."""

    def __init__(self) -> None:
        self.version = 0
        """Grows whenever rows are added."""
        self.epoch = 0
        """Grows when rows that fell off are forgotten, so that places in `numbers` change."""
        self._numbers: dict[RowGroup, array[int]] = {
            group: array("Q") for group in (RowGroup.SENT, RowGroup.EVENTS, RowGroup.PROTOCOL)
        }
        self.folds: dict[int, Fold] = {}
        """By the number of their session."""
        self._by_row: dict[int, Fold] = {}

    def add(self, group: RowGroup, number: int) -> None:
        """Take the number of a row, higher than all before it."""
        self._numbers[group].append(number)
        self.version += 1

    def add_all(self, group: RowGroup, numbers: Iterable[int]) -> None:
        """Take the numbers of rows, in order, each higher than all before it."""
        self._numbers[group].extend(numbers)
        self.version += 1

    def fold(self, session: int, row: int) -> None:
        """Put all further rows of a session into a fold, for which that row stands."""
        self.folds[session] = self._by_row[row] = Fold(row)

    def add_folded(self, fold: Fold, numbers: Iterable[int]) -> None:
        """Take numbers of rows of a session that is folded."""
        fold.numbers.extend(numbers)
        self.version += 1

    def fold_at(self, row: int) -> Fold | None:
        """The fold that a row stands for, None if it is an ordinary row."""
        return self._by_row.get(row)

    def numbers(self, group: RowGroup) -> list[array[int]]:
        """The numbers of the rows of a group, in one or more arrays that grow at their ends."""
        if group is RowGroup.ACTIONS:
            return [fold.numbers for fold in self.folds.values()]
        return [self._numbers[group]] if group in self._numbers else []

    def count(self, group: RowGroup, first: int, end: int) -> int:
        """How many rows of a group have numbers from `first` to before `end`."""
        if group is RowGroup.MESSAGES:
            return end - first - sum(self.count(other, first, end) for other in RowGroup if other is not group)
        return sum(bisect_left(each, end) - bisect_left(each, first) for each in self.numbers(group))

    def group_of(self, number: int) -> RowGroup:
        """The group of a row."""
        for group in RowGroup:
            for numbers in self.numbers(group):
                at = bisect_left(numbers, number)
                if at < len(numbers) and numbers[at] == number:
                    return group
        return RowGroup.MESSAGES

    def forget_before(self, number: int) -> None:
        """Rows with lower numbers are gone for good; their memory is freed once it is half of what is taken."""
        every = [*self._numbers.values(), *(fold.numbers for fold in self.folds.values())]
        gone = [bisect_left(numbers, number) for numbers in every]
        if 2 * sum(gone) <= sum(len(numbers) for numbers in every):
            return
        for numbers, count in zip(every, gone, strict=True):
            del numbers[:count]
        for session, fold in list(self.folds.items()):
            if fold.done and not fold.numbers and fold.row < number:
                del self.folds[session], self._by_row[fold.row]
        self.epoch += 1
        self.version += 1
