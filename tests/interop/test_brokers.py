"""The brokers under test are what the other tests take them for."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Iterator
from typing import Any

import pytest

from tests.interop.listening import connected
from tests.support.brokers import MANAGED, Artemis, Box, CoilMQ, ManagedBroker, RabbitMQ40, RabbitMQ43
from tests.support.brokers.rabbitmq import OTHER_ADDRESS, RabbitMQ
from tests.support.ports import accepts
from tests.support.raw import RawFrame, RawStomp


def on_each(*names: str) -> list[Any]:
    """Names of brokers' fixtures as parameters, marked as what they need."""
    return [pytest.param(name, marks=pytest.mark.broker(name)) for name in names]


def handshake(port: int, context: ssl.SSLContext, host: str = "127.0.0.1") -> bytes:
    """The first bytes of the answer to CONNECT over TLS."""
    plain = socket.create_connection((host, port), timeout=10)
    with plain, context.wrap_socket(plain, server_hostname=host) as secure:
        secure.sendall(b"CONNECT\naccept-version:1.2\nlogin:guest\npasscode:guest\nhost:/\n\n\0")
        return secure.recv(100)


def test_rabbitmq_proves_who_it_is(rabbitmq: RabbitMQ) -> None:
    trusting = ssl.create_default_context(cafile=str(rabbitmq.certificates.ca))
    assert handshake(rabbitmq.tls_port, trusting).startswith(b"CONNECTED\n")
    with pytest.raises(ssl.SSLCertVerificationError, match="IP address mismatch"):
        handshake(rabbitmq.tls_port, trusting, OTHER_ADDRESS)
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(rabbitmq.tls_port, ssl.create_default_context(cafile=str(rabbitmq.certificates.other_ca)))


def test_rabbitmq_asks_for_a_client_certificate(rabbitmq_strict: RabbitMQ) -> None:
    certificates = rabbitmq_strict.certificates
    context = ssl.create_default_context(cafile=str(certificates.ca))
    with pytest.raises((ssl.SSLError, ConnectionError)):
        handshake(rabbitmq_strict.tls_port, context)
    context.load_cert_chain(certificates.client.cert, certificates.client.key)
    assert handshake(rabbitmq_strict.tls_port, context).startswith(b"CONNECTED\n")


def test_coilmq_answers(coilmq: CoilMQ) -> None:
    with RawStomp("127.0.0.1", coilmq.port) as client:
        client.send_raw(b"CONNECT\naccept-version:1.1\nhost:localhost\n\n\0")
        assert client.expect("CONNECTED")["server"].startswith("coilmq/")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "dialect"),
    [
        pytest.param(name, dialect, marks=pytest.mark.broker(name))
        for name, dialect in (
            ("rabbitmq40", "rabbitmq"),
            ("rabbitmq43", "rabbitmq"),
            ("activemq5", "activemq"),
            ("activemq6", "activemq"),
            ("artemis", "artemis"),
        )
    ],
)
def test_brokers_are_known_by_their_answer(request: pytest.FixtureRequest, name: str, dialect: str) -> None:
    broker = request.getfixturevalue(name)
    for connection in (broker.connection(), broker.tls_connection()):
        with connected(connection) as listening:
            assert listening.session.dialect.name == dialect


def test_the_chroots_have_the_versions_they_are_called_by(rabbitmq40: RabbitMQ40, rabbitmq43: RabbitMQ43) -> None:
    assert rabbitmq40.api("GET", "/api/overview")["rabbitmq_version"].startswith("4.0.")
    newest = rabbitmq43.api("GET", "/api/overview")["rabbitmq_version"]
    assert tuple(map(int, newest.split(".")[:2])) >= (4, 3)


@contextlib.contextmanager
def client_of(broker: ManagedBroker, login: str = "guest") -> Iterator[RawStomp]:
    with RawStomp("127.0.0.1", broker.port) as client:
        client.connect("1.2", login, login)
        yield client


def fill(broker: ManagedBroker, queue: str, count: int) -> None:
    """A new queue with that many durable messages."""
    broker.make_queue(queue)
    with client_of(broker) as client:
        for number in range(count):
            client.receipt("SEND", {"destination": broker.destination(queue), "persistent": "true"}, f"m{number}")


