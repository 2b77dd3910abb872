"""Moves a whole queue and tells how long it took: `mover WAY PORT QUEUE TARGET COUNT`.

WAY is "program", what stomptui does for a move of all that a look shows; "careful", what a person writes with stomp.py
who waits for the receipt of each SEND before the ACK; or "quick", the same without waiting, which can lose messages.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
import time
from typing import Any

os.environ["STOMP_SKIP_HOSTNAME_SCAN"] = "1"

import stomp
from stomp.utils import Frame

from stomptui.config.connection import Connection
from stomptui.queues.actions.action import Action
from stomptui.queues.peek import reports as r
from stomptui.queues.peek.peek_values import PeekOptions
from tests.support.peeking import peeking

PATIENCE = 600.0
OWN = ("subscription", "message-id", "ack", "destination", "redelivered", "timestamp", "expires", "persistent")
"""Headers of a delivery that are not sent on."""


def by_program(port: int, source: str, target: str) -> tuple[float, int]:
    """(seconds from the beginning of the look, how many were moved)."""
    with peeking(Connection(port=port, login="guest", passcode="guest"), source, hold=300.0) as peek:
        began = time.perf_counter()
        peek.look(PeekOptions(None))
        peek.peek.act(Action("move", target, accepts_unknown=True), list(enumerate(peek.frames)))
        account = peek.wait(r.ActionEnded, timeout=PATIENCE).result
        return time.perf_counter() - began, account.count("done")


class Listener(stomp.ConnectionListener):
    def __init__(self) -> None:
        self.messages: queue.Queue[Frame] = queue.Queue()
        self.receipts: set[str] = set()
        self.news = threading.Condition()

    def on_message(self, frame: Frame) -> None:
        self.messages.put(frame)

    def on_receipt(self, frame: Frame) -> None:
        with self.news:
            self.receipts.add(frame.headers["receipt-id"])
            self.news.notify_all()

    def wait(self, receipt: str) -> None:
        with self.news:
            if not self.news.wait_for(lambda: receipt in self.receipts, PATIENCE):
                raise RuntimeError(f"no receipt {receipt}")


def by_hand(port: int, source: str, target: str, count: int, careful: bool) -> tuple[float, int]:
    listener = Listener()
    connection: Any = stomp.Connection12(  # type: ignore[no-untyped-call]
        [("127.0.0.1", port)], heartbeats=(0, 0), vhost="/"
    )
    connection.set_listener("", listener)
    connection.connect("guest", "guest", wait=True)
    began = time.perf_counter()
    more = {"subscription-type": "ANYCAST", "durable": "true", "auto-delete": "false"}
    connection.subscribe(source, "1", ack="client-individual", headers=more)
    for number in range(count):
        frame = listener.messages.get(timeout=PATIENCE)
        headers = {name: value for name, value in frame.headers.items() if name not in OWN}
        headers |= {"persistent": "true", "destination-type": "ANYCAST"}
        wait = careful or number == count - 1
        if wait:
            headers["receipt"] = f"s{number}"
        connection.send(target, frame.body, headers=headers)
        if wait:
            listener.wait(f"s{number}")
        if number == count - 1:
            connection.ack(frame.headers["ack"], receipt="last")
            listener.wait("last")
        else:
            connection.ack(frame.headers["ack"])
    return time.perf_counter() - began, count


def main() -> None:
    way, port, source, target, count = sys.argv[1:]
    if way == "program":
        seconds, moved = by_program(int(port), source, target)
    else:
        seconds, moved = by_hand(int(port), source, target, int(count), way == "careful")
    print(json.dumps({"seconds": seconds, "moved": moved}), flush=True)
    # stomp.py's threads would wait for the server.
    os._exit(0)


if __name__ == "__main__":
    main()
