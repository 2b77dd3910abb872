"""Bytes as text that can be edited, and back: how a frame is written in raw mode.

A line break is a line feed. What is not printed is written with a caret: `^@` is a NUL, `^M` a carriage return, `^I` a
tab, and so on to `^_` as terminals write them, `^?` is DEL, `^xNN` any byte, `^^` a caret. A backslash is a backslash,
so that the escapes of STOMP, good ones and bad ones, are typed as they are. All else is UTF-8.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stomptui.protocol.raw_pieces import raw_pieces

MOST = 256 << 10
"""Bytes up to which a frame is edited in this way."""
NOTATION = (
    "^@ is a NUL, ^M a carriage return, ^xNN any byte, ^^ a caret; all else goes out as it is typed, in UTF-8, "
    "a line break as a line feed."
)
"""The notation in a few words."""
_WRITTEN = re.compile(r"\^(\^|\?|[@A-Z\[\\\]_]|x[0-9A-Fa-f]{2})")
_UNPRINTED = re.compile("[^\n\x20-\x7e]")


def to_text(data: bytes) -> str:
    """Bytes as text that `to_bytes` makes the same bytes of."""
    text = data.decode("utf-8", "surrogateescape").replace("^", "^^")
    return _UNPRINTED.sub(lambda match: _caret(match[0]), text)


def _caret(char: str) -> str:
    code = ord(char)
    if code < 0x20 and code != 0x1E:
        return f"^{chr(code + 0x40)}"
    if code == 0x7F:
        return "^?"
    if code != 0x1E and char.isprintable():
        return char
    return "".join(f"^x{byte:02x}" for byte in char.encode("utf-8", "surrogateescape"))


def to_bytes(text: str) -> bytes:
    """The bytes that a text stands for. A caret that stands for nothing is itself."""
    parts: list[bytes] = []
    at = 0
    for match in _WRITTEN.finditer(text):
        parts += [_encoded(text[at : match.start()]), _meant(match[1])]
        at = match.end()
    return b"".join([*parts, _encoded(text[at:])])


def _encoded(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        # Half a character, which no key types.
        return text.encode("utf-8", "replace")


def _meant(written: str) -> bytes:
    if written == "^":
        return b"^"
    if written == "?":
        return b"\x7f"
    return bytes.fromhex(written[1:]) if written[0] == "x" else bytes((ord(written) - 0x40,))


@dataclass(frozen=True)
class RawFacts:
    """What bytes that are about to be sent are, in words."""

    text: str
    """How many, and how many frames: "122 bytes, 1 frame"."""
    warning: str
    """What a broker will hardly expect, "" if it is nothing that is seen at once."""


def facts_of(data: bytes) -> RawFacts:
    """See what bytes are. Nothing is checked but where frames end."""
    pieces = raw_pieces(data)
    count = f"{len(data):,} {'byte' if len(data) == 1 else 'bytes'}"
    if not pieces:
        return RawFacts(f"{count}, no frame", "" if data else "there is nothing to send")
    text = f"{count}, {len(pieces):,} {'frame' if len(pieces) == 1 else 'frames'}"
    last = pieces[-1]
    if not last.ended:
        return RawFacts(text, "no NUL (^@) at the end: the broker will wait for the rest, and none is added")
    if unknown := next((piece for piece in pieces if not piece.known), None):
        name = unknown.raw.partition(b"\n")[0][:20].decode("utf-8", "replace").rstrip("\r")
        return RawFacts(text, f"{name!r} is no command of STOMP")
    for piece in pieces:
        if piece.announced not in (None, piece.body_size):
            return RawFacts(text, f"content-length says {piece.announced:,}, the body has {piece.body_size:,}")
    return RawFacts(text, "")
