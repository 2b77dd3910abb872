"""Attempts that cannot succeed: the real reason, the server's own words, in time, and nothing left behind."""

from __future__ import annotations

import dataclasses
import socket
import threading
from typing import Any

import pytest

from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.config.url import parse_url
from stomptui.connection.events import Connected, ConnectFailed, Progress
from stomptui.connection.probe import probe, probe_addresses
from stomptui.connection.session_state import SessionState
from tests.faults import servers
from tests.faults.servers import CONNECTED, Peer, Server, closed_port, serving
from tests.support.record import Recorder

ALL = ("1.0", "1.1", "1.2")
ERROR = b"ERROR\nmessage:Bad CONNECT\ncontent-length:%d\n\n%s\0"


def error(body: bytes) -> bytes:
    return ERROR % (len(body), body)


def fail(port: int, host: str = "127.0.0.1", timeout: float = 5.0, **other: object) -> ConnectFailed:
    with Recorder(Connection(host=host, port=port, timeout=timeout, **other)) as recorder:  # type: ignore[arg-type]
        failed = recorder.failed()
        assert not recorder.of(Connected)
        assert recorder.session.state is SessionState.FAILED
        return failed


def test_a_closed_port_is_told_at_once_and_tried_once() -> None:
    # Nobody would wait for an answer as long as this.
    with closed_port() as port:
        failed = fail(port, timeout=3600)
    assert failed.reason == f"nothing listens on 127.0.0.1 port {port}"
    assert (failed.field, failed.stage) == ("port", "connecting")


def test_a_name_nobody_knows() -> None:
    failed = fail(61613, host="no-such-host.invalid")
    assert "no-such-host.invalid" in failed.reason
    assert (failed.field, failed.stage) == ("host", "looking up")


def test_a_name_server_that_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: release.wait(20) and [])
    failed = fail(61613, host="slow.example", timeout=0.3)
    assert "slow.example within 0.3 s" in failed.reason
    assert failed.field == "host"
    release.set()


def test_cancelling_does_not_wait_for_the_name_server(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: release.wait(20) and [])
    with Recorder(Connection(host="slow.example")) as recorder:
        recorder.wait(Progress, stage="looking up")
        recorder.session.close()
        failed = recorder.failed()
    assert failed.cancelled
    release.set()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"port": 65536 + 61613}, "port"),
        ({"host": "a" * 64 + ".example"}, "host"),
        ({"host": ""}, "host"),
        ({"login": "a\nb"}, "login"),
        ({"timeout": 0.0}, "timeout"),
    ],
)
def test_what_can_never_work_is_not_tried(wrong: dict[str, Any], field: str) -> None:
    with Recorder(dataclasses.replace(Connection(), **wrong)) as recorder:
        assert recorder.failed().field == field
        assert not recorder.of(Progress)


def test_every_address_of_a_name_is_tried_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(servers.says(servers.CONNECTED)) as port, closed_port() as closed:
        found = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", closed)),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)),
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: found)
        with Recorder(Connection(host="two.example", port=port)) as recorder:
            recorder.connected()


def test_a_name_whose_addresses_all_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    with closed_port() as port:
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in ("127.0.0.1", "127.0.0.2")]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: found)
        failed = fail(port, host="two.example")
    assert failed.reason == f"nothing listens on two.example port {port} (tried 127.0.0.1 and 127.0.0.2)"


