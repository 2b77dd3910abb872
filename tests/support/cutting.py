"""A TCP proxy before a broker that cuts a connection after a chosen frame, and shares no code with the package.

Usage:
    with Cutter(broker.port) as cutter:
        ...                               # a client that connects to cutter.port
        cutter.cut(7)                     # the next connection ends once the broker has its 7th frame
        cutter.cut(3, "down", skip=1)     # or the one after the next, once the client has its 3rd
        ...
        assert cutter.cut_within(5)

What was passed on before the cut arrives: the broker reads it to its end, then sees the end of the stream. What it
still answers is thrown away.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Literal

Way = Literal["up", "down"]
"""From the client to the broker, or from the broker to the client."""
_LENGTH = re.compile(rb"\ncontent-length:(\d+)")


class FrameCounter:
    """Where frames end in a stream; heart-beats and line feeds between frames count for nothing."""

    def __init__(self) -> None:
        self._rest = b""
        self._passed = 0
        """Bytes of the stream before `_rest`."""

    def feed(self, data: bytes) -> list[int]:
        """The positions in the whole stream after the NUL of each frame that ends in what was read."""
        self._rest += data
        ends: list[int] = []
        while (end := self._end()) is not None:
            ends.append(self._passed + end)
            self._rest, self._passed = self._rest[end:], self._passed + end
        return ends

    def _end(self) -> int | None:
        start = len(self._rest) - len(self._rest.lstrip(b"\r\n"))
        blank = self._rest.find(b"\n\n", start)
        if blank < 0:
            return None
        length = _LENGTH.search(self._rest, start, blank + 1)
        nul = self._rest.find(b"\0", blank + 2) if length is None else blank + 2 + int(length[1])
        return nul + 1 if 0 <= nul < len(self._rest) else None


@dataclass
class _Cut:
    after: int
    way: Way
    skip: int
    done: threading.Event
    then_refuse: bool = False
    connection: CutConnection | None = None
    """The connection that is cut, once it is made."""


class Cutter:
    """The proxy; it listens on `port` while it is entered.

    Args:
        port: The broker's port on loopback.
    """

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.connections: list[CutConnection] = []
        """Every connection that was made, in order."""
        self._cut: _Cut | None = None
        self.frames = 0
        """Frames that have passed, of all connections and both ways."""
        self._at: int | None = None
        """The number of the frame of any connection behind which `cut_any` cuts."""
        self._everything = False
        self._any = threading.Event()
        self._lock = threading.Lock()

    def __enter__(self) -> Cutter:
        threading.Thread(target=self._accept, name="cutter", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Closing alone does not wake the thread that accepts.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self.connections:
            connection.close()

    def cut(self, after: int, way: Way = "up", skip: int = 0, *, then_refuse: bool = False) -> None:
        """Cut a connection that is not made yet.

        Args:
            after: After that many frames, CONNECT and CONNECTED among them, have gone that way; 0 as soon as it is
                made.
            way: Which frames are counted.
            skip: Connections that are left alone before.
            then_refuse: Close all connections that are made after it, as if the broker were gone.
        """
        with self._lock:
            self._cut = _Cut(after, way, skip, threading.Event(), then_refuse)

    def cut_any(self, after: int, *, everything: bool = False) -> None:
        """Cut whichever connection the frame of that number passes, of all from now on, whichever way they go.

        Args:
            after: The number, from 1.
            everything: Cut all the others as well, and close those that are made after it.
        """
        with self._lock:
            self._at, self._everything = self.frames + after, everything

    def cut_all(self) -> None:
        """Cut all connections at once; those that are made after that are left alone."""
        for connection in self.connections:
            connection.cut_now()

    def passed(self, connection: CutConnection) -> bool:
        """A frame is about to be passed on; whether its connection ends behind it."""
        with self._lock:
            self.frames += 1
            if self.frames != self._at:
                return False
            self._any.set()
            others = [other for other in self.connections if other is not connection] if self._everything else []
        for other in others:
            other.cut_now()
        return True

    @property
    def was_cut(self) -> bool:
        """Whether what the last `cut` or `cut_any` asked for has happened."""
        return self._any.is_set() or (self._cut is not None and self._cut.done.is_set())

    def cut_within(self, seconds: float) -> bool:
        """Wait until it has happened: the client hears of the cut a moment before the proxy is done with it."""
        return self._cut is not None and self._cut.done.wait(seconds)

    def _refuses(self) -> bool:
        if self._everything and self._any.is_set():
            return True
        cut = self._cut
        return cut is not None and cut.then_refuse and cut.connection is not None and cut.connection.over.is_set()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self._refuses():
                client.close()
                continue
            try:
                broker = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                client.close()
                continue
            for end in (client, broker):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = CutConnection(client, broker, self.passed)
            with self._lock:
                cut = self._cut
                if cut is not None and not cut.done.is_set():
                    if cut.skip:
                        cut.skip -= 1
                    elif cut.skip == 0:
                        cut.skip, cut.connection = -1, connection
                        connection.cut(cut.after, cut.way, cut.done)
                self.connections.append(connection)
            connection.start()


class CutConnection:
    """One connection through a `Cutter`."""

    def __init__(
        self, client: socket.socket, broker: socket.socket, passed: Callable[[CutConnection], bool] = lambda _: False
    ) -> None:
        self._passed = passed
        self._client = client
        self._broker = broker
        self._lock = threading.Lock()
        self._seen: dict[Way, int] = {"up": 0, "down": 0}
        self._cut_at: tuple[Way, int, threading.Event] | None = None
        self.over = threading.Event()
        """It was cut."""

    def start(self) -> None:
        if self._cut_at is not None and self._cut_at[1] == 0:
            self._end(self._cut_at[2])
        for way, source, sink in (("up", self._client, self._broker), ("down", self._broker, self._client)):
            threading.Thread(target=self._pump, args=(way, source, sink), name=f"cutter-{way}", daemon=True).start()

    def frames(self, way: Way) -> int:
        """How many frames have gone that way."""
        return self._seen[way]

    def cut(self, after: int, way: Way = "up", done: threading.Event | None = None) -> None:
        """End it once that many frames have gone that way, counted from the first of the connection.

        On one that is used already: `connection.cut(connection.frames("up") + 2)` is after two more frames.
        """
        self._cut_at = (way, after, done or threading.Event())

    def cut_now(self) -> None:
        """End it at once."""
        self._end(threading.Event())

    def close(self) -> None:
        for end in (self._client, self._broker):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _pump(self, way: Way, source: socket.socket, sink: socket.socket) -> None:
        counter, position = FrameCounter(), 0
        while True:
            try:
                data = source.recv(1 << 16)
            except OSError:
                data = b""
            if not data:
                break
            for end in counter.feed(data):
                with self._lock:
                    self._seen[way] += 1
                    cut = self._cut_at
                if self._passed(self):
                    self._pass(sink, data[: end - position])
                    self._end(threading.Event())
                    break
                if cut is not None and cut[:2] == (way, self._seen[way]):
                    self._pass(sink, data[: end - position])
                    self._end(cut[2])
                    break
            self._pass(sink, data)
            position += len(data)
        if not self.over.is_set():
            with contextlib.suppress(OSError):
                sink.shutdown(socket.SHUT_WR)

    def _pass(self, sink: socket.socket, data: bytes) -> None:
        with contextlib.suppress(OSError):
            if data and not self.over.is_set():
                sink.sendall(data)

    def _end(self, done: threading.Event) -> None:
        with self._lock:
            self.over.set()
        # The broker is told that no more comes, and its answers are read on: a reset could eat what it has not read.
        with contextlib.suppress(OSError):
            self._broker.shutdown(socket.SHUT_WR)
        with contextlib.suppress(OSError):
            self._client.shutdown(socket.SHUT_RDWR)
        done.set()
