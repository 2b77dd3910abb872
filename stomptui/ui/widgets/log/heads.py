"""The heads of the columns of the log."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.widget import Widget

from stomptui.ui.widgets.log.view import LogView
from stomptui.ui.widgets.paint_styles import ink


class LogHeads(Widget):
    """Names the columns of a log, where they are; a click on one that can be changed does so.

    Args:
        log: The log.
    """

    COMPONENT_CLASSES = {"log-heads--text"}
    DEFAULT_CSS = """
    LogHeads {
        height: 1;
        padding: 0 0 0 1;
        & > .log-heads--text { color: $text-muted; }
    }
    """

    def __init__(self, log: LogView) -> None:
        super().__init__()
        self._log = log

    def on_mount(self) -> None:
        self.watch(self._log, "heads", self._changed)

    def _changed(self) -> None:
        self.refresh()

    def render(self) -> Text:
        text = "".join(head.text for head in self._log.heads)
        return Text(text, ink(self, "log-heads--text"), no_wrap=True, overflow="ellipsis", end="")

    async def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        end = 0
        for head in self._log.heads if offset is not None else ():
            end += cell_len(head.text)
            if offset is not None and offset.x < end:
                if head.action is not None:
                    await self._log.run_action(head.action)
                return
