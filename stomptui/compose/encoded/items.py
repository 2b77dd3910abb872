"""Items of MessagePack and CBOR as they were encoded, between their bytes and their text.

An item is a value, and a mark where it was not encoded in the shortest way: so the same bytes come out again.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

DEEPEST = 200
"""Items within each other."""

ItemKind = Literal[
    "int", "float", "bits", "text", "raw", "bytes", "parts", "word", "simple", "array", "map", "tag", "ext"
]
"""What an item is: "bits" a float by its bytes, "raw" text that is not UTF-8, "parts" a string in parts of its own."""


class Item(NamedTuple):
    """One item."""

    kind: ItemKind
    number: int = 0
    """An integer, the number of a simple value, a tag, or the type of an extension."""
    real: float = 0.0
    text: str = ""
    """A text or a word."""
    data: bytes = b""
    inner: tuple[Item, ...] = ()
    """Items of an array, keys and values of a map, the parts of a string, or what a tag stands before."""
    mark: str | None = None
    """How it is encoded, where that is not the shortest way: without the "_" it is written with."""
    at: int = 0
    """Where it begins in its text."""
    note: str = ""
    """What it is called, which is a comment in its text and is not encoded."""


class CodingError(ValueError):
    """A body that cannot be edited as text, or a text that cannot be encoded.

    Args:
        text: Why, for the person.
        at: Where in the text, in characters from 0; None for bytes.
    """

    def __init__(self, text: str, at: int | None = None) -> None:
        super().__init__(text)
        self.at = at


class Bytes:
    """Bytes that are read from the beginning to the end."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, size: int) -> bytes:
        """The next bytes.

        Raises:
            CodingError: There are fewer.
        """
        end = self.at + size
        if end > len(self.data):
            raise CodingError(f"byte {self.at:,}: it ends too early")
        taken, self.at = self.data[self.at : end], end
        return taken

    def number(self, size: int) -> int:
        """The next bytes as a number."""
        return int.from_bytes(self.take(size), "big")
