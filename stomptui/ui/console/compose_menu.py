"""The list of what else can be done with the draft, as a menu and as a part of the palette."""

from __future__ import annotations

from collections.abc import Callable

from textual.command import DiscoveryHit, Hit, Hits, Provider

from stomptui.ui.command_palette import NAMED, relevance
from stomptui.ui.console.compose_action import ComposeAction
from stomptui.ui.console.compose_actions import ACTIONS
from stomptui.ui.console.composing import Composing
from stomptui.ui.dialogs.choice import Choice, ChoiceScreen
from stomptui.ui.environment import environment_of


class ComposeMenu:
    """A controller that offers `ACTIONS`.

    Args:
        composing: The compose pane's controller, which the actions are given.
    """

    def __init__(self, composing: Composing) -> None:
        self._composing = composing
        self._last = ACTIONS[0].id

    def action_more(self) -> None:
        """Ask which one, beginning with that of last time; what is typed narrows the list."""
        composing = self._composing
        choices = [
            Choice(each.id, each.label, self.note(each), each.words, off=bool(self._refusal(each)))
            for each in self.offered
        ]

        def chosen(id: str | None) -> None:
            action = next((each for each in ACTIONS if each.id == id), None)
            if action is not None:
                self._last = action.id
                self.run(action)

        title = "What is to be done with this message?"
        menu = ChoiceScreen(title, choices, self._last, placeholder="type to search", menu=True)
        composing.screen.app.push_screen(menu, chosen)

    @property
    def offered(self) -> list[ComposeAction]:
        """What there is for this draft on this broker, though not all of it can be done now."""
        dialect = self._composing.console.dialect
        repairs = self._composing.pane.draft.repairs is not None
        return [
            each
            for each in ACTIONS
            if (repairs or not each.of_repair)
            and (dialect.errors_at or not each.of_application)
            and each.needs not in dialect.lacks
        ]

    def note(self, action: ComposeAction) -> str:
        """What one of them does, or why it cannot be done now."""
        return f"not now: {why}" if (why := self._refusal(action)) else action.note

    def run(self, action: ComposeAction) -> None:
        """Do one of them, or say why not."""
        if why := self._refusal(action):
            self._composing.screen.app.notify(
                f"{action.label} cannot be done now: {why}.", severity="warning", markup=False
            )
        else:
            action.run(self._composing)

    def _refusal(self, action: ComposeAction) -> str:
        if action.changes and (why := environment_of(self._composing.screen.app).refusal):
            return why
        return action.refusal(self._composing)


class ComposeProvider(Provider):
    """Offers `ACTIONS` in the command palette while the compose pane is open, and what is not about a draft always.

    The screen gives its menu as the attribute `compose_menu`.
    """

    OWN = ("copy-as", "series", "save", "saved-messages", "history", "file", "next-tab", "previous-tab")
    """Those that the palette has already, since they have keys."""

    @property
    def _menu(self) -> ComposeMenu:
        menu: ComposeMenu = getattr(self.screen, "compose_menu")  # noqa: B009
        return menu

    def _actions(self) -> list[ComposeAction]:
        opened = self.screen.has_class("-compose")
        return [a for a in self._menu.offered if a.id not in self.OWN and (opened or a.of_application)]

    def _runner(self, action: ComposeAction) -> Callable[[], None]:
        menu = self._menu
        return lambda: menu.run(action)

    async def discover(self) -> Hits:
        for action in self._actions():
            yield DiscoveryHit(action.label, self._runner(action), help=self._menu.note(action))

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for action in self._actions():
            named = relevance(query, action.label, action.words)
            score = max(matcher.match(action.label), matcher.match(action.note) * 0.8) + named * NAMED
            if score > 0:
                note = self._menu.note(action)
                yield Hit(score, matcher.highlight(action.label), self._runner(action), help=note)
