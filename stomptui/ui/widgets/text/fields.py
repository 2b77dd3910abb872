"""Fields of one line: every character is kept as it was typed, and a paste is never taken for keys."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import ClassVar, Protocol

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input

from stomptui.config.secret_names import Spans
from stomptui.ui.widgets.reveal import shows_secrets
from stomptui.ui.widgets.text.exact import exact, painted, substitute

ERASE = Binding("ctrl+h", "delete_left", "Delete character left", show=False)
"""Some terminals say Ctrl+H for Backspace, and some of those say so as a key of its own."""


def _is_text(char: str) -> bool:
    """Whether a character is text though Python calls it unprintable: joiners within emoji, wide and no-break blanks,
    private ones, and those of a newer Unicode than Python's."""
    return not char.isprintable() and unicodedata.category(char) in ("Cf", "Zs", "Co", "Cn")


def typed_character(event: events.Key) -> str:
    """The character that a key types though Textual takes it for no printable one."""
    char = event.character or ""
    return char if len(char) == 1 and _is_text(char) else ""


class Field(Input):
    """One line of text.

    Control characters are painted as pictures of themselves. Pasted lines are joined with blanks.
    """

    BINDINGS: ClassVar[list[BindingType]] = [ERASE]

    hides: Callable[[str], Spans] = staticmethod(lambda text: [])
    """Where the text is secret: painted as dots until the person asks to see secrets."""

    virtual_size = Reactive(Size(0, 0))
    """How far it can be scrolled. A field is as wide as its place: the screen is not laid out anew at each key."""

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
        text = painted(self._substituted_value)
        for begin, end in () if shows_secrets(self) else self.hides(text):
            # As wide as what it covers, so that the cursor is where it seems to be.
            text = text[:begin] + "".join("•" * cell_len(char) for char in text[begin:end]) + text[end:]
        # Rich would cut off what comes behind the text otherwise: the rest of the word that would complete it.
        return Text(text, no_wrap=True, overflow="ignore", end="")

    @property
    def _substituted_value(self) -> str:
        """The value, with stand-ins for what a terminal cannot be trusted with (`exact`)."""
        return substitute(self.value)

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
        if char := typed_character(event):
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


class Completes(Protocol):
    """What completes the text of a field; `completion.Completion` does."""

    rest: str
    """The word that Right takes, "" without one."""

    def changed(self) -> None:
        """The text is another now."""

    def more(self) -> None:
        """There is more to complete from than before."""

    def key(self, event: events.Key) -> bool:
        """Whether a key was for the completion, which has acted on it."""

    def take(self, word: str) -> None:
        """Make a word the text."""

    def close(self) -> None:
        """Show nothing more."""


class ExactField(Field):
    """One line that holds any text, line breaks included, and gives back exactly what it was given.

    Read and write `exact`; `value` has the stand-ins.

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
        self.completion: Completes | None = None
        """What completes the text, if something does."""
        # The text a field begins with is nobody's edit.
        self._edited: Callable[[], None] | None = None
        super().__init__(substitute(text), placeholder=placeholder, id=id, classes=classes)
        self._edited = edited

    def watch_value(self) -> None:
        if self._edited is not None:
            self._edited()
        if self.completion is not None and self.is_attached:
            self.completion.changed()

    def show_rest(self, text: str) -> None:
        """Show how a text would go on behind the cursor, "" for nothing."""
        self._suggestion = painted(substitute(text))

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
    def _substituted_value(self) -> str:
        return self.value

    @property
    def exact(self) -> str:
        """The text itself."""
        return exact(self.value)

    @exact.setter
    def exact(self, text: str) -> None:
        if text != self.exact:
            self.value = substitute(text)

    @property
    def selected_text(self) -> str:
        return exact(super().selected_text)

    def _put(self, text: str) -> None:
        super()._put(substitute(text))

    def action_paste(self) -> None:
        # What was copied in this app is exact, unlike what a terminal pastes.
        self._put(self.app.clipboard)

    def taken(self, pasted: str) -> str:
        # A terminal pastes line ends as carriage returns; the last one comes from copying a whole line.
        text = pasted.replace("\r\n", "\n").replace("\r", "\n")
        return text.removesuffix("\n")
