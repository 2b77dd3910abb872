"""A server that plays the server's part of a capture, on a loopback port of its own.

Usage:
    with Replay("rabbitmq/ack-twice") as server:
        connect_to("127.0.0.1", server.port)
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
import socket
import struct
import threading
from types import TracebackType
from typing import BinaryIO

from tests.captures import Capture, captures

_KEY = re.compile(rb"(?i)sec-websocket-key: *(\S+)")
_PROTOCOL = re.compile(rb"(?i)sec-websocket-protocol:")
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Replay:
    """Serves one capture to every client that connects, one after the other.

    Each turn of the client is awaited by its number of bytes, whatever they are; then the server's turn is sent.

    Args:
        name: The capture, "BROKER/CASE".
        piece: Cut what is sent into pieces of that many bytes (TCP only), None for as it was.
    """

    def __init__(self, name: str, piece: int | None = None) -> None:
        self.capture: Capture = captures()[name]
        self.piece = piece
        self.received: list[bytes] = []
        """What each client sent, STOMP bytes only."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._client: socket.socket | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._run, name=f"replay {name}", daemon=True)

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        websocket = self.capture.websocket
        return f"ws://127.0.0.1:{self.port}{websocket['path']}" if websocket else f"stomp://127.0.0.1:{self.port}"

    def __enter__(self) -> Replay:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing = True
        for waiting in (self._client, self._listener):
            if waiting:
                try:
                    waiting.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # not connected any more
        self._listener.close()
        self._thread.join(5)

    def _run(self) -> None:
        while not self._closing:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._client = client
            self.received.append(b"")
            with client, client.makefile("rb") as stream:
                try:
                    (self._websocket if self.capture.websocket else self._tcp)(client, stream)
                except (OSError, EOFError):
                    continue  # the client is gone before its turn was over

    def _tcp(self, client: socket.socket, stream: BinaryIO) -> None:
        for who, data in self.capture.turns:
            if who == "c":
                self.received[-1] += _exactly(stream, len(data))
            else:
                size = self.piece or len(data) or 1
                for at in range(0, len(data), size):
                    client.sendall(data[at : at + size])
        if self.capture.end.startswith("RST"):
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif self.capture.end != "FIN":
            while rest := client.recv(65536):
                self.received[-1] += rest

    def _websocket(self, client: socket.socket, stream: BinaryIO) -> None:
        about = self.capture.websocket or {}
        request = b""
        while not request.endswith(b"\r\n\r\n"):
            line = stream.readline()
            if not line:
                raise EOFError
            request += line
        key = _KEY.search(request)
        accept = base64.b64encode(hashlib.sha1((key[1] if key else b"") + _GUID).digest())
        answer = [b"HTTP/1.1 101 Switching Protocols", b"Upgrade: websocket", b"Connection: upgrade"]
        answer.append(b"Sec-WebSocket-Accept: " + accept)
        if _PROTOCOL.search(request) and about["subprotocol"]:
            answer.append(b"Sec-WebSocket-Protocol: " + about["subprotocol"].encode())
        client.sendall(b"\r\n".join(answer) + b"\r\n\r\n")
        wanted = 0
        opcodes = about.get("opcodes") or itertools.repeat(1)
        for (who, data), opcode in zip(self.capture.turns, opcodes, strict=False):
            if who == "s":
                client.sendall(_message(opcode, data))
                continue
            wanted += len(data)
            while len(self.received[-1]) < wanted:
                opcode, payload = _read_message(stream)
                if opcode == 9:
                    client.sendall(_message(10, payload))
                elif opcode < 3:
                    self.received[-1] += payload
                elif opcode == 8:
                    return
        code, reason = about["close"] or (1000, "")
        if code == 1000:
            while _read_message(stream)[0] != 8:
                pass
        client.sendall(_message(8, struct.pack(">H", code) + reason.encode() if code else b""))


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _message(opcode: int, payload: bytes) -> bytes:
    size = len(payload)
    if size < 126:
        length = bytes([size])
    elif size < 65536:
        length = struct.pack(">BH", 126, size)
    else:
        length = struct.pack(">BQ", 127, size)
    return bytes([0x80 | opcode]) + length + payload


def _read_message(stream: BinaryIO) -> tuple[int, bytes]:
    first, second = _exactly(stream, 2)
    size = second & 127
    if size > 125:
        size = int.from_bytes(_exactly(stream, 2 if size == 126 else 8), "big")
    mask = _exactly(stream, 4)
    payload = _exactly(stream, size)
    return first & 15, bytes(byte ^ mask[i & 3] for i, byte in enumerate(payload))
