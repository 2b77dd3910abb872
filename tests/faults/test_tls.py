"""TLS: verified by default, every refusal told apart, the end noticed, closing never hangs."""

from __future__ import annotations

import dataclasses
import selectors
import socket
import ssl
import sys
import threading
from pathlib import Path

import pytest

from stomptui.config.connection import Connection, Tls, TransportKind
from stomptui.connection.errors import SendQueueFull
from stomptui.connection.events import Connected, ConnectFailed, Progress, ReceiptArrived
from stomptui.connection.transport.connecting import connect
from stomptui.connection.transport.limits import Limits
from stomptui.connection.transport.socket_io import SocketIO
from tests.faults import servers
from tests.faults.servers import Server, closed_port, serving
from tests.faults.waiting import Wakes, calm
from tests.support.certificates import KEY_PASSWORD, Certificates, Pair
from tests.support.record import Recorder


def secure(port: int, tls: Tls, host: str = "127.0.0.1", timeout: float = 5.0) -> Connection:
    return Connection(host=host, port=port, transport=TransportKind.TLS, tls=tls, timeout=timeout)


def fail(connection: Connection) -> ConnectFailed:
    with Recorder(connection) as recorder:
        failed = recorder.failed()
        assert not recorder.of(Connected)
        return failed


ACCEPTS = servers.says(servers.CONNECTED)


def tls_server(pair: Pair, script: servers.Script = ACCEPTS, ca: Path | None = None) -> Server:
    return Server(script, pair.cert, pair.key, ca)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_trusted_certificate(certificates: Certificates, host: str) -> None:
    with (
        tls_server(certificates.server) as server,
        Recorder(secure(server.port, Tls(ca_file=str(certificates.ca)), host)) as recorder,
    ):
        recorder.connected()
        assert [event.stage for event in recorder.of(Progress)] == [
            "looking up",
            "connecting",
            "TLS handshake",
            "CONNECT",
        ]


def test_nothing_is_trusted_by_default(certificates: Certificates) -> None:
    with tls_server(certificates.server) as server:
        failed = fail(secure(server.port, Tls()))
    assert failed.reason == "the server's certificate is signed by nobody trusted here"
    assert (failed.field, failed.stage) == ("ca_file", "TLS handshake")
    assert failed.server_text


def test_another_authority(certificates: Certificates) -> None:
    with tls_server(certificates.server) as server:
        failed = fail(secure(server.port, Tls(ca_file=str(certificates.other_ca))))
    assert failed.field == "ca_file"


def test_a_certificate_for_another_name(certificates: Certificates) -> None:
    with tls_server(certificates.wrong_name) as server:
        failed = fail(secure(server.port, Tls(ca_file=str(certificates.ca)), "localhost"))
        assert failed.reason == "the server's certificate is not for localhost"
        assert failed.field == "server_name"
        given = Tls(ca_file=str(certificates.ca), server_name="broker.example")
        with Recorder(secure(server.port, given)) as recorder:
            recorder.connected()


def test_an_expired_certificate(certificates: Certificates) -> None:
    with tls_server(certificates.expired) as server:
        failed = fail(secure(server.port, Tls(ca_file=str(certificates.ca))))
    assert failed.reason == "the server's certificate has expired"


def test_not_verifying_has_to_be_asked_for(certificates: Certificates) -> None:
    with (
        tls_server(certificates.expired) as server,
        Recorder(secure(server.port, Tls(verify=False), "localhost")) as recorder,
    ):
        recorder.connected()


def test_a_client_certificate_is_required(certificates: Certificates) -> None:
    tls = Tls(ca_file=str(certificates.ca))
    with tls_server(certificates.server, ca=certificates.ca) as server:
        failed = fail(secure(server.port, tls))
        assert failed.reason == "the server wants a client certificate"
        assert failed.field == "cert_file"
        shown = dataclasses.replace(tls, cert_file=str(certificates.client.cert), key_file=str(certificates.client.key))
        with Recorder(secure(server.port, shown)) as recorder:
            recorder.connected()


def test_a_client_certificate_from_a_stranger(certificates: Certificates) -> None:
    stranger = certificates.stranger
    tls = Tls(ca_file=str(certificates.ca), cert_file=str(stranger.cert), key_file=str(stranger.key))
    with tls_server(certificates.server, ca=certificates.ca) as server:
        failed = fail(secure(server.port, tls))
    assert failed.reason == "the server does not accept our client certificate"


