"""What brokers answer to frames that are not as they should be, as raw mode shows it."""

from __future__ import annotations

import queue

import pytest

from stomptui.application import raw_exchange
from stomptui.application.raw_exchange import RawExchange, RawState
from stomptui.application.side_connections import SideConnections
from stomptui.config.connection import Connection
from stomptui.connection.event_queue import NullSink
from tests.interop.test_brokers import on_each
from tests.support.brokers.rabbitmq import RabbitMQ

ENDED, WAITS = "the connection ended after", "nothing came for 0.5 s; the broker waits for the rest"
ANSWERED = "nothing more came for 0.5 s"
QUEUE = "/queue/raw-mode"
PROPER = f"SEND\ndestination:{QUEUE}\nreceipt:r\n\nx\0".encode()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_exchange, "QUIET", 0.5)


def exchanged(to: Connection, data: bytes) -> tuple[str, list[bytes]]:
    """How it ended, and what was answered."""
    told: queue.Queue[RawState] = queue.Queue()
    RawExchange(SideConnections(NullSink(), lambda: to), data, told.put).start()
    while not (state := told.get(timeout=45)).over:
        pass
    return state.doing, [answer.raw for answer in state.answers]


@pytest.mark.parametrize("name", on_each("rabbitmq", "activemq5", "artemis"))
def test_what_a_broker_makes_of_it_is_seen(name: str, request: pytest.FixtureRequest) -> None:
    to = Connection(port=request.getfixturevalue(name).port, login="guest", passcode="guest")
    ended, answers = exchanged(to, PROPER)
    assert ended.startswith(ANSWERED)
    assert [answer.split(b"\n")[:2] for answer in answers] == [[b"RECEIPT", b"receipt-id:r"]]

    ended, answers = exchanged(to, PROPER.replace(b"receipt", b"odd:\\t\nreceipt"))
    # RabbitMQ hangs up without a word, ActiveMQ takes it, Artemis says what is wrong.
    assert ended.startswith(ANSWERED if name == "activemq5" else ENDED)
    said = b"".join(answers)
    assert {"rabbitmq": not said, "activemq5": b"RECEIPT" in said, "artemis": b"Undefined escape" in said}[name]

    ended, answers = exchanged(to, b"FOO\n\n\0")
    assert ended.startswith(ANSWERED if name == "rabbitmq" else ENDED)
    assert answers[0].startswith(b"ERROR\n")

    assert exchanged(to, PROPER[:-1])[0].startswith(WAITS)
    assert exchanged(to, PROPER.replace(b"receipt", b"content-length:9\nreceipt"))[0].startswith(WAITS)


@pytest.mark.broker("rabbitmq")
def test_over_websocket_it_is_the_same(rabbitmq: RabbitMQ) -> None:
    ended, answers = exchanged(rabbitmq.ws_connection(), PROPER)
    assert ended.startswith(ANSWERED)
    assert [answer.split(b"\n")[1] for answer in answers] == [b"receipt-id:r"]
    assert exchanged(rabbitmq.ws_connection(), PROPER[:-1])[0].startswith(WAITS)
