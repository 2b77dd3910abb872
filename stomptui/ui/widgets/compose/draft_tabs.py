"""The line of tabs above the compose pane, one for each open draft; no line while there is only one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.widget import Widget

from stomptui.compose.draft_model import DraftModel
from stomptui.compose.open_drafts import MOST, OpenDraft
from stomptui.protocol.clean import clean
from stomptui.ui.widgets.compose.outcome_line import SIGNS, OutcomeLine

UNSENT = "•"
"""Before what was written and not sent."""
LEAST = 8
"""Cells of a name at least, before tabs go out of sight."""
NEW = " + "


class TabLabel(NamedTuple):
    """What a tab says."""

    name: str
    edited: bool = False
    """Whether something in it was not sent."""
    sign: str = ""
    """The sign of what became of its last send."""


class TabPiece(NamedTuple):
    """A part of the line, in cells from its left."""

    begin: int
    end: int
    text: str
    does: str
    """"go", "close", "new", or "" for nothing."""
    place: int = -1
    """The tab that it is about."""


def tab_labels(tabs: Sequence[OpenDraft], active: OpenDraft) -> list[TabLabel]:
    """What each tab says: its saved name or its destination, told apart where two have the same."""
    labels: list[TabLabel] = []
    times: dict[str, int] = {}
    for tab in tabs:
        draft = tab.draft
        name = clean(draft.saved.name if draft.saved is not None else draft.destination) or "new"
        times[name] = times.get(name, 0) + 1
        sign = SIGNS[tab.outcome[0]].strip() if tab.outcome is not None and tab is not active else ""
        labels.append(TabLabel(name if times[name] == 1 else f"{name} ({times[name]})", tab.edited, sign))
    return labels


def tab_line(labels: Sequence[TabLabel], active: int, width: int) -> list[TabPiece]:
    """The line of tabs in that many cells: names are shortened first, then tabs far from the active one go."""
    room = width - len(NEW) - 2
    texts = [_text(label, width) for label in labels]
    if sum(map(cell_len, texts)) > room:
        share = max(LEAST, room // len(labels) - 4)
        texts = [_text(label, share) for label in labels]
    first, last = active, active + 1
    used = cell_len(texts[active])
    # One cell each for the signs that there are more.
    while first > 0 or last < len(texts):
        before = cell_len(texts[first - 1]) if first > 0 else width
        after = cell_len(texts[last]) if last < len(texts) else width
        nearest = before if before < width and (after >= width or active - first < last - 1 - active) else after
        if used + nearest + 2 > room:
            break
        used += nearest
        if nearest is before:
            first -= 1
        else:
            last += 1
    pieces: list[TabPiece] = []
    at = 0

    def put(text: str, does: str, place: int = -1) -> None:
        nonlocal at
        end = at + cell_len(text)
        pieces.append(TabPiece(at, end, text, does, place))
        at = end

    if first > 0:
        put("‹", "go", first - 1)
    for place in range(first, last):
        put(texts[place], "go", place)
        if place == active:
            put("✕ ", "close", place)
    if last < len(texts):
        put("›", "go", last)
    put(NEW, "new")
    return pieces


def _text(label: TabLabel, cells: int) -> str:
    name = label.name
    if cell_len(name) > cells:
        # The ends of destinations tell them apart.
        while name and cell_len(name) > cells - 1:
            name = name[1:]
        name = f"…{name}"
    before, after = (UNSENT if label.edited else ""), (f" {label.sign}" if label.sign else "")
    return f" {before}{name}{after} "


class DraftTabs(Widget):
    """Paints the line; it is told what to do when one clicks in it.

    Args:
        clicked: Called with what the piece does and the place of its tab.
    """

    DEFAULT_CSS = "DraftTabs { height: 1; width: 1fr; display: none; }"

    def __init__(self, clicked: Callable[[str, int], object]) -> None:
        super().__init__(id="draft-tabs")
        self._clicked = clicked
        self._labels: list[TabLabel] = []
        self._active = 0

    def show(self, labels: list[TabLabel], active: int) -> None:
        """Show these tabs."""
        if (labels, active) != (self._labels, self._active):
            self._labels, self._active = labels, active
            self.display = len(labels) > 1
            self.refresh()

    @property
    def pieces(self) -> list[TabPiece]:
        """What stands in the line."""
        return tab_line(self._labels, self._active, self.size.width) if self._labels else []

    def render(self) -> Content:
        return Content("").join(Content.styled(piece.text, self._style(piece)) for piece in self.pieces)

    def _style(self, piece: TabPiece) -> str:
        if piece.place == self._active and piece.does == "go":
            return "$text-primary bold underline"
        return "$text-muted"

    @property
    def hidden(self) -> list[tuple[int, Callable[[], object]]]:
        """The tabs that are not shown: the cell where each begins, and what a click on it does."""
        return [
            (piece.begin, partial(self._clicked, piece.does, piece.place))
            for piece in self.pieces
            if piece.does == "go" and piece.place != self._active
        ]

    def on_click(self, event: events.Click) -> None:
        event.stop()
        for piece in self.pieces:
            if piece.begin <= event.x < piece.end:
                self._clicked(piece.does, piece.place)


class TabActions:
    """A controller for the tabs of the compose pane: its keys, and what each tab says.

    Args:
        model: The drafts.
        outcome: Where it is said what became of the draft that is shown.
        show: Shows another draft in all parts.
    """

    def __init__(self, model: DraftModel, outcome: OutcomeLine, show: Callable[[], object]) -> None:
        self._model = model
        self._outcome = outcome
        self._show = show
        self._shown = model.open.active
        self.line = DraftTabs(self._clicked)

    def refresh(self) -> None:
        """Bring the line up to date."""
        drafts = self._model.open
        self.line.show(tab_labels(drafts.tabs, drafts.active), drafts.place)

    def follow(self) -> bool:
        """Whether another draft is edited now; what became of the last send is that of its tab then."""
        active = self._model.open.active
        if active is self._shown:
            return False
        self._shown.outcome = self._outcome.said
        self._outcome.show_again(active.outcome)
        self._shown = active
        return True

    def _clicked(self, does: str, place: int) -> None:
        if does == "go":
            self._model.show_tab(place)
            self._show()
        elif does == "close":
            self._close(place)
        elif does == "new":
            self.action_add_tab()

    def action_draft(self, step: int) -> None:
        """Go to the next (1) or the previous (-1) tab."""
        if self._model.turn_tab(step):
            self._show()
        else:
            self._outcome.show_nothing_done("only this draft is open")

    def action_add_tab(self) -> None:
        if self._model.add_tab():
            self._show()
        else:
            self._outcome.show_nothing_done(f"{MOST} drafts are open: close one first")

    def action_close_tab(self) -> None:
        self._close(self._model.open.place)

    def _close(self, place: int) -> None:
        name = clean(self._model.open.tabs[place].draft.destination)
        kept = self._model.close_tab(place)
        self._show()
        if kept:
            what = f"what was not sent to {name}" if name else "what was not sent"
            self._outcome.show_nothing_done(f"closed: {what} is among the earlier drafts")
