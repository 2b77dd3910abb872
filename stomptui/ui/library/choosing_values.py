"""Choosing which set of values fills in the variables of what is written."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from textual.screen import Screen

from stomptui.compose.library.library import Library
from stomptui.compose.library.value_sets import ValueSets, read_value_sets
from stomptui.config.chosen_values import chosen_values, keep_chosen_values
from stomptui.protocol.names import shown
from stomptui.ui.dialogs.choice import Choice, ChoiceScreen
from stomptui.ui.terminal.key_order import WAITED_FOR
from stomptui.ui.widgets.compose.pane import ComposePane

NAMED = 4
"""Values that are said of a set in the list."""


class ChoosingValues:
    """Reads the sets of a library, asks which one is used, and remembers that.

    Args:
        screen: Over which it is asked.
        pane: The compose pane, which shows and uses the values.
        library: Beside whose messages the sets are.
    """

    def __init__(self, screen: Screen[Any], pane: ComposePane, library: Library) -> None:
        self._screen = screen
        self._pane = pane
        self._library = library
        self._chosen = ""
        self._whose = ""

    def opened(self, whose: str) -> None:
        """Use the set that was chosen last with a profile, or with a host and port without one."""
        self._whose = whose
        self._use("", {})
        self._screen.run_worker(self._come_back(whose), group="values", exclusive=True)

    async def _come_back(self, whose: str) -> None:
        root = self._library.root
        name = await asyncio.to_thread(chosen_values, root, whose)
        if not name:
            return
        found = await asyncio.to_thread(read_value_sets, root)
        if whose != self._whose or self._chosen:
            return
        if name in found.sets:
            self._use(name, found.sets[name])
        else:
            text = f"The set of values {shown(name)} that was used last is not in {found.path} any more."
            self._screen.app.notify(text, title="Values of variables", severity="warning", markup=False)

    def _use(self, name: str, values: Mapping[str, str]) -> None:
        self._chosen = name
        self._pane.use_values(name, values)

    async def _keep(self, name: str) -> None:
        try:
            await asyncio.to_thread(keep_chosen_values, self._library.root, self._whose, name)
        except OSError as error:
            text = f"The choice is not remembered: {error.strerror}."
            self._screen.app.notify(text, title="Values of variables", severity="warning", markup=False)

    def ask(self) -> None:
        """Read the file anew and ask."""
        self._screen.run_worker(self._ask(), group=WAITED_FOR)

    async def _ask(self) -> None:
        found = await asyncio.to_thread(read_value_sets, self._library.root)
        app = self._screen.app
        if found.problems:
            more = f", and {len(found.problems) - 1:,} more" if len(found.problems) > 1 else ""
            text = f"{found.path}: {found.problems[0]}{more}"
            app.notify(text, title="Not used", severity="warning", markup=False)
        if not found.sets:
            if not found.problems:
                example = '[local], and below it host = "localhost" for {{host}}'
                app.notify(f"There are no sets of values. Write them into {found.path}: {example}.", markup=False)
            return
        none = Choice("", "none", "only the variables that are there anyway")
        choices = [none, *(Choice(name, name, _note(found, name)) for name in found.sets)]
        chosen = await app.push_screen_wait(ChoiceScreen("Fill in which values?", choices, self._chosen))
        if chosen is not None:
            self._use(chosen, found.sets.get(chosen, {}))
            await self._keep(chosen)


def _note(found: ValueSets, name: str) -> str:
    values = found.sets[name]
    named = ", ".join(f"{key} = {value}" for key, value in list(values.items())[:NAMED])
    return f"{named} …" if len(values) > NAMED else named
