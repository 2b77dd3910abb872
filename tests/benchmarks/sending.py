"""A series of confirmed sends into a bare sink, beside stomp.py with the same window and TCP_NODELAY set.

`python -m tests.benchmarks.sending [COUNT]` prints a line for each window. Sink and senders are processes of their own.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, NamedTuple

os.environ["STOMP_SKIP_HOSTNAME_SCAN"] = "1"

ROOT = Path(__file__).resolve().parents[2]
WINDOWS = (1, 100, 1000)
BODY = "x" * 200
DESTINATION = "/queue/bench"
_RECEIPT = re.compile(rb"\nreceipt:([^\n]+)\n")


class Compared(NamedTuple):
    """Confirmed messages a second, with one window."""

    window: int
    ours: float
    theirs: float

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs


def sink() -> None:
    """Print a port; confirm what each client sends, and read nothing of it but the receipt."""
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        client, _ = listener.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.recv(65536)
        client.sendall(b"CONNECTED\nversion:1.2\n\n\0")
        rest = b""
        while read := client.recv(1 << 18):
            whole, nul, rest = (rest + read).rpartition(b"\0")
            if nul and (found := _RECEIPT.findall(whole)):
                client.sendall(b"".join([b"RECEIPT\nreceipt-id:%b\n\n\0" % receipt for receipt in found]))
        client.close()


def ours(port: int, count: int, window: int) -> float:
    """The series of this program, its events taken out into a journal as the console does."""
    from stomptui.application.event_record import EventRecord
    from stomptui.application.series.messages import SameMessages
    from stomptui.application.series.runner import SeriesRunner
    from stomptui.brokers.registry import BROKERS
    from stomptui.compose.draft import Draft
    from stomptui.config.connection import Connection
    from stomptui.connection.event_queue import EventQueue
    from stomptui.connection.events import Received
    from stomptui.connection.session import Session
    from stomptui.connection.session_state import SessionState
    from stomptui.journal.journal import Journal

    queue, record = EventQueue(lambda: None), EventRecord(Journal(), lambda subscription: None)
    session = Session(Connection(port=port), queue, BROKERS)
    session.open()
    while session.state is not SessionState.UP:
        time.sleep(0.01)
    began = time.perf_counter()
    messages = SameMessages(Draft(DESTINATION, body=BODY), session.version, count)
    runner = SeriesRunner(session, messages, count, None, window)
    record.begin_series(runner.bulk.number, DESTINATION)
    runner.start()
    while not runner.over:
        while (event := queue.get()) is not None:
            if isinstance(event, Received):
                record.frames(event)
            else:
                record.on_main(event)
        runner.join(0.04)
    took = time.perf_counter() - began
    assert runner.figures.confirmed == count, runner.figures
    return count / took


def theirs(port: int, count: int, window: int) -> float:
    """stomp.py, which sends while fewer than a window are unconfirmed."""
    import stomp

    room, done = threading.Semaphore(window), threading.Event()

    class Listener(stomp.ConnectionListener):
        confirmed = 0

        def on_receipt(self, frame: object) -> None:
            self.confirmed += 1
            room.release()
            if self.confirmed == count:
                done.set()

    connection: Any = stomp.Connection12([("127.0.0.1", port)], heartbeats=(0, 0))  # type: ignore[no-untyped-call]
    connection.set_listener("", Listener())
    connection.connect(wait=True)
    connection.transport.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    began = time.perf_counter()
    for number in range(count):
        room.acquire()
        connection.send(DESTINATION, BODY, receipt=str(number))
    done.wait(300)
    return count / (time.perf_counter() - began)


def _run(*arguments: str) -> float:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.sending", *arguments],
        stdout=subprocess.PIPE, text=True, cwd=ROOT, timeout=600, check=True,
    )  # fmt: skip
    return float(json.loads(done.stdout))


def compare(count: int, windows: tuple[int, ...] = WINDOWS) -> list[Compared]:
    """Both, one after the other, for each window; fewer messages where each waits for the one before."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.sending", "sink"], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        return [
            Compared(window, *(_run(who, port, str(count if window > 1 else count // 10), str(window))
                               for who in ("ours", "theirs")))
            for window in windows
        ]  # fmt: skip
    finally:
        process.kill()
        process.communicate()


def main() -> None:
    match sys.argv[1:]:
        case ["sink"]:
            sink()
        case ["ours" | "theirs" as who, port, count, window]:
            print(json.dumps((ours if who == "ours" else theirs)(int(port), int(count), int(window))), flush=True)
            # stomp.py's threads would wait for the server.
            os._exit(0)
        case _:
            for each in compare(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000):
                print(
                    f"window {each.window:,}: {each.ours:,.0f} a second beside {each.theirs:,.0f}: {each.ratio:.1f} x"
                )


if __name__ == "__main__":
    main()
