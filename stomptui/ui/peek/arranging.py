"""Where the message stands in a peek, how large it is, and one pane alone; the console shares and remembers it."""

from __future__ import annotations

from enum import Enum
from typing import Any

from textual.screen import Screen

from stomptui.ui.widgets.message.split import MessagePlace, MessageSplit

STEP = 0.05
"""The share of the space by which a key sizes the message."""
SAID = {
    MessagePlace.AUTO: "The message stands where there is space.",
    MessagePlace.BELOW: "The message stands below the list.",
    MessagePlace.RIGHT: "The message stands to the right of the list.",
    MessagePlace.WHOLE: "The message stands in place of the list.",
}


class Alone(Enum):
    """The pane that is shown alone; the value is the class of the screen that does it."""

    LIST = "-only-log"
    MESSAGE = "-only-message"


class PeekArranging:
    """A controller that places and sizes the message of a peek by key and mouse.

    Args:
        screen: The screen of the peek.
        split: Its list and message.
        shared: Those of the console: what is changed in one holds in the other.
    """

    def __init__(self, screen: Screen[Any], split: MessageSplit, shared: MessageSplit) -> None:
        self._screen = screen
        self._split = split
        self._shared = shared
        self._alone: Alone | None = None
        split.set_reactive(MessageSplit.place, shared.place)
        split.set_reactive(MessageSplit.share, shared.share)

    def arranged(self) -> None:
        """The person placed or sized the message."""
        self._shared.place, self._shared.share = self._split.place, self._split.share
        self._shared.post_message(MessageSplit.Arranged(self._shared))

    def action_place(self) -> None:
        """Put the message below the list, to the right of it, in its place, or wherever there is space."""
        self._screen.add_class("-detail")
        self._screen.notify(SAID[self._split.place_next()], timeout=3)

    def action_grow(self, step: int) -> None:
        """Make the pane with the focus larger (1) or smaller (-1)."""
        self._split.resize(self._split.share + (step if self._pane_here is Alone.MESSAGE else -step) * STEP)

    def action_alone(self) -> None:
        """Show the pane with the focus alone, or both again."""
        if not self.leave_alone():
            self._show_alone(self._pane_here)

    def leave_alone(self) -> bool:
        """Show both panes again; False if they are shown."""
        was_alone = self._alone is not None
        self._show_alone(None)
        return was_alone

    @property
    def _pane_here(self) -> Alone:
        return Alone.MESSAGE if self._split.detail.has_focus_within else Alone.LIST

    def _show_alone(self, pane: Alone | None) -> None:
        self._alone = pane
        for each in Alone:
            self._screen.set_class(each is pane, each.value)
