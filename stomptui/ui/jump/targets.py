"""What one can go to on a screen, and where the letter of each is shown so that it covers nothing worth reading."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from textual.errors import NoWidget
from textual.geometry import Offset, Region
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Button, Checkbox, Input, Select

from stomptui.ui.widgets.compose.draft_tabs import DraftTabs
from stomptui.ui.widgets.pane.pane import Pane

LETTERS = "asdfghjklqwertyuiopzxcvbnmASDFGHJKLQWERTYUIOPZXCVBNM"
"""In the order in which they are given: those under the fingers first."""
SMALL = (Input, Button, Checkbox, Select)
"""What has its letter beside it, also where it is alone in a pane."""


@dataclass(frozen=True)
class JumpTarget:
    """One thing to go to."""

    letter: str
    place: Offset
    """The cell of its letter, from the upper left of the screen."""
    go: Callable[[], object]


def jump_targets(screen: Screen[Any]) -> list[JumpTarget]:
    """What can be gone to on a screen, from the top left, each with a letter of its own."""
    found: dict[Offset, Callable[[], object]] = {}
    titled: set[Pane] = set()
    for widget, region in _focusable(screen):
        pane = next((node for node in widget.ancestors if isinstance(node, Pane)), None)
        if pane is not None and pane not in titled and not isinstance(widget, SMALL):
            titled.add(pane)
            place = pane.region.offset + Offset(1, 0)
        else:
            place = Offset(region.x - 1 if region.x else region.right - 1, region.y)
        if place in found:
            place = region.offset
        found.setdefault(place, widget.focus)
    for pane in screen.query(Pane):
        if pane.region.area and pane.is_on_screen and _shown(screen, pane) is not None:
            for cell, click in pane.tabs:
                found.setdefault(pane.region.offset + Offset(cell - 1, 0), click)
    for tabs in screen.query(DraftTabs):
        if _shown(screen, tabs) is not None:
            for cell, click in tabs.hidden:
                found.setdefault(tabs.region.offset + Offset(cell, 0), click)
    ordered = sorted(found.items(), key=lambda item: (item[0].y, item[0].x))
    return [JumpTarget(letter, place, go) for letter, (place, go) in zip(LETTERS, ordered, strict=False)]


def _focusable(screen: Screen[Any]) -> Iterator[tuple[Widget, Region]]:
    """What can have the focus and is in sight, with what is seen of it."""
    for widget in screen.focus_chain:
        region = _shown(screen, widget)
        if region is not None:
            yield widget, region


def _shown(screen: Screen[Any], widget: Widget) -> Region | None:
    """What is seen of a widget, None if nothing is."""
    try:
        region = screen.find_widget(widget).visible_region
    except NoWidget:
        return None
    return region if region.area else None
