"""The tabs of a message: body, headers, wire, hex."""

from __future__ import annotations

from enum import Enum

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from stomptui.ui.widgets.palette import ink


class DetailTab(Enum):
    """One way of looking at a frame."""

    BODY = "body"
    """The body, decoded and formatted."""
    HEADERS = "headers"
    """The headers and what they mean."""
    WIRE = "wire"
    """The exact bytes, as text."""
    HEX = "hex"
    """The exact bytes, in hex."""

    def after(self, step: int) -> DetailTab:
        """The tab that many further on; after the last comes the first."""
        tabs = list(DetailTab)
        return tabs[(tabs.index(self) + step) % len(tabs)]


class DetailTabs(Widget):
    """The names of the tabs, the current one marked; a click changes to another."""

    COMPONENT_CLASSES = {"detail-tabs--current", "detail-tabs--other"}
    DEFAULT_CSS = """
    DetailTabs {
        height: 1;
        padding: 0 1;
        & > .detail-tabs--current { color: $text-accent; text-style: bold underline; }
        & > .detail-tabs--other { color: $text-muted; }
    }
    """
    current: reactive[DetailTab] = reactive(DetailTab.BODY)
    labels: reactive[tuple[str, ...]] = reactive(("Body", "Headers", "Wire", "Hex"))

    summary: reactive[str] = reactive("")
    """What the message is in a few words; clean. It is left out where there is no room."""

    class Chosen(Message):
        """The person wants another tab."""

        def __init__(self, tab: DetailTab) -> None:
            super().__init__()
            self.tab = tab

    def render(self) -> Text:
        line = Text(no_wrap=True, end="")
        for number, (tab, label) in enumerate(zip(DetailTab, self.labels, strict=True), 1):
            line.append("   " if number > 1 else "")
            line.append(f"{number} ", ink(self, "detail-tabs--other"))
            line.append(label, ink(self, f"detail-tabs--{'current' if tab is self.current else 'other'}"))
        room = self.content_size.width - line.cell_len
        if self.summary and cell_len(self.summary) + 3 <= room:
            line.append(" " * (room - cell_len(self.summary)))
            line.append(self.summary, ink(self, "detail-tabs--other"))
        return line

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        end = 0
        for tab, label in zip(DetailTab, self.labels, strict=True):
            end += len(label) + 5
            if offset.x < end:
                self.post_message(self.Chosen(tab))
                return
