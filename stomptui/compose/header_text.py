"""Recognises header lines in text that was typed or copied: `name: value` lines, JSON, a frame, HTTP, a command."""

from __future__ import annotations

import json
import re

from stomptui.compose.json_text import minified
from stomptui.compose.pasted import Pasted
from stomptui.compose.pasted_command import read_command
from stomptui.compose.pasted_frame import read_frame
from stomptui.protocol.jsonl import FileMessage, JsonlError

_LINE = re.compile(r"([^:\s]+)[ \t]*:(.*)", re.DOTALL)
_NAME = re.compile(r'\s*("(?:[^"\\]|\\.)*")\s*:\s*')
_BETWEEN = re.compile(r"\s*(?:,|\Z)\s*")
_BREAK = re.compile(r"\r\n|\r|\n")
_COMMAND = re.compile(r"[A-Z]+")
_HTTP = re.compile(r"\s*(?:[A-Z]+ \S+ HTTP/\d(?:\.\d)?|HTTP/\d(?:\.\d)? \d{3}\b[^\r\n]*)[ \t]*(?:\r\n|\r|\n)")
_EMPTY_LINE = re.compile(r"\r\n\r\n|\n\n|\r\r")
_OF_HTTP = frozenset(("content-length", "transfer-encoding", "connection", "host"))
"""Headers about one HTTP message on its way."""
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)


def header_lines(text: str) -> list[tuple[str, str]]:
    """The header lines in a text; see `pasted`."""
    return list(pasted(text).lines)


def pasted(text: str) -> Pasted:
    """Names and values of lines that are all header lines, or of a frame.

    Empty lines, and the command of a frame before the first header, are passed over. Blanks around a value count only
    where none follows the colon, as in a frame (STOMP 1.2, "Value Encoding"): whoever writes `name: value` means them
    for the eye. A line that begins with a blank, and is no header line, goes on with the one before (RFC 9110 calls it
    folded). Members of a JSON object are taken too, nested ones as JSON, and a line of a message file, the head and
    body of an HTTP message, and what a curl command gives with `-H`. Behind the command of a frame, names and values
    are as on the wire, and an empty line ends them.

    Args:
        text: Lines that end in any way.
    """
    text = text.removeprefix("\ufeff")
    found = read_frame(text) or read_command(text) or _message_line(text) or _http(text)
    if found is not None:
        return found
    lines = [line for line in _BREAK.split(text) if line.strip()]
    if len(lines) > 1 and _COMMAND.fullmatch(lines[0].strip()):
        del lines[0]
    return Pasted(_members(lines) or _plain(lines))


def _message_line(text: str) -> Pasted | None:
    """A line as drained messages are kept in a file."""
    start = text[:2000]
    if not start.lstrip().startswith("{") or '"headers"' not in text:
        return None
    try:
        message = FileMessage.from_line(text.encode("utf-8", "surrogateescape"))
        body: str | bytes = message.body
    except (JsonlError, UnicodeError):
        return None
    try:
        body = message.body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    headers = [line for line in message.headers if line[0] != "destination"]
    return Pasted([("destination", message.destination), *headers], body, "MESSAGE")


def _http(text: str) -> Pasted | None:
    """The headers and the body of an HTTP message, which begins with its own first line."""
    first = _HTTP.match(text)
    if first is None:
        return None
    rest = text[first.end() :]
    end = _EMPTY_LINE.search(rest)
    head, body = (rest[: end.start()], rest[end.end() :]) if end else (rest, "")
    lines = _plain([line for line in _BREAK.split(head) if line.strip()])
    kept = [line for line in lines if line[0].lower() not in _OF_HTTP]
    left_out = tuple(name for name, _ in lines if name.lower() in _OF_HTTP)
    return Pasted(kept, re.sub(r"\r\n?", "\n", body), left_out=left_out) if kept else None


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
    """The members of a JSON object, its brackets there or not; [] if it is none. What is no text stays JSON."""
    inside = "\n".join(lines).strip()
    if inside.startswith("{") and inside.endswith("}"):
        inside = inside[1:-1]
    found = []
    at = 0
    while at < len(inside):
        match = _NAME.match(inside, at)
        if match is None:
            return []
        try:
            name = json.loads(match[1])
            value, end = _DECODER.raw_decode(inside, match.end())
        except (ValueError, RecursionError):
            return []
        as_typed = inside[match.end() : end]
        found.append((name, value if as_typed.startswith('"') else minified(as_typed)))
        between = _BETWEEN.match(inside, end)
        if between is None:
            return []
        at = between.end()
    return found
