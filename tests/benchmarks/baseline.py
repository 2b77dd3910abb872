"""What it is compared with: a stomp.py listener that only counts, and has no screen. `baseline PORT FRAMES`."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from typing import Any

os.environ["STOMP_SKIP_HOSTNAME_SCAN"] = "1"

import stomp


class Counter(stomp.ConnectionListener):
    def __init__(self, want: int) -> None:
        self.want = want
        self.count = 0
        self.first = 0.0
        self.last = 0.0
        self.done = threading.Event()

    def on_message(self, frame: object) -> None:
        if not self.count:
            self.first = time.perf_counter()
        self.count += 1
        if self.count == self.want:
            self.last = time.perf_counter()
            self.done.set()


def main() -> None:
    port, want = int(sys.argv[1]), int(sys.argv[2])
    counter = Counter(want)
    connection: Any = stomp.Connection12(  # type: ignore[no-untyped-call]
        [("127.0.0.1", port)], heartbeats=(0, 0)
    )
    connection.set_listener("", counter)
    connection.connect(wait=True)
    connection.subscribe("/topic/bench", "1")
    counter.done.wait(600)
    print(
        json.dumps({"frames": counter.count, "per_second": counter.want / (counter.last - counter.first)}), flush=True
    )
    # stomp.py's threads would wait for the server.
    os._exit(0)


if __name__ == "__main__":
    main()
