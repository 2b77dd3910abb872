"""Frames whose content-length counts characters: from a server that always counts so, nothing is wrong with them."""

from __future__ import annotations

from stomptui.protocol.frame import Frame
from stomptui.protocol.marker import Batch, wrong_length


def excuse(batch: Batch) -> int:
    """Take frames out of `batch.odd` whose content-length counts the characters of their body, and nothing else is odd.

    Characters are UTF-16 code units, as JavaScript counts them.

    Returns:
        How many there were.
    """
    excused = 0
    for index, why in list(batch.odd.items()):
        frame = Frame(batch.frame(index))
        announced = (frame.get("content-length") or "").strip()
        if why != wrong_length(announced, frame.body_size):
            continue
        try:
            characters = len(frame.body.decode("utf-8").encode("utf-16-le")) // 2
        except UnicodeDecodeError:
            continue
        if announced == str(characters):
            del batch.odd[index]
            excused += 1
    return excused
