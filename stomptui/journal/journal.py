"""The journal: a bounded, numbered record of all frames and events of a console."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Iterator, Sequence

from stomptui.journal.entry import STILL_WAITING, Entry, Note, NoteKind, Outcome, RowKind, is_error_frame
from stomptui.journal.error_index import ErrorIndex, Until
from stomptui.journal.row_groups import RowGroup, RowGroups
from stomptui.journal.segments import Origin, Run, Segment, locate
from stomptui.protocol.marker import Batch

SMALL = 16 << 10
"""Reads below this many bytes are gathered into one segment; larger ones are kept as they came, uncopied."""
LARGE = 1 << 20
"""A sent frame of so many bytes is a segment of its own, uncopied."""
OPEN_BYTES = 64 << 10
"""An open segment is closed once it has this many bytes."""
NOTE_ORIGIN = Origin(RowKind.NOTE, "", 0)


class Journal:
    """A record of what was received, sent and noted, in the order it happened.

    Rows have absolute numbers that are never used again: `first` to `end - 1` are there now. When a bound is passed
    the oldest segment falls off whole and is counted in `dropped`; the newest segment always stays.
    For one thread, the event loop's.

    Args:
        max_bytes: Memory to take, about.
        max_frames: Rows to keep, about: as many as whole segments allow.
    """

    def __init__(self, max_bytes: int = 256 << 20, max_frames: int = 1_000_000) -> None:
        self.max_bytes = max_bytes
        self.max_frames = max_frames
        self.first = 0
        """The number of the oldest row that is still there."""
        self.end = 0
        """The number the next row will get."""
        self.bytes = 0
        """Memory taken now."""
        self.dropped = 0
        """Rows that fell off, those cleared not among them."""
        self.received = 0
        """Frames received so far, dropped ones included."""
        self.sent = 0
        """Frames sent so far."""
        self.groups = RowGroups()
        """The groups of the rows: a view may hide some."""
        self.errors = ErrorIndex()
        """The rows that are ERROR frames, or notes of something that went wrong."""
        self.settled = 0
        """Grows with every outcome that becomes known, so that a view knows that old rows changed."""
        self.restated = 0
        """Grows with every row that looks different though it looked final."""
        self._segments: list[Segment] = []
        self._bases: list[int] = []
        self._open: Segment | None = None
        self._open_frames = max(1, max_frames // 8)
        self._open_bytes = max(1, min(OPEN_BYTES, max_bytes // 8))
        self._waiting: OrderedDict[tuple[int, str], int] = OrderedDict()
        self._given_up: set[tuple[int, str]] = set()
        """Those of them whose receipts are not expected any more."""
        self._origins: dict[Origin, Origin] = {}
        self._newest_size = 0  # what the newest segment has added to `bytes` so far

    def __len__(self) -> int:
        return self.end - self.first

    # -- writing --------------------------------------------------------------------------------------------------

    def append_batch(self, batch: Batch, when: float, version: str, session: int = 0, *, goodbye: bool = False) -> None:
        """Take the frames of one read.

        Args:
            batch: The bytes as read; kept, not copied, when they are many.
            when: Seconds since the epoch.
            version: The STOMP version spoken.
            session: The number of the session it came from.
            goodbye: Whether an ERROR in it is no error, but what the server says at the end.
        """
        count = len(batch)
        if not count:
            return
        data, marks = batch.data, batch.marks
        fold = self.groups.folds.get(session)
        for index in batch.others:
            if not goodbye and is_error_frame(data, marks[2 * index]):
                self.errors.add(self.end + index)
                if fold is None:
                    self.groups.add(RowGroup.EVENTS, self.end + index)
            elif fold is None and index not in batch.odd:
                self.groups.add(RowGroup.PROTOCOL, self.end + index)
        if fold is not None:
            fold.messages += count - len(batch.others)
            fold.size += marks[-1] - marks[0]
            self.groups.add_folded(fold, range(self.end, self.end + count))
        origin = self._origin(RowKind.RECEIVED, version, session)
        stretch = marks[-1] - marks[0]
        if stretch < self._open_bytes // 4 and stretch < SMALL:
            self._segment_for(count).add(batch, when, origin)
        else:
            self._close()
            segment = Segment.of_batch(self.end, batch, ((0, when, origin),))
            self._push(segment)
        self.received += count
        self._advance(count)

    def append_sent(
        self, raw: bytes, when: float, version: str, receipt: str = "", session: int = 0, *,
        typed: bool = False, odd: str = "",
    ) -> int:  # fmt: skip
        """Take a frame that was sent.

        Args:
            raw: The frame without its NUL, secrets masked.
            when: Seconds since the epoch.
            version: The STOMP version spoken.
            receipt: The receipt it asks for, "" if none; with one the row waits for `settle`.
            session: The number of the session that sent it.
            typed: Whether a person typed it byte for byte: it counts as what they sent, whatever its command is.
            odd: What is wrong with it, in words.

        Returns:
            The number of its row.
        """
        number = self.end
        origin = self._origin(RowKind.SENT, version, session)
        fold = self.groups.folds.get(session)
        is_message = typed or raw.startswith(b"SEND\n")
        if fold is not None:
            fold.sent += is_message
            fold.size += len(raw) if is_message else 0
            self.groups.add_folded(fold, (number,))
        else:
            self.groups.add(RowGroup.SENT if is_message else RowGroup.PROTOCOL, number)
        if len(raw) < LARGE:
            segment = self._append_one(raw, when, origin)
        else:
            self._close()
            batch = Batch(raw, array("I", (0, len(raw))))
            segment = Segment.of_batch(number, batch, ((0, when, origin),))
            self._push(segment)
        if odd:
            segment.odd[number - segment.base] = odd
        if receipt:
            segment.outcomes[number - segment.base] = STILL_WAITING
            self._waiting[session, receipt] = number
        self.sent += 1
        self._advance(1)
        return number

    def append_series(
        self, batch: Batch, stretches: Sequence[tuple[int, float, bool]], version: str, session: int, series: int
    ) -> None:
        """Take SEND frames of a series and the RECEIPT frames that confirm some; what becomes of each is not noted.

        Args:
            batch: The frames.
            stretches: Index of the first frame, seconds since the epoch, and whether it was sent, of frames that follow
                each other in one direction.
            version: The STOMP version spoken.
            session: The number of the session.
            series: The number of the series, by which `begin_fold` was called; its row takes the SEND frames.
        """
        base, marks, fold = self.end, batch.marks, self.groups.folds.get(series)
        of_sent, of_received = (
            self._origin(RowKind.SENT, version, series),
            self._origin(RowKind.RECEIVED, version, session),
        )
        runs: list[Run] = []
        sent: list[int] = []
        received: list[int] = []
        size = 0
        ends = [*(begin for begin, _, _ in stretches[1:]), len(batch)]
        for (begin, when, is_sent), end in zip(stretches, ends, strict=True):
            (sent if is_sent else received).extend(range(base + begin, base + end))
            runs.append((begin, when, of_sent if is_sent else of_received))
            if is_sent:
                size += sum(marks[2 * begin + 1 : 2 * end : 2]) - sum(marks[2 * begin : 2 * end : 2])
        self.groups.add_all(RowGroup.PROTOCOL, received)
        if fold is None:
            self.groups.add_all(RowGroup.SENT, sent)
        else:
            fold.sent += len(sent)
            fold.size += size
            self.groups.add_folded(fold, sent)
        self.sent += len(sent)
        self.received += len(received)
        # The row of the fold is painted anew.
        self.settled += 1
        if len(batch.data) < min(SMALL, self._open_bytes // 4):
            self._segment_for(len(batch)).add_runs(batch, runs)
        else:
            self._close()
            self._push(Segment.of_batch(base, batch, runs))
        self._advance(len(batch))

    def append_note(
        self, kind: NoteKind, text: str, when: float, detail: str = "", *, mends: bool = True, session: int = 0
    ) -> int:
        """Note what happened to the connection.

        Args:
            kind: What it is about.
            text: What happened, in one line.
            when: Seconds since the epoch.
            detail: More of it, a server's own words for example; not cleaned.
            mends: Whether a lost or failed connection is no error any more once one stands again.
            session: The number of the session it is about; where that is folded, so is a note that is no error.

        Returns:
            The number of its row.
        """
        number = self.end
        if kind.is_error:
            ends = kind in (NoteKind.LOST, NoteKind.FAILED)
            self.errors.add(number, Until.SEEN if not mends else Until.NEXT_SESSION if ends else Until.SESSION_OVER)
        fold = self.groups.folds.get(session)
        if fold is not None and not kind.is_error:
            self.groups.add_folded(fold, (number,))
        else:
            self.groups.add(RowGroup.EVENTS, number)
        self._append_one(Note(kind, text, detail).to_bytes(), when, NOTE_ORIGIN)
        self._advance(1)
        return number

    def begin_fold(self, session: int, text: str, when: float, queue: str) -> int:
        """Note that a side connection begins; what it carries is folded into the row of this note.

        Args:
            session: The number of its session.
            text: What it is for.
            when: Seconds since the epoch.
            queue: With which queue, "" if it is not one alone.

        Returns:
            The number of the row.
        """
        row = self.append_note(NoteKind.ACTION, text, when, queue)
        self.groups.fold(session, row)
        return row

    def end_fold(self, session: int, *, failed: bool = False) -> None:
        """A side connection is closed, or a series has ended: its row says so, and whether something failed."""
        fold = self.groups.folds.get(session)
        if fold is not None and not fold.done:
            fold.done, fold.failed = True, failed
            self.settled += 1

    def settle(self, session: int, receipt: str, outcome: Outcome) -> int | None:
        """Record what became of the frame that asked for a receipt.

        Returns:
            The number of its row; None if no row waits for that receipt (any more).
        """
        self._given_up.discard((session, receipt))
        number = self._waiting.pop((session, receipt), None)
        if number is None or not self._bases or number < self._bases[0]:
            return None
        segment = self._segments[locate(self._bases, number)]
        segment.outcomes[number - segment.base] = outcome
        self.settled += 1
        return number if number >= self.first else None

    def not_awaited(self, session: int, receipt: str) -> None:
        """A receipt did not come in time: the frame was sent, and no more is known, unless it comes all the same."""
        key = (session, receipt)
        number = self._waiting.get(key)
        if number is not None and self._bases and number >= self._bases[0]:
            self._given_up.add(key)
            segment = self._segments[locate(self._bases, number)]
            segment.outcomes.pop(number - segment.base, None)
            self.settled += 1

    def mark(self, number: int, outcome: Outcome | None) -> bool:
        """Record what a person did, or can do, with a message; None takes that back.

        Returns:
            False if the row is not there (any more).
        """
        if not self.first <= number < self.end:
            return False
        segment = self._segments[locate(self._bases, number)]
        if outcome is None:
            segment.outcomes.pop(number - segment.base, None)
        else:
            segment.outcomes[number - segment.base] = outcome
        self.settled += 1
        self.restated += 1
        return True

    def unconfirmed(self, session: int, why: str = "") -> list[int]:
        """The session is over: what it still waited for will never be known.

        Returns:
            The numbers of the rows.
        """
        for key in [key for key in self._given_up if key[0] == session]:
            self._given_up.discard(key)
            self._waiting.pop(key, None)
        receipts = [key[1] for key in self._waiting if key[0] == session]
        outcome = Outcome.unconfirmed(why)
        numbers = [self.settle(session, receipt, outcome) for receipt in receipts]
        return [number for number in numbers if number is not None]

    def clear(self) -> None:
        """Hide all rows, and forget those that were hidden before. Numbers and counters go on."""
        while self._segments and self._bases[0] < self.first:
            self._drop_oldest()
        self._close()
        self.errors.clear()
        self.first = self.end

    @property
    def cleared(self) -> int:
        """Rows that were cleared and can be brought back: the first to go when memory is needed."""
        return self.first - self._bases[0] if self._bases else 0

    def bring_back(self) -> int:
        """Undo the last `clear`, as far as its rows are there. Returns how many come back."""
        count = self.cleared
        if count:
            self.first -= count
            self.errors.restore()
        return count

    # -- reading -------------------------------------------------------------------------------------------------

    def entry(self, number: int) -> Entry:
        """One row, in O(log n).

        Raises:
            LookupError: If it fell off, was cleared, or has not happened yet.
        """
        if not self.first <= number < self.end:
            raise LookupError(f"row {number} is not in the journal ({self.first} to {self.end - 1})")
        segment = self._segments[locate(self._bases, number)]
        index = number - segment.base
        when, origin = segment.run(index)
        return Entry(
            number, when, origin.kind, segment.raw(index), origin.version, origin.session,
            segment.odd.get(index, ""), segment.outcomes.get(index),
        )  # fmt: skip

    def get(self, number: int) -> Entry | None:
        """One row, None if it is not there."""
        return self.entry(number) if self.first <= number < self.end else None

    def entries(self, begin: int, end: int) -> Iterator[Entry]:
        """The rows from `begin` to before `end` that are there."""
        for number in range(max(begin, self.first), min(end, self.end)):
            yield self.entry(number)

    def segment_of(self, number: int) -> Segment | None:
        """The segment that contains a row, for the filter, which reads all bytes; None if it is not there."""
        return self._segments[locate(self._bases, number)] if self.first <= number < self.end else None

    # -- segments ------------------------------------------------------------------------------------------------

    def _origin(self, kind: RowKind, version: str, session: int) -> Origin:
        """One object for all rows of the same origin; sessions are few."""
        origin = Origin(kind, version, session)
        return self._origins.setdefault(origin, origin)

    def _append_one(self, raw: bytes, when: float, origin: Origin) -> Segment:
        segment = self._segment_for(1)
        segment.add_one(raw, when, origin)
        return segment

    def _segment_for(self, count: int) -> Segment:
        """The open segment that takes so many more rows; a new one if it is full."""
        segment = self._open
        if segment is not None and (
            len(segment.data) >= self._open_bytes or len(segment) + count > self._open_frames
        ):  # fmt: skip
            self._close()
            segment = None
        if segment is None:
            segment = self._open = Segment.open(self.end)
            self._push(segment)
        return segment

    def _push(self, segment: Segment) -> None:
        self._segments.append(segment)
        self._bases.append(segment.base)
        self._newest_size = 0

    def _close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def _advance(self, count: int) -> None:
        """Count the newest rows and their memory, and drop the oldest segments while a bound is passed."""
        self.end += count
        size = self._segments[-1].size
        self.bytes += size - self._newest_size
        self._newest_size = size
        self._keep_bounds()

    def limit(self, max_bytes: int, max_frames: int) -> None:
        """Keep other bounds from now on; what is beyond them is dropped at once."""
        self.max_bytes, self.max_frames = max_bytes, max_frames
        self._open_frames = max(1, max_frames // 8)
        self._open_bytes = max(1, min(OPEN_BYTES, max_bytes // 8))
        if self._segments:
            self._keep_bounds()

    def _keep_bounds(self) -> None:
        while len(self._segments) > 1 and (
            self.bytes > self.max_bytes or self.end - self._bases[0] > self.max_frames
        ):  # fmt: skip
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        oldest = self._segments.pop(0)
        base = self._bases.pop(0)
        there = self._bases[0] if self._bases else self.end
        self.bytes -= oldest.size
        if base >= self.first:
            self.first = there
            self.dropped += len(oldest)
        self.errors.forget_before(there)
        self.groups.forget_before(there)
        while self._waiting and next(iter(self._waiting.values())) < there:
            self._waiting.popitem(last=False)
