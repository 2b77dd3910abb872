"""Which rows of the journal the log shows: all, some groups, or the hits of a filter, up to the newest or a pause."""

from __future__ import annotations

from stomptui.journal.journal import Journal
from stomptui.journal.row_groups import RowGroup
from stomptui.journal.search.filter import FilterHits
from stomptui.journal.search.row_filter import RowFilter
from stomptui.journal.shown_groups import ShownGroups


class VisibleRows:
    """The rows to show, in order, as positions 0 to len - 1. Costs nothing per message.

    Rows are known by their numbers; positions change while the oldest fall off. A filter finds rows of all groups.

    Args:
        journal: What to show.
        hidden: The groups of rows that are hidden while there is no filter.
    """

    def __init__(self, journal: Journal, hidden: frozenset[RowGroup] = frozenset()) -> None:
        self.journal = journal
        self.groups = ShownGroups(journal.groups, hidden)
        """Which groups are shown."""
        self.hits: FilterHits | None = None
        self.frozen: int | None = None
        """The number of the first row that is not shown because it came after the pause; None while not paused."""

    @property
    def filter(self) -> RowFilter | None:
        """What rows must match, None if all are shown."""
        return self.hits.filter if self.hits is not None else None

    @property
    def searching(self) -> bool:
        """Whether rows are left that the filter has not searched."""
        return self.hits is not None and not self.hits.done

    def search(self, row_filter: RowFilter | None, around: int | None = None) -> None:
        """Show only rows that match, all if there is no filter; the search starts around that row."""
        self.hits = FilterHits(self.journal, row_filter, around) if row_filter is not None else None

    def __len__(self) -> int:
        if self.hits is not None:
            return len(self.hits) if self.frozen is None else self.hits.index_of(self.frozen)
        return self.groups.count(self.journal.first, self.end)

    @property
    def end(self) -> int:
        """The number after that of the newest row that could be shown."""
        return self.journal.end if self.frozen is None else min(self.frozen, self.journal.end)

    def number(self, position: int) -> int:
        """The number of the row at that position.

        Raises:
            IndexError: If there is none.
        """
        if not 0 <= position < len(self):
            raise IndexError(position)
        return self.groups.number(self.journal.first, position) if self.hits is None else self.hits[position]

    def position(self, number: int) -> int:
        """How many of the shown rows come before that number: its position if it is shown, else where it would be."""
        if self.hits is not None:
            return min(self.hits.index_of(number), len(self))
        return self.groups.count(self.journal.first, min(max(number, self.journal.first), self.end))

    def shows(self, number: int) -> bool:
        """True if that row is among the shown."""
        position = self.position(number)
        return position < len(self) and self.number(position) == number

    def count_from(self, number: int) -> int:
        """How many rows, shown or hidden by the pause, have that number or a higher one."""
        if self.hits is not None:
            return len(self.hits) - self.hits.index_of(number)
        return self.groups.count(max(number, self.journal.first), self.journal.end)
