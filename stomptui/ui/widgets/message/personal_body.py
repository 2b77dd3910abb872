"""The body of a message by a view that takes its time: asked about, made in a thread, shown once it is there."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from textual.widget import Widget
from textual.worker import get_current_worker

from stomptui.journal.body import Content
from stomptui.journal.views.lines import Lines, ReadyLines
from stomptui.journal.views.personal import PersonalView, PersonalViews, ViewFailed
from stomptui.protocol.clean import clean
from stomptui.protocol.frame import Frame
from stomptui.ui.chosen_keys import key_of

_PATIENCE = 0.15
"""Seconds that a message must stay before a view is made of it: who moves through a list starts no command per row."""


class PersonalShown(NamedTuple):
    """What a personal view shows of a body."""

    lines: Lines | None
    """None where the body is to be shown as if there were no such view."""
    note: str | None = None
    """What is said of it."""


def personal_views(node: Widget) -> PersonalViews | None:
    """The person's views, None in an app that has none."""
    found = getattr(node.app, "personal_views", None) if node.is_attached else None
    return found if isinstance(found, PersonalViews) else None


class PersonalBody:
    """Makes the lines of one body at a time.

    Args:
        widget: Where they are shown; its workers make them.
        changed: Called once they are there.
    """

    def __init__(self, widget: Widget, changed: Callable[[], None]) -> None:
        self._widget = widget
        self._changed = changed
        self._frame: Frame | None = None
        self._shown: PersonalShown | None = None
        self.question: str | None = None
        """The command that the person is to be asked about, None if there is none."""

    def of(self, frame: Frame, content: Content) -> PersonalShown | None:
        """What is shown of a body now, None if no personal view fits."""
        self.question = None
        views = personal_views(self._widget)
        view = views.view_of(content, frame.get("destination") or "") if views is not None else None
        if views is None or view is None:
            self._frame = self._shown = None
            return None
        if view.command is not None and not views.allowed(view.command):
            self.question = view.command
            how = key_of(self._widget, "detail.fold")
            return PersonalShown(None, f"your command for {content.media_type} was not run yet: {how} asks about it")
        if self._frame is None or self._frame.raw != frame.raw or self._shown is None:
            self._frame = frame
            self._shown = PersonalShown(ReadyLines([[(clean(f"{view.name} …"), "dim")]]))
            self._widget.run_worker(lambda: self._make(frame, view), thread=True, group="view", exclusive=True)
        return self._shown

    def _make(self, frame: Frame, view: PersonalView) -> None:
        """In a thread."""
        worker = get_current_worker()
        time.sleep(_PATIENCE)
        if worker.is_cancelled:
            return
        try:
            shown = PersonalShown(view.make(lambda: worker.is_cancelled), f"shown by {view.name}")
        except ViewFailed as failed:
            shown = PersonalShown(None, str(failed))
        if not worker.is_cancelled:
            self._widget.app.call_from_thread(self._made, frame, shown)

    def _made(self, frame: Frame, shown: PersonalShown) -> None:
        if self._frame is not None and self._frame.raw == frame.raw:
            self._shown = shown
            self._changed()
