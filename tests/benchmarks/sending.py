"""A series of confirmed sends, with the screen on: into a bare sink beside stomp.py, to RabbitMQ beside a bare socket.

All have the same window and TCP_NODELAY set. `python -m tests.benchmarks.sending [COUNT]` prints a line for each
window, and another one for the series without a screen. Sink, broker and senders are processes of their own. All is
tried in pairs, one after the other, and the median of their ratios is told: what else runs on the machine is then in
both.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
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
        with client, contextlib.suppress(ConnectionError):  # who has measured may leave without a word
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.recv(65536)
            client.sendall(b"CONNECTED\nversion:1.2\n\n\0")
            rest = b""
            while read := client.recv(1 << 18):
                whole, nul, rest = (rest + read).rpartition(b"\0")
                if nul and (found := _RECEIPT.findall(whole)):
                    client.sendall(b"".join([b"RECEIPT\nreceipt-id:%b\n\n\0" % receipt for receipt in found]))


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
    session = Session(Connection(port=port, login="guest", passcode="guest"), queue, BROKERS)
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


def shown(port: int, count: int, window: int) -> float:
    """The series sent by keys in the whole program, on a terminal that reads what it paints."""
    from tests.benchmarks.series_on_screen import on_screen

    return on_screen(port, count, window)


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


def bare(port: int, count: int, window: int) -> float:
    """A socket that sends what a window has room for, and counts the receipts."""
    body = BODY.encode()
    frames = [
        b"SEND\ndestination:%b\nreceipt:%d\ncontent-length:%d\n\n%b\0" % (DESTINATION.encode(), number, len(body), body)
        for number in range(count)
    ]
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.sendall(b"CONNECT\naccept-version:1.2\nhost:/\nlogin:guest\npasscode:guest\nheart-beat:0,0\n\n\0")
        assert client.recv(65536).startswith(b"CONNECTED")
        began = time.perf_counter()
        sent = confirmed = 0
        while confirmed < count:
            if sent < count and sent - confirmed <= window // 2:
                more = frames[sent : confirmed + window]
                sent += len(more)
                client.sendall(b"".join(more))
            read = client.recv(1 << 18)
            assert read and b"ERROR" not in read, read
            confirmed += read.count(b"\0")
        return count / (time.perf_counter() - began)


def _run(*arguments: str) -> float:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.sending", *arguments],
        stdout=subprocess.PIPE, text=True, cwd=ROOT, timeout=900, check=True,
    )  # fmt: skip
    return float(json.loads(done.stdout))


def paired(
    port: int, who: tuple[str, str], count: int, windows: Sequence[int], pairs: int, between: Callable[[], object]
) -> list[Compared]:
    """Each window in pairs of two senders; of the pairs the one whose ratio is in the middle.

    Fewer messages are sent where each waits for the one before.
    """
    found = []
    for window in windows:
        size = str(count if window > 1 else count // 2)
        tried = []
        for _ in range(pairs):
            rates = []
            for sender in who:
                rates.append(_run(sender, str(port), size, str(window)))
                between()
            tried.append(Compared(window, *rates))
        found.append(sorted(tried, key=lambda each: each.ratio)[pairs // 2])
    return found


def compare(count: int, windows: Sequence[int] = WINDOWS, pairs: int = 3, sender: str = "shown") -> list[Compared]:
    """Into a sink, beside stomp.py; `sender` is "shown", or "ours" for the series without a screen."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.sending", "sink"], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        return paired(port, (sender, "theirs"), count, windows, pairs, lambda: None)
    finally:
        process.kill()
        process.communicate()


def compare_on_rabbitmq(
    count: int, windows: Sequence[int] = WINDOWS, pairs: int = 5, sender: str = "shown"
) -> list[Compared]:
    """To RabbitMQ, beside a bare socket; an empty queue for each."""
    from tests.support.brokers import RabbitMQ, running

    with tempfile.TemporaryDirectory() as folder, running(RabbitMQ(Path(folder))) as broker:
        return paired(broker.port, (sender, "bare"), count, windows, pairs, lambda: broker.delete("bench"))


def main() -> None:
    match sys.argv[1:]:
        case ["sink"]:
            sink()
        case ["shown" | "ours" | "theirs" | "bare" as who, port, count, window]:
            send = {"shown": shown, "ours": ours, "theirs": theirs, "bare": bare}[who]
            print(json.dumps(send(int(port), int(count), int(window))), flush=True)
            # stomp.py's threads would wait for the server.
            os._exit(0)
        case arguments:
            messages = int(arguments[0]) if arguments else 100_000
            for sender, how in (("shown", ""), ("ours", ", without a screen")):
                tell(f"sink, beside stomp.py{how}", compare(messages, sender=sender))
                from tests.support.brokers import RabbitMQ

                if missing := RabbitMQ.missing():
                    print(missing)
                else:
                    tell(f"RabbitMQ, beside a bare socket{how}", compare_on_rabbitmq(messages, sender=sender))


def tell(where: str, found: list[Compared]) -> None:
    """Print what was measured."""
    for each in found:
        print(
            f"{where}, window {each.window:,}: {each.ours:,.0f} a second beside {each.theirs:,.0f}: {each.ratio:.2f} x",
            flush=True,
        )


if __name__ == "__main__":
    main()