def test_a_port_that_takes_no_connection() -> None:
    """A full backlog: the kernel neither accepts nor refuses."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        fillers = [socket.socket() for _ in range(3)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        failed = fail(port, timeout=0.5)
        for filler in fillers:
            filler.close()
    assert failed.reason.startswith(f"no answer from 127.0.0.1 port {port}")
    assert failed.stage == "connecting"


def test_a_silent_port() -> None:
    with serving(servers.silent) as port:
        failed = fail(port, timeout=0.5)
    assert failed.reason.startswith(f"connected to 127.0.0.1 port {port}, but no answer to CONNECT within 0.5 s")
    assert failed.stage == "CONNECT"


@pytest.mark.parametrize("parts", [1, 20])
def test_an_http_server(parts: int) -> None:
    answer = b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n\r\n<html>no</html>"
    step = len(answer) // parts
    pieces = [answer[at : at + step] for at in range(0, len(answer), step)]
    with serving(servers.says(*pieces)) as port:
        failed = fail(port)
    assert failed.reason == f"an HTTP server answers on 127.0.0.1 port {port}"
    assert failed.server_text.startswith("HTTP/1.1 400 Bad Request")
    assert failed.field == "port"


def test_an_http_answer_byte_by_byte() -> None:
    def script(peer: servers.Peer) -> None:
        peer.frame()
        peer.trickle(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        peer.wait_closed()

    with serving(script) as port:
        assert fail(port).server_text == "HTTP/1.1 400 Bad Request"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "an SSH server answers on"),
        (b"220 mail.example ESMTP\r\n", "a mail or FTP server answers on"),
        (b"\x00\x01\x02 whatever", "what answers on"),
    ],
)
def test_a_server_that_speaks_first(text: bytes, reason: str) -> None:
    with serving(servers.banner(text)) as port:
        failed = fail(port)
    assert failed.reason.startswith(reason)
    assert failed.server_text == text.decode().strip()


def test_the_amqp_port_of_a_broker() -> None:
    with serving(servers.says(b"AMQP\x00\x00\x09\x01", then_close=True)) as port:
        failed = fail(port)
    assert "speaks AMQP" in failed.reason


def test_plain_stomp_to_a_tls_port() -> None:
    with serving(servers.says(b"\x15\x03\x01\x00\x02\x02\x46", then_close=True)) as port:
        failed = fail(port)
    assert failed.reason == f"127.0.0.1 port {port} speaks TLS: choose TLS as the transport"
    assert failed.field == "transport"


@pytest.mark.parametrize("script", [servers.slams, servers.resets])
def test_a_server_that_hangs_up(script: servers.Script) -> None:
    with serving(script) as port:
        failed = fail(port)
    assert "instead of answering CONNECT" in failed.reason or "as soon as it was there" in failed.reason


@pytest.mark.parametrize("then_close", [True, False])
def test_a_wrong_password(then_close: bool) -> None:
    with serving(servers.says(error(b"Access refused for user 'guest'\n"), then_close=then_close)) as port:
        failed = fail(port, login="guest", passcode="wrong")
    assert failed.reason == "the broker refused the login"
    assert failed.server_text == "Bad CONNECT\nAccess refused for user 'guest'"
    assert failed.field == "passcode"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (b"Virtual host '/nosuch' access denied\n", "vhost"),
        (b"Supported versions are 1.0,1.1,1.2\n", "versions"),
        (b"Invalid heart-beat header:abc", "heart_beat"),
        (b"the server is tired", ""),
    ],
)
def test_what_the_broker_refuses_is_blamed(text: bytes, field: str) -> None:
    answer = b"ERROR\nmessage:no\n\n" + text + b"\0"
    with serving(servers.says(answer)) as port:
        failed = fail(port)
    assert failed.field == field
    assert text.decode().strip() in failed.server_text


@pytest.mark.parametrize(
    ("headers", "versions", "said"),
    [
        (
            rb"message:Go away\c user 'a\\b'\nask\cyour admin",
            ALL,
            "Go away: user 'a\\b'\nask:your admin",
        ),
        (rb"message:see C:\temp\x", ALL, "see C:\\temp\\x"),
        (rb"message:see C\c\new", ("1.0",), r"see C\c\new"),
        (b"message:bad\\rthing\r", ("1.2",), "bad\rthing"),
        (b"x:y", ALL, ""),
    ],
)
def test_what_an_error_without_a_body_says_is_told_unescaped(
    headers: bytes, versions: tuple[str, ...], said: str
) -> None:
    line_end = b"\r" if headers.endswith(b"\r") else b""
    with serving(servers.says(b"ERROR" + line_end + b"\n" + headers + b"\n\n\0", then_close=True)) as port:
        failed = fail(port, versions=versions)
    assert failed.reason == "the broker refused to connect"
    assert failed.server_text == said


def test_a_version_that_was_not_offered() -> None:
    with serving(servers.says(servers.connected(version="1.0"))) as port:
        failed = fail(port, versions=("1.2",))
    assert failed.reason == "the broker speaks STOMP 1.0, which is not among 1.2"
    assert failed.field == "versions"


@pytest.mark.parametrize("version", ["1.2 ", " 1.2", "\t1.2", "1.2\r\t"])
def test_blanks_around_a_version_make_no_other(version: str) -> None:
    with serving(servers.says(servers.connected(version=version))) as port, Recorder(Connection(port=port)) as recorder:
        assert recorder.connected().version == "1.2"


def test_connected_without_a_version_is_1_0() -> None:
    with (
        serving(servers.says(b"CONNECTED\nsession:1\n\n\0")) as port,
        Recorder(Connection(port=port)) as recorder,
    ):
        assert recorder.connected().version == "1.0"


def test_connected_byte_by_byte() -> None:
    def script(peer: servers.Peer) -> None:
        peer.frame()
        peer.trickle(servers.CONNECTED)
        peer.wait_closed()

    with serving(script) as port, Recorder(Connection(port=port)) as recorder:
        assert recorder.connected().server == "test/1"


def test_an_answer_without_an_end() -> None:
    def script(peer: servers.Peer) -> None:
        peer.frame()
        while not peer.over.is_set():
            peer.send(b"CONNECTED\n" + b"x:y\n" * 4000)

    with serving(script) as port:
        failed = fail(port)
    assert "headers larger than" in failed.reason


@pytest.mark.parametrize("script", [servers.silent, servers.banner(b"CONN")])
def test_cancelling_while_waiting_for_connected(script: servers.Script) -> None:
    with serving(script) as port, Recorder(Connection(port=port)) as recorder:
        recorder.wait(Progress, stage="CONNECT")
        recorder.session.close()
        failed = recorder.failed()
    assert failed.cancelled
    assert recorder.session.state is SessionState.CLOSED


def test_closing_before_opening_had_begun() -> None:
    recorder = Recorder(Connection(port=1))
    recorder.session.close()
    assert recorder.session.join(20)
    assert recorder.session.state is SessionState.CLOSED


def test_closing_right_after_opening_always_ends_it() -> None:
    with Server(servers.says(servers.CONNECTED)) as server:
        for _ in range(50):
            with Recorder(Connection(port=server.port)) as recorder:
                recorder.session.close()
                assert recorder.session.join(20)


def test_probing_says_who_is_there() -> None:
    with serving(servers.says(servers.connected("5000,5000", server="RabbitMQ/3.10.8"))) as port:
        found = probe(Connection(port=port), BROKERS, timeout=5)
    assert isinstance(found, Connected)
    assert (found.server, found.dialect, found.heart_beat) == ("RabbitMQ/3.10.8", "rabbitmq", (10_000, 10_000))


def test_probing_says_why_not() -> None:
    with closed_port() as port:
        found = probe(Connection(port=port), BROKERS)
    assert isinstance(found, ConnectFailed)
    assert "nothing listens" in found.reason


def test_probing_tries_the_addresses_in_their_order() -> None:
    with closed_port() as nobody, serving(servers.says(servers.connected(server="RabbitMQ/3.10.8"))) as port:
        found, there = probe_addresses(parse_url(f"stomp://127.0.0.1:{nobody},127.0.0.1:{port}/"), BROKERS, timeout=5)
        assert isinstance(found, Connected)
        assert there.port == port
    with closed_port() as one, closed_port() as other:
        found = probe(parse_url(f"stomp://127.0.0.1:{one},127.0.0.1:{other}/"), BROKERS)
    assert isinstance(found, ConnectFailed)
    assert str(one) in found.reason
    assert str(other) in found.reason


@pytest.mark.parametrize(
    "answer",
    [
        b"ERROR\nmessage:Bad CONNECT\n\nAccess refused for user 'guest'\0",
        b"ERROR\nmessage:User name [guest] or password is invalid.\n\n\0",
    ],
)
def test_probing_sends_a_refused_login_to_no_further_address(answer: bytes) -> None:
    with serving(servers.says(answer, then_close=True)) as refusing, Server(servers.says(CONNECTED)) as other:
        url = f"stomp://guest:guest@127.0.0.1:{refusing},127.0.0.1:{other.port}/"
        found, there = probe_addresses(parse_url(url), BROKERS, timeout=5)
        assert isinstance(found, ConnectFailed)
        assert there.port == refusing
        assert other.connections == 0


def test_probing_sends_a_refused_token_to_no_further_address() -> None:
    refuses = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"

    def script(peer: Peer) -> None:
        peer.until(b"\r\n\r\n")
        peer.send(refuses)
        peer.sock.close()

    with serving(script) as refusing, Server(servers.silent) as other:
        url = f"ws://127.0.0.1:{refusing},127.0.0.1:{other.port}/ws"
        found, _ = probe_addresses(parse_url(url), BROKERS, timeout=5)
        assert isinstance(found, ConnectFailed)
        assert "401" in found.reason + found.server_text
        assert other.connections == 0
