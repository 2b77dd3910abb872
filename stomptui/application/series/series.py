"""A series on the main connection of a console: begun as it was asked for, and written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice, repeat

from stomptui.application.outgoing import MessageSender
from stomptui.application.series.figures import Figures
from stomptui.application.series.messages import NO_COLUMNS, FilledMessages, Messages, PerMessage, SameMessages, filled
from stomptui.application.series.rows import rows
from stomptui.application.series.runner import SeriesRunner
from stomptui.application.series.series_options import SeriesWish
from stomptui.compose.draft import Draft
from stomptui.compose.variables.fill import is_filled


class Series:
    """One series.

    Args:
        sender: Sends on the main connection, and writes down what it sends.
        wish: What was asked for.
        per_message: Makes the draft of each message; None to fill in the variables of the draft, if it has any.
    """

    def __init__(self, sender: MessageSender, wish: SeriesWish, per_message: PerMessage | None = None) -> None:
        self.wish = wish
        self._sender = sender
        self._per_message = per_message
        self._runner: SeriesRunner | None = None
        self._stopped = False
        self._told = False

    def start(self, ended: Callable[[], None] = lambda: None) -> None:
        """Begin. Blocks as long as a body's file takes to be read, so not for the event loop's thread.

        Args:
            ended: Called in another thread once it has ended.

        Raises:
            SessionError: There is no connection, or it is read-only.
            ValueError, OSError: The draft or the file cannot be sent as it is.
        """
        wish = self.wish
        session = self._sender.session
        if wish.draft.get("receipt") is not None:
            raise ValueError("the draft has a receipt header of its own; a series asks for a receipt for each message")
        messages = self._messages(session.version)
        runner = SeriesRunner(session, messages, wish.count, wish.rate, wish.window, ended, wish.draft.destination)
        self._runner = runner

    def run(self) -> None:
        """Send, once `start` has made all ready; on the event loop, which writes down that it begins."""
        if self._runner is not None:
            self._sender.begin_series(self._runner.bulk.number, self.wish.draft)
            self._runner.start()
            if self._stopped:
                self._runner.stop()

    def _messages(self, version: str) -> Messages:
        wish, per_message = self.wish, self._per_message
        if per_message is None and (wish.file is not None or is_filled(wish.draft)):
            per_message = filled(wish.draft, wish.answers, wish.values)
        if per_message is None and wish.count is not None:
            if problem := self._sender.misread(wish.draft):
                raise ValueError(problem)
            return SameMessages(wish.draft, version, wish.count)
        columns: Iterator[Mapping[str, str]] = rows(wish.file) if wish.file is not None else repeat(NO_COLUMNS)
        if wish.count is not None:
            columns = islice(columns, wish.count)
        return FilledMessages(
            per_message or filled(wish.draft, wish.answers, wish.values), version, columns, self._sender.misread
        )

    @property
    def draft(self) -> Draft:
        return self.wish.draft

    @property
    def figures(self) -> Figures:
        return self._runner.figures if self._runner is not None else Figures(self.wish.count)

    @property
    def over(self) -> bool:
        return self._runner is not None and self._runner.over

    @property
    def sent(self) -> int:
        """How many were handed over so far."""
        return self._runner.bulk.sent if self._runner is not None else 0

    @property
    def stopping(self) -> bool:
        """Whether it was stopped, and receipts of what was sent are still awaited."""
        return self._stopped and not self.over

    def stop(self) -> None:
        """Send nothing more; called again, do not wait for receipts either."""
        self._stopped = True
        if self._runner is not None:
            self._runner.stop()

    def join(self, timeout: float) -> bool:
        """Wait until it has ended; False if it has not. Not for the event loop's thread."""
        return self._runner is None or self._runner.join(timeout)

    def write_down(self) -> None:
        """Write its end into its row, once; on the event loop."""
        if self._runner is not None and self.over and not self._told:
            self._told = True
            figures = self.figures
            text = f"{figures.summary}, {figures.rate_text}"
            if figures.times is not None:
                text += f"; {figures.times.text}"
            if figures.ended:
                text += f"; {figures.ended}"
            number = self._runner.bulk.number
            self._sender.end_series(number, self.wish.draft, figures.sent, text, figures.whole)
