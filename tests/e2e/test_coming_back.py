"""The terminal is given back and taken again, whoever stops the program, and nothing holds up who wants to leave."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.test_pty import alive, demo_brokers
from tests.e2e.test_typing_ahead import working
from tests.support.embedded import EmbeddedBroker
from tests.support.running import ROOT, stomptui
from tests.support.terminal import Terminal


def state(pid: int) -> str:
    """R, S, T for stopped, ..."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def wait_until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.02)


def goes_on(terminal: Terminal) -> None:
    """Let it go on; it paints everything anew."""
    painted = len(terminal.raw)
    terminal.kill(signal.SIGCONT)
    wait_until(lambda: b"Subscriptions" in terminal.raw[painted:], "everything painted anew")
    wait_until(lambda: "bracketed paste" in terminal.modes_left_on(), "bracketed paste again")
    assert not terminal.line_mode_is_back()


def test_stopped_and_brought_back(embedded: EmbeddedBroker) -> None:
    with working(embedded, "/queue/acme") as terminal:
        terminal.wait_for("3 waiting")
        terminal.press("ctrl+z")
        wait_until(lambda: state(terminal.pid) == "T", "stopped")
        wait_until(lambda: terminal.modes_left_on() == [], "the terminal given back")
        assert terminal.line_mode_is_back()
        goes_on(terminal)
        for _ in range(2):
            # Nobody gave the terminal back before this one.
            terminal.kill(signal.SIGSTOP)
            wait_until(lambda: state(terminal.pid) == "T", "stopped")
            goes_on(terminal)
        painted = len(terminal.raw)
        terminal.press("ctrl+l")
        wait_until(lambda: b"Subscriptions" in terminal.raw[painted:], "everything painted anew")
        terminal.wait_for("message 2", "5 of 9")
        terminal.press("L")
        terminal.wait_for("rows cleared: U brings them back", "0 of 0", "9 cleared")
        terminal.press("U")
        terminal.wait_for("message 2", "5 of 9")
        terminal.press("q")
        assert terminal.wait_end() == 0
        assert terminal.modes_left_on() == []
        assert terminal.line_mode_is_back()


@pytest.mark.skipif(shutil.which("bash") is None, reason="a shell with job control")
def test_stopped_and_brought_back_by_a_shell(embedded: EmbeddedBroker) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PS1": "PROMPT>"}
    with Terminal(["bash", "--norc", "--noprofile", "-i"], environment, folder=ROOT) as terminal:
        terminal.wait_for("PROMPT>")
        terminal.type_in(f"{sys.executable} -m stomptui stomp://guest:guest@127.0.0.1:{embedded.port}/\r")
        terminal.wait_for("● connected")
        # In the background it has no terminal to go on with, and waits for the foreground.
        for told in ("fg\r", "bg\recho go''es on\r"):
            terminal.press("ctrl+z")
            terminal.wait_for("Stopped")
            painted = len(terminal.raw)
            terminal.type_in(told)
            if "bg" in told:
                terminal.wait_for("goes on")
                terminal.type_in("fg\r")
            wait_until(lambda: b"Subscriptions" in terminal.raw[painted:], "everything painted anew")  # noqa: B023
        terminal.press("q")
        wait_until(lambda: terminal.raw.rstrip().endswith(b"PROMPT>"), "the prompt")
        terminal.type_in("exit\r")
        assert terminal.wait_end() == 0


def test_a_demo_that_was_stopped_leaves_nothing_behind() -> None:
    with stomptui("--demo") as terminal:
        terminal.wait_for("● connected", "/topic/orders.*", timeout=30)
        brokers = demo_brokers(terminal.pid)
        terminal.kill(signal.SIGSTOP)
        wait_until(lambda: state(terminal.pid) == "T", "stopped")
        goes_on(terminal)
        terminal.type_in("q")
        assert terminal.wait_end() == 0
        assert terminal.line_mode_is_back()
        wait_until(lambda: not any(alive(pid) for pid in brokers), "the broker of the demo ended")


def test_a_test_of_a_silent_server_holds_nobody_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with stomptui() as terminal:
            terminal.wait_for("Virtual host", "What will be sent")
            terminal.type_in(f"stomp://guest:guest@127.0.0.1:{port}/")
            terminal.wait_for("login:guest", "Host         127.0.0.1", str(port))
            terminal.press("f5")
            connection, _ = silent.accept()
            with connection:
                terminal.press("escape")
                terminal.wait_for("cancelled")
                connection.settimeout(20)
                while connection.recv(1024):
                    pass
                terminal.press("escape")
                terminal.wait_for("is not saved. Leave all the same?")
                terminal.type_in("y")
                assert terminal.wait_end(timeout=8) == 0, "long before the ten seconds that connecting may take"
