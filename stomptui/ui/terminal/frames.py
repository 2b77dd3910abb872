"""Frames on their way to the terminal: none while the last is not written, and of each only the cells that changed.

What is used here of Textual's inside is held by `tests/ui/terminal/test_textual_contract.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rich.color import ColorSystem
from rich.console import Console, RenderableType
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Region, Size
from textual.screen import Screen

from stomptui.ui.terminal.shown_screen import PaintedPart, ShownScreen

MOST_HELD = 500
"""Regions that are remembered one by one."""


class Frames:
    """What the terminal shows, and what it is yet to be shown."""

    def __init__(self) -> None:
        self._shown = ShownScreen()
        self._held: list[Region] = []

    def forget(self) -> None:
        """Nobody knows what the terminal shows: the next frames write all they have."""
        self._shown.forget()

    def hold(self, update: CompositorUpdate) -> None:
        """The terminal has not taken the last frame: keep where this one is, not what it shows."""
        if isinstance(update, ChopsUpdate):
            self._held.extend(Region(begin, y, end - begin, 1) for y, begin, end in update.spans)
            if len(self._held) > MOST_HELD:
                # A terminal can be stopped for hours, with Ctrl+S for example.
                self._held = [Region.from_union(self._held)]
        elif isinstance(update, LayoutUpdate):
            self._held = [update.region]

    def release(self) -> list[Region]:
        """Where frames were held back since the last call."""
        held, self._held = self._held, []
        return held

    def changes(self, update: CompositorUpdate) -> CompositorUpdate:
        """The same update of the screen, written as what it changes."""
        return _Changes(self._shown, update)


class _Changes(CompositorUpdate):
    def __init__(self, shown: ShownScreen, update: CompositorUpdate) -> None:
        self._shown = shown
        self._update = update

    def render_segments(self, console: Console) -> str:
        update = self._update
        colours = console._color_system or ColorSystem.TRUECOLOR
        if isinstance(update, LayoutUpdate):
            return self._shown.show(_whole(update), update.region.size, colours)
        if isinstance(update, ChopsUpdate):
            width = max((ends[-1] for ends in update.chop_ends if ends), default=0)
            return self._shown.show(_parts(update), Size(width, len(update.chops)), colours)
        self._shown.forget()
        return update.render_segments(console)


def _whole(update: LayoutUpdate) -> Iterator[PaintedPart]:
    for y, strips in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in strips:
            yield PaintedPart(x, y, strip)
            x += strip.cell_length


def _parts(update: ChopsUpdate) -> Iterable[PaintedPart]:
    """The same parts of rows that `ChopsUpdate.render_segments` writes."""
    for y, first, last in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is None or x > last or end <= first:
                continue
            yield PaintedPart(x, y, strip if x >= first and end <= last else strip.crop(0, min(end, last) - x))


class UnhurriedPaint:
    """Put before `App` among the bases of an app: it paints as fast as the terminal takes it, and only what changed.

    The driver has its `Frames` as `frames` and its `TerminalOutput` as `output`; with any other driver nothing changes.
    """

    terminal_reads = True
    """False once the app has left a terminal that took nothing any more: printing to it would never end."""

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        driver = self._driver  # type: ignore[attr-defined]
        frames: Frames | None = getattr(driver, "frames", None)
        if frames is not None and isinstance(renderable, CompositorUpdate):
            driver.flush()
            if driver.output is not None and driver.output.unwritten:
                frames.hold(renderable)
                renderable = None
            else:
                renderable = frames.changes(renderable)
        super()._display(screen, renderable)  # type: ignore[misc]

    def paint_now(self) -> bool:
        """Paint what has changed without waiting for the next frame's turn, if the terminal has taken the last one.

        Returns:
            False if nothing has changed.
        """
        output = getattr(self._driver, "output", None)  # type: ignore[attr-defined]
        if output is None or output.unwritten or not self.screen_stack:  # type: ignore[attr-defined]
            return True
        screen: Screen[Any] = self.screen  # type: ignore[attr-defined]
        changed = bool(screen._dirty_widgets or screen._layout_required or screen._repaint_required)
        if changed:
            with screen._context():
                screen._on_timer_update()
        return changed

    def paint_held(self) -> None:
        """The terminal has taken the last frame: paint what has changed meanwhile, as it is now."""
        frames: Frames | None = getattr(self._driver, "frames", None)  # type: ignore[attr-defined]
        if frames is not None and (held := frames.release()) and self.screen_stack:  # type: ignore[attr-defined]
            self.screen.refresh(*held)  # type: ignore[attr-defined]

    def forget_screen(self) -> None:
        """Paint everything anew: nobody knows what the terminal shows."""
        frames: Frames | None = getattr(self._driver, "frames", None)  # type: ignore[attr-defined]
        if frames is not None:
            frames.forget()
        if self.screen_stack:  # type: ignore[attr-defined]
            self.screen.refresh()  # type: ignore[attr-defined]

    def on_resize(self) -> None:
        self.forget_screen()

    def on_app_focus(self) -> None:
        """The terminal may have been detached, or have shown something else."""
        self.forget_screen()
