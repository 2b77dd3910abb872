"""A pane: a frame around widgets, with a title in its upper edge and what can be done in its lower one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from stomptui.ui.environment import PRODUCTION, environment_of
from stomptui.ui.widgets.paint_styles import badge_ink, ink
from stomptui.ui.widgets.pane.edge import Piece, Placed, edge_strip, place

STYLES = ("title", "current", "plain", "dim", "good", "warn", "error", "accent", "badge", "edge")
LIGHT, HEAVY = "╭╮╰╯─│", "┏┓┗┛━┃"
"""Corners and lines of a frame; a heavy one tells where the focus is where colours cannot."""


class Edge(Enum):
    """One of the edges of a pane."""

    TOP = "top"
    BOTTOM = "bottom"
    LEFT = "left"
    RIGHT = "right"


class Pane(Widget):
    """Holds widgets, one below the other, and draws a frame around them.

    In a terminal with few lines (the screen has the class `-tiny`) it draws only its upper edge. What stands in the
    edges is painted without painting what is in the pane.

    Args:
        children: What it holds.
        title, foot: As of the attributes.
        marked: Whether its upper edge says what the connection is marked with.
    """

    COMPONENT_CLASSES = {f"pane--{name}" for name in STYLES}
    DEFAULT_CSS = """
    Pane {
        layout: vertical;
        height: 1fr;
        padding: 1;
        background: transparent;
        & > .pane--edge { color: $foreground 30%; }
        & > .pane--title { color: $foreground; }
        & > .pane--current { color: $foreground; text-style: bold; }
        & > .pane--plain { color: $foreground; }
        & > .pane--dim { color: $text-muted; }
        & > .pane--good { color: $text-success; }
        & > .pane--warn { color: $text-warning; }
        & > .pane--error { color: $text-error; text-style: bold; }
        & > .pane--accent { color: $text-accent; text-style: bold; }
        & > .pane--badge { color: $text-warning; background: $panel; text-style: bold; }
        &:focus-within {
            & > .pane--edge { color: $primary; }
            & > .pane--title, & > .pane--current { color: $text-primary; text-style: bold; }
        }
    }
    Pane:ansi > .pane--edge { color: $foreground; }
    """

    title: var[tuple[Piece, ...]] = var(())
    """What stands in the upper edge, from the left."""
    foot: var[tuple[Piece, ...]] = var(())
    """What stands in the lower edge, at its right end."""

    class Dragged(Message):
        """An edge was dragged with the mouse.

        Args:
            pane: The pane.
            edge: Which of its edges.
            x: Where the mouse is now, in cells from the left of the screen.
            y: The same from the top.
        """

        def __init__(self, pane: Pane, edge: Edge, x: int, y: int) -> None:
            super().__init__()
            self.pane = pane
            self.edge = edge
            self.x = x
            self.y = y

        @property
        def control(self) -> Pane:
            return self.pane

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, Pane.Dragged) and message.pane is self.pane

    def __init__(
        self,
        *children: Widget,
        title: Sequence[Piece] = (),
        foot: Sequence[Piece] = (),
        id: str | None = None,
        classes: str | None = None,
        marked: bool = False,
    ) -> None:
        super().__init__(*children, id=id, classes=classes)
        self._marked = marked
        self.set_reactive(Pane.title, tuple(title))
        self.set_reactive(Pane.foot, tuple(foot))
        self._drag: Edge | None = None
        self._placed: dict[Edge, list[Placed]] = {}

    # -- painting --------------------------------------------------------------------------------------------------

    def watch_title(self) -> None:
        self._repaint(Edge.TOP)

    def watch_foot(self) -> None:
        self._repaint(Edge.BOTTOM)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._repaint(*Edge)

    def _repaint(self, *edges: Edge) -> None:
        """Paint these edges, and nothing of what is in the pane."""
        if not self.is_attached:
            return
        width, height = self.outer_size
        regions = {
            Edge.TOP: Region(0, 0, width, 1),
            Edge.BOTTOM: Region(0, height - 1, width, 1),
            Edge.LEFT: Region(0, 0, 1, height),
            Edge.RIGHT: Region(width - 1, 0, 1, height),
        }
        # `refresh` counts from where the content begins.
        self.refresh(*(regions[edge].translate(-self.content_offset) for edge in edges))

    @property
    def bare(self) -> bool:
        """Whether there is only an upper edge."""
        return self.screen.has_class("-tiny")

    def render_lines(self, crop: Region) -> list[Strip]:
        width, height = self.outer_size
        background = self.background_colors[1]
        frame, edge_ink, blank = self._frame, self._ink("edge"), Style(bgcolor=background.rich_color)
        if self.bare:
            inner = Strip.blank(width)
            strips = [self._edge(Edge.TOP, width, frame[4] * 2) if y == 0 else inner for y in crop.line_range]
        else:
            side = Segment(frame[5], edge_ink)
            inner = Strip([side, Segment(" " * max(0, width - 2)), side], width)
            strips = []
            for y in crop.line_range:
                if y == 0:
                    strips.append(self._edge(Edge.TOP, width, frame[:2]))
                elif y == height - 1:
                    strips.append(self._edge(Edge.BOTTOM, width, frame[2:4]))
                else:
                    strips.append(inner)
        filters = self.get_line_filters()
        painted = []
        for strip in strips:
            strip = strip.apply_style(blank)
            for each in filters:
                strip = strip.apply_filter(each, background)
            painted.append(strip.crop(crop.x, crop.right))
        return painted

    @property
    def _frame(self) -> str:
        # In production all frames have one colour.
        plain = self.app.native_ansi_color or self.app.no_color or self.app.has_class(PRODUCTION)
        return HEAVY if plain and self.has_pseudo_class("focus-within") else LIGHT

    def _ink(self, name: str) -> Style:
        if name == "badge":
            return badge_ink(self, "pane--badge")
        return ink(self, f"pane--{name}")

    def _marks(self, edge: Edge) -> tuple[Piece, ...]:
        """What the connection is marked with, where there is no status bar: below, that nothing can be changed."""
        environment = environment_of(self.app)
        if not self._marked:
            words: tuple[str, ...] = ()
        elif self.bare:
            words = environment.words
        else:
            words = environment.mark if edge is Edge.TOP else environment.limit
        return tuple(Piece(f" {word} ", "badge", joined=index > 0) for index, word in enumerate(words))

    def _edge(self, edge: Edge, width: int, corners: str) -> Strip:
        top = edge is Edge.TOP
        placed = place((*self._marks(edge), *(self.title if top else self.foot)), width, right=not top)
        self._placed[edge] = placed
        return edge_strip(placed, width, corners, self._frame[4], self._ink("edge"), self._ink)

    @property
    def tabs(self) -> list[tuple[int, Callable[[], object]]]:
        """The tabs in the title that are not shown: the cell where each begins, and what a click on it does."""
        groups: list[list[Placed]] = []
        for each in self._placed.get(Edge.TOP, ()):
            if each.piece.click is not None:
                if each.piece.joined and groups:
                    groups[-1].append(each)
                else:
                    groups.append([each])
        hidden = (group for group in groups if all(each.piece.style == "dim" for each in group))
        return [(group[0].begin, group[0].piece.click) for group in hidden if group[0].piece.click is not None]

    # -- the mouse -------------------------------------------------------------------------------------------------

    def _edge_at(self, x: int, y: int) -> Edge | None:
        width, height = self.outer_size
        if y == 0:
            return Edge.TOP
        if self.bare:
            return None
        if y == height - 1:
            return Edge.BOTTOM
        return Edge.LEFT if x == 0 else Edge.RIGHT if x == width - 1 else None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self._drag = self._edge_at(event.x, event.y)
        if self._drag is not None:
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._drag is not None and event.button:
            self.post_message(self.Dragged(self, self._drag, event.screen_x, event.screen_y))

    def on_mouse_up(self) -> None:
        if self._drag is not None:
            self._drag = None
            self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        edge = self._edge_at(event.x, event.y)
        for each in self._placed.get(edge, ()) if edge is not None else ():
            if each.begin <= event.x < each.end and each.piece.click is not None:
                event.stop()
                each.piece.click()
                return
