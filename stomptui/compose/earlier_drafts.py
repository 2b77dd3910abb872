"""Stepping back and forth through earlier drafts without losing the one being written."""

from __future__ import annotations

from collections.abc import Iterable
from time import time
from typing import NamedTuple

from stomptui.compose.draft import Draft
from stomptui.config.settings import DraftsKept


class Aside(NamedTuple):
    """A draft that was set aside unsent."""

    draft: Draft
    since: float
    """When it was changed last, in seconds since 1970."""
    wish: DraftsKept | None = None
    """What is kept of it on disk, None for what is kept of drafts in general."""


class EarlierDrafts:
    """Earlier drafts, oldest first, and the place one is at. What is taken from it is always a copy."""

    def __init__(self) -> None:
        self._sent: list[Draft] = []
        self._aside: list[Aside] = []
        self._place: int | None = None
        self._present = Draft()

    @property
    def drafts(self) -> list[Draft]:
        """All drafts one can go back to: the sent ones, then those set aside unsent."""
        return [*self._sent, *(each.draft for each in self._aside)]

    @property
    def aside(self) -> list[Aside]:
        """Copies of those that were set aside, oldest first."""
        return [each._replace(draft=each.draft.copy()) for each in self._aside]

    def put(self, sent: Iterable[Draft]) -> None:
        """Set the drafts that were sent, oldest first, and go back to the newest end."""
        self._sent = list(sent)
        self._place = None

    def set_aside(self, draft: Draft, since: float | None = None, wish: DraftsKept | None = None) -> None:
        """Keep an unsent draft, so that beginning another loses nothing.

        Args:
            draft: The draft.
            since: When it was changed last, now if None.
            wish: What is kept of it on disk.
        """
        if not draft.empty and draft not in self.drafts:
            self._aside.append(Aside(draft.copy(), time() if since is None else since, wish))
        self._place = None

    def older(self, draft: Draft) -> Draft | None:
        """The draft before the current one, None at the oldest.

        Args:
            draft: The one in the pane. If it was changed since it was taken, it is the one to come back to.
        """
        drafts = self.drafts
        self._keep(draft, drafts)
        place = len(drafts) if self._place is None else self._place
        # An equal draft would look as if nothing had happened.
        while place > 0 and drafts[place - 1] == draft:
            place -= 1
        if place == 0:
            return None
        self._place = place - 1
        return drafts[self._place].copy()

    def newer(self, draft: Draft) -> Draft | None:
        """The draft after the current one; after the newest comes the one being written, and then None."""
        drafts = self.drafts
        self._keep(draft, drafts)
        if self._place is None:
            return None
        self._place += 1
        if self._place < len(drafts):
            return drafts[self._place].copy()
        self._place = None
        return self._present.copy()

    def _keep(self, draft: Draft, drafts: list[Draft]) -> None:
        if self._place is None or draft != drafts[self._place]:
            self._place = None
            self._present = draft.copy()
