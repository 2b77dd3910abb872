"""From HTTP to WebSocket: what we ask, and what every refusal is told as."""

from __future__ import annotations

import os
import re
import signal
import ssl
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Tls
from stomptui.connection.errors import Want
from stomptui.connection.events import Connected, ConnectFailed, Progress
from stomptui.connection.probe import probe
from tests.interop.listening import Listening, connected, refused
from tests.support.captured_websocket import capture
from tests.support.certificates import Certificates, make_certificates
from tests.support.ports import free_port
from tests.support.websocket import (
    BINARY,
    CONNECTED,
    PING,
    PONG,
    TEXT,
    Peer,
    WebSocketServer,
    close_frame,
    frame,
    greets,
    http,
    message,
    opens,
    says,
)


class TestHandshake:
    def ask(self, **changes: object) -> Peer:
        seen: list[Peer] = []

        def talk(peer: Peer) -> None:
            seen.append(peer)
            peer.greet()
            peer.wait_for_end()

        with WebSocketServer(talk) as server, connected(server.connection(**changes)):
            pass
        return seen[0]

    def test_what_is_sent_by_default(self) -> None:
        peer = self.ask(ws_path="/stomp/endpoint?access_token=x")
        assert peer.request[0] == "GET /stomp/endpoint?access_token=x HTTP/1.1"
        assert peer.header("Host")[0].startswith("127.0.0.1:")
        assert peer.header("Sec-WebSocket-Version") == ["13"]
        assert peer.header("Sec-WebSocket-Protocol") == ["v12.stomp, v11.stomp, v10.stomp"]
        assert peer.header("Origin") == [], "which would be refused behind a proxy that ends TLS"

    def test_a_pinned_version_offers_that_one_alone(self) -> None:
        assert self.ask(versions=("1.2",)).header("Sec-WebSocket-Protocol") == ["v12.stomp"]

    def test_extra_headers_keep_order_and_repeats(self) -> None:
        lines = (("X-A", "1"), ("Cookie", "JSESSIONID=abc"), ("X-A", "é"), ("Origin", "https://app.example"))
        peer = self.ask(ws_headers=lines)
        extra = [line for line in peer.request if line.startswith(("X-A", "Cookie", "Origin"))]
        assert extra == ["X-A: 1", "Cookie: JSESSIONID=abc", "X-A: é", "Origin: https://app.example"]

    def test_a_header_of_the_persons_own_takes_the_place_of_ours(self) -> None:
        peer = self.ask(ws_headers=(("host", "broker.example"), ("sec-websocket-protocol", "stomp")))
        assert peer.header("host") == ["broker.example"]
        assert peer.header("sec-websocket-protocol") == ["stomp"]

    def test_basic_authorization(self) -> None:
        peer = self.ask(ws_basic=True, login="alice", passcode="sesame")
        assert peer.header("Authorization") == ["Basic YWxpY2U6c2VzYW1l"]

    def test_a_line_break_in_a_header_is_not_sent(self) -> None:
        with WebSocketServer(says(b"")) as server:
            failed = refused(server.connection(ws_headers=(("X-A", "1\r\nX-B: 2"),)))
        assert failed.field == "ws_headers"

    def test_proxies_of_the_environment_are_not_used(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
        assert self.ask().request[0].startswith("GET /ws")

    def test_the_stages_are_told(self) -> None:
        with WebSocketServer(greets()) as server, connected(server.connection()) as listening:
            stages = [event.stage for event in listening.events if isinstance(event, Progress)]
        assert stages == ["looking up", "connecting", "WebSocket", "CONNECT"]

    def test_a_frame_that_comes_right_behind_the_answer_is_not_lost(self) -> None:
        def talk(peer: Peer) -> None:
            peer.upgrade(rest=frame(TEXT, b"\n") + frame(PING, b"early"))
            peer.read_stomp()
            peer.send(CONNECTED)
            assert (PONG, b"early") in peer.wait_for_end()

        with WebSocketServer(talk) as server, connected(server.connection()):
            pass

    @pytest.mark.parametrize(
        ("eol", "before"),
        [
            ("\n", ""),
            ("\r\n", "HTTP/1.1 100 Continue\r\n\r\n"),
            ("\r\n", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 3),
            ("\n", "HTTP/1.1 102 Processing\n\n"),
        ],
    )
    def test_other_ends_of_line_and_answers_that_are_only_meanwhile(self, eol: str, before: str) -> None:
        def talk(peer: Peer) -> None:
            peer.upgrade(rest=frame(TEXT, b"\n"), eol=eol, before=before)
            peer.read_stomp()
            peer.send(CONNECTED)
            peer.wait_for_end()

        with WebSocketServer(talk) as server, connected(server.connection()):
            pass

    def test_answers_that_are_only_meanwhile_without_end(self) -> None:
        with WebSocketServer(says(b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000)) as server:
            assert "endless HTTP header" in refused(server.connection()).reason


class TestSources:
    def connect(self, server: WebSocketServer, words: str, **changes: object) -> None:
        lines = (("Authorization", f"Bearer {{{{command {words}}}}}"),)
        with connected(server.connection(ws_headers=lines, headers=(("X-CSRF-TOKEN", "{{env CSRF}}"),), **changes)):
            pass

    def test_a_token_is_asked_for_anew_at_each_connection(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CSRF", "c5rf")
        script = tmp_path / "get token.py"
        script.write_text("import sys\nopen(sys.argv[1], 'a').write('x')\nprint(len(open(sys.argv[1]).read()))")
        seen: list[str] = []

        def talk(peer: Peer) -> None:
            peer.upgrade()
            connect = peer.read_stomp().decode()
            seen.extend((*peer.header("Authorization"), *re.findall("X-CSRF-TOKEN:.*", connect)))
            peer.send(CONNECTED)
            peer.wait_for_end()

        with WebSocketServer(talk) as server:
            for _ in range(2):
                self.connect(server, f"{sys.executable} '{script}' '{tmp_path}/count'")
        assert seen == ["Bearer 1", "X-CSRF-TOKEN:c5rf", "Bearer 2", "X-CSRF-TOKEN:c5rf"]

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            ("/no/such/command", "Authorization: command /no/such/command: it cannot be run: No such file"),
            ("sh -c 'echo s3cret; echo s3cret >&2; exit 3'", "it failed with status 3"),
            ("sleep 60", "it did not end in time"),
            ("yes", "more than 65,536 bytes"),
        ],
    )
    def test_a_command_that_gives_no_token_is_told_and_nothing_of_what_it_printed(self, words: str, told: str) -> None:
        with WebSocketServer(greets()) as server:
            lines = (("Authorization", f"{{{{command {words}}}}}"),)
            failed = refused(server.connection(ws_headers=lines, timeout=0.5 if words == "sleep 60" else 10.0))
        assert told in failed.reason and failed.field == "ws_headers"
        assert "echo" in words or "s3cret" not in failed.reason + failed.server_text

    def test_what_a_command_leaves_running_is_neither_waited_for_nor_ended(self, tmp_path: Path) -> None:
        seen: list[str] = []

        def talk(peer: Peer) -> None:
            peer.greet()
            seen.extend(peer.header("Authorization"))
            peer.wait_for_end()

        words = f"{{{{command sh -c 'sleep 60 & echo $! > {tmp_path}/pid; printf t0k; echo en'}}}}"
        begun = time.monotonic()
        lines = (("Authorization", words),)
        with WebSocketServer(talk) as server, connected(server.connection(ws_headers=lines, timeout=60.0)):
            pass
        assert seen == ["t0ken"]
        assert time.monotonic() - begun < 30
        left = int((tmp_path / "pid").read_text())
        os.kill(left, 0)
        os.kill(left, signal.SIGKILL)

    def test_a_command_is_ended_with_the_attempt(self) -> None:
        with WebSocketServer(greets()) as server:
            listening = Listening(server.connection(ws_headers=(("a", "{{command sleep 60}}"),), timeout=60.0))
            listening.session.open()
            listening.wait_for(Progress)
            listening.session.close()
            assert listening.wait_for(ConnectFailed, timeout=5).cancelled


