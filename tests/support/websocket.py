"""A WebSocket server that does what a test says, byte for byte; handshake and frames by hand."""

from __future__ import annotations

import base64
import hashlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from types import TracebackType

from stomptui.config.connection import Connection, TransportKind

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
CONNECTED = b"CONNECTED\nversion:1.2\n\n\0"


def frame(
    opcode: int, payload: bytes, final: bool = True, first: int | None = None, length: int | None = None
) -> bytes:
    """A frame as a server sends it; `first` overrides its first byte, `length` what it says of its size."""
    size = len(payload) if length is None else length
    head = bytes([(0x80 if final else 0) | opcode if first is None else first])
    if size < 126:
        head += bytes([size])
    elif size < 1 << 16:
        head += b"\x7e" + struct.pack("!H", size)
    else:
        head += b"\x7f" + struct.pack("!Q", size)
    return head + payload


def close_frame(code: int, reason: str = "") -> bytes:
    return frame(CLOSE, code.to_bytes(2, "big") + reason.encode())


class Peer:
    """One client, seen from the server."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.head = b""
        """The request, with its empty line."""
        self._buffer = b""
        self.stomp = b""
        """STOMP bytes received in data messages and not asked for yet."""

    @property
    def request(self) -> list[str]:
        return self.head.decode().rstrip("\r\n").split("\r\n")

    def header(self, name: str) -> list[str]:
        pairs = (line.partition(": ") for line in self.request[1:])
        return [value for key, _, value in pairs if key.lower() == name.lower()]

    def read_head(self) -> bool:
        while b"\r\n\r\n" not in self._buffer:
            data = self.sock.recv(65536)
            if not data:
                return False
            self._buffer += data
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        self.head = head + b"\r\n\r\n"
        return True

    def upgrade(
        self, rest: bytes = b"", accept: str = "", eol: str = "\r\n", before: str = "", extra: tuple[str, ...] = ()
    ) -> None:
        """Say 101, with whatever comes right behind it, or came before it."""
        magic = self.header("Sec-WebSocket-Key")[0] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        accept = accept or base64.b64encode(hashlib.sha1(magic.encode()).digest()).decode()
        # Tomcat leaves the words of the status line out.
        lines = [
            "HTTP/1.1 101 ",
            "Upgrade: websocket",
            "Connection: upgrade",
            f"Sec-WebSocket-Accept: {accept}",
            *extra,
        ]
        self.sock.sendall((before + eol.join(lines) + eol * 2).encode() + rest)

    def _take(self, size: int) -> bytes:
        while len(self._buffer) < size:
            data = self.sock.recv(65536)
            if not data:
                raise EOFError
            self._buffer += data
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken

    def read(self) -> tuple[int, bytes]:
        """The next frame of the client: its opcode and its payload, unmasked.

        Raises:
            EOFError: There is none.
        """
        first, length = self._take(2)
        assert first & 0xF0 == 0x80, "whole, without extensions"
        assert length & 0x80, "a client masks"
        size = length & 0x7F
        if size == 126:
            size = struct.unpack("!H", self._take(2))[0]
        elif size == 127:
            size = struct.unpack("!Q", self._take(8))[0]
        key = self._take(4)
        payload = self._take(size)
        return first & 0x0F, bytes(byte ^ key[index % 4] for index, byte in enumerate(payload))

    def read_stomp(self) -> bytes:
        """The next STOMP frame, with its NUL, whatever messages it came in (for bodies without NUL)."""
        while b"\0" not in self.stomp.lstrip(b"\n"):
            opcode, payload = self.read()
            if opcode in (TEXT, BINARY):
                self.stomp += payload
        encoded, _, self.stomp = self.stomp.lstrip(b"\n").partition(b"\0")
        return encoded + b"\0"

    def send(self, payload: bytes, opcode: int = TEXT) -> None:
        self.sock.sendall(frame(opcode, payload))

    def greet(self, answer: bytes = CONNECTED) -> None:
        """Upgrade, wait for CONNECT, answer."""
        self.upgrade()
        assert self.read_stomp().startswith(b"CONNECT\n")
        self.send(answer)

    def wait_for_end(self) -> list[tuple[int, bytes]]:
        """What else the client sends until it hangs up."""
        frames = []
        try:
            while True:
                frames.append(self.read())
        except (EOFError, OSError):
            return frames


class WebSocketServer:
    """Serves each client in a thread; `talk` gets it with its request read.

    Args:
        talk: What to do with a client.
        context: For TLS.
    """

    def __init__(self, talk: Callable[[Peer], object], context: ssl.SSLContext | None = None) -> None:
        self._talk = talk
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._sockets: list[socket.socket] = []
        self.errors: list[BaseException] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def connection(self, **changes: object) -> Connection:
        """How to reach it; short timeouts, no heart-beats."""
        options: dict[str, object] = {
            "port": self.port,
            "transport": TransportKind.WSS if self._context else TransportKind.WS,
            "vhost": None,
            "heart_beat": (0, 0),
            "timeout": 10.0,
            **changes,
        }
        return Connection(**options)  # type: ignore[arg-type]

    def __enter__(self) -> WebSocketServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for sock in [self._listener, *self._sockets]:
            try:
                # An SSLSocket's own shutdown makes reads that are under way return what is still encrypted.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
            except OSError:
                pass
            sock.close()
        if error is None and self.errors:
            raise self.errors[0]

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self._sockets.append(sock)
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        try:
            if self._context:
                sock = self._context.wrap_socket(sock, server_side=True)
                self._sockets.append(sock)
            peer = Peer(sock)
            if peer.read_head():
                self._talk(peer)
        except (EOFError, OSError):
            pass  # the client hung up
        except BaseException as error:
            self.errors.append(error)


def message(body: bytes, *headers: str) -> bytes:
    """A MESSAGE of subscription 1, with its NUL."""
    return "\n".join(["MESSAGE", "subscription:1", *headers, "", ""]).encode() + body + b"\0"


def http(status: str, *headers: str, body: bytes = b"") -> Callable[[Peer], None]:
    """A server that answers every request like this."""

    def talk(peer: Peer) -> None:
        lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}"]
        peer.sock.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        peer.wait_for_end()

    return talk


def says(data: bytes) -> Callable[[Peer], None]:
    """A server that says these bytes, whatever it was asked."""

    def talk(peer: Peer) -> None:
        peer.sock.sendall(data)
        peer.wait_for_end()

    return talk


def greets(data: bytes = b"", answer: bytes = CONNECTED) -> Callable[[Peer], None]:
    """A server that says CONNECTED, then these bytes."""

    def talk(peer: Peer) -> None:
        peer.greet(answer)
        peer.sock.sendall(data)
        peer.wait_for_end()

    return talk


def opens(data: bytes = b"") -> Callable[[Peer], None]:
    """A server that opens the WebSocket and then only says these bytes."""

    def talk(peer: Peer) -> None:
        peer.upgrade()
        peer.sock.sendall(data)
        peer.wait_for_end()

    return talk
