"""Whatever is stopped while a server is silent ends soon, and says that nothing was done."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.connection import blocking_client
from stomptui.protocol.frame import Frame
from stomptui.queues.actions import pipeline
from stomptui.queues.actions.action import Action
from stomptui.queues.peek import reports as r
from stomptui.queues.peek.peek_values import PeekOptions
from tests.faults import servers
from tests.faults.waiting import until
from tests.support.peeking import PeekFailed, Peeking
from tests.support.transferring import Running, start_drain, start_refill

LONG = 300.0
"""Seconds that nobody waits for in a test."""
SERVERS = {
    "rabbitmq": "RabbitMQ/3.10.8",
    "activemq": "ActiveMQ/5.17.2",
    "artemis": "ActiveMQ-Artemis/2.56.0",
    "embedded": "stomptui/0.1.0",
}
ENDS = (r.Surveyed, r.PeekEnded, r.ActionEnded, r.Failed)
ITEMS = [(0, Frame(b"MESSAGE\nmessage-id:1\ndestination:/queue/orders\n\nx", "1.2"))]


class Silent:
    """A server that answers nothing, or CONNECT alone."""

    def __init__(self, connects: bool) -> None:
        self.connects = connects
        self.broker = "embedded"
        """As what it behaves."""
        self.asked = threading.Event()
        """Set once something came that it does not answer."""

    def __call__(self, peer: servers.Peer) -> None:
        connect = peer.frame()
        if self.connects:
            peer.send(servers.connected(version="1.2" if b"1.2" in connect else "1.1", server=SERVERS[self.broker]))
            peer.frame()
        self.asked.set()
        peer.wait_closed()


@pytest.fixture(params=[False, True], ids=["before CONNECTED", "behind CONNECTED"])
def silent(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Silent, Connection]]:
    monkeypatch.setattr(blocking_client, "STOP_TIMEOUT", 0.1)
    monkeypatch.setattr(pipeline, "SILENCE", 0.1)
    monkeypatch.setattr(blocking_client.BlockingClient.close, "__defaults__", (0.1,))
    server = Silent(request.param)
    with servers.serving(server) as port:
        yield server, Connection(port=port, timeout=LONG)


def stopped(running: Running, server: Silent) -> str:
    """What a transfer tells that is stopped once the server is silent."""
    assert server.asked.wait(20)
    running.transfer.stop()
    return running.wait().result.text


@pytest.mark.parametrize("broker", SERVERS)
def test_a_drain(silent: tuple[Silent, Connection], tmp_path: Path, broker: str) -> None:
    server, connection = silent
    server.broker = broker
    path = tmp_path / "orders.jsonl"
    running = start_drain(connection, "/queue/orders", path, dialect=BROKERS.named(broker))
    assert stopped(running, server) == "0 drained; stopped: by you"
    assert not path.exists()


@pytest.mark.parametrize("broker", SERVERS)
def test_a_refill(silent: tuple[Silent, Connection], tmp_path: Path, broker: str) -> None:
    server, connection = silent
    server.broker = broker
    path = tmp_path / "orders.jsonl"
    path.write_text('{"destination": "/queue/refilled", "body": "one"}\n')
    running = start_refill(connection, path, dialect=BROKERS.named(broker))
    told = stopped(running, server)
    assert told in ("0 sent; stopped: by you", "0 sent, 1 untouched; stopped: by you"), running.result


@pytest.mark.parametrize("broker", SERVERS)
def test_a_peek_and_its_actions(silent: tuple[Silent, Connection], broker: str) -> None:
    server, connection = silent
    server.broker = broker
    peek = Peeking(connection, "/queue/orders", dialect=BROKERS.named(broker))

    def stop() -> None:
        """Stop what was asked for once the server is asked, or where it needs no server, has ended."""
        told = len(peek.reports)
        until(lambda: server.asked.is_set() or any(isinstance(report, ENDS) for report in peek.reports[told:]))
        server.asked.clear()
        peek.peek.stop()

    stop()
    with contextlib.suppress(PeekFailed):
        peek.survey()
    peek.peek.peek(PeekOptions())
    stop()
    with pytest.raises(PeekFailed, match="stopped: by you"):
        peek.wait(r.PeekEnded)
    for kind in ("copy", "move", "delete", "reject"):
        peek.peek.act(Action(kind, "/queue/elsewhere" if kind in ("copy", "move") else ""), ITEMS)
        stop()
        result = peek.wait(r.ActionEnded).result
        assert result.count("done") == 0, kind
        assert result.stopped or result.count("failed") == 1, kind
    peek.close()
