"""A body as lines to read: formatted if it is JSON or XML, text as it is, bytes as hex."""

from __future__ import annotations

import time

from stomptui.journal.body import Content
from stomptui.journal.views.hex_view import HexLines
from stomptui.journal.views.json_view import JsonLines
from stomptui.journal.views.lines import Lines, TextLines
from stomptui.journal.views.xml_view import XmlLines

_LOOK_AHEAD = 0.02


def body_lines(content: Content, columns: int = 16) -> tuple[Lines, str]:
    """The lines of a body, and what is to be said about them.

    What turns out not to be JSON or XML within the first moment is shown as it came.

    Args:
        content: The body, opened and decoded.
        columns: Bytes in a line of hex.
    """
    if content.text is None:
        return HexLines(content.data, columns), ""
    lines: Lines
    if content.kind == "json":
        lines = JsonLines(content.text)
    elif content.kind == "xml":
        lines = XmlLines(content.text)
    else:
        return TextLines(content.text), ""
    until = time.monotonic() + _LOOK_AHEAD
    while not lines.done and not lines.problem:
        lines.chunk(lines.known)
        if time.monotonic() > until:
            break
    return (TextLines(content.text), lines.problem) if lines.problem else (lines, "")
