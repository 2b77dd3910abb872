"""The frames of a snippet that spells them out: bytes, and environment variables between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from stomptui.compose.snippets.message import PASSWORD, RECEIPT, Field, SnippetMessage
from stomptui.protocol.escapes import escape


@dataclass(frozen=True)
class Variable:
    """The value of an environment variable."""

    name: str
    escaped: bool
    """Whether it is escaped as header values are."""


Piece = bytes | Variable


@dataclass(frozen=True)
class SpeltOut:
    """The frames that send one message, each with the NUL at its end."""

    connect: tuple[Piece, ...]
    send: tuple[Piece, ...]
    disconnect: tuple[Piece, ...]


def spelt_out(message: SnippetMessage) -> SpeltOut:
    """The frames that send a message."""
    target = message.target
    head: list[Piece] = [b"CONNECT\n", _encoded(f"accept-version:{target.version}\n")]
    if target.vhost is not None:
        head.append(_encoded(f"host:{target.vhost}\n"))
    if target.login:
        head.append(_encoded(f"login:{target.login}\n"))
    if target.password:
        head += [b"passcode:", Variable(PASSWORD, escaped=False), b"\n"]
    # A CONNECT frame has no escapes.
    head += _lines(target.headers, "1.0")
    return SpeltOut(_joined([*head, b"\n\0"]), send_frame(message), (b"DISCONNECT\nreceipt:bye\n\n\0",))


def send_frame(message: SnippetMessage) -> tuple[Piece, ...]:
    """The SEND frame."""
    pieces: list[Piece] = [b"SEND\n", *_lines(message.fields, message.target.version)]
    if message.receipt:
        pieces.append(_encoded(f"receipt:{RECEIPT}\n"))
    if message.content_length:
        pieces.append(_encoded(f"content-length:{len(message.body)}\n"))
    return _joined([*pieces, b"\n", message.body, b"\0"])


def _lines(fields: Iterable[Field], version: str) -> Iterable[Piece]:
    for field in fields:
        yield _encoded(f"{escape(field.name, version)}:")
        yield (
            Variable(field.variable, escaped=version != "1.0")
            if field.variable
            else _encoded(escape(field.value, version))
        )
        yield b"\n"


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _joined(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """The same, with bytes that follow one another as one."""
    joined: list[Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if isinstance(piece, bytes) and isinstance(last, bytes):
            joined[-1] = last + piece
        else:
            joined.append(piece)
    return tuple(joined)


def characters(data: bytes) -> list[str | int]:
    """Bytes as characters that can be read, or as numbers where they cannot."""
    found: list[str | int] = []
    for char in data.decode("utf-8", "surrogateescape"):
        if "\udc80" <= char <= "\udcff":
            found.append(ord(char) - 0xDC00)
        elif char.isprintable():
            found.append(char)
        else:
            found += char.encode("utf-8")
    return found
