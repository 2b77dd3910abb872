"""The format of message files: one message a line, as JSON.

    {"destination": "/queue/x", "headers": [["app-id", "A"], ["n", "1"]], "body": "text"}

One message a line, UTF-8, ended by a line feed; blank lines and a byte order mark before a line are nothing.
`destination` is where it goes when it is sent again; `headers` are all header lines as they came, in order, repeats
kept, unescaped. A body that is not UTF-8, or mostly control characters, is `"body_base64": "..."` instead of `body`. A
header name, header value or destination with bytes that are not UTF-8 is `{"base64": "..."}` in the place of its text.
`destination` and `headers` may be left out, one of `body` and `body_base64` may not. A key that is not one of these is
refused, because what it was meant to say would be lost without a word.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple

from stomptui.protocol.escapes import escape
from stomptui.protocol.frame import Frame, Headers
from stomptui.protocol.json_errors import fault_of

LONGEST_LINE = 136 << 20
"""Bytes of a line, its end included: a frame of 64 MiB fits, whatever is in it."""
MARK = b"\xef\xbb\xbf"
"""The byte order mark, which some editors put at the beginning of UTF-8."""
_KEYS = ("destination", "headers", "body", "body_base64")
# Printed raw, they could steer a terminal or reorder its lines.
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_SHOWN = 40


class JsonlError(ValueError):
    """A line that is not a message.

    Args:
        reason: What is wrong, in plain words.
        line: Its number, from 1; 0 if it is not known.
        column: The position in the line, in characters from 1; 0 if there is none.
    """

    def __init__(self, reason: str, line: int = 0, column: int = 0) -> None:
        self.reason = reason
        self.line = line
        self.column = column
        where = [f"line {line}"] if line else []
        where += [f"column {column}"] if column else []
        super().__init__(f"{', '.join(where)}: {reason}" if where else reason)


@dataclass(frozen=True)
class FileMessage:
    """One message of a message file."""

    destination: str
    """The destination for sending it again, "" if there is none."""
    headers: Headers
    """As of `Frame.headers`: unescaped, bytes that are not UTF-8 as surrogate escapes."""
    body: bytes

    @classmethod
    def from_frame(cls, frame: Frame, destination: str = "") -> FileMessage:
        """The message in a MESSAGE or SEND frame.

        Args:
            frame: The frame.
            destination: Where it is to be sent again; by default the destination of the frame.
        """
        return cls(destination or frame.get("destination") or "", frame.headers, frame.body)

    def frame(self) -> Frame:
        """As a MESSAGE of STOMP 1.2, even if STOMP cannot carry it; then encoding it raises."""
        lines = [f"{escape(name, '1.2')}:{escape(value, '1.2')}\n" for name, value in self.headers]
        return Frame(b"MESSAGE\n" + "".join(lines).encode("utf-8", "surrogateescape") + b"\n" + self.body, "1.2")

    def line(self) -> bytes:
        """As a line of JSON, its line feed included.

        Raises:
            JsonlError: A header has a lone surrogate in it, or the line would be longer than `LONGEST_LINE`.
        """
        try:
            parts = [
                f'"destination": {_text(self.destination)}',
                f'"headers": [{", ".join(f"[{_text(name)}, {_text(value)}]" for name, value in self.headers)}]',
                _body(self.body),
            ]
            line = f"{{{', '.join(parts)}}}\n".encode()
        except UnicodeError:
            raise JsonlError("a header has half a character in it") from None
        if len(line) > LONGEST_LINE:
            raise JsonlError(f"the message is too large for a line: {len(line):,} bytes")
        return line

    @classmethod
    def from_line(cls, line: bytes, number: int = 0) -> FileMessage:
        """Parse a line, with or without its line feed; `number` is its number, for errors.

        Raises:
            JsonlError: It is not a message.
        """
        try:
            return _message(_load(line))
        except JsonlError as error:
            raise JsonlError(error.reason, number, error.column) from None


def to_line(frame: Frame, destination: str = "") -> bytes:
    """A MESSAGE or SEND as a line; arguments as of `FileMessage.from_frame`. Raises `JsonlError`."""
    return FileMessage.from_frame(frame, destination).line()


class MessageLine(NamedTuple):
    """One line of a file of messages."""

    number: int
    """From 1, blank lines counted."""
    raw: bytes
    """With its line feed; only its beginning if it is too long."""
    end: int
    """Bytes of the file up to its end."""
    too_long: bool

    def message(self) -> FileMessage:
        """Parse it. Raises `JsonlError`."""
        if self.too_long:
            raise JsonlError(f"the line is longer than {LONGEST_LINE:,} bytes", self.number)
        return FileMessage.from_line(self.raw, self.number)


def lines(file: BinaryIO, longest: int = LONGEST_LINE) -> Iterator[MessageLine]:
    """The lines of a file that are not blank, one by one, with at most `longest` bytes in memory."""
    end = number = 0
    while raw := file.readline(longest):
        number += 1
        end += len(raw)
        too_long = len(raw) == longest and not raw.endswith(b"\n")
        rest = raw
        while too_long and rest and not rest.endswith(b"\n"):
            rest = file.readline(1 << 20)
            end += len(rest)
        if raw.removeprefix(MARK).strip():
            yield MessageLine(number, raw[:_SHOWN] if too_long else raw, end, too_long)


def _text(text: str) -> str:
    """The JSON of a header name or value."""
    if text.isascii():
        return _safe(json.dumps(text))
    try:
        text.encode()
    except UnicodeEncodeError:
        return f'{{"base64": "{_base64(text.encode("utf-8", "surrogateescape"))}"}}'
    return _safe(json.dumps(text, ensure_ascii=False))


def _body(body: bytes) -> str:
    try:
        text = _safe(json.dumps(body.decode(), ensure_ascii=False))
    except UnicodeDecodeError:
        text = ""
    # Control characters take six each: beyond this nobody reads it as text, and a line could outgrow its limit.
    if not text or len(text) > 2 * len(body) + 64:
        return f'"body_base64": "{_base64(body)}"'
    return f'"body": {text}'


def _safe(quoted: str) -> str:
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _load(line: bytes) -> dict[str, Any]:
    """The JSON object of a line."""
    line = line.removeprefix(MARK)
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        raise JsonlError("not UTF-8", column=len(line[: error.start].decode()) + 1) from None
    try:
        # No number has a meaning here, and some versions of Python read none with thousands of digits.
        found = json.loads(text, object_pairs_hook=_once, parse_int=len, parse_float=len)
    except json.JSONDecodeError as error:
        fault = fault_of(error)
        reason = "the line is cut off, its JSON does not end" if fault.cut else f"not JSON: {fault.reason}"
        raise JsonlError(reason, column=fault.position + 1) from None
    except RecursionError:
        raise JsonlError("brackets in brackets without end") from None
    if not isinstance(found, dict):
        raise JsonlError(f"a message is an object, {{...}}, not {_kind(found)}")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise JsonlError(f"the key {_quoted(next(n for n in names if names.count(n) > 1))} is there twice")
    return found


def _message(found: dict[str, Any]) -> FileMessage:
    for key in found:
        if key not in _KEYS:
            raise JsonlError(f"there is no key {_quoted(key)}: a message has {', '.join(_KEYS)}")
    if ("body" in found) == ("body_base64" in found):
        raise JsonlError("one of body and body_base64 is needed" if "body" not in found else "two bodies in a message")
    destination = _read_text(found.get("destination", ""), "destination")
    headers = found.get("headers", [])
    if not isinstance(headers, list):
        raise JsonlError(f"headers is a list of pairs, not {_kind(headers)}")
    read: list[tuple[str, str]] = []
    for index, pair in enumerate(headers, 1):
        if not isinstance(pair, list) or len(pair) != 2:
            raise JsonlError(f'header {index}: a header is a pair, ["name", "value"]')
        name, value = (_read_text(part, f"header {index}") for part in pair)
        read.append((name, value))
    if "body_base64" in found:
        return FileMessage(destination, tuple(read), _read_base64(found["body_base64"], "body_base64"))
    body = found["body"]
    if not isinstance(body, str):
        raise JsonlError(f"body is text, not {_kind(body)}")
    return FileMessage(destination, tuple(read), _whole(body, "body").encode())


def _read_text(value: Any, what: str) -> str:
    if isinstance(value, str):
        return _whole(value, what)
    if isinstance(value, dict) and list(value) == ["base64"]:
        return _read_base64(value["base64"], what).decode("utf-8", "surrogateescape")
    raise JsonlError(f'{what}: text or {{"base64": "..."}} is needed, not {_kind(value)}')


def _whole(text: str, what: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise JsonlError(f"{what}: half a character") from None
    return text


def _read_base64(value: Any, what: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError, TypeError):
        raise JsonlError(f"{what}: not base64") from None


def _kind(value: Any) -> str:
    for kind, word in ((bool, "true or false"), (str, "text"), (list, "a list"), (dict, "an object")):
        if isinstance(value, kind):
            return word
    return "null" if value is None else "a number"


def _quoted(text: str) -> str:
    return _safe(json.dumps(text if len(text) <= _SHOWN else text[:_SHOWN] + "..."))
