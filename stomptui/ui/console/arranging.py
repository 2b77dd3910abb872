"""The sizes of the panes of the console, where the message stands, and one pane alone; all of it is remembered."""

from __future__ import annotations

import logging
from dataclasses import replace
from enum import Enum
from typing import Any

from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget

from stomptui.config.layout import Layout, LogLayout, save_layout, with_log
from stomptui.ui.console.log_layout import layout_of, use_layout
from stomptui.ui.widgets.compose.pane import ComposePane
from stomptui.ui.widgets.log.columns import TimeMode
from stomptui.ui.widgets.log.message_log import MessageLog
from stomptui.ui.widgets.message.split import MessagePlace, MessageSplit
from stomptui.ui.widgets.pane.pane import Edge, Pane

log = logging.getLogger(__name__)

SIDE, LEAST_SIDE, LEAST_MESSAGES = 32, 16, 40
"""Columns of the list of subscriptions unless the person sized it, at least, and what is left to the messages."""
LEAST_COMPOSE, LEAST_BODY = 7, 5
"""Lines of the compose pane, and of what is above it, at least."""
STEP_CELLS, STEP_LINES = 4, 2
SAVED_AFTER = 1.0
"""Seconds after the last change."""
SAID = {
    MessagePlace.AUTO: "The message stands where there is space.",
    MessagePlace.BELOW: "The message stands below the log.",
    MessagePlace.RIGHT: "The message stands to the right of the log.",
    MessagePlace.WHOLE: "The message stands in place of the log.",
}


class Alone(Enum):
    """The pane that is shown alone; the value is the class of the screen that does it."""

    SIDE = "-only-side"
    LOG = "-only-log"
    MESSAGE = "-only-message"
    COMPOSE = "-only-compose"


