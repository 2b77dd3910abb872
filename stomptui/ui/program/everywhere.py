"""What a person can ask for on every screen: help, reference, settings, secrets, and letters to go by."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.command import CommandPalette

from stomptui.ui.widgets.reveal import switch_secrets

if TYPE_CHECKING:
    from stomptui.ui.settings.changes import SettingsChanges


class Everywhere:
    """A controller of the app; what it opens is imported when it is opened, since few starts need it.

    Args:
        app: On whose screens it is opened.
        changes: Makes what changes settings.
    """

    def __init__(self, app: App[Any], changes: Callable[[], SettingsChanges]) -> None:
        self._app = app
        self._changes = changes

    def action_reveal(self) -> None:
        shown = switch_secrets(self._app)
        said = "Secrets are shown." if shown else "Secrets are hidden."
        self._app.notify(said, severity="warning" if shown else "information", timeout=3)

    def action_help(self) -> None:
        from stomptui.ui.dialogs.help import HelpScreen, help_text, key_groups

        screen = self._app.screen
        if not isinstance(screen, HelpScreen):
            self._app.push_screen(HelpScreen(help_text(screen), key_groups(screen)))

    def action_reference(self) -> None:
        from stomptui.ui.dialogs.reference import ReferenceScreen

        if not isinstance(self._app.screen, ReferenceScreen):
            self._app.push_screen(ReferenceScreen())

    def action_settings(self) -> None:
        from stomptui.ui.settings.screen import SettingsScreen

        if not any(isinstance(screen, SettingsScreen) for screen in self._app.screen_stack):
            self._app.push_screen(SettingsScreen(self._changes()))

    def action_jump(self) -> None:
        """Show a letter at everything that can have the focus; the next key goes there."""
        from stomptui.ui.jump.screen import JumpScreen
        from stomptui.ui.settings.keys import NewKeyScreen

        screen = self._app.screen
        if isinstance(screen, JumpScreen):
            screen.leave(None)
        elif not isinstance(screen, (CommandPalette, NewKeyScreen)):
            self._app.push_screen(JumpScreen(screen), _go)


def _go(go: Callable[[], object] | None) -> None:
    if go is not None:
        go()
