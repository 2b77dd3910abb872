"""What the broker told of its queues last, and the keys that have it asked again."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any, Protocol

from textual.message import Message
from textual.screen import Screen

from stomptui.queues.listing.listing import Listing, QueueInfo, Unlisted
from stomptui.queues.listing.selected import SelectedQueue


class RepeatedRequest(Protocol):
    """Asks the broker for its queues again and again; `Lister` is one. No method waits."""

    def again(self) -> None:
        """Ask now."""

    def pause(self) -> None:
        """Ask no more until `resume` or `again`."""

    def resume(self) -> None:
        """Keep on asking."""

    def select(self, queue: QueueInfo | None) -> None:
        """Ask for more of this queue, once it stays selected; None for no more of any."""

    def stop(self) -> None:
        """Ask no more."""


Report = Listing | Unlisted | SelectedQueue
Start = Callable[[Callable[[Report], object]], RepeatedRequest]
"""Starts to ask; the callback gets each answer, from any thread."""


class ListingReceived(Message):
    """The broker was asked for its queues or for one, and answered or did not; posted from the thread that asks."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


class Refreshing:
    """A controller that asks the broker for its queues while they are seen, and keeps what it answered.

    Args:
        screen: Gets `ListingReceived`, and passes it to `receive`.
        start: Begins to ask. Without it nothing is ever asked.
        changed: Called when anything here has changed.
    """

    def __init__(self, screen: Screen[Any], start: Start | None, changed: Callable[[], object]) -> None:
        self._screen = screen
        self._start = start
        self._changed = changed
        self._request: RepeatedRequest | None = None
        self.automatic = True
        """Whether the list refreshes by itself while it is seen."""
        self.asking = start is not None
        """Whether an answer is awaited that the person asked for."""
        self.listing: Listing | None = None
        """The latest; None before the first."""
        self.unlisted: Unlisted | None = None
        """Why there is none, or none newer; None if the broker answered."""
        self._at = 0.0
        self._selected: tuple[str, str] | None = None
        self.more: SelectedQueue | None = None
        """What is told of the selected queue alone; None before it is known."""

    @property
    def possible(self) -> bool:
        """Whether the broker can be asked."""
        return self._request is not None

    @property
    def age(self) -> float:
        """Seconds since the latest listing."""
        return monotonic() - self._at

    def begin(self) -> None:
        """Ask for the first time."""
        if self._start is not None:
            self._request = self._start(lambda report: self._screen.post_message(ListingReceived(report)))

    def end(self) -> None:
        """Ask no more."""
        if self._request is not None:
            self._request.stop()

    def hidden(self) -> None:
        """The list is not seen."""
        if self._request is not None:
            self._request.pause()

    def seen(self) -> None:
        """The list is seen."""
        if self._request is not None and self.automatic:
            self._request.resume()

    def receive(self, report: Report) -> None:
        """The broker answered, or did not; then what was told before stays."""
        if isinstance(report, SelectedQueue):
            self.more = report if report.key == self._selected else self.more
            return
        self.asking = False
        if isinstance(report, Listing):
            self.listing, self.unlisted, self._at = report, None, monotonic()
        else:
            self.unlisted = report

    def select(self, key: tuple[str, str] | None) -> None:
        """Ask for more of the queue of this kind and name; None for no more of any."""
        if key != self._selected and self._request is not None:
            self._selected, self.more = key, None
            queues = self.listing.queues if self.listing is not None else ()
            self._request.select(next((queue for queue in queues if queue.key == key), None))

    def action_again(self) -> None:
        """Ask now."""
        if self._request is not None:
            self.asking = True
            self._request.again()
            self._changed()

    def action_auto(self) -> None:
        """Refresh by itself, or no more."""
        if self._request is not None:
            self.automatic = not self.automatic
            if self.automatic:
                self._request.resume()
            else:
                self._request.pause()
            self._changed()
