"""Prints each header and the body of what comes to /queue/test: python receiver.py HOST PORT [HOW_MANY]

One of the two programs that stomptui grew from: a stomp.py listener as in any tutorial, knowing nothing of ours.
"""

# mypy: disable-error-code=no-untyped-call
from __future__ import annotations

import sys
import threading

import stomp
import stomp.utils


class Printer(stomp.ConnectionListener):
    def __init__(self, wanted: int) -> None:
        self.left = wanted
        self.done = threading.Event()

    def on_error(self, frame: stomp.utils.Frame) -> None:
        print("error:", frame.body, flush=True)
        self.done.set()

    def on_message(self, frame: stomp.utils.Frame) -> None:
        for name, value in frame.headers.items():
            print(f"{name}: {value}", flush=True)
        print(frame.body, flush=True)
        self.left -= 1
        if self.left == 0:
            self.done.set()


def main() -> None:
    host, port = sys.argv[1], int(sys.argv[2])
    printer = Printer(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    connection = stomp.Connection12([(host, port)], vhost="/")
    connection.set_listener("", printer)
    connection.connect("guest", "guest", wait=True)
    connection.subscribe("/queue/test", id="1", ack="auto")
    print("listening", flush=True)
    printer.done.wait(60)
    connection.disconnect()


if __name__ == "__main__":
    main()
