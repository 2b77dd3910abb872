"""The tabs of the compose pane, for a terminal too narrow to show body, headers and frame side by side."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from stomptui.compose.checks import Problem
from stomptui.compose.draft import Draft


class ComposeTab(Enum):
    """What is shown alone in a narrow terminal. The value is the name of the tab, and of its class in CSS."""

    BODY = "body"
    HEADERS = "headers"
    FRAME = "frame"

    @property
    def next(self) -> ComposeTab:
        """The tab after this one; the first after the last."""
        tabs = list(ComposeTab)
        return tabs[(tabs.index(self) + 1) % len(tabs)]


class ComposeTabs(Widget):
    """The names of the tabs, with a sign where a tab has errors; a click changes to another."""

    DEFAULT_CSS = "ComposeTabs { height: 1; display: none; color: $text-muted; }"

    class Chosen(Message):
        """The person wants to see another tab."""

        def __init__(self, tab: ComposeTab) -> None:
            super().__init__()
            self.tab = tab

    def __init__(self) -> None:
        super().__init__()
        self._labels = {tab: tab.value.capitalize() for tab in ComposeTab}
        self.current = ComposeTab.BODY

    def show(self, draft: Draft, problems: Sequence[Problem]) -> None:
        """Show how many headers a draft has, and where its errors are."""
        count = sum(1 for _ in draft.lines())
        wrong = {problem.field for problem in problems if problem.severity == "error"}
        self._labels = {
            ComposeTab.BODY: "Body" + " ✗" * bool(wrong & {"body", "destination"}),
            ComposeTab.HEADERS: f"Headers {count}" + " ✗" * ("header" in wrong),
            ComposeTab.FRAME: "Frame",
        }
        self.refresh()

    def render(self) -> Content:
        return Content("  ").join(
            Content.styled(f" {label} ", "bold reverse") if tab is self.current else Content(f" {label} ")
            for tab, label in self._labels.items()
        )

    def on_click(self, event: events.Click) -> None:
        right = 0
        for tab, label in self._labels.items():
            right += len(label) + 4
            if event.x < right - 1:
                self.post_message(self.Chosen(tab))
                return
