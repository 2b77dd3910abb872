"""Completion in a field: the rest of the likeliest word after the cursor, and a list of all that fit below it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from textual import events

from stomptui.compose.matching import Offered, matching, matching_paths
from stomptui.ui.widgets.text.completion_list import CompletionList
from stomptui.ui.widgets.text.fields import ExactField

Find = Callable[[str], Sequence[Offered]]
"""From what is typed to the words that may be meant."""
Words = Iterable[str] | Callable[[], Iterable[str]]
"""Words, or what gives those of the moment."""
OPENING = ("ctrl+@", "ctrl+space")
"""Keys that open the list on everything; the same in most terminals."""


class Completion:
    """Completes what is typed in one field. The field passes it its keys and calls `changed`.

    A word is only taken when the person asks for it: by Right at the end of the text, by Enter or Tab once one was
    chosen in the list, by a click. So a name that merely begins like another can be typed and entered as ever.

    Args:
        field: The field.
        find: Finds the words.
        in_thread: Whether finding them takes its time, and goes on in a thread.
        on_down: Whether Down opens the list; where it has another meaning, Ctrl+Space does.
    """

    def __init__(self, field: ExactField, find: Find, *, in_thread: bool = False, on_down: bool = True) -> None:
        self._field = field
        self._find = find
        self._in_thread = in_thread
        self._on_down = on_down
        self._taking = False
        self._asked = 0
        self._everything = False
        self.words: list[Offered] = []
        """The words that fit what is typed."""
        self.rest = ""
        """The word that Right takes, "" without one."""
        self._list: CompletionList | None = None

    @property
    def open(self) -> bool:
        """Whether the list is on the screen."""
        return self._list is not None and self._list.owner is self

    def more(self) -> None:
        """There is more to complete from than before."""
        self.changed(everything=self.open and self._everything)

    def changed(self, everything: bool = False) -> None:
        """The text is another now.

        Args:
            everything: Whether to show all there is, though nothing was typed.
        """
        self._asked += 1
        self._everything = everything
        self.rest = ""
        field = self._field
        if self._taking or not field.has_focus or field.password:
            self.close()
            return
        typed = field.exact
        if not typed and not everything and not self.open:
            self.words = []
            return
        if self._in_thread:
            asked = self._asked

            def find() -> None:
                words = self._find(typed)
                if field.is_attached:
                    field.app.call_from_thread(self._found, asked, typed, words, everything)

            field.run_worker(find, thread=True, group="completion", exclusive=True)
        else:
            self._found(self._asked, typed, self._find(typed) or (self._find("") if everything else ()), everything)

    def _found(self, asked: int, typed: str, words: Sequence[Offered], everything: bool) -> None:
        field = self._field
        if asked != self._asked or not field.has_focus:
            return
        self.words = list(words)
        likeliest = next((word.whole for word in self.words if typed and word.whole.startswith(typed)), "")
        self.rest = likeliest
        field.show_rest(likeliest)
        # One word that goes on from what is typed stands behind the cursor already.
        if not self.words or (not typed and not everything) or (len(self.words) == 1 and likeliest and not everything):
            self.close()
        else:
            self._show()

    def _show(self) -> None:
        field = self._field
        screen = field.screen
        known = next(iter(screen.query(CompletionList)), None)
        if known is None:
            known = CompletionList()
            screen.mount(known)
        self._list = known
        known.show(self, self.words, field.region, self._taken)

    def close(self) -> None:
        """Take the list away."""
        if self._list is not None and self.open:
            self._list.hide()

    def key(self, event: events.Key) -> bool:
        """Whether a key was for the completion."""
        key, listed = event.key, self._list if self.open else None
        if key in OPENING or (key == "down" and listed is None and self._on_down):
            self.changed(everything=True)
            return True
        if listed is None:
            return False
        if key in ("down", "up", "pagedown", "pageup"):
            listed.move({"down": 1, "up": -1, "pagedown": listed.ROWS, "pageup": -listed.ROWS}[key])
            return True
        if key == "escape":
            self.close()
            return True
        if key in ("enter", "tab") and listed.chosen is not None:
            self._take(listed.chosen)
            # Tab goes on to the next field, as ever.
            return key == "enter"
        if key in ("enter", "tab"):
            self.close()
        return False

    def _taken(self, word: Offered) -> None:
        self._field.focus()
        self._take(word)

    def _take(self, word: Offered) -> None:
        self.take(word.whole, word.cursor)

    def take(self, text: str, cursor: int | None = None) -> None:
        """Put the whole word into the field, and the cursor behind it or where it belongs."""
        field = self._field
        self._taking = True
        try:
            field.exact = text
            field.cursor_position = len(field.value) if cursor is None else cursor
        finally:
            self._taking = False
        self.close()
        if self._in_thread and text.endswith("/"):
            self.changed()


def listed(words: Words) -> Iterable[str]:
    """The words as of now."""
    return words() if callable(words) else words


def complete(field: ExactField, offered: Words, *, on_down: bool = True) -> None:
    """Complete what is typed in a field from words.

    Args:
        field: The field.
        offered: All words, the likeliest first; a mapping also has what each means.
        on_down: Whether Down opens the list of all.
    """
    field.completion = Completion(field, lambda typed: matching(typed, listed(offered)), on_down=on_down)


def complete_path(field: ExactField) -> None:
    """Complete what is typed in a field as the path of a file."""
    field.completion = Completion(field, matching_paths, in_thread=True)
