"""What the broker told of its queues last, and the keys that have it asked again."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any, Protocol

from textual.message import Message
from textual.screen import Screen

from stomptui.queues.listing.listing import Listing, Unlisted


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


Report = Listing | Unlisted
Start = Callable[[Callable[[Report], object]], RepeatedRequest]
"""Starts to ask; the callback gets each answer, from any thread."""


class ListingReceived(Message):
    """The broker was asked for its queues, and answered or did not; posted from the thread that asks."""

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
        self.asking = False
        if isinstance(report, Listing):
            self.listing, self.unlisted, self._at = report, None, monotonic()
        else:
            self.unlisted = report

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