@pytest.mark.parametrize(
    ("password", "reason"),
    [("", "is encrypted: it needs its password"), ("wrong", "the password does not open the key")],
)
def test_a_locked_key_never_asks_on_the_terminal(certificates: Certificates, password: str, reason: str) -> None:
    locked = certificates.client_locked
    tls = Tls(ca_file=str(certificates.ca), cert_file=str(locked.cert), key_file=str(locked.key), key_password=password)
    with closed_port() as port:
        failed = fail(secure(port, tls))
    assert reason in failed.reason
    assert failed.field == "key_password"


def test_a_locked_key_with_its_password(certificates: Certificates) -> None:
    locked = certificates.client_locked
    tls = Tls(
        ca_file=str(certificates.ca), cert_file=str(locked.cert), key_file=str(locked.key), key_password=KEY_PASSWORD
    )
    with (
        tls_server(certificates.server, ca=certificates.ca) as server,
        Recorder(secure(server.port, tls)) as recorder,
    ):
        recorder.connected()


def test_files_that_are_not_there_or_no_pem(certificates: Certificates, tmp_path: Path) -> None:
    junk = tmp_path / "junk.pem"
    junk.write_text("not a certificate")
    client, server = certificates.client, certificates.server
    for tls, field in [
        (Tls(ca_file="/nowhere/ca.pem"), "ca_file"),
        (Tls(ca_file=str(junk)), "ca_file"),
        (Tls(cert_file="/nowhere/cert.pem"), "cert_file"),
        (Tls(cert_file=str(junk), key_file=str(client.key)), "cert_file"),
        (Tls(cert_file=str(client.cert), key_file=str(junk)), "key_file"),
        (Tls(cert_file=str(client.cert), key_file=str(server.key)), "key_file"),
        (Tls(key_file=str(client.key)), "cert_file"),
    ]:
        with closed_port() as port:
            assert fail(secure(port, tls)).field == field, tls


def test_tls_to_a_plain_stomp_port_that_answers() -> None:
    with serving(servers.banner(b"ERROR\nmessage:Bad command\n\n\0")) as port:
        failed = fail(secure(port, Tls()))
    assert failed.reason == f"127.0.0.1 port {port} does not speak TLS"
    assert failed.field == "transport"
    assert failed.server_text.startswith("ERROR\nmessage:Bad command")


def test_what_a_plain_port_said_is_told_also_if_openssl_read_it_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "_peek", lambda sock: b"")
    with serving(servers.banner(b"ERROR\nmessage:Bad command\n\n\0")) as port:
        failed = fail(secure(port, Tls()))
    assert failed.reason == f"127.0.0.1 port {port} does not speak TLS"
    assert failed.server_text.startswith("ERROR\nmessage:Bad command")


def test_tls_to_a_port_that_hangs_up() -> None:
    with serving(servers.slams) as port:
        failed = fail(secure(port, Tls()))
    assert "may not speak TLS" in failed.reason or "as soon as it was there" in failed.reason


def test_tls_to_a_silent_port() -> None:
    with serving(servers.silent) as port:
        failed = fail(secure(port, Tls(), timeout=0.5))
    assert "no answer to the TLS handshake within 0.5 s" in failed.reason


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_an_old_tls_version_is_refused(certificates: Certificates) -> None:
    server = tls_server(certificates.server)
    assert server._context
    server._context.set_ciphers("ALL:@SECLEVEL=0")
    server._context.minimum_version = ssl.TLSVersion.TLSv1
    server._context.maximum_version = ssl.TLSVersion.TLSv1_1
    with server:
        failed = fail(secure(server.port, Tls(ca_file=str(certificates.ca))))
    assert failed.reason == "the server speaks no TLS version from 1.2 on"


def test_cancelling_during_the_handshake() -> None:
    with serving(servers.silent) as port, Recorder(secure(port, Tls())) as recorder:
        recorder.wait(Progress, stage="TLS handshake")
        recorder.session.close()
        assert recorder.failed().cancelled


def _close(peer: servers.Peer) -> None:
    assert isinstance(peer.sock, ssl.SSLSocket)
    peer.sock.unwrap()


def _shut(peer: servers.Peer) -> None:
    socket.socket.shutdown(peer.sock, socket.SHUT_RDWR)


@pytest.mark.parametrize("leave", [_close, _shut, servers.resets])
def test_the_end_is_noticed(certificates: Certificates, leave: servers.Script) -> None:
    def script(peer: servers.Peer) -> None:
        peer.handshake()
        peer.frame()
        leave(peer)

    with (
        tls_server(certificates.server, script) as server,
        Recorder(secure(server.port, Tls(ca_file=str(certificates.ca)))) as recorder,
    ):
        recorder.connected()
        recorder.session.send("SEND", [("destination", "/queue/q")])
        lost = recorder.lost()
    assert not lost.wanted
    assert "clos" in lost.reason or "cut" in lost.reason


