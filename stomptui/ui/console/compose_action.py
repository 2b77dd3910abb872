"""One thing that can be done with the draft in the compose pane, as the registry describes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stomptui.protocol.features import Feature
from stomptui.ui.console.composing import Composing


@dataclass(frozen=True)
class ComposeAction:
    """One thing that can be done with the draft in the compose pane."""

    id: str
    label: str
    """As the menu and the palette say it."""
    note: str
    """What it does, in so few words that a terminal of 80 columns shows them all (32 characters)."""
    run: Callable[[Composing], None]
    """Does it; imports what only this needs itself, so that the program starts quickly."""
    words: str = ""
    """Other words by which people look for it in the palette, with blanks between them."""
    changes: bool = False
    """Whether it sends or changes something on the broker, which a read-only connection does not do."""
    needs: Feature | None = None
    """What the broker must have for it to be there."""
    refusal: Callable[[Composing], str] = lambda composing: ""
    """Why it cannot be done now, "" if it can."""
    of_application: bool = False
    """Whether it is only there where an application stands behind the broker, and tells of its errors."""
    of_repair: bool = False
    """Whether it is only there while the draft takes the place of a message."""
