"""Decompressing zstd bodies within a limit (RFC 8878), by the library of the `views` extra where it is installed."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
EXTRA = "stomptui[views]"
"""The extra of the package that installs what some views need."""
NEEDED = f"zstd: what is inside is shown once the {EXTRA} extra is installed"
"""What is said where the library is missing."""
_PIECE = 1 << 16
_LARGEST_WINDOW = 1 << 27
"""Bytes of memory that a frame may ask for; it is the most that the zstd command takes without being told to."""
_SKIPPABLE = range(0x184D2A50, 0x184D2A60)


@cache
def zstd_library() -> ModuleType | None:
    """The library, None if it is not installed."""
    try:
        return importlib.import_module("zstandard")
    except ImportError:
        return None


class ZstdReader:
    """Decompresses all frames of a body in pieces.

    Args:
        data: The compressed bytes.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.problem: str | None = None
        """Why there is no more than what came, None if that is all; known at the end."""

    def pieces(self, limit: int) -> Iterator[bytes]:
        """What is inside, up to a limit of bytes, in pieces of at most 64 KiB."""
        library = zstd_library()
        if library is None:
            self.problem = NEEDED
            return
        size = 0
        reader = _reader(library, self._data)
        while size < limit:
            try:
                piece: bytes = reader.read(min(_PIECE, limit - size))
            except library.ZstdError:
                self.problem = "the compressed data is broken: this is what could be opened"
                yield self._until_it_breaks(library, size, limit - size)
                return
            if not piece:
                if not _is_whole(self._data):
                    self.problem = "the compressed data ends too early"
                return
            size += len(piece)
            yield piece

    def _until_it_breaks(self, library: ModuleType, size: int, limit: int) -> bytes:
        """What comes after that many bytes and before what is broken, which the library drops with a larger piece."""
        reader = _reader(library, self._data)
        out = bytearray()
        try:
            while size > 0:
                size -= len(reader.read(min(_PIECE, size)))
            while len(out) < min(limit, _PIECE) and (byte := reader.read(1)):
                out += byte
        except library.ZstdError:
            return bytes(out)
        return bytes(out)


def _reader(library: ModuleType, data: bytes) -> Any:
    opener = library.ZstdDecompressor(max_window_size=_LARGEST_WINDOW)
    return opener.stream_reader(data, read_across_frames=True)


def _is_whole(data: bytes) -> bool:
    """Whether the last frame has its end; walks the headers of the blocks (RFC 8878, 3.1.1)."""
    at = 0
    while at < len(data):
        magic = int.from_bytes(data[at : at + 4], "little")
        if magic in _SKIPPABLE:
            at += 8 + int.from_bytes(data[at + 4 : at + 8], "little")
            continue
        if at + 6 > len(data):
            return False
        descriptor = data[at + 4]
        single = descriptor >> 5 & 1
        content_size = (1 if single else 0, 2, 4, 8)[descriptor >> 6]
        at += 5 + (not single) + (0, 1, 2, 4)[descriptor & 3] + content_size
        last = 0
        while not last:
            header = int.from_bytes(data[at : at + 3], "little")
            if at + 3 > len(data):
                return False
            last, kind = header & 1, header >> 1 & 3
            at += 3 + (1 if kind == 1 else header >> 3)
        at += 4 if descriptor >> 2 & 1 else 0
    return at == len(data)
