"""The list of themes: each is shown while the cursor is on it, Enter keeps it, Esc brings back what was."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.timer import Timer
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.program.settings_keeper import SettingsKeeper

REST = 0.1
"""Seconds that the cursor rests on a theme before it is shown: one is slow to put on, and people hold the key down."""


class ThemeScreen(Dialog[str | None]):
    """Lets one choose a theme. Dismisses with its name, or None if the one that was there stays.

    Args:
        keeper: Knows the theme, and keeps the one that is chosen.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.THEMES)
    DEFAULT_CSS = """
    ThemeScreen {
        align: right middle;
        background: transparent;
        & > .box { width: 32; height: 100%; max-height: 30; padding: 0 1; }
        #themes { height: 1fr; padding: 0; background: transparent; text-wrap: nowrap; text-overflow: ellipsis; }
        #themes, #themes:focus { border: none; }
    }
    """

    def __init__(self, keeper: SettingsKeeper) -> None:
        super().__init__()
        self._keeper = keeper
        self._names: list[str] = []
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        themes = self.app.available_themes
        self._names = sorted(name for name in themes if name != "textual-ansi")
        with Vertical(classes="box"):
            yield OptionList(*(Option(self._prompt(name), id=name) for name in self._names), id="themes", markup=False)

    def _prompt(self, name: str) -> Text:
        theme = self.app.available_themes[name]
        return Text(name if theme.dark or "light" in name else f"{name} (light)")

    def on_mount(self) -> None:
        self.label("Theme", "enter keeps", f"{key_of(self, 'themes.restore')} back")
        themes = self.query_one(OptionList)
        themes.highlighted = self._names.index(self.app.theme) if self.app.theme in self._names else 0
        themes.focus()

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        theme = event.option_id or self._keeper.theme
        if theme != self.app.theme:
            self._timer = self.set_timer(REST, lambda: self._keeper.preview_theme(theme))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        theme = event.option_id or self._keeper.theme
        self._keeper.choose_theme(theme)
        self.dismiss(theme)

    def action_restore(self) -> None:
        """Leave, with the theme that was there before."""
        if self._timer is not None:
            self._timer.stop()
        self._keeper.end_preview()
        self.dismiss(None)
