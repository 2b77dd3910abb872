"""The list of queues and topics: how deep they are, who consumes, which hold dead letters; Enter peeks at one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic
from typing import ClassVar, Protocol

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, Static

from stomptui.protocol.clean import clean
from stomptui.queues.listing.listing import Listing, Unlisted
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.controllers import add_actions
from stomptui.ui.keymap import Place, bindings
from stomptui.ui.queue_list.choosing import QueueAction, QueueChoice, QueueChoosing
from stomptui.ui.queue_list.texts import about_text, note_text, sentence
from stomptui.ui.widgets.key_footer import KeyFooter
from stomptui.ui.widgets.palette import ink
from stomptui.ui.widgets.pane.edge import Piece
from stomptui.ui.widgets.pane.hints import hint
from stomptui.ui.widgets.pane.pane import Pane
from stomptui.ui.widgets.queues.details import QueueDetails
from stomptui.ui.widgets.queues.rows import QueueOrder, QueueRow, dead_letters, totals
from stomptui.ui.widgets.queues.table import QueueHead, QueueTable
from stomptui.ui.widgets.queues.title import ListFacts, queues_foot, queues_title
from stomptui.ui.widgets.text.fields import Field

BESIDE = 110
"""Cells of a terminal from which on what is known of the selected queue stands beside the table."""
SAID = 2000
"""Characters of a broker's own text that are shown."""


class RepeatedRequest(Protocol):
    """Asks the broker for its queues again and again; `Lister` is one. No method waits."""

    def again(self) -> None:
        """Ask now."""

    def pause(self) -> None:
        """Ask no more until `resume` or `again`."""

    def resume(self) -> None:
        """Keep on asking."""

    def stop(self) -> None:
        """Ask no more."""


Start = Callable[[Callable[[Listing | Unlisted], None]], RepeatedRequest]
"""Starts to ask; the callback gets each answer, from any thread."""


