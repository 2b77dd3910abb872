"""Reads a STOMP frame that somebody copied, from a log, a terminal or a document."""

from __future__ import annotations

import itertools
import re

from stomptui.compose.pasted import Pasted
from stomptui.protocol.escapes import unescape

COMMANDS = frozenset(("SEND", "MESSAGE", "ERROR", "RECEIPT", "CONNECT", "STOMP", "CONNECTED", "SUBSCRIBE"))
END = r"(?:\0|\^@|␀|\\0|\\x00|\\u0000)"
"""How the NUL at the end of a frame is written."""
_END = re.compile(rf"{END}\s*\Z")
_BEHIND = (re.compile(rf"{END}\s*\Z"), re.compile(r"\s*\Z"))
"""What can be behind a body: its NUL, or nothing where that was not copied."""
_LINE = re.compile(r"([^:\s]+)[ \t]*:(.*)", re.DOTALL)
_EMPTY_LINE = re.compile(r"\r?\n\r?\n|\r\r")
_BREAK = re.compile(r"\r\n|\r|\n")
_START = re.compile(r"\s*(?:[A-Z]+)[ \t]*[\r\n]+[^:\s][^:\r\n]*:")


def begins_as_frame(text: str) -> bool:
    """Whether the first lines of a text are those of a message's frame; looks at nothing more."""
    found = _START.match(text)
    return found is not None and text[: found.end()].split()[0] in ("SEND", "MESSAGE")


def read_frame(text: str) -> Pasted | None:
    """A frame, with its NUL in whatever way that is written or without; None if the text is none.

    Names and values are unescaped as STOMP 1.2 does it, but those of CONNECT and CONNECTED, which have no escapes.
    The body ends where content-length says, if that can be; what a terminal made of its line ends is found out by it.
    """
    text = text.lstrip()
    begin = _BREAK.search(text)
    command, rest = (text[: begin.start()], text[begin.end() :]) if begin else (text, "")
    command = command.strip()
    if command not in COMMANDS or not rest.strip():
        return None
    split = _EMPTY_LINE.search("\n" + rest)
    # In front of the rest stands a line end that it does not have.
    head, body = (rest[: max(0, split.start() - 1)], rest[split.end() - 1 :]) if split else (rest, "")
    lines = []
    for line in _BREAK.split(head if split else _END.sub("", head)):
        found = _LINE.fullmatch(line.lstrip())
        if found is not None:
            lines.append(_unescaped(command, found[1], _value(found[2])))
        elif line.strip() and lines and line[0] in " \t":
            # A long line that was folded on its way.
            lines[-1] = (lines[-1][0], f"{lines[-1][1]} {line.strip()}".strip())
        elif line.strip():
            return None
    if not lines:
        return None
    length = next((value for name, value in lines if name == "content-length"), "")
    return Pasted(lines, _body(body, length), command)


def _value(text: str) -> str:
    """Blanks around a value count only where none follows the colon: `name: value` is written for the eye."""
    return text.strip() if text[:1].isspace() else text


def _unescaped(command: str, name: str, value: str) -> tuple[str, str]:
    if command in ("CONNECT", "CONNECTED"):
        return name, value
    return unescape(name, "1.2", []), unescape(value, "1.2", [])


def _body(text: str, length: str) -> str:
    plain = re.sub(r"\r\n?", "\n", text)
    if length.isdecimal() and len(length) < 10:
        candidates = [each.encode("utf-8", "surrogatepass") for each in (text, plain, plain.replace("\n", "\r\n"))]
        for behind, data in itertools.product(_BEHIND, candidates):
            try:
                body, rest = data[: int(length)].decode("utf-8"), data[int(length) :].decode("utf-8")
            except UnicodeDecodeError:
                continue
            if len(data) >= int(length) and behind.match(rest):
                return body
    return _END.sub("", plain)
