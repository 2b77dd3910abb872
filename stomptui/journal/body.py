"""The body of a frame for people: its kind (JSON, XML, text, binary), its first words, its decoded text.

Nothing here is trusted: not content-type, not content-encoding, not the bytes.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from stomptui.journal.decompression import (
    from_base64,
    is_packed,
    layers,
    open_all,
    open_start,
    packing_of,
    start_from_base64,
    start_needed,
)
from stomptui.journal.formats import NAMES, SAMPLE, UNNAMED, BinaryFormat, format_of
from stomptui.protocol.charsets import NO_CHARSETS
from stomptui.protocol.clean import clean
from stomptui.protocol.frame import Frame

__all__ = ["MAX_OPENED", "Content", "clean", "content_of", "kind_of", "preview", "text_of"]

MAX_OPENED = 64 << 20
"""Bytes to which a compressed body is decompressed at most: a small one can contain terabytes."""

_JSON_START = re.compile(rb"\s*(?:\{\s*(?:[\"}]|\Z)|\[\s*(?:[{\[\]\"]|-?\d+(?:\.\d+)?\s*[,\]]|\Z))")
_XML_START = re.compile(rb"\s*<(?:[A-Za-z_?]|!(?:--|DOCTYPE))")
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b")) + b"\x7f"
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SPACES = re.compile(r"\s+")
SHOWN_AS_BYTES = "not text: shown as bytes"
"""What is said of a body in no format that is known."""


BodyKind = Literal["json", "xml", "text", "gzip", "zstd", "bin", "empty"]
"""What a body seems to be; "bin" for bytes that are not text."""


@dataclass(frozen=True)
class Content:
    """A body made ready to be shown."""

    kind: BodyKind
    """What it is; what was inside, if it was compressed, and so never "gzip" or "zstd"."""
    text: str | None
    """The decoded text, not cleaned; None for bytes that are no text."""
    data: bytes
    """The bytes of the body, decompressed if they were compressed."""
    notes: tuple[str, ...] = ()
    """What was done to show it, for the person."""
    faults: tuple[str, ...] = ()
    """What is wrong with it, for the person."""
    media_type: str = ""
    """The media type of its content-type in lower case, such as "application/json"; "" without one."""
    charset: str = ""
    """How its bytes are characters, such as "utf-8"; "" for bytes that are no text."""
    format: BinaryFormat | None = None
    """The binary format it is in, by its media type or its first bytes; None if it is in none that is known."""


def kind_of(frame: Frame) -> BodyKind:
    """What a body seems to be, by its headers and first bytes."""
    start = frame.body_start(SAMPLE)
    if not start:
        return "empty"
    if is_packed(start, 0, layers(frame.get("content-encoding") or "")):
        return packing_of(start)
    return kind_of_start(start, frame.get("content-type") or "")


def kind_of_start(start: bytes, content_type: str) -> BodyKind:
    """What a body seems to be that is not compressed, by its first bytes."""
    if format_of(start, media_type(content_type)[0]):
        return "bin"
    return _guess(start, content_type) if _like_text(start, content_type) else "bin"


def _guess(start: bytes, content_type: str) -> BodyKind:
    """What kind of text this is: by content-type, or else by how it begins."""
    media, _ = media_type(content_type)
    start = start.removeprefix(codecs.BOM_UTF8)
    if "json" in media or "xml" in media:
        return "json" if "json" in media else "xml"
    if _JSON_START.match(start):
        return "json"
    return "xml" if _XML_START.match(start) else "text"


def _like_text(start: bytes, content_type: str) -> bool:
    """Whether the first bytes can be text: few control characters, and characters whole in some encoding."""
    _, charset = media_type(content_type)
    if charset and codec_of(charset):
        try:
            codecs.getincrementaldecoder(charset)().decode(start)
        except UnicodeError:
            pass  # content-type is wrong: see what the bytes say
        else:
            return True
    if start.startswith(UTF16_MARKS):
        return True
    start = start.replace(b"\xc0\x80", b"")
    controls = len(start) - len(start.translate(None, _CONTROLS))
    if controls * 20 > len(start) or b"\0" in start:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeError:
        return _mostly_ascii(start) or cesu_text(start) is not None
    return True


def _mostly_ascii(data: bytes) -> bool:
    sample = data[:4096]
    return sum(byte > 127 for byte in sample) * 5 <= len(sample)


def media_type(content_type: str) -> tuple[str, str]:
    """Media type and charset of a content-type, lower case, "" where there is none."""
    media, *parameters = content_type.lower().split(";")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset":
            return media.strip(), value.strip().strip("\"'")
    return media.strip(), ""


@lru_cache(64)
def codec_of(charset: str) -> str | None:
    """The name Python has for a charset, None if it has none."""
    if not charset:
        return None
    try:
        b"".decode(charset)
        codecs.getincrementaldecoder(charset)
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        return None
    return None if name in NO_CHARSETS else name


def cesu_text(data: bytes) -> str | None:
    """Java's "modified UTF-8", which ActiveMQ 5 sends: NUL as C0 80, large characters as two surrogates of 3 bytes."""
    if b"\xed" not in data and b"\xc0\x80" not in data:
        return None
    try:
        halves = data.replace(b"\xc0\x80", b"\0").decode("utf-8", "surrogatepass")
        return halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeError:
        return None


