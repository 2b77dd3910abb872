"""Encoding frames to bytes, with the headers in the order they were given (STOMP 1.2, "Augmented BNF")."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from stomptui.protocol.escapes import escape
from stomptui.protocol.frame import UNESCAPED

VERSIONS = ("1.0", "1.1", "1.2")
_COMMAND = re.compile(r"[A-Z]+")
# Surrogates but those of the `surrogateescape` error handler.
_HALF_CHARACTER = re.compile("[\ud800-\udc7f\udd00-\udfff]")


FramePart = Literal["command", "name", "value", "body"]


class EncodeError(ValueError):
    """A frame that STOMP cannot carry.

    Args:
        text: The reason, in plain words.
        index: The index of the header line, or None for the command or the body.
        part: Which part of the frame it is.
    """

    def __init__(self, text: str, index: int | None, part: FramePart) -> None:
        super().__init__(text)
        self.index = index
        self.part = part


def name_problem(name: str, command: str, version: str) -> str | None:
    """Why a frame of that command cannot carry a header of that name, or None if it can."""
    if not name:
        return "a header needs a name"
    return _problem(name, command, version, forbidden_plain=":\n\r", what="name")


def value_problem(value: str, command: str, version: str) -> str | None:
    """Why a frame of that command cannot carry that header value, or None if it can."""
    return _problem(value, command, version, forbidden_plain="\n\r", what="value")


def _problem(text: str, command: str, version: str, forbidden_plain: str, what: str) -> str | None:
    if "\0" in text:
        return f"a header {what} cannot hold a NUL"
    if _HALF_CHARACTER.search(text):
        return f"a header {what} cannot hold half a character"
    if command in UNESCAPED or version == "1.0":
        bad = [c for c in forbidden_plain if c in text]
        where = command if command in UNESCAPED else "STOMP 1.0"
    else:
        bad = ["\r"] if version == "1.1" and "\r" in text else []
        where = "STOMP 1.1"
    if not bad:
        return None
    names = {":": "a colon", "\n": "a line break", "\r": "a carriage return"}
    return f"a header {what} in {where} cannot hold {names[bad[0]]}"


def encode(command: str, headers: Iterable[tuple[str, str]], body: bytes = b"", version: str = "1.2") -> bytes:
    """The bytes of a frame, with the NUL that ends it. Adds, sorts and drops nothing.

    Args:
        command: The command, upper case.
        headers: Header lines in the order wanted, repeats allowed, unescaped. Surrogate escapes
            (U+DC80..U+DCFF) become the bytes they stand for, so that what was read can be written again.
        body: Any bytes; with a NUL in it, `headers` must hold the right content-length.
        version: The STOMP version agreed.

    Raises:
        EncodeError: A name, value or body that STOMP cannot carry.
    """
    if not _COMMAND.fullmatch(command):
        raise EncodeError("a command is upper case letters", None, "command")
    lines = [command.encode()]
    length = None
    for index, (name, value) in enumerate(headers):
        if problem := name_problem(name, command, version):
            raise EncodeError(problem, index, "name")
        if problem := value_problem(value, command, version):
            raise EncodeError(problem, index, "value")
        if name == "content-length" and length is None:
            length = value
        if command not in UNESCAPED:
            name, value = escape(name, version), escape(value, version)
        lines.append(f"{name}:{value}".encode("utf-8", "surrogateescape"))
    if length is None and b"\0" in body:
        raise EncodeError("a body with a NUL needs content-length", None, "body")
    if length is not None and length != str(len(body)):
        raise EncodeError(f"content-length says {length}, the body has {len(body)} bytes", None, "body")
    return b"".join((b"\n".join(lines), b"\n\n", body, b"\0"))
