"""Texts of the list of queues: what is to be known about the listing, and about the queue under the cursor."""

from __future__ import annotations

from typing import Any

from rich.text import Text
from textual.screen import Screen

from stomptui.protocol.clean import clean
from stomptui.protocol.names import shown
from stomptui.queues.listing.listing import Listing, Unlisted
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.queue_list.refreshing import Refreshing
from stomptui.ui.widgets.empty_state import EmptyText
from stomptui.ui.widgets.paint_styles import ink
from stomptui.ui.widgets.queues.rows import DEAD, QueueRow, dead_letters, totals
from stomptui.ui.widgets.queues.table import QueueTable
from stomptui.ui.widgets.queues.title import ListFacts

SAID = 2000
"""Characters of a broker's own text that are shown."""


def note_text(listing: Listing | None, unlisted: Unlisted | None) -> str:
    """What stands above the table: why it is old, or what its source does not report; "" for nothing."""
    if listing is None:
        return ""
    if unlisted is not None:
        return clean(f"✗ {sentence(unlisted.reason)}")
    return clean(sentence(listing.note)) if listing.note else ""


def list_facts(refreshing: Refreshing, table: QueueTable) -> ListFacts:
    """What the edges of the pane show, as of now."""
    listing = refreshing.listing
    queues = listing.queues if listing is not None else ()
    ready, unacked = totals(queues)
    dead_queues, held = dead_letters(queues)
    return ListFacts(
        total=None if listing is None else table.total,
        shown=table.shown,
        needle=table.needle,
        ready=ready,
        unacked=unacked,
        dead_queues=dead_queues,
        dead_letters=held,
        source=listing.source if listing is not None else "",
        age=refreshing.age,
        asking=refreshing.asking,
        failed=refreshing.unlisted is not None,
    )


def state_text(screen: Screen[Any], refreshing: Refreshing, table: QueueTable) -> Text | EmptyText | None:
    """What stands in place of the table while there is none: why it failed, or what can be done; None for a table."""
    failed = refreshing.unlisted
    if refreshing.listing is None and failed is not None:
        text = Text()
        text.append("✗ The queues could not be listed\n\n", ink(screen, "queue-list-screen--error"))
        text.append(f"{sentence(failed.reason)}\n")
        if failed.server_text and failed.server_text != failed.reason:
            text.append(f"\nThe broker said: {clean(failed.server_text[:SAID], keep=chr(10))}\n")
        again, back, form = (key_of(screen, name) for name in ("queues.refresh", "queues.back", "console.form"))
        text.append(f"\n{again} asks again, {back} goes back.")
        text.append(" The broker is not asked again automatically." if failed.final else "")
        text.append(f"\nIn the console, {form} opens the connection form.")
        return text
    if refreshing.listing is None:
        asking = refreshing.asking
        return EmptyText("Asking the broker for its queues …" if asking else "The broker has not been asked yet.")
    back = key_of(screen, "queues.back")
    if not table.total:
        refresh = key_of(screen, "queues.refresh")
        asks = ((refresh, "asks the broker again"),) if refreshing.possible else ()
        return EmptyText("There are no queues.", (*asks, (back, "goes back")))
    if not table.shown:
        return EmptyText(f"No queue name contains '{clean(table.needle)}'.", ((back, f"shows all {table.total:,}"),))
    return None


def about_text(queue: QueueRow | None) -> Text:
    """One line on a queue: what the columns have no space for."""
    parts = []
    if queue is not None:
        dead_letters = f"{DEAD} dead letters" if queue.dead_letters else ""
        fed_by = f"fed by {', '.join(queue.fed_by)}" if queue.fed_by else ""
        to = f"dead letters to {queue.dead_letters_to}" if queue.dead_letters_to else ""
        parts = [shown(queue.destination or queue.name), queue.kind, dead_letters, fed_by, to, queue.note]
    return Text(" · ".join(clean(part) for part in parts if part), no_wrap=True, overflow="ellipsis")


def sentence(text: str) -> str:
    """A reason as a sentence."""
    text = clean(text.strip())
    # A URL is written as it is.
    begun = text if ":" in text.partition(" ")[0] else text[:1].upper() + text[1:]
    return begun + ("" if text.endswith((".", "!", "?")) else ".") if text else ""
