"""Choosing which set of values fills in the variables of what is written."""

from __future__ import annotations

import asyncio
from typing import Any

from textual.screen import Screen

from stomptui.compose.library.library import Library
from stomptui.compose.library.value_sets import ValueSets, read_value_sets
from stomptui.ui.dialogs.choice import Choice, ChoiceScreen
from stomptui.ui.terminal.key_order import WAITED_FOR
from stomptui.ui.widgets.compose.pane import ComposePane

NAMED = 4
"""Values that are said of a set in the list."""


class ChoosingValues:
    """Reads the sets of a library, and asks which one is used.

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
            self._chosen = chosen
            self._pane.use_values(chosen, found.sets.get(chosen, {}))


def _note(found: ValueSets, name: str) -> str:
    values = found.sets[name]
    named = ", ".join(f"{key} = {value}" for key, value in list(values.items())[:NAMED])
    return f"{named} …" if len(values) > NAMED else named
