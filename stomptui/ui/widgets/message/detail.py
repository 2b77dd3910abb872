"""The detail pane of one message: body, headers with their meaning, wire and hex."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from stomptui.journal.body import Content, content_of, kind_of
from stomptui.journal.clipboard_text import Copied, copied_body, copied_dump, copied_frame, copied_headers
from stomptui.journal.header_meanings import meaning
from stomptui.journal.secrets import masked_frame
from stomptui.journal.views.hex_view import HexLines, columns_for
from stomptui.journal.views.lines import Line, Lines, TextLines
from stomptui.journal.views.registry import body_lines
from stomptui.journal.views.wire_view import WireLines, visible
from stomptui.protocol.clean import clean
from stomptui.protocol.frame import Frame
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.keymap import Place, bindings
from stomptui.ui.widgets.clipboard import copy
from stomptui.ui.widgets.message.lines_view import LinesView
from stomptui.ui.widgets.palette import ink
from stomptui.ui.widgets.reveal import shows_secrets

TABS = ("body", "headers", "wire", "hex")
AT_ONCE = 256 << 10
"""Bytes of a frame from which on what is copied of it is made in a thread."""


class DetailTabs(Widget):
    """The names of the four views, the current one marked; a click changes to another."""

    COMPONENT_CLASSES = {"detail-tabs--current", "detail-tabs--other"}
    DEFAULT_CSS = """
    DetailTabs {
        height: 1;
        padding: 0 1;
        & > .detail-tabs--current { color: $text-accent; text-style: bold underline; }
        & > .detail-tabs--other { color: $text-muted; }
    }
    """
    current: reactive[str] = reactive("body")
    labels: reactive[tuple[str, ...]] = reactive(("Body", "Headers", "Wire", "Hex"))

    class Chosen(Message):
        """The person wants another view."""

        def __init__(self, tab: str) -> None:
            super().__init__()
            self.tab = tab

    def render(self) -> Text:
        line = Text(no_wrap=True, end="")
        for number, (tab, label) in enumerate(zip(TABS, self.labels, strict=True), 1):
            line.append("   " if number > 1 else "")
            line.append(f"{number} ", ink(self, "detail-tabs--other"))
            line.append(label, ink(self, f"detail-tabs--{'current' if tab == self.current else 'other'}"))
        return line

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        end = 0
        for tab, label in zip(TABS, self.labels, strict=True):
            end += len(label) + 5
            if offset.x < end:
                self.post_message(self.Chosen(tab))
                return


class Ready(Lines):
    """Lines that are there already."""

    def __init__(self, lines: list[Line]) -> None:
        super().__init__(0)
        self._all = lines

    def _make(self, state: int) -> tuple[list[Line], Any]:
        return self._all, None


class MessageDetail(Widget):
    """Body, headers, wire and hex of one frame."""

    DEFAULT_CSS = """
    MessageDetail {
        layout: vertical;
        & > .detail-note { height: auto; max-height: 3; padding: 0 1; display: none; }
        & > .detail-note.-shown { display: block; }
        & > #detail-odd { color: $text-warning; }
        & > #detail-about { color: $text-muted; }
        & > #detail-empty { height: 1; padding: 0 1; color: $text-muted; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.MESSAGE)

    class SaveRequested(Message):
        """The person wants the bytes of the body in a file."""

        def __init__(self, frame: Frame) -> None:
            super().__init__()
            self.body = frame.body
            self.kind = kind_of(frame)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._frame: Frame | None = None
        self._content: Content | None = None
        self._meanings: Mapping[str, str] = {}
        self._oddity = ""
        self._fate = ""
        self._sent = False
        self._masked: Frame | None = None
        self._plain: tuple[str, str] | None = None
        self._tab = "body"
        self._places: dict[str, float] = {}
        """Where the person was in each view of this message."""
        self._width = 0

    def compose(self) -> ComposeResult:
        yield DetailTabs()
        yield Static("", id="detail-odd", classes="detail-note", markup=False)
        yield Static("", id="detail-about", classes="detail-note", markup=False)
        yield Static("Nothing selected: choose a message in the log.", id="detail-empty", markup=False)
        yield LinesView(id="detail-lines")

    def on_mount(self) -> None:
        self._refresh()

    def show(
        self,
        frame: Frame | None,
        *,
        odd: str = "",
        meanings: Mapping[str, str] | None = None,
        about: str = "",
        sent: bool = False,
    ) -> None:
        """Show a frame, or that there is none.

        Args:
            frame: The frame.
            odd: What was odd about it on the wire, "" if nothing.
            meanings: What headers mean on this broker, where that is more than STOMP says.
            about: What became of it, "" if there is nothing to say.
            sent: Whether the person sent it.
        """
        self._sent, self._masked = sent, None
        self._frame, self._content, self._plain = frame, None, None
        self._places = {}
        self._oddity, self._meanings, self._fate = odd, meanings or {}, about
        self._refresh()

    def show_note(self, text: str, detail: str = "") -> None:
        """Show what happened to the connection instead of a frame; nothing of it is trusted."""
        self._frame, self._content, self._oddity = None, None, ""
        self._plain = (text, detail)
        self._refresh()

    def focus_view(self) -> None:
        """Put the focus where keys act on the message."""
        self.query_one(LinesView).focus()

    @property
    def tab(self) -> str:
        """The view shown: "body", "headers", "wire" or "hex"."""
        return self._tab

    def _copying(self) -> Callable[[], Copied]:
        """Makes what is copied of the current view; may be called in a thread."""
        frame, tab, width = self._frame, self._tab, columns_for(self.query_one(LinesView).width)
        if frame is None:
            text = "\n".join(filter(None, self._plain or ()))
            return lambda: Copied(text)
        if tab == "body":
            content = self._body()
            if content.kind == "empty" and (said := _said(frame)):
                # It is what is shown in place of a body.
                return lambda: Copied(said, ("the message header of the ERROR, whose body is empty",))
            return lambda: copied_body(content, lambda: HexLines(content.data, width))
        safe = self._safe(frame)
        hidden = () if safe is frame else (f"secrets are masked, {key_of(self, 'app.reveal')} shows them",)
        if tab == "headers":
            return lambda: copied_headers(safe).noted(hidden)
        if tab == "wire":
            return lambda: copied_frame(safe).noted(hidden)
        return lambda: copied_dump(HexLines(safe.raw + b"\0", width)).noted(hidden)

    def _safe(self, frame: Frame) -> Frame:
        """The frame without its secrets, unless the person asked to see them."""
        if shows_secrets(self):
            return frame
        if self._masked is None:
            self._masked = masked_frame(frame, self._sent)
        return self._masked

    def secrets_switched(self) -> None:
        self._refresh()

    # -- how it is shown -------------------------------------------------------------------------------------------

    def _body(self) -> Content:
        if self._content is None:
            assert self._frame is not None
            self._content = content_of(self._frame)
        return self._content

    def _refresh(self) -> None:
        if not self.is_mounted:
            return
        frame = self._frame
        something = frame is not None or self._plain is not None
        self.query_one("#detail-empty").display = not something
        tabs = self.query_one(DetailTabs)
        tabs.display = frame is not None
        view = self.query_one(LinesView)
        view.display = something
        odd: list[str] = []
        about: list[str] = []
        if frame is not None:
            tabs.current = self._tab
            tabs.labels = ("Body", f"Headers {len(frame.headers)}", "Wire", "Hex")
            odd += filter(None, (self._oddity, *frame.faults))
            about += filter(None, (self._fate,))
            if self._tab != "body" and self._safe(frame) is not frame:
                about.append(f"secrets are hidden; {key_of(self, 'app.reveal')} shows them")
            if self._tab == "body":
                content = self._body()
                if content.kind != "empty" and (said := _said(frame)) and not (content.text or "").startswith(said):
                    odd += said.splitlines()
                about += content.notes
                odd += content.odd
        view.show(self._lines(odd) if something else None, self._places.get(self._tab, 0.0))
        self._tell("#detail-odd", odd)
        self._tell("#detail-about", about)

    def _tell(self, where: str, notes: list[str]) -> None:
        line = self.query_one(where, Static)
        line.update("\n".join(clean(text) for text in dict.fromkeys(notes)))
        line.set_class(bool(notes), "-shown")

    def _lines(self, notes: list[str] | None = None) -> Lines:
        frame = self._frame
        width = self.query_one(LinesView).width
        if frame is None:
            return TextLines("\n".join(filter(None, self._plain or ())))
        if self._tab == "headers":
            return Ready(_header_lines(self._safe(frame), self._meanings, width))
        if self._tab == "wire":
            return WireLines(self._safe(frame))
        if self._tab == "hex":
            return HexLines(self._safe(frame).raw + b"\0", columns_for(width))
        content = self._body()
        if content.kind == "empty":
            said: list[Line] = [[(clean(line), "plain")] for line in _said(frame).splitlines()]
            return Ready([*said, [("no body", "dim")]])
        lines, problem = body_lines(content, columns_for(width))
        if problem and notes is not None:
            notes.append(problem)
        return lines

    def on_resize(self) -> None:
        # Columns of hex and of headers depend on the width; folding is the view's own business.
        if self._width != self.size.width:
            self._width = self.size.width
            if self._frame is not None and (self._tab in ("hex", "headers") or self._body().text is None):
                self._remember()
                self.call_after_refresh(self._refresh)

    def _remember(self) -> None:
        self._places[self._tab] = self.query_one(LinesView).place

    # -- what the person does --------------------------------------------------------------------------------------

    @on(DetailTabs.Chosen)
    def _chosen(self, message: DetailTabs.Chosen) -> None:
        message.stop()
        self.action_tab(message.tab)
        self.focus_view()

    def action_tab(self, tab: str) -> None:
        self._remember()
        self._tab = tab
        self._refresh()

    def action_turn(self, step: int) -> None:
        self.action_tab(TABS[(TABS.index(self._tab) + step) % len(TABS)])

    def action_copy(self) -> None:
        make = self._copying()
        if self._frame is None or len(self._frame.raw) < AT_ONCE:
            self._send_copy(make())
        else:
            self._copy_later(make)

    @work(thread=True, group="copying", exclusive=True)
    def _copy_later(self, make: Callable[[], Copied]) -> None:
        self.app.call_from_thread(self._send_copy, make())

    def _send_copy(self, copied: Copied) -> None:
        if not copied.text:
            empty = "The body is empty: there is nothing to copy." if self._frame else "There is nothing to copy."
            self.notify(empty, severity="warning", markup=False)
            return
        copy(self.app, copied.text, copied.notes, "w saves the whole body to a file")

    def action_save(self) -> None:
        if self._frame is not None:
            self.post_message(self.SaveRequested(self._frame))


def _said(frame: Frame) -> str:
    """What an ERROR says in its `message` header, which may be all it says; "" for other frames."""
    return (frame.get("message") or "") if frame.command == "ERROR" else ""


def _header_lines(frame: Frame, meanings: Mapping[str, str], width: int) -> list[Line]:
    """The command and each header in order, with what the known ones mean; a repeat says that it does not count."""
    lines: list[Line] = [[(clean(frame.command), "tag")]]
    names = [clean(name) for name, _ in frame.headers]
    values = [visible(value) for _, value in frame.headers]
    widths = [sum(cell_len(text) for text, _ in value) for value in values]
    pad = min(max((cell_len(name) for name in names), default=0), max(12, width // 3)) + 2
    # Meanings stand in a column of their own, as far as values are of a usual length.
    column = min(max((size for size in widths if size <= width // 3), default=0), max(0, width - pad - 40))
    seen: set[str] = set()
    for (raw_name, _), name, value, size in zip(frame.headers, names, values, widths, strict=True):
        told = "repeat: only the first counts" if raw_name in seen else meaning(raw_name, meanings)
        seen.add(raw_name)
        line: Line = [(name + " " * max(2, pad - cell_len(name)), "key"), *value]
        lines.append(line)
        before = max(pad, cell_len(name) + 2) + max(size, column) + 3
        if told and before + cell_len(told) <= width:
            line.append((" " * (3 + max(0, column - size)) + told, "comment"))
        elif told:
            lines.append([(" " * pad, "plain"), (told, "comment")])
    return lines
