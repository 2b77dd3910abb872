"""What becomes of a queue and its messages when its last consumer leaves: kept, emptied or deleted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Leaving:
    """What is known of it before the first message is asked for."""

    loss: str = ""
    """What is lost when we leave, in a sentence that names it; "" if nothing is, as far as is known. Needs a yes."""
    notes: tuple[str, ...] = ()
    """What else is to be said, each in a sentence."""
    by_leaving: bool = False
    """Whether something is lost when the last reader leaves, even if that is not us now."""
    lifetime: float | None = None
    """Seconds that the queue keeps a message; None if it keeps them, or that is not known."""


KEEPS = Leaving()
"""Nothing is lost."""


def last_reader(outcome: str, readers: int | None) -> tuple[str, str]:
    """A loss that comes when the last reader leaves, and what to say where it does not come now.

    Args:
        outcome: What happens then, with its subject and without a full stop.
        readers: Who reads from it besides us; None if that is not known.

    Returns:
        (the loss, ""), or ("", a note) while others read.
    """
    if readers:
        others = "another reader does" if readers == 1 else f"the {readers:,} other readers do"
        return "", f"{outcome}. It stays while {others}."
    if readers is None:
        return f"{outcome}. Whether others read from it is not known.", ""
    return f"{outcome}. The management knows of nobody else who reads from it.", ""
