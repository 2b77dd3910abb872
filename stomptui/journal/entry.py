"""One row of the journal: a frame that crossed the wire, or a note about the connection."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from stomptui.protocol.frame import Frame
from stomptui.protocol.server_words import with_server_words


class RowKind(Enum):
    """What a row of the journal is."""

    RECEIVED = "in"
    SENT = "out"
    NOTE = "note"
    """Not a frame: something that happened to the connection."""


class NoteKind(Enum):
    """What a note is about. The value is what it is called on the screen."""

    CONNECTED = "connected"
    LOST = "connection lost"
    GAP = "gap"
    """Messages may have been missed."""
    FAILED = "failed"
    """A connection attempt failed."""
    INFO = "note"
    ACTION = "action"
    """A peek, a move or a drain, on a connection of its own."""
    DEAD_LETTERS = "dead letters"
    """A dead-letter queue got messages, or was emptied."""
    MALFORMED = "malformed"
    """Something arrived that is not a proper frame."""
    DROPPED = "dropped"
    """Messages were discarded because they came faster than they could be recorded."""
    ERROR = "error"

    @property
    def is_error(self) -> bool:
        """Whether such a note counts as an error, so that the key for errors finds it."""
        return self in (NoteKind.LOST, NoteKind.FAILED, NoteKind.MALFORMED, NoteKind.ERROR)


class RowState(Enum):
    """What became of a frame that asked for a receipt, or of a message that a person acted on."""

    # Of a frame that was sent.
    WAITING = "waiting"
    """The broker has not answered yet."""
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"
    """Nobody will ever know: the connection was lost, or the broker did not answer in time."""
    IN_TRANSACTION = "in transaction"
    """It waits for COMMIT."""
    ABORTED = "aborted"
    """Its transaction was, so it was not sent."""

    # Of a message that was received.
    UNACKNOWLEDGED = "unacknowledged"
    SETTLED = "settled"
    UNSURE = "unsure"
    """Settled, but whether the broker keeps it where it is now is not certain."""
    COPIED = "copied"
    """It is still where it was."""
    FAILED = "failed"
    """Nothing was done; it is still where it was."""
    DOUBT = "doubt"
    """Whether something was done is not known."""
    RETURNED = "returned"
    """It was unacknowledged and is no longer ours: the broker took it back."""


_ENDS = (NoteKind.LOST, NoteKind.FAILED)
"""What was said then is the server's."""


class Note(NamedTuple):
    """Something that happened to the connection, in words."""

    kind: NoteKind
    text: str
    detail: str = ""

    @property
    def full_text(self) -> str:
        """What happened, with what the server said."""
        if self.kind in _ENDS:
            return with_server_words(self.text, self.detail)
        return f"{self.text}: {self.detail}" if self.detail else self.text

    @property
    def line(self) -> str:
        """All that is shown of it."""
        return f"{self.kind.value} {self.full_text}"

    def to_bytes(self) -> bytes:
        """The note as the journal stores it, among the frames' bytes."""
        return "\0".join((self.kind.name, self.text, self.detail)).encode("utf-8", "surrogateescape")

    @classmethod
    def from_bytes(cls, raw: bytes) -> Note:
        kind, text, detail = raw.decode("utf-8", "surrogateescape").split("\0", 2)
        return cls(NoteKind[kind], text, detail)


@dataclass(frozen=True)
class Outcome:
    """What became of a frame that asked for a receipt, or of a message that a person acted on."""

    state: RowState
    elapsed: float = 0.0
    """Seconds until the broker answered; 0.0 when it has not."""
    text: str = ""
    """The broker's words when it refused, why nothing is known, or what was done ("moved"); not cleaned."""

    @classmethod
    def confirmed(cls, elapsed: float, doubt: str = "") -> Outcome:
        """The RECEIPT came after `elapsed` seconds; `doubt` is why that proves nothing, "" if it proves something."""
        return cls(RowState.CONFIRMED, elapsed, doubt)

    @classmethod
    def refused(cls, text: str, elapsed: float = 0.0) -> Outcome:
        return cls(RowState.REFUSED, elapsed, text)

    @classmethod
    def unconfirmed(cls, text: str = "") -> Outcome:
        return cls(RowState.UNCONFIRMED, 0.0, text)


STILL_WAITING = Outcome(RowState.WAITING)
STILL_UNACKNOWLEDGED = Outcome(RowState.UNACKNOWLEDGED)


class Entry:
    """A view on one row of the journal. Cheap to make: nothing is parsed before it is asked for.

    Attributes:
        number: Its absolute number, never used for another row.
        when: Seconds since the epoch.
        kind: Whether it was received, sent, or is a note.
        raw: The bytes of the frame without its NUL; of a note, how the journal stores it.
        version: The STOMP version that was spoken, "" for notes.
        session: The number of the session, 0 if none.
        odd: What was malformed about the frame, in words; "" for a proper one.
        outcome: For a frame sent with a receipt, what became of it.
    """

    def __init__(
        self, number: int, when: float, kind: RowKind, raw: bytes, version: str, session: int, odd: str = "",
        outcome: Outcome | None = None,
    ) -> None:  # fmt: skip
        self.number = number
        self.when = when
        self.kind = kind
        self.raw = raw
        self.version = version
        self.session = session
        self.odd = odd
        self.outcome = outcome

    def __repr__(self) -> str:
        return f"Entry({self.number}, {self.kind.name}, {len(self.raw)} bytes)"

    @cached_property
    def frame(self) -> Frame | None:
        """The frame, None for a note."""
        return None if self.kind is RowKind.NOTE else Frame(self.raw, self.version)

    @cached_property
    def note(self) -> Note | None:
        """The note, None for a frame."""
        return Note.from_bytes(self.raw) if self.kind is RowKind.NOTE else None


def is_error_frame(raw: bytes, begin: int = 0) -> bool:
    """True if the frame that begins there is an ERROR."""
    return raw.startswith((b"ERROR\n", b"ERROR\r\n"), begin)
