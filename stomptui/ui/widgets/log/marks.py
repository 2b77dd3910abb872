"""The rows that a person has marked, by their numbers in the journal."""

from __future__ import annotations

from stomptui.journal.journal import Journal
from stomptui.journal.visible_rows import VisibleRows


class Marks:
    """A set of numbers of rows, which may be gone since, and the one that a range is marked from."""

    def __init__(self) -> None:
        self.numbers: set[int] = set()
        self._last: int | None = None

    def toggle(self, number: int) -> None:
        """Mark a row, or unmark it."""
        self.numbers.symmetric_difference_update((number,))
        self._last = number if number in self.numbers else None

    def mark_to(self, number: int, rows: VisibleRows) -> None:
        """Mark all rows shown from the last mark, or the first row, to a row."""
        first = min(rows.position(self._last), len(rows) - 1) if self._last is not None else 0
        here = rows.position(number)
        self.numbers.update(rows.number(position) for position in range(min(first, here), max(first, here) + 1))
        self._last = number

    def mark_all(self, rows: VisibleRows) -> None:
        """Mark all rows shown."""
        self.numbers.update(rows.number(position) for position in range(len(rows)))

    def clear(self) -> None:
        """Mark nothing."""
        self.numbers.clear()
        self._last = None

    def there(self, journal: Journal) -> list[int]:
        """The marked rows that are in the journal, in order."""
        return sorted(number for number in self.numbers if journal.get(number) is not None)