class TestRefusal:
    @pytest.mark.parametrize(
        ("status", "headers", "field", "words"),
        [
            ("401 ", ('WWW-Authenticate: Basic realm="Realm"',), "ws_login", 'Basic realm="Realm"'),
            ("403 Forbidden", (), "ws_headers", "403"),
            ("302 Found", ("Location: http://host/login",), "ws_headers", "http://host/login"),
            ("301 Moved", ("Location: https://host/ws",), "ws_path", "https://host/ws"),
            ("404 Not Found", (), "ws_path", "no WebSocket at /ws"),
            ("503 Service Unavailable", (), "", "503"),
        ],
    )
    def test_each_status_has_its_words(self, status: str, headers: tuple[str, ...], field: str, words: str) -> None:
        with WebSocketServer(http(status, *headers, body=b"the server's own words")) as server:
            failed = refused(server.connection(ws_path="/ws?access_token=secret"))
        assert words in failed.reason + failed.server_text
        # What was sent and not taken is in the path here.
        assert failed.field == ("ws_path" if field in ("ws_headers", "ws_login") else field)
        with WebSocketServer(http(status, *headers, body=b"the server's own words")) as server:
            assert refused(server.connection(ws_path="/ws")).field == field
        assert "the server's own words" in failed.server_text
        assert "secret" not in failed.reason

    @pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
    def test_headers_in_other_languages_are_read(self, encoding: str) -> None:
        head = 'HTTP/1.1 401 Bitte anmelden\r\nWWW-Authenticate: Basic realm="Bücher"\r\nContent-Length: 0\r\n\r\n'
        with WebSocketServer(says(head.encode(encoding))) as server:
            assert 'realm="Bücher"' in refused(server.connection()).server_text

    def test_a_page_is_shown_without_its_markup(self) -> None:
        page = b"<html><head><title>x</title></head><body><h1>Not <b>here</b></h1></body></html>"
        with WebSocketServer(http("404 Not Found", "Content-Type: text/html", body=page)) as server:
            failed = refused(server.connection())
        assert failed.server_text == "Not here"

    def test_a_body_in_chunks(self) -> None:
        chunked = b"HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nbad\r\n6\r\n origin\r\n0\r\n\r\n"
        with WebSocketServer(says(chunked)) as server:
            assert refused(server.connection()).server_text.endswith("\nbad origi")

    @pytest.mark.parametrize("case", ["http-401-basic", "http-403-origin", "http-404"])
    def test_what_spring_answered(self, case: str) -> None:
        entry = capture("spring", case)
        with WebSocketServer(says(b"".join(data for who, data in entry.turns if who == "s"))) as server:
            failed = refused(server.connection())
        assert f"HTTP {case[5:8]}" in failed.reason

    @pytest.mark.parametrize(
        "path", ["/sockjs", "/sockjs/", "/sockjs/info", "/sockjs/4/efa0b978/websocket", "/sockjs/000/abc/xhr_streaming"]
    )
    @pytest.mark.parametrize("status", ["200 OK", "400 Bad Request", "404 Not Found"])
    def test_the_websocket_of_a_sockjs_endpoint_is_opened(self, path: str, status: str) -> None:
        with (
            WebSocketServer(sockjs(status)) as server,
            connected(server.connection(ws_path=f"{path}?t=1")) as listening,
        ):
            found = listening.wait_for(Connected).found
        assert "SockJS" in found and found.endswith(
            (": connected to /sockjs/websocket", "; connected to /sockjs/websocket")
        )

    @pytest.mark.parametrize(
        "location",
        [
            "https://h/ws?token=S3cr3t%2B",
            "/login/S3cr3t%2B?next=/ws",
            "https://h/login?next=%2Fws%3Ftoken%3DS3cr3t%252B",
            "/" + "a" * 194 + "S3cr3t+",
            "https://me:S3cr3t+@h/ws",
            "/login?apikey=S3cr3t-of-the-server&x=1",
            "/login?cookie=H1dd3n-cookie",
        ],
    )
    @pytest.mark.parametrize("status", ["301 Moved", "302 Found", "401 Unauthorized", "404 Not Found", "503 Busy"])
    def test_a_secret_that_the_server_repeats_is_not_told(self, status: str, location: str) -> None:
        answer = http(status, f"Location: {location}", body=f"you asked for {location}, H1dd3n-cookie".encode())
        with WebSocketServer(answer) as server:
            cookie = (("Cookie", "H1dd3n-cookie"),)
            failed = refused(server.connection(ws_path="/ws?token=S3cr3t%2B", ws_headers=cookie))
        text = failed.reason + failed.server_text
        assert "S3cr" not in text and "H1dd" not in text
        assert "••••••" in text and status[:3] in text

    @pytest.mark.parametrize(
        ("path", "target"),
        [("/ws/websocket", "/ws"), ("/ws/", "/ws"), ("/ws/info", "/ws"), ("/ws/4/efa0b978/websocket", "/ws")],
    )
    def test_a_websocket_that_is_no_sockjs_is_opened_without_what_sockjs_adds(self, path: str, target: str) -> None:
        def talk(peer: Peer) -> None:
            if peer.request[0] == f"GET {target} HTTP/1.1":
                peer.greet()
                peer.wait_for_end()
            else:
                http("404 Not Found")(peer)

        with WebSocketServer(talk) as server, connected(server.connection(ws_path=path)) as listening:
            assert listening.wait_for(Connected).found == f"there is no WebSocket at {path}: connected to {target}"

    def test_a_path_that_only_looks_like_a_sockjs_session_is_taken_as_it_is(self) -> None:
        def talk(peer: Peer) -> None:
            if peer.request[0] == "GET /rooms/4/lobby/websocket HTTP/1.1":
                peer.greet()
                peer.wait_for_end()
            else:
                http("404 Not Found")(peer)

        path = "/rooms/4/lobby/websocket"
        with WebSocketServer(talk) as server, connected(server.connection(ws_path=path)) as listening:
            assert listening.wait_for(Connected).found == ""

    def test_a_sockjs_endpoint_without_websocket_is_told(self) -> None:
        with WebSocketServer(http("200 OK", body=b'{"websocket":false,"origins":["*:*"]}')) as server:
            failed = refused(server.connection(ws_path="/sockjs/info"))
        assert failed.reason == "/sockjs is a SockJS endpoint that has no WebSocket"

    def test_a_refusal_by_the_websocket_of_a_sockjs_endpoint_is_told(self) -> None:
        def talk(peer: Peer) -> None:
            info = peer.request[0] == "GET /sockjs/info HTTP/1.1"
            refusal = "403 Forbidden" if "/websocket" in peer.request[0] else "404 Not Found"
            http("200 OK" if info else refusal, body=b'{"websocket":true}')(peer)

        with WebSocketServer(talk) as server:
            assert "HTTP 403" in refused(server.connection(ws_path="/sockjs")).reason

    def test_a_sockjs_session_is_not_mistaken_for_stomp(self) -> None:
        def talk(peer: Peer) -> None:
            if peer.request[0].startswith("GET /sockjs/info "):
                http("403 Forbidden")(peer)
                return
            peer.upgrade(rest=frame(TEXT, b"o"))
            peer.read()
            peer.send(b'c[1007,""]')
            peer.wait_for_end()

        with WebSocketServer(talk) as server:
            failed = refused(server.connection(ws_path="/sockjs/000/abc123/websocket"))
        assert "plain STOMP is at /sockjs/websocket" in failed.reason

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"SSH-2.0-OpenSSH_9.2\r\n", "SSH server"),
            (b"ERROR\nmessage:Bad command\n\n\0", "speaks STOMP without WebSocket: choose TCP"),
            (b"\x15\x03\x01\x00\x02\x02\x46", "speaks TLS: choose secure WebSocket"),
            (b"HTTP/1.1 nonsense\r\n\r\n", "something like HTTP"),
            (b"HTTP/1.1 101 Switching\r\nX: " + b"x" * 70_000, "endless HTTP header"),
        ],
    )
    def test_who_else_may_answer(self, data: bytes, words: str) -> None:
        with WebSocketServer(says(data)) as server:
            assert words in refused(server.connection()).reason

    def test_who_hangs_up(self) -> None:
        with WebSocketServer(lambda peer: peer.sock.shutdown(2)) as server:
            assert "instead of answering" in refused(server.connection()).reason

    def test_an_answer_to_somebody_else(self) -> None:
        with WebSocketServer(lambda peer: peer.upgrade(accept="bm90IHRoaXMgb25l")) as server:
            assert "a proxy may be in between" in refused(server.connection()).reason

    def test_silence_instead_of_an_upgrade(self) -> None:
        with WebSocketServer(lambda peer: peer.wait_for_end()) as server:
            failed = refused(server.connection(timeout=0.3))
        assert "no answer to the WebSocket handshake within 0.3 s" in failed.reason

    def test_silence_instead_of_connected(self) -> None:
        with WebSocketServer(opens()) as server:
            failed = refused(server.connection(timeout=0.3))
        assert failed.reason.startswith("the WebSocket is open, but no CONNECTED came within 0.3 s")

    def test_an_attempt_is_cancelled_at_once(self) -> None:
        asked = threading.Event()

        def talk(peer: Peer) -> None:
            asked.set()
            peer.wait_for_end()

        with WebSocketServer(talk) as server:
            listening = Listening(server.connection(timeout=60.0))
            listening.session.open()
            assert asked.wait(10)
            listening.session.close()
            assert listening.wait_for(ConnectFailed, timeout=5).cancelled

    def test_an_error_frame_instead_of_connected(self) -> None:
        error = b"ERROR\nmessage:Bad CONNECT\n\nAccess refused for user 'guest'\0"
        with WebSocketServer(greets(answer=error)) as server:
            failed = refused(server.connection())
        assert "Access refused for user 'guest'" in failed.server_text

    @pytest.mark.parametrize(
        ("code", "words", "field"),
        [
            (1008, "no ticket", "ws_headers"),
            (3000, "", "ws_headers"),
            (4401, "", "ws_headers"),
            (4403, "Forbidden", "ws_headers"),
            (4001, "no token given", "ws_headers"),
            (4001, "try another day", ""),
            (4000, "", ""),
        ],
    )
    def test_a_close_instead_of_connected(self, code: int, words: str, field: str) -> None:
        def talk(peer: Peer) -> None:
            peer.upgrade()
            peer.read()
            peer.sock.sendall(close_frame(code, words))
            peer.wait_for_end()

        with WebSocketServer(talk) as server:
            failed = refused(server.connection())
        assert f"({f'{code} {words}'.strip()}) instead of answering CONNECT" in failed.reason
        assert failed.field == field
        assert (failed.wants is Want.CREDENTIALS) == bool(field)

    def test_what_is_neither_stomp_nor_sockjs(self) -> None:
        with WebSocketServer(opens(frame(TEXT, b'{"hello":1}'))) as server:
            failed = refused(server.connection())
        assert failed.reason == "the WebSocket at /ws does not speak STOMP"
        assert failed.server_text == '{"hello":1}'

    def test_the_probe_says_the_same(self) -> None:
        with WebSocketServer(http("404 Not Found")) as server:
            found = probe(server.connection(), BROKERS)
        assert isinstance(found, ConnectFailed)
        assert "no WebSocket at /ws" in found.reason
        with WebSocketServer(greets()) as server:
            assert isinstance(probe(server.connection(), BROKERS), Connected)


