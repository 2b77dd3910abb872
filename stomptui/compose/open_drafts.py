"""The drafts that are open side by side, each in a tab, and the one of them that is edited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import time

from stomptui.compose.draft import Draft
from stomptui.compose.send_state import SendState
from stomptui.config.settings import DraftsKept

MOST = 20
"""Drafts that are open at a time."""


@dataclass(eq=False)
class OpenDraft:
    """One draft with what goes with it while it is open."""

    draft: Draft
    sent: Draft | None = None
    """The draft as it was sent last."""
    touched: bool = False
    """Whether the person changed it since it came here."""
    since: float = field(default_factory=time)
    """When it was changed last, in seconds since 1970."""
    wish: DraftsKept | None = None
    """What is kept of it on disk, None for what is kept of drafts in general."""
    tried: bool = False
    """Whether it was tried to send it, which it had errors for."""
    outcome: tuple[SendState, str] | None = None
    """What became of the last send from this tab, as long as that is worth saying."""

    @property
    def unsent(self) -> bool:
        """Whether something is in it that was not sent."""
        return not self.draft.empty and self.draft != self.sent

    @property
    def edited(self) -> bool:
        """Whether the person wrote something in it that was not sent."""
        return self.touched and self.unsent


class OpenDrafts:
    """At least one draft, and which one is edited."""

    def __init__(self, draft: Draft) -> None:
        self.tabs: list[OpenDraft] = [OpenDraft(draft)]
        self.place = 0
        """Which of the tabs is edited."""

    @property
    def active(self) -> OpenDraft:
        """The tab that is edited."""
        return self.tabs[self.place]

    @property
    def full(self) -> bool:
        """Whether no other can be opened."""
        return len(self.tabs) >= MOST

    def add(self, draft: Draft) -> None:
        """Open a draft, itself and not a copy, beside the one that is edited, and go there."""
        self.place += 1
        self.tabs.insert(self.place, OpenDraft(draft))

    def go(self, step: int) -> bool:
        """Go to the next (1) or the previous (-1) tab, around the ends; False if there is only one."""
        self.place = (self.place + step) % len(self.tabs)
        return len(self.tabs) > 1

    def show(self, place: int) -> None:
        """Go to a tab."""
        self.place = min(max(0, place), len(self.tabs) - 1)

    def close(self, place: int, instead: Callable[[], Draft]) -> OpenDraft:
        """Take a tab away; what it had.

        Args:
            place: Which one.
            instead: Makes what takes the place of the last one.
        """
        gone = self.tabs.pop(place)
        if not self.tabs:
            self.tabs.append(OpenDraft(instead()))
        if place < self.place or self.place == len(self.tabs):
            self.place -= 1
        return gone

    def of(self, draft: Draft) -> OpenDraft:
        """The tab with that draft, as it stands there; the one that is edited if there is none."""
        return next((tab for tab in (self.active, *self.tabs) if tab.draft == draft), self.active)

    def was_sent(self, draft: Draft) -> None:
        """Say that a draft was sent, as it stands in a tab."""
        for tab in self.tabs:
            if tab.draft == draft:
                tab.sent = draft

    def was_not_sent(self, draft: Draft) -> None:
        """Say that a draft which was sent did not go after all."""
        for tab in self.tabs:
            if tab.sent == draft:
                tab.sent = None
