"""A port that speaks TLS and is spoken to without, and the other way round: found out, in time, and said."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator

import pytest

from stomptui.cli.main import main
from stomptui.config.connection import Connection, Tls, TransportKind
from stomptui.connection.events import Connected, ConnectFailed, Progress
from tests.faults import servers
from tests.faults.servers import Peer, Script, Server, serving
from tests.support.certificates import Certificates
from tests.support.record import Recorder

TCP, TLS, WS, WSS = TransportKind.TCP, TransportKind.TLS, TransportKind.WS, TransportKind.WSS
UPGRADE = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"


def fail(port: int, transport: TransportKind, timeout: float = 3.0, **other: object) -> ConnectFailed:
    connection = Connection(port=port, transport=transport, timeout=timeout, passcode="s3cret", login="me", **other)  # type: ignore[arg-type]
    with Recorder(connection) as recorder:
        failed = recorder.failed()
        assert not recorder.of(Connected)
        return failed


def closes(peer: Peer) -> None:
    peer.sock.close()


def resets_after_reading(peer: Peer) -> None:
    peer.sock.recv(100)
    peer.reset()


def alerts(peer: Peer) -> None:
    peer.send(b"\x15\x03\x01\x00\x02\x02\x46")
    peer.sock.close()


def says_http(peer: Peer) -> None:
    """As nginx and Go do."""
    peer.until(b"\r\n\r\n")
    peer.send(b"HTTP/1.1 400 Bad Request\r\n\r\nThe plain HTTP request was sent to HTTPS port")
    peer.sock.close()


PLAIN_ANSWERS: dict[str, Script] = {
    "closes": closes,
    "resets": resets_after_reading,
    "resets at once": servers.resets,
    "alerts": alerts,
    "waits": servers.silent,
}


@pytest.fixture
def secure_port(certificates: Certificates) -> Iterator[Callable[[Script], Server]]:
    """A port that speaks TLS, and answers other talk as the script does."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.server.cert, certificates.server.key)
    running: list[Server] = []

    def make(plain: Script) -> Server:
        def script(peer: Peer) -> None:
            if peer.sock.recv(1, socket.MSG_PEEK) != b"\x16":
                plain(peer)
                return
            with context.wrap_socket(peer.sock.dup(), server_side=True) as secure:
                peer.sock.close()
                secured = Peer(secure, peer.over)
                secured.until(b"\0")
                secured.send(servers.CONNECTED)
                secured.wait_closed()

        server = Server(script)
        running.append(server.__enter__())
        return server

    yield make
    for server in running:
        server.__exit__()


@pytest.mark.parametrize("answer", PLAIN_ANSWERS)
@pytest.mark.parametrize("transport", [TCP, WS])
def test_a_port_that_speaks_tls(secure_port: Callable[[Script], Server], transport: TransportKind, answer: str) -> None:
    timeout = 0.5 if answer == "waits" else 3.0
    server = secure_port(PLAIN_ANSWERS[answer])
    started = time.monotonic()
    failed = fail(server.port, transport, timeout)
    choice = "TLS" if transport is TCP else "secure WebSocket"
    assert failed.reason == f"127.0.0.1 port {server.port} speaks TLS: choose {choice} as the transport"
    assert (failed.instead, failed.field) == (TLS if transport is TCP else WSS, "transport")
    assert time.monotonic() - started < 20


def test_a_web_server_that_says_it_is_for_https(secure_port: Callable[[Script], Server]) -> None:
    failed = fail(secure_port(says_http).port, WS)
    assert failed.instead is WSS and "speaks TLS" in failed.reason
    assert "HTTPS port" in failed.server_text


@pytest.mark.parametrize(
    "script",
    [servers.slams, servers.resets, servers.silent, servers.says(b"", then_close=True)],
    ids=["slams", "resets", "silent", "closes"],
)
@pytest.mark.parametrize("transport", list(TransportKind))
def test_a_port_that_speaks_neither_is_not_said_to(transport: TransportKind, script: Script) -> None:
    with serving(script) as port:
        failed = fail(port, transport, 0.4)
    assert failed.instead is None
    assert not failed.reason.startswith(f"127.0.0.1 port {port} speaks TLS")


