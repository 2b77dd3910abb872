"""Which view of a body the person chose in place of the one that fits by itself, for each media type."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual.message import Message
from textual.widget import Widget

from stomptui.journal.body import Content
from stomptui.journal.views.registry import BodyView, views_for
from stomptui.ui.widgets.message.shown_frame import ShownFrame


class ViewRequested(Message):
    """The person wants to choose how a body is shown.

    Args:
        views: The views that can show it.
        chosen: The one they chose, None for the one that fits by itself.
        choose: Called with the view that they choose.
    """

    def __init__(
        self, views: tuple[BodyView, ...], chosen: BodyView | None, choose: Callable[[BodyView | None], None]
    ) -> None:
        super().__init__()
        self.views = views
        self.chosen = chosen
        self.choose = choose


class ViewChoice:
    """A controller with the key that chooses a view. A choice holds for all bodies of a media type until the end.

    Args:
        widget: Where bodies are shown.
        shown: The frame that is shown, None if there is none.
        changed: Called when another view was chosen.
    """

    def __init__(self, widget: Widget, shown: Callable[[], ShownFrame | None], changed: Callable[[], object]) -> None:
        self._widget = widget
        self._shown = shown
        self._changed = changed
        self._chosen: dict[str, BodyView] = {}

    def of(self, content: Content) -> BodyView | None:
        """The view that was chosen for such a body, None for the one that fits by itself."""
        view = self._chosen.get(_type_of(content))
        return view if view is not None and view.can_show(content) else None

    def action_view(self) -> None:
        """Choose another view of the body."""
        shown = self._shown()
        if shown is None or shown.content.kind == "empty":
            self._widget.notify("There is no body to show another way.", severity="warning")
            return
        content = shown.content
        self._widget.post_message(ViewRequested(views_for(content), self.of(content), partial(self._choose, content)))

    def _choose(self, content: Content, view: BodyView | None) -> None:
        self._chosen.pop(_type_of(content), None)
        if view is not None:
            self._chosen[_type_of(content)] = view
        self._changed()


def _type_of(content: Content) -> str:
    """The media type of a body, or what it seems to be where it has none."""
    return content.media_type or content.kind
