"""Which rows of the journal are errors, and how many of them nobody has dealt with yet."""

from __future__ import annotations

from array import array
from bisect import bisect_left


class ErrorIndex:
    """The numbers of the rows that are errors, in order, and how many errors are open.

    An error is open until the person clears it; a lost or failed connection also until one stands again.
    """

    def __init__(self) -> None:
        self.total = 0
        """Errors so far, those whose rows are gone included."""
        self._numbers = array("Q")
        self._cleared = array("Q")
        """Those whose rows were cleared and can be brought back."""
        self._open = 0
        self._open_connection_errors = 0

    @property
    def open(self) -> int:
        """Errors that nobody has dealt with: neither the person, nor a connection that stands again."""
        return self._open + self._open_connection_errors

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

    def add(self, number: int, *, of_connection: bool = False) -> None:
        """Take the number of a row that is an error, higher than all before it."""
        self.total += 1
        if of_connection:
            self._open_connection_errors += 1
        else:
            self._open += 1
        self._numbers.append(number)

    def close(self, *, of_connection: bool = False) -> None:
        """Count none of the errors so far as open; `of_connection` for lost and failed connections alone."""
        self._open_connection_errors = 0
        if not of_connection:
            self._open = 0

    def clear(self) -> None:
        """The rows so far were cleared; what was cleared before them is forgotten."""
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