def read(client: RawStomp, broker: ManagedBroker, queue: str, count: int) -> list[RawFrame]:
    """The first messages of a queue, held by the client."""
    client.send("SUBSCRIBE", {"id": "1", "destination": broker.destination(queue), "ack": "client-individual"})
    return client.messages(count)


def test_counts_are_what_clients_did_at_that_moment(managed: ManagedBroker) -> None:
    queue = "fixture.counts"
    fill(managed, queue, 10)
    assert managed.counts(queue) == (10, 0)
    with client_of(managed) as client:
        held = read(client, managed, queue, 10)
        assert (managed.depth(queue), managed.held(queue)) == (10, 10)
        client.receipt("ACK", {"id": held[4]["ack"]})
        managed.wait_for(queue, depth=9, held=9)
    managed.wait_for(queue, depth=9)
    with client_of(managed) as client:
        assert [frame.text for frame in read(client, managed, queue, 9)] == [f"m{n}" for n in range(10) if n != 4]
    managed.make_queue(queue)
    assert managed.counts(queue) == (0, 0)
    managed.drop_queue(queue)
    with pytest.raises(AssertionError, match=queue):
        managed.counts(queue)
    managed.drop_queue(queue)


@pytest.mark.parametrize("name", on_each("rabbitmq", "rabbitmq40", "rabbitmq43"))
@pytest.mark.parametrize("kind", ["quorum", "stream"])
def test_rabbitmq_counts_in_every_kind_of_queue(request: pytest.FixtureRequest, name: str, kind: str) -> None:
    rabbitmq = request.getfixturevalue(name)
    queue = f"fixture-{kind}"
    rabbitmq.delete(queue)
    rabbitmq.declare(queue, kind)
    with client_of(rabbitmq) as client:
        for _ in range(5):
            client.receipt("SEND", {"destination": rabbitmq.destination(queue)}, b"m")
        assert rabbitmq.counts(queue) == (5, 0)
        if kind == "quorum":
            assert len(read(client, rabbitmq, queue, 5)) == 5
            assert rabbitmq.counts(queue) == (0, 5)
    rabbitmq.wait_for(queue, depth=5)


@pytest.mark.parametrize("name", on_each(*(key for key, kind in MANAGED.items() if "reader" in kind.logins)))
def test_a_reader_reads_and_does_nothing_else(request: pytest.FixtureRequest, name: str) -> None:
    broker = request.getfixturevalue(name)
    queue = "fixture.reader"
    fill(broker, queue, 2)
    with client_of(broker, "reader") as client:
        assert len(read(client, broker, queue, 2)) == 2
        assert broker.held(queue) == 2
        client.send("SEND", {"destination": broker.destination(queue), "receipt": "r"}, b"no")
        assert client.read().command == "ERROR"
    broker.wait_for(queue, depth=2)


@pytest.mark.parametrize(("login", "answer"), [("guest", "RECEIPT"), ("bob", "ERROR")])
def test_artemis_is_managed_by_who_may(artemis: Artemis, login: str, answer: str) -> None:
    queue = f"fixture.{login}"
    with client_of(artemis, login) as client:
        client.receipt("SEND", {"destination": artemis.destination(queue)}, b"makes the queue")
        assert read(client, artemis, queue, 1)[0].text == "makes the queue"
        asking = {"_AMQ_ResourceName": "broker", "_AMQ_OperationName": "getVersion"}
        client.send("SEND", {"destination": "activemq.management", **asking, "receipt": "r"}, "[]")
        assert client.read().command == answer
    artemis.drop_queue(queue)


@pytest.mark.slow
def test_durable_messages_survive_a_stop_and_a_power_cut(managed: ManagedBroker) -> None:
    queue = "fixture.durable"
    fill(managed, queue, 3)
    managed.stop()
    assert not accepts(managed.port)
    managed.start()
    assert managed.counts(queue) == (3, 0)
    if isinstance(managed, Box):
        return
    with client_of(managed) as client:
        read(client, managed, queue, 3)
        managed.kill()
        assert client.expect_closed() == []
    managed.start()
    assert managed.counts(queue) == (3, 0)
    with client_of(managed) as client:
        assert [frame.text for frame in read(client, managed, queue, 3)] == ["m0", "m1", "m2"]
