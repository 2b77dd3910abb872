"""The text that copying a frame puts on the clipboard, and what to say where text cannot be the exact data."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass

from stomptui.journal.body import Content
from stomptui.journal.formats import NAMES
from stomptui.journal.views.lines import Lines
from stomptui.journal.views.registry import body_lines
from stomptui.protocol.frame import Frame

MOST_PAINTED = 4 << 20
"""Characters of lines that are copied as they are painted at most: a hex dump is several times as long as the bytes."""


@dataclass(frozen=True)
class Copied:
    """Text to be copied."""

    text: str
    notes: tuple[str, ...] = ()
    """Notes for the person: that it is a hex dump, that it was decompressed, ..."""

    def noted(self, notes: tuple[str, ...]) -> Copied:
        """The same with more notes."""
        return Copied(self.text, self.notes + notes)


def copied_body(content: Content, dump: Callable[[], Lines]) -> Copied:
    """The text of a body, every character of it; as it is shown where it is MessagePack or the like, else a hex dump.

    Args:
        content: The body.
        dump: Makes the lines of a hex dump of it.
    """
    text = content.text
    if text is None and content.format is not None:
        lines, problem = body_lines(content)
        copied = copied_lines(lines)
        if not (problem or lines.problem):
            return Copied(copied.text, (f"the {NAMES[content.format]} body as it is shown", *copied.notes))
    if text is None:
        try:
            # A NUL in it may be why it is shown as bytes, and is no reason to copy it so.
            return Copied(content.data.decode("utf-8"))
        except UnicodeDecodeError:
            copied = copied_lines(dump())
            return Copied(copied.text, ("a hex dump, because the body is not text", *copied.notes))
    # It is not painted, and it is data.
    if content.data.startswith(codecs.BOM_UTF8) and not text.startswith("\ufeff"):
        text = "\ufeff" + text
    return Copied(text, content.notes + content.faults)


def copied_headers(frame: Frame) -> Copied:
    """The header lines as they are meant: without the escapes of the wire."""
    return Copied("\n".join(f"{name}:{value}" for name, value in frame.headers))


def copied_frame(frame: Frame) -> Copied:
    """The frame as it crossed the wire, without the NUL that ends it."""
    try:
        return Copied(frame.raw.decode("utf-8"), ("the frame without the NUL that ends it",))
    except UnicodeDecodeError:
        text = frame.raw.decode("utf-8", "backslashreplace")
    count = sum("\udc80" <= char <= "\udcff" for char in frame.raw.decode("utf-8", "surrogateescape"))
    bytes_are = "1 byte that is not UTF-8 is" if count == 1 else f"{count:,} bytes that are not UTF-8 are"
    return Copied(text, ("the frame without the NUL that ends it", f"{bytes_are} written as \\xNN"))


def copied_lines(lines: Lines) -> Copied:
    """Lines as they are painted, a hex dump above all, as far as they are copied."""
    parts: list[str] = []
    size = index = 0
    while (index < lines.known or not lines.done) and size < MOST_PAINTED:
        chunk = ["".join(text for text, _ in line) for line in lines.chunk(index)]
        parts += chunk
        size += sum(len(line) + 1 for line in chunk)
        index += 1
    if lines.done and index >= lines.known:
        return Copied("\n".join(parts))
    total = f" of {lines.total:,} lines of the dump" if lines.total is not None else " lines"
    cut = (f"only the first {len(parts):,}{total}",)
    return Copied("\n".join(parts), cut)
