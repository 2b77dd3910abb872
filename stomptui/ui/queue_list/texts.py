"""Texts of the list of queues: what is to be known about the listing, and about the queue under the cursor."""

from __future__ import annotations

from rich.text import Text

from stomptui.protocol.clean import clean
from stomptui.protocol.names import shown
from stomptui.queues.listing.listing import Listing, Unlisted
from stomptui.ui.widgets.queues.rows import DEAD, QueueRow


def note_text(listing: Listing | None, unlisted: Unlisted | None) -> str:
    """What stands above the table: why it is old, or what its source does not report; "" for nothing."""
    if listing is None:
        return ""
    if unlisted is not None:
        return clean(f"✗ {sentence(unlisted.reason)}")
    return clean(sentence(listing.note)) if listing.note else ""


def about_text(queue: QueueRow | None) -> Text:
    """One line on a queue: what the columns have no space for."""
    parts = []
    if queue is not None:
        dead_letters = f"{DEAD} dead letters" if queue.dead_letters else ""
        parts = [shown(queue.destination or queue.name), queue.kind, dead_letters, queue.note]
    return Text(" · ".join(clean(part) for part in parts if part), no_wrap=True, overflow="ellipsis")


def sentence(text: str) -> str:
    """A reason as a sentence."""
    text = clean(text.strip())
    # A URL is written as it is.
    begun = text if ":" in text.partition(" ")[0] else text[:1].upper() + text[1:]
    return begun + ("" if text.endswith((".", "!", "?")) else ".") if text else ""
