"""The view of one queue: what a peek shows, what it holds, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input

from stomptui.compose.draft import Draft
from stomptui.journal.journal import Journal
from stomptui.protocol.frame import Frame
from stomptui.protocol.marker import Batch
from stomptui.queues.peek import reports
from stomptui.queues.peek.peek import Peek
from stomptui.queues.peek.peek_values import PeekOptions, QueueSurvey
from stomptui.ui.app_messages import DraftWanted, DrainWanted
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.controllers import add_actions
from stomptui.ui.keymap import Place, bindings
from stomptui.ui.message_actions.reader import MessageReader
from stomptui.ui.peek.form import PeekRequest
from stomptui.ui.peek.peeked_messages import PeekedMessages
from stomptui.ui.widgets.key_footer import KeyFooter
from stomptui.ui.widgets.log.message_log import MessageLog
from stomptui.ui.widgets.message.detail import MessageDetail
from stomptui.ui.widgets.queues.messages import QueueList
from stomptui.ui.widgets.queues.peek_header import QueueFacts, QueueHeader
from stomptui.ui.widgets.text.fields import Field
from stomptui.ui.widgets.work_bar import WorkBar

KEPT_BYTES = 512 << 20
KEPT_FRAMES = 5_000_000
BATCH = 500
"""Messages put into the list between two looks at the keys."""


class Told(Message):
    """From the thread of a peek: something it reports."""

    def __init__(self, peek: Peek, report: reports.Report) -> None:
        super().__init__()
        self.peek = peek
        self.report = report


class QueueScreen(Screen[None]):
    """What a peek shows. Leaving it gives everything back.

    Args:
        peek: The peek, surveyed already; it is closed when the screen goes.
        survey: What was found out.
        request: What to look for.
        seen: Destinations for completion.
    """

    AUTO_FOCUS = "#log"
    BINDINGS = bindings(Place.PEEK)
    ACTING = frozenset({"act", "drain", "refresh", "give_back"})
    """Actions that a key in a burst of keys asks about first."""

    def __init__(self, peek: Peek, survey: QueueSurvey, request: PeekRequest, seen: Callable[[], list[str]]) -> None:
        super().__init__()
        self.peek = peek
        self.journal = Journal(KEPT_BYTES, KEPT_FRAMES)
        self._survey = survey
        self._request = request
        self.header = QueueHeader()
        self.list_view = QueueList(self.journal, id="log")
        self.detail = MessageDetail(id="detail")
        self.bar = WorkBar()
        self._messages = PeekedMessages(
            peek, self.journal, self.list_view, survey.holds, seen, lambda: key_of(self, "queue.refresh")
        )
        self.reader = MessageReader(
            self, self.journal, self._messages, self.list_view, self.detail, self.bar, self._edit
        )
        add_actions(self, self.reader)
        self._depth = survey.depth
        """Messages in the queue as they were counted last, for this look."""
        self._looks = 0
        self._state = ""
        self._note = survey.notice
        self._trouble = False
        self._could_give_back = False

    def compose(self) -> ComposeResult:
        yield self.header
        yield Field(placeholder="show only what holds this; enter keeps it, esc clears it", id="filter")
        yield self.list_view
        yield self.detail
        yield self.bar
        yield KeyFooter()

    def help_facts(self) -> list[str]:
        """What this peek costs here."""
        return [self._survey.notice] if self._survey.notice else []

    def on_mount(self) -> None:
        self.set_interval(0.5, self._tick)
        self.peek.look(PeekOptions(self._request.limit, self._request.start))
        self._refresh()

    def on_unmount(self) -> None:
        self.peek.close()

    # -- what the peek reports -------------------------------------------------------------------------------------

    @on(Told)
    def _told(self, message: Told) -> None:
        if message.peek is not self.peek:
            return
        report = message.report
        match report:
            case reports.PeekStarted():
                self._messages.begin()
                self.list_view.begin()
                self._state, self._trouble, self._note = "", False, self._survey.notice
                self._looks += 1
                if self._looks > 1:
                    # What was counted before is of another time.
                    self._depth = None
            case reports.Shown():
                self._show(report.frames)
            case reports.PeekEnded():
                self._note = report.looked.note or self._survey.notice
                self._depth = report.looked.depth
                self.list_view.settle()
            case reports.MessagesReturned():
                self._state = f"○ given back {report.why}"
                self._note = report.how if report.how and report.how != "given back to the queue" else self._note
            case reports.Failed() if report.what == "look":
                self._state, self._trouble = "✗ not shown", True
                self._note = report.reason + (
                    f": {report.server_text}" if report.server_text not in ("", report.reason) else ""
                )
                self.notify(self._note, title="Not shown", severity="error", markup=False)
            case _:
                self.reader.acting.hear(report)
                if self._messages.recount:
                    # Where they went may be this queue.
                    self._depth = None
        self._refresh()
        if self._could_give_back != self.holding:
            self._could_give_back = self.holding
            self.refresh_bindings()

    def _show(self, frames: tuple[Frame, ...]) -> None:
        version = frames[0].version if frames else "1.2"
        for begin in range(0, len(frames), BATCH):
            batch = Batch.of(frame.raw for frame in frames[begin : begin + BATCH])
            self.journal.append_batch(batch, monotonic(), version)
        self.list_view.note_times(frames)
        self.list_view.settle()

    def _tick(self) -> None:
        """Time goes on: what is held shows for how long."""
        self._refresh()

    @property
    def holding(self) -> bool:
        """Whether messages are held now."""
        return self.peek.access.holding

    def _refresh(self) -> None:
        if not self.is_mounted:
            return
        now, peek, view = monotonic(), self.peek, self.list_view
        held = len(self.journal) - len(self._messages.settled_rows) if self.holding else 0
        since, until = peek.held_since, peek.held_until
        view.standing = ("held", "warn") if held else ("", "text")
        self.header.facts = QueueFacts(
            queue=peek.access.queue,
            broker=self._messages.dialect.title,
            kind=self._survey.kind,
            depth=None if self._depth is None else max(0, self._depth - len(self._messages.gone)),
            shown=view.shown,
            total=len(self.journal),
            gone=len(self._messages.gone),
            marked=len(view.marks.numbers),
            held=held,
            held_for=now - since if since is not None else 0.0,
            hold=peek.hold_time,
            left=max(0.0, until - now) if until is not None else 0.0,
            busy="" if self.reader.acting.busy else peek.busy,
            state=self._state,
            note=self._note,
            trouble=self._trouble,
        )

    # -- the messages ----------------------------------------------------------------------------------------------

    @on(MessageLog.Highlighted)
    @on(MessageLog.Selected)
    @on(MessageLog.FilterDropped)
    @on(MessageDetail.SaveRequested)
    @on(Input.Changed, "#filter")
    @on(Input.Submitted, "#filter")
    def _read(self, message: Message) -> None:
        self.reader.handle(message)

    def _edit(self, draft: Draft) -> None:
        if self._may_begin():
            self.app.post_message(DraftWanted(draft))

    # -- what the person does --------------------------------------------------------------------------------------

    def _may_begin(self) -> bool:
        """Whether nothing is being done that leaving or looking again would end; says so if it is."""
        if self.reader.acting.busy:
            self.notify("Wait until what is being done has ended, or stop it with esc.", severity="warning")
        return not self.reader.acting.busy

    def action_refresh(self) -> None:
        if self._may_begin():
            self.peek.look(PeekOptions(self._request.limit, self._request.start))

    def action_drain(self) -> None:
        """Give back what is held, since a drain takes the queue from its beginning, and ask where to."""
        if not self._may_begin():
            return
        if self.holding:
            self.peek.return_messages()
        self.app.post_message(DrainWanted(self.peek.access.queue))

    def action_hold_on(self) -> None:
        if not self.peek.hold_on():
            self.notify("Nothing is held any more: it went back, or is going back now.", severity="warning")
        self._refresh()

    def action_give_back(self) -> None:
        self.peek.return_messages()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("hold_on", "give_back"):
            return self.holding
        return True

    def action_say_why_not(self, action: str) -> None:
        if action in ("hold_on", "give_back"):
            self.notify("Nothing is held here.", severity="warning")

    @on(QueueList.MarksChanged)
    @on(MessageLog.StateChanged)
    def _marks_changed(self) -> None:
        self._refresh()

    def action_next_pane(self) -> None:
        if self.has_class("-detail") and self.list_view.has_focus:
            self.detail.focus_view()
        else:
            self.list_view.focus()

    def action_back(self) -> None:
        """One step back: stop what is being done, out of the filter, the message away, out of the queue."""
        if self.reader.acting.busy:
            self.peek.stop()
        elif self.reader.leave_filter():
            return
        elif self.has_class("-detail"):
            self.remove_class("-detail")
            self.list_view.focus()
        elif self.list_view.marks.numbers:
            self.list_view.action_unmark()
        else:
            self.action_leave()

    def action_leave(self) -> None:
        if self.reader.acting.busy:
            self.peek.stop()
        else:
            self.dismiss(None)
