"""WebSocket frames and messages as bytes (RFC 6455, sections 5 and 7.4): encoding, decoding, close codes.

Not wsproto: it refuses text that is not UTF-8, which brokers send, and reads a ninth as many messages a second (the
sans-I/O core of websockets: half as many).
"""

from __future__ import annotations

import codecs
import os
import struct
from typing import NamedTuple

from stomptui.connection.close_codes import CLOSE_WORDS, TOO_LARGE
from stomptui.connection.transport.websocket.inflating import DEFLATE, InflateError, Inflater

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
_KNOWN = frozenset((CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG))
_FINAL, _RESERVED, _MASKED = 0x80, 0x70, 0x80
_COMPRESSED = 0x40
"""Of the reserved bits, as RFC 7692 uses it."""

_PIECE = 1 << 20


class WebSocketError(ValueError):
    """Received bytes that are no WebSocket frames, or a message that is too large.

    Args:
        text: The reason, in plain words.
        code: The close code that says the same.
    """

    def __init__(self, text: str, code: int = 1002) -> None:
        super().__init__(text)
        self.code = code
        self.messages: list[WebSocketMessage] = []
        """The messages in the same read that came before it."""
        self.raw = b""
        """The first bytes of the frame that cannot be read."""


SHOWN = 256
"""Bytes of a broken frame that are shown."""


def _broken(text: str, data: bytes, position: int, code: int = 1002) -> WebSocketError:
    error = WebSocketError(text, code)
    error.raw = data[position : position + SHOWN]
    return error


class WebSocketMessage(NamedTuple):
    """A whole message, joined from its fragments, or a control frame."""

    opcode: int
    payload: bytes


def pack(opcode: int, payload: bytes) -> bytes:
    """One frame as a client sends it: final, masked (section 5.3)."""
    size = len(payload)
    if size < 126:
        head = struct.pack("!BB", _FINAL | opcode, _MASKED | size)
    elif size < 1 << 16:
        head = struct.pack("!BBH", _FINAL | opcode, _MASKED | 126, size)
    else:
        head = struct.pack("!BBQ", _FINAL | opcode, _MASKED | 127, size)
    key = os.urandom(4)
    return head + key + mask(payload, key)


