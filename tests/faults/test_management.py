"""A management port that misbehaves: a reason in plain words, in bounded time and memory, and no password astray."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stomptui.brokers.artemis.dialect import Artemis
from stomptui.brokers.rabbitmq.dialect import RabbitMQ
from stomptui.config.connection import Connection, Tls, TransportKind
from stomptui.config.files.logs import start_log, stop_log
from stomptui.config.management import parse_management
from stomptui.connection.blocking_client import ClientError, NoAnswer, RequestRefused
from stomptui.queues.listing import http, listing
from stomptui.queues.listing.http import Http, StatusError
from stomptui.queues.listing.lister import Lister
from stomptui.queues.listing.listing import Listing, Unlisted
from tests.faults.servers import Peer, Script, closed_port, connected, never_reads_but, serving
from tests.support.certificates import Certificates
from tests.support.listing import Answer, asking, web

SECRET = "s3cret-pass"


def answers(*parts: bytes, then: Callable[[Peer], None] = Peer.wait_closed) -> Script:
    """Answers a request with these bytes, each in a packet of its own."""

    def script(peer: Peer) -> None:
        peer.until(b"\r\n\r\n")
        for part in parts:
            peer.send(part)
        then(peer)

    return script


def close(peer: Peer) -> None:
    peer.sock.close()


@contextmanager
def http_to(port: int, scheme: str = "http", tls: Tls | None = None, host: str = "127.0.0.1") -> Iterator[Http]:
    connection = Connection(host=host, login="guest", passcode=SECRET, tls=tls or Tls())
    with Http(parse_management(f"{scheme}://{host}:{port}"), connection) as client:
        yield client


def failure(script: Script) -> ClientError:
    """What is said of a server that does this."""
    with serving(script) as port, http_to(port) as client, pytest.raises(ClientError) as raised:
        client.get("/api")
    assert SECRET not in str(raised.value) + raised.value.server_text
    return raised.value


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patience of a fraction of a second."""
    monkeypatch.setattr(http, "SILENCE", 0.3)
    monkeypatch.setattr(http, "WHOLE", 0.8)


def test_nothing_listens() -> None:
    with closed_port() as port, http_to(port) as client, pytest.raises(ClientError, match="nothing listens on"):
        client.get("/")


def test_a_name_nobody_knows() -> None:
    with (
        http_to(1, host="no.such.host.invalid") as client,
        pytest.raises(ClientError, match=r"no\.such\.host\.invalid"),
    ):
        client.get("/")


def test_it_never_answers(hasty: None) -> None:
    error = failure(lambda peer: peer.wait_closed())
    assert isinstance(error, NoAnswer) and "no answer from http://127.0.0.1:" in str(error)


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nx: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_it_trickles_for_ever(head: bytes, hasty: None) -> None:
    def trickle(peer: Peer) -> None:
        while not peer.over.wait(0.05):
            peer.send(b"x")

    error = failure(answers(head, then=trickle))
    assert isinstance(error, NoAnswer) and "no whole answer" in str(error)


def test_it_sends_an_endless_answer() -> None:
    def flood(peer: Peer) -> None:
        while not peer.over.is_set():
            peer.send(b" " * 65536)

    error = failure(answers(b"HTTP/1.1 200 OK\r\n\r\n", then=flood))
    assert "longer than 8 MB" in str(error)


def test_an_answer_of_10_mb_is_not_read_to_its_end() -> None:
    assert "longer than 8 MB" in str(
        failure(answers(b"HTTP/1.1 200 OK\r\ncontent-length: 10485760\r\n\r\n", b" " * (10 << 20)))
    )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n", "does not speak HTTP"),
        (b"\x00\xff\x00\xff" * 1000, "does not speak HTTP"),
        (b"ERROR\nmessage:Bad command\n\n\0", "does not speak HTTP"),
        (b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 1000, "does not speak HTTP"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello", "is no JSON"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", "is no JSON"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"[" * 200_000, "is no JSON"),
        (b'HTTP/1.1 200 OK\r\n\r\n"\xff\xfe"', "is no JSON"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"9" * 100_000, "is no JSON"),
        (b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n\x1f\x8b\x08\x00", "is no JSON"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n[1, 2", "closed the connection before"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n[1, 2", "closed the connection before"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", "closed the connection before"),
        (b"", "closed the connection before"),
        (b"HTTP/1.1 500 Oops\r\ncontent-length: 7\r\n\r\ncrashed", "HTTP 500"),
        (b"HTTP/1.1 503 \r\n\r\n", "HTTP 503"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", "HTTP 204"),
        (b"HTTP/1.1 404 Not Found\r\n\r\n", "there is no management at"),
    ],
)
def test_it_answers_nonsense(said: bytes, words: str) -> None:
    assert words in str(failure(answers(said, then=close)))


def test_what_a_server_says_of_its_error_is_passed_on_and_cut() -> None:
    error = failure(answers(b"HTTP/1.1 500 Oops\r\n\r\ncrashed \x1b[2J" + b"x" * 100_000, then=close))
    assert isinstance(error, StatusError) and error.status == 500
    assert error.server_text.startswith("crashed") and len(error.server_text) <= http.SAID


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_login(status: int) -> None:
    error = failure(answers(f"HTTP/1.1 {status} No\r\ncontent-length: 0\r\n\r\n".encode()))
    assert isinstance(error, RequestRefused) and "refused the login" in str(error)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with web({}) as other:
        moved = Answer(status, b"", {"location": f"{other.url}/api/queues"})
        with web(lambda request: moved) as server, http_to(server.port) as client:
            with pytest.raises(StatusError) as raised:
                client.get("/api/queues")
            assert other.url in str(raised.value)
        assert len(server.requests) == 1 and not other.requests


