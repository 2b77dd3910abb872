"""What became of a value or a body on its way, in words."""

from __future__ import annotations

import base64
from collections.abc import Callable

LONGEST = 100
"""Characters of a value that are told."""
_ESCAPED = str.maketrans({"\\": r"\\", "\n": r"\n", "\r": r"\r"})
_WAYS: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
    ("bytes that are no UTF-8 were replaced", lambda sent: sent.decode("utf-8", "replace").encode()),
    ("bytes that are no ASCII were replaced", lambda sent: sent.decode("ascii", "replace").encode()),
    ("bytes that are no ASCII became question marks", lambda sent: bytes(b if b < 128 else 63 for b in sent)),
    ("bytes that are no UTF-8 are gone", lambda sent: sent.decode("utf-8", "ignore").encode()),
    ("bytes that are no ASCII are gone", lambda sent: bytes(b for b in sent if b < 128)),
    ("each byte was taken for a character of Latin-1", lambda sent: sent.decode("latin-1").encode()),
    ("as Base64", base64.b64encode),
    ("NULs are gone", lambda sent: sent.replace(b"\0", b"")),
    ("carriage returns are gone", lambda sent: sent.replace(b"\r", b"")),
    ("line feeds became CR LF", lambda sent: sent.replace(b"\n", b"\r\n")),
)


def as_sent(value: str | None) -> str:
    """The value of a header on one line, with line breaks and backslashes escaped as STOMP 1.2 does."""
    if value is None:
        return "none: the header is gone"
    if not value:
        return "an empty value"
    text = value.translate(_ESCAPED)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def how_changed(sent: bytes, came: bytes) -> str:
    """What happened to a body that came otherwise than it was sent."""
    if not came:
        return "the body is gone"
    if not sent:
        return "something was added"
    for words, change in _WAYS:
        if came == change(sent):
            return words
    if sent.startswith(came):
        return "it is cut before a NUL" if sent[len(came)] == 0 else f"it is cut after {len(came)} bytes"
    if came.startswith(sent):
        return "something was added at the end"
    if "\N{REPLACEMENT CHARACTER}".encode() in came:
        return "bytes were replaced"
    same = next((at for at, (one, other) in enumerate(zip(sent, came, strict=False)) if one != other), 0)
    return f"they differ from byte {same + 1} on"
