"""One row of the journal: a frame that crossed the wire, or a note about the connection."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from stomptui.protocol.frame import Frame

IN, OUT, NOTE = "in", "out", "note"
"""Kinds of entries: a frame received, a frame sent, a note of our own."""

BAD_NOTES = frozenset({"lost", "failed", "fault", "error"})
"""Kinds of notes that count as errors, so that the key for errors finds them."""


NOTE_WORDS = {
    "connected": "connected",
    "lost": "connection lost",
    "gap": "gap",
    "failed": "failed",
    "info": "note",
    "fault": "odd",
    "dropped": "dropped",
    "error": "error",
}
"""Kinds of notes -> what they are called on the screen."""


class Note(NamedTuple):
    """Something that happened to the connection, in words."""

    kind: str
    """One of "connected", "lost", "gap", "failed", "info", "fault", "dropped", "error"."""
    text: str
    detail: str = ""

    @property
    def told(self) -> str:
        """What happened, with what the server said."""
        return f"{self.text}: {self.detail}" if self.detail else self.text

    @property
    def line(self) -> str:
        """All that is shown of it."""
        return f"{NOTE_WORDS.get(self.kind, self.kind)} {self.told}"

    def to_bytes(self) -> bytes:
        """The note as the journal stores it, among the frames' bytes."""
        return "\0".join(self).encode("utf-8", "surrogateescape")

    @classmethod
    def from_bytes(cls, raw: bytes) -> Note:
        kind, text, detail = raw.decode("utf-8", "surrogateescape").split("\0", 2)
        return cls(kind, text, detail)


WAITING, CONFIRMED, REFUSED, UNCONFIRMED = "waiting", "confirmed", "refused", "unconfirmed"
HELD, SETTLED, COPIED, FAILED, DOUBT, GONE = "held", "settled", "copied", "failed", "doubt", "gone"
UNSURE = "unsure"
"""Settled, and whether it is kept where it is now is not sure."""


@dataclass(frozen=True)
class Outcome:
    """What became of a frame that asked for a receipt, or of a message that a person acted on."""

    state: str
    """Of a frame sent: "waiting", "confirmed", "refused" or "unconfirmed". Of a message received: "held" while it
    waits for the person, "settled", "unsure", "copied" or "failed" (it is where it was), "doubt", or "gone" once it is
    ours no longer."""
    elapsed: float = 0.0
    """Seconds until the broker answered; 0.0 when it has not."""
    text: str = ""
    """The broker's words when it refused, why nothing is known, or what was done ("moved"); not sanitised."""

    @classmethod
    def confirmed(cls, elapsed: float, doubt: str = "") -> Outcome:
        """The RECEIPT came after `elapsed` seconds; `doubt` says why it proves nothing, if it does not."""
        return cls(CONFIRMED, elapsed, doubt)

    @classmethod
    def refused(cls, text: str, elapsed: float = 0.0) -> Outcome:
        return cls(REFUSED, elapsed, text)

    @classmethod
    def unconfirmed(cls, text: str = "") -> Outcome:
        return cls(UNCONFIRMED, 0.0, text)


STILL_WAITING = Outcome(WAITING)
STILL_HELD = Outcome(HELD)


class Entry:
    """A view on one row of the journal. Cheap to make: nothing is parsed before somebody looks.

    Attributes:
        number: Its absolute number, never used for another row.
        when: Seconds since the epoch.
        kind: "in", "out" or "note".
        raw: The bytes of the frame without its NUL; of a note, how the journal stores it.
        version: The STOMP version that was spoken, "" for notes.
        session: The number of the session, 0 if none.
        odd: What was odd about the frame on the wire, in words; "" for a proper one.
        outcome: For a frame sent with a receipt, what became of it.
    """

    def __init__(
        self, number: int, when: float, kind: str, raw: bytes, version: str, session: int, odd: str = "",
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
        return f"Entry({self.number}, {self.kind}, {len(self.raw)} bytes)"

    @cached_property
    def frame(self) -> Frame | None:
        """The frame, None for a note."""
        return None if self.kind == NOTE else Frame(self.raw, self.version)

    @cached_property
    def note(self) -> Note | None:
        """The note, None for a frame."""
        return Note.from_bytes(self.raw) if self.kind == NOTE else None


def is_error_frame(raw: bytes, begin: int = 0) -> bool:
    """True if the frame that begins there is an ERROR."""
    return raw.startswith((b"ERROR\n", b"ERROR\r\n"), begin)
