"""The list of queues and topics: how deep they are, who consumes, which hold dead letters; Enter peeks at one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Input, Static

from stomptui.queues.listing.listing import Listing
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.controllers import add_actions
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.queue_list.choosing import QueueAction, QueueChoice, QueueChoosing
from stomptui.ui.queue_list.dead_letters import DeadLetters
from stomptui.ui.queue_list.filtering import QueueFilter
from stomptui.ui.queue_list.refreshing import ListingReceived, Refreshing, Report, Start
from stomptui.ui.queue_list.texts import about_text, list_facts, note_text, state_text
from stomptui.ui.widgets.empty_state import EmptyState, EmptyText
from stomptui.ui.widgets.key_footer import KeyFooter
from stomptui.ui.widgets.pane.edge import Piece
from stomptui.ui.widgets.pane.hints import hint
from stomptui.ui.widgets.pane.pane import Pane
from stomptui.ui.widgets.queues.details import QueueDetails
from stomptui.ui.widgets.queues.rows import QueueOrder, QueueRow
from stomptui.ui.widgets.queues.table import QueueHead, QueueTable
from stomptui.ui.widgets.queues.title import queues_foot, queues_title
from stomptui.ui.widgets.status_bar import StatusBar, StatusFacts
from stomptui.ui.widgets.text.fields import Field

BESIDE = 110
"""Cells of a terminal from which on what is known of the selected queue stands beside the table."""


class QueueListScreen(Screen[None]):
    """The queues of a broker. It stays below whatever is opened from it.

    Args:
        start: Begins to ask the broker, and is asked to stop when the screen goes. Without it only `show` brings rows.
        choose: Called with what the person wants to do with a queue.
        dead_letters: Watches dead letters.
        status: Returns what the status bar shows; there is none without it.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.QUEUE_LIST)
    ACTING = frozenset({"choose"})
    """Actions that a key in a burst of keys asks about first."""
    DEFAULT_CSS = """
    QueueListScreen {
        layout: vertical;
        background: $background;
        & #note {
            height: auto;
            max-height: 3;
            padding: 0 1;
            color: $text-warning;
            display: none;
        }
        & #note.-shown { display: block; }
        & #filter { display: none; height: 1; border: none; padding: 0 1; background: $boost; }
        & #filter.-open { display: block; }
        & #said { height: 1fr; padding: 1 2; overflow-y: auto; }
        & #about { height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
        & > .queue-list-screen--error { color: $text-error; text-style: bold; }
        & #queues { width: 1fr; }
        & #selected { display: none; width: 42; padding: 1 2; }
        & #selected > VerticalScroll { scrollbar-size-vertical: 1; }
        &.-beside #selected { display: block; }
        &.-beside #about { display: none; }
        &.-said #selected { display: none; }
        &.-said QueueTable, &.-said QueueHead { display: none; }
    }
    """

    COMPONENT_CLASSES = {"queue-list-screen--error"}

    def __init__(
        self,
        start: Start | None = None,
        choose: Callable[[QueueChoice], object] = lambda choice: None,
        dead_letters: DeadLetters | None = None,
        status: Callable[[], StatusFacts] | None = None,
    ) -> None:
        super().__init__()
        self._dead_letters = dead_letters
        self._status = status
        self._table = QueueTable(id="table")
        self._refreshing = Refreshing(self, start, self._settle)
        self._filter = QueueFilter(self, self._table, self._settle)
        self._choosing = QueueChoosing(self, self._table, choose)
        add_actions(self, self._refreshing, self._filter, self._choosing, *([dead_letters] if dead_letters else []))
        self._pane = Pane(id="queues", marked=True)
        self._details = QueueDetails()
        self._selected_pane = Pane(id="selected", title=(Piece("Selected", "title"),))

    def compose(self) -> ComposeResult:
        if self._status is not None:
            yield StatusBar(self._status)
        with Horizontal():
            with self._pane:
                yield Static("", id="note", markup=False)
                yield Field(id="filter")
                yield QueueHead(self._table, id="head")
                yield self._table
                yield Static("", id="said", markup=False)
                yield EmptyState(id="nothing")
                yield Static("", id="about", markup=False)
            with self._selected_pane, VerticalScroll(can_focus=False):
                yield self._details
        yield KeyFooter()

    def on_mount(self) -> None:
        self.keys_changed()
        self._table.focus()
        self.set_interval(1.0, self._tick)
        self._refreshing.begin()
        self._settle()

    def keys_changed(self) -> None:
        """Name the key of the filter, which a person may have changed."""
        clear = key_of(self, "queues.back")
        self.query_one("#filter", Field).placeholder = f"text to find; enter keeps the filter, {clear} clears it"
        self._settle()

    def on_unmount(self) -> None:
        self._refreshing.end()

    def on_screen_suspend(self) -> None:
        self._refreshing.hidden()

    def on_screen_resume(self) -> None:
        self._refreshing.seen()

    @on(ListingReceived)
    def _listing_received(self, message: ListingReceived) -> None:
        message.stop()
        self.receive(message.report)

    def receive(self, report: Report) -> None:
        """Show what the broker answered; the cursor stays on its queue."""
        self._refreshing.receive(report)
        if isinstance(report, Listing):
            self._table.show(report.queues)
            if self._dead_letters is not None:
                self._dead_letters.watch.heard(report)
        self._settle()

    # -- what is on the screen ---------------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Bring all but the table up to date."""
        refreshing = self._refreshing
        said = state_text(self, refreshing, self._table)
        self.set_class(said is not None, "-said")
        self.query_one("#nothing", EmptyState).said = said if isinstance(said, EmptyText) else None
        failed = self.query_one("#said", Static)
        failed.display = isinstance(said, Text)
        failed.update(said if isinstance(said, Text) else "")
        note = note_text(refreshing.listing, refreshing.unlisted)
        label = self.query_one("#note", Static)
        label.update(note)
        label.set_class(bool(note), "-shown")
        self.query_one("#head", QueueHead).refresh()
        self._tick()
        self._show_selected(self._table.queue)
        self.refresh_bindings()

    def on_resize(self) -> None:
        self.set_class(self.size.width >= BESIDE, "-beside")
        self._show_selected(self._table.queue)

    def _show_selected(self, queue: QueueRow | None) -> None:
        self.query_one("#about", Static).update(about_text(queue))
        # Where it is not shown, the broker is not asked for it.
        self._refreshing.select((queue.kind, queue.name) if queue is not None and self.has_class("-beside") else None)
        self._details.show(queue, self._refreshing.more)

    def _tick(self) -> None:
        """The listing has become older."""
        facts = list_facts(self._refreshing, self._table)
        self._pane.title = queues_title(facts)
        self._pane.foot = queues_foot(facts, self._pane.outer_size.width, *self._hints())

    def _hints(self) -> Iterator[Piece]:
        if self._refreshing.possible:
            automatic = self._refreshing.automatic
            yield Piece("" if automatic else "not refreshed automatically", "warn", 1)
            yield hint(self, "queues.auto", "stop refreshing" if automatic else "refresh", "auto", 3)
        if self._dead_letters is not None:
            every = self._dead_letters.watch.every
            text = f"stop watching dead letters (every {every} s)" if every else "watch dead letters"
            yield hint(self, "queues.watch", text, "watch", 4)

    @on(QueueTable.Highlighted)
    def _highlighted(self, message: QueueTable.Highlighted) -> None:
        message.stop()
        self._show_selected(message.queue)

    # -- keys --------------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "sort":
            return self._table.shown > 1 and self._table.order != parameters[0]
        if action in ("again", "auto"):
            return self._refreshing.possible
        if action in ("choose", "compose", "subscribe"):
            return self._table.shown > 0
        if action == "filter":
            return self._table.total > 0
        return action != "watch" or self._dead_letters is not None

    def action_say_why_not(self, action: str) -> None:
        text = {
            "sort": "They are already sorted that way." if self._table.shown > 1 else "There is nothing to sort.",
            "auto": "This list cannot be refreshed.",
            "again": "This list cannot be refreshed.",
            "subscribe": "There is no queue to subscribe to.",
            "compose": "There is no queue to send to.",
            "choose": "There is no queue.",
            "filter": "There is no queue to filter.",
        }.get(action)
        if text is not None:
            self.notify(text, severity="warning")

    @on(StatusBar.DeadLettersChosen)
    def action_dead_letters(self) -> None:
        """Put the cursor on the dead-letter queue that matters most, and show all queues if it is filtered out."""
        self._table.go_to_dead_letters(self._dead_letters.watch.foremost if self._dead_letters is not None else None)
        if self.is_mounted:
            self._filter.clear()

    def action_sort(self, order: str) -> None:
        self._table.sort(QueueOrder(order))
        self._settle()

    @on(QueueTable.Selected)
    def _selected(self, message: QueueTable.Selected) -> None:
        message.stop()
        self._choosing.choose(QueueAction.PEEK, message.queue)

    @on(Input.Changed, "#filter")
    @on(Input.Submitted, "#filter")
    def _filter_typed(self, event: Input.Changed | Input.Submitted) -> None:
        self._filter.handle(event)
