"""A STOMP client on a bare socket that shares no code with the package, to judge brokers and the app by.

Headers go out and come in as they are on the wire: nothing is escaped, added or reordered here.
"""

from __future__ import annotations

import select
import socket
import struct
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import TracebackType

Pairs = Mapping[str, str] | Iterable[tuple[str, str]]


class Closed(Exception):
    """The other side closed the connection."""


@dataclass(frozen=True)
class RawFrame:
    command: str
    headers: tuple[tuple[str, str], ...]
    """Header lines in wire order, still escaped; bytes that are not UTF-8 as surrogate escapes."""
    body: bytes

    def get(self, name: str, default: str | None = None) -> str | None:
        return next((value for key, value in self.headers if key == name), default)

    def __getitem__(self, name: str) -> str:
        value = self.get(name)
        if value is None:
            raise KeyError(f"{name} in {self}")
        return value

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


class RawStomp:
    """One connection. Every wait has a deadline; `timeout` seconds is the default one.

    Usage:
        with RawStomp(host, port) as client:
            client.connect("1.2")
            client.receipt("SUBSCRIBE", {"id": "1", "destination": "/queue/q"})
            frame = client.expect("MESSAGE", subscription="1")
    """

    def __init__(self, host: str, port: int, timeout: float = 10.0) -> None:
        self.timeout = timeout
        self.socket = socket.create_connection((host, port), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""
        """Bytes that came and are not yet part of a frame that was read."""
        self.beats = 0
        """Line feeds seen between frames; RabbitMQ's own one after each frame is among them."""
        self._receipts = 0

    def __enter__(self) -> RawStomp:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.socket.close()

    def reset(self) -> None:
        """Close with RST instead of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def send_raw(self, data: bytes) -> None:
        self.socket.sendall(data)

    def send(self, command: str, headers: Pairs = (), body: bytes | str = b"") -> None:
        self.send_raw(raw_frame(command, headers, body))

    def connect(
        self,
        version: str | None = "1.2",
        login: str | None = "guest",
        passcode: str | None = "guest",
        host: str | None = "/",
        **extra: str,
    ) -> RawFrame:
        """CONNECT and wait for CONNECTED; `_` in the names of `extra` headers stands for `-`."""
        given = (("accept-version", version), ("login", login), ("passcode", passcode), ("host", host))
        headers = [(name, value) for name, value in given if value is not None]
        self.send("CONNECT", headers + [(name.replace("_", "-"), value) for name, value in extra.items()])
        return self.expect("CONNECTED")

    def read(self, timeout: float | None = None) -> RawFrame:
        """The next frame.

        Raises:
            Closed: The other side closed before a whole frame came.
            TimeoutError: No whole frame in time.
        """
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        while True:
            frame = self._cut()
            if frame is not None:
                return frame
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.socket], [], [], left)[0]:
                raise TimeoutError(f"no whole frame, only {self.received[:200]!r}")
            try:
                data = self.socket.recv(1 << 18)
            except ConnectionResetError as error:
                raise Closed("reset") from error
            if not data:
                raise Closed(f"closed after {self.received[:200]!r}")
            self.received += data

    def expect(self, command: str, timeout: float | None = None, **headers: str) -> RawFrame:
        """The next frame, which must be of that command and have those headers (`_` stands for `-`)."""
        frame = self.read(timeout)
        assert frame.command == command, f"expected {command}, got {frame}"
        for name, value in headers.items():
            assert frame.get(name.replace("_", "-")) == value, f"expected {name}:{value} in {frame}"
        return frame

    def receipt(self, command: str, headers: Pairs = (), body: bytes | str = b"") -> list[RawFrame]:
        """Send with a receipt and wait for it; gives the frames that came before it."""
        self._receipts += 1
        wanted = f"raw-{self._receipts}"
        pairs = list(headers.items()) if isinstance(headers, Mapping) else list(headers)
        self.send(command, [*pairs, ("receipt", wanted)], body)
        before: list[RawFrame] = []
        while True:
            frame = self.read()
            if frame.command == "RECEIPT" and frame.get("receipt-id") == wanted:
                return before
            assert frame.command != "ERROR", f"no receipt but {frame}"
            before.append(frame)

    def messages(self, count: int, timeout: float | None = None) -> list[RawFrame]:
        """The next `count` frames, all of them MESSAGE."""
        return [self.expect("MESSAGE", timeout) for _ in range(count)]

    def expect_nothing(self, seconds: float = 0.3) -> None:
        """No frame comes for that long, and the connection stays open."""
        try:
            frame = self.read(seconds)
        except TimeoutError:
            return
        raise AssertionError(f"expected nothing, got {frame}")

    def expect_closed(self, timeout: float | None = None) -> list[RawFrame]:
        """The other side closes; gives the frames that came before it did."""
        before: list[RawFrame] = []
        while True:
            try:
                before.append(self.read(timeout))
            except Closed:
                return before

    def still_works(self) -> bool:
        """Whether the session answers: a SEND with a receipt to a topic nobody reads."""
        self.receipt("SEND", {"destination": "/topic/raw.still-works"})
        return True

    def _cut(self) -> RawFrame | None:
        data = self.received.lstrip(b"\r\n")
        self.beats += len(self.received) - len(data)
        self.received = data
        blank = data.find(b"\n\n")
        if blank < 0:
            return None
        lines = data[:blank].decode("utf-8", "surrogateescape").split("\n")
        headers = []
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers.append((name, value))
        start = blank + 2
        length = next((int(value) for name, value in headers if name == "content-length"), None)
        end = data.find(b"\0", start) if length is None else start + length
        if end < 0 or len(data) <= end:
            return None
        assert data[end] == 0, f"no NUL where content-length says: {data[:200]!r}"
        self.received = data[end + 1 :]
        return RawFrame(lines[0], tuple(headers), data[start:end])


def raw_frame(command: str, headers: Pairs = (), body: bytes | str = b"") -> bytes:
    """The bytes of a frame, nothing escaped, NUL included."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    lines = [command, *(f"{name}:{value}" for name, value in pairs)]
    data = body.encode() if isinstance(body, str) else body
    return "\n".join(lines).encode("utf-8", "surrogateescape") + b"\n\n" + data + b"\0"
