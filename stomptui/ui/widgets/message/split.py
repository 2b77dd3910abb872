"""A list of messages, and the message under its cursor: below it, to the right of it, or instead of it."""

from __future__ import annotations

from enum import Enum

from textual.message import Message
from textual.reactive import var
from textual.widget import Widget

from stomptui.ui.widgets.cycle import after
from stomptui.ui.widgets.message.detail import MessageDetail
from stomptui.ui.widgets.pane.pane import Edge, Pane

RIGHT_CELLS = 200
"""From that width of the terminal on the message stands to the right, unless the person chose a place."""
LEAST_LINES, LEAST_CELLS = 4, 24
"""What the list and the message keep, however the border between them is dragged."""
DEFAULT_SHARE = 0.5


class MessagePlace(Enum):
    """Where the message stands."""

    AUTO = "auto"
    """To the right in a wide terminal, else below."""
    BELOW = "below"
    RIGHT = "right"
    WHOLE = "whole"
    """Instead of the list."""


class MessageSplit(Widget):
    """Holds a list and a message; the message is shown while the screen has the class `-detail`.

    Args:
        list_pane: The pane of the list.
        detail: The message.
    """

    DEFAULT_CSS = """
    MessageSplit {
        width: 1fr;
        height: 1fr;
        layout: vertical;
        & > Pane { height: 1fr; min-height: 3; }
        & > MessageDetail { display: none; height: 1fr; }
        &.-right { layout: horizontal; }
        &.-right > Pane { width: 1fr; height: 100%; }
        &.-right > MessageDetail { width: 1fr; height: 100%; }
    }
    """

    place: var[MessagePlace] = var(MessagePlace.AUTO)
    """Where the person wants the message."""
    share: var[float] = var(DEFAULT_SHARE)
    """Of the height, or the width where it stands to the right, that the message has."""

    class Arranged(Message):
        """The person placed or sized the message."""

        def __init__(self, split: MessageSplit) -> None:
            super().__init__()
            self.split = split

        @property
        def control(self) -> MessageSplit:
            return self.split

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, MessageSplit.Arranged) and message.split is self.split

    def __init__(self, list_pane: Pane, detail: MessageDetail, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.list_pane = list_pane
        self.detail = detail

    @property
    def stands_right(self) -> bool:
        """Whether the message stands to the right of the list."""
        if self.place is MessagePlace.AUTO:
            return self.app.size.width >= RIGHT_CELLS
        return self.place is MessagePlace.RIGHT

    def on_resize(self) -> None:
        self._arrange()

    def watch_place(self) -> None:
        self._arrange()

    def watch_share(self) -> None:
        self._arrange()

    def _arrange(self) -> None:
        right = self.stands_right
        self.set_class(right, "-right")
        self.set_class(self.place is MessagePlace.WHOLE, "-whole")
        detail = round(self.share * 1000)
        for widget, parts in ((self.list_pane, 1000 - detail), (self.detail, detail)):
            length = f"{max(1, parts)}fr"
            widget.styles.width, widget.styles.height = (length, "100%") if right else ("100%", length)

    def place_next(self) -> MessagePlace:
        """Put the message in the next place."""
        self.place = after(self.place)
        self.post_message(self.Arranged(self))
        return self.place

    def resize(self, share: float) -> None:
        """Give the message that share of the space, as far as both stay usable."""
        space = self.size.width if self.stands_right else self.size.height
        least = LEAST_CELLS if self.stands_right else LEAST_LINES
        edge = min(0.5, least / space) if space else 0.5
        self.share = min(1 - edge, max(edge, share))
        self.post_message(self.Arranged(self))

    def on_pane_dragged(self, event: Pane.Dragged) -> None:
        """The border between the two was dragged; others belong to whoever holds this."""
        of_list = event.pane is self.list_pane
        region = self.region
        if self.stands_right and event.edge is (Edge.RIGHT if of_list else Edge.LEFT):
            event.stop()
            self.resize((region.right - event.x) / max(1, region.width))
        elif not self.stands_right and event.edge is (Edge.BOTTOM if of_list else Edge.TOP) and self.detail.display:
            event.stop()
            self.resize((region.bottom - event.y) / max(1, region.height))