def preview(frame: Frame, max_chars: int) -> str:
    """The beginning of a body on one line, cleaned; reads its first few hundred bytes only.

    Args:
        frame: The frame.
        max_chars: The most characters wanted.
    """
    kind = kind_of(frame)
    if kind == "empty" or max_chars < 1:
        return ""
    start = frame.body_start(min(4 * max_chars + 64, 2048))
    size = frame.body_size
    content_type = frame.get("content-type") or ""
    more = size > len(start)
    if kind == "text" and (packed := start_from_base64(start)) and (opened := open_start(packed, 4 * max_chars)):
        start, more = opened, True
        kind = kind_of_start(start[:SAMPLE], "")
    elif kind in ("gzip", "zstd"):
        declared, times = layers(frame.get("content-encoding") or ""), 0
        start = frame.body_start(max(len(start), start_needed(start)))
        while is_packed(start, times, declared) and (opened := open_start(start, 4 * max_chars)):
            start, more, times = opened, True, times + 1
        if not times:
            return _bytes_preview(start, size, max_chars)
        kind = kind_of_start(start[:SAMPLE], content_type)
    if kind == "bin":
        return _bytes_preview(start, size, max_chars)
    text = cesu_text(start)
    if text is None:
        charset = codec_of(media_type(content_type)[1])
        if not charset:
            charset = "utf-16" if start.startswith(UTF16_MARKS) else "utf-8"
        try:
            text = codecs.getincrementaldecoder(charset)("replace").decode(start).removeprefix("\ufeff")
        except UnicodeError:
            return _bytes_preview(start, size, max_chars)
    # Twice what is wanted: spaces are about to shrink.
    line = clean(_SPACES.sub(" ", text[: 2 * max_chars]).strip())
    if len(line) > max_chars or (more and len(line) < max_chars):
        return line[: max_chars - 1] + "…"
    return line[:max_chars]


def _bytes_preview(start: bytes, size: int, max_chars: int) -> str:
    label = f"⟨{size:,} {'byte' if size == 1 else 'bytes'}⟩"
    shown = max(0, (max_chars - len(label) - 2) // 3)
    text = f"{label} {start[:shown].hex(' ')}"
    return (text + " …" if size > shown else text)[:max_chars]


def content_of(frame: Frame, max_opened: int = MAX_OPENED) -> Content:
    """Decompress and decode a body: gzip, then the charset of content-type, then UTF-8, then CESU-8.

    Args:
        frame: The frame.
        max_opened: Bytes to which a compressed body is decompressed at most.
    """
    data = frame.body
    if not data:
        return Content("empty", "", b"")
    notes: list[str] = []
    faults: list[str] = []
    declared, times = layers(frame.get("content-encoding") or ""), 0
    while is_packed(data[:SAMPLE], times, declared):
        opened = open_all(data, max_opened)
        if not opened.data:
            if packing_of(data) == "zstd":
                faults.append(opened.problem or "zstd, with nothing inside")
            elif not times:
                faults.append("content-encoding says compressed, but it cannot be decompressed")
            break
        notes.append(f"{packing_of(data)} opened: {len(data):,} bytes became {len(opened.data):,}")
        faults += filter(None, [opened.problem])
        data, times = opened.data, times + 1
    content_type = frame.get("content-type") or ""
    if not times and (packed := from_base64(data)) and (opened := open_all(packed, max_opened)).data:
        notes.append(f"Base64 of gzip opened: {len(data):,} bytes became {len(opened.data):,}")
        faults += filter(None, [opened.problem])
        # The content-type may be that of the Base64 or of what is inside.
        data, content_type = opened.data, "" if content_type.startswith("text/") else content_type
    media, _ = media_type(content_type)
    form = format_of(data[:SAMPLE], media)
    kind = kind_of_start(data[:SAMPLE], content_type)
    text, charset = _decode(data, content_type, notes, faults) if kind != "bin" else (None, "")
    if text is None:
        if form is None:
            notes.append(SHOWN_AS_BYTES)
        elif media in UNNAMED:
            notes.append(f"{NAMES[form]}, by its first bytes")
        return Content("bin", None, data, tuple(notes), tuple(faults), media, "", form)
    kind = _guess(text[:SAMPLE].encode("utf-8", "replace"), content_type)
    return Content(kind, text, data, tuple(notes), tuple(faults), media, charset)


def text_of(frame: Frame) -> tuple[str, str]:
    """The text of a body, not cleaned, and notes on it; bytes that are not text become hex."""
    content = content_of(frame)
    text = content.data.hex(" ") if content.text is None else content.text
    return text, "; ".join(content.notes + content.faults)


def _decode(data: bytes, content_type: str, notes: list[str], faults: list[str]) -> tuple[str | None, str]:
    """The text of a body and its charset, None and "" if it is not text in any encoding that may be assumed."""
    _, charset = media_type(content_type)
    codec = codec_of(charset) if charset else None
    if charset and not codec:
        faults.append(f"unknown charset {clean(charset)!r}")
    if codec:
        try:
            text = data.decode(codec)
        except UnicodeError:
            faults.append(f"not {clean(charset)}, as content-type says")
        else:
            if codec not in ("utf-8", "ascii"):
                notes.append(f"charset {clean(charset)}")
            return text.removeprefix("\ufeff"), codec
    if data.startswith(UTF16_MARKS):
        try:
            text = data.decode("utf-16")
        except UnicodeError:
            return None, ""
        notes.append("UTF-16, by its byte order mark")
        return text, "utf-16"
    try:
        return data.decode("utf-8").removeprefix("\ufeff"), "utf-8"
    except UnicodeError:
        pass
    text_or_none = cesu_text(data)
    if text_or_none is not None:
        notes.append("CESU-8 (Java's modified UTF-8)")
        return text_or_none, "cesu-8"
    if not _mostly_ascii(data):
        return None, ""
    text = data.decode("utf-8", "replace")
    count = text.count("�")
    faults.append(f"not UTF-8, and no charset is named: {count:,} {'byte' if count == 1 else 'bytes'} shown as �")
    return text, "utf-8"
