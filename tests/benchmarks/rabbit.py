"""A RabbitMQ queue that is full before anybody looks, if RabbitMQ is installed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.flood_server import BODY
from tests.benchmarks.runs import preloaded
from tests.support.brokers import RabbitMQ, running
from tests.support.raw import RawStomp

QUEUE = "/queue/bench"


def fill(port: int, frames: int) -> None:
    """Send that many numbered messages to the queue, and wait until the broker has them."""
    with RawStomp("127.0.0.1", port, timeout=120) as client:
        client.connect(login="guest", passcode="guest", host="/")
        for first in range(0, frames, 1000):
            client.send_raw(
                b"".join(
                    b"SEND\ndestination:%s\napp-id:%09d\ncontent-length:%d\n\n%s\0"
                    % (QUEUE.encode(), number, len(BODY), BODY)
                    for number in range(first, min(frames, first + 1000))
                )
            )
        client.receipt("SEND", [("destination", "/queue/last")], b"x")


def run(frames: int) -> dict[str, Any] | str:
    """The figures of the program that consumes the full queue; a reason if there is no RabbitMQ."""
    if missing := RabbitMQ.missing():
        return missing
    with tempfile.TemporaryDirectory(prefix="stomptui-bench-") as folder, running(RabbitMQ(Path(folder))) as broker:
        fill(broker.port, frames)
        return preloaded(f"stomp://guest:guest@127.0.0.1:{broker.port}/", QUEUE, frames)
