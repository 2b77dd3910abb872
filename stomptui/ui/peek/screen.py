"""The screen of a peek: the messages of one queue, how long they stay unacknowledged, and actions on them."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input

from stomptui.application.repairs.repair_draft import repair_draft
from stomptui.compose.draft import Draft
from stomptui.journal.journal import Journal
from stomptui.protocol.frame import Frame
from stomptui.protocol.marker import Batch
from stomptui.protocol.server_words import with_server_words
from stomptui.queues.actions.action import ActionKind
from stomptui.queues.peek import reports
from stomptui.queues.peek.peek import Peek
from stomptui.queues.peek.peek_values import PeekOptions, QueueSurvey
from stomptui.ui.app_messages import DeadLettersWanted, DraftWanted, DrainWanted
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.controllers import add_actions
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.message_actions.message_reader import MessageReader
from stomptui.ui.peek.arranging import PeekArranging
from stomptui.ui.peek.form import PeekRequest
from stomptui.ui.peek.peeked_messages import PeekedMessages
from stomptui.ui.widgets.empty_state import EmptyText
from stomptui.ui.widgets.key_footer import KeyFooter
from stomptui.ui.widgets.log.filter_problem import FilterProblemLine
from stomptui.ui.widgets.log.heads import LogHeads
from stomptui.ui.widgets.log.message_log import MessageLog
from stomptui.ui.widgets.message.detail import MessageDetail
from stomptui.ui.widgets.message.split import MessageSplit
from stomptui.ui.widgets.message.view_choice import ViewRequested
from stomptui.ui.widgets.pane.hints import hint
from stomptui.ui.widgets.pane.pane import Pane
from stomptui.ui.widgets.queues.messages import QueueList
from stomptui.ui.widgets.queues.peek_header import PeekFacts, PeekNote, peek_title
from stomptui.ui.widgets.status_bar import StatusBar, StatusFacts
from stomptui.ui.widgets.text.fields import Field
from stomptui.ui.widgets.work_bar import WorkBar

KEPT_BYTES = 512 << 20
KEPT_FRAMES = 5_000_000
HOLD_ENDS_SOON = 10.0
"""Seconds before messages are returned by themselves, from which on the footer shows how to keep them longer."""
BATCH = 500
"""Messages put into the list before keys get their turn."""


class PeekReported(Message):
    """A peek reports something; posted from its thread."""

    def __init__(self, peek: Peek, report: reports.Report) -> None:
        super().__init__()
        self.peek = peek
        self.report = report


class PeekScreen(Screen[None]):
    """Shows what a peek finds. Leaving it returns all messages to the queue.

    Args:
        peek: The peek, surveyed already; it is closed when the screen goes.
        survey: What was found out.
        request: How many messages, from where on.
        seen: Destinations for completion.
        log: The log, with which it shares the header that is a column of its own.
        shared: The log and the message of the console, with which it shares where the message stands.
        then: What to ask for, once they are shown, with all messages.
        status: Returns what the status bar shows; there is none without it.
    """

    AUTO_FOCUS = "#log"
    BINDINGS = bindings(Place.PEEK)
    ACTING = frozenset({"act", "drain", "refresh", "return_all"})
    """Actions that a key in a burst of keys asks about first."""

    def __init__(
        self,
        peek: Peek,
        survey: QueueSurvey,
        request: PeekRequest,
        seen: Callable[[], list[str]],
        log: MessageLog,
        shared: MessageSplit,
        then: ActionKind | None = None,
        status: Callable[[], StatusFacts] | None = None,
    ) -> None:
        super().__init__()
        self._status = status
        self._then = then
        self._log = log
        self.peek = peek
        self.journal = Journal(KEPT_BYTES, KEPT_FRAMES)
        self._survey = survey
        self._request = request
        self.note = PeekNote()
        self.list_view = QueueList(self.journal, id="log")
        self.detail = MessageDetail(id="detail")
        self.list_pane = Pane(id="log-box", marked=True)
        self.split = MessageSplit(self.list_pane, self.detail, id="messages")
        self.bar = WorkBar()
        self._messages = PeekedMessages(
            peek, self.journal, self.list_view, survey.holds, seen, lambda: key_of(self, "queue.refresh")
        )
        self.reader = MessageReader(
            self, self.journal, self._messages, self.list_view, self.detail, self.bar, self._edit
        )
        self._arranging = PeekArranging(self, self.split, shared)
        add_actions(self, self.reader, self._arranging)
        self._depth = survey.depth
        """Messages in the queue as they were counted last, for this peek."""
        self._peeks = 0
        self._state = ""
        self._note = survey.notice
        self._trouble = False
        self._ended = False
        """Whether all was shown that the peek found."""
        self._keys = (False, False, False)
        """What decides about keys: whether messages are unacknowledged, are returned by themselves soon, and whether
        one is still in the queue."""

    def compose(self) -> ComposeResult:
        if self._status is not None:
            yield StatusBar(self._status)
        with self.split:
            with self.list_pane:
                yield self.note
                yield Field(id="filter")
                yield FilterProblemLine()
                yield LogHeads(self.list_view)
                yield self.list_view
            yield self.detail
        yield self.bar
        yield KeyFooter()

    def help_facts(self) -> list[str]:
        """What this peek costs here."""
        return [self._survey.notice] if self._survey.notice else []

    def on_mount(self) -> None:
        self.keys_changed()
        self.list_view.empty = self._empty
        self.set_interval(0.5, self._tick)
        self.list_pane.foot = (hint(self.list_view, "log.column", "column", "column"),)
        self.list_view.header = self._log.header
        self.watch(self.list_view, "header", lambda header: setattr(self._log, "header", header), init=False)
        self.peek.peek(PeekOptions(self._request.limit, self._request.start))
        self._refresh()

    def keys_changed(self) -> None:
        """Name the key of the filter, which a person may have changed."""
        clear = key_of(self, "queue.back")
        self.query_one(
            "#filter", Field
        ).placeholder = f"text to find, or header:value; enter keeps the filter, {clear} clears it"

    def on_unmount(self) -> None:
        self.peek.close()

    # -- what the peek reports -------------------------------------------------------------------------------------

    @on(PeekReported)
    def _peek_reported(self, message: PeekReported) -> None:
        if message.peek is not self.peek:
            return
        report = message.report
        match report:
            case reports.PeekStarted():
                self._messages.begin()
                self.list_view.begin()
                self._state, self._trouble, self._note = "", False, self._survey.notice
                self._ended = False
                self._peeks += 1
                if self._peeks > 1:
                    # What was counted before is of another time.
                    self._depth = None
            case reports.Shown():
                self._show(report.frames)
            case reports.PeekEnded():
                self._note = report.result.note or self._survey.notice
                self._depth = report.result.depth
                self._ended = True
                self.list_view.settle()
                self._ask_for_all()
            case reports.MessagesReturned():
                self._state = f"○ returned {report.why}"
                self._note = report.how if report.how and report.how != "returned to the queue" else self._note
            case reports.Failed() if report.what == "peek":
                self._state, self._trouble = "✗ peek failed", True
                self._note = with_server_words(report.reason, report.server_text)
                self.notify(self._note, title="Peek failed", severity="error", markup=False)
            case _:
                self.reader.acting.receive(report)
                if self._messages.recount:
                    # Where they went may be this queue.
                    self._depth = None
        self._refresh()

    def _empty(self) -> EmptyText | None:
        """What the list says while there is no message in it."""
        if len(self.journal) or not (self._ended or self._trouble):
            return None
        title = "No message could be shown." if self._depth else "There is no message in this queue."
        title = "The peek failed." if self._trouble else title
        again, back = key_of(self, "queue.refresh"), key_of(self, "queue.back")
        return EmptyText(title, ((again, "peeks again"), (back, "goes back")))

    def _ask_for_all(self) -> None:
        """Ask for what the person came here to do with all messages."""
        then, self._then = self._then, None
        if then is not None and self.list_view.shown:
            self.list_view.marking.action_mark_all()
            self.reader.acting.ask(then)

    def _show(self, frames: tuple[Frame, ...]) -> None:
        version = frames[0].version if frames else "1.2"
        for begin in range(0, len(frames), BATCH):
            batch = Batch.of(frame.raw for frame in frames[begin : begin + BATCH])
            self.journal.append_batch(batch, monotonic(), version)
        self.list_view.note_times(frames)
        self.list_view.settle()

    def _tick(self) -> None:
        """Time goes on: the header counts the seconds until messages are returned."""
        self._refresh()

    @property
    def holding(self) -> bool:
        """Whether messages are unacknowledged now."""
        return self.peek.access.reader.holding

    def _refresh(self) -> None:
        if not self.is_mounted:
            return
        now, peek, view = monotonic(), self.peek, self.list_view
        unacked = len(self.journal) - len(self._messages.settled_rows) if self.holding else 0
        until = peek.held_until
        view.standing = ("unacked", "warn") if unacked else ("", "text")
        # What other consumers cannot receive is told while that is so.
        over = self._ended and self._survey.holds and not self.holding and self._note == self._survey.notice
        self.note.note = ("" if over else self._note, self._trouble)
        if not len(self.journal):
            view.settle()
        facts = PeekFacts(
            queue=peek.access.queue,
            broker=self._messages.dialect.title,
            kind=self._survey.kind,
            depth=None if self._depth is None else max(0, self._depth - len(self._messages.gone)),
            shown=view.shown,
            total=len(self.journal),
            needle=view.needle,
            gone=len(self._messages.gone),
            marked=len(view.marks.numbers),
            unacked=unacked,
            left=max(0.0, until - now) if until is not None else 0.0,
            busy="" if self.reader.acting.busy else peek.busy,
            state=self._state,
        )
        self.list_pane.title = peek_title(facts)
        keys = (self.holding, self.holding and facts.left < HOLD_ENDS_SOON, facts.gone < facts.total)
        if keys != self._keys:
            self._keys = keys
            self.refresh_bindings()

    # -- the messages ----------------------------------------------------------------------------------------------

    @on(MessageLog.Highlighted)
    @on(MessageLog.Selected)
    @on(MessageLog.FilterDropped)
    @on(MessageLog.ColumnRequested)
    @on(MessageDetail.SaveRequested)
    @on(MessageDetail.CopyPartRequested)
    @on(MessageDetail.CommandQuestion)
    @on(ViewRequested)
    @on(Input.Changed, "#filter")
    @on(Input.Submitted, "#filter")
    def _read(self, message: Message) -> None:
        self.reader.handle(message)

    def _edit(self, draft: Draft, note: str) -> None:
        if self._may_begin():
            self.app.post_message(DraftWanted(draft, note))

    def action_repair(self) -> None:
        """Edit the message under the cursor; what is sent takes its place."""
        row = self.list_view.row
        frame = self._messages.frame(row) if row is not None else None
        if row is None or frame is None:
            self.notify("Select a message first.", severity="warning")
        elif row in self._messages.settled_rows:
            self.notify(f"It was already {self._messages.settled_rows[row]}.", severity="warning")
        else:
            self._edit(repair_draft(self.peek.access, frame, row - self.list_view.base), "")

    # -- what the person does --------------------------------------------------------------------------------------

    def _may_begin(self) -> bool:
        """Whether no action is running that leaving or peeking again would end; says so if one is."""
        if self.reader.acting.busy:
            self.notify(
                f"Wait for the running action to end, or stop it with {key_of(self, 'queue.back')}.",
                severity="warning",
            )
        return not self.reader.acting.busy

    def action_refresh(self) -> None:
        if self._may_begin():
            self.peek.peek(PeekOptions(self._request.limit, self._request.start))

    def action_drain(self) -> None:
        """Return all messages, since a drain takes the queue from its beginning, and ask where to."""
        if not self._may_begin():
            return
        if self.holding:
            self.peek.return_messages()
        self.app.post_message(DrainWanted(self.peek.access.queue))

    @on(StatusBar.DeadLettersChosen)
    def action_dead_letters(self) -> None:
        if self._may_begin():
            self.app.post_message(DeadLettersWanted())

    def action_hold_longer(self) -> None:
        if not self.peek.extend_hold():
            self.notify(
                "Nothing is unacknowledged any more: all messages are returned.",
                severity="warning",
            )
        self._refresh()

    def action_return_all(self) -> None:
        self.peek.return_messages()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("hold_longer", "return_all"):
            return self.holding
        return True

    def is_hint_useful(self, id: str) -> bool:
        """Whether the footer should show a key: what acts on messages while one is still in the queue."""
        if id in ("act.move", "act.retry", "act.delete", "queue.mark"):
            return self._keys[2]
        return id != "queue.hold_longer" or self._keys[1]

    def action_say_why_not(self, action: str) -> None:
        if action in ("hold_longer", "return_all"):
            self.notify("No message is unacknowledged here.", severity="warning")

    @on(MessageSplit.Arranged)
    def _arranged(self) -> None:
        self._arranging.arranged()

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
        elif self._arranging.leave_alone() or self.reader.leave_filter():
            return
        elif self.has_class("-detail"):
            self.remove_class("-detail")
            self.list_view.focus()
        elif self.list_view.marks.numbers:
            self.list_view.marking.action_unmark()
        else:
            self.action_leave()

    def action_leave(self) -> None:
        if self.reader.acting.busy:
            self.peek.stop()
        else:
            self.dismiss(None)
