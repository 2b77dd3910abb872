"""How a body that is edited as text is encoded when it is sent."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, get_args

from stomptui.compose.encoded import cbor, msgpack, protobuf
from stomptui.compose.encoded.items import CodingError, Item
from stomptui.compose.encoded.notation import read, written

Layer = Literal["gzip", "deflate", "msgpack", "cbor", "protobuf"]
"""One step from text to bytes."""
NAMES: dict[Layer, str] = {
    "gzip": "gzip",
    "deflate": "deflate",
    "msgpack": "MessagePack",
    "cbor": "CBOR",
    "protobuf": "Protobuf",
}
"""What a person calls them."""
PACKED: tuple[Layer, ...] = ("gzip", "deflate")
LARGEST_TEXT = 256 << 10
"""Characters of a packed text that is edited."""
LARGEST_NOTATION = 48 << 10
"""Characters of the text of a binary format that is edited: it is encoded anew after each key."""
_ENCODERS: dict[Layer, Callable[[list[Item]], bytes]] = {
    "msgpack": msgpack.to_bytes,
    "cbor": cbor.to_bytes,
    "protobuf": protobuf.to_bytes,
}
_DECODERS: dict[Layer, Callable[[bytes], list[Item]]] = {
    "msgpack": msgpack.from_bytes,
    "cbor": cbor.from_bytes,
    "protobuf": protobuf.from_bytes,
}


@dataclass(frozen=True)
class BodyCoding:
    """What becomes of a text when it is sent.

    Args:
        layers: The outermost first: ("gzip", "msgpack") is MessagePack within gzip.
        original: The bytes that the text was made of; b"" for a text that was none before.
        text: What was made of them. As long as nothing is changed, these very bytes are sent.
    """

    layers: tuple[Layer, ...]
    original: bytes = field(default=b"", repr=False)
    text: str | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """What a person calls it."""
        return " in ".join(NAMES[layer] for layer in reversed(self.layers))

    @property
    def is_notation(self) -> bool:
        """Whether the text is that of a binary format."""
        return self.layers[-1] not in PACKED

    def encode(self, text: str) -> bytes:
        """The bytes of a text.

        Raises:
            CodingError: It has none; with the place.
        """
        found = _encoded(self, text)
        if isinstance(found, CodingError):
            raise found
        return found


def decoded(data: bytes, layers: Sequence[Layer], decoder: Callable[[bytes], list[Item]] | None = None) -> BodyCoding:
    """The text of a body, and how it becomes the same bytes again. Blocks for as long as that takes.

    Args:
        data: The body.
        layers: How it is encoded.
        decoder: Reads what is innermost, where more is known of it than its bytes say.

    Raises:
        CodingError: The bytes are not so encoded, or there is too much of them, or not all of it can be said as text.
    """
    coding = BodyCoding(tuple(layers))
    inside = data
    for layer in layers:
        if layer in PACKED:
            inside = _unpacked(inside, layer)
    if coding.is_notation:
        text = written((decoder or _DECODERS[layers[-1]])(inside))
        if _ENCODERS[layers[-1]](read(text)) != inside:
            raise CodingError(f"this {NAMES[layers[-1]]} cannot be written as text exactly")
    else:
        try:
            text = inside.decode("utf-8")
        except UnicodeDecodeError:
            raise CodingError(f"what is in the {coding.name} is not UTF-8") from None
    largest = LARGEST_NOTATION if coding.is_notation else LARGEST_TEXT
    if len(text) > largest:
        raise CodingError(f"its text has {len(text):,} characters, of which {largest:,} are edited here")
    return BodyCoding(coding.layers, data, text)


def layers_of(names: Sequence[str]) -> tuple[Layer, ...]:
    """Layers by their names.

    Raises:
        ValueError: There is no such layer, or there are none.
    """
    found = tuple(layer for name in names for layer in get_args(Layer) if layer == name)
    if not found or len(found) != len(names) or any(layer not in PACKED for layer in found[:-1]):
        raise ValueError("no way to encode a body")
    return found


@lru_cache(maxsize=4)
def _encoded(coding: BodyCoding, text: str) -> bytes | CodingError:
    """The bytes, or why there are none, which is asked several times for each key."""
    if text == coding.text:
        return coding.original
    try:
        if coding.is_notation:
            data = _ENCODERS[coding.layers[-1]](read(text))
        else:
            data = text.encode("utf-8", "surrogateescape")
    except CodingError as error:
        return error
    except UnicodeEncodeError as error:
        return CodingError("half a character: it has no bytes in UTF-8", error.start)
    for layer in reversed(coding.layers):
        if layer in PACKED:
            # Without the time of day, so that the same text has the same bytes.
            data = gzip.compress(data, mtime=0) if layer == "gzip" else zlib.compress(data)
    return data


def _unpacked(data: bytes, layer: Layer) -> bytes:
    pieces: list[bytes] = []
    left = 8 * LARGEST_TEXT
    try:
        while data:
            opener = zlib.decompressobj(31 if layer == "gzip" else 15)
            piece = opener.decompress(data, left)
            left -= len(piece)
            if not left:
                raise CodingError(f"unpacked, it has more than {8 * LARGEST_TEXT:,} bytes")
            if not opener.eof:
                raise CodingError(f"the {NAMES[layer]} ends too early")
            pieces.append(piece)
            data = opener.unused_data
    except zlib.error as error:
        raise CodingError(f"this is no {NAMES[layer]}: {str(error).rpartition(': ')[2]}") from None
    return b"".join(pieces)
