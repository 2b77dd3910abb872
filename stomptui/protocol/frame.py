"""One frame, read lazily from its bytes (STOMP 1.2, "STOMP Frames"; 1.1 and 1.0 where they differ)."""

from __future__ import annotations

from functools import cached_property

from stomptui.protocol.escapes import unescape
from stomptui.protocol.marker import BAD_LENGTH, wrong_length
from stomptui.protocol.numbers import whole_number

UNESCAPED = ("CONNECT", "CONNECTED")
"""Commands whose headers are never escaped, so that 1.0 peers understand them."""

Headers = tuple[tuple[str, str], ...]
"""Header lines in wire order, repeats kept, unescaped."""


class Frame:
    """A view on the bytes of one frame, parsed when first used.

    Never raises: what cannot be parsed is kept as it is and reported in `faults`.

    Args:
        raw: The frame from its command to the end of its body, without the NUL that ends it.
        version: The STOMP version agreed ("1.0", "1.1" or "1.2"), which decides how headers are unescaped.
    """

    def __init__(self, raw: bytes, version: str = "1.2") -> None:
        self.raw = raw
        self.version = version

    def __repr__(self) -> str:
        return f"Frame({self.command}, {len(self.raw)} bytes)"

    @cached_property
    def _split(self) -> tuple[int, int]:
        """Where the header block ends, and where the body begins."""
        blank = self.raw.find(b"\n\n")
        other = self.raw.find(b"\n\r\n", 0, blank + 1 if blank >= 0 else len(self.raw))
        if other >= 0:
            return other, other + 3
        if blank >= 0:
            return blank, blank + 2
        return len(self.raw.rstrip(b"\r\n")), len(self.raw)

    @cached_property
    def command(self) -> str:
        """The command, as text; bytes that are not UTF-8 become U+FFFD."""
        end = self.raw.find(b"\n")
        line = self.raw if end < 0 else self.raw[:end]
        return line.rstrip(b"\r").decode("utf-8", "replace")

    @cached_property
    def body(self) -> bytes:
        """Everything after the empty line, also where content-length says otherwise."""
        return self.raw[self._split[1] :]

    @property
    def body_size(self) -> int:
        """Bytes in the body, without copying it."""
        return len(self.raw) - self._split[1]

    def body_start(self, size: int) -> bytes:
        """The first bytes of the body, without copying all of it."""
        start = self._split[1]
        return self.raw[start : start + size]

    @cached_property
    def head(self) -> bytes:
        """The command and header lines as they were on the wire, without the empty line."""
        return self.raw[: self._split[0]]

    @cached_property
    def _parsed(self) -> tuple[Headers, tuple[str, ...]]:
        faults: list[str] = []
        try:
            text = self.head.decode("utf-8")
        except UnicodeDecodeError:
            faults += [
                f"header that is not UTF-8: {line[:80]!r}" for line in self.head.split(b"\n") if not _is_utf8(line)
            ]
            text = self.head.decode("utf-8", "surrogateescape")
        first, *lines = text.split("\n")
        # Before 1.2 a carriage return belongs to the value, unless the command line ends in one too.
        if "\r" in text and (self.version == "1.2" or first.endswith("\r")):
            lines = [line.removesuffix("\r") for line in lines]
        # CONNECT and CONNECTED are never escaped, so that 1.0 peers understand them (1.2, "Value Encoding").
        escaped = "\\" in text and self.version != "1.0" and self.command not in UNESCAPED
        headers: list[tuple[str, str]] = []
        for line in lines:
            name, colon, value = line.partition(":")
            if not colon:
                faults.append(f"header line without a colon: {line[:80]!r}")
            elif not name:
                faults.append(f"header without a name: {line[:80]!r}")
            if escaped:
                name, value = unescape(name, self.version, faults), unescape(value, self.version, faults)
            headers.append((name, value))
        announced = next((value.strip() for name, value in headers if name == "content-length"), None)
        if announced is not None and announced != str(self.body_size):
            number = whole_number(announced)
            if number is None:
                faults.append(BAD_LENGTH)
            elif number != self.body_size:
                faults.append(wrong_length(announced, self.body_size))
        return tuple(headers), tuple(faults)

    @property
    def headers(self) -> Headers:
        """All header lines in wire order. Bytes that are not UTF-8 are kept as surrogate escapes."""
        return self._parsed[0]

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with the frame, in words; empty for a proper one."""
        return self._parsed[1]

    def get(self, name: str, default: str | None = None) -> str | None:
        """The value of the first header of that name, the one that counts (1.2, "Repeated Header Entries")."""
        return next((value for key, value in self.headers if key == name), default)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
