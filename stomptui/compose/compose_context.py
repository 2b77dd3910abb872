"""What is known of the connection that a draft is for, and what can be switched in a draft."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from stomptui.compose.checks import EXAMPLE
from stomptui.compose.draft_notes import Hints
from stomptui.compose.repair import Repair

Destinations = Iterable[str] | Callable[[], Iterable[str]]
"""Destinations to complete from, the likeliest first, or what gives those of the moment."""


class DraftSwitch(Enum):
    """What can be switched on and off in a draft. The value is the header that it adds, if it adds one."""

    RECEIPT = "receipt"
    CONTENT_LENGTH = "content-length"
    PERSISTENT = "persistent"
    VARIABLES = "variables"
    """Whether `{{…}}` is filled in when it is sent."""


@dataclass(frozen=True)
class ComposeContext:
    """What is known of the connection that a draft is for."""

    version: str = "1.2"
    """The STOMP version spoken."""
    frame_limit: int | None = None
    """The largest frame that the broker takes, in bytes."""
    limit_told: str = ""
    """How that is known, in words; "" says nothing of it."""
    header_limit: int | None = None
    """The most headers that it takes."""
    known_headers: Mapping[str, str] = field(default_factory=dict)
    """Names of headers that the broker knows, with what they mean."""
    destinations: Destinations = ()
    example: str = EXAMPLE
    """A destination such as people send to at this broker."""
    known_values: Callable[[str], Sequence[str]] = lambda name: ()
    """Values that the broker takes for a header, by its name."""
    hints: Hints | None = None
    """What the broker's dialect has to say about a draft."""
    connected: bool = True
    """Whether there is a connection to send on."""
    absent: Collection[DraftSwitch] = ()
    """Switches that do nothing on this broker, and are not there."""
    preset: tuple[tuple[str, str], ...] = ()
    """The header lines that a new draft begins with."""
    confirms: Callable[[str], bool] = lambda destination: True
    """Whether what is sent to a destination is confirmed, so that a receipt is asked for."""
    receipt_id: str = "1"
    """The id that the next receipt will be asked for with, for the preview."""
    transaction: str = ""
    """The name of the transaction that it is sent in, "" for none."""
    transaction_text: str = ""
    """What there is of a transaction, in words."""
    is_held: Callable[[Repair], bool] = lambda repair: False
    """Whether a subscription keeps unacknowledged what a draft takes the place of."""
