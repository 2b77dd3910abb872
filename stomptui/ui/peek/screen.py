"""The view of one queue: what a peek shows, what it holds, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from textual import on
from textual.app import ComposeResult
from textual.getters import query_one
from textual.message import Message

from stomptui.compose.draft import Draft
from stomptui.connection.dialect.base import Dialect
from stomptui.journal.entry import Outcome, RowState
from stomptui.journal.journal import Journal
from stomptui.protocol.frame import Frame
from stomptui.protocol.marker import Batch
from stomptui.queues.actions.action import DONE, FAILED, Action, MessageOutcome
from stomptui.queues.peek import reports
from stomptui.queues.peek.peek import Peek
from stomptui.queues.peek.peek_values import PeekOptions, QueueSurvey
from stomptui.ui.app_messages import DraftWanted, DrainWanted
from stomptui.ui.keymap import Place, bindings
from stomptui.ui.message_actions.reader import Reader
from stomptui.ui.peek.form import PeekRequest
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


class QueueScreen(Reader):
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
    header = query_one(QueueHeader)
    list_view = query_one("#log", QueueList)

    def __init__(self, peek: Peek, survey: QueueSurvey, request: PeekRequest, seen: Callable[[], list[str]]) -> None:
        super().__init__()
        self.peek = peek
        self.journal = Journal(KEPT_BYTES, KEPT_FRAMES)
        self._survey = survey
        self._request = request
        self._seen = seen
        self._settled: dict[int, str] = {}
        self._gone: set[int] = set()
        """Rows whose messages were taken out of the queue."""
        self._depth = survey.depth
        """Messages in the queue as they were counted last, for this look."""
        self._looks = 0
        self._state = ""
        self._note = survey.notice
        self._trouble = False
        self._could_give_back = False

    def compose(self) -> ComposeResult:
        yield QueueHeader()
        yield Field(placeholder="show only what holds this; enter keeps it, esc clears it", id="filter")
        yield QueueList(self.journal, id="log")
        yield MessageDetail(id="detail")
        yield WorkBar()
        yield KeyFooter()

    def help_facts(self) -> list[str]:
        """What this peek costs here."""
        return [self._survey.notice] if self._survey.notice else []

    def on_mount(self) -> None:
        self.begin_reading(self)
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
                self._settled.clear()
                self._gone.clear()
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
                if self.acting is not None:
                    self.acting.hear(report)
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

    @property
    def acts_on_held(self) -> bool:
        """Whether only what is held can be acted on."""
        return self._survey.holds

    def _refresh(self) -> None:
        if not self.is_mounted:
            return
        now, peek, view = monotonic(), self.peek, self.list_view
        held = len(self.journal) - len(self._settled) if self.holding else 0
        since, until = peek.held_since, peek.held_until
        view.standing = ("held", "warn") if held else ("", "text")
        self.header.facts = QueueFacts(
            queue=peek.access.queue,
            broker=self.dialect.title,
            kind=self._survey.kind,
            depth=None if self._depth is None else max(0, self._depth - len(self._gone)),
            shown=view.shown,
            total=len(self.journal),
            gone=len(self._gone),
            marked=len(view.marked),
            held=held,
            held_for=now - since if since is not None else 0.0,
            hold=peek.hold_time,
            left=max(0.0, until - now) if until is not None else 0.0,
            busy="" if self.acting_now else peek.busy,
            state=self._state,
            note=self._note,
            trouble=self._trouble,
        )

    @property
    def dialect(self) -> Dialect:
        return self.peek.access.dialect

    # -- the bearer of messages ------------------------------------------------------------------------------------

    def chosen(self) -> list[int]:
        return self.list_view.chosen()

    def frame(self, number: int) -> Frame | None:
        row = self.journal.get(number)
        return row.frame if row is not None else None

    def why_not(self, kind: str, number: int) -> str:
        if number in self._settled:
            return f"it was {self._settled[number]} already"
        if self.acts_on_held and not self.holding:
            return "it is not held any more, the delivery went back to the queue: press r to look again"
        return ""

    def origin(self, frame: Frame) -> str:
        return self.peek.access.origin(frame)

    def _items(self, numbers: list[int]) -> list[tuple[int, Frame]]:
        base = self.list_view.base
        return [(number - base, frame) for number in numbers if (frame := self.frame(number)) is not None]

    def propose(self, order: Action, numbers: list[int]) -> None:
        self.peek.hold_on()
        self.peek.plan(order, self._items(numbers))

    def take(self, order: Action, numbers: list[int]) -> None:
        self.peek.act(order, self._items(numbers))

    def settled(self, order: Action, number: int, outcome: MessageOutcome) -> None:
        row = number + self.list_view.base
        if order.accepts:
            # Where they went may be this queue.
            self._depth = None
        if outcome.state != DONE:
            self._settled.pop(row, None)
            self._gone.discard(row)
            state = RowState.FAILED if outcome.state == FAILED else RowState.DOUBT
            self.journal.mark(row, Outcome(state, text=outcome.text))
        elif order.kind != "copy":
            self._settled[row] = order.past
            if order.takes_out:
                self._gone.add(row)
            self.journal.mark(row, Outcome(RowState.UNSURE if order.is_risky else RowState.SETTLED, text=order.past))
        else:
            self.journal.mark(row, Outcome(RowState.UNSURE if order.is_risky else RowState.COPIED, text="copied"))
        self.list_view.settle()

    def covered(self, order: Action, numbers: list[int]) -> int:
        return 0

    def at_once(self, order: Action, numbers: list[int]) -> bool:
        return False

    def seen(self) -> list[str]:
        return self._seen()

    def edit(self, draft: Draft) -> None:
        if self._may_begin():
            self.app.post_message(DraftWanted(draft))

    # -- what the person does --------------------------------------------------------------------------------------

    def _may_begin(self) -> bool:
        """Whether nothing is being done that leaving or looking again would end; says so if it is."""
        if self.acting_now:
            self.notify("Wait until what is being done has ended, or stop it with esc.", severity="warning")
        return not self.acting_now

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
        if self.acting_now:
            self.peek.stop()
        elif self.leave_filter():
            return
        elif self.has_class("-detail"):
            self.remove_class("-detail")
            self.list_view.focus()
        elif self.list_view.marked:
            self.list_view.action_unmark()
        else:
            self.action_leave()

    def action_leave(self) -> None:
        if self.acting_now:
            self.peek.stop()
        else:
            self.dismiss(None)
