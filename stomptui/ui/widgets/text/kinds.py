"""Which widgets are typed into."""

from __future__ import annotations

import sys

from textual.widget import Widget
from textual.widgets import Input


def is_editor(widget: Widget | None) -> bool:
    """Whether a widget takes lines of text. `TextArea` takes long to import: no widget is one before somebody did."""
    area = getattr(sys.modules.get("textual.widgets._text_area"), "TextArea", None)
    return area is not None and isinstance(widget, area)


def takes_text(widget: Widget | None) -> bool:
    """Whether a widget takes text."""
    return isinstance(widget, Input) or is_editor(widget)
