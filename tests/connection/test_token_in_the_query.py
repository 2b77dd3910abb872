"""A token in the query of a WebSocket that is read from elsewhere: where it comes from is shown, the token nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stomptui.config.connection import Connection, TransportKind
from stomptui.config.header_sources import filled, sources_in
from stomptui.config.profiles import Profiles
from stomptui.config.secret_names import path_without_secrets, without_secrets_in_urls
from stomptui.config.url import UrlError, format_url, hide_password, parse_url
from tests.interop.listening import refused
from tests.support.record import Recorder
from tests.support.websocket import CONNECTED, Peer, WebSocketServer, http

TOKEN = "t0k3n+of/mine=="
ESCAPED = "t0k3n%2Bof%2Fmine%3D%3D"


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUERY_TOKEN", TOKEN)


@pytest.mark.parametrize(
    "path",
    [
        "/ws?access_token={{env QUERY_TOKEN}}",
        "/ws?k={{env QUERY_TOKEN}}&v=1",
        "/ws?access_token={{command printf %s t0k3n+of/mine==}}",
        "/ws;token={{env QUERY_TOKEN}}/live?x=1",
    ],
)
def test_it_is_read_when_a_session_begins_and_escaped(path: str) -> None:
    seen: list[str] = []

    def talk(peer: Peer) -> None:
        seen.append(peer.request[0])
        peer.greet(CONNECTED.replace(b"\n\n", f"\nuser-name:{TOKEN}\n\n".encode()))
        peer.wait_for_end()

    with WebSocketServer(talk) as server, Recorder(server.connection(ws_path=path)) as recorder:
        recorder.connected()
        told = repr(recorder.events)
    assert ESCAPED in seen[0] and "{{" not in seen[0]
    assert "t0k3n" not in told and "••••••" in told


def test_what_a_server_repeats_of_it_is_masked() -> None:
    location = f"https://h/x?next=%2Fws%3Fk%3D{ESCAPED.replace('%', '%25')}&k={ESCAPED}"
    answer = http("302 Found", f"Location: {location}", body=f"no {TOKEN} here".encode())
    with WebSocketServer(answer) as server:
        failed = refused(server.connection(ws_path="/ws?k={{env QUERY_TOKEN}}"))
    text = failed.reason + failed.server_text
    assert "no •••••• here" in text
    assert TOKEN not in text and ESCAPED not in text


def test_a_refusal_names_the_token_and_its_field() -> None:
    with WebSocketServer(http("401 Unauthorized")) as server:
        failed = refused(server.connection(ws_path="/ws?k={{env QUERY_TOKEN}}"))
    assert "the token in the path may" in failed.reason
    assert failed.field == "ws_path"


def test_what_cannot_be_read_is_told_at_the_path() -> None:
    with WebSocketServer(http("200 OK")) as server:
        failed = refused(server.connection(ws_path="/ws?token={{env NO_SUCH_TOKEN}}"))
    assert failed.reason == "path: env NO_SUCH_TOKEN: the environment has no variable of that name"
    assert failed.field == "ws_path"


@pytest.mark.parametrize(
    "url",
    [
        "ws://127.0.0.1:8080/ws?access_token={{env QUERY_TOKEN}}",
        "wss://me@h:443/ws?a=b&token={{file ~/to ken@home}}&c=d",
        "ws://h:1/ws?token={{command get-token --aud 'a&b;c?d#e'}}",
    ],
)
def test_a_url_with_it_is_read_shown_and_kept_as_it_is(url: str, tmp_path: Path) -> None:
    connection = parse_url(url)
    assert not connection.problems()
    assert len(sources_in(connection)) == 1
    assert parse_url(format_url(connection)) == connection
    assert format_url(connection) == url
    assert hide_password(url) == url == without_secrets_in_urls(url)
    profiles = Profiles(tmp_path / "profiles.toml")
    profiles.save("mine", connection)
    assert Profiles(tmp_path / "profiles.toml").load("mine").ws_path == connection.ws_path


@pytest.mark.parametrize("path", ["/ws?token=s3cret{{env X}}", "/ws?token=s3cret&a={{env X}}"])
def test_a_secret_beside_it_stays_hidden(path: str) -> None:
    assert "s3cret" not in path_without_secrets(path)
    assert "s3cret" not in hide_password(f"ws://h{path}")
    assert "s3cret" not in format_url(Connection(transport=TransportKind.WS, vhost=None, ws_path=path))


def test_only_the_path_of_a_websocket_has_them() -> None:
    with pytest.raises(UrlError, match="no blanks"):
        parse_url("stomp://h/{{env QUERY_TOKEN}}")
    with pytest.raises(UrlError, match="no blanks"):
        parse_url("ws://{{env QUERY_TOKEN}}:1/ws")
    assert not sources_in(Connection(ws_path="/ws?t={{env QUERY_TOKEN}}"))


@given(st.text(st.sampled_from("{}env X/?&;=#@a%"), max_size=30))
def test_a_url_reads_the_same_again(text: str) -> None:
    connection = Connection(transport=TransportKind.WS, vhost=None, ws_path=f"/{text}")
    if not connection.problems():
        again = parse_url(format_url(connection))
        assert sources_in(again) == sources_in(connection)
        assert parse_url(format_url(again)) == again


def test_what_was_read_is_a_secret_of_the_connection() -> None:
    connection = filled(Connection(transport=TransportKind.WS, ws_path="/ws?k={{env QUERY_TOKEN}}"), lambda words: b"")
    assert connection.ws_path == f"/ws?k={ESCAPED}"
    assert TOKEN in connection.secrets()
    assert TOKEN not in repr(connection.read or "") or "read=" not in repr(connection)


def test_somebody_is_meant_to_be_known_by_it() -> None:
    assert Connection(transport=TransportKind.WS, ws_path="/ws?k={{env QUERY_TOKEN}}").proves_identity
    assert not Connection(transport=TransportKind.WS, ws_path="/ws?k=1").proves_identity
