"""The line under a message in which one types what to find in it."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Input, Static

from stomptui.ui.chosen_keys import key_of
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.lines.lines_view import LinesView
from stomptui.ui.widgets.text.fields import Field


class FindBar(Horizontal):
    """What to find, and how often it is there.

    Args:
        view: In which it is found.
    """

    DEFAULT_CSS = """
    FindBar {
        height: 1;
        padding: 0 1;
        & > Field { width: 1fr; height: 1; border: none; padding: 0; }
        & > Static { width: auto; padding: 0 0 0 1; color: $text-muted; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.FIND)

    def __init__(self, view: LinesView) -> None:
        super().__init__()
        self._view = view

    def compose(self) -> ComposeResult:
        keys = (key_of(self, name) for name in ("detail.next_hit", "detail.previous_hit", "find.close"))
        hint = "text to find; enter, then {} and {} step, {} ends it".format(*keys)
        yield Field(placeholder=hint, id="find-field")
        yield Static("", id="find-count", markup=False)

    def show_count(self, text: str) -> None:
        """Show where the person is among the places found."""
        for label in self.query("#find-count").results(Static):
            label.update(text)

    def enter(self) -> None:
        """Let the person type."""
        self.query_one(Field).focus()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._view.finder.find(event.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._view.focus()

    def action_close(self) -> None:
        """Find nothing any more."""
        self._view.finder.find("")
        self._view.focus()
        # Once it is gone, the keys that step are none any more.
        self._view.call_later(self._leave, self.screen)

    async def _leave(self, screen: Screen[object]) -> None:
        await self.remove()
        screen.refresh_bindings()
