"""The thumb of the log's scrollbar: painted only when it moved by what can be seen, since it costs as much as rows."""

from __future__ import annotations

from textual.scrollbar import ScrollBar


class Thumb:
    """Where the thumb of a vertical scrollbar is, in eighths of a cell."""

    def __init__(self) -> None:
        self._shown = (0, 0)
        """Where it begins, and how long it is."""

    def place(self, bar: ScrollBar, count: int, page: int, top: float) -> None:
        """Tell a scrollbar where the view is.

        Args:
            bar: The scrollbar.
            count: Rows there are.
            page: Rows that fit on the screen.
            top: The row at the top.
        """
        length = max(1.0, page * page / count) if count > page else 0.0
        start = int((page - length) * top / (count - page) * 8) if length else 0
        if (start, round(length * 8)) == self._shown:
            bar.set_reactive(ScrollBar.window_virtual_size, count)
            bar.set_reactive(ScrollBar.position, top)
        else:
            self._shown = (start, round(length * 8))
            bar.window_virtual_size, bar.position = count, top