def test_after_a_failure_the_next_question_is_asked_on_a_new_connection() -> None:
    turns = iter([answers(b"", then=close), answers(b"HTTP/1.1 200 OK\r\n\r\n[1]", then=close)])
    with serving(lambda peer: next(turns)(peer)) as port, http_to(port) as client:
        with pytest.raises(NoAnswer):
            client.get("/")
        assert client.get("/") == [1]


def test_many_questions_share_a_connection() -> None:
    def script(peer: Peer) -> None:
        while True:
            peer.until(b"\r\n\r\n")
            peer.send(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n[1]")

    with serving(script) as port, http_to(port) as client:
        assert [client.get("/") for _ in range(5)] == [[1]] * 5


def test_what_is_waited_for_ends_when_nobody_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "SILENCE", 3600.0)
    asked = threading.Event()

    def script(peer: Peer) -> None:
        peer.until(b"\r\n\r\n")
        asked.set()
        peer.wait_closed()

    with serving(script) as port:
        told: list[Listing | Unlisted] = []
        connection = Connection(login="guest", passcode=SECRET, management=f"http://127.0.0.1:{port}")
        with asking(connection, RabbitMQ()) as way:
            lister = Lister(way, told.append)
            lister.start()
            assert asked.wait(10)
            lister.stop()
            assert lister.join(30)
        assert told == []


def test_a_silent_broker_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "GRACE", 0.1)
    server = connected("0,0", "1.1", "ActiveMQ-Artemis/2.56.0")
    told: list[Listing | Unlisted] = []
    with serving(never_reads_but(server)) as port, asking(Connection(port=port), Artemis()) as way:
        lister = Lister(way, told.append)
        lister.start()
        while way._client is None:
            time.sleep(0.005)
        lister.stop()
        assert lister.join(10)
    assert told == []


# TLS


def test_a_certificate_is_checked_against_the_ca_of_the_connection(certificates: Certificates) -> None:
    good = answers(b"HTTP/1.1 200 OK\r\n\r\n[1]", then=close)
    with serving(good, certificates.server.cert, certificates.server.key) as port:
        with http_to(port, "https", Tls(ca_file=str(certificates.ca))) as client:
            assert client.get("/") == [1]
        for tls, words in (
            (Tls(), "signed by nobody trusted"),
            (Tls(ca_file=str(certificates.other_ca)), "signed by nobody trusted"),
            (Tls(ca_file=str(certificates.ca), server_name="broker.example"), "not for broker.example"),
            (Tls(ca_file="/no/such/file"), "no such file"),
        ):
            with http_to(port, "https", tls) as client, pytest.raises(ClientError, match=words):
                client.get("/")
        with http_to(port, "https", Tls(verify=False)) as client:
            assert client.get("/") == [1], "the person said not to verify"


def test_a_wrong_name_and_an_expired_certificate(certificates: Certificates) -> None:
    tls = Tls(ca_file=str(certificates.ca))
    for pair, words in ((certificates.wrong_name, "not for 127.0.0.1"), (certificates.expired, "has expired")):
        with (
            serving(answers(b""), pair.cert, pair.key) as port,
            http_to(port, "https", tls) as client,
            pytest.raises(ClientError, match=words),
        ):
            client.get("/")


def test_what_is_found_is_verified_though_the_connection_is_not(certificates: Certificates) -> None:
    asked: list[bytes] = []

    def script(peer: Peer) -> None:
        asked.append(peer.until(b"\r\n\r\n"))

    with serving(script, certificates.server.cert, certificates.server.key) as port:
        place = parse_management(f"https://127.0.0.1:{port}")
        connection = Connection(login="guest", passcode=SECRET, tls=Tls(verify=False), transport=TransportKind.TLS)
        with Http(place, connection, verify=True) as client, pytest.raises(ClientError, match="trusted"):
            client.get("/")
    assert not asked


def test_https_where_http_is_spoken() -> None:
    def script(peer: Peer) -> None:
        peer.sock.recv(100)
        peer.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with serving(script) as port, http_to(port, "https") as client, pytest.raises(ClientError, match="not speak TLS"):
        client.get("/")


# The password


@pytest.mark.parametrize("status", [200, 302, 403, 404, 500])
def test_what_the_server_repeats_of_the_password_is_not_told(status: int) -> None:
    import base64

    token = base64.b64encode(f"guest:{SECRET}".encode()).decode()
    said = f"{'x' * 295}{SECRET} {token}".encode()
    location = f"Location: /login?p={SECRET}\r\n".encode()
    head = b"HTTP/1.1 %d No\r\n%bContent-Length: %d\r\n\r\n" % (status, location, len(said))
    error = failure(answers(head + said))
    words = str(error) + error.server_text
    assert "s3cret" not in words and token not in words and "x" * 200 in words


def test_no_password_is_in_the_log(tmp_path: Path) -> None:
    import base64

    token = base64.b64encode(f"guest:{SECRET}".encode()).decode()
    start_log(tmp_path / "log")
    try:
        with web(lambda request: Answer(500, request.headers["authorization"].encode())) as server:
            with http_to(server.port) as client, pytest.raises(StatusError) as raised:
                client.get("/")
            assert token in server.requests[0].headers["authorization"]
        logging.getLogger("stomptui").warning("it said %s", raised.value.server_text)
    finally:
        stop_log()
    text = (tmp_path / "log").read_text()
    assert "it said" in text and token not in text and SECRET not in text


def test_without_a_login_none_is_sent() -> None:
    with web(lambda request: json.loads("[1]")) as server:
        with Http(parse_management(server.url), Connection()) as client:
            assert client.get("/") == [1]
        assert "authorization" not in server.requests[0].headers
