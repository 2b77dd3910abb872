"""Which rows of the journal are errors, and how many of them nobody has dealt with yet."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from enum import Enum


class Until(Enum):
    """What an error stays open until, if nobody looks at it before."""

    NEXT_SESSION = "next session"
    """A connection was lost or failed: until one stands again."""
    SESSION_OVER = "session over"
    """It is of a session that goes on: once that is over, until a connection stands again."""
    SEEN = "seen"
    """Messages are in doubt, whatever comes."""


class ErrorIndex:
    """The numbers of the rows that are errors, in order, and how many errors are open.

    An error is open until the person looks at it or at a later one, or clears it, and until what it came from is over.
    """

    def __init__(self) -> None:
        self.total = 0
        """Errors so far, those whose rows are gone included."""
        self._numbers = array("Q")
        self._cleared = array("Q")
        """Those whose rows were cleared and can be brought back."""
        self._open = {until: array("Q") for until in Until}

    @property
    def open(self) -> int:
        """How many errors are open."""
        return sum(map(len, self._open.values()))

    @property
    def last(self) -> int | None:
        """The number of the newest error whose row is there."""
        return self._numbers[-1] if self._numbers else None

    def after(self, number: int) -> int | None:
        """The number of the first error after a row."""
        at = bisect_left(self._numbers, number + 1)
        return self._numbers[at] if at < len(self._numbers) else None

    def before(self, number: int) -> int | None:
        """The number of the last error before a row."""
        at = bisect_left(self._numbers, max(0, number))
        return self._numbers[at - 1] if at else None

    def add(self, number: int, until: Until = Until.SESSION_OVER) -> None:
        """Take the number of a row that is an error, higher than all before it."""
        self.total += 1
        self._open[until].append(number)
        self._numbers.append(number)

    def session_over(self) -> None:
        """No session is there: what was open of it is open until there is one again."""
        both = sorted(self._open[Until.NEXT_SESSION] + self._open[Until.SESSION_OVER])
        self._open[Until.NEXT_SESSION], self._open[Until.SESSION_OVER] = array("Q", both), array("Q")

    def connected(self) -> None:
        """A connection stands again: what came of those before is over."""
        self._open[Until.NEXT_SESSION] = array("Q")

    def seen(self, number: int) -> bool:
        """The person looks at a row. If it is an error, it and those before it are open no longer.

        Returns:
            Whether any of them was.
        """
        at = bisect_left(self._numbers, number)
        if at == len(self._numbers) or self._numbers[at] != number:
            return False
        before = self.open
        self._open = {until: numbers[bisect_right(numbers, number) :] for until, numbers in self._open.items()}
        return self.open < before

    def close(self) -> None:
        """Count none of the errors so far as open."""
        self._open = {until: array("Q") for until in Until}

    def clear(self) -> None:
        """The rows so far were cleared, and so dealt with; what was cleared before them is forgotten."""
        self.close()
        self._cleared, self._numbers = self._numbers, array("Q")

    def restore(self) -> None:
        """The rows cleared last are there again."""
        self._numbers = self._cleared + self._numbers
        self._cleared = array("Q")

    def forget_before(self, number: int) -> None:
        """Rows with lower numbers are gone for good."""
        self._numbers = _from(self._numbers, number)
        self._cleared = _from(self._cleared, number)


def _from(numbers: array[int], first: int) -> array[int]:
    """Those numbers of a sorted array that are not below `first`."""
    return numbers[bisect_left(numbers, first) :] if numbers and numbers[0] < first else numbers
