"""What is known of one queue, for the pane beside the table."""

from __future__ import annotations

import time
from collections.abc import Iterator
from textwrap import wrap

from rich.text import Text
from textual.geometry import Size
from textual.widget import Widget

from stomptui.protocol.clean import clean, clean_name
from stomptui.protocol.durations import age
from stomptui.ui.widgets.paint_styles import ink
from stomptui.ui.widgets.queues.columns import rate_text
from stomptui.ui.widgets.queues.rows import MoreOfQueue, QueueRow

LABEL = 16
"""Cells of a line's label, the space behind it among them."""
NARROWEST = 12
"""Cells of the texts beside the labels, at least."""


class QueueDetails(Widget):
    """Lines of a label and what is known; what the broker does not tell is left out."""

    COMPONENT_CLASSES = {f"queue-details--{name}" for name in ("name", "plain", "dim", "warn", "error")}
    DEFAULT_CSS = """
    QueueDetails {
        height: auto;
        & > .queue-details--name { color: $foreground; text-style: bold; }
        & > .queue-details--plain { color: $foreground; }
        & > .queue-details--dim { color: $text-muted; }
        & > .queue-details--warn { color: $text-warning; }
        & > .queue-details--error { color: $text-error; text-style: bold; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._queue: QueueRow | None = None
        self._more: MoreOfQueue | None = None

    def show(self, queue: QueueRow | None, more: MoreOfQueue | None = None) -> None:
        """Show this queue, and what is told of it alone."""
        if (queue, more) != (self._queue, self._more):
            self._queue, self._more = queue, more
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self._text(width).plain.count("\n") + 1

    def render(self) -> Text:
        return self._text(self.size.width)

    def _text(self, width: int) -> Text:
        """Everything that is known, in lines of at most this width."""
        queue, text = self._queue, Text(no_wrap=True)
        if queue is not None and width:
            for line in wrap(clean_name(queue.name), width) or [""]:
                text.append(f"{line}\n", ink(self, f"queue-details--{'error' if _grave(queue) else 'name'}"))
            text.append(f"{', '.join(_kind(queue))}\n", ink(self, "queue-details--dim"))
            for label, value, style in _facts(queue, self._more, time.time()):
                lines = wrap(clean(value), max(NARROWEST, width - LABEL)) or [""]
                for index, line in enumerate(lines):
                    text.append(f"\n{'' if index else label:<{LABEL}}", ink(self, "queue-details--dim"))
                    text.append(line, ink(self, f"queue-details--{style}"))
        return text


def _grave(queue: QueueRow) -> bool:
    return queue.dead_letters and bool((queue.ready or 0) + (queue.held or 0))


def _kind(queue: QueueRow) -> Iterator[str]:
    yield clean(queue.kind)
    if queue.durable is not None:
        yield "durable" if queue.durable else "not durable"
    if queue.dead_letters:
        yield "dead letters"


def _facts(queue: QueueRow, more: MoreOfQueue | None, now: float) -> Iterator[tuple[str, str, str]]:
    """Label, text and style of each line."""
    for label, count in (("ready", queue.ready), ("unacked", queue.held)):
        if count is not None:
            yield label, f"{count:,}", "plain"
    oldest = more.oldest if more is not None and more.oldest is not None else queue.oldest
    if oldest is not None:
        yield "oldest message", age(now - oldest), "plain"
    if queue.consumers is not None:
        unread = not queue.consumers and queue.kind != "topic"
        text = "none: nobody reads it" if unread else f"{queue.consumers:,}"
        yield "consumers", text, "warn" if unread and queue.ready else "plain"
    for label, rate in (("in", queue.rate_in), ("out", queue.rate_out)):
        if rate is not None:
            yield label, f"{rate_text(rate, 9)} a second", "plain"
    counts = dict(queue.counts) | (dict(more.counts) if more is not None else {})
    for label, count in counts.items():
        yield label, f"{count:,}", "plain"
    if to := queue.dead_letters_to or (more.dead_letters_to if more is not None else ""):
        yield "dead letters to", to, "plain"
    if more is not None and more.expired_to:
        yield "expired to", more.expired_to, "plain"
    if sources := queue.fed_by or (more.fed_by if more is not None else ()):
        yield "fed by", ", ".join(sources), "plain"
    lists = (("arguments", queue.arguments), ("bindings", more.bindings if more is not None else ()))
    for label, texts in lists:
        for index, text in enumerate(texts):
            yield "" if index else label, text, "plain"
    if queue.note:
        yield "note", queue.note, "plain"
    yield "destination", queue.destination or "STOMP has no name for it", "plain"
