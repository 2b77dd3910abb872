"""The question that comes before a message of somebody else's library reads the environment or a file."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

from textual.screen import Screen

from stomptui.compose.draft import Draft
from stomptui.compose.variables.fill import wanted_of_system
from stomptui.config.approvals import Approvals
from stomptui.config.files.paths import state_dir
from stomptui.protocol.names import shown
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.terminal.key_order import WAITED_FOR

log = logging.getLogger(__name__)

NAMED = 8
"""What the question names line by line; it counts the others."""
_MEANS = {"env": "a variable of your environment", "file": "the text of a file of yours"}


class Agreeing:
    """Asks once for what a library wants; the answer is remembered in libraries.json in the state folder.

    Args:
        screen: Over which it is asked.
    """

    def __init__(self, screen: Screen[Any]) -> None:
        self._screen = screen
        self._approvals = Approvals(state_dir() / "libraries.json")
        self._agreed: set[tuple[str, str]] = set()
        """What was agreed to while the program runs, or found to be."""

    def before(self, draft: Draft, go: Callable[[], None]) -> None:
        """Go on with a draft, after a yes if it came from a library that is not the person's own and wants something.

        Args:
            draft: The draft, with its variables.
            go: What comes next.
        """
        saved = draft.saved
        wanted = wanted_of_system(draft) if saved is not None and draft.variables else []
        if saved is None or saved.is_own or all((str(saved.library), each) in self._agreed for each in wanted):
            go()
        else:
            self._screen.run_worker(self._ask(str(saved.library), wanted, draft, go), group=WAITED_FOR)

    async def _ask(self, library: str, wanted: Sequence[str], draft: Draft, go: Callable[[], None]) -> None:
        new = await asyncio.to_thread(lambda: [each for each in wanted if not self._approvals.allowed(library, each)])
        if new:
            lines = [f"  {each}: {_MEANS[each.partition(' ')[0]]}" for each in new[:NAMED]]
            lines += [f"  and {more:,} more"] if (more := len(new) - NAMED) > 0 else []
            question = ConfirmScreen(
                "Fill in what this message of a library wants to know?", yes="Fill in", no="Do not send",
                detail="\n".join((
                    f"It comes from {library}, which others may write to, and goes to {shown(draft.destination)}.",
                    *lines,
                    "You are not asked about the same again.",
                )),
            )  # fmt: skip
            if not await self._screen.app.push_screen_wait(question):
                return
            try:
                await asyncio.to_thread(self._allow, library, new)
            except OSError as error:
                log.warning("what a library may know is not kept: %s", error)
        self._agreed.update((library, each) for each in wanted)
        go()

    def _allow(self, library: str, wanted: Sequence[str]) -> None:
        for each in wanted:
            self._approvals.allow(library, each)
