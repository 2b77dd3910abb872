"""The editor of a message body: many lines of text, every character kept exactly, fast in very long lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.document._document import Document, Selection
from textual.document._document_navigator import DocumentNavigator
from textual.document._history import EditHistory
from textual.geometry import Offset
from textual.strip import Strip
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult, Location

from stomptui.ui.widgets.text.brackets import matching_bracket
from stomptui.ui.widgets.text.exact import exact, holds_stand_ins, painted, substitute
from stomptui.ui.widgets.text.fields import ERASE, typed_character
from stomptui.ui.widgets.text.folded import FoldedDocument
from stomptui.ui.widgets.text.folded_row_painter import FoldedRowPainter
from stomptui.ui.widgets.text.syntax import spans, styles_of


@dataclass(frozen=True)
class EditorState:
    """What goes with a text while another is edited."""

    text: str
    history: EditHistory
    """What can be undone."""
    selection: Selection
    scroll: Offset
    stand_ins: bool
    """Whether stand-ins were ever in it, so that one that was deleted can come back."""


class CompletesHere(Protocol):
    """What completes the text at the cursor; `variable_completion.VariableCompletion` does."""

    def changed(self) -> None:
        """The text is another now."""

    def key(self, event: events.Key) -> bool:
        """Whether a key was for the completion, which has acted on it."""

    def close(self) -> None:
        """Show nothing more."""


class Editor(TextArea):
    """Many lines of text, given back exactly as they were given: read and write `exact`.

    Args:
        edited: Called at once after every change a person makes.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        ERASE,
        Binding("ctrl+home", "go_to_start", "Start of the text", show=False),
        Binding("ctrl+end", "go_to_end", "End of the text", show=False),
    ]
    DEFAULT_CSS = """
    Editor:light .text-area--cursor { color: $background; background: $foreground; }
    Editor .text-area--matching-bracket { background: $primary-muted; }
    Editor:blur .text-area--matching-bracket { background: transparent; }
    """

    def __init__(
        self, edited: Callable[[], None] | None = None, *, placeholder: str = "", id: str | None = None
    ) -> None:
        self._edited = edited
        self.completion: CompletesHere | None = None
        """What completes the text at the cursor, if something does."""
        self._syntax = ""
        self._colours: dict[str, Style] | None = None
        self._row_painter = FoldedRowPainter(self)
        self._whole: str | None = None
        self._stand_ins = False
        """Whether a stand-in was ever in the text since it was loaded: to look for one takes long at each key."""
        self._height = 0
        super().__init__(
            placeholder=placeholder, id=id, compact=True, highlight_cursor_line=False, tab_behavior="focus"
        )

    def _set_document(self, text: str, language: str | None) -> None:
        # As TextArea does it, but for how lines are folded.
        self._whole = None
        self._stand_ins = holds_stand_ins(text)
        self._highlight_query = None
        self.document = Document(text)
        self._rows = FoldedDocument(self.document, tab_width=self.indent_width)
        self.wrapped_document = self._rows
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._build_highlight_map()
        self.move_cursor((0, 0))
        self._rewrap_and_refresh_virtual_size()

    @property
    def text(self) -> str:
        """The text with its stand-ins; TextArea asks for it with each row that it paints."""
        if self._whole is None:
            self._whole = self.document.text
        return self._whole

    @text.setter
    def text(self, value: str) -> None:
        self.load_text(value)

    def _build_highlight_map(self) -> None:
        # The one thing TextArea does after each change, whoever made it.
        self._whole = None
        super()._build_highlight_map()

    def find_matching_bracket(self, bracket: str, search_from: Location) -> Location | None:
        return matching_bracket(self.document, bracket, search_from)

    def on_key(self, event: events.Key) -> None:
        if self.completion is not None and self.completion.key(event):
            event.stop()
            event.prevent_default()
            return
        if char := typed_character(event):
            event.stop()
            self._replace_via_keyboard(char, *self.selection)

    def _rewrap_and_refresh_virtual_size(self) -> None:
        # A note that appears below takes a line, and leaves the rows as they are: to fold all of them takes long.
        if self._rows.folded_at == self.wrap_width:
            self._line_cache.clear()
            self._refresh_size()
        else:
            super()._rewrap_and_refresh_virtual_size()

    def on_resize(self, event: events.Resize) -> None:
        """A note that appears below takes a line: the cursor stays in view if it was."""
        row = self.wrapped_document.location_to_offset(self.cursor_location).y
        if self.scroll_offset.y <= row < self.scroll_offset.y + self._height:
            self.call_later(self.scroll_cursor_visible)
        self._height = event.size.height

    def on_paste(self, event: events.Paste) -> None:
        event.stop()

    def action_go_to_start(self) -> None:
        self.move_cursor(self.document.start)

    def action_go_to_end(self) -> None:
        self.move_cursor(self.document.end)

    def _report_edit(self) -> None:
        if self._edited is not None:
            self._edited()
        if self.completion is not None:
            self.completion.changed()

    def on_blur(self) -> None:
        if self.completion is not None:
            self.completion.close()

    def edit(self, edit: Edit) -> EditResult:
        self._stand_ins = self._stand_ins or holds_stand_ins(edit.text)
        result = super().edit(edit)
        # It scrolls before it knows of a row that is new at the end.
        self.call_later(self.scroll_cursor_visible)
        self._report_edit()
        return result

    def undo(self) -> None:
        super().undo()
        self._report_edit()

    def redo(self) -> None:
        super().redo()
        self._report_edit()

    @property
    def exact(self) -> str:
        """The text itself, every line end as it is."""
        return exact(self.text) if self._stand_ins else self.text

    @exact.setter
    def exact(self, text: str) -> None:
        self.load_text(_substituted_lines(text))

    def leave(self) -> EditorState:
        """What goes with the text, before another is loaded; nothing of that can be undone here then."""
        state = EditorState(self.exact, self.history, self.selection, self.scroll_offset, self._stand_ins)
        self._begin_history()
        return state

    def come_back(self, state: EditorState | None) -> None:
        """Go on where one left, if the text is the same; else from its beginning, with nothing to undo."""
        if state is not None and state.text == self.exact:
            self.history = state.history
            self._stand_ins = self._stand_ins or state.stand_ins
            self.selection = state.selection
            self.call_after_refresh(self.scroll_to, state.scroll.x, state.scroll.y, animate=False)
        else:
            self._begin_history()
            self.move_cursor((0, 0))

    def _begin_history(self) -> None:
        old = self.history
        self.history = EditHistory(old.max_checkpoints, old.checkpoint_timer, old.checkpoint_max_characters)

    @property
    def syntax(self) -> str:
        """What the text is coloured as: "json", "xml" or ""."""
        return self._syntax

    @syntax.setter
    def syntax(self, syntax: str) -> None:
        if syntax != self._syntax:
            self._syntax = syntax
            self.notify_style_update()
            self.refresh()

    def notify_style_update(self) -> None:
        self._colours = None
        super().notify_style_update()

    def get_line(self, line_index: int) -> Text:
        plain = self.document.get_line(line_index)
        shown = "\t".join(painted(part) for part in plain.split("\t"))
        line = Text(shown, end="", no_wrap=True)
        styles = self._token_styles()
        for start, end, kind in spans(shown, self._syntax):
            if kind in styles:
                line.stylize(styles[kind], start, end)
        return line

    def _token_styles(self) -> dict[str, Style]:
        """The style of each kind of token in the theme of the app."""
        if self._colours is None:
            self._colours = styles_of(self.app.theme_variables)
        return self._colours

    def _render_line(self, y: int) -> Strip:
        row = self.scroll_offset.y + y
        rows = self._rows
        if row >= rows.height:
            return super()._render_line(y)
        index, section = rows._offset_to_line_info[row]
        if not rows.get_offsets(index):
            return super()._render_line(y)
        styles = self._token_styles() if self._syntax else {}
        return self._row_painter.row(rows, (index, section), self._syntax, styles)

    def replace(
        self, insert: str, start: Location, end: Location, *, maintain_selection_offset: bool = True
    ) -> EditResult:
        # A terminal pastes line ends as carriage returns.
        text = insert.replace("\r\n", "\n").replace("\r", "\n")
        return super().replace(
            substitute(text, lines=True), start, end, maintain_selection_offset=maintain_selection_offset
        )

    @property
    def selected_text(self) -> str:
        return exact(super().selected_text)

    def action_cut(self) -> None:
        # Of a selection, or else of the line: TextArea would copy the stand-ins.
        start, end = self.selection
        cut = self._delete_cursor_line() if start == end else self._delete_via_keyboard(start, end)
        if cut is not None and cut.replaced_text:
            self.app.copy_to_clipboard(exact(cut.replaced_text))

    def action_paste(self) -> None:
        # What was copied in this app is exact: a carriage return stays one, unless all lines of the document have it.
        text = substitute(self.app.clipboard, lines=True)
        if self.document.newline == "\r\n":
            text = text.replace(substitute("\r") + "\n", "\n")
        result = super().replace(text, *self.selection, maintain_selection_offset=False)
        self.move_cursor(result.end_location)


def _substituted_lines(text: str) -> str:
    """The text as the document takes it."""
    # Lines that all end alike are the document's own affair; mixed ones must be seen to be kept.
    if text.count("\r") == text.count("\n") == text.count("\r\n"):
        return "\r\n".join(substitute(line, lines=True) for line in text.split("\r\n"))
    return substitute(text, lines=True)
