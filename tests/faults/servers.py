"""Servers that misbehave, each a script of what to do with one connection, on a loopback port in a thread."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

CONNECTED = b"CONNECTED\nversion:1.2\nserver:test/1\nheart-beat:0,0\n\n\0\n"


def connected(heart_beat: str = "0,0", version: str = "1.2", server: str = "test/1") -> bytes:
    return f"CONNECTED\nversion:{version}\nserver:{server}\nheart-beat:{heart_beat}\n\n\0\n".encode()


def message(body: bytes, subscription: str = "1", number: int = 1, length: bool = True) -> bytes:
    head = f"MESSAGE\nsubscription:{subscription}\nmessage-id:{number}\ndestination:/queue/q\n"
    if length:
        head += f"content-length:{len(body)}\n"
    return head.encode() + b"\n" + body + b"\0"


class Peer:
    """One accepted connection, with what a script needs."""

    def __init__(self, sock: socket.socket, over: threading.Event) -> None:
        self.sock = sock
        self.over = over
        """Set when the test is done with the server."""
        self.seen = b""
        sock.settimeout(20)

    def until(self, end: bytes = b"\0") -> bytes:
        """Read up to and with `end`; raises ConnectionError at the end of the stream."""
        while end not in self.seen:
            read = self.sock.recv(65536)
            if not read:
                raise ConnectionError("the client closed")
            self.seen += read
        found, _, self.seen = self.seen.partition(end)
        return found + end

    def frame(self) -> bytes:
        """The next frame, without heart-beats before it."""
        return self.until().lstrip(b"\n")

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def trickle(self, data: bytes) -> None:
        """Byte by byte, each in a packet of its own."""
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for index in range(len(data)):
            self.sock.sendall(data[index : index + 1])
            time.sleep(0.0005)

    def handshake(self, answer: bytes = CONNECTED) -> bytes:
        """Read CONNECT, answer CONNECTED."""
        connect = self.frame()
        self.send(answer)
        return connect

    def reset(self) -> None:
        """Close with RST."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def wait_closed(self) -> None:
        """Read until the client has closed."""
        with contextlib.suppress(OSError):
            while self.sock.recv(65536):
                pass


Script = Callable[[Peer], None]


class Server:
    """Serves every connection with the script, until the context ends."""

    def __init__(
        self, script: Script, cert: Path | None = None, key: Path | None = None, client_ca: Path | None = None
    ) -> None:
        self._script = script
        self._context: ssl.SSLContext | None = None
        if cert:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(cert, key)
            if client_ca:
                self._context.verify_mode = ssl.CERT_REQUIRED
                self._context.load_verify_locations(client_ca)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        self.live = 0
        """Connections whose script still runs."""
        self.errors: list[BaseException] = []
        self._over = threading.Event()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Server:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._open:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(20)
        for sock in self._open:
            sock.close()

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(sock)
            self._start(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        self.live += 1
        try:
            if self._context:
                sock.settimeout(20)
                sock = self._context.wrap_socket(sock, server_side=True)
                self._open.append(sock)
            self._script(Peer(sock, self._over))
        except (ConnectionError, ssl.SSLError, TimeoutError, OSError):
            pass  # the client left, as most of them do here
        except BaseException as error:
            self.errors.append(error)
        finally:
            self.live -= 1


@contextlib.contextmanager
def serving(script: Script, cert: Path | None = None, key: Path | None = None) -> Iterator[int]:
    """Run the script for whoever connects; gives the port."""
    with Server(script, cert, key) as server:
        yield server.port
    assert not server.errors, server.errors


@contextlib.contextmanager
def closed_port() -> Iterator[int]:
    """A port that nothing listens on and nothing else can take meanwhile."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()[1]


# Scripts


def silent(peer: Peer) -> None:
    """Accepts and never says anything."""
    peer.wait_closed()


def says(*parts: bytes, then_close: bool = False) -> Script:
    """Answers CONNECT with these bytes."""

    def script(peer: Peer) -> None:
        peer.frame()
        for part in parts:
            peer.send(part)
        if not then_close:
            peer.wait_closed()
        peer.sock.close()

    return script


def banner(text: bytes) -> Script:
    """Speaks first, as SSH and mail servers do."""

    def script(peer: Peer) -> None:
        peer.send(text)
        peer.wait_closed()

    return script


def slams(peer: Peer) -> None:
    """Accepts and closes."""
    peer.sock.close()


def resets(peer: Peer) -> None:
    """Accepts and resets."""
    peer.reset()


def never_reads(peer: Peer) -> None:
    """Connects well, then reads nothing more."""
    peer.handshake()
    peer.over.wait(20)


def never_reads_but(answer: bytes) -> Script:
    """Connects with this answer, then reads nothing more."""

    def script(peer: Peer) -> None:
        peer.handshake(answer)
        peer.over.wait(20)

    return script
