"""Decompressing gzip, deflate and zstd bodies, as far as they can be read and within a limit (RFC 1950, 1951, 1952).

A gzip body may come as Base64, as JSON and text channels carry it.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from typing import Literal, NamedTuple

from stomptui.journal.zstd import ZSTD_MAGIC, ZstdReader, zstd_library

GZIP_MAGIC = b"\x1f\x8b\x08"
BASE64_GZIP = b"H4sI"
"""How Base64 of gzip begins: it is `GZIP_MAGIC` in Base64."""
COMPRESSED = ("gzip", "x-gzip", "deflate", "zstd")
"""What content-encoding calls what we can open."""
MOST_LAYERS = 3
"""How often what was inside is opened once more."""
_GZIP, _ZLIB, _BARE = 31, 15, -15
_PIECE = 1 << 16
_PIECE_IN = 1 << 14
_FILLER = re.compile(rb"\0*")
_BASE64 = re.compile(rb"[A-Za-z0-9+/\s]+(?:={1,2}\s*)?")
_ZSTD_START = 1 << 18
"""Bytes that are enough for the first block of a zstd frame, which is at most 128 KiB."""

Packing = Literal["gzip", "zstd"]
"""How a body is compressed; "gzip" for deflate too."""


class Opened(NamedTuple):
    """What was inside."""

    data: bytes
    """b"" if nothing could be opened."""
    problem: str
    """Why it may not be all, in words; "" if it is."""


def layers(encoding: str) -> int:
    """How many times a content-encoding says that a body is compressed (RFC 9110, "Content-Encoding")."""
    return sum(name.strip().lower() in COMPRESSED for name in encoding.split(","))


def is_packed(start: bytes, opened: int, declared: int) -> bool:
    """Whether what begins so is to be opened.

    Args:
        start: Its first bytes.
        opened: How often it was opened already.
        declared: How often it is compressed according to content-encoding (`layers`).
    """
    if opened >= MOST_LAYERS:
        return False
    if start.startswith((GZIP_MAGIC, ZSTD_MAGIC)):
        return True
    # After the first layer it must have a header: bytes that are not compressed may decompress too, to nonsense.
    return opened < declared and (opened == 0 or window_of(start) != _BARE)


def packing_of(start: bytes) -> Packing:
    """How what begins so is compressed."""
    return "zstd" if start.startswith(ZSTD_MAGIC) else "gzip"


def start_needed(start: bytes) -> int:
    """How many of its first bytes `open_start` needs, for what begins so."""
    return _ZSTD_START if start.startswith(ZSTD_MAGIC) and zstd_library() is not None else len(start)


def open_start(data: bytes, size: int) -> bytes:
    """At most that many of the first bytes inside, seen from the first bytes outside; b"" if it does not open."""
    if data.startswith(ZSTD_MAGIC):
        return next(ZstdReader(data).pieces(size), b"")
    return _member(data, size)[0]


def from_base64(data: bytes) -> bytes | None:
    """The gzip that a body of Base64 holds, None if it is none."""
    if not data.startswith(BASE64_GZIP) or not _BASE64.fullmatch(data):
        return None
    try:
        return base64.b64decode(data)
    except binascii.Error:
        return None


def start_from_base64(start: bytes) -> bytes:
    """The first bytes of the gzip that a body of Base64 holds; b"" if it is none."""
    if not start.startswith(BASE64_GZIP):
        return b""
    packed = b"".join(start.split())
    return from_base64(packed[: len(packed) // 4 * 4]) or b""


def open_all(data: bytes, limit: int) -> Opened:
    """What is inside, all members of it, up to a limit of bytes."""
    parts: list[bytes] = []
    if data.startswith(ZSTD_MAGIC):
        reader = ZstdReader(data)
        parts += reader.pieces(limit)
        if sum(map(len, parts)) >= limit:
            reader.problem = f"compressed: only the first {limit >> 20} MB were opened"
        return Opened(b"".join(parts), reader.problem or "")
    size = 0
    rest = data
    problem = ""
    while rest and not problem:
        part, rest, problem = _member(rest, limit - size)
        if problem and parts and not part:
            problem = "bytes behind the compressed data are left out"
        parts.append(part)
        size += len(part)
        if size >= limit:
            problem = f"compressed: only the first {limit >> 20} MB were opened"
        rest = rest.lstrip(b"\0")
    return Opened(b"".join(parts), problem)


def open_pieces(data: bytes | bytearray, begin: int, end: int, limit: int) -> Iterator[bytes]:
    """What is inside the bytes from `begin` to before `end`, as `open_all` has it, in pieces; some are empty."""
    size = 0
    if data.startswith(ZSTD_MAGIC, begin):
        yield from ZstdReader(bytes(data[begin:end])).pieces(limit)
        return
    while begin < end and size < limit:
        opener = zlib.decompressobj(window_of(bytes(data[begin : min(end, begin + 2)])))
        rest = b""
        while not opener.eof:
            if not rest:
                rest = bytes(data[begin : min(end, begin + _PIECE_IN)])
                begin += len(rest)
            if not rest:
                return
            before = opener.copy()
            try:
                part = opener.decompress(rest, min(_PIECE, limit - size))
            except zlib.error:
                yield _until_it_breaks(before, rest, min(_PIECE << 4, limit - size))
                return
            rest = opener.unconsumed_tail
            size += len(part)
            yield part
            if size >= limit:
                return
        begin -= len(opener.unused_data)
        while begin < end and not data[begin]:
            filler = _FILLER.match(data, begin, min(end, begin + _PIECE))
            begin = filler.end() if filler else end
            yield b""


def window_of(data: bytes) -> int:
    """How it is compressed, by its first two bytes: a `wbits` of zlib."""
    if data.startswith(GZIP_MAGIC[:2]):
        return _GZIP
    zlib_header = len(data) > 1 and data[0] & 15 == 8 and int.from_bytes(data[:2], "big") % 31 == 0
    return _ZLIB if zlib_header else _BARE


def _member(data: bytes, limit: int) -> tuple[bytes, bytes, str]:
    """What is inside one member, what lies behind it, and what is wrong with it."""
    opener = zlib.decompressobj(window_of(data))
    parts: list[bytes] = []
    size = 0
    for at in range(0, len(data), _PIECE):
        before = opener.copy()
        try:
            part = opener.decompress(data[at : at + _PIECE], limit - size)
        except zlib.error:
            parts.append(_until_it_breaks(before, data[at : at + _PIECE], limit - size))
            return b"".join(parts), b"", "the compressed data is broken: this is what could be opened"
        parts.append(part)
        size += len(part)
        if opener.eof:
            return b"".join(parts), opener.unused_data + data[at + _PIECE :], ""
        if size >= limit:
            return b"".join(parts), b"", ""
    return b"".join(parts), b"", "the compressed data ends too early"


def _until_it_breaks(opener: zlib._Decompress, piece: bytes, limit: int) -> bytes:
    """What comes out before the byte that is wrong."""
    out = bytearray()
    for at in range(len(piece)):
        if len(out) >= limit:
            break
        try:
            out += opener.decompress(piece[at : at + 1], limit - len(out))
        except zlib.error:
            break
    return bytes(out)
