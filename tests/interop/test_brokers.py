"""The brokers under test are what the other tests take them for."""

from __future__ import annotations

import socket
import ssl

import pytest

from tests.interop.listening import connected
from tests.support.brokers.coilmq import CoilMQ
from tests.support.brokers.rabbitmq import OTHER_ADDRESS, RabbitMQ
from tests.support.raw import RawStomp


def handshake(port: int, context: ssl.SSLContext, host: str = "127.0.0.1") -> bytes:
    """The first bytes of the answer to CONNECT over TLS."""
    plain = socket.create_connection((host, port), timeout=10)
    with plain, context.wrap_socket(plain, server_hostname=host) as secure:
        secure.sendall(b"CONNECT\naccept-version:1.2\nlogin:guest\npasscode:guest\nhost:/\n\n\0")
        return secure.recv(100)


def test_rabbitmq_speaks_stomp_and_counts(rabbitmq: RabbitMQ) -> None:
    queue = "fixture-counts"
    rabbitmq.declare(queue)
    with RawStomp("127.0.0.1", rabbitmq.port) as client:
        client.connect("1.2")
        client.receipt("SEND", {"destination": f"/queue/{queue}"}, b"one")
    assert rabbitmq.counts(queue) == (1, 0)


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
        pytest.param("activemq5", "activemq", marks=pytest.mark.broker("activemq5")),
        pytest.param("activemq6", "activemq", marks=pytest.mark.broker("activemq6")),
        pytest.param("artemis", "artemis", marks=pytest.mark.broker("artemis")),
    ],
)
def test_the_brokers_in_java_are_known_by_their_answer(request: pytest.FixtureRequest, name: str, dialect: str) -> None:
    broker = request.getfixturevalue(name)
    for connection in (broker.connection(), broker.tls_connection()):
        with connected(connection) as listening:
            assert listening.session.dialect.name == dialect