class TestTls:
    @pytest.fixture(scope="class")
    def certificates(self, tmp_path_factory: pytest.TempPathFactory) -> Certificates:
        return make_certificates(tmp_path_factory.mktemp("certificates"))

    @pytest.fixture
    def context(self, certificates: Certificates) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates.server.cert, certificates.server.key)
        return context

    def test_trusted(self, certificates: Certificates, context: ssl.SSLContext) -> None:
        body = bytes(range(1, 256)) * 1000
        tls = Tls(ca_file=str(certificates.ca))
        talk = greets(frame(BINARY, message(body)))
        with WebSocketServer(talk, context) as server, connected(server.connection(tls=tls)) as listening:
            assert listening.wait_for_frames("MESSAGE", 1)[0].body == body

    def test_untrusted(self, certificates: Certificates, context: ssl.SSLContext) -> None:
        with WebSocketServer(lambda peer: peer.greet(), context) as server:
            failed = refused(server.connection(tls=Tls(ca_file=str(certificates.other_ca))))
        assert "signed by nobody trusted here" in failed.reason

    def test_sockjs_is_found_out_over_tls_too(self, certificates: Certificates, context: ssl.SSLContext) -> None:
        tls = Tls(ca_file=str(certificates.ca))
        with (
            WebSocketServer(sockjs("404 Not Found"), context) as server,
            connected(server.connection(ws_path="/sockjs", tls=tls)) as listening,
        ):
            assert listening.wait_for(Connected).found.endswith("/sockjs/websocket")


def sockjs(status: str) -> Callable[[Peer], None]:
    """A server with a SockJS endpoint at /sockjs; any other path is answered with `status`."""

    def talk(peer: Peer) -> None:
        path = peer.request[0].split()[1].partition("?")[0]
        if path == "/sockjs/info":
            http("200 OK", body=b'{"entropy":1,"origins":["*:*"],"cookie_needed":true,"websocket":true}')(peer)
        elif path == "/sockjs/websocket":
            peer.greet()
            peer.wait_for_end()
        else:
            http(status, body=b"Welcome to SockJS!\n")(peer)

    return talk
