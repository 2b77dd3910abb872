"""The heads of the columns of the log."""

from __future__ import annotations

from rich.text import Text
from textual.widget import Widget

from stomptui.protocol.clean import clean_name
from stomptui.ui.widgets.log.columns import TimeMode, fit
from stomptui.ui.widgets.log.view import LogView
from stomptui.ui.widgets.palette import ink

TIMES = {TimeMode.MILLISECONDS: "time", TimeMode.SECONDS: "time", TimeMode.SINCE: "since"}


class LogHeads(Widget):
    """Names the columns of a log, where they are.

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
        self.watch(self._log, "columns", self._changed)
        self.watch(self._log, "time_mode", self._changed)
        self.watch(self._log, "header", self._changed)

    def _changed(self) -> None:
        self.refresh()

    def render(self) -> Text:
        columns = self._log.columns
        if columns is None:
            return Text("")
        text = f"{TIMES[self._log.time_mode]:<{columns.time}}   {fit('destination', columns.destination)} "
        if columns.size:
            text += f"{'size':>{columns.size}} "
        if columns.kind:
            text += fit("type", columns.kind) + " "
        if columns.header:
            text += fit(clean_name(self._log.header or ""), columns.header) + " "
        return Text(f"{text}body", ink(self, "log-heads--text"), no_wrap=True, overflow="ellipsis", end="")