def mask(payload: bytes, key: bytes) -> bytes:
    """Mask or unmask (section 5.3); one XOR of big integers is the fastest way in Python."""
    size = len(payload)
    repeated = (key * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")).to_bytes(size, "big")


def messages_of(encoded: bytes, limit: int = 0) -> bytes:
    """A STOMP frame or heart-beat as WebSocket messages: text if it is UTF-8, else binary.

    Only what is larger than `limit` bytes is cut (0: nothing is), never inside a character: some servers accept no
    frame in several messages, others no large message.
    """
    opcode = TEXT if _is_text(encoded) else BINARY
    if not limit or len(encoded) <= limit:
        return pack(opcode, encoded)
    parts: list[bytes] = []
    position = 0
    while position < len(encoded):
        end = min(position + limit, len(encoded))
        if opcode == TEXT and end < len(encoded):
            while encoded[end] & 0xC0 == 0x80:
                end -= 1
        parts.append(pack(opcode, encoded[position:end]))
        position = end
    return b"".join(parts)


def _is_text(encoded: bytes) -> bool:
    """Whether it is UTF-8; decoded in pieces, so that other threads run in between."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(encoded), _PIECE):
            decoder.decode(encoded[start : start + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


class WebSocketMessageReader:
    """Joins messages from the bytes read, however those are cut. Linear in the bytes fed.

    Text is not checked to be UTF-8: brokers put any body into text messages.

    Args:
        max_message: Bytes allowed in a message, checked before they are kept.
        inflater: Decompresses messages; None where that was not announced, and none may be compressed.
    """

    def __init__(self, max_message: int, inflater: Inflater | None = None) -> None:
        self._max = max_message
        self._inflater = inflater
        self._compressed = False
        """Whether the message that has begun is."""
        self._pieces: list[bytes] = []
        self._have = 0
        self._need = 0
        self._opcode = 0
        self._parts: list[bytes] = []
        self._size = 0

    @property
    def unfinished(self) -> int:
        """Bytes kept of a message whose end has not come."""
        return self._have + self._size

    def rest(self) -> bytes:
        """The bytes of a message whose end will not come; the reader forgets them."""
        data = b"".join(self._pieces)
        payload = data[_body(data) :] if data and data[0] & 0x0F < CLOSE and not data[0] & _RESERVED else b""
        rest = b"" if self._compressed else b"".join((*self._parts, payload))
        self._pieces, self._parts, self._have, self._size = [], [], 0, 0
        return rest

    def feed(self, read: bytes) -> list[WebSocketMessage]:
        """The messages that end in what was read.

        Raises:
            WebSocketError: Bytes that are no frame, or a message larger than the limit; it carries the messages before.
        """
        if self._pieces:
            self._pieces.append(read)
            self._have += len(read)
            if self._have < self._need:
                return []
            read = b"".join(self._pieces)
        data = read
        messages: list[WebSocketMessage] = []
        try:
            position, need = self._messages(data, messages)
        except WebSocketError as error:
            error.messages = messages
            # Bytes that cannot be read are reported with the error, and are no part of a message.
            self._pieces, self._have = [], 0
            raise
        left = data[position:] if position else data
        self._pieces = [left] if left else []
        self._have, self._need = len(left), need
        return messages

    def _messages(self, data: bytes, messages: list[WebSocketMessage]) -> tuple[int, int]:
        """Gather the messages in data.

        Returns:
            Where what is left begins, and how many bytes the frame that begins there has, 0 while that is not known.
        """
        size, position, need = len(data), 0, 0
        while size - position >= 2:
            first, length = data[position], data[position + 1]
            body = position + 2
            if length & _MASKED:
                raise _broken("the server masked its messages, which is for clients alone", data, position)
            if length == 126:
                body += 2
                if body > size:
                    break
                length = (data[body - 2] << 8) | data[body - 1]
            elif length == 127:
                body += 8
                if body > size:
                    break
                length = int.from_bytes(data[body - 8 : body], "big")
            if length + self._size > self._max:
                raise _broken(f"the server sent a message larger than {self._max:,} bytes", data, position, TOO_LARGE)
            if body + length > size:
                need = body + length - position
                break
            try:
                message = self._frame(first, data[body : body + length])
            except WebSocketError as error:
                error.raw = data[position : position + SHOWN]
                raise
            position = body + length
            if message:
                messages.append(message)
        return position, need

    def _frame(self, first: int, payload: bytes) -> WebSocketMessage | None:
        opcode = first & 0x0F
        compressed = first & _RESERVED == _COMPRESSED and opcode in (TEXT, BINARY)
        if compressed and self._inflater is None:
            raise WebSocketError(
                f"the server compressed its WebSocket message ({DEFLATE}), which was not agreed on (0x{first:02x})"
            )
        if compressed:
            first &= ~_COMPRESSED
        if first & _RESERVED or opcode not in _KNOWN:
            raise WebSocketError(f"the server sent a WebSocket frame of an unknown kind (0x{first:02x})")
        final = bool(first & _FINAL)
        if opcode >= CLOSE:
            if not final or len(payload) > 125:
                raise WebSocketError("the server sent a control frame that is cut or too long")
            return WebSocketMessage(opcode, payload)
        if (opcode == CONTINUATION) != bool(self._opcode):
            raise WebSocketError("the server mixed up the parts of its messages")
        if final and not self._opcode:
            return WebSocketMessage(opcode, self._inflated(payload) if compressed else payload)
        self._compressed = self._compressed or compressed
        self._opcode = self._opcode or opcode
        self._parts.append(payload)
        self._size += len(payload)
        if not final:
            return None
        payload = b"".join(self._parts)
        message = WebSocketMessage(self._opcode, self._inflated(payload) if self._compressed else payload)
        self._parts, self._size, self._opcode, self._compressed = [], 0, 0, False
        return message

    def _inflated(self, payload: bytes) -> bytes:
        assert self._inflater is not None
        try:
            return self._inflater.message(payload)
        except InflateError as error:
            raise WebSocketError(str(error), TOO_LARGE if error.too_large else 1002) from error


def _body(data: bytes) -> int:
    """Where the payload of a frame from a server begins."""
    length = data[1] & ~_MASKED if len(data) > 1 else 0
    return 4 if length == 126 else 10 if length == 127 else 2


def close_reason(payload: bytes) -> str:
    """Why the server closed (section 7.4), with its code and its own reason: "the server closed the WebSocket: ..."."""
    if len(payload) < 2:
        return "the server closed the WebSocket without a reason"
    code = int.from_bytes(payload[:2], "big")
    reason = payload[2:].decode("utf-8", "replace").strip()
    text = CLOSE_WORDS.get(code, "it gave a code of its own")
    return f"the server closed the WebSocket: {text} ({code}{' ' + reason if reason else ''})"
