"""Searching some rows of one segment in short steps: by their bytes where these are what is shown, else as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from stomptui.journal.body import codec_of
from stomptui.journal.entry import Note, RowKind
from stomptui.journal.search.binary_text import PROTOBUF
from stomptui.journal.search.folding import fold
from stomptui.journal.search.needle import Needle
from stomptui.journal.search.shown_text import frame_texts, small_text
from stomptui.journal.segments import Segment

CHUNK = 128 << 10
"""Bytes searched in one step, about."""

_CHARSET = re.compile(rb"charset\s*=[\s\"']*([^\s;\"'\x00]*)")
_AT_ONCE = 256
"""Rows compared one by one in one step."""
_TOGETHER = 32
"""Rows read as they are shown in one step."""
_ASCII = bytes(range(128))
_SHIFTS = (b"\x1b$B%F\x1b(B", b"\x1b$)C\x0e0!\x0f", b"~{VP~}", b"+AOk-", b"\x1b(J\\~")
"""How encodings of seven bits begin to mean other characters (ISO 2022, HZ, UTF-7)."""


class RowsSearch:
    """Searches the rows from `begin` to before `end` of a segment.

    Most rows are shown as their bytes are: UTF-8, nothing escaped, nothing compressed. Those are searched together. The
    others, which are told apart by what they must have in them (a backslash in a header, the name of a charset, of an
    encoding, bytes that are not UTF-8), are read one by one as they are shown.

    Args:
        segment: Where the rows lie; rows that it has are never changed.
        begin: The index of the first.
        end: The index after the last.
        needle: What to find.
    """

    def __init__(self, segment: Segment, begin: int, end: int, needle: Needle) -> None:
        self.segment = segment
        self.begin = begin
        self.end = end
        self._needle = needle
        self._steps = self._work()
        self._hits: set[int] = set()

    def step(self) -> bool:
        """Go on for a few milliseconds at most; True when it is done."""
        return next(self._steps, True) is True

    @property
    def hits(self) -> list[int]:
        """The absolute numbers of the rows found, in order."""
        return [self.segment.base + index for index in sorted(self._hits)]

    def _work(self) -> Iterator[bool]:
        segment, begin, end = self.segment, self.begin, self.end
        start, stop = segment.marks[2 * begin], segment.marks[2 * end - 1]
        if stop - start > 2 * CHUNK:
            # One huge row, since what is searched together fits into a chunk.
            yield from self._as_shown(range(begin, end))
            return
        chunk = bytes(segment.data[start:stop])
        ascii_only = chunk.isascii()
        lowered = chunk.lower()
        special = set(segment.notes(begin, end))
        special.update(_odd_rows(segment, begin, end))
        special.update(self._marked_rows(chunk, lowered, ascii_only, start))
        special.discard(-1)
        yield False
        if ascii_only:
            self._find_bytes(lowered, start, special)
        else:
            yield from self._find_text(chunk, start, special)
        yield False
        yield from self._as_shown(sorted(special))

    def _marked_rows(self, chunk: bytes, lowered: bytes, ascii_only: bool, start: int) -> Iterator[int]:
        """Rows whose bytes may differ from what is shown, by what is in them."""
        marks = self.segment.marks
        at = chunk.find(b"\\")
        while at >= 0:
            index = self.segment.index_at(start + at)
            if index < 0:
                at = chunk.find(b"\\", at + 1)
                continue
            row, row_end = marks[2 * index] - start, marks[2 * index + 1] - start
            if chunk.find(b"\n\n", row, at) < 0:
                yield index
            at = chunk.find(b"\\", row_end)
        at = chunk.find(b"content-encoding")
        while at >= 0:
            yield self.segment.index_at(start + at)
            at = chunk.find(b"content-encoding", at + 1)
        if self.segment.may_hold(b"rotobuf") and b"protobuf" in lowered:
            yield from (self.segment.index_at(start + found.start()) for found in PROTOBUF.finditer(lowered))
        if b"charset" in lowered and not all(_plain(name, ascii_only) for name in set(_CHARSET.findall(lowered))):
            for found in _CHARSET.finditer(lowered):
                if not _plain(found[1], ascii_only):
                    yield self.segment.index_at(start + found.start())

    def _find_bytes(self, lowered: bytes, start: int, special: set[int]) -> None:
        """Search what is ASCII alone, where positions say which row it is."""
        marks, find, index_at = self.segment.marks, self._needle.find, self.segment.index_at
        at, stop = find(lowered, 0)
        while at >= 0:
            index = index_at(start + at)
            if index < 0 or start + stop > marks[2 * index + 1]:
                at, stop = find(lowered, at + 1)
                continue
            if index not in special:
                self._hits.add(index)
            if index + 1 >= self.end:
                break
            at, stop = find(lowered, marks[2 * index + 2] - start)

    def _find_text(self, chunk: bytes, start: int, special: set[int]) -> Iterator[bool]:
        """Search UTF-8: all of it at once, since most of the time there is nothing, then row by row."""
        marks, view = self.segment.marks, memoryview(chunk)
        try:
            text = chunk.decode()
        except UnicodeDecodeError:
            for index in range(self.begin, self.end):
                try:
                    str(view[marks[2 * index] - start : marks[2 * index + 1] - start], "utf-8")
                except UnicodeDecodeError:
                    special.add(index)
            text = chunk.decode("utf-8", "replace")
            yield False
        if len(special) == self.end - self.begin or not self._needle.within_folded(fold(text)):
            return
        for count, index in enumerate(range(self.begin, self.end), 1):
            if index not in special:
                row = str(view[marks[2 * index] - start : marks[2 * index + 1] - start], "utf-8")
                if self._needle.within_folded(fold(row)):
                    self._hits.add(index)
            if not count % _AT_ONCE:
                yield False

    def _groups(self, rows: Sequence[int]) -> Iterator[dict[int, str | None]]:
        """The text of small rows, None for others, some at a time."""
        group: dict[int, str | None] = {}
        size = 0
        for index in rows:
            text = group[index] = _small_text(self.segment, index)
            size += len(text or "")
            if len(group) == _TOGETHER or size > CHUNK:
                yield group
                group, size = {}, 0
        yield group

    def _as_shown(self, rows: Sequence[int]) -> Iterator[bool]:
        """Read rows as they are shown: small ones together, others piece by piece."""
        segment, needle = self.segment, self._needle
        for group in self._groups(rows):
            yield False
            if needle.within("\0".join(text for text in group.values() if text)):
                self._hits.update(index for index, text in group.items() if text and needle.within(text))
            yield False
            for index in (index for index, text in group.items() if text is None):
                rest = ""
                for text in _texts(segment, index):
                    if needle.within(rest + text):
                        self._hits.add(index)
                        break
                    rest = needle.tail(rest + text)
                    yield False


def _small_text(segment: Segment, index: int) -> str | None:
    """What is shown of a usual row, None for another."""
    begin, end = segment.marks[2 * index], segment.marks[2 * index + 1]
    _, origin = segment.run(index)
    if origin.kind is RowKind.NOTE or index in segment.odd:
        return None
    return small_text(segment.data, begin, end, origin.version)


def _texts(segment: Segment, index: int) -> Iterator[str]:
    """What is shown of a row."""
    _, origin = segment.run(index)
    begin, end = segment.marks[2 * index], segment.marks[2 * index + 1]
    if origin.kind is RowKind.NOTE:
        yield Note.from_bytes(bytes(segment.data[begin:end])).line
        return
    if odd := segment.odd.get(index):
        yield f"({odd})\n"
    yield from frame_texts(segment.data, begin, end, origin.version)


def _odd_rows(segment: Segment, begin: int, end: int) -> Iterator[int]:
    odd = segment.odd
    rows: Iterable[int] = range(begin, end) if len(odd) > end - begin else odd
    return (index for index in rows if begin <= index < end and index in odd)


@lru_cache(1024)
def _plain(charset: bytes, ascii_only: bool) -> bool:
    """Whether bytes are shown as UTF-8 though that charset is named."""
    codec = codec_of(charset.decode("ascii", "replace").strip("\"'"))
    if codec is None or codec in ("utf-8", "ascii"):
        return True
    try:
        return ascii_only and all(data.decode(codec) == data.decode("ascii") for data in (_ASCII, *_SHIFTS))
    except UnicodeError:
        return False
