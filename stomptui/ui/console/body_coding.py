"""How the bytes of a body can be edited as text: what they are packed and encoded as."""

from __future__ import annotations

from stomptui.compose.draft import Draft
from stomptui.compose.encoded.coding import Layer
from stomptui.compose.encoded.items import CodingError
from stomptui.journal import decompression
from stomptui.journal.body import media_type
from stomptui.journal.formats import SAMPLE, format_of

_WINDOWS: dict[int, Layer] = {31: "gzip", 15: "deflate"}


def guessed(draft: Draft, data: bytes) -> tuple[Layer, ...]:
    """What the body is packed and encoded as, by its headers and its bytes; () if that cannot be told.

    Raises:
        CodingError: It is something that is not encoded here, said in words.
    """
    declared = decompression.layers(draft.get("content-encoding") or "")
    layers: list[Layer] = []
    start = data[: 1 << 16]
    while start and decompression.is_packed(start[:SAMPLE], len(layers), declared):
        if decompression.packing_of(start) == "zstd":
            raise CodingError("zstd is not packed again here")
        window = _WINDOWS.get(decompression.window_of(start))
        if window is None:
            raise CodingError("deflate without its header is not packed again here")
        layers.append(window)
        start = decompression.open_start(start, SAMPLE)
    found = format_of(start[:SAMPLE], media_type(draft.content_type)[0])
    if found is not None:
        layers.append(found)
    return tuple(layers)
