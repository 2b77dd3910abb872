"""A draft: the message that the compose pane edits and a session sends."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from stomptui.compose.encoded.coding import BodyCoding
from stomptui.compose.repair import Repair
from stomptui.compose.saved_at import SavedAt
from stomptui.compose.text_facts import facts_of
from stomptui.config.files.regular_files import read_regular
from stomptui.protocol.codec import encode
from stomptui.protocol.copies import original_destination
from stomptui.protocol.delivery_headers import OF_ONE_DELIVERY
from stomptui.protocol.escapes import escape
from stomptui.protocol.frame import Frame

EDITED = 1 << 20
"""A body of more characters than this is not edited, but sent as it is."""
PIECE = 1 << 20
"""Characters that are encoded at once."""
LARGEST_FILE = 1 << 30
"""Bytes of a file that is a body."""
FROM_THE_BROKER = OF_ONE_DELIVERY | {"destination", "content-length", "receipt", "transaction"}
"""Header names of a frame that describe that one delivery, and are not taken over into a new message."""


@dataclass
class HeaderLine:
    """One header line as the person wrote it, unescaped. Switched off, it stays in the draft and is not sent."""

    name: str = ""
    value: str = ""
    enabled: bool = True


@dataclass
class Draft:
    """A SEND frame as the person wants it. Mutable; nothing in it is checked before `validate` is asked.

    With `coding` set, a body of text is what a person reads and writes of bytes that are encoded when they are sent.
    With `body_file` set the file's bytes are the body, read when the frame is built, and `body` waits unused.
    A body of text is sent as UTF-8. The switches add a `receipt` and a `content-length` line after the person's own.
    `variables` is for a draft that a person types; in what came from elsewhere `{{` means nothing. A draft is built
    with whatever stands in it: `variables.fill` is called before. `saved` goes with each copy, and is
    no part of what is sent.
    """

    destination: str = ""
    headers: list[HeaderLine] = field(default_factory=list)
    # Textual describes a worker by what it was given, which would spell out megabytes.
    body: str | bytes = field(default="", repr=False)
    body_file: Path | None = None
    receipt: bool = True
    content_length: bool = True
    variables: bool = False
    coding: BodyCoding | None = None
    saved: SavedAt | None = field(default=None, compare=False, repr=False)
    preset: tuple[tuple[str, str], ...] = field(default=(), compare=False, repr=False)
    """The header lines that it began with, which nobody has written."""
    repairs: Repair | None = field(default=None, repr=False)
    """The message that leaves its queue once this one is confirmed, None if it takes the place of none."""

    @classmethod
    def blank(cls, preset: tuple[tuple[str, str], ...], receipt: bool = True, content_length: bool = True) -> Draft:
        """A draft in which nothing has been written, with the header lines that it begins with."""
        lines = [HeaderLine(name, value) for name, value in preset]
        return cls(headers=lines, receipt=receipt, content_length=content_length, variables=True, preset=preset)

    def copy(self) -> Draft:
        """A draft of its own that shares nothing that can change."""
        return replace(self, headers=[replace(line) for line in self.headers])

    def with_headers(self, lines: Iterable[HeaderLine]) -> Draft:
        """A draft of its own with further header lines behind those that it has."""
        return replace(self, headers=[replace(line) for line in (*self.headers, *lines)])

    def with_bytes(self) -> Draft:
        """A copy whose body is bytes where it would be encoded when it is sent.

        Raises:
            ValueError: It cannot be encoded.
        """
        if self.coding is None or self.body_file is not None:
            return self.copy()
        return replace(self.copy(), body=self.body_bytes(), coding=None)

    def in_transaction(self, name: str) -> Draft:
        """The draft as it is sent in a transaction; one that names another itself stays as it is."""
        if not name or self.get("transaction") is not None:
            return self
        return self.with_headers([HeaderLine("transaction", name)])

    @property
    def empty(self) -> bool:
        """Whether nothing has been written yet."""
        written = any((line.name, line.value) not in self.preset for line in self.headers)
        return not (self.destination or written or self.body or self.body_file)

    def lines(self) -> Iterator[tuple[int, HeaderLine]]:
        """The header lines to send, each with its place among all: those switched on that are not wholly empty."""
        return ((index, line) for index, line in enumerate(self.headers) if line.enabled and (line.name or line.value))

    def get(self, name: str) -> str | None:
        """The value of the first line of that name that is switched on, which is the one that counts."""
        return next((line.value for _, line in self.lines() if line.name == name), None)

    @property
    def content_type(self) -> str:
        """The content-type as written, or "" without one."""
        return self.get("content-type") or ""

    def body_bytes(self) -> bytes:
        """The bytes of the body.

        Raises:
            OSError, ValueError: The body's file cannot be read, or the body cannot be encoded: it holds half a
                character (a lone surrogate), or is not what `coding` encodes.
        """
        if self.body_file is not None:
            return read_regular(self.body_file, LARGEST_FILE)
        text = self.body
        if self.coding is not None and isinstance(text, str):
            return self.coding.encode(text)
        # In pieces, between which other threads have their turn.
        return (
            text
            if isinstance(text, bytes)
            else b"".join(text[start : start + PIECE].encode("utf-8") for start in range(0, len(text), PIECE))
        )

    def body_size(self) -> int:
        """The bytes in the body, without reading its file.

        Raises:
            OSError, ValueError: The body's file cannot be read.
        """
        if self.body_file is not None:
            return self.body_file.stat().st_size
        if self.coding is not None:
            return len(self.body_bytes())
        return len(self.body) if isinstance(self.body, bytes) else facts_of(self.body).size

    def header_lines(self, receipt_id: str, body_size: int) -> list[tuple[str, str]]:
        """The header lines in the order they are sent: destination, the person's, receipt, content-length."""
        lines = [("destination", self.destination)]
        lines += [(line.name, line.value) for _, line in self.lines()]
        if self.receipt:
            lines.append(("receipt", receipt_id))
        if self.content_length:
            lines.append(("content-length", str(body_size)))
        return lines

    def build(self, receipt_id: str = "") -> tuple[list[tuple[str, str]], bytes]:
        """The headers in the order they are sent, and the body. Reads the body's file if there is one.

        Args:
            receipt_id: The id to ask a receipt with, used only while the receipt is switched on.

        Raises:
            OSError, ValueError: The body's file cannot be read, or the body holds half a character.
        """
        body = self.body_bytes()
        return self.header_lines(receipt_id, len(body)), body

    def encode(self, version: str, receipt_id: str = "") -> bytes:
        """The exact bytes of the frame, NUL included.

        Raises:
            OSError, ValueError: What `validate` reports as an error.
        """
        headers, body = self.build(receipt_id)
        return encode("SEND", headers, body, version)

    def head(self, version: str, receipt_id: str = "1") -> bytes:
        """The frame up to and with the empty line, also for a draft that cannot be sent yet. Never raises."""
        try:
            size = self.body_size()
        except (OSError, ValueError):
            size = 0
        # A line that cannot be carried is shown as it was typed: the error is shown beside it, not hidden here.
        lines = [f"{escape(n, version)}:{escape(v, version)}" for n, v in self.header_lines(receipt_id, size)]
        return "\n".join(["SEND", *lines, "", ""]).encode("utf-8", "surrogateescape" if _escapes(lines) else "replace")

    def body_start(self, limit: int) -> bytes:
        """The first bytes of the body, at most `limit`; what cannot be read is left out. Never raises."""
        if self.body_file is not None:
            try:
                if not os.path.isfile(self.body_file):
                    return b""
                with self.body_file.open("rb") as file:
                    return file.read(limit)
            except (OSError, ValueError):
                return b""
        if self.coding is not None:
            try:
                return self.body_bytes()[:limit]
            except ValueError:
                return b""
        start = self.body[:limit]
        return start if isinstance(start, bytes) else start.encode("utf-8", "replace")[:limit]

    def size(self, version: str, receipt_id: str = "1") -> int:
        """The bytes of the whole frame, the NUL at its end included."""
        try:
            body = self.body_size()
        except (OSError, ValueError):
            body = 0
        return len(self.head(version, receipt_id)) + body + 1

    def preview(self, version: str, receipt_id: str = "1") -> bytes:
        """The frame as it would be sent, also while it cannot be sent yet. Never raises."""
        return self.head(version, receipt_id) + self.body_start(self.size(version, receipt_id)) + b"\0"


def from_frame(frame: Frame) -> Draft:
    """A draft that sends a frame's message again: its headers in order, without those of that one delivery.

    Of a frame that was sent the switches are taken over as well; a body that is not UTF-8 stays bytes.
    """
    body: str | bytes = frame.body
    if frame.body_size <= EDITED:
        try:
            text = frame.body.decode("utf-8")
            body = frame.body if "\0" in text else text
        except UnicodeDecodeError:
            pass
    sent = frame.command == "SEND"
    return Draft(
        destination=original_destination(frame),
        headers=[HeaderLine(name, value) for name, value in frame.headers if name not in FROM_THE_BROKER],
        body=body,
        receipt=not sent or frame.get("receipt") is not None,
        content_length=frame.get("content-length") is not None,
    )


def _escapes(lines: list[str]) -> bool:
    """Whether the only halves of characters are those that stand for bytes that came off the wire."""
    return all(not 0xD800 <= ord(c) < 0xDC80 and not 0xDCFF < ord(c) <= 0xDFFF for line in lines for c in line)
