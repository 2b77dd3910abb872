"""URLs as people paste them."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stomptui.config.connection import Connection, TransportKind
from stomptui.config.url import UrlError, format_url, parse_url

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
HOST = st.from_regex(r"[a-z0-9]([a-z0-9.-]{0,20}[a-z0-9])?", fullmatch=True) | st.ip_addresses(v=6).map(str)
WS_PATH = st.from_regex(r"/[a-z0-9/._-]{0,12}(\?[a-z]{1,4}=[a-z0-9]{0,4})?", fullmatch=True)


@given(HOST, st.integers(1, 65535), st.none() | TEXT, TEXT, st.booleans())
def test_url_of_a_tcp_connection_says_all_but_the_password(
    host: str, port: int, vhost: str | None, login: str, encrypted: bool
) -> None:
    kind = TransportKind.TLS if encrypted else TransportKind.TCP
    connection = Connection(host=host, port=port, vhost=vhost, login=login, passcode="s3cret", transport=kind)
    url = format_url(connection)
    assert "s3cret" not in url or "s3cret" in (vhost or "") + login
    assert parse_url(url) == replace(connection, passcode="")


@given(HOST, st.integers(1, 65535), WS_PATH, TEXT, st.booleans())
def test_url_of_a_websocket_keeps_path_and_query(host: str, port: int, path: str, login: str, encrypted: bool) -> None:
    kind = TransportKind.WSS if encrypted else TransportKind.WS
    connection = Connection(host=host, port=port, vhost=None, login=login, transport=kind, ws_path=path)
    assert parse_url(format_url(connection)) == connection


@given(TEXT)
def test_no_text_does_more_than_parse_or_say_why(text: str) -> None:
    with contextlib.suppress(UrlError):
        assert isinstance(parse_url(text), Connection)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stomp://127.0.0.1:61613/", Connection()),
        ("localhost", Connection(host="localhost")),
        ("guest@rabbit:61700", Connection(host="rabbit", port=61700, login="guest")),
        ("stomp://gu%40st:p%3Aa%2Fs@h:1/%2F", Connection(host="h", port=1, login="gu@st", passcode="p:a/s")),
        ("stomp://guest:a@b@h/", Connection(host="h", login="guest", passcode="a@b")),
        ("tcp://h/orders", Connection(host="h", vhost="orders")),
        ("ssl://h", Connection(host="h", port=61614, transport=TransportKind.TLS)),
        ("stomp+ssl://h", Connection(host="h", port=61614, transport=TransportKind.TLS)),
        ("stomp://[::1]:61613/", Connection(host="::1")),
        ("http://h/ws", Connection(host="h", port=80, transport=TransportKind.WS, vhost=None, ws_path="/ws")),
        ("wss://h", Connection(host="h", port=443, transport=TransportKind.WSS, vhost=None, ws_path="/")),
        (
            "https://h/sockjs/000/abc123/websocket?x=1",
            Connection(host="h", port=443, transport=TransportKind.WSS, vhost=None, ws_path="/sockjs/websocket?x=1"),
        ),
    ],
)
def test_pasted_urls(text: str, expected: Connection) -> None:
    assert parse_url(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "a URL is needed"),
        ("amqp://guest@h/", "amqp:// is not known"),
        ("stomp://", "names no host"),
        ("stomp://h:0", "1 to 65535"),
        ("stomp://h:99999", "1 to 65535"),
        ("stomp://h:port", "1 to 65535"),
        ("stomp://::1:61613/", "in brackets"),
        ("stomp://h/?wireformat=x", "wireformat"),
        ("stomp://h/ /queue/test", "no blanks"),
        ("stomp://guest:a#b@h/", "%23"),
        ("stomp://%ff@h/", "not UTF-8"),
    ],
)
def test_what_is_wrong_is_said(text: str, words: str) -> None:
    with pytest.raises(UrlError, match=words.replace("(", r"\(")):
        parse_url(text)


def test_a_token_in_the_query_is_not_shown() -> None:
    url = format_url(parse_url("ws://h/ws?user=a&access_token=s3cret"))
    assert url == "ws://h:80/ws?user=a&access_token="
