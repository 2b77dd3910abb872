"""Finds where frames begin and end in a stream of bytes (STOMP 1.2, "STOMP Frames" and "Augmented BNF").

Marking is not parsing: a frame is a pair of positions in the bytes as they were read. What is odd but has an end is
marked and flagged, so that one bad frame never eats the ones behind it.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

_OF_CLIENTS = b"CONNECT STOMP SEND SUBSCRIBE UNSUBSCRIBE ACK NACK BEGIN COMMIT ABORT DISCONNECT"
_OF_SERVERS = b"CONNECTED MESSAGE RECEIPT ERROR"
COMMANDS = frozenset((_OF_CLIENTS + b" " + _OF_SERVERS).split())
"""Every command of STOMP 1.0 to 1.2, those of clients included."""

_NEXT_FRAME = rb"[\r\n]*(?:%s)\r?\n" % b"|".join(sorted(COMMANDS))
_FOLLOWED = re.compile(rb"\0(?=%s)" % _NEXT_FRAME)
_FOLLOWED_OR_LAST = re.compile(rb"\0(?=%s|[\r\n]*\Z)" % _NEXT_FRAME)
_PERHAPS_FOLLOWED = re.compile(rb"\0[\r\n]*[A-Z]*\r?\Z")
_COMMAND_LIKE = re.compile(rb"[A-Z]+\r?\n")
_LENGTH = b"\ncontent-length:"
_NULS = re.compile(rb"\0+")
_HEADERS_END = re.compile(rb"\n\r?\n|\0")
_EOL = b"\r\n"
_LONG = 1 << 20

Bytes = bytes | bytearray

NO_EMPTY_LINE = "no empty line after the headers"
NO_FRAME = "bytes that are no frame"
STRAY_NUL = "a NUL outside a frame"
BAD_LENGTH = "content-length is not a number"
NUL_IN_TEXT = "a NUL in a body without content-length"
NUL_IN_HEADER = "a NUL in a header"
CUT_OFF = "the connection ended inside this frame"
NO_NUL = "no NUL was sent at its end"
RECOVERED = "recovered when the connection ended: it stood behind a length that was not reached"


@dataclass(frozen=True, slots=True)
class Batch:
    """The bytes of one read, and where the frames in them begin and end."""

    data: bytes
    marks: array[int]
    """Begin and end of each frame in turn; the end is the index of its NUL."""
    odd: dict[int, str] = field(default_factory=dict)
    """What is wrong with a frame, in words, by its index."""
    others: tuple[int, ...] = ()
    """Indexes of the frames that are not MESSAGE."""

    @classmethod
    def of(cls, frames: Iterable[bytes]) -> Batch:
        """A batch of frames that are given one by one, without their NULs."""
        data, marks = bytearray(), array("I")
        for raw in frames:
            marks.extend((len(data), len(data) + len(raw)))
            data += raw + b"\0"
        return cls(bytes(data), marks)

    def __len__(self) -> int:
        return len(self.marks) // 2

    def frame(self, index: int) -> bytes:
        """The bytes of one frame, without its NUL."""
        return self.data[self.marks[2 * index] : self.marks[2 * index + 1]]

    def frames(self) -> list[bytes]:
        """The bytes of all frames, without their NULs."""
        return [self.frame(index) for index in range(len(self))]


class FrameError(ValueError):
    """A header or frame is larger than its limit; the marker cannot go on.

    Args:
        text: The reason, in plain words.
        raw: The first bytes of the frame that was too large.
        batch: The frames before it in the same read, None if there were none.
        head: Its command and headers, as far as they have come.
    """

    def __init__(self, text: str, raw: bytes = b"", batch: Batch | None = None, head: bytes = b"") -> None:
        super().__init__(text)
        self.raw = raw
        self.head = head or raw
        self.batch = batch


class FrameMarker:
    """Marks the frames in what one connection reads. Linear in the bytes fed, however they are cut.

    After a FrameError the marker is of no further use.

    Args:
        max_header: Bytes allowed from the command to the empty line.
        max_frame: Bytes allowed in a frame; checked as soon as content-length is known, before its body is kept.
    """

    def __init__(self, max_header: int = 64 << 10, max_frame: int = 64 << 20) -> None:
        self.max_header = max_header
        self.max_frame = max_frame
        self._usual = min(max_header, max_frame)
        self._in_messages = False
        """Whether the bytes come in WebSocket messages, of which each that ends in a NUL ends a frame."""
        self._clear()

    def _clear(self) -> None:
        # Appending, and deleting from the front, move nothing else: a frame whose content-length is megabytes too large
        # keeps back everything behind it.
        self._kept = bytearray()
        self._expect_anything()

    def _expect_anything(self) -> None:
        """Forget what the kept bytes are waiting for."""
        self._need = 0
        """Bytes of the whole unfinished frame, NUL included; 0 while unknown."""
        self._in_body = False
        """Whether the unfinished frame has all its headers and only a NUL can end it."""
        self._edge: bytes | None = None
        """The last kept bytes of a frame whose headers have not ended; None if they have."""

    @property
    def unfinished(self) -> int:
        """The number of bytes kept of an unfinished frame."""
        return len(self._kept)

    @property
    def pending(self) -> bytes:
        """The bytes kept of an unfinished frame."""
        return bytes(self._kept)

    def keep(self, data: bytes) -> None:
        """Append bytes to those of an unfinished frame, for `recover`; `feed` must not be called any more."""
        self._kept += data if self._kept else data.lstrip(_EOL)

    def feed(self, read: bytes) -> Batch | None:
        """Mark the frames that end in the bytes of one read.

        Returns:
            A batch of them, or None if there are none.

        Raises:
            FrameError: A header or frame larger than its limit.
        """
        kept = self._kept
        if not kept:
            return self._mark(read)
        have = len(kept) + len(read)
        if have < self._need:
            kept += read
            return None
        if self._edge is not None and have <= self.max_header:
            edge = self._edge + read
            if not _HEADERS_END.search(edge):
                self._edge = edge[-2:]
                kept += read
                return None
        if self._in_body and b"\0" not in read:
            kept += read
            if have > self.max_frame + 1:
                self._clear()
                raise self._too_large(kept, 0)
            return None
        if have <= _LONG:
            self._clear()
            return self._mark(b"".join((kept, read)))
        kept += read
        self._expect_anything()
        return self._mark(kept)

    def feed_message(self, message: bytes) -> Batch | None:
        """Mark the frames in one WebSocket message.

        A message that ends in a NUL ends a frame, whatever content-length says: Spring counts the bytes it received,
        not those it sends. A message that does not is the beginning of one that is cut over several.

        Raises:
            FrameError: A header or frame larger than its limit.
        """
        self._in_messages = True
        last = _last_nul(message)
        if last < 0:
            return self.feed(message)
        data = b"".join((self._kept, message)) if self._kept else message
        last += len(self._kept)
        self._clear()
        return self._mark(data, last)

    def recover(self) -> tuple[Batch | None, bytes]:
        """Mark what can be recovered from the bytes kept at the end of the stream.

        Returns:
            The frames that end in a NUL, where those behind the first, which only its content-length kept back, are
            flagged as recovered; and the bytes behind them, which have no end.
        """
        kept = self.pending
        try:
            batch = self.finish()
        except FrameError as error:
            batch = error.batch
            return batch, kept[batch.marks[-1] + 1 :] if batch else kept
        if batch is None:
            return None, b""
        for index in range(1, len(batch)):
            batch.odd[index] = f"{batch.odd[index]}; {RECOVERED}" if index in batch.odd else RECOVERED
        last = len(batch) - 1
        if not batch.odd.get(last, "").startswith(CUT_OFF):
            return batch, b""
        cut = batch.frame(last)
        del batch.odd[last]
        others = tuple(index for index in batch.others if index < last)
        return (Batch(batch.data, batch.marks[:-2], batch.odd, others) if last else None), cut

    def finish(self) -> Batch | None:
        """Mark what is left at the end of the stream; a frame without an end ends here, and is flagged."""
        data = self.pending
        self._clear()
        last = _last_nul(data)
        if last >= 0 or not data:
            return self._mark(data, last)
        batch = self._mark(data + b"\0", len(data))
        if batch:
            batch.odd[len(batch) - 1] = CUT_OFF
        return batch

    def _mark(self, data: Bytes, last: int = -1) -> Batch | None:
        """Mark the frames in data, which is what was read or all that is kept; keep what is left.

        `last` is the position of the NUL that ends data and with it a frame for sure, -1 for a stream.
        """
        whole = last >= 0
        find, starts, size = data.find, data.startswith, len(data)
        marks, odd, others = array("I"), dict[int, str](), list[int]()
        add, usual = marks.append, self._usual
        # Of what waits long not everything is looked at again for each read.
        plain = size <= _LONG and b"\n\r\n" not in data
        position, nul = 0, -1
        while position < size:
            if data[position] in _EOL:
                position += 1
                continue
            if nul < position:
                nul = find(b"\0", position)
                if nul < 0:
                    nul = size
            blank = find(b"\n\n", position, nul)
            if blank < 0:
                blank = size
            message = starts(b"MESSAGE\n", position)
            if (
                blank < nul < size
                and nul - position <= usual
                and (nul == last or not whole)
                and (message or starts(b"RECEIPT\n", position))
                and (plain or find(b"\n\r\n", position, blank) < 0)
            ):
                length = find(_LENGTH, position, blank + 1)
                if length < 0 or starts(b"%d\n" % (nul - blank - 2), length + 16):
                    if not message:
                        others.append(len(marks) // 2)
                    add(position)
                    add(nul)
                    position = nul + 1
                    continue
            try:
                end, why = self._end(data, position, blank, nul, whole)
            except FrameError as error:
                if marks:
                    error.batch = Batch(bytes(data[: marks[-1] + 1]), marks, odd, tuple(others))
                self._clear()
                raise
            if end < 0:
                break
            if why:
                odd[len(marks) // 2] = why
            if not starts((b"MESSAGE\n", b"MESSAGE\r\n"), position):
                others.append(len(marks) // 2)
            add(position)
            add(end)
            position = end + 1
        if isinstance(data, bytearray):  # all that is kept
            frames = bytes(memoryview(data)[:position])
            del self._kept[:position]
        else:
            # A batch lives long: it does not keep much of a frame that has only begun.
            frames = data[:position] if size - position > size >> 6 else data
            self._kept += memoryview(data)[position:]
        return Batch(frames, marks, odd, tuple(others)) if marks else None

    def _end(self, data: Bytes, position: int, blank: int, nul: int, whole: bool) -> tuple[int, str]:
        """Where the frame at position ends, and what is odd about it; -1 while its end has not come.

        `nul` is where the next NUL is, `blank` where two line feeds before it are; the size of data if there are none.
        """
        size = len(data)
        body = blank + 2
        other = data.find(b"\n\r\n", position, min(blank + 1, nul))
        if other >= 0:
            blank, body = other, other + 3
        why = ""
        if nul < blank:
            end, why = self._early_nul(data, position, nul, whole)
            if end >= 0:
                return end, why
            blank, body = _empty_line(data, nul)
            nul = data.find(b"\0", body)
            nul = size if nul < 0 else nul
        if min(body, size) - position > self.max_header:
            head = bytes(data[position : position + self.max_header])
            raise FrameError(f"headers larger than {self.max_header:,} bytes", head[:256], head=head)
        if blank >= size:
            self._edge = bytes(data[max(position, size - 2) :])
            return -1, ""
        command = bytes(data[position : data.find(b"\n", position)]).rstrip(b"\r")
        why = why or ("" if command in COMMANDS else "unknown command")
        announced = _content_length(data, position, blank)
        # The rest of a text with a NUL in it can hold anything, a header-like line as well: believe only commands.
        if announced is None or (command not in COMMANDS and not _COMMAND_LIKE.match(data, position)):
            return self._at_nul(data, position, body, nul, why, whole)
        if announced < 0:
            return self._at_nul(data, position, body, nul, BAD_LENGTH, whole)
        end = body + announced
        if end - position > self.max_frame and not whole:
            raise self._too_large(data, position)
        if end >= size and not whole:
            self._need = end + 1 - position
            return -1, ""
        fits = end < size and not data[end]
        if fits and (not whole or _FOLLOWED_OR_LAST.match(data, end)):
            return end, why
        # Too large if a frame begins inside the body it claims, too small otherwise.
        followed = _FOLLOWED_OR_LAST.search(data, body) if whole else _FOLLOWED.search(data, body, end + 32)
        if followed and (whole or followed.start() < end):
            end = followed.start()
        elif not whole and (begun := _PERHAPS_FOLLOWED.search(data, max(body, size - 32))) and begun.start() < end:
            return -1, ""
        elif (end := data.find(b"\0", end)) < 0:
            if size - position > self.max_frame + 1:
                raise self._too_large(data, position)
            self._in_body = True
            return -1, ""
        return end, wrong_length(str(announced), end - body)

    def _early_nul(self, data: Bytes, position: int, nul: int, whole: bool) -> tuple[int, str]:
        """The end of a frame that has a NUL before its empty line; -1 if that NUL is one of its header's bytes.

        In a stream a NUL is all that ends a frame. A WebSocket message ends one by itself, so that a NUL in it with no
        frame behind it is inside one.
        """
        if nul == position and (nuls := _NULS.match(data, nul)):
            # Each alone would cost a hundred times its size.
            return nuls.end() - 1, nuls_outside(nuls.end() - nul)
        first = bytes(data[position : min(nul, position + 32)]).partition(b"\n")[0].rstrip(b"\r")
        known = first in COMMANDS
        why = NO_EMPTY_LINE if known else NO_FRAME
        if not self._in_messages or not (known or whole):
            return nul, why
        followed = (_FOLLOWED_OR_LAST if whole else _FOLLOWED).search(data, nul)
        end = followed.start() if followed else len(data)
        if known and (not followed or _empty_line(data, nul, end)[0] < end):
            return -1, NUL_IN_HEADER
        return end, why

    def _at_nul(self, data: Bytes, position: int, body: int, nul: int, why: str, whole: bool) -> tuple[int, str]:
        """The end of a frame that only a NUL can end."""
        if whole:
            last = _FOLLOWED_OR_LAST.search(data, nul)
            if last and last.start() > nul:
                nul, why = last.start(), why or NUL_IN_TEXT
        end = nul if nul < len(data) else len(data)
        if end - position > self.max_frame:
            raise self._too_large(data, position)
        if nul >= len(data):
            self._in_body = True
            return -1, ""
        return nul, why

    def _too_large(self, data: Bytes, position: int) -> FrameError:
        start = bytes(data[position : position + self.max_header])
        head, _, _ = start.replace(b"\r\n", b"\n").partition(b"\n\n")
        raw = bytes(data[position : position + 256])
        return FrameError(f"a frame larger than {self.max_frame:,} bytes", raw, head=head)


def nuls_outside(count: int) -> str:
    """The fault text for NULs in a row that end no frame."""
    return STRAY_NUL if count == 1 else f"{count:,} NULs outside a frame"


def wrong_length(announced: str, size: int) -> str:
    """The fault text for a content-length that does not match the body."""
    return f"content-length says {announced}, the body has {size:,} bytes"


def _content_length(data: Bytes, position: int, blank: int) -> int | None:
    """The first content-length of a frame; None without one, -1 if it is not a number."""
    at = data.find(_LENGTH, position, blank + 1)
    if at < 0:
        return None
    value = data[at + len(_LENGTH) : data.find(b"\n", at + 1)].strip()
    return int(value) if value.isdigit() and len(value) < 19 else -1


def _empty_line(data: Bytes, start: int, stop: int = sys.maxsize) -> tuple[int, int]:
    """Where the line before the first empty line ends, and where what is behind that begins."""
    blank = data.find(b"\n\n", start, stop)
    other = data.find(b"\n\r\n", start, stop if blank < 0 else blank + 1)
    if other >= 0:
        return other, other + 3
    return (blank, blank + 2) if blank >= 0 else (len(data), len(data) + 2)


def _last_nul(message: bytes) -> int:
    """The position of the NUL that, but for ends of line, is the last byte; -1 if it is another byte."""
    at = len(message) - 1
    while at >= 0 and message[at] in _EOL:
        at -= 1
    return at if at >= 0 and not message[at] else -1
