"""The fields a person types in: every character as typed, and a paste is never a command."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.document._document import Document
from textual.document._document_navigator import DocumentNavigator
from textual.strip import Strip
from textual.widgets import Input, TextArea
from textual.widgets.text_area import Edit, EditResult, Location

from stomptui.config.secret_names import Spans
from stomptui.ui.widgets.reveal import shows_secrets
from stomptui.ui.widgets.text.brackets import matching_bracket
from stomptui.ui.widgets.text.completion import Completion
from stomptui.ui.widgets.text.exact import exact, hold, painted
from stomptui.ui.widgets.text.folded import FoldedDocument
from stomptui.ui.widgets.text.syntax import LineColours, spans, styles_of

Erase = Binding("ctrl+h", "delete_left", "Delete character left", show=False)
"""Some terminals say Ctrl+H for Backspace, and some of those say so as a key of its own."""


def _is_text(char: str) -> bool:
    """Whether a character is text though Python calls it unprintable: joiners within emoji, wide and no-break blanks,
    private ones, and those of a newer Unicode than Python's."""
    return not char.isprintable() and unicodedata.category(char) in ("Cf", "Zs", "Co", "Cn")


def _typed(event: events.Key) -> str:
    """The character that a key types though Textual takes it for no printable one."""
    char = event.character or ""
    return char if len(char) == 1 and _is_text(char) else ""


