"""The list of completions under a field, on top of whatever is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.geometry import Offset, Region
from textual.strip import Strip
from textual.widget import Widget

from stomptui.compose.matching import Offered
from stomptui.protocol.clean import clean, clean_name
from stomptui.ui.widgets.log.columns import fit
from stomptui.ui.widgets.paint_styles import behind, ink

WIDEST = 72


class CompletionList(Widget):
    """Shows words and which one is chosen. It never has the focus: keys are the field's."""

    ALLOW_SELECT = False
    ROWS = 8
    COMPONENT_CLASSES = {"completion-list--word", "completion-list--about", "completion-list--chosen"}
    DEFAULT_CSS = """
    CompletionList {
        overlay: screen;
        layer: completion;
        display: none;
        width: auto;
        height: auto;
        background: $surface;
        & > .completion-list--word { color: $foreground; }
        & > .completion-list--about { color: $text-muted; }
        & > .completion-list--chosen { background: $primary 45%; text-style: bold; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.owner: object | None = None
        """Whose words are shown, None while nothing is."""
        self._words: Sequence[Offered] = ()
        self._at: int | None = None
        self._first = 0
        self._take: Callable[[Offered], None] = lambda word: None

    @property
    def words(self) -> Sequence[Offered]:
        """All words there are to choose from."""
        return self._words

    @property
    def chosen(self) -> Offered | None:
        """The word the person moved to, None while they did not."""
        return self._words[self._at] if self._at is not None else None

    def show(self, owner: object, words: Sequence[Offered], under: Region, take: Callable[[Offered], None]) -> None:
        """Show words under a region of the screen, or over it where there is more room.

        Args:
            owner: Whose words they are.
            words: The words.
            under: Where what is completed stands.
            take: Called with a word that was clicked.
        """
        chosen = self.chosen if owner is self.owner else None
        self.owner, self._words, self._take = owner, words, take
        self._at = words.index(chosen) if chosen in words else None
        room = self.screen.size
        rows = min(len(words), self.ROWS)
        below, above = room.height - under.bottom, under.y
        rows = min(rows, max(below, above, 1))
        self._first = max(0, (self._at or 0) - rows + 1)
        width = min(max(map(self._cells, words)) + 2, WIDEST, room.width)
        self.styles.width, self.styles.height = width, rows
        x = max(0, min(under.x - 1, room.width - width))
        self.absolute_offset = Offset(x, under.bottom if below >= rows or below >= above else under.y - rows)
        self.display = True
        self.refresh(layout=True)

    def hide(self) -> None:
        """Show nothing."""
        self.owner = None
        self._words, self._at = (), None
        self.display = False

    def move(self, by: int) -> None:
        """Choose another word; beyond an end there is none, and then the other end."""
        last = len(self._words) - 1
        if self._at is None:
            self._at = 0 if by > 0 else last
        elif not 0 <= self._at + by <= last:
            self._at = (0 if by < 0 else last) if abs(by) > 1 else (last if by < 0 else 0)
        else:
            self._at += by
        rows = max(1, self.size.height)
        self._first = min(max(self._first, self._at - rows + 1), self._at)
        self.refresh()

    def _cells(self, word: Offered) -> int:
        return cell_len(clean_name(word.text)) + (cell_len(clean(word.about)) + 2 if word.about else 0)

    def render_line(self, y: int) -> Strip:
        number = self._first + y
        base, width = self.rich_style, self.size.width
        if number >= len(self._words):
            return Strip.blank(width, base)
        word = self._words[number]
        rows = self.size.height
        sign = "▲" if y == 0 and self._first else "▼" if y == rows - 1 and number < len(self._words) - 1 else " "
        under = ink(self, "completion-list--word")
        if number == self._at:
            under += behind(self, "completion-list--chosen")
        text = fit(" " + clean_name(word.text), min(width - 1, cell_len(clean_name(word.text)) + 1))
        about = fit(f"  {clean(word.about)}" if word.about else "", width - 1 - cell_len(text))
        about_style = under if number == self._at else ink(self, "completion-list--about")
        return Strip([Segment(text, base + under), Segment(about, base + about_style), Segment(sign, base + under)])

    def on_click(self, event: events.Click) -> None:
        event.stop()
        number = self._first + event.y
        if number < len(self._words):
            self._take(self._words[number])

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.move(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.move(-1)
