"""A server that sends prebuilt frames to whoever subscribes: as fast as it can, at a pace, or in bursts.

Run as a process of its own, so that its work is not the client's: `python -m tests.benchmarks.flood_server`. Prints
its port, then reads orders, one JSON object a line, each for the next client that subscribes:
`{"frames": 1000000}`, `{"frames": 500000, "per_second": 100000, "tick": 0.005}` or `{"bursts": [5000, 20000],
"pause": 1.0}`; with `"hold": true` it waits for a line `go` after the
SUBSCRIBE. When all has been sent it prints a line of JSON.
"""

from __future__ import annotations

import json
import socket
import sys
import time
from collections.abc import Iterator
from typing import Any

PIECE = 1000
"""Frames sent with one call, at most."""
BODY = b'{"orderId":12345,"status":"created","pad":"' + b"x" * 155 + b'"}'
HEAD = (
    "MESSAGE\nsubscription:%s\ndestination:/topic/bench\nmessage-id:T_1@@s\nredelivered:false\napp-id:%09d\n"
    "content-type:application/json\npersistent:1\ncontent-length:%d\n\n"
)
"""What RabbitMQ sends, with the number of the frame as `app-id`."""


def frame(subscription: str, number: int) -> bytes:
    """A frame with 200 bytes of body."""
    return (HEAD % (subscription, number, len(BODY))).encode() + BODY + b"\0\n"


class Frames:
    """All frames of a run, built once for a subscription id and used again."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._subscription = ""

    def pieces(self, subscription: str, count: int) -> list[bytes]:
        """At least that many frames, `PIECE` in each piece."""
        if subscription != self._subscription:
            self._pieces, self._subscription = [], subscription
        while len(self._pieces) * PIECE < count:
            first = len(self._pieces) * PIECE
            self._pieces.append(b"".join([frame(subscription, first + index) for index in range(PIECE)]))
        return self._pieces


def read_frame(connection: socket.socket, rest: bytearray) -> tuple[str, dict[str, str]]:
    """The next frame of a client: command and headers."""
    while b"\0" not in rest:
        read = connection.recv(65536)
        if not read:
            raise ConnectionError("the client has gone")
        rest += read
    raw, _, after = bytes(rest).partition(b"\0")
    rest[:] = after
    lines = raw.decode().lstrip("\r\n").split("\n")
    return lines[0].strip(), dict(line.rstrip("\r").split(":", 1) for line in lines[1:] if ":" in line)


def shake_hands(connection: socket.socket, rest: bytearray) -> str:
    """Answer until the client has subscribed; returns the id of its subscription."""
    while True:
        command, headers = read_frame(connection, rest)
        if command in ("CONNECT", "STOMP"):
            connection.sendall(b"CONNECTED\nversion:1.2\nserver:bench/1\nheart-beat:0,0\n\n\0\n")
        if "receipt" in headers:
            connection.sendall(f"RECEIPT\nreceipt-id:{headers['receipt']}\n\n\0\n".encode())
        if command == "SUBSCRIBE":
            return headers["id"]


def portions(order: dict[str, Any]) -> Iterator[tuple[int, float]]:
    """How many frames to send at a time, and how many seconds after the beginning."""
    at = 0.0
    if "bursts" in order:
        for burst in order["bursts"]:
            yield burst, at
            at += order["pause"]
    elif "per_second" in order:
        tick = order.get("tick", 0.005)
        each = max(1, round(order["per_second"] * tick))
        for _ in range(order["frames"] // each):
            yield each, at
            at += each / order["per_second"]
    else:
        yield order["frames"], at


def serve(connection: socket.socket, order: dict[str, Any], frames: Frames) -> dict[str, Any]:
    """Carry out one order; returns what was sent and how long it took."""
    plan = list(portions(order))
    total = sum(count for count, _ in plan)
    rest = bytearray()
    subscription = shake_hands(connection, rest)
    pieces = frames.pieces(subscription, total)
    if order.get("hold"):
        print(json.dumps({"held": True}), flush=True)
        sys.stdin.readline()
    began, sent, late = time.perf_counter(), 0, 0.0
    for count, at in plan:
        wait = began + at - time.perf_counter()
        if wait > 0:
            time.sleep(wait)
        else:
            late = max(late, -wait)
        while count:
            piece, offset = divmod(sent, PIECE)
            now = min(count, PIECE - offset)
            # All frames are of the same length.
            size = len(pieces[piece]) // PIECE
            connection.sendall(memoryview(pieces[piece])[offset * size : (offset + now) * size])
            sent += now
            count -= now
    seconds = time.perf_counter() - began
    return {"sent": sent, "seconds": seconds, "late": late, "size": len(pieces[0]) // PIECE}


def main() -> None:
    frames = Frames()
    with socket.create_server(("127.0.0.1", 0)) as server:
        print(server.getsockname()[1], flush=True)
        for line in sys.stdin:
            order = json.loads(line)
            connection, _ = server.accept()
            with connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                told: dict[str, Any] = {}
                try:
                    told = serve(connection, order, frames)
                    # The client ends the connection, when it has seen everything.
                    while connection.recv(65536):
                        pass
                except OSError as error:
                    told.setdefault("error", str(error))
                print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