class Field(Input):
    """One line of text.

    Control characters are painted as pictures of themselves. Pasted lines are joined with blanks.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Erase]

    hides: Callable[[str], Spans] = staticmethod(lambda text: [])
    """Where the text is secret: painted as dots until the person asks to see secrets."""

    DEFAULT_CSS = """
    Field.-textual-compact {
        background: $surface;
        &:focus { background: $primary-muted; }
        &.-wrong { background: $error-muted; }
    }
    """

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        compact: bool = True,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(
            value or None, placeholder, compact=compact, select_on_focus=False, id=id, classes=classes, validate_on=()
        )

    @property
    def _value(self) -> Text:
        """What is painted. The one place that Input takes its picture and its width from."""
        if self.password:
            return Text("•" * len(self.value), no_wrap=True, overflow="ignore", end="")
        text = painted(self._held_value)
        for begin, end in () if shows_secrets(self) else self.hides(text):
            # As wide as what it covers, so that the cursor is where it seems to be.
            text = text[:begin] + "".join("•" * cell_len(char) for char in text[begin:end]) + text[end:]
        # Rich would cut off what comes behind the text otherwise: the rest of the word that would complete it.
        return Text(text, no_wrap=True, overflow="ignore", end="")

    @property
    def _held_value(self) -> str:
        """The value, with what a terminal cannot be trusted with held (`exact`)."""
        return hold(self.value)

    def secrets_switched(self) -> None:
        self.refresh()

    def taken(self, pasted: str) -> str:
        """What a paste adds to the field."""
        lines = [line.strip() for line in pasted.splitlines()]
        joined = " ".join(line for line in lines if line)
        return "".join(char for char in joined if char.isprintable() or _is_text(char))

    def _put(self, text: str) -> None:
        if self.selection.is_empty:
            self.insert_text_at_cursor(text)
        else:
            self.replace(text, *self.selection)

    def _paste(self, text: str) -> None:
        self._put(self.taken(text))

    def on_key(self, event: events.Key) -> None:
        if char := _typed(event):
            event.stop()
            self._put(char)

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self._paste(event.text)

    def action_cut(self) -> None:
        if not self.selection.is_empty:
            super().action_cut()

    def action_paste(self) -> None:
        self._paste(self.app.clipboard)


class ExactField(Field):
    """One line that holds any text, line breaks included, and gives back exactly what it was given.

    Read and write `exact`; `value` is how the field holds it.

    Args:
        edited: Called at once after every change, so that what was typed is known before the next key is looked at.
    """

    def __init__(
        self,
        text: str = "",
        *,
        edited: Callable[[], None] | None = None,
        placeholder: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        self.completion: Completion | None = None
        """What completes the text, if something does."""
        # The text a field begins with is nobody's edit.
        self._edited: Callable[[], None] | None = None
        super().__init__(hold(text), placeholder=placeholder, id=id, classes=classes)
        self._edited = edited

    def watch_value(self) -> None:
        if self._edited is not None:
            self._edited()
        if self.completion is not None and self.is_attached:
            self.completion.changed()

    def show_rest(self, text: str) -> None:
        """Show how a text would go on behind the cursor, "" for nothing."""
        self._suggestion = painted(hold(text))

    def on_key(self, event: events.Key) -> None:
        if self.completion is not None and self.completion.key(event):
            event.stop()
            event.prevent_default()

    def on_blur(self) -> None:
        if self.completion is not None:
            self.completion.close()

    def action_cursor_right(self, select: bool = False) -> None:
        if not select and self.cursor_at_end and self.completion is not None and self.completion.rest:
            self.completion.take(self.completion.rest)
        else:
            super().action_cursor_right(select)

    @property
    def _held_value(self) -> str:
        return self.value

    @property
    def exact(self) -> str:
        """The text itself."""
        return exact(self.value)

    @exact.setter
    def exact(self, text: str) -> None:
        if text != self.exact:
            self.value = hold(text)

    @property
    def selected_text(self) -> str:
        return exact(super().selected_text)

    def _put(self, text: str) -> None:
        super()._put(hold(text))

    def action_paste(self) -> None:
        # What was copied in this app is exact, unlike what a terminal pastes.
        self._put(self.app.clipboard)

    def taken(self, pasted: str) -> str:
        # A terminal pastes line ends as carriage returns; the last one comes from copying a whole line.
        text = pasted.replace("\r\n", "\n").replace("\r", "\n")
        return text.removesuffix("\n")


class Editor(TextArea):
    """Many lines of text, given back exactly as they were given: read and write `exact`.

    Args:
        edited: Called at once after every change a person makes.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Erase,
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
        self._syntax = ""
        self._colours: dict[str, Style] | None = None
        self._line_colours = LineColours()
        self._row_strips: LRUCache[tuple[str, bool, tuple[tuple[int, int, Style], ...], Style, int], Strip]
        self._row_strips = LRUCache(256)
        self._whole: str | None = None
        super().__init__(
            placeholder=placeholder, id=id, compact=True, highlight_cursor_line=False, tab_behavior="focus"
        )

    def _set_document(self, text: str, language: str | None) -> None:
        # As TextArea does it, but for how lines are folded.
        self._whole = None
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
        """The text as the editor holds it; TextArea asks for it with each row that it paints."""
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
        if char := _typed(event):
            event.stop()
            self._replace_via_keyboard(char, *self.selection)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()

    def action_go_to_start(self) -> None:
        self.move_cursor(self.document.start)

    def action_go_to_end(self) -> None:
        self.move_cursor(self.document.end)

    def _tell(self) -> None:
        if self._edited is not None:
            self._edited()

    def edit(self, edit: Edit) -> EditResult:
        result = super().edit(edit)
        self._tell()
        return result

    def undo(self) -> None:
        super().undo()
        self._tell()

    def redo(self) -> None:
        super().redo()
        self._tell()

    @property
    def exact(self) -> str:
        """The text itself, every line end as it is."""
        return exact(self.text)

    @exact.setter
    def exact(self, text: str) -> None:
        self.load_text(self._held(text))

    @staticmethod
    def _held(text: str) -> str:
        # Lines that all end alike are the document's own affair; mixed ones must be seen to be kept.
        if text.count("\r") == text.count("\n") == text.count("\r\n"):
            return "\r\n".join(hold(line, lines=True) for line in text.split("\r\n"))
        return hold(text, lines=True)

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
        if self._syntax:
            if self._colours is None:
                self._colours = styles_of(self.app.theme_variables)
            for start, end, kind in spans(shown, self._syntax):
                if kind in self._colours:
                    line.stylize(self._colours[kind], start, end)
        return line

    def _render_line(self, y: int) -> Strip:
        row = self.scroll_offset.y + y
        rows = self._rows
        if row >= rows.height:
            return super()._render_line(y)
        index, section = rows._offset_to_line_info[row]
        if not rows.get_offsets(index):
            return super()._render_line(y)
        return self._folded_row(index, section)

    def _folded_row(self, index: int, section: int) -> Strip:
        """A row of a line that is folded: only this row is looked at, and of the line what it takes to colour it."""
        begin, end = self._rows.bounds(index, section)
        plain = self.document.get_line(index)
        last = end == len(plain)
        over: list[tuple[int, int, Style]] = []
        for start, stop, style in self._shown_spans(index, plain, begin):
            if start >= end:
                break
            over.append((max(0, start - begin), min(stop, end) - begin, style))
        for start, stop, style in self._laid_over(index, len(plain)):
            if start < end + last and stop > begin:
                over.append((max(0, start - begin), min(stop, end + last) - begin, style))
        theme = self._theme
        base = theme.base_style if theme and theme.base_style is not None else self.rich_style
        width = self.scrollable_content_region.size.width
        key = (plain[begin:end], last, tuple(over), base, width)
        # The rows that a key did not change are the same strips as before, which cost little to paint again.
        strip = self._row_strips.get(key)
        if strip is None:
            strip = self._row_strips[key] = self._row_strip(*key)
        return strip

    def _row_strip(
        self, plain: str, last: bool, over: tuple[tuple[int, int, Style], ...], base: Style, width: int
    ) -> Strip:
        text = "\t".join(painted(part) for part in plain.split("\t"))
        line = Text(text + " " if last else text, end="", no_wrap=True)
        for start, stop, style in over:
            line.stylize(style, start, stop)
        line.expand_tabs(self.indent_width)
        strip = Strip(line.render(self.app.console), cell_length=line.cell_len)
        return strip.extend_cell_length(width, base).apply_style(base)

    def _shown_spans(self, index: int, plain: str, after: int) -> Iterator[tuple[int, int, Style]]:
        """The coloured tokens of the part of a folded line that is in view, those that end after a place."""
        if not self._syntax:
            return
        if self._colours is None:
            self._colours = styles_of(self.app.theme_variables)
        rows, top = self._rows._line_index_to_offsets[index], self.scroll_offset.y
        first, last = max(0, top - rows[0]), min(len(rows) - 1, top + self.size.height - rows[0])
        begin, end = self._rows.bounds(index, first)[0], self._rows.bounds(index, last)[1]
        tokens = self._line_colours.spans(plain, self._syntax, begin, end)
        for at in range(bisect_right(tokens, after, key=lambda token: token[1]), len(tokens)):
            start, stop, kind = tokens[at]
            if kind in self._colours:
                yield start, stop, self._colours[kind]

    def _laid_over(self, index: int, size: int) -> Iterator[tuple[int, int, Style]]:
        """What lies over a line: the selection, the cursor, the bracket that belongs to the one at the cursor."""
        theme, (start, end) = self._theme, self.selection
        (top, left), (bottom, right) = sorted((start, end))
        if start != end and top <= index <= bottom and theme and theme.selection_style:
            yield left if index == top else 0, right if index == bottom else size, theme.selection_style
        bracket = self._matching_bracket_location
        if self._has_cursor and self.match_cursor_bracket and bracket is not None and start == end:
            for row, column in (end, bracket):
                if row == index and theme and theme.bracket_matching_style:
                    yield column, column + 1, theme.bracket_matching_style
        if end[0] == index and self._draw_cursor and theme and theme.cursor_style:
            yield end[1], end[1] + 1, theme.cursor_style

    def replace(
        self, insert: str, start: Location, end: Location, *, maintain_selection_offset: bool = True
    ) -> EditResult:
        # A terminal pastes line ends as carriage returns.
        text = insert.replace("\r\n", "\n").replace("\r", "\n")
        return super().replace(hold(text, lines=True), start, end, maintain_selection_offset=maintain_selection_offset)

    @property
    def selected_text(self) -> str:
        return exact(super().selected_text)

    def action_cut(self) -> None:
        # Of a selection, or else of the line: TextArea would copy the characters that hold others.
        start, end = self.selection
        cut = self._delete_cursor_line() if start == end else self._delete_via_keyboard(start, end)
        if cut is not None and cut.replaced_text:
            self.app.copy_to_clipboard(exact(cut.replaced_text))

    def action_paste(self) -> None:
        # What was copied in this app is exact: a carriage return stays one, unless all lines of the document have it.
        text = hold(self.app.clipboard, lines=True)
        if self.document.newline == "\r\n":
            text = text.replace(hold("\r") + "\n", "\n")
        result = super().replace(text, *self.selection, maintain_selection_offset=False)
        self.move_cursor(result.end_location)
