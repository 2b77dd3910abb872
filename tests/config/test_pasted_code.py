"""JavaScript that connects, as people have it in their pages."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stomptui.config.pasted_code import looks_like_code, read_code

STOMPJS = """
import { Client } from '@stomp/stompjs';

const client = new Client({
  brokerURL: 'ws://localhost:15674/ws', // the broker
  connectHeaders: {
    login: 'user',
    passcode: "pass'word",
    'X-Tenant': `a`,
    Authorization: `Bearer ${token}`,
    retries: 3,
    host: '/shop',
  },
  debug: function (str) { console.log(str); },
  reconnectDelay: 5000,
  heartbeatIncoming: 4000,
  heartbeatOutgoing: 20_000,
  splitLargeFrames: true,
});
client.activate();
"""


@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"])
def test_stompjs(line_end: str) -> None:
    found = read_code(STOMPJS.replace("\n", line_end))
    assert found.url == "ws://localhost:15674/ws"
    assert (found.login, found.passcode, found.vhost) == ("user", "pass'word", "/shop")
    assert found.headers == [("X-Tenant", "a"), ("retries", "3")]
    assert (found.heart_beat_out, found.heart_beat_in, found.message_size) == (20_000, 4000, 8192)
    assert found.unread == ["Authorization"]


@pytest.mark.parametrize(
    ("code", "url"),
    [
        (
            "var socket = new SockJS('http://localhost:8080/ws'); stompClient = Stomp.over(socket);",
            "http://localhost:8080/ws",
        ),
        ('webSocketFactory: () => new SockJS("/gs-guide-websocket"),', "/gs-guide-websocket"),
        ("Stomp.client('ws://h:61614/stomp')", "ws://h:61614/stomp"),
        ("Stomp.over(function () { return new WebSocket('wss://h/ws') })", "wss://h/ws"),
        ("client.brokerURL = 'wss://h/ws'\nclient.activate()", "wss://h/ws"),
        ('{ "brokerURL": "ws://h/\\u0077s" }', "ws://h/ws"),
        ("new SockJS(API + '/ws')", ""),
        ("new SockJS('/ws' + token)", ""),
        ("brokerURL: `ws://${location.host}/ws`", ""),
        ("// brokerURL: 'ws://old/ws'\nbrokerURL: 'ws://new/ws'", "ws://new/ws"),
    ],
)
def test_where_the_address_stands(code: str, url: str) -> None:
    assert looks_like_code(code)
    found = read_code(code)
    assert found.url == url
    assert bool(found.unread) == (not url)


def test_headers_of_the_older_interface() -> None:
    found = read_code("client.heartbeat.outgoing = 0; client.connect({ 'X-CSRF-TOKEN': 'abc', login: me }, onConnect)")
    assert found.headers == [("X-CSRF-TOKEN", "abc")] and found.heart_beat_out == 0 and found.unread == ["login"]
    found = read_code("client.connect('guest', 'gu\\'est', onConnect, onError, '/');")
    assert (found.login, found.passcode) == ("guest", "gu'est")


def test_a_value_cannot_read_our_files_or_run_a_command() -> None:
    found = read_code("connectHeaders: { a: '{{command rm x}}', b: 'Bearer {{file ~/.ssh/id}}', c: 'd\\r\\ne: f' }")
    assert found.headers == [] and found.unread == ["a", "b", "c"]


@pytest.mark.parametrize("text", ["ws://h/ws", "stomp://guest:Client@h/", "guest@rabbit:61613", "brokerURLs", "{a: 1}"])
def test_what_is_no_code(text: str) -> None:
    assert not looks_like_code(text)


PIECES = [
    "brokerURL:",
    "connectHeaders:",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "'a'",
    '"',
    "`${",
    "\\",
    "new SockJS(",
    "a:",
    ",",
    "//",
    "/*",
    "1",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=30).map("".join))
def test_no_text_raises(text: str) -> None:
    looks_like_code(text)
    read_code(text)


@pytest.mark.parametrize(
    "piece",
    [
        "{",
        "'",
        "`",
        "/*",
        "connectHeaders:{a:",
        "\\",
        "connectHeaders:{[",
        "new  ",
        "\\`",
        '\\"',
        "\\'",
        "1",
        "1.",
        "//",
    ],
)
@pytest.mark.parametrize("before", ["", "new Client({brokerURL:'ws://h/', a:`", "a:'", 'a:"'])
def test_a_long_text_takes_no_long_time(piece: str, before: str) -> None:
    begun = time.monotonic()
    read_code(before + piece * 30_000 + "a")
    looks_like_code(before + piece * 30_000)
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    "code",
    [
        "const a = /['`]/;\nnew Client({brokerURL: 'ws://h/ws'})",
        'a = <p>don\'t</p>; new Client({brokerURL: "ws://h/ws"})',
        "x = 'a\\\n b'; new Client({timeout: 1e4, brokerURL: `ws://h/ws`})",
    ],
)
def test_a_quote_that_nothing_closes_hides_nothing_behind_it(code: str) -> None:
    assert read_code(code).url == "ws://h/ws"
