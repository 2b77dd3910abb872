"""Copying from a message: what is selected, what a tab shows, or the body of another frame."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual.widget import Widget

from stomptui.journal.body import Content, content_of
from stomptui.journal.clipboard_text import Copied, copied_body, copied_frame, copied_headers, copied_lines
from stomptui.journal.copied_part import FramePart, PartKind, copied_part
from stomptui.journal.views.hex_view import HexLines, columns_for
from stomptui.protocol.frame import Frame
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.widgets.clipboard import copy
from stomptui.ui.widgets.lines.lines_view import LinesView
from stomptui.ui.widgets.message.shown_frame import ShownFrame, error_text
from stomptui.ui.widgets.message.tabs import DetailTab
from stomptui.ui.widgets.reveal import shows_secrets

AT_ONCE = 256 << 10
"""Bytes of a frame from which on what is copied of it is made in a thread."""


class MessageCopying:
    """Sends parts of messages to the terminal's clipboard, and says what was sent.

    Args:
        widget: Whose workers make what is large, and whose app has the clipboard.
        view: Where the message is painted.
    """

    def __init__(self, widget: Widget, view: LinesView) -> None:
        self._widget = widget
        self._view = view

    def copy_selected(self) -> bool:
        """Copy what is selected with the mouse; False if nothing is."""
        selection = self._widget.screen.selections.get(self._view)
        selected = self._view.get_selection(selection) if selection is not None else None
        if selected is None or not selected[0]:
            return False
        copy(self._widget.app, selected[0], ("what is selected, as it is painted",))
        return True

    def copy_note(self, text: str) -> None:
        """Copy a note that is shown in place of a frame."""
        self._send(Copied(text), "There is nothing to copy.")

    def copy_body_of(self, frame: Frame) -> None:
        """Copy the body of a frame, which need not be the one that is shown."""
        columns = columns_for(self._view.width)
        self._copy(frame, lambda: body_copy(frame, content_of(frame), columns))

    def copy_tab(self, shown: ShownFrame, tab: DetailTab) -> None:
        """Copy the data of which a tab shows something; secrets only if they are shown."""
        frame, columns = shown.frame, columns_for(self._view.width)
        safe = frame if shows_secrets(self._widget) else shown.masked
        masked = () if safe is frame else self._masked_note
        match tab:
            case DetailTab.BODY:
                self._copy(frame, lambda: body_copy(frame, shown.content, columns))
            case DetailTab.HEADERS:
                self._copy(frame, lambda: copied_headers(safe).noted(masked))
            case DetailTab.WIRE:
                self._copy(frame, lambda: copied_frame(safe).noted(masked))
            case DetailTab.HEX:
                self._copy(frame, lambda: copied_lines(HexLines(safe.raw + b"\0", columns)).noted(masked))

    def copy_part(self, shown: ShownFrame, part: FramePart) -> None:
        """Copy a part that the person chose; secrets only if they are shown."""
        columns = columns_for(self._view.width)
        frame = shown.frame if shows_secrets(self._widget) else shown.masked
        clear = part.kind in (PartKind.BODY, PartKind.JSON_VALUE) or frame is shown.frame
        if part.kind is PartKind.HEADER:
            clear = frame.headers[part.header] == shown.frame.headers[part.header]
        masked = () if clear else self._masked_note

        def make() -> Copied:
            source = shown.frame if part.kind is PartKind.BODY else frame
            text = partial(body_copy, shown.frame, shown.content, columns)
            return copied_part(part, source, shown.content, text).noted(masked)

        self._copy(shown.frame, make)

    @property
    def _masked_note(self) -> tuple[str, ...]:
        return (f"secrets are masked, {key_of(self._widget, 'app.reveal')} shows them",)

    def _copy(self, frame: Frame, make: Callable[[], Copied]) -> None:
        """Copy what `make` returns, which is called in a thread if the frame is large."""
        empty = "The body is empty: there is nothing to copy."
        if len(frame.raw) < AT_ONCE:
            self._send(make(), empty)
            return

        def make_and_send() -> None:
            self._widget.app.call_from_thread(self._send, make(), empty)

        self._widget.run_worker(make_and_send, thread=True, group="copying", exclusive=True)

    def _send(self, copied: Copied, empty: str) -> None:
        if copied.text:
            whole = f"{key_of(self._widget, 'detail.save')} saves the whole body to a file"
            copy(self._widget.app, copied.text, copied.notes, whole)
        else:
            self._widget.notify(empty, severity="warning", markup=False)


def body_copy(frame: Frame, content: Content, columns: int) -> Copied:
    """What is copied of a body; of an ERROR without one its message header, which is shown in place of it."""
    if content.kind == "empty" and (text := error_text(frame)):
        return Copied(text, ("the message header of the ERROR, whose body is empty",))
    return copied_body(content, lambda: HexLines(content.data, columns))
