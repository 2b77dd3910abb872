"""The reference as a screen: its chapters, and a way to each by the links at its beginning."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Markdown

from stomptui.reference import reference
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.keymap import Place, bindings


class ReferenceScreen(Dialog[None]):
    """What `stomptui reference` prints."""

    BINDINGS = bindings(Place.REFERENCE)
    DEFAULT_CSS = """
    ReferenceScreen {
        align: center middle;
        & > VerticalScroll {
            width: 140;
            max-width: 100%;
            height: 100%;
            border: round $primary;
            border-title-color: $text-primary;
            border-subtitle-color: $text-primary;
            background: $surface;
            padding: 0 1;
        }
        & Markdown { padding: 0; margin: 0; background: $surface; }
    }
    """

    def compose(self) -> ComposeResult:
        with VerticalScroll() as scroll:
            scroll.border_title = "Reference"
            scroll.border_subtitle = f"{key_of(self, 'reference.close')} closes"
            yield Markdown(reference(), open_links=False)

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def on_markdown_link_clicked(self, event: Markdown.LinkClicked) -> None:
        """Every link leads to a chapter."""
        event.stop()
        event.markdown.goto_anchor(event.href.removeprefix("#"))
