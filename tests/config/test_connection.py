"""One connection: what is sent, what is shown, what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from stomptui.config.connection import Connection, Tls, TransportKind
from stomptui.config.form import Form
from stomptui.config.secret_names import is_secret
from stomptui.config.url import format_url, parse_url


def test_connect_frame_is_byte_for_byte_what_was_asked_for() -> None:
    connection = Connection(login="guest", passcode="guest", versions=("1.2",), heart_beat=(0, 0))
    assert connection.connect_frame() == b"CONNECT\naccept-version:1.2\nlogin:guest\npasscode:guest\nhost:/\n\n\0"


def test_secrets_are_masked_where_people_look() -> None:
    connection = Connection(
        login="a",
        passcode="s3cret",
        headers=(("Authorization", "Bearer t0ken"), ("x", "y")),
        transport=TransportKind.WS,
        ws_headers=(("Cookie", "c00kie"),),
        ws_path="/ws?access_token=tok3n",
        ws_basic=True,
        proxy="http://me:pr0xy@h",
    )
    shown = connection.connect_frame(masked=True).decode() + str(connection.handshake_headers(masked=True))
    shown += connection.where
    assert not any(secret in shown for secret in connection.secrets())
    known = {"s3cret", "Bearer t0ken", "t0ken", "c00kie", "tok3n", "Basic YTpzM2NyZXQ=", "YTpzM2NyZXQ=", "pr0xy"}
    assert known == set(connection.secrets())
    assert "s3cret" not in repr(connection) and "pr0xy" not in repr(connection)


@pytest.mark.parametrize("name", ["passcode", "Authorization", "X-CSRF-TOKEN", "api-key", "x_api_key", "Cookie"])
def test_names_of_secrets(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize("name", ["app-id", "client-id", "compass", "author", "passenger", "keyboard", "login"])
def test_names_that_are_no_secrets(name: str) -> None:
    assert not is_secret(name)


NO_HOSTS = (
    "guest@rabbit",
    "stomp://guest:s3cret@h/",
    "h:61613",
    "[::1]",
    "[::1]:61613",
    "a?b",
    "a#b",
    "a%41",
    "::g",
    "\ud800",
)


@pytest.mark.parametrize(
    ("connection", "field"),
    [
        (Connection(host=""), "host"),
        (Connection(host="a b"), "host"),
        (Connection(host="x" * 64 + ".org"), "host"),
        *((Connection(host=host), "host") for host in NO_HOSTS),
        (Connection(port=0), "port"),
        (Connection(port=65536), "port"),
        (Connection(vhost="a\nb"), "vhost"),
        (Connection(login="a\0"), "login"),
        (Connection(passcode="a\r"), "passcode"),
        (Connection(versions=()), "versions"),
        (Connection(heart_beat=(-1, 0)), "heart_beat"),
        (Connection(timeout=float("nan")), "timeout"),
        (Connection(timeout=0), "timeout"),
        (Connection(headers=(("", "x"),)), "headers"),
        (Connection(headers=(("a", "x\nb:y"),)), "headers"),
        (Connection(ws_headers=(("X-A", "1\r\nX-B: 2"),)), "ws_headers"),
        (Connection(transport=TransportKind.WS, ws_path="ws"), "ws_path"),
        (Connection(transport=TransportKind.WS, ws_path="/w s"), "ws_path"),
        (Connection(transport=TransportKind.TLS, tls=Tls(ca_file="/no/such/file.pem")), "ca_file"),
        (Connection(transport=TransportKind.TLS, tls=Tls(ca_file="x" * 9999)), "ca_file"),
        (Connection(transport=TransportKind.TLS, tls=Tls(ca_file="~nobody-of-that-name/x")), "ca_file"),
    ],
)
def test_problems_are_told_at_their_field(connection: Connection, field: str) -> None:
    assert list(connection.problems()) == [field]


@pytest.mark.parametrize(
    "host", ["::1", "fe80::1%eth0", "10.0.0.1", "localhost", "rabbit_1.staging", "é.example", "xn--9ca"]
)
def test_a_host_comes_back_from_its_url(host: str) -> None:
    connection = Connection(host=host)
    assert connection.problems() == {}
    assert parse_url(format_url(connection)) == connection


@pytest.mark.parametrize("name", ["vhost", "login", "passcode", "host", "headers"])
def test_half_a_character_is_told_at_its_field_and_makes_no_url(name: str) -> None:
    form = Form.of(Connection())
    setattr(form, name, (("a", "\ud800"),) if name == "headers" else "\ud800")
    assert list(form.connection()[1]) == [name]
    form.url()


def test_a_key_needs_its_certificate(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_text("")
    problems = Connection(transport=TransportKind.TLS, tls=Tls(key_file=str(key))).problems()
    assert problems == {"cert_file": "a key needs its certificate"}


def test_nothing_is_wrong_with_the_defaults() -> None:
    assert Connection().problems() == {}
