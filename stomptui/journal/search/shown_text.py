"""The text of a row as it is shown, in pieces: headers unescaped, bodies opened and decoded.

The rules are those of `body.content_of`; nothing takes longer than a few milliseconds between two pieces.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache, partial

from stomptui.journal.body import (
    MAX_OPENED,
    UTF16_MARKS,
    cesu_text,
    codec_of,
    kind_of_start,
    media_type,
)
from stomptui.journal.decompression import (
    BASE64_GZIP,
    GZIP_MAGIC,
    from_base64,
    is_packed,
    layers,
    open_pieces,
    window_of,
)
from stomptui.journal.formats import SAMPLE, format_of
from stomptui.journal.search.binary_text import binary_texts, names_format
from stomptui.protocol.escapes import unescape
from stomptui.protocol.frame import UNESCAPED

PIECE = 64 << 10
"""Bytes of a piece."""

_TYPE = re.compile(rb"\ncontent-type:([^\n]{0,512})")
_ENCODING = re.compile(rb"\ncontent-encoding:([^\n]{0,512})")
_COMMAND = re.compile(rb"[A-Z]{0,16}")
_NEVER_ESCAPED = tuple(command.encode() for command in UNESCAPED)

Bytes = bytes | bytearray


def frame_texts(data: Bytes, begin: int, end: int, version: str) -> Iterator[str]:
    """The text of a frame.

    Args:
        data: The bytes it lies in.
        begin: Where it begins.
        end: Where it ends, without its NUL.
        version: The STOMP version spoken.
    """
    head_end, body = _split(data, begin, end)
    command = _COMMAND.match(data, begin, head_end)
    escaped = version != "1.0" and (command is None or command[0] not in _NEVER_ESCAPED)
    for at, after in _cuts(data, begin, head_end):
        text = data[at:after].decode("utf-8", "surrogateescape")
        yield _unescaped(text) if escaped and "\\" in text else text
    if body < end:
        yield "\n"
        kind, encoding = (_value(pattern, data, begin, head_end, version, escaped) for pattern in (_TYPE, _ENCODING))
        yield from _body_texts(data, body, end, kind, encoding)


def small_text(data: Bytes, begin: int, end: int, version: str) -> str | None:
    """The text of a usual frame at once, a few times as fast; None if it takes `frame_texts`."""
    if end - begin > PIECE:
        return None
    head, _, body = bytes(data[begin:end]).partition(b"\n\n")
    if b"\n\r\n" in head:
        return None
    text = head.decode("utf-8", "surrogateescape")
    if "\\" in text and version != "1.0" and not head.startswith(b"CONNECT"):
        text = _unescaped(text)
    if not body:
        return text
    if body.startswith(BASE64_GZIP):
        return None
    if body.startswith(GZIP_MAGIC) or b"\ncontent-encoding:" in head:
        opener = zlib.decompressobj(window_of(body))
        try:
            body = opener.decompress(body, PIECE)
        except zlib.error:
            return None
        if not opener.eof or opener.unused_data or body.startswith(GZIP_MAGIC):
            return None
        encoding = _ENCODING.search(head)
        if encoding and b"," in encoding[1]:
            return None
    kind = _TYPE.search(head)
    if kind and names_format(kind[1]):
        return None
    try:
        return f"{text}\n{body.decode(_codec(kind[1]) if kind else 'utf-8')}"
    except UnicodeError:
        return None


@lru_cache(256)
def _codec(content_type: bytes) -> str:
    """The codec a content-type asks for, as it is on the wire, UTF-8 if none."""
    if b"\\" in content_type:
        return "utf-8"
    return codec_of(media_type(content_type.decode("utf-8", "replace"))[1]) or "utf-8"


def _split(data: Bytes, begin: int, end: int) -> tuple[int, int]:
    """Where the header lines end and where the body begins, as `Frame` has it."""
    blank = data.find(b"\n\n", begin, end)
    other = data.find(b"\n\r\n", begin, blank + 1 if blank >= 0 else end)
    if other >= 0:
        return other, other + 3
    return (blank, blank + 2) if blank >= 0 else (end, end)


def _cuts(data: Bytes, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Pieces that cut neither a character nor an escape sequence."""
    while begin < end:
        after = min(end, begin + PIECE)
        floor = max(begin + 1, after - 16)
        while floor < after < end and (data[after] & 0xC0 == 0x80 or data[after - 1] == 0x5C):
            after -= 1
        yield begin, after
        begin = after


