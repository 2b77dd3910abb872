"""Letters over a screen: the next key goes to what has that letter, any other takes the letters away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from stomptui.ui.chosen_keys import key_of
from stomptui.ui.jump.targets import JumpTarget, jump_targets
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.places import keys_of
from stomptui.ui.program.other_layouts import LATIN_KEYS

SIZING = ("console.grow", "console.shrink", "console.place", "console.alone")
"""Keys that work here as well, for somebody who is typing in a field, where they would be text."""
AGAIN = ("console.grow", "console.shrink")
"""Those that are pressed several times."""


class JumpScreen(ModalScreen[Callable[[], object] | None]):
    """Shows letters. Dismisses with what goes to the one that was pressed, or None.

    Args:
        below: The screen that one goes about in.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.JUMP)
    DEFAULT_CSS = """
    JumpScreen {
        background: $background 40%;
        & > .letter {
            position: absolute;
            width: 1;
            height: 1;
            text-style: bold;
            background: $warning;
            color: auto 100%;
        }
        & > #jump-hint { dock: bottom; height: 1; padding: 0 1; background: $panel; color: $foreground; }
    }
    JumpScreen:nocolor > .letter { text-style: bold reverse; }
    JumpScreen:ansi { background: transparent; }
    JumpScreen:ansi > .letter { background: ansi_default; color: ansi_default; text-style: bold reverse; }
    """

    def __init__(self, below: Screen[Any]) -> None:
        super().__init__()
        self._below = below
        self._targets: list[JumpTarget] = []
        self._size = below.size
        self._sizing = {
            key: binding
            for key, found in keys_of(below).items()
            for binding in found
            if binding.id in SIZING and not binding.system
        }

    def compose(self) -> ComposeResult:
        yield from self._letters()
        hint = "Press a letter to go there, any other key to stay"
        if self._sizing:
            keys = " ".join(key_of(self, id) for id in SIZING)
            hint = f"Press a letter to go there · {keys} size the pane · any other key stays"
        yield Static(hint, id="jump-hint", markup=False)

    def _letters(self) -> list[Static]:
        self._targets = jump_targets(self._below)
        letters = []
        for target in self._targets:
            letter = Static(target.letter, classes="letter", markup=False)
            letter.styles.offset = target.place
            letters.append(letter)
        return letters

    async def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        if (binding := self._sizing.get(event.key)) is not None:
            await self.app.run_action(binding.action, self._below)
            if binding.id in AGAIN:
                self._below.call_after_refresh(self._place_anew)
            else:
                self.leave(None)
            return
        typed = event.character or ""
        letter = LATIN_KEYS.get(typed, typed)
        self.leave(next((target.go for target in self._targets if target.letter == letter), None))

    async def _place_anew(self) -> None:
        """The panes have other sizes."""
        if self.is_current:
            await self.query(".letter").remove()
            await self.mount_all(self._letters())

    def on_click(self, event: events.Click) -> None:
        """A click on a letter is that letter."""
        event.stop()
        where = (event.screen_x, event.screen_y)
        self.leave(next((target.go for target in self._targets if target.place == where), None))

    def on_resize(self, event: events.Resize) -> None:
        if event.size != self._size:
            # The letters would be elsewhere.
            self.leave(None)

    def leave(self, go: Callable[[], object] | None) -> None:
        """Take the letters away, and go there."""
        if self.is_current:
            self.dismiss(go)
