"""STOMP over WebSocket on a real broker: text, binary, a megabyte, and over TLS."""

from __future__ import annotations

import dataclasses

import pytest

from stomptui.config.connection import Connection, TransportKind
from stomptui.connection.events import ReceiptArrived, Subscribed
from stomptui.connection.frame_headers import Subscription
from tests.interop.listening import Listening, connected, refused
from tests.support.brokers.artemis import Artemis
from tests.support.brokers.rabbitmq import RabbitMQ

BODIES = {
    "text": "say hi! é 日本 \U0001f44b".encode(),
    "NUL": b"a\0b\0",
    "long text": ("0123456789abcdé" * 70_000).encode(),
    "many": b"\n".join(b"line %d" % n for n in range(2_000)),
}
BINARY = {"bytes": bytes(range(256)) * 40, "a megabyte": bytes(range(256)) * 4096}


def echo(listening: Listening, body: bytes) -> bytes:
    """Send it to a topic that is subscribed to; what comes back."""
    session = listening.session
    session.subscribe(Subscription("1", "/topic/websocket.echo"))
    listening.wait_for(Subscribed)
    receipt = session.next_receipt()
    headers = [("destination", "/topic/websocket.echo"), ("receipt", receipt), ("content-length", str(len(body)))]
    session.send("SEND", headers, body)
    listening.wait_for(ReceiptArrived, lambda event: event.receipt == receipt)
    return listening.wait_for_frames("MESSAGE", 1)[0].body


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("transport", ["ws", "wss"])
def test_text_comes_back_as_it_went(rabbitmq: RabbitMQ, transport: str, name: str) -> None:
    connection = rabbitmq.ws_connection() if transport == "ws" else rabbitmq.wss_connection()
    with connected(connection) as listening:
        assert echo(listening, BODIES[name]) == BODIES[name]


@pytest.mark.parametrize("name", BINARY)
def test_bytes_come_back_as_they_went(rabbitmq_strict: RabbitMQ, name: str) -> None:
    with connected(rabbitmq_strict.ws_connection()) as listening:
        assert echo(listening, BINARY[name]) == BINARY[name]


def test_bytes_in_text_messages_are_survived(rabbitmq: RabbitMQ) -> None:
    """RabbitMQ's default puts any body into text messages, UTF-8 or not."""
    with connected(rabbitmq.ws_connection()) as listening:
        assert echo(listening, BINARY["bytes"]) == BINARY["bytes"]


def test_a_large_frame_arrives_at_artemis(artemis: Artemis) -> None:
    connection = artemis.connection()
    over_websocket = dataclasses.replace(connection, transport=TransportKind.WS, ws_path="/", vhost=None)
    with connected(over_websocket) as listening:
        assert echo(listening, BODIES["long text"]) == BODIES["long text"]


def test_a_wrong_path_gives_the_servers_answer(rabbitmq: RabbitMQ) -> None:
    failed = refused(dataclasses.replace(rabbitmq.ws_connection(), ws_path="/nowhere"))
    assert "404" in failed.reason + failed.server_text


def test_a_wrong_password_gives_the_brokers_words(rabbitmq: RabbitMQ) -> None:
    connection: Connection = dataclasses.replace(rabbitmq.ws_connection(), passcode="wrong")
    failed = refused(connection)
    assert "Access refused for user 'guest'" in failed.reason + failed.server_text
