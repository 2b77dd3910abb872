"""Header lines out of text that somebody typed or copied: `name: value`, one a line."""

from __future__ import annotations

import re

_LINE = re.compile(r"([^:\s]+):(.*)", re.DOTALL)
_COMMAND = re.compile(r"[A-Z]+")


def header_lines(text: str) -> list[tuple[str, str]]:
    """Names and values, in their order; [] if any line is no header line.

    Empty lines, and the command of a frame before the first header, are passed over. Blanks around a value count only
    where none follows the colon, as in a frame (STOMP 1.2, "Value Encoding"): whoever writes `name: value` means them
    for the eye.

    Args:
        text: Lines that end in any way.
    """
    lines = [line for line in re.split(r"\r\n|\r|\n", text) if line.strip()]
    if len(lines) > 1 and _COMMAND.fullmatch(lines[0].strip()):
        del lines[0]
    found = []
    for line in lines:
        match = _LINE.fullmatch(line.lstrip())
        if match is None:
            return []
        name, value = match.groups()
        found.append((name, value.strip() if value[:1].isspace() else value))
    return found
