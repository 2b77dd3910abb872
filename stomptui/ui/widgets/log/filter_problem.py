"""What is wrong with a filter, below the field it is typed in, with a mark under the place."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from stomptui.journal.search.row_filter import FilterProblem
from stomptui.protocol.clean import clean


class FilterProblemLine(Static):
    """A line that is there only while something is wrong."""

    DEFAULT_CSS = """
    FilterProblemLine { display: none; height: 1; padding: 0 1; color: $text-error; text-wrap: nowrap; }
    FilterProblemLine.-shown { display: block; }
    """

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def show(self, text: str, problem: FilterProblem | None) -> None:
        """Say what is wrong with a filter, nothing if nothing is.

        Args:
            text: The filter as it was typed.
            problem: What is wrong with it.
        """
        self.set_class(problem is not None, "-shown")
        if problem is not None:
            before = cell_len(clean(text[: problem.begin]))
            marks = "^" * max(1, cell_len(clean(text[problem.begin : problem.end])))
            self.update(Content(f"{' ' * before}{marks} {clean(problem.reason)}"))
