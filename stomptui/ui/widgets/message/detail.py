"""One message: a pane with its body, headers, wire or hex, and one with its headers where there is space for both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from stomptui.journal.body import Content, kind_of
from stomptui.journal.copied_part import FramePart
from stomptui.journal.search.row_filter import RowFilter
from stomptui.protocol.frame import Frame
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.controllers import add_actions
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.cycle import after
from stomptui.ui.widgets.empty_state import EmptyState, EmptyText
from stomptui.ui.widgets.lines.line_actions import LineActions
from stomptui.ui.widgets.lines.lines_view import LinesView
from stomptui.ui.widgets.message.copying import MessageCopying
from stomptui.ui.widgets.message.headers_pane import HeadersPane
from stomptui.ui.widgets.message.lines_pane import LinesPane
from stomptui.ui.widgets.message.notes import MessageNotes
from stomptui.ui.widgets.message.personal_body import PersonalBody, personal_views
from stomptui.ui.widgets.message.shown_frame import ShownFrame
from stomptui.ui.widgets.message.tab_content import TabContent, TabContents
from stomptui.ui.widgets.message.tabs import DetailTab
from stomptui.ui.widgets.message.title import message_title
from stomptui.ui.widgets.message.view_choice import ViewChoice
from stomptui.ui.widgets.pane.edge import Piece
from stomptui.ui.widgets.pane.hints import hint
from stomptui.ui.widgets.reveal import shows_secrets

BESIDE_CELLS, STACKED_LINES = 110, 30
"""From that width on the headers stand beside the body; else from that height on below it."""


class MessageDetail(Widget):
    """Body, headers, wire and hex of one frame."""

    DEFAULT_CSS = """
    MessageDetail {
        layout: vertical;
        height: 1fr;
        #detail-odd { color: $text-warning; }
        #detail-about { color: $text-muted; }
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

    class CopyPartRequested(Message):
        """The person wants to choose which part is copied.

        Args:
            frame: The frame; its secrets are masked unless they are shown.
            content: Its body.
            copy: Called with the part.
        """

        def __init__(self, frame: Frame, content: Content, copy: Callable[[FramePart], None]) -> None:
            super().__init__()
            self.frame = frame
            self.content = content
            self.copy = copy

    summary: reactive[str] = reactive("")
    """The body in a few words, as `288 B · application/json · utf-8`; "" without a message."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._view = LinesView(id="detail-lines")
        self._pane = LinesPane(self._view, id="detail-view")
        self._headers = HeadersPane(id="detail-headers")
        self._odd_notes = MessageNotes(id="detail-odd")
        self._about_notes = MessageNotes(id="detail-about")
        self._shown: ShownFrame | None = None
        self._note: str | None = None
        """What is shown in place of a frame."""
        self._tab = DetailTab.BODY
        self._places: dict[DetailTab, float] = {}
        """How far the person had scrolled in each tab of this message."""
        self._width = 0
        self._marked = ""
        """The filter of the log as it was typed, "" if there is none."""
        self._personal = PersonalBody(self, self._refresh)
        choice = ViewChoice(self, lambda: self._shown, lambda: self._go_to(DetailTab.BODY))
        self._contents = TabContents(self, self._personal, choice)
        self.copying = MessageCopying(self, self._view)
        add_actions(self, self._pane.finding, choice, LineActions(self._view))

    def compose(self) -> ComposeResult:
        with self._pane:
            yield self._odd_notes
            yield self._about_notes
            yield EmptyState(EmptyText("Nothing selected."), id="detail-empty")
            yield self._view
        yield self._headers

    def on_mount(self) -> None:
        # It is mounted only once this is done.
        self.call_later(self._refresh)

    # -- what is shown ---------------------------------------------------------------------------------------------

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
        self._shown = ShownFrame(frame, odd, meanings or {}, about, sent) if frame is not None else None
        self._note = None
        self._places = {}
        self._refresh()

    def show_note(self, text: str, detail: str = "") -> None:
        """Show what happened to the connection instead of a frame; nothing of it is trusted."""
        self._shown = None
        self._note = "\n".join(filter(None, (text, detail)))
        self._refresh()

    def mark(self, row_filter: RowFilter | None) -> None:
        """Mark what the filter of the log matches, nothing if there is none."""
        self._view.mark(row_filter)
        self._headers.view.mark(row_filter)
        self._marked = row_filter.text if row_filter is not None else ""
        self._pane.title = self._title()

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
        return self._shown is not None and (self.has_class("-beside") or self.has_class("-stacked"))

    def secrets_switched(self) -> None:
        self._refresh()

    def keys_changed(self) -> None:
        self._refresh()

    def _refresh(self) -> None:
        if not self.is_mounted:
            return
        shown, beside = self._shown, self.headers_beside
        content = TabContent()
        if shown is not None:
            content = self._contents.of(shown, self.tab, self._view.width, beside)
        elif self._note is not None:
            content = self._contents.of_note(self._note)
        empty = self.query_one("#detail-empty", EmptyState)
        empty.said = EmptyText("Nothing selected.", ((key_of(self, "log.select"), "opens the row under the cursor"),))
        empty.display = content.lines is None
        if content.lines is not None and not self._view.display:
            # It has a width, on which columns of hex depend, only once it is laid out.
            self.call_after_refresh(self._refresh)
        self._view.display = content.lines is not None
        self._view.show(content.lines, self._places.get(self.tab, 0.0), content.numbered)
        self.summary = shown.summary if shown is not None else ""
        self._pane.title = self._title()
        self._pane.foot = self._foot(content)
        self._headers.display = beside
        if shown is not None and beside:
            self._headers.show(shown)
        self._odd_notes.show(content.odd)
        self._about_notes.show(content.about)

    def _title(self) -> tuple[Piece, ...]:
        if self._shown is None:
            return (Piece("Message", "title"),)
        return message_title(self._shown, self.tab, self.headers_beside, self._choose, self._marked)

    def _foot(self, content: TabContent) -> tuple[Piece, ...]:
        """What can be done with what is shown."""
        if content.lines is None:
            return ()
        pieces = [
            (True, hint(self, "detail.copy", "copy", "copy")),
            (self._shown is not None, hint(self, "detail.save", "save body", "save", 1)),
            (True, hint(self, "detail.find", "find", "find", 2)),
            (content.lines.foldable, hint(self, "detail.fold_all", "fold", "fold_all", 3)),
            (self._shown is not None, hint(self, "detail.view", f"view: {content.view or 'auto'}", "view", 4)),
        ]
        return tuple(piece for possible, piece in pieces if possible)

    def on_resize(self) -> None:
        width, height = self.size
        beside = width >= BESIDE_CELLS
        stacked = not beside and height >= STACKED_LINES
        arranged = self.has_class("-beside"), self.has_class("-stacked")
        # Columns of hex and of headers depend on the width; wrapping is the view's own business.
        if self._width == width and arranged == (beside, stacked):
            return
        self._width = width
        self.set_class(beside, "-beside")
        self.set_class(stacked, "-stacked")
        if self._shown is not None:
            self._remember()
            self.call_after_refresh(self._refresh)

    def _remember(self) -> None:
        self._places[self.tab] = self._view.place

    # -- tabs ------------------------------------------------------------------------------------------------------

    def _choose(self, tab: DetailTab) -> None:
        """With a click."""
        self._go_to(tab)
        self.focus_view()

    def _go_to(self, tab: DetailTab) -> None:
        if tab is DetailTab.HEADERS and self.headers_beside:
            self._headers.view.focus()
            return
        if self._headers.view.has_focus:
            self.focus_view()
        self._remember()
        self._tab = tab
        self._refresh()

    def action_tab(self, tab: str) -> None:
        """Go to a tab, by the value of its `DetailTab`."""
        self._go_to(DetailTab(tab))

    def action_turn(self, step: int) -> None:
        """Go to the tab after (1) or before (-1) this one."""
        tab = after(self.tab, step)
        if tab is DetailTab.HEADERS and self.headers_beside:
            tab = after(tab, step)
        self._go_to(tab)

    # -- what the person does --------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # Where nothing is found these keys are those of the screen.
        return self._pane.finding.active if action in ("step", "end_find") else True

    def action_copy(self) -> None:
        """Copy what is selected with the mouse, or else the data of this view."""
        if self.copying.copy_selected():
            return
        if self._shown is None:
            self.copying.copy_note(self._note or "")
        else:
            self.copying.copy_tab(self._shown, DetailTab.HEADERS if self._headers.view.has_focus else self.tab)

    def action_copy_part(self) -> None:
        """Ask which part to copy."""
        if (shown := self._shown) is not None:
            frame = shown.frame if shows_secrets(self) else shown.masked
            copy = partial(self.copying.copy_part, shown)
            self.post_message(self.CopyPartRequested(frame, shown.content, copy))

    def action_save(self) -> None:
        if self._shown is not None:
            self.post_message(self.SaveRequested(self._shown.frame))

    def action_fold(self) -> None:
        """Fold or unfold at the cursor; before that, ask about the command that shows the body, if it was never run."""
        command, views = self._personal.question, personal_views(self)
        if command is None or views is None or self.tab is not DetailTab.BODY:
            self._view.folding.fold_here()
            return

        def allow() -> None:
            try:
                views.allow(command)
            except OSError as error:
                self.notify(f"That is not remembered: {error}", severity="warning", markup=False)
            self._refresh()

        self.post_message(self.CommandQuestion(command, allow))
