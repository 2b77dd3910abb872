"""Certificates on a real broker: whom the app trusts, whom it does not, and what it says then."""

from __future__ import annotations

import dataclasses

import pytest

from stomptui.config.connection import Connection, Tls, TransportKind
from tests.interop.listening import connected, refused
from tests.support.brokers.rabbitmq import OTHER_ADDRESS, RabbitMQ
from tests.support.certificates import KEY_PASSWORD, Pair


def with_tls(connection: Connection, **changes: str | bool) -> Connection:
    """The same connection with other TLS settings."""
    return dataclasses.replace(connection, tls=dataclasses.replace(connection.tls, **changes))  # type: ignore[arg-type]


@pytest.fixture(params=["tls", "wss"])
def secure(request: pytest.FixtureRequest, rabbitmq: RabbitMQ) -> Connection:
    return rabbitmq.tls_connection() if request.param == "tls" else rabbitmq.wss_connection()


def test_a_trusted_certificate_is_taken(secure: Connection) -> None:
    with connected(secure) as listening:
        assert listening.session.server.startswith("RabbitMQ/")


def test_the_name_in_the_certificate_may_be_given(secure: Connection) -> None:
    with connected(with_tls(secure, server_name="localhost")):
        pass


@pytest.mark.parametrize("ca", ["other", "system"])
def test_a_certificate_of_a_ca_nobody_trusts_is_refused(rabbitmq: RabbitMQ, secure: Connection, ca: str) -> None:
    failed = refused(with_tls(secure, ca_file=str(rabbitmq.certificates.other_ca) if ca == "other" else ""))
    assert "certificate" in failed.reason.lower()
    assert "trust" in failed.reason.lower() or "self-signed" in failed.reason.lower()


def test_a_certificate_for_another_name_is_refused(rabbitmq: RabbitMQ, secure: Connection) -> None:
    by_name = refused(with_tls(secure, server_name="broker.example"))
    assert "broker.example" in by_name.reason
    if secure.port == rabbitmq.tls_port:
        by_address = refused(dataclasses.replace(secure, host=OTHER_ADDRESS))
        assert OTHER_ADDRESS in by_address.reason


def test_who_asks_for_it_may_trust_anybody(secure: Connection) -> None:
    with connected(with_tls(secure, ca_file="", verify=False)) as listening:
        assert listening.session.server.startswith("RabbitMQ/")


@pytest.fixture(params=["tls", "wss"])
def strict(request: pytest.FixtureRequest, rabbitmq_strict: RabbitMQ) -> Connection:
    return rabbitmq_strict.tls_connection() if request.param == "tls" else rabbitmq_strict.wss_connection()


def test_a_client_certificate_opens_the_door(rabbitmq_strict: RabbitMQ, strict: Connection) -> None:
    own = rabbitmq_strict.certificates.client
    with connected(with_tls(strict, cert_file=str(own.cert), key_file=str(own.key))) as listening:
        assert listening.session.server.startswith("RabbitMQ/")


def test_an_encrypted_key_needs_its_password(rabbitmq_strict: RabbitMQ, strict: Connection) -> None:
    own = rabbitmq_strict.certificates.client_locked
    locked = with_tls(strict, cert_file=str(own.cert), key_file=str(own.key))
    with connected(with_tls(locked, key_password=KEY_PASSWORD)):
        pass
    # Without one OpenSSL would ask on the terminal, and the screen would hang.
    for wrong in ("", "not it"):
        assert "password" in refused(with_tls(locked, key_password=wrong)).reason.lower()


@pytest.mark.parametrize("shown", ["none", "a stranger's"])
def test_without_the_right_client_certificate_it_says_so(
    rabbitmq_strict: RabbitMQ, strict: Connection, shown: str
) -> None:
    stranger: Pair = rabbitmq_strict.certificates.stranger
    tls: dict[str, str] = {}
    if shown != "none":
        tls = {"cert_file": str(stranger.cert), "key_file": str(stranger.key)}
    failed = refused(with_tls(strict, **tls))
    assert "certificate" in failed.reason.lower()


def test_tls_to_a_plain_port_is_named(rabbitmq: RabbitMQ) -> None:
    to_plain = dataclasses.replace(rabbitmq.tls_connection(), port=rabbitmq.port, timeout=3.0)
    assert "TLS" in refused(to_plain).reason


def test_plain_to_a_tls_port_is_named(rabbitmq: RabbitMQ) -> None:
    to_tls = dataclasses.replace(rabbitmq.connection(), port=rabbitmq.tls_port, timeout=3.0)
    assert "TLS" in refused(to_tls).reason


def test_tls_settings_have_no_secret_in_their_text() -> None:
    assert KEY_PASSWORD not in repr(Tls(key_password=KEY_PASSWORD))


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.broker(name)) for name in ("rabbitmq", "activemq5", "artemis")]
)
def test_a_port_of_the_other_kind_is_told(request: pytest.FixtureRequest, name: str) -> None:
    """The real broker resets, waits and answers as it does."""
    broker = request.getfixturevalue(name)
    wrong = dataclasses.replace(broker.connection(), port=broker.tls_port)
    failed = refused(wrong)
    assert failed.reason == f"127.0.0.1 port {wrong.port} speaks TLS: choose TLS as the transport"
    assert failed.instead is TransportKind.TLS
    wrong = dataclasses.replace(broker.tls_connection(), port=broker.port, timeout=1.0)
    failed = refused(wrong)
    assert failed.reason.startswith(f"127.0.0.1 port {wrong.port} does not speak TLS"), failed.reason
    assert failed.instead is None


def test_a_websocket_port_of_the_other_kind_is_told(rabbitmq: RabbitMQ) -> None:
    secure = rabbitmq.wss_connection()
    failed = refused(dataclasses.replace(secure, transport=TransportKind.WS))
    assert failed.reason == f"127.0.0.1 port {secure.port} speaks TLS: choose secure WebSocket as the transport"
    assert failed.instead is TransportKind.WSS
    failed = refused(dataclasses.replace(secure, port=rabbitmq.ws_port))
    assert failed.reason.startswith(f"127.0.0.1 port {rabbitmq.ws_port} does not speak TLS"), failed.reason
