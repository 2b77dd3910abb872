"""The language of filters: what is typed is one word or phrase, to be found as it is shown, whatever its case."""

from __future__ import annotations

from stomptui.journal.search.needle import Needle
from stomptui.journal.search.row_filter import FilterProblem, RowFilter, Span
from stomptui.journal.search.rows_search import RowsSearch
from stomptui.journal.segments import Segment

LONGEST_MARKED = 20_000
"""Characters of a painted text in which matches are marked."""


class WordFilter:
    """The rows that contain a text in what is shown of them, headers and body alike.

    Args:
        text: The text; an empty one matches nothing.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._needle = Needle(text)

    def scan(self, segment: Segment, begin: int, end: int) -> RowsSearch:
        return RowsSearch(segment, begin, end, self._needle)

    def spans(self, painted: str) -> list[Span]:
        return self._needle.spans(painted[:LONGEST_MARKED])


def read_filter(text: str) -> RowFilter | FilterProblem:
    """The filter that a person typed; any text is one."""
    return WordFilter(text)
