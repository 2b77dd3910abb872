"""The reference as a screen: its chapters, and a way to each by the links at its beginning."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Markdown

from stomptui.reference import reference
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place


class ReferenceScreen(Dialog[None]):
    """What `stomptui reference` prints."""

    BINDINGS = bindings(Place.REFERENCE)
    DEFAULT_CSS = """
    ReferenceScreen {
        align: center middle;
        & > .box { width: 140; max-width: 100%; height: 100%; padding: 0 1; }
        & Markdown { padding: 0; margin: 0; background: $panel; }
    }
    """

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box"):
            yield Markdown(reference(), open_links=False)

    def on_mount(self) -> None:
        self.label("Reference", f"{key_of(self, 'reference.close')} closes")
        self.query_one(VerticalScroll).focus()

    def on_markdown_link_clicked(self, event: Markdown.LinkClicked) -> None:
        """Every link leads to a chapter."""
        event.stop()
        event.markdown.goto_anchor(event.href.removeprefix("#"))
