"""A command that prints a token runs once for sessions that open beside each other, and anew where that does not do."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from stomptui.brokers.registry import BROKERS
from stomptui.cli.main import main
from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import BlockingClient, BlockingEventQueue, NotReached, open_client
from stomptui.connection.event_queue import NullSink
from stomptui.connection.transport.connecting.command_outputs import KEPT, CommandOutputs
from stomptui.protocol.frame import Frame
from tests.faults.servers import CONNECTED, Peer, Script, serving
from tests.support.embedded import EmbeddedBroker
from tests.support.record import Recorder

REFUSED = b"ERROR\nmessage:the token is not valid\n\n\0"


class Tokens:
    """A command that prints another token each time that it runs."""

    def __init__(self, directory: Path) -> None:
        self.count = directory / "count"
        script = directory / "token.py"
        script.write_text(
            "import sys\nopen(sys.argv[1], 'a').write('x')\nprint('token-%d' % len(open(sys.argv[1]).read()))"
        )
        self.line = ("token", f"{{{{command {sys.executable} {script} {self.count}}}}}")

    @property
    def runs(self) -> int:
        return len(self.count.read_text()) if self.count.exists() else 0


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path)


def takes(known: Callable[[str], bool], seen: list[str]) -> Script:
    """A server that lets in who comes with a token that it knows."""

    def script(peer: Peer) -> None:
        token = Frame(peer.frame()[:-1], "1.0").get("token") or ""
        seen.append(token)
        peer.send(CONNECTED if known(token) else REFUSED)
        if known(token):
            peer.wait_closed()

    return script


def side_connection(connection: Connection) -> BlockingClient:
    queue = BlockingEventQueue()
    return open_client(lambda: BlockingClient.make(connection.for_side_connection(), NullSink(), queue, BROKERS))[0]


def test_side_connections_take_what_was_printed_for_the_main_one(tokens: Tokens) -> None:
    seen: list[str] = []
    with serving(takes(lambda token: True, seen)) as port:
        connection = Connection(port=port, headers=(tokens.line,))
        with Recorder(connection) as main_one:
            main_one.connected()
            for _ in range(3):
                side_connection(connection).session.close()
    assert tokens.runs == 1
    assert seen == ["token-1"] * 4


def test_a_main_connection_always_has_it_run(tokens: Tokens) -> None:
    seen: list[str] = []
    with serving(takes(lambda token: True, seen)) as port:
        for _ in range(2):
            with Recorder(Connection(port=port, headers=(tokens.line,))) as recorder:
                recorder.connected()
    assert seen == ["token-1", "token-2"]


def test_a_token_for_one_session_only_is_read_anew_at_once_and_from_then_on(tokens: Tokens) -> None:
    seen: list[str] = []
    with serving(takes(lambda token: seen.count(token) == 1, seen)) as port:
        connection = Connection(port=port, headers=(tokens.line,))
        with Recorder(connection) as main_one:
            main_one.connected()
            for _ in range(3):
                side_connection(connection).session.close()
    assert seen == ["token-1", "token-1", "token-2", "token-3", "token-4"]


def test_a_token_that_was_just_read_is_not_tried_twice(tokens: Tokens) -> None:
    seen: list[str] = []
    with serving(takes(lambda token: False, seen)) as port, pytest.raises(NotReached, match="token"):
        side_connection(Connection(port=port, headers=(tokens.line,)))
    assert seen == ["token-1"]


def test_a_check_runs_it_once_for_all_its_questions(
    tokens: Tokens, embedded: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("stomptui.cli.transfer.runner.start_log", lambda path: None)
    name, value = tokens.line
    assert main(["check", "--connect-header", f"{name}: {value}", f"stomp://127.0.0.1:{embedded.port}/"]) == 0
    assert "Receipts" in capsys.readouterr().out
    assert tokens.runs == 1


def test_what_was_printed_is_good_for_half_a_minute_and_for_one_address() -> None:
    now = 100.0
    outputs = CommandOutputs(lambda: now)
    here, there = Connection(port=1), Connection(port=2)
    outputs.put(here, ["get", "token"], b"t")
    assert outputs.get(here, ["get", "token"]) == b"t"
    assert outputs.get(there, ["get", "token"]) is None
    assert outputs.get(here, ["get", "other"]) is None
    now += KEPT
    assert outputs.get(here, ["get", "token"]) is None
    outputs.put(here, ["get", "token"], b"u")
    outputs.forget(there)
    assert outputs.get(here, ["get", "token"]) == b"u"
    outputs.forget(here)
    assert outputs.get(here, ["get", "token"]) is None
