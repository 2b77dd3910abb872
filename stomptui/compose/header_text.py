"""Parses header lines from text that was typed or copied: `name: value`, one a line, or a whole frame."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from stomptui.protocol.escapes import unescape

_LINE = re.compile(r"([^:\s]+)[ \t]*:(.*)", re.DOTALL)
_QUOTED = re.compile(r'\s*("(?:[^"\\]|\\.)*")\s*:\s*("(?:[^"\\]|\\.)*"|-?\d[\w.+-]*|true|false)\s*,?\s*')
_BREAK = re.compile(r"\r\n|\r|\n")
_COMMAND = re.compile(r"[A-Z]+")
_COMMANDS = frozenset(("SEND", "MESSAGE", "ERROR", "RECEIPT", "CONNECT", "STOMP", "CONNECTED", "SUBSCRIBE"))
_FRAME_END = re.compile(r"(?:\0|\^@|␀)\s*\Z")


class Pasted(NamedTuple):
    """The header lines, and perhaps the body, found in a text."""

    lines: list[tuple[str, str]]
    """Names and values, in their order; [] if it is no header lines."""
    body: str = ""
    """The body of a frame."""


def header_lines(text: str) -> list[tuple[str, str]]:
    """The header lines in a text; see `pasted`."""
    return pasted(text).lines


def pasted(text: str) -> Pasted:
    """Names and values of lines that are all header lines, or of a frame.

    Empty lines, and the command of a frame before the first header, are passed over. Blanks around a value count only
    where none follows the colon, as in a frame (STOMP 1.2, "Value Encoding"): whoever writes `name: value` means them
    for the eye. A line that begins with a blank, and is no header line, goes on with the one before (RFC 9110 calls it
    folded). Members of a JSON object are taken too. Behind the command of a frame, names and values are as on the
    wire, and an empty line ends them.

    Args:
        text: Lines that end in any way.
    """
    text = text.removeprefix("\ufeff")
    first, _, rest = text.lstrip().partition("\n")
    if first.strip() in _COMMANDS and rest.strip():
        return _frame(first.strip(), rest)
    lines = [line for line in _BREAK.split(text) if line.strip()]
    if len(lines) > 1 and _COMMAND.fullmatch(lines[0].strip()):
        del lines[0]
    return Pasted(_members(lines) or _plain(lines))


def _frame(command: str, rest: str) -> Pasted:
    head, _, body = re.sub(r"\r\n?", "\n", rest).partition("\n\n")
    found = _plain([line for line in _FRAME_END.sub("", head).split("\n") if line.strip()])
    if command not in ("CONNECT", "CONNECTED"):
        found = [(unescape(name, "1.2", []), unescape(value, "1.2", [])) for name, value in found]
    return Pasted(found, _FRAME_END.sub("", body) if found else "")


def _plain(lines: list[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line in lines:
        match = _LINE.fullmatch(line.lstrip())
        if match is not None and not match[1].startswith("{"):
            name, value = match.groups()
            found.append((name, value.strip() if value[:1].isspace() else value))
        elif found and line[0] in " \t":
            name, value = found[-1]
            found[-1] = (name, f"{value} {line.strip()}".strip())
        else:
            return []
    return found


def _members(lines: list[str]) -> list[tuple[str, str]]:
    """The members of a JSON object of texts and numbers, its brackets or not; [] if it is none."""
    inside = "\n".join(lines).strip()
    if inside.startswith("{") and inside.endswith("}"):
        inside = inside[1:-1]
    found = []
    at = 0
    while at < len(inside):
        match = _QUOTED.match(inside, at)
        if match is None:
            return []
        try:
            name, value = json.loads(match[1]), match[2]
            found.append((name, json.loads(value) if value.startswith('"') else value))
        except ValueError:
            return []
        at = match.end()
    return found
