"""The process is stopped for a while, as by a suspended laptop, while it has messages unacknowledged."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.brokers.base import ManagedBroker
from tests.support.embedded import EmbeddedBroker
from tests.support.raw import RawStomp
from tests.support.terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]
Start = Callable[[int, str, int], Terminal]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Works a queue of the broker at a port, with heart-beats of so many milliseconds, in a terminal of 120 by 36."""
    with contextlib.ExitStack() as running:

        def run(port: int, queue: str, beat: int) -> Terminal:
            profile = f"""[profiles.lab]
url = "stomp://127.0.0.1:{port}/"
login = "guest"
heart_beat = [{beat}, {beat}]
"""
            (tmp_path / "profiles.toml").write_text(profile)
            argv = [sys.executable, "-m", "stomptui", "--profile", "lab", "--work", queue]
            folders = {"STOMPTUI_CONFIG_DIR": str(tmp_path), "STOMPTUI_STATE_DIR": str(tmp_path)}
            environment = {
                **os.environ,
                **folders,
                "PYTHONPATH": str(ROOT),
                "STOMP_SKIP_HOSTNAME_SCAN": "1",
                "STOMPTUI_PASSWORD": "guest",
            }
            return running.enter_context(Terminal(argv, environment, folder=ROOT))

        yield run


def fill(port: int, destination: str, count: int) -> None:
    with RawStomp("127.0.0.1", port) as client:
        client.connect("1.2")
        for number in range(count):
            client.receipt("SEND", {"destination": destination, "persistent": "true"}, f"m{number}")


def taken(port: int, destination: str, count: int) -> list[bytes]:
    """What a bare socket gets, and acknowledges."""
    with RawStomp("127.0.0.1", port) as client:
        client.connect("1.2")
        client.receipt("SUBSCRIBE", {"id": "1", "destination": destination, "ack": "client-individual"})
        found = []
        for frame in client.messages(count):
            client.receipt("ACK", {"id": frame["ack"]})
            found.append(frame.body)
        return found


def stand_still(terminal: Terminal, seconds: float) -> None:
    """Stop the process for so long, and let it go on."""
    terminal.kill(signal.SIGSTOP)
    try:
        time.sleep(seconds)
    finally:
        terminal.kill(signal.SIGCONT)


def held_over_a_stop(terminal: Terminal, port: int, destination: str) -> None:
    terminal.wait_for("m0", "m1", "m2", "3 waiting")
    terminal.kill(signal.SIGSTOP)
    try:
        # The broker misses the heart-beats, ends the session, and another consumer gets the messages.
        assert taken(port, destination, 3) == [b"m0", b"m1", b"m2"]
        time.sleep(6.0)
    finally:
        terminal.kill(signal.SIGCONT)
    terminal.wait_for("stood still for", "3 unacknowledged messages were")
    terminal.wait_until(lambda screen: screen.count("returned: the connection was lost") == 3, "each is marked")


def test_what_was_held_is_told_as_returned(start: Start, embedded: EmbeddedBroker) -> None:
    destination = "/queue/standing.still"
    fill(embedded.port, destination, 3)
    held_over_a_stop(start(embedded.port, destination, 1000), embedded.port, destination)


@pytest.mark.broker("rabbitmq")
def test_and_on_a_real_broker(start: Start, rabbitmq: ManagedBroker) -> None:
    name = "standing.still"
    rabbitmq.make_queue(name)
    destination = rabbitmq.destination(name)
    fill(rabbitmq.port, destination, 3)
    held_over_a_stop(start(rabbitmq.port, destination, 1000), rabbitmq.port, destination)


def test_a_session_that_stands_still_stands(start: Start, embedded: EmbeddedBroker) -> None:
    destination = "/queue/standing.alone"
    fill(embedded.port, destination, 3)
    terminal = start(embedded.port, destination, 0)
    terminal.wait_for("m2", "3 waiting")
    stand_still(terminal, 6.0)
    terminal.wait_for("stood still for", "the connection still stands", "3 waiting")
