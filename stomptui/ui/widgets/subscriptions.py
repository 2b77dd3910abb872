"""The list of subscriptions, each with its counters, rate and sparkline, in the colour the log uses for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, Literal

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual import on
from textual.geometry import Region
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from stomptui.protocol.clean import clean, clean_name
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.paint_styles import COLOURS, COLOURS_CSS, colour_class, ink
from stomptui.ui.widgets.status_bar import rate

if TYPE_CHECKING:
    from typing_extensions import Self

BAD = ("refused", "not restored")
BARS = "▁▂▃▄▅▆▇█"


ShownMode = Literal["hold", "work", "live", "consume", "durable", "copies", "…"]
"""How it is read, in one word; "…" while that is not known."""
ShownState = Literal["asking", "on", "refused", "paused", "off", "not restored", "deleting"]


@dataclass(frozen=True)
class SubscriptionRow:
    """One subscription as shown."""

    key: int
    destination: str
    mode: ShownMode
    state: ShownState
    count: int
    rate: float
    history: Sequence[int]
    colour: int
    once: bool = False
    """Whether subscribing is a question that is answered once, and can be asked again."""
    detail: str = ""
    """What else is to say: why it was refused or is not restored, how many are held."""


class SubscriptionList(OptionList):
    """Subscriptions, two lines each, more where one is not restored; posts what the person wants done with them."""

    COMPONENT_CLASSES = {
        *COLOURS,
        "subscriptions--dim",
        "subscriptions--mode",
        "subscriptions--consume",
        "subscriptions--refused",
    }
    DEFAULT_CSS = (
        """
    SubscriptionList {
        background: transparent;
        border: none;
        &:focus { border: none; }
        padding: 0;
        scrollbar-size-vertical: 1;
        & > .subscriptions--dim { color: $text-muted; }
        & > .subscriptions--mode { color: $text-muted; }
        & > .subscriptions--consume { color: $text-error; text-style: bold; }
        & > .subscriptions--refused { color: $text-error; }
    """
        + COLOURS_CSS
        + "}"
    )
    BINDINGS = bindings(Place.SUBSCRIPTIONS)
    ACTING = frozenset({"pause", "remove", "again"})
    """Actions that a key in a burst of keys asks about first."""

    class PauseRequested(Message):
        """The person wants this subscription paused, or resumed."""

        def __init__(self, key: int) -> None:
            super().__init__()
            self.key = key

    class AgainRequested(Message):
        """The person wants this question asked again."""

        def __init__(self, key: int) -> None:
            super().__init__()
            self.key = key

    class RemoveRequested(Message):
        """The person wants this subscription removed."""

        def __init__(self, key: int) -> None:
            super().__init__()
            self.key = key

    class Chosen(Message):
        """The person pressed Enter on, or clicked, a subscription."""

        def __init__(self, key: int) -> None:
            super().__init__()
            self.key = key

    def __init__(self, *, id: str | None = None) -> None:
        self._repainted: Region | None = None
        """The lines of the row whose prompt is being replaced."""
        super().__init__(id=id, markup=False)
        self._rows: list[SubscriptionRow] = []

    @property
    def rows(self) -> list[SubscriptionRow]:
        return self._rows

    @property
    def current(self) -> SubscriptionRow | None:
        """The row under the cursor."""
        index = self.highlighted
        return self._rows[index] if index is not None and index < len(self._rows) else None

    def show(self, rows: Sequence[SubscriptionRow]) -> None:
        """Show these; only what changed is painted again."""
        if [row.key for row in rows] != [row.key for row in self._rows]:
            kept = self.current.key if self.current else None
            self._rows = list(rows)
            self.clear_options()
            self.add_options([Option(self._prompt(row)) for row in rows])
            keys = [row.key for row in rows]
            if rows:
                self.highlighted = keys.index(kept) if kept in keys else 0
            return
        for index, (old, new) in enumerate(zip(self._rows, rows, strict=True)):
            if old != new:
                self._rows[index] = new
                self._replace(index, self._prompt(new))

    def _replace(self, index: int, prompt: Text) -> None:
        """Give a row another prompt, and paint no more than its lines if it has as many as before."""
        heights = [str(option.prompt).count("\n") + 1 for option in self.options]
        if str(prompt).count("\n") + 1 == heights[index]:
            top = sum(heights[:index]) - self.scroll_offset.y
            self._repainted = Region(0, top, self.size.width, heights[index])
        try:
            self.replace_option_prompt_at_index(index, prompt)
        finally:
            self._repainted = None

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        if self._repainted is not None and not regions:
            # An option list would paint every line, and counters change all the time.
            regions = (self._repainted,)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def on_resize(self) -> None:
        self._repaint()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self.is_mounted:
            self._repaint()

    def _repaint(self) -> None:
        for index, row in enumerate(self._rows):
            self.replace_option_prompt_at_index(index, self._prompt(row))

    def _prompt(self, row: SubscriptionRow) -> Text:
        width = max(10, self.scrollable_content_region.width or 26)
        colour = ink(self, colour_class(row.colour))
        mark = {"on": "◉", "asking": "◌", "paused": "║", "off": "○", "deleting": "◌"}.get(row.state, "✗")
        word = row.mode if row.state == "on" else row.state
        room = width - cell_len(word) - 3
        name = clean_name(row.destination)
        if cell_len(name) > room:
            # The end of a destination tells more than its beginning.
            while cell_len(name) > room - 1 and name:
                name = name[1:]
            name = "…" + name
        line = Text(no_wrap=True)
        line.append(f"{mark} ", colour)
        line.append(set_cell_size(name, room), colour)
        line.append(" ")
        kind = "refused" if row.state in BAD else "consume" if row.mode == "consume" else "mode"
        line.append(word, ink(self, f"subscriptions--{kind}"))
        line.append("\n")
        if row.state == "not restored":
            # Why, and what to do about it, is the one thing to say here: all of it, on as many lines as it needs.
            told = [*clean(row.detail).replace(" (", "\n(").split("\n"), "space restores it"]
            told = [f"  {part}" for words in told for part in wrap(words, width - 2)]
            line.append("\n".join(told), ink(self, "subscriptions--refused"))
            return line
        numbers = f"  {row.count:,}  {rate(row.rate)}" + (f"  {clean(row.detail)}" if row.detail else "")
        graph = sparkline(row.history, max(0, min(12, width - cell_len(numbers) - 1)))
        if cell_len(numbers) > width:
            numbers = set_cell_size(numbers, width - 1) + "…"
        kind = "refused" if row.state == "refused" else "dim"
        line.append(numbers, ink(self, f"subscriptions--{kind}"))
        if graph:
            line.append(" " * (width - cell_len(numbers) - len(graph)))
            line.append(graph, colour)
        return line

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_index < len(self._rows):
            self.post_message(self.Chosen(self._rows[event.option_index].key))

    def action_pause(self) -> None:
        if self.current:
            self.post_message(self.PauseRequested(self.current.key))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.current is not None and self.current.once if action == "again" else True

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        self.refresh_bindings()

    def action_again(self) -> None:
        if self.current:
            self.post_message(self.AgainRequested(self.current.key))

    def action_remove(self) -> None:
        if self.current:
            self.post_message(self.RemoveRequested(self.current.key))


def sparkline(history: Sequence[int], width: int) -> str:
    """The last `width` values as bars, scaled to the highest; "" when nothing happened."""
    values = list(history)[-width:] if width else []
    top = max(values, default=0)
    if not top:
        return ""
    return "".join(BARS[min(7, value * 8 // (top + 1))] if value else " " for value in values)