def test_closing_does_not_wait_for_a_silent_peer(certificates: Certificates) -> None:
    with (
        tls_server(certificates.server, servers.never_reads) as server,
        Recorder(secure(server.port, Tls(ca_file=str(certificates.ca)))) as recorder,
    ):
        recorder.connected()
        recorder.session.close()
        assert recorder.lost().wanted


@pytest.mark.parametrize("size", [1000, 16_384, 100_000, 3_000_000])
def test_bodies_of_every_size(certificates: Certificates, size: int) -> None:
    """Records of TLS are 16 kB: what lies decrypted but unread must not wait for the next packet."""
    body = bytes(range(256)) * (size // 256 + 1)

    def script(peer: servers.Peer) -> None:
        peer.handshake()
        peer.send(servers.message(body) + servers.message(b"after"))
        peer.wait_closed()

    with (
        tls_server(certificates.server, script) as server,
        Recorder(secure(server.port, Tls(ca_file=str(certificates.ca)))) as recorder,
    ):
        assert recorder.bodies(2) == [body, b"after"]


def test_a_large_body_goes_out(certificates: Certificates) -> None:
    body = bytes(5_000_000)
    got: list[int] = []

    def script(peer: servers.Peer) -> None:
        peer.handshake()
        size = 0
        while size < len(body):
            size += len(peer.sock.recv(65536))
        got.append(size)
        peer.send(servers.message(b"thanks"))
        peer.wait_closed()

    with (
        tls_server(certificates.server, script) as server,
        Recorder(secure(server.port, Tls(ca_file=str(certificates.ca)))) as recorder,
    ):
        recorder.connected()
        recorder.session.send("SEND", [("destination", "/queue/q"), ("content-length", str(len(body)))], body)
        recorder.bodies(1)
    assert got[0] >= len(body)


@pytest.mark.parametrize("name", ["SelectSelector", "PollSelector", "EpollSelector"])
def test_every_selector_will_do(certificates: Certificates, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = getattr(selectors, name, None)
    if kind is None:
        pytest.skip(f"{name} is not there on {sys.platform}")
    monkeypatch.setattr(SocketIO, "selector", kind)

    def script(peer: servers.Peer) -> None:
        peer.handshake()
        peer.send(servers.message(b"x" * 1000) * 50)
        peer.frame()
        peer.send(b"RECEIPT\nreceipt-id:1\n\n\0")
        peer.wait_closed()

    with (
        tls_server(certificates.server, script) as server,
        Recorder(secure(server.port, Tls(ca_file=str(certificates.ca))), max_frames=5) as recorder,
    ):
        recorder.bodies(50)
        recorder.session.send("SEND", [("destination", "/queue/q"), ("receipt", "1")], b"x" * 300_000)
        assert recorder.wait(ReceiptArrived).receipt == "1"


def test_a_peer_that_does_not_read_blocks_nobody_and_costs_nothing(certificates: Certificates, wakes: Wakes) -> None:
    with (
        tls_server(certificates.server, servers.never_reads) as server,
        Recorder(secure(server.port, Tls(ca_file=str(certificates.ca))), Limits(max_unsent=1000)) as recorder,
    ):
        recorder.connected()
        recorder.session.send("SEND", [("destination", "/queue/q")], b"x" * 20_000_000)
        with pytest.raises(SendQueueFull):
            recorder.session.send("SEND", [("destination", "/queue/q")], b"x")
        calm(wakes)


def test_silence_is_noticed_and_frames_go_both_ways_at_once(certificates: Certificates) -> None:
    """Large frames in both directions at the same time, then nothing."""

    def script(peer: servers.Peer) -> None:
        peer.handshake(servers.connected("300,300"))
        reader = threading.Thread(target=peer.frame)
        reader.start()
        peer.send(servers.message(b"x" * 5_000_000))
        reader.join(10)
        peer.over.wait(20)

    connection = dataclasses.replace(secure(1, Tls(ca_file=str(certificates.ca))), heart_beat=(300, 300))
    with (
        tls_server(certificates.server, script) as server,
        Recorder(dataclasses.replace(connection, port=server.port)) as recorder,
    ):
        recorder.connected()
        recorder.session.send("SEND", [("destination", "/queue/q")], b"y" * 5_000_000)
        assert len(recorder.bodies(1)[0]) == 5_000_000
        assert "nothing heard" in recorder.lost(within=8).reason
