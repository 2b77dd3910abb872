"""The fields a person types in: every character as typed, and a paste is never a command."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input, TextArea
from textual.widgets.text_area import Edit, EditResult, Location

from stomptui.ui.widgets.exact import exact, hold, painted
from stomptui.ui.widgets.syntax import spans, styles_of

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
        return Text("•" * len(self.value) if self.password else painted(self.value), no_wrap=True, end="")

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
        # The text a field begins with is nobody's edit.
        self._edited: Callable[[], None] | None = None
        super().__init__(hold(text), placeholder=placeholder, id=id, classes=classes)
        self._edited = edited

    def watch_value(self) -> None:
        if self._edited is not None:
            self._edited()

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
    Editor:blur .text-area--matching-bracket { background: transparent; }
    """

    def __init__(
        self, edited: Callable[[], None] | None = None, *, placeholder: str = "", id: str | None = None
    ) -> None:
        self._edited = edited
        self._syntax = ""
        self._colours: dict[str, Style] | None = None
        super().__init__(
            placeholder=placeholder, id=id, compact=True, highlight_cursor_line=False, tab_behavior="focus"
        )

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
