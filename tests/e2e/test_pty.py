"""The program in a real terminal against real sockets: what a person types and what stands on the screen then."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.brokers.rabbitmq import RabbitMQ
from tests.support.embedded import EmbeddedBroker
from tests.support.ports import accepts
from tests.support.raw import RawStomp
from tests.support.terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]
TABS_TO_LOGIN = 6
TYPED_BY_HAND = "stomp://127.0.0.1:{port}/"


@pytest.fixture
def start() -> Iterator[Callable[..., Terminal]]:
    """Runs `stomptui` with these arguments in a terminal of 120 by 36."""
    with contextlib.ExitStack() as running:

        def run(*arguments: str) -> Terminal:
            argv = [sys.executable, "-m", "stomptui", *arguments]
            environment = {**os.environ, "PYTHONPATH": str(ROOT), "STOMP_SKIP_HOSTNAME_SCAN": "1"}
            return running.enter_context(Terminal(argv, environment, folder=ROOT))

        yield run


def fill_the_form(terminal: Terminal, port: int) -> None:
    """Where to, by its URL; who, field by field; and connect."""
    terminal.wait_for("Virtual host", "What will be sent")
    terminal.type_in(TYPED_BY_HAND.format(port=port))
    terminal.wait_for(f"stomp://127.0.0.1:{port}/")
    terminal.press_until(["tab"] * TABS_TO_LOGIN, lambda: terminal.cursor[1].split()[-1:] == ["Login"])
    terminal.type_in("guest")
    terminal.wait_for("login:guest")
    terminal.press_until(["tab"], lambda: "Password" in terminal.cursor[1])
    terminal.type_in("guest")
    terminal.press("enter")
    terminal.wait_for("● connected", "Subscriptions", "STOMP 1.2")


def subscribe(terminal: Terminal, destination: str) -> None:
    terminal.press("s")
    terminal.wait_for("Destination  ")
    terminal.type_in(destination)
    terminal.wait_for(destination)
    terminal.press("f5")
    terminal.wait_until_gone("Destination  ")
    terminal.wait_for(f"subscribed to {destination}", "◉")


def compose_and_send(terminal: Terminal, destination: str, body: str) -> None:
    terminal.press("c")
    terminal.wait_for("SEND to")
    terminal.type_in(destination)
    terminal.wait_for(f"destination:{destination}")
    terminal.press_until([], lambda: "SEND to" in terminal.cursor[1])
    terminal.press_until(["enter"], lambda: "SEND to" not in terminal.cursor[1])
    terminal.type_in(body)
    terminal.wait_until(lambda screen: screen.count(body) >= 2, "the body, in its place and in the frame")
    terminal.press("f5")


def lines_with(screen: str, *texts: str) -> list[str]:
    """The lines of the screen that hold all the texts."""
    return [line for line in screen.splitlines() if all(text in line for text in texts)]


def through_a_loss(
    terminal: Terminal, port: int, destination: str, stop: Callable[[], None], again: Callable[[], None]
) -> None:
    """From the empty form through a broker that goes away and comes back."""
    fill_the_form(terminal, port)
    subscribe(terminal, destination)
    compose_and_send(terminal, destination, "say hi!")
    terminal.wait_for("✓ confirmed in")
    terminal.wait_until(lambda screen: bool(lines_with(screen, "← ", destination, "say hi!")), "the message")
    assert lines_with(terminal.text, "→ ", destination, "say hi!", "✓"), "its row says so too"
    stop()
    screen = terminal.wait_for("connection lost", "reconnecting in")
    assert lines_with(screen, "✗ connection lost", "reconnecting in"), "the status bar says it in words"
    again()
    terminal.press("escape")
    terminal.wait_until_gone("SEND to")
    terminal.press("r")
    terminal.wait_for("● connected", "connected again after", "◉", timeout=40)
    with RawStomp("127.0.0.1", port) as client:
        client.connect()
        client.receipt("SEND", {"destination": destination}, "back again")
    terminal.wait_until(lambda screen: bool(lines_with(screen, "← ", destination, "back again")), "the second one")
    assert lines_with(terminal.text, "gap", "connected again after"), terminal.text
    terminal.type_in("/zzzz\r")
    terminal.wait_for("No rows contain 'zzzz'. esc shows all")
    terminal.press("escape")
    terminal.wait_for("back again", "connected again after")
    terminal.wait_until_gone("zzzz")
    terminal.press("q")
    assert terminal.wait_end() == 0
    assert terminal.modes_left_on() == []
    assert terminal.line_mode_is_back()
    assert f"{destination}  2 received, 1 sent" in terminal.after_the_screen()


def test_a_first_session_on_the_broker_in_the_box(start: Callable[..., Terminal], embedded: EmbeddedBroker) -> None:
    through_a_loss(start(), embedded.port, "/topic/pty", embedded.stop, embedded.start)


def test_a_first_session_on_rabbitmq(start: Callable[..., Terminal], rabbitmq: RabbitMQ) -> None:
    try:
        through_a_loss(start(), rabbitmq.port, "/topic/pty", rabbitmq.kill, rabbitmq.start)
    finally:
        if not accepts(rabbitmq.port):
            rabbitmq.start()


QUEUE = "/queue/looked-at-and-killed"


def looked_at_and_killed(terminal: Terminal, port: int) -> None:
    """The app dies while it peeks at a queue; a bare socket finds all of it, in order."""
    bodies = [b"message %d" % number for number in range(20)]
    with RawStomp("127.0.0.1", port) as client:
        client.connect()
        for body in bodies:
            client.receipt("SEND", {"destination": QUEUE}, body)
    terminal.press("p")
    terminal.wait_for("How many")
    terminal.type_in(QUEUE)
    terminal.press("enter")
    terminal.wait_for("“redelivered”")
    terminal.press("enter")
    terminal.wait_for("message 0", "message 19", "20 unacked")
    terminal.kill(signal.SIGKILL)
    assert terminal.wait_end() == -signal.SIGKILL
    with RawStomp("127.0.0.1", port) as client:
        client.connect()
        client.send("SUBSCRIBE", {"id": "0", "destination": QUEUE, "ack": "client-individual"})
        assert [message.body for message in client.messages(len(bodies))] == bodies
        client.expect_nothing()


def test_a_killed_app_gives_back_what_it_looked_at(start: Callable[..., Terminal], embedded: EmbeddedBroker) -> None:
    terminal = start(f"stomp://guest:guest@127.0.0.1:{embedded.port}/")
    terminal.wait_for("● connected")
    looked_at_and_killed(terminal, embedded.port)


def test_a_killed_app_gives_back_what_it_looked_at_on_rabbitmq(
    start: Callable[..., Terminal], rabbitmq: RabbitMQ
) -> None:
    rabbitmq.delete(QUEUE.removeprefix("/queue/"))
    terminal = start(f"stomp://guest:guest@127.0.0.1:{rabbitmq.port}/")
    terminal.wait_for("● connected")
    looked_at_and_killed(terminal, rabbitmq.port)


def test_sigterm_leaves_the_terminal_as_it_was(start: Callable[..., Terminal], embedded: EmbeddedBroker) -> None:
    terminal = start(f"stomp://guest:guest@127.0.0.1:{embedded.port}/", "--subscribe", "/topic/pty")
    terminal.wait_for("● connected", "subscribed to /topic/pty")
    embedded.publish("/topic/pty", "one")
    terminal.wait_for("one")
    terminal.kill(signal.SIGTERM)
    assert terminal.wait_end() == 128 + signal.SIGTERM
    assert terminal.modes_left_on() == []
    assert terminal.line_mode_is_back()
    assert terminal.after_the_screen().strip() == "/topic/pty  1 received"
    embedded.wait(lambda: embedded.clients == 0)


def demo_brokers(parent: int) -> list[int]:
    """The broker processes a demo started."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    return [int(pid) for pid, ppid, args in rows if int(ppid) == parent and "stomptui" in args and " broker " in args]


def alive(pid: int) -> bool:
    """Whether the process runs; one that ended and that nobody has waited for does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="processes are looked up in /proc")
def test_the_demo_broker_goes_with_an_app_that_was_killed(start: Callable[..., Terminal]) -> None:
    terminal = start("--demo")
    terminal.wait_for("● connected", "/topic/orders.*", timeout=30)
    brokers = demo_brokers(terminal.pid)
    assert len(brokers) == 1
    terminal.kill(signal.SIGKILL)
    assert terminal.wait_end() == -signal.SIGKILL
    deadline = time.monotonic() + 10
    while alive(brokers[0]):
        assert time.monotonic() < deadline, "the broker of the demo is still there"
        time.sleep(0.02)
