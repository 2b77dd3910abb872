"""The registry of body views: which view shows which body, and how its lines are made.

Adding one is a file beside this one with a `BodyView`, and a line in `VIEWS`; a format that is recognised has one in
`journal.formats`, and lines that are searched one in `journal.search.binary_text`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from stomptui.journal.body import Content
from stomptui.journal.views.cbor_view import CborLines
from stomptui.journal.views.hex_view import HexLines
from stomptui.journal.views.json_view import JsonLines
from stomptui.journal.views.lines import Lines, TextLines
from stomptui.journal.views.msgpack_view import MsgpackLines
from stomptui.journal.views.protobuf_view import ProtobufLines
from stomptui.journal.views.xml_view import XmlLines

_LOOK_AHEAD = 0.02


@dataclass(frozen=True)
class BodyView:
    """One way of showing a body.

    Its `Lines` set `problem` where the body turns out to be something else. `ReadyLines` is for a view that makes all
    of its lines at once, as is fine for small bodies.
    """

    name: str
    fits: Callable[[Content], bool]
    """Whether it shows this body, by its `kind`, its `media_type` or its bytes."""
    lines: Callable[[Content, int], Lines]
    """Makes the lines of a body; the number is how many bytes fit into a line of hex."""
    can_show: Callable[[Content], bool] = lambda content: bool(content.data or content.text)
    """Whether a person may want to see this body so, though it does not fit by itself."""


def _text(content: Content) -> str:
    return content.text if content.text is not None else content.data.decode("utf-8", "replace")


def _is_text(content: Content) -> bool:
    return content.text is not None


def _is_bytes(content: Content) -> bool:
    return content.text is None


HEX = BodyView("hex", _is_bytes, lambda content, columns: HexLines(content.data, columns))
JSON = BodyView("JSON", lambda content: content.kind == "json", lambda content, _: JsonLines(_text(content)), _is_text)
XML = BodyView("XML", lambda content: content.kind == "xml", lambda content, _: XmlLines(_text(content)), _is_text)
TEXT = BodyView("text", lambda content: True, lambda content, _: TextLines(_text(content)))
MSGPACK = BodyView(
    "MessagePack", lambda content: content.format == "msgpack", lambda content, _: MsgpackLines(content.data), _is_bytes
)
CBOR = BodyView("CBOR", lambda content: content.format == "cbor", lambda content, _: CborLines(content.data), _is_bytes)
PROTOBUF = BodyView(
    "Protobuf", lambda content: content.format == "protobuf", lambda content, _: ProtobufLines(content.data), _is_bytes
)

VIEWS: tuple[BodyView, ...] = (MSGPACK, CBOR, PROTOBUF, HEX, JSON, XML, TEXT)
"""In the order they are asked; the last one shows everything that is left."""


def view_of(content: Content) -> BodyView:
    """The first view that fits."""
    return next(view for view in VIEWS if view.fits(content))


def views_for(content: Content) -> tuple[BodyView, ...]:
    """The views that a person may want of a body; not all of them need be right."""
    return tuple(view for view in VIEWS if view.can_show(content))


def body_lines(content: Content, columns: int = 16, chosen: BodyView | None = None) -> tuple[Lines, str]:
    """The lines of a body, and a note on them, "" if there is nothing to say.

    A body that turns out within the first moment not to be what its view shows is shown as plain text, or as hex.

    Args:
        content: The body, opened and decoded.
        columns: Bytes in a line of hex.
        chosen: The view that the person chose, None for the one that fits.
    """
    view = chosen or view_of(content)
    lines = view.lines(content, columns)
    plain = TEXT if content.text is not None else HEX
    if view is plain:
        return lines, ""
    until = time.monotonic() + _LOOK_AHEAD
    while not lines.done and not lines.problem:
        lines.chunk(lines.known)
        if time.monotonic() > until:
            break
    return (plain.lines(content, columns), lines.problem) if lines.problem else (lines, "")
