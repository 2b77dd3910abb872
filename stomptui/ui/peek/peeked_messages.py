"""The messages that a peek shows as something to act on, and what became of them."""

from __future__ import annotations

from collections.abc import Callable

from stomptui.connection.dialect.base import Dialect
from stomptui.journal.entry import Outcome, RowState
from stomptui.journal.journal import Journal
from stomptui.protocol.frame import Frame
from stomptui.queues.actions.action import DONE, FAILED, Action, ActionKind, MessageOutcome
from stomptui.queues.peek.peek import Peek
from stomptui.ui.widgets.queues.messages import QueueList


class PeekedMessages:
    """A `MessageHolder` for the view of one queue.

    Args:
        peek: The peek.
        journal: The record of what it showed.
        list_view: Where messages are chosen.
        unacknowledged_only: Whether only what is unacknowledged can be acted on.
        seen: Destinations for completion.
        again: Writes the key that peeks at the queue again.
    """

    stop_key = "queue.back"

    def __init__(
        self,
        peek: Peek,
        journal: Journal,
        list_view: QueueList,
        unacknowledged_only: bool,
        seen: Callable[[], list[str]],
        again: Callable[[], str],
    ) -> None:
        self._peek = peek
        self._journal = journal
        self._list = list_view
        self._unacknowledged_only = unacknowledged_only
        self._again = again
        self.seen = seen
        self.settled_rows: dict[int, str] = {}
        """What was done with a row, by its number."""
        self.gone: set[int] = set()
        """Rows whose messages were taken out of the queue."""
        self.recount = False
        """Whether an action may have put messages into this queue, so that its depth is not known any more."""

    def queue_of(self, number: int) -> str:
        return self._peek.access.queue

    def begin(self) -> None:
        """The queue is peeked at again."""
        self.settled_rows.clear()
        self.gone.clear()
        self.recount = False

    @property
    def dialect(self) -> Dialect:
        return self._peek.access.dialect

    def chosen(self) -> list[int]:
        return self._list.marking.chosen()

    def frame(self, number: int) -> Frame | None:
        row = self._journal.get(number)
        return row.frame if row is not None else None

    def why_not(self, kind: ActionKind, number: int) -> str | None:
        if number in self.settled_rows:
            return f"it was already {self.settled_rows[number]}"
        if self._unacknowledged_only and not self._peek.access.reader.holding:
            return f"it was returned to the queue: press {self._again()} to peek again"
        return None

    def origin(self, frame: Frame) -> str:
        return self._peek.access.forwarding.messages.origin(frame)

    def _items(self, numbers: list[int]) -> list[tuple[int, Frame]]:
        base = self._list.base
        return [(number - base, frame) for number in numbers if (frame := self.frame(number)) is not None]

    def propose(self, action: Action, numbers: list[int]) -> None:
        self._peek.extend_hold()
        self._peek.plan(action, self._items(numbers))

    def take(self, action: Action, numbers: list[int]) -> None:
        self._peek.act(action, self._items(numbers))

    def settled(self, action: Action, number: int, outcome: MessageOutcome) -> None:
        row = number + self._list.base
        self.recount |= bool(action.accepts)
        if outcome.state != DONE:
            self.settled_rows.pop(row, None)
            self.gone.discard(row)
            state = RowState.FAILED if outcome.state == FAILED else RowState.DOUBT
            self._journal.mark(row, Outcome(state, text=outcome.text))
        elif action.kind != "copy":
            self.settled_rows[row] = action.past
            if action.takes_out:
                self.gone.add(row)
            self._journal.mark(row, Outcome(RowState.UNSURE if action.is_risky else RowState.SETTLED, text=action.past))
        else:
            self._journal.mark(row, Outcome(RowState.UNSURE if action.is_risky else RowState.COPIED, text="copied"))
        self._list.settle()

    def covered(self, action: Action, numbers: list[int]) -> list[int]:
        return []

    def at_once(self, action: Action, numbers: list[int]) -> bool:
        return False
