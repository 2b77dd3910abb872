"""The embedded broker as a process: its first line, its arguments, and that it is gone with its starter."""

from __future__ import annotations

import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stomptui.cli.main import main
from stomptui.embedded.process import READY, StartFailed, start_in_background, stop
from tests.support.ports import accepts
from tests.support.raw import RawStomp

ROOT = Path(__file__).parents[2]
PARENT = """
import sys, time
from stomptui.embedded.process import start_in_background
process, port = start_in_background()
print(process.pid, port, flush=True)
time.sleep(60)
"""


@pytest.fixture
def background() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    process, port = start_in_background("--seed", "7", "--fixed-clock", "--rate", "50")
    yield process, port
    stop(process)


def gone(port: int, seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while accepts(port):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_it_comes_up_with_traffic(background: tuple[subprocess.Popen[bytes], int]) -> None:
    process, port = background
    with RawStomp("127.0.0.1", port) as client:
        assert client.connect()["server"].startswith("stomptui/")
        client.receipt("SUBSCRIBE", {"id": "1", "destination": "/topic/orders.*"})
        assert client.expect("MESSAGE")["app-id"] == "order-service"
        client.receipt("UNSUBSCRIBE", {"id": "1"})
        headers = {"id": "2", "destination": "/amq/queue/invoices", "ack": "client-individual", "prefetch-count": "3"}
        client.receipt("SUBSCRIBE", headers)
        assert [frame["app-id"] for frame in client.messages(3)] == ["billing"] * 3
    stop(process)
    assert process.returncode == 0
    assert gone(port)


def test_the_same_seed_gives_the_same_sessions() -> None:
    sessions = []
    for _ in range(2):
        process, port = start_in_background("--seed", "7", traffic=False)
        with RawStomp("127.0.0.1", port) as client:
            sessions.append(client.connect()["session"])
        stop(process)
    assert sessions[0] == sessions[1]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_it_is_gone_with_its_starter_however_that_ends(how: signal.Signals) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    _, port = map(int, parent.stdout.readline().split())
    assert accepts(port)
    parent.send_signal(how)
    parent.wait(10)
    parent.stdout.close()
    assert gone(port)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_end_it_quietly(how: signal.Signals) -> None:
    argv = [sys.executable, "-m", "stomptui", "broker", "--port", "0"]
    process = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert select.select([process.stdout], [], [], 15)[0]
    line = process.stdout.readline().decode()
    assert line.startswith(f"{READY}127.0.0.1:")
    process.send_signal(how)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, b"", b"")


def test_a_port_that_is_taken_is_said_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    process, port = start_in_background(traffic=False)
    try:
        assert main(["broker", "--port", str(port)]) == 1
        error = capsys.readouterr().err
        assert error == f"stomptui broker: cannot listen on 127.0.0.1:{port}: Address already in use\n"
        with pytest.raises(StartFailed, match="Address already in use"):
            start_in_background("--port", str(port))
    finally:
        stop(process)


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--port", "70000"], "a port is a number from 0 to 65535"),
        (["--port", "x"], "invalid int value"),
        (["--rate", "-1"], "a rate is a number from 0 to 10000"),
        (["--user", "me"], "a user is LOGIN:PASSCODE"),
        (["--nonsense"], "unrecognized arguments"),
    ],
)
def test_bad_arguments(argv: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["broker", *argv]) == 2
    assert said in capsys.readouterr().err


def test_only_who_is_named_comes_in() -> None:
    process, port = start_in_background("--user", "me:se:cret", traffic=False)
    try:
        with RawStomp("127.0.0.1", port) as client:
            client.send("CONNECT", {"accept-version": "1.2", "login": "guest", "passcode": "guest"})
            client.expect("ERROR", message="Bad CONNECT")
            client.connect(login="me", passcode="se:cret")
    finally:
        stop(process)


def test_the_starter_waits_no_longer_than_it_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sleeper = tmp_path / "python"
    sleeper.write_text("#!/bin/sh\nexec sleep 60\n")
    sleeper.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(sleeper))
    with pytest.raises(StartFailed, match="in time"):
        start_in_background(timeout=0.2)
