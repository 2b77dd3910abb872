"""Filling in the variables of a draft when it is sent, once, before anything else is asked or checked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from textual.screen import Screen

from stomptui.compose.draft import Draft
from stomptui.compose.variables.fill import VariableError, fill, is_filled, labels, names
from stomptui.compose.variables.preview import problem_of
from stomptui.compose.variables.sources import Sources
from stomptui.config.files.logs import hide_secrets
from stomptui.config.secret_names import secrets_in
from stomptui.ui.dialogs.answers import AnswersScreen
from stomptui.ui.widgets.compose.pane import ComposePane

Go = Callable[[ComposePane.SendRequested], None]


class Filling:
    """Between the pane and the sending of its draft.

    Args:
        screen: The screen with the pane.
        pane: The pane; told what is wrong.
    """

    def __init__(self, screen: Screen[Any], pane: ComposePane) -> None:
        self._screen = screen
        self._pane = pane
        self._counter = 1
        """The number of the next message that counts."""
        self._order = asyncio.Lock()
        self._under_way = 0

    def before(self, message: ComposePane.SendRequested, go: Go) -> None:
        """Fill in the draft of a message and go on with it; if that cannot be done, say why."""
        draft = message.draft
        if not is_filled(draft) and not self._under_way:
            go(message)
        elif asked := labels(draft):
            self._screen.app.push_screen(
                AnswersScreen(asked), lambda given: None if given is None else self._fill(draft, given, go)
            )
        else:
            self._fill(draft, {}, go)

    def _fill(self, draft: Draft, answers: dict[str, str], go: Go) -> None:
        if "file" not in names(draft) and not self._under_way:
            self._go_on(draft, lambda: fill(draft, self._sources(answers)), go)
        else:
            self._under_way += 1
            self._screen.run_worker(self._fill_off(draft, answers, go))

    async def _fill_off(self, draft: Draft, answers: dict[str, str], go: Go) -> None:
        """The same where a disk is read: one draft after the other."""
        try:
            async with self._order:
                sources = self._sources(answers)
                filling = asyncio.create_task(asyncio.to_thread(fill, draft, sources))
                await asyncio.wait({filling})
                self._go_on(draft, filling.result, go)
        finally:
            self._under_way -= 1

    def _sources(self, answers: dict[str, str]) -> Sources:
        values = self._pane.values
        sources = Sources(counter=self._counter, prompts=answers, columns=values)

        def environment(name: str) -> str | None:
            value = sources.environment(name)
            hide_secrets(secrets_in(name, value or ""))
            return value

        return Sources(counter=self._counter, prompts=answers, columns=values, environment=environment)

    def _go_on(self, draft: Draft, filled: Callable[[], Draft], go: Go) -> None:
        try:
            new = filled()
        except VariableError as error:
            self._pane.refuse(problem_of(draft, error))
            return
        checked = self._pane.checked(new)
        if checked.error is not None:
            self._pane.refuse(checked.error)
            return
        if "counter" in names(draft):
            self._counter += 1
            self._pane.count_from(self._counter)
        go(ComposePane.SendRequested(new, checked.doubts, draft))