class QueueListScreen(Screen[None]):
    """The queues of a broker. It stays below whatever is opened from it.

    Args:
        start: Begins to ask the broker, and is asked to stop when the screen goes. Without it only `show` brings rows.
        choose: Called with what the person wants to do with a queue.
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
        & #said {
            height: 1fr;
            padding: 1 2;
            display: none;
            overflow-y: auto;
        }
        & #about { height: 1; padding: 0 1; color: $text-muted; }
        & > .queue-list-screen--error { color: $text-error; text-style: bold; }
        & #queues { width: 1fr; }
        & #selected { display: none; width: 42; padding: 1 2; }
        & #selected > VerticalScroll { scrollbar-size-vertical: 1; }
        &.-beside #selected { display: block; }
        &.-beside #about { display: none; }
        &.-said #selected { display: none; }
        &.-said #said { display: block; }
        &.-said QueueTable, &.-said QueueHead { display: none; }
    }
    """

    COMPONENT_CLASSES = {"queue-list-screen--error"}

    class ListingReceived(Message):
        """The broker was asked for its queues, and answered or did not; posted from the thread that asks."""

        def __init__(self, report: Listing | Unlisted) -> None:
            super().__init__()
            self.report = report

    def __init__(
        self, start: Start | None = None, choose: Callable[[QueueChoice], object] = lambda choice: None
    ) -> None:
        super().__init__()
        self._start = start
        self._asking: RepeatedRequest | None = None
        self._automatic = True
        """Whether the list refreshes by itself while it is seen."""
        self._waiting = start is not None
        self._listing: Listing | None = None
        self._unlisted: Unlisted | None = None
        self._at = 0.0
        self._table = QueueTable(id="table")
        self._choosing = QueueChoosing(self, self._table, choose)
        add_actions(self, self._choosing)
        self._pane = Pane(id="queues")
        self._details = QueueDetails()
        self._selected_pane = Pane(id="selected", title=(Piece("Selected", "title"),))

    def compose(self) -> ComposeResult:
        with Horizontal():
            with self._pane:
                yield Static("", id="note", markup=False)
                clear = key_of(self, "queues.back")
                yield Field(placeholder=f"text to find; enter keeps the filter, {clear} clears it", id="filter")
                yield QueueHead(self._table, id="head")
                yield self._table
                yield Static("", id="said", markup=False)
                yield Static("", id="about", markup=False)
            with self._selected_pane, VerticalScroll(can_focus=False):
                yield self._details
        yield KeyFooter()

    def on_mount(self) -> None:
        self._table.focus()
        self.set_interval(1.0, self._tick)
        if self._start is not None:
            self._asking = self._start(self._report)
        self._settle()

    def on_unmount(self) -> None:
        if self._asking is not None:
            self._asking.stop()

    def on_screen_suspend(self) -> None:
        if self._asking is not None:
            self._asking.pause()

    def on_screen_resume(self) -> None:
        if self._asking is not None and self._automatic:
            self._asking.resume()

    # -- what the broker reports --------------------------------------------------------------------------------------

    def _report(self, report: Listing | Unlisted) -> None:
        """In the thread that asks."""
        self.post_message(self.ListingReceived(report))

    @on(ListingReceived)
    def _listing_received(self, message: ListingReceived) -> None:
        message.stop()
        if isinstance(message.report, Listing):
            self.show(message.report)
        else:
            self.fail(message.report)

    def show(self, listing: Listing) -> None:
        """Show these queues; the cursor stays where it is."""
        self._listing, self._unlisted = listing, None
        self._waiting, self._at = False, monotonic()
        self._table.show(listing.queues)
        self._settle()

    def fail(self, unlisted: Unlisted) -> None:
        """Say why there is no listing; what was shown before stays, and is said to be old."""
        self._unlisted = unlisted
        self._waiting = False
        self._settle()

    # -- what is on the screen ---------------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Bring all but the table up to date."""
        said = self._state()
        self.set_class(bool(said), "-said")
        self.query_one("#said", Static).update(said or "")
        note = note_text(self._listing, self._unlisted)
        label = self.query_one("#note", Static)
        label.update(note)
        label.set_class(bool(note), "-shown")
        self.query_one("#head", QueueHead).refresh()
        self._tick()
        self._show_selected(self._table.queue)
        self.refresh_bindings()

    def on_resize(self) -> None:
        self.set_class(self.size.width >= BESIDE, "-beside")

    def _show_selected(self, queue: QueueRow | None) -> None:
        self.query_one("#about", Static).update(about_text(queue))
        self._details.show(queue)

    def _tick(self) -> None:
        """The listing has become older."""
        listing, table = self._listing, self._table
        queues = listing.queues if listing is not None else ()
        ready, unacked = totals(queues)
        dead_queues, held = dead_letters(queues)
        facts = ListFacts(
            total=None if listing is None else table.total,
            shown=table.shown,
            needle=table.needle,
            ready=ready,
            unacked=unacked,
            dead_queues=dead_queues,
            dead_letters=held,
            source=listing.source if listing is not None else "",
            age=monotonic() - self._at,
            asking=self._waiting,
            failed=self._unlisted is not None,
        )
        self._pane.title = queues_title(facts)
        self._pane.foot = queues_foot(facts, self._pane.outer_size.width, *self._hints())

    def _hints(self) -> Iterator[Piece]:
        if self._asking is not None:
            yield Piece("" if self._automatic else "not refreshed automatically", "warn", 1)
            yield hint(self, "queues.auto", "stop refreshing" if self._automatic else "refresh", "auto", 3)

    def _state(self) -> Text | None:
        """What stands in place of the table while there is none."""
        failed, table = self._unlisted, self._table
        if self._listing is None and failed is not None:
            text = Text()
            text.append("✗ The queues could not be listed\n\n", ink(self, "queue-list-screen--error"))
            text.append(f"{sentence(failed.reason)}\n")
            if failed.server_text and failed.server_text != failed.reason:
                text.append(f"\nThe broker said: {clean(failed.server_text[:SAID], keep=chr(10))}\n")
            again, back = key_of(self, "queues.refresh"), key_of(self, "queues.back")
            text.append(f"\n{again} asks again, {back} goes back.")
            text.append(" The broker is not asked again automatically." if failed.final else "")
            return text
        if self._listing is None:
            return Text("Asking the broker for its queues …" if self._waiting else "The broker has not been asked yet.")
        if not table.total:
            return Text("There are no queues.")
        if not table.shown:
            return Text(
                f"No queue name contains '{clean(table.needle)}'. {key_of(self, 'queues.back').capitalize()} shows all."
            )
        return None

    @on(QueueTable.Highlighted)
    def _highlighted(self, message: QueueTable.Highlighted) -> None:
        message.stop()
        self._show_selected(message.queue)

    # -- keys --------------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "sort":
            return self._table.shown > 1 and self._table.order != parameters[0]
        if action in ("again", "auto"):
            return self._asking is not None
        if action in ("choose", "compose", "subscribe"):
            return self._table.shown > 0
        if action == "filter":
            return self._table.total > 0
        return True

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

    def action_again(self) -> None:
        if self._asking is not None:
            self._waiting = True
            self._asking.again()
            self._settle()

    def action_auto(self) -> None:
        """Refresh by itself, or no more."""
        if self._asking is not None:
            self._automatic = not self._automatic
            if self._automatic:
                self._asking.resume()
            else:
                self._asking.pause()
            self._settle()

    def action_sort(self, order: str) -> None:
        self._table.sort(QueueOrder(order))
        self._settle()

    @on(QueueTable.Selected)
    def _selected(self, message: QueueTable.Selected) -> None:
        message.stop()
        self._choosing.choose(QueueAction.PEEK, message.queue)

    # -- the filter --------------------------------------------------------------------------------------------------

    def action_filter(self) -> None:
        field = self.query_one("#filter", Field)
        field.add_class("-open")
        field.focus()

    @on(Input.Changed, "#filter")
    def _filter_typed(self, event: Input.Changed) -> None:
        event.stop()
        self._table.search(event.value)
        self._settle()

    @on(Input.Submitted, "#filter")
    def _filter_done(self, event: Input.Submitted) -> None:
        event.stop()
        self._leave_filter()

    def _leave_filter(self) -> None:
        field = self.query_one("#filter", Field)
        field.set_class(bool(field.value), "-open")
        self._table.focus()

    def action_back(self) -> None:
        """Out of the filter, then out of the screen."""
        field = self.query_one("#filter", Field)
        if field.has_focus or field.value:
            field.value = ""
            self._leave_filter()
        else:
            self.dismiss(None)

    def action_leave(self) -> None:
        self.dismiss(None)
