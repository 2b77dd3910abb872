"""One key of the program, as its files describe it."""

from __future__ import annotations

from dataclasses import dataclass

from stomptui.protocol.features import Feature


@dataclass(frozen=True)
class Key:
    """One key, or several for the same, and what it does."""

    id: str
    """By which a person rebinds it, "" for one that stays as it is."""
    keys: str
    """As Textual names them, with commas between several."""
    action: str
    label: str
    """As the footer and the palette say it."""
    help: str = ""
    """What it does, in a few words; "" for one that needs no line in the help and the README."""
    display: str = ""
    """How the key is written, where that is not its name."""
    priority: bool = False
    """Whether it works before whatever has the focus."""
    words: str = ""
    """Other words by which people look for it in the palette, with blanks between them."""
    group: str = ""
    """The name of keys that the footer shows together."""
    changes: bool = False
    """Whether it sends, acknowledges or changes something on the broker, which a read-only connection does not do."""
    needs: Feature | None = None
    """What the broker must have for it to do anything."""