def _unescaped(text: str) -> str:
    """The same as `unescape`, which reports faults and is slower."""
    parts = text.split("\\\\")
    return "\\".join(part.replace("\\n", "\n").replace("\\c", ":").replace("\\r", "\r") for part in parts)


def _value(pattern: re.Pattern[bytes], data: Bytes, begin: int, end: int, version: str, escaped: bool) -> str:
    """The value of a header, "" if there is none."""
    found = pattern.search(data, begin, end)
    if found is None:
        return ""
    value = found[1].decode("utf-8", "replace").removesuffix("\r")
    return unescape(value, version, []) if escaped else value


def _body_texts(data: Bytes, begin: int, end: int, content_type: str, encoding: str) -> Iterator[str]:
    start = bytes(data[begin : min(end, begin + SAMPLE)])

    def as_it_is() -> Iterator[bytes]:
        return (bytes(data[at : min(end, at + PIECE)]) for at in range(begin, end, PIECE))

    def opened() -> Iterator[bytes]:
        return open_pieces(data, begin, end, MAX_OPENED)

    source, within = as_it_is, opened
    declared, times = layers(encoding), 0
    while is_packed(start, times, declared):
        inside = b""
        for inside in within():
            if inside:
                break
            yield ""
        if not inside:
            break
        source, start, times = within, inside[:SAMPLE], times + 1
        within = partial(_once_more, within)
    if not times and start.startswith(BASE64_GZIP):
        packed = from_base64(bytes(data[begin:end]))
        inside = b"" if packed is None else next(filter(None, open_pieces(packed, 0, len(packed), SAMPLE)), b"")
        if packed is not None and inside:
            source, start = partial(open_pieces, packed, 0, len(packed), MAX_OPENED), inside
            content_type = "" if content_type.startswith("text/") else content_type
    if kind_of_start(start, content_type) == "bin":
        yield from (piece.decode("utf-8", "replace") for piece in source())
        form = format_of(start, media_type(content_type)[0])
        if form is not None:
            yield from binary_texts(form, source())
    else:
        yield from _decoded(source, start, content_type)


def _once_more(packed: Callable[[], Iterator[bytes]]) -> Iterator[bytes]:
    """What is inside what comes in pieces; b"" while it is gathered."""
    whole = bytearray()
    for piece in packed():
        whole += piece
        yield b""
    yield from open_pieces(whole, 0, len(whole), MAX_OPENED)


def _decoded(source: Callable[[], Iterator[bytes]], start: bytes, content_type: str) -> Iterator[str]:
    """The text by the first charset that fits: where one turns out not to, the next begins anew."""
    named = codec_of(media_type(content_type)[1])
    for codec in dict.fromkeys([named, "utf-16" if start.startswith(UTF16_MARKS) else None, "utf-8"]):
        if codec is None:
            continue
        decoder = codecs.getincrementaldecoder(codec)()
        try:
            for piece in source():
                yield decoder.decode(piece)
            yield decoder.decode(b"", True)
        except UnicodeError:
            continue
        return
    rest = b""
    for piece in source():
        whole = rest + piece
        cut = len(whole)
        while len(whole) - 12 < cut > 1 and whole[cut - 1] > 127:
            cut -= 1
        part, rest = whole[:cut], whole[cut:]
        yield cesu_text(part) or part.decode("utf-8", "replace")
    yield cesu_text(rest) or rest.decode("utf-8", "replace")
