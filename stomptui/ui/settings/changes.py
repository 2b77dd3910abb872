"""What a change in the settings dialog does: it has its effect, and is written to settings.toml."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, Protocol

from textual.app import App

from stomptui.config.layout import Layout
from stomptui.config.secret_names import use_secret_names
from stomptui.config.settings import Settings
from stomptui.journal.journal import Journal
from stomptui.journal.views.personal import PersonalViews
from stomptui.ui.chosen_keys import keymap
from stomptui.ui.program.settings_keeper import SettingsKeeper
from stomptui.ui.settings.keys_changed import tell_keys_changed
from stomptui.ui.widgets.lines.line_display import LineDisplay
from stomptui.ui.widgets.lines.lines_view import LinesView
from stomptui.ui.widgets.reveal import repaint_secrets

LAYOUT = frozenset({"times", "message_place"})
"""What is kept with the layout."""
COLUMN = "column"
"""What is kept with the layout for each profile: the header with a column of its own."""


class Arranges(Protocol):
    """Keeps the layout of the console; `Arranging` does."""

    @property
    def layout(self) -> Layout: ...

    def take(self, layout: Layout) -> None:
        """Arrange everything that way, and remember it."""

    column: str
    """The header that the log shows in a column of its own, "" for none."""


class SettingsChanges:
    """Reads and changes settings by their names.

    Args:
        app: Whose they are.
        keeper: Has the settings and writes them.
        journal: Has the bounds of memory.
        views: Have the commands for bodies.
        line_display: How lines of messages are shown.
        arranging: Has the layout; called when that is asked for.
    """

    def __init__(
        self,
        app: App[Any],
        keeper: SettingsKeeper,
        journal: Journal,
        views: PersonalViews,
        line_display: LineDisplay,
        arranging: Callable[[], Arranges],
    ) -> None:
        self._app = app
        self.keeper = keeper
        self._journal = journal
        self._views = views
        self._lines = line_display
        self._arranging = arranging
        self._defaults = Settings()

    def value(self, name: str) -> Any:
        """The value of a setting."""
        if name == COLUMN:
            return self._arranging().column
        return getattr(self._arranging().layout if name in LAYOUT else self.keeper.settings, name)

    def default(self, name: str) -> Any:
        """Its default."""
        if name == COLUMN:
            return ""
        return getattr(Layout() if name in LAYOUT else self._defaults, name)

    def problem(self, name: str, value: Any) -> str | None:
        """What is wrong with a value, None if nothing is."""
        return replace(self._defaults, **{name: value}).problem() if name not in {*LAYOUT, COLUMN} else None

    def change(self, name: str, value: Any) -> None:
        """Give a setting a value, with its effect, and write it down."""
        if name == COLUMN:
            self._arranging().column = value
            return
        if name in LAYOUT:
            arranging = self._arranging()
            arranging.take(replace(arranging.layout, **{name: value}))
            return
        setattr(self.keeper.settings, name, value)
        if name == "last_url":
            self.keeper.settings.last_profile = ""
        self._use(name)
        self.keeper.save()

    def adopt(self, found: Settings) -> None:
        """Take over what was changed in the file by somebody else."""
        for name in self.keeper.settings.adopt(found):
            self._use(name)

    def _use(self, name: str) -> None:
        """Let a setting have its effect."""
        app, settings = self._app, self.keeper.settings
        match name:
            case "theme":
                self.keeper.choose_theme(settings.theme)
            case "wrap_lines" | "line_numbers":
                self._lines.wrap, self._lines.numbers = settings.wrap_lines, settings.line_numbers
                for screen in app.screen_stack:
                    for view in screen.query(LinesView):
                        view.display_switched()
            case "keys":
                app.set_keymap(keymap(settings.keys))
                tell_keys_changed(app)
            case "secret_names":
                use_secret_names(settings.secret_names)
                repaint_secrets(app)
            case "views":
                self._views.use_commands(settings.views)
                repaint_secrets(app)
            case "journal_bytes" | "journal_frames":
                self._journal.limit(settings.journal_bytes, settings.journal_frames)


def setting_names() -> list[str]:
    """The names of all settings in settings.toml."""
    return [item.name for item in fields(Settings)]
