"""One message: a pane with its body, headers, wire or hex, and one with its headers where there is space for both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from stomptui.journal.body import Content, content_of, kind_of
from stomptui.journal.clipboard_text import Copied, copied_body, copied_dump, copied_frame, copied_headers
from stomptui.journal.formats import NAMES
from stomptui.journal.secrets import masked_frame
from stomptui.journal.views.hex_view import HexLines, columns_for
from stomptui.journal.views.lines import Line, Lines, ReadyLines, TextLines
from stomptui.journal.views.registry import body_lines
from stomptui.journal.views.wire_view import WireLines
from stomptui.protocol.clean import clean
from stomptui.protocol.frame import Frame
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.keymap import Place, bindings
from stomptui.ui.widgets.clipboard import copy
from stomptui.ui.widgets.lines.lines_view import LinesView
from stomptui.ui.widgets.log.columns import size_text
from stomptui.ui.widgets.message.find_bar import FindBar
from stomptui.ui.widgets.message.header_lines import header_lines
from stomptui.ui.widgets.message.personal_body import PersonalBody, personal_views
from stomptui.ui.widgets.message.tabs import DetailTab
from stomptui.ui.widgets.pane.edge import Piece
from stomptui.ui.widgets.pane.hints import hint
from stomptui.ui.widgets.pane.pane import Pane
from stomptui.ui.widgets.reveal import shows_secrets

AT_ONCE = 256 << 10
"""Bytes of a frame from which on what is copied of it is made in a thread."""

BESIDE_CELLS, STACKED_LINES = 110, 30
"""From that width on the headers stand beside the body; else from that height on below it."""


class MessageDetail(Widget):
    """Body, headers, wire and hex of one frame."""

    DEFAULT_CSS = """
    MessageDetail {
        layout: vertical;
        height: 1fr;
        .detail-note { height: auto; max-height: 3; padding: 0 1; display: none; }
        .detail-note.-shown { display: block; }
        #detail-odd { color: $text-warning; }
        #detail-about { color: $text-muted; }
        #detail-empty { height: 1; padding: 0 1; color: $text-muted; }
        & > #detail-view { height: 1fr; }
        & > #detail-headers { display: none; }
        &.-beside { layout: horizontal; }
        &.-beside > #detail-view { width: 3fr; }
        &.-beside > #detail-headers { display: block; width: 2fr; }
        &.-stacked > #detail-headers { display: block; height: 40%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.MESSAGE)

    class SaveRequested(Message):
        """The person wants the bytes of the body in a file."""

        def __init__(self, frame: Frame) -> None:
            super().__init__()
            self.body = frame.body
            self.kind = kind_of(frame)

    class CommandQuestion(Message):
        """The person wants to see the body by a command of their own that was never run in this profile.

        Args:
            command: The command.
            allow: Called if it may be run.
        """

        def __init__(self, command: str, allow: Callable[[], None]) -> None:
            super().__init__()
            self.command = command
            self.allow = allow

    summary: reactive[str] = reactive("")
    """The body in a few words, as `288 B · application/json · utf-8`; "" without a message."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._pane = Pane(id="detail-view")
        self._view = LinesView(id="detail-lines")
        self._headers_pane = Pane(id="detail-headers")
        self._headers_view = LinesView(id="detail-header-lines")
        self._frame: Frame | None = None
        self._content: Content | None = None
        self._meanings: Mapping[str, str] = {}
        self._wire_fault = ""
        self._about = ""
        self._sent = False
        self._masked: Frame | None = None
        self._plain: tuple[str, str] | None = None
        self._tab = DetailTab.BODY
        self._places: dict[DetailTab, float] = {}
        """How far the person had scrolled in each tab of this message."""
        self._width = 0
        self._personal = PersonalBody(self, self._refresh)

    def compose(self) -> ComposeResult:
        with self._pane:
            yield Static("", id="detail-odd", classes="detail-note", markup=False)
            yield Static("", id="detail-about", classes="detail-note", markup=False)
            yield Static("Nothing selected: choose a message in the log.", id="detail-empty", markup=False)
            yield self._view
        with self._headers_pane:
            yield self._headers_view

    def on_mount(self) -> None:
        self._pane.foot = (
            hint(self, "detail.copy", "copy", "copy"),
            hint(self, "detail.save", "save body", "save", 1),
        )
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
            about: What became of it, "" if that is not known.
            sent: Whether the person sent it.
        """
        self._sent, self._masked = sent, None
        self._frame, self._content, self._plain = frame, None, None
        self._places = {}
        self._wire_fault, self._meanings, self._about = odd, meanings or {}, about
        self._refresh()

    def show_note(self, text: str, detail: str = "") -> None:
        """Show what happened to the connection instead of a frame; nothing of it is trusted."""
        self._frame, self._content, self._wire_fault = None, None, ""
        self._plain = (text, detail)
        self._refresh()

    def focus_view(self) -> None:
        """Put the focus where keys act on the message."""
        self._view.focus()

    @property
    def tab(self) -> DetailTab:
        """The tab shown: with the headers beside it, never the one of headers."""
        return DetailTab.BODY if self._tab is DetailTab.HEADERS and self.headers_beside else self._tab

    @property
    def headers_beside(self) -> bool:
        """Whether the headers have a pane of their own."""
        return self._frame is not None and (self.has_class("-beside") or self.has_class("-stacked"))

    def _copying(self) -> Callable[[], Copied]:
        """Makes what is copied of the current view; may be called in a thread."""
        tab = DetailTab.HEADERS if self._headers_view.has_focus else self.tab
        frame, width = self._frame, columns_for(self._view.width)
        if frame is None:
            text = "\n".join(filter(None, self._plain or ()))
            return lambda: Copied(text)
        if tab is DetailTab.BODY:
            content = self._body()
            return lambda: _body_copy(frame, content, width)
        safe = self._safe(frame)
        hidden = () if safe is frame else (f"secrets are masked, {key_of(self, 'app.reveal')} shows them",)
        if tab is DetailTab.HEADERS:
            return lambda: copied_headers(safe).noted(hidden)
        if tab is DetailTab.WIRE:
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
        view = self._view
        view.display = something
        odd: list[str] = []
        about: list[str] = []
        if frame is not None:
            odd += filter(None, (self._wire_fault, *frame.faults))
            about += filter(None, (self._about,))
            if (self.tab is not DetailTab.BODY or self.headers_beside) and self._safe(frame) is not frame:
                about.append(f"secrets are hidden; {key_of(self, 'app.reveal')} shows them")
            if self.tab is DetailTab.BODY:
                content = self._body()
                if (
                    content.kind != "empty"
                    and (error_text := _error_text(frame))
                    and not (content.text or "").startswith(error_text)
                ):
                    odd += error_text.splitlines()
                about += content.notes
                odd += content.faults
        lines = self._lines(odd) if something else None
        numbered = frame is not None and self.tab is DetailTab.BODY and not isinstance(lines, (HexLines, ReadyLines))
        view.show(lines, self._places.get(self.tab, 0.0), numbered)
        self.summary = summary_of(self._body(), frame) if frame is not None else ""
        self._pane.title = self._title()
        self._show_headers()
        self._show_notes("#detail-odd", odd)
        self._show_notes("#detail-about", about)

    def _title(self) -> tuple[Piece, ...]:
        frame = self._frame
        if frame is None:
            return (Piece("Message", "title"),)
        labels = {
            DetailTab.BODY: "Body",
            DetailTab.HEADERS: "" if self.headers_beside else f"Headers {len(frame.headers)}",
            DetailTab.WIRE: "Wire",
            DetailTab.HEX: "Hex",
        }
        pieces: list[Piece] = []
        for number, (tab, label) in enumerate(labels.items(), 1):
            if label:
                here = tab is self.tab
                pieces.append(Piece(str(number), "dim", 0, partial(self._choose, tab)))
                pieces.append(Piece(label, "current" if here else "dim", 0, partial(self._choose, tab), joined=True))
        return (*pieces, Piece(self.summary, "dim", 1))

    def _show_headers(self) -> None:
        frame = self._frame
        self._headers_pane.display = self.headers_beside
        if frame is None or not self.headers_beside:
            return
        self._headers_pane.title = (Piece("Headers", "title"), Piece(str(len(frame.headers)), "plain"))
        lines = ReadyLines(header_lines(self._safe(frame), self._meanings, self._headers_view.width))
        self._headers_view.show(lines, 0.0)

    def _show_notes(self, where: str, notes: list[str]) -> None:
        line = self.query_one(where, Static)
        line.update("\n".join(clean(text) for text in dict.fromkeys(notes)))
        line.set_class(bool(notes), "-shown")

    def _lines(self, notes: list[str] | None = None) -> Lines:
        frame = self._frame
        width = self._view.width
        if frame is None:
            return TextLines("\n".join(filter(None, self._plain or ())))
        tab = self.tab
        if tab is DetailTab.HEADERS:
            return ReadyLines(header_lines(self._safe(frame), self._meanings, width))
        if tab is DetailTab.WIRE:
            return WireLines(self._safe(frame))
        if tab is DetailTab.HEX:
            return HexLines(self._safe(frame).raw + b"\0", columns_for(width))
        content = self._body()
        if content.kind == "empty":
            text: list[Line] = [[(clean(line), "plain")] for line in _error_text(frame).splitlines()]
            return ReadyLines([*text, [("no body", "dim")]])
        shown = self._personal.of(frame, content)
        if shown is not None and notes is not None:
            notes += filter(None, [shown.note])
        if shown is not None and shown.lines is not None:
            return shown.lines
        lines, problem = body_lines(content, columns_for(width))
        if problem and notes is not None:
            notes.append(problem)
        return lines

    def on_resize(self) -> None:
        width, height = self.size
        beside = width >= BESIDE_CELLS
        stacked = not beside and height >= STACKED_LINES
        arranged = self.has_class("-beside"), self.has_class("-stacked")
        # Columns of hex and of headers depend on the width; folding is the view's own business.
        if self._width == width and arranged == (beside, stacked):
            return
        self._width = width
        self.set_class(beside, "-beside")
        self.set_class(stacked, "-stacked")
        if self._frame is not None:
            self._remember()
            self.call_after_refresh(self._refresh)

    def _remember(self) -> None:
        self._places[self.tab] = self._view.place

    # -- what the person does --------------------------------------------------------------------------------------

    def _choose(self, tab: DetailTab) -> None:
        """With a click."""
        self._go_to(tab)
        self.focus_view()

    def _go_to(self, tab: DetailTab) -> None:
        if tab is DetailTab.HEADERS and self.headers_beside:
            self._headers_view.focus()
            return
        if self._headers_view.has_focus:
            self.focus_view()
        self._remember()
        self._tab = tab
        self._refresh()

    def action_tab(self, tab: str) -> None:
        """Go to a tab, by the value of its `DetailTab`."""
        self._go_to(DetailTab(tab))

    def action_turn(self, step: int) -> None:
        """Go to the tab after (1) or before (-1) this one."""
        after = self.tab.after(step)
        if after is DetailTab.HEADERS and self.headers_beside:
            after = after.after(step)
        self._go_to(after)

    def copy_body_of(self, frame: Frame) -> None:
        """Copy the body of a frame, which need not be the one that is shown."""
        self._copy(frame, lambda: _body_copy(frame, content_of(frame), columns_for(self.query_one(LinesView).width)))

    def action_copy(self) -> None:
        """Copy what is selected with the mouse, or else the data of this view."""
        view = self.query_one(LinesView)
        selection = self.screen.selections.get(view)
        selected = view.get_selection(selection) if selection is not None else None
        if selected is not None and selected[0]:
            copy(self.app, selected[0], ("what is selected, as it is painted",))
            return
        self._copy(self._frame, self._copying())

    def _copy(self, frame: Frame | None, make: Callable[[], Copied]) -> None:
        if frame is None or len(frame.raw) < AT_ONCE:
            self._send_copy(make(), frame)
        else:
            self._copy_later(make, frame)

    @work(thread=True, group="copying", exclusive=True)
    def _copy_later(self, make: Callable[[], Copied], frame: Frame) -> None:
        self.app.call_from_thread(self._send_copy, make(), frame)

    def _send_copy(self, copied: Copied, frame: Frame | None) -> None:
        if not copied.text:
            empty = "There is nothing to copy." if frame is None else "The body is empty: there is nothing to copy."
            self.notify(empty, severity="warning", markup=False)
            return
        whole = f"{key_of(self, 'detail.save')} saves the whole body to a file"
        copy(self.app, copied.text, copied.notes, whole)

    def action_fold(self) -> None:
        """Fold or unfold at the cursor; before that, ask about the command that shows the body, if it was never run."""
        command, views = self._personal.question, personal_views(self)
        if command is None or views is None or self.tab is not DetailTab.BODY:
            self._view.fold_here()
            return

        def allow() -> None:
            try:
                views.allow(command)
            except OSError as error:
                self.notify(f"That is not remembered: {error}", severity="warning", markup=False)
            self._refresh()

        self.post_message(self.CommandQuestion(command, allow))

    # -- finding ---------------------------------------------------------------------------------------------------

    @property
    def _find_bar(self) -> FindBar | None:
        return next(iter(self.query(FindBar)), None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # Where nothing is found these keys are those of the screen.
        return self._find_bar is not None if action in ("step", "end_find") else True

    async def action_find(self) -> None:
        bar = self._find_bar
        if bar is None:
            bar = FindBar()
            await self._pane.mount(bar)
        bar.enter()

    def action_step(self, by: int) -> None:
        self.query_one(LinesView).step(by)

    def action_end_find(self) -> None:
        self._end_find()

    @on(FindBar.Closed)
    def _end_find(self) -> None:
        self.query_one(LinesView).find("")
        self.focus_view()
        self.query(FindBar).remove()

    @on(FindBar.Changed)
    def _find(self, message: FindBar.Changed) -> None:
        message.stop()
        self.query_one(LinesView).find(message.text)

    @on(FindBar.Entered)
    def _found(self, message: FindBar.Entered) -> None:
        message.stop()
        self.focus_view()

    @on(LinesView.Found)
    def _counted(self, message: LinesView.Found) -> None:
        message.stop()
        if (bar := self._find_bar) is not None:
            bar.show_count(message.count)

    def action_fold_all(self) -> None:
        self._view.fold_all()

    def action_wrap(self) -> None:
        self._switch_layout("wraps_bodies")

    def action_numbers(self) -> None:
        self._switch_layout("numbers_bodies")

    def _switch_layout(self, name: str) -> None:
        setattr(self.app, name, not getattr(self.app, name, True))
        self._view.layout_switched()

    def action_save(self) -> None:
        if self._frame is not None:
            self.post_message(self.SaveRequested(self._frame))


def _body_copy(frame: Frame, content: Content, columns: int) -> Copied:
    """What is copied of a body; of an ERROR without one its message header, which is shown in place of it."""
    if content.kind == "empty" and (error_text := _error_text(frame)):
        return Copied(error_text, ("the message header of the ERROR, whose body is empty",))
    return copied_body(content, lambda: HexLines(content.data, columns))


def summary_of(content: Content, frame: Frame) -> str:
    """The size of a body, its content-type and its charset or format; clean."""
    kind = content.media_type or content.kind
    how = content.charset or (NAMES[content.format] if content.format else "")
    how = "" if how.lower() == kind.lower() else how
    return " · ".join(filter(None, (size_text(frame.body_size), clean(kind), how)))


def _error_text(frame: Frame) -> str:
    """What an ERROR says in its `message` header, which may be all it says; "" for other frames."""
    return (frame.get("message") or "") if frame.command == "ERROR" else ""
