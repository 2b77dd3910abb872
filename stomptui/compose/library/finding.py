"""Which saved messages are meant by what a person typed."""

from __future__ import annotations

from collections.abc import Iterable

from stomptui.compose.library.saved_message import Entry


def matching_entries(typed: str, entries: Iterable[Entry]) -> list[Entry]:
    """Those with every word in folder or name, then in destination and description, then with the letters in order.

    What is called so stands first, and what begins so before the others; what cannot be opened comes last.

    Args:
        typed: What was typed; with nothing typed everything fits.
        entries: The entries, in the order in which those that fit equally well stay.
    """
    words = typed.casefold().split()
    whole = " ".join(words)
    ranked: list[tuple[tuple[bool, int], Entry]] = []
    for entry in entries:
        title = entry.title.casefold()
        name = entry.name.casefold()
        if words and whole in (name, title):
            rank = -2
        elif words and (name.startswith(whole) or title.startswith(whole)):
            rank = -1
        elif all(word in title for word in words):
            rank = 0
        elif all(word in about for about in (f"{title} {about_of(entry)}".casefold(),) for word in words):
            rank = 1
        elif _in_order("".join(words), title):
            rank = 2
        else:
            continue
        ranked.append(((bool(words) and entry.message is None, rank), entry))
    return [entry for _, entry in sorted(ranked, key=lambda item: item[0])]


def about_of(entry: Entry) -> str:
    """What a list says of a message beside its name."""
    if entry.message is None:
        return f"cannot be read: {entry.problem}"
    message = entry.message
    return "  ".join(filter(None, (message.draft.destination, message.description)))


def _in_order(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)
