"""Completion of variables: in a field beside its own words, and in the body at the cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual import events
from textual.geometry import Region

from stomptui.compose.matching import Offered, matching
from stomptui.compose.variables.offering import LONGEST, Opened, opened, put_in, variables_for
from stomptui.ui.widgets.text.completion import OPENING, Completion, Words, listed
from stomptui.ui.widgets.text.completion_list import CompletionList
from stomptui.ui.widgets.text.editor import Editor
from stomptui.ui.widgets.text.fields import ExactField

Names = Callable[[], Iterable[str] | None]
"""Names of variables that have values beside those that there always are; None where no variable is filled in."""


def complete_with_variables(field: ExactField, offered: Words, names: Names, *, on_down: bool = True) -> None:
    """Complete a field from words, and after `{{` from variables.

    Args:
        field: The field.
        offered: All words, the likeliest first; a mapping also has what each means.
        names: Further variables.
        on_down: Whether Down opens the list of all.
    """
    before = [field.exact]

    def find(typed: str) -> list[Offered]:
        text, old = field.exact, before[0]
        before[0] = text
        more = names()
        if more is not None and (found := put_in(text, _cursor(field.cursor_position, old, text), more)):
            return found
        return matching(typed, listed(offered))

    field.completion = Completion(field, find, on_down=on_down)


def _cursor(cursor: int, old: str, new: str) -> int:
    """Where the cursor will be: a field tells of its new text before it moves the cursor."""
    if old == new or (old[:cursor] == new[:cursor] and len(new) < len(old)):
        return min(cursor, len(new))
    return max(0, len(new) - max(0, len(old) - cursor))


class VariableCompletion:
    """Completes variables in an editor, which passes it its keys and calls `changed`.

    Args:
        editor: The editor.
        names: Further variables.
    """

    def __init__(self, editor: Editor, names: Names) -> None:
        self._editor = editor
        self._names = names
        self._list: CompletionList | None = None

    @property
    def open(self) -> bool:
        """Whether the list is on the screen."""
        return self._list is not None and self._list.owner is self

    def _opened(self) -> Opened | None:
        row, column = self._editor.cursor_location
        first = max(0, column - LONGEST - 8)
        found = opened(self._editor.document.get_line(row)[first:column])
        return None if found is None else Opened(found.start + first, found.typed)

    def changed(self) -> None:
        """The text is another now."""
        editor, more = self._editor, self._names()
        found = self._opened() if more is not None and editor.has_focus else None
        words = variables_for(found.typed, more or ()) if found is not None else []
        if not words:
            self.close()
            return
        screen = editor.screen
        known = next(iter(screen.query(CompletionList)), None)
        if known is None:
            known = CompletionList()
            screen.mount(known)
        self._list = known
        at = editor.cursor_screen_offset
        known.show(self, words, Region(at.x, at.y, 1, 1), self._take)

    def close(self) -> None:
        """Take the list away."""
        if self._list is not None and self.open:
            self._list.hide()

    def key(self, event: events.Key) -> bool:
        """Whether a key was for the completion."""
        key, shown = event.key, self._list if self.open else None
        if key in OPENING:
            self.changed()
            return self.open
        if shown is None:
            return False
        if key in ("down", "up", "pagedown", "pageup"):
            shown.move({"down": 1, "up": -1, "pagedown": shown.ROWS, "pageup": -shown.ROWS}[key])
            return True
        if key in ("enter", "tab") and shown.chosen is not None:
            self._take(shown.chosen)
            return True
        if key == "escape":
            self.close()
            return True
        if not event.is_printable and key != "backspace":
            self.close()
        return False

    def _take(self, word: Offered) -> None:
        editor = self._editor
        editor.focus()
        found = self._opened()
        if found is None:
            self.close()
            return
        row, column = editor.cursor_location
        line = editor.document.get_line(row)
        end = column + 2 if line[column : column + 2] == "}}" else column
        result = editor.replace(word.text, (row, found.start), (row, end), maintain_selection_offset=False)
        editor.move_cursor(result.end_location)
        self.close()
