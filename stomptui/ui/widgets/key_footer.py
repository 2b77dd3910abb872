"""The line of keys at the bottom: the few that matter now (`ui.hints`), with the way to all keys at its end.

Where the room is short, labels are shortened first, and then keys go from the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.keys import key_to_character
from textual.screen import Screen
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

from stomptui.ui.hints import MOST, JudgesHints, hints
from stomptui.ui.places import focused_nodes, places_of
from stomptui.ui.widgets.text.kinds import takes_text

HELP = "help"
SHORT = {
    "log.last_error": "Error",
    "log.close_errors": "Clear",
    "console.subscribe": "Sub",
    "subscription.pause": "Pause",
    "subscription.remove": "Remove",
    "compose.editor": "Editor",
    "connect.save": "Save",
    "connect.reveal": "Show",
    "console.reconnect": "Reconnect",
    "detail.right": "Next",
    "detail.save": "Save",
    "queue.return_all": "Return",
    "queue.hold_longer": "Hold",
}
"""Labels where the room is short."""


@dataclass(frozen=True)
class ShownKey:
    """One key of the line."""

    id: str
    key: str
    display: str
    label: str
    action: str
    enabled: bool = True
    tooltip: str = ""


class Fit(NamedTuple):
    """What goes into a line."""

    keys: list[ShownKey]
    palette: bool


def cells(shown: ShownKey, narrow: bool) -> int:
    """How wide a key is."""
    return cell_len(shown.display) + cell_len(shown.label) + (2 if narrow else 3)


def fit(keys: Sequence[ShownKey], room: int, palette: int, narrow: bool) -> Fit:
    """Choose what is shown, in the order given.

    Args:
        keys: Those that are of use, the most important first.
        room: Cells for them.
        palette: How wide the key of the palette is beside them, 0 for none.
        narrow: Whether there is less space around a key.
    """

    def width(some: Sequence[ShownKey]) -> int:
        return sum(cells(shown, narrow) for shown in some)

    if width(keys) <= room:
        return Fit(list(keys), 0 < palette <= room - width(keys))
    left = [replace(shown, label=SHORT.get(shown.id, shown.label)) for shown in keys]
    # In a terminal of a few cells there is no room at all.
    while left and width(left) > room:
        left.pop()
    return Fit(left, False)


class KeyFooter(Footer):
    """Textual's footer with at most `MOST` keys, none of them cut, and that of the help always in sight."""

    _shown: Sequence[tuple[ShownKey, str]] | None = None
    """The keys that are mounted, with their classes; None before the first time."""

    def compose(self) -> ComposeResult:
        self._shown = self._line()
        for shown, classes in self._shown:
            yield self._key(shown, classes)

    def bindings_changed(self, screen: Screen[object]) -> None:
        if not self._bindings_ready and self.is_attached and screen is self.screen:
            # Before the first paint, which would be dropped and made again while keys are mounted.
            self._bindings_ready = True
            self.call_next(self.recompose)
        else:
            super().bindings_changed(screen)

    async def recompose(self) -> None:
        """Mount other keys, if others are to be shown: it is asked for far more often than they change."""
        if self.is_attached and self._line() != self._shown:
            await super().recompose()

    def _line(self) -> list[tuple[ShownKey, str]]:
        """The keys that are to be shown, with their classes."""
        if not self._bindings_ready:
            return []
        narrow = self.screen.has_class("-narrow")
        keys, way = self._working()
        # It is as wide as the screen, which is known before the first layout.
        room = (self.size.width or self.app.size.width) - cells(way, narrow)
        palette = self._palette()
        # Its border is one cell.
        chosen = fit(keys, room, cells(palette, narrow) + 1 if palette else 0, narrow)
        line = [(shown, "") for shown in chosen.keys]
        line.append((way, ""))
        if palette and chosen.palette:
            line.append((palette, "-command-palette"))
        return line

    def _key(self, shown: ShownKey, classes: str) -> FooterKey:
        return FooterKey(
            shown.key,
            shown.display,
            shown.label,
            shown.action,
            disabled=not shown.enabled,
            tooltip=shown.tooltip,
            classes=classes,
        ).data_bind(compact=Footer.compact)

    def _working(self) -> tuple[list[ShownKey], ShownKey]:
        """The keys to show where the focus is, the most important first, and the one for all keys."""
        screen = self.screen
        typing = takes_text(screen.focused)
        found: dict[str, ShownKey] = {}
        ways: list[ShownKey] = []
        for _, binding, enabled, tooltip in screen.active_bindings.values():
            if typing and _is_typed(binding):
                continue
            shown = ShownKey(
                binding.id or "",
                binding.key,
                self.app.get_key_display(binding),
                binding.description,
                binding.action,
                enabled,
                tooltip,
            )
            if binding.action in (HELP, f"app.{HELP}"):
                ways.append(shown)
            else:
                found.setdefault(shown.id, shown)
        way = next((way for way in ways if way.key == "question_mark"), ways[0] if ways else NO_WAY)
        places = [place for node in focused_nodes(screen) for place in places_of(node)]
        wanted = [found[id] for id in hints(places) if id in found]
        if isinstance(screen, JudgesHints):
            wanted = [shown for shown in wanted if screen.is_hint_useful(shown.id)]
        return wanted[: MOST - 1], way

    def _palette(self) -> ShownKey | None:
        if not self.app.ENABLE_COMMAND_PALETTE or self.screen.has_class("-narrow"):
            return None
        active = self.screen.active_bindings.get(self.app.COMMAND_PALETTE_BINDING)
        if active is None:
            return None
        _, binding, enabled, _ = active
        told = binding.tooltip or binding.description
        display = self.app.get_key_display(binding)
        return ShownKey("", binding.key, display, binding.description, binding.action, enabled, told)

    def on_resize(self, event: events.Resize) -> None:
        if self.is_attached:
            self.call_after_refresh(self.recompose)


def _is_typed(binding: Binding) -> bool:
    """Whether a field takes the key as a character; Textual does not know the characters of all names."""
    character = key_to_character(binding.key)
    return (character is not None and character.isprintable()) or len(binding.key_display or "") == 1


NO_WAY = ShownKey("app.help", "f1", "f1", "Help", f"app.{HELP}")