class Arranging:
    """A controller that sizes panes by key and mouse.

    Args:
        screen: The screen with the panes.
        side: The list of subscriptions in its pane.
        split: The log and the message.
        log_view: The log. What it shows is remembered for each broker.
        compose: The compose pane.
        layout: The layout as the person left it.
    """

    def __init__(
        self,
        screen: Screen[Any],
        side: Pane,
        split: MessageSplit,
        log_view: MessageLog,
        compose: ComposePane,
        layout: Layout,
    ) -> None:
        self._screen = screen
        self._side = side
        self._split = split
        self._log = log_view
        self._compose = compose
        self._layout = layout
        self._timer: Timer | None = None
        self._alone: Alone | None = None
        self._broker: str | None = None
        """The broker of which the log shows something, by its name in the layout; None before the first."""

    def begin(self) -> None:
        """Arrange the panes as the person left them."""
        layout = self._layout
        self._split.set_reactive(MessageSplit.place, MessagePlace(layout.message_place))
        self._split.set_reactive(MessageSplit.share, layout.message_share)
        self._log.time_mode = TimeMode(layout.times)
        self._use_log_layout()
        self._screen.watch(self._log, "header", self.arranged, init=False)
        self._apply()

    def opened(self, broker: str) -> None:
        """A connection begins: the log shows what it showed of this broker last.

        Args:
            broker: The name of the profile, or without one host and port.
        """
        self._broker = broker
        if self._screen.is_mounted:
            self._use_log_layout()

    def renamed(self, old: str, new: str) -> None:
        """A profile has another name: what its log shows stays remembered."""
        if self._broker == old:
            self._broker = new
        if self._screen.is_mounted and (known := self._layout.logs.get(old)) is not None:
            logs = with_log(with_log(self._layout.logs, old, LogLayout()), new, known)
            self._remember(replace(self._layout, logs=logs))

    def _use_log_layout(self) -> None:
        if self._broker is not None:
            use_layout(self._log, self._layout.logs.get(self._broker, LogLayout()))

    @property
    def layout(self) -> Layout:
        """The layout as it is."""
        return self._layout

    @property
    def column(self) -> str:
        """The header that the log shows in a column of its own, "" for none."""
        return self._log.header or ""

    @column.setter
    def column(self, header: str) -> None:
        self._log.header = header or None

    def take(self, layout: Layout) -> None:
        """Arrange everything that way, and remember it."""
        self._log.time_mode = TimeMode(layout.times)
        self._split.place = MessagePlace(layout.message_place)
        self._remember(layout)

    def arranged(self) -> None:
        """The person sized or placed the message, hid rows, or chose a column: remember it."""
        logs, broker = self._layout.logs, self._broker
        self._remember(
            replace(
                self._layout,
                message_place=self._split.place.value,
                message_share=self._split.share,
                times=self._log.time_mode.value,
                logs=logs if broker is None else with_log(logs, broker, layout_of(self._log)),
            )
        )

    # -- the mouse -------------------------------------------------------------------------------------------------

    def drag(self, event: Pane.Dragged) -> None:
        """A border was dragged: that of the subscriptions, or the one above the compose pane."""
        screen = self._screen
        if event.pane is self._side and event.edge is Edge.RIGHT:
            self._size_side(event.x + 1)
        elif event.edge is Edge.LEFT and event.x < screen.size.width // 2 and event.pane in self._split.walk_children():
            self._size_side(event.x)
        elif self._compose in event.pane.ancestors and event.edge is Edge.TOP:
            self._size_compose(screen.size.height - 1 - event.y)
        elif event.edge is Edge.BOTTOM and event.pane not in self._compose.walk_children():
            self._size_compose(screen.size.height - 2 - event.y)

    # -- keys ------------------------------------------------------------------------------------------------------

    def action_place(self) -> None:
        """Put the message below the log, to the right of it, in its place, or wherever there is space."""
        self._screen.add_class("-detail")
        self._screen.notify(SAID[self._split.place_next()], timeout=3)

    def action_grow(self, step: int) -> None:
        """Make the pane with the focus larger (1) or smaller (-1)."""
        match self._pane_here():
            case Alone.SIDE:
                self._size_side(self._side.outer_size.width + step * STEP_CELLS)
            case Alone.COMPOSE:
                self._size_compose(self._compose.outer_size.height + step * STEP_LINES)
            case here:
                self._split.resize(self._split.share + (step if here is Alone.MESSAGE else -step) * 0.05)

    def action_alone(self) -> None:
        """Show the pane with the focus alone, or all of them again."""
        self.show_alone(None if self._alone is not None else self._pane_here())

    def leave_alone(self) -> bool:
        """Show all panes again; False if they are shown."""
        if self._alone is None:
            return False
        self.show_alone(None)
        return True

    def show_alone(self, pane: Alone | None) -> None:
        """Show one pane alone, or all of them."""
        self._alone = pane
        for each in Alone:
            self._screen.set_class(each is pane, each.value)
        self._apply()

    def _pane_here(self) -> Alone:
        if self._side.has_focus_within:
            return Alone.SIDE
        if self._compose.has_focus_within:
            return Alone.COMPOSE
        return Alone.MESSAGE if self._split.detail.has_focus_within else Alone.LOG

    # -- sizes -----------------------------------------------------------------------------------------------------

    def _size_side(self, columns: int) -> None:
        self._remember(replace(self._layout, side=min(self._most_side, max(LEAST_SIDE, columns))))

    @property
    def _most_side(self) -> int:
        """Columns of the list of subscriptions at most: the messages stay in sight."""
        return max(LEAST_SIDE, self._screen.size.width - LEAST_MESSAGES)

    def _size_compose(self, lines: int) -> None:
        height = self._screen.size.height
        if not self._screen.has_class("-compose") or height < LEAST_COMPOSE + LEAST_BODY + 2:
            return
        lines = min(height - 2 - LEAST_BODY, max(LEAST_COMPOSE, lines))
        self._remember(replace(self._layout, compose=round(lines / height, 4)))

    def _remember(self, layout: Layout) -> None:
        if layout == self._layout:
            return
        self._layout = layout
        self._apply()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._screen.set_timer(SAVED_AFTER, self._save)

    def _apply(self) -> None:
        """Size the panes; where the person sized none, the stylesheet does."""
        screen, layout = self._screen, self._layout
        narrow = screen.has_class("-narrow") or self._alone is not None
        # They may have been sized in a larger terminal.
        _set(self._side, "width", None if narrow or layout.side is None else min(self._most_side, layout.side))
        alone = self._alone is not None or screen.has_class("-tiny")
        lines = None
        if not alone and layout.compose is not None:
            height = screen.size.height
            lines = max(LEAST_COMPOSE, min(height - 2 - LEAST_BODY, round(layout.compose * height)))
        _set(self._compose, "height", lines)

    def resized(self) -> None:
        """The terminal has another size."""
        self._apply()

    def _save(self) -> None:
        layout = self._layout
        self._screen.run_worker(lambda: self._write(layout), thread=True, group="layout")

    def _write(self, layout: Layout) -> None:
        """In a worker's thread."""
        try:
            save_layout(layout)
        except OSError as error:
            log.warning("the layout is not remembered: %s", error)


def _set(widget: Widget, rule: str, value: int | str | None) -> None:
    if value is None:
        widget.styles.clear_rule(rule)
        widget.refresh(layout=True)
    else:
        setattr(widget.styles, rule, value)
