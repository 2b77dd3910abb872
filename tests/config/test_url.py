"""URLs as people paste them."""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stomptui.config.connection import Connection, TransportKind
from stomptui.config.secret_names import spans_in_path
from stomptui.config.url import UrlError, format_url, hide_password, parse_url

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
    assume(not spans_in_path(path))
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
        ("stomp://guest:a,b@h/", Connection(host="h", login="guest", passcode="a,b")),
        ("tcp://h/orders", Connection(host="h", vhost="orders")),
        ("ssl://h", Connection(host="h", port=61614, transport=TransportKind.TLS)),
        ("stomp+ssl://h", Connection(host="h", port=61614, transport=TransportKind.TLS)),
        ("stomp://[::1]:61613/", Connection(host="::1")),
        ("stomp://[fe80::1%25eth0]:61613/", Connection(host="fe80::1%eth0")),
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
    for before, behind in (("  ", " \n"), ('"', '"'), (" '", "', "), ("`", "`;"), ("<", ">"), ("“", "”")):
        assert parse_url(before + text + behind) == expected


def test_half_a_pair_of_quotes_does_not_count() -> None:
    assert parse_url("'ws://h/ws").ws_path == "/ws"
    assert parse_url("stomp://guest:it%27s'@h/").passcode == "it's'"


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


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/ws;jsessionid=s3cret", "/ws;jsessionid="),
        ("/ws;JSESSIONID=s3cret;x=1?a=b", "/ws;JSESSIONID=;x=1?a=b"),
        ("/a;token=s3cret/ws;b=c", "/a;token=/ws;b=c"),
        ("/ws;%6Asessionid=s3cret?a=b;token=s3cret", "/ws;%6Asessionid=?a=b;token="),
        ("/ws?a=b;token=s3cret&c=d", "/ws?a=b;token=&c=d"),
        ("/ws?token=x/y;s3cret;c=d", "/ws?token=;c=d"),
        ("/ws;a=b?c;d=e", "/ws;a=b?c;d=e"),
    ],
)
def test_a_secret_of_a_path_is_nowhere_whatever_separates_it(path: str, shown: str) -> None:
    connection = parse_url(f"ws://h{path}")
    assert format_url(connection) == f"ws://h:80{shown}"
    assert connection.where == f"h:80{shown.partition('?')[0]}"
    assert any(secret.endswith("s3cret") for secret in connection.secrets()) == ("s3cret" in path)


PASSWORDS = [
    "p4ss[w0rd",
    "p4ss]w0rd",
    "p4ss/w0rd",
    "p4ss?w0rd",
    "p4ss#w0rd",
    "1234/w0rd",
    "1/2@w0rd",
    "w0rd/",
    "p4ss w0rd",
]


@pytest.mark.parametrize(
    ("scheme", "password"), itertools.product(["", "stomp://", "stomp+ssl://", "ws://", "amqp://"], PASSWORDS)
)
@pytest.mark.parametrize("place", ["h", "h:61613/", "[::1]:61613/orders", "h/ws?x=1"])
def test_a_password_that_is_not_escaped_is_never_repeated(scheme: str, password: str, place: str) -> None:
    url = f"{scheme}guest:{password}@{place}"
    with pytest.raises(UrlError) as refused:
        parse_url(url)
    said = str(refused.value)
    assert "w0rd" not in said and "p4ss" not in said and "1234" not in said
    if not scheme.startswith("amqp"):
        odd = next(c for c in password if c in "[]/?# ")
        assert f"%{ord(odd):02X}" in said, "it says how to write the character"
    assert "w0rd" not in hide_password(url) and "p4ss" not in hide_password(url)
    assert hide_password(url).startswith(f"{scheme}guest:••••••@")


@pytest.mark.parametrize(
    "text",
    [
        "stomp://guest:s3cret",
        "stomp://guest:s3cret/",
        "stomp://guest:s3cret?x=1",
        "stomp://guest:s3cret#",
        "stomp://guest:1?s3cret=1",
        "stomp://guest:s3:cret",
        "guest:s3cret",
        "stomp://guest:s3cret@",
        "stomp://guest:s3cret@h:port",
        "stomp://guest:s3cret@h:99999",
        "stomp://guest:s3cret@h/?wire=1",
        "stomp://guest:s3cret%ff@h",
        "stomp://guest:s3cret@[::1",
        "stomp://guest:s3cret@h/@",
        "wss://guest:s3cret@h/ws#x",
    ],
)
def test_no_error_repeats_a_password(text: str) -> None:
    with pytest.raises(UrlError) as refused:
        parse_url(text)
    assert "s3cret" not in str(refused.value) and "cret" not in str(refused.value)
    hidden = hide_password(text)
    assert "cret" not in hidden or "@" not in text, "a text without @ may be a host and its port"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("stomp://guest@h/", "stomp://guest@h/"),
        ("stomp://h:61613/", "stomp://h:61613/"),
        ("/queue/a:b", "/queue/a:b"),
        ("ws://h/ws?access_token=abc&x=1", "ws://h/ws?access_token=••••••&x=1"),
        ("guest:a@h:1", "guest:••••••@h:1"),
    ],
)
def test_what_is_no_password_stays(text: str, hidden: str) -> None:
    assert hide_password(text) == hidden


def test_an_at_behind_the_host_is_escaped_and_no_part_of_a_password() -> None:
    with pytest.raises(UrlError, match="an @ is written as %40"):
        parse_url("ws://h/ws/@me")
    url = format_url(Connection(transport=TransportKind.WS, vhost=None, ws_path="/ws/@me"))
    assert parse_url(url).ws_path == "/ws/%40me"