def test_what_repeats_all_it_hears_speaks_no_tls() -> None:
    def echo(peer: Peer) -> None:
        while data := peer.sock.recv(4096):
            if data[:1] == b"\x16":
                peer.send(data)

    with serving(echo) as port:
        assert fail(port, TCP, 0.4).instead is None


def waits_for_a_frame(peer: Peer) -> None:
    """As RabbitMQ does: what TLS says is the beginning of a frame that never ends."""
    if peer.sock.recv(1, socket.MSG_PEEK) == b"\x16":
        peer.wait_closed()
        return
    assert b"s3cret" not in peer.frame(), "a password went without TLS"
    peer.send(servers.CONNECTED)
    peer.wait_closed()


def refuses(peer: Peer) -> None:
    """As ActiveMQ does."""
    if peer.sock.recv(1, socket.MSG_PEEK) == b"\x16":
        peer.sock.close()
        return
    peer.frame()
    peer.send(b"ERROR\nmessage:who are you\n\n\0")
    peer.wait_closed()


def is_a_web_server(peer: Peer) -> None:
    if peer.sock.recv(1, socket.MSG_PEEK) == b"\x16":
        peer.sock.close()
        return
    assert b"token" not in peer.until(b"\r\n\r\n")
    peer.send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
    peer.wait_closed()


@pytest.mark.parametrize(
    ("transport", "script", "choice"),
    [
        (TLS, waits_for_a_frame, "TCP"),
        (TLS, refuses, "TCP"),
        (WSS, is_a_web_server, "WebSocket"),
    ],
)
def test_a_port_that_speaks_no_tls(transport: TransportKind, script: Script, choice: str) -> None:
    with serving(script) as port:
        failed = fail(port, transport, 0.6, ws_path="/ws?token=s3cret")
    told = f"127.0.0.1 port {port} does not speak TLS: choose {choice} as the transport, which is not encrypted"
    assert (failed.reason, failed.field) == (told, "transport")
    assert failed.instead is None, "nobody sends a password unencrypted by one key"


def test_finding_out_is_cancelled_at_once() -> None:
    """The server is silent with TLS too, so that finding out takes all of its time."""

    def script(peer: Peer) -> None:
        if peer.sock.recv(1, socket.MSG_PEEK) == b"\x16":
            asked.append(True)
        else:
            peer.frame()
            peer.sock.close()
        peer.wait_closed()

    asked: list[bool] = []
    with serving(script) as port, Recorder(Connection(port=port)) as recorder:
        recorder.wait(Progress, stage="CONNECT")
        until = time.monotonic() + 10
        while not asked and time.monotonic() < until:
            time.sleep(0.005)
        recorder.session.close()
        failed = recorder.failed()
        assert asked and failed.cancelled


@pytest.mark.parametrize("command", ["drain", "refill"])
def test_the_command_line_names_the_url(
    secure_port: Callable[[Script], Server],
    command: str,
    tmp_path: object,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("STOMPTUI_PASSWORD", "s3cret")
    monkeypatch.setattr("stomptui.cli.transfer.runner.start_log", lambda path: None)
    port = secure_port(closes).port
    rest = ["/queue/q", f"{tmp_path}/f"] if command == "drain" else [__file__]
    assert main([command, "--yes", f"stomp://me@127.0.0.1:{port}/orders", *rest]) == 1
    told = f"127.0.0.1 port {port} speaks TLS: choose TLS as the transport (stomp+ssl://me@127.0.0.1:{port}/orders)"
    assert capsys.readouterr() == ("", f"stomptui: {told}\n")


def test_the_same_place_by_another_transport() -> None:
    connection = Connection(port=7, vhost="/", tls=Tls(verify=False), passcode="x")
    assert connection.with_transport(TLS) == Connection(
        port=7, vhost="/", tls=Tls(verify=False), passcode="x", transport=TLS
    )
    assert (
        connection.with_transport(WS).vhost is None and connection.with_transport(WS).with_transport(TCP) == connection
    )
