"""A connection whose network goes away, in a network namespace of its own (`unshare -n python -m ...`).

Prints what the session reported, a line each: the kind of the event and its words.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time

from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.connection.event_queue import EventQueue
from stomptui.connection.events import Connected, Lost, Stalled
from stomptui.connection.session import Session

ADDRESS = "10.9.0.1"
LOST_AFTER = 2.5


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


def main(reads: bool, goes: bool) -> None:
    """Run one case.

    Args:
        reads: Whether the broker reads what is sent to it.
        goes: Whether the network goes away.
    """
    ip("link", "set", "lo", "up")
    ip("addr", "add", f"{ADDRESS}/32", "dev", "lo")
    listener = socket.create_server((ADDRESS, 6000))
    inbox = EventQueue(lambda: None)
    session = Session(Connection(host=ADDRESS, port=6000, heart_beat=(0, 0)), inbox, BROKERS)
    liveness = session._run.transport.liveness
    liveness.lost_after, liveness.stalled_after, liveness.check_every = LOST_AFTER, 0.8, 0.2
    session.open()
    peer, _ = listener.accept()
    while b"\0" not in peer.recv(65536):
        pass
    peer.sendall(b"CONNECTED\nversion:1.2\n\n\0")
    end = time.monotonic() + (30 if goes else 2 * LOST_AFTER)
    while time.monotonic() < end:
        event = inbox.get()
        if event is None:
            time.sleep(0.02)
        elif isinstance(event, Connected):
            if goes:
                ip("addr", "del", f"{ADDRESS}/32", "dev", "lo")
            body = b"x" if reads else b"x" * 20_000_000
            session.send("SEND", [("destination", "/queue/q"), ("receipt", "1")], body)
        elif isinstance(event, Stalled):
            print("stalled", event.stall and event.stall.name, event.text, flush=True)
        elif isinstance(event, Lost):
            print("lost", event.reason, event.unconfirmed, flush=True)
            break
    session.close()


if __name__ == "__main__":
    main(reads="reads" in sys.argv, goes="goes" in sys.argv)
