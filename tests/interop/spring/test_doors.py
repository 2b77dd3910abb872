"""Every way into a Spring application: who has what it asks for is in, and who has not is told."""

from __future__ import annotations

import dataclasses

import pytest

from stomptui.config.connection import TransportKind
from tests.interop.listening import connected, refused
from tests.support.brokers.spring import Door, Spring


@pytest.mark.parametrize("door", Door, ids=lambda door: door.name.lower())
def test_a_door_opens_for_who_has_what_it_asks_for(spring: Spring, door: Door) -> None:
    with connected(spring.through(door)) as listening:
        assert listening.session.version == "1.2"
        user = listening.wait_for_frames("CONNECTED", 1)[0].get("user-name")
        assert user == (None if door in (Door.OPEN, Door.QUERY) else "alice")


@pytest.mark.parametrize(
    ("door", "words"),
    [(Door.BASIC, "401"), (Door.FORM, "/login"), (Door.QUERY, "401"), (Door.CSRF, "/login"), (Door.BEARER, "Failed")],
    ids=lambda value: value.name.lower() if isinstance(value, Door) else value,
)
def test_who_has_nothing_to_show_is_told(spring: Spring, door: Door, words: str) -> None:
    bare = dataclasses.replace(spring.connection(), ws_path=f"{door.value}/ws")
    failed = refused(bare)
    assert words in failed.reason + failed.server_text


def test_a_token_that_expired_is_refused(spring: Spring) -> None:
    spring.accept_token("another")
    try:
        assert "401" in refused(spring.through(Door.QUERY)).reason
        assert refused(spring.through(Door.BEARER)).reason
    finally:
        spring.accept_token("open-sesame")


@pytest.mark.parametrize("port", ["tls", "client"])
def test_secure_websocket_with_a_ca_and_a_certificate_of_ones_own(spring: Spring, port: str) -> None:
    with connected(spring.tls_connection() if port == "tls" else spring.client_tls_connection()):
        pass


def test_without_the_client_certificate_it_says_so(spring: Spring) -> None:
    without = dataclasses.replace(spring.client_tls_connection(), tls=spring.tls_connection().tls)
    assert "certificate" in refused(without).reason.lower()


def test_a_port_of_the_other_kind_is_told(spring: Spring) -> None:
    """Tomcat answers with a 400 that says so in its body, as other servers do in other words."""
    for port in (spring.tls_port, spring.client_tls_port):
        failed = refused(dataclasses.replace(spring.connection(), port=port))
        assert failed.reason == f"127.0.0.1 port {port} speaks TLS: choose secure WebSocket as the transport"
        assert failed.instead is TransportKind.WSS
    failed = refused(dataclasses.replace(spring.tls_connection(), port=spring.port))
    assert failed.reason.startswith(f"127.0.0.1 port {spring.port} does not speak TLS")
