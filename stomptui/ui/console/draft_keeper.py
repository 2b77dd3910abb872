"""Keeps the open drafts on disk, and brings back what a console that is gone was writing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from time import time
from typing import Any

from textual.screen import Screen

from stomptui.compose.draft import Draft
from stomptui.compose.earlier_drafts import Aside
from stomptui.compose.kept_drafts import KeptDraft, KeptDrafts
from stomptui.compose.open_drafts import OpenDraft
from stomptui.config.files.locks import LOCK_TIMEOUT
from stomptui.config.settings import DraftsKept
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.widgets.compose.pane import ComposePane

AFTER = 0.3
"""Seconds after a change until it is on disk, so that not every key writes a file."""


class DraftKeeper:
    """A controller that keeps the drafts of the compose pane: those that are open, and those set aside unsent.

    Args:
        screen: The screen with the pane.
        pane: The pane.
        kept: Where drafts are kept.
        is_sent: Whether a draft was sent, so that it need not be kept.
        profile_wish: Returns what is kept of drafts with the profile of now, None if it does not say.
    """

    def __init__(
        self,
        screen: Screen[Any],
        pane: ComposePane,
        kept: KeptDrafts,
        is_sent: Callable[[Draft], bool],
        profile_wish: Callable[[], DraftsKept | None] = lambda: None,
    ) -> None:
        self._profile_wish = profile_wish
        self._screen = screen
        self._pane = pane
        self._kept = kept
        self._is_sent = is_sent
        self._due = False
        self._told = ""
        """The problem that was told last: it is not told again with every key."""
        self._taken: list[KeptDraft] = []
        """What was taken up, and is not in the pane yet."""
        self._up = threading.Event()
        self._up.set()

    def begin(self) -> None:
        """Bring back the drafts of consoles that are gone; the pane is on the screen."""
        self._up.clear()
        self._screen.run_worker(self._take_up, thread=True)

    def changed(self) -> None:
        """The draft was changed, or was sent."""
        # What is kept of it is a matter of the profile that it was written with.
        tab = self._pane.open_drafts.active
        if tab.touched:
            tab.wish = self._profile_wish()
        if not self._due:
            self._due = True
            self._screen.set_timer(AFTER, self._keep)

    def _take_up(self) -> None:
        app = self._screen.app
        try:
            self._taken = self._kept.take_up()
        except OSError as error:
            app.call_from_thread(self._warn, f"unsent messages cannot be read: {error.strerror}")
            return
        finally:
            self._up.set()
        for problem in self._kept.problems:
            app.call_from_thread(self._warn, problem)
        if self._taken:
            app.call_from_thread(self._came_back)

    def _came_back(self) -> None:
        pane, kept = self._pane, self._taken
        self._taken = []
        tabs = [each for each in kept if each.open]
        aside = [Aside(each.draft, each.since or time(), each.wish) for each in kept if not each.open]
        unsent = sum(1 for each in kept if not each.sent)
        pane.set_aside(aside)
        opened = [
            OpenDraft(each.draft, each.draft.copy() if each.sent else None, True, each.since or time(), each.wish)
            for each in tabs
        ]
        pane.reopen(opened, max((n for n, each in enumerate(tabs) if each.active), default=0))
        pane.show_back(len(tabs), len(aside), sum(each.cut for each in kept))
        if not unsent:
            told = f"{len(tabs)} drafts are open again"
        elif unsent == 1:
            told = "A message that was not sent is back"
        else:
            told = f"{unsent} messages that were not sent are back"
        key, them = key_of(self._screen, "console.compose"), "it" if unsent == 1 else "them"
        self._screen.notify(f"{told}: {key} opens {them}.", title="Compose", markup=False)

    def _written(self) -> list[KeptDraft]:
        pane = self._pane
        open_drafts = pane.open_drafts
        aside = [
            KeptDraft(each.draft, since=each.since, wish=each.wish)
            for each in pane.drafts_aside
            if not self._is_sent(each.draft)
        ]
        tabs = [
            KeptDraft(
                tab.draft.copy(),
                True,
                tab is open_drafts.active,
                not tab.unsent or self._is_sent(tab.draft),
                tab.since,
                tab.wish,
            )
            for tab in open_drafts.tabs
            if not tab.draft.empty
        ]
        # A single draft that was sent is in the history; of several, those that were sent are part of what is open.
        return [*self._taken, *aside, *(tabs if len(tabs) > 1 else [tab for tab in tabs if not tab.sent])]

    def _keep(self) -> None:
        self._due = False
        drafts = self._written()

        def keep() -> None:
            problem = self._kept.keep(drafts) or ""
            if problem != self._told:
                self._screen.app.call_from_thread(self._warn, problem)

        self._screen.run_worker(keep, thread=True, group="drafts")

    def _warn(self, problem: str) -> None:
        told, self._told = self._told, problem
        if problem and problem != told:
            self._screen.notify(problem, title="Compose", severity="warning", markup=False)

    @property
    def prospect(self) -> str:
        """What becomes of what is unsent when the person leaves."""
        general = self._kept.wish()
        wishes = {tab.wish or general for tab in self._pane.open_drafts.tabs if tab.unsent}
        if self._told:
            return f"It will be lost: {self._told}."
        if "not at all" in wishes:
            return "It will be lost: the settings keep no drafts."
        without = ", without its body: the settings say so" if "without bodies" in wishes else ""
        return f"It will be here again when stomptui starts next time{without}."

    async def close(self) -> None:
        """Keep what was written last, and let go of the file."""
        drafts = self._written()
        taken = self._taken

        def last() -> None:
            # Who leaves at once takes nothing along that is on its way from the disk.
            self._up.wait(LOCK_TIMEOUT)
            self._kept.keep(drafts if taken else [*self._taken, *drafts])
            self._kept.close()

        await asyncio.get_running_loop().run_in_executor(None, last)
