"""The line of keys at the bottom: what works here and now, as far as there is room, with the way to all at its end.

Where the room is short, labels are shortened first, and then keys go, those that matter least first.
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

from stomptui.ui.widgets.text.kinds import takes_text

HELP = "help"
IMPORTANCE = (
    # What waits for a decision, and what ends what goes on.
    "act.ack",
    "act.reject",
    "console.reconnect",
    "console.stop",
    "compose.send",
    "compose.next_tab",
    "connect.connect",
    "connect.cancel",
    "connect.back",
    "connect.quit",
    "profiles.rename",
    "profiles.duplicate",
    "profiles.delete",
    # What people come for.
    "console.compose",
    "console.peek",
    "console.queues",
    "console.subscribe",
    "act.move",
    "act.retry",
    "act.delete",
    "queue.refresh",
    "queue.back",
    "queues.back",
    "console.quit",
    "log.last_error",
    "console.filter",
    "queue.filter",
    "queues.filter",
    "connect.demo",
    "connect.test",
    "connect.save",
    "header.add",
    "header.remove",
    "compose.history",
    "compose.file",
    "compose.format",
    "detail.copy",
    "detail.save",
    # What can wait for the list of all keys.
    "log.close_errors",
    "console.resend",
    "log.follow",
    "log.pause",
    "queue.return_all",
    "queue.hold_longer",
    "connect.reveal",
    "compose.receipt",
    "compose.new",
    "compose.persistent",
    "compose.editor",
    "compose.length",
)
"""Keys by the ids of their bindings, the most important first; those that are not named matter less."""
SHORT = {
    "log.last_error": "Error",
    "log.close_errors": "Clear",
    "console.subscribe": "Sub",
    "subscription.pause": "Pause",
    "subscription.remove": "Remove",
    "compose.editor": "Editor",
    "connect.save": "Save",
    "connect.reveal": "Show",
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
    whole: bool
    """Whether all keys are there."""


def cells(shown: ShownKey, narrow: bool) -> int:
    """How wide a key is."""
    return cell_len(shown.display) + cell_len(shown.label) + (2 if narrow else 3)


def fit(keys: Sequence[ShownKey], room: int, palette: int, narrow: bool) -> Fit:
    """Choose what is shown, in the order given.

    Args:
        keys: All that work, but for the way to all of them.
        room: Cells for them.
        palette: How wide the key of the palette is beside them, 0 for none.
        narrow: Whether there is less space around a key.
    """

    def width(some: Sequence[ShownKey]) -> int:
        return sum(cells(shown, narrow) for shown in some)

    if width(keys) + palette <= room:
        return Fit(list(keys), palette > 0, True)
    if width(keys) <= room:
        return Fit(list(keys), False, True)
    left = [replace(shown, label=SHORT.get(shown.id, shown.label)) for shown in keys]
    rank = {name: place for place, name in enumerate(IMPORTANCE)}
    while width(left) > room:
        left.remove(max(left, key=lambda shown: rank.get(shown.id, len(rank))))
    return Fit(left, False, len(left) == len(keys))


class KeyFooter(Footer):
    """Textual's footer with the keys that fit, and that of the help always in sight."""

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
        line.append((way if chosen.whole else replace(way, label="more"), ""))
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
        """The keys that work where the focus is, and the one for all of them."""
        typing = takes_text(self.screen.focused)
        found: dict[str, ShownKey] = {}
        ways: list[ShownKey] = []
        for _, binding, enabled, tooltip in self.screen.active_bindings.values():
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
            elif binding.show:
                found.setdefault(binding.action, shown)
        way = next((way for way in ways if way.key == "question_mark"), ways[0] if ways else NO_WAY)
        return list(found.values()), way

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
    return key_to_character(binding.key) is not None or len(binding.key_display or "") == 1


NO_WAY = ShownKey("app.help", "f1", "f1", "Help", f"app.{HELP}")
