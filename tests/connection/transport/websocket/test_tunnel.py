"""A WebSocket through an HTTP proxy, and HTTP Basic apart from the login of STOMP."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from stomptui.connection.events import Connected
from tests.interop.listening import connected, refused
from tests.support.ports import free_port
from tests.support.websocket import Peer, WebSocketServer, greets, says


@contextmanager
def proxy(seen: list[str]) -> Iterator[int]:
    """A proxy that makes one tunnel; notes what it was asked."""

    def serve() -> None:
        client, _ = listener.accept()
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(4096)
        seen.extend(head.decode().split("\r\n"))
        host, _, port = head.split()[1].decode().rpartition(":")
        server = socket.create_connection((host, int(port)))
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        back = threading.Thread(target=_pass, args=(server, client), daemon=True)
        back.start()
        _pass(client, server)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]


def _pass(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # one of them hung up


def test_a_tunnel_is_made_with_the_login_of_the_proxy() -> None:
    seen: list[str] = []
    with WebSocketServer(greets()) as server, proxy(seen) as port:
        named = f"http://me:p%40ss@127.0.0.1:{port}"
        with connected(server.connection(proxy=named)) as listening:
            assert listening.wait_for(Connected)
        assert seen[0] == f"CONNECT 127.0.0.1:{server.port} HTTP/1.1"
    assert "Proxy-Authorization: Basic bWU6cEBzcw==" in seen


def test_why_a_proxy_makes_no_tunnel_is_told_at_its_field() -> None:
    for answer, words in (
        (b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", "wants a login (HTTP 407)"),
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno", "made no tunnel to h:80 (HTTP 403)"),
        (b"SSH-2.0-x\r\n", "an SSH server answers"),
    ):
        with WebSocketServer(says(answer)) as server:
            through = server.connection(host="h", port=80, proxy=f"http://127.0.0.1:{server.port}")
            failed = refused(through)
        assert words in failed.reason and failed.field == "proxy"
        assert f"the proxy 127.0.0.1 port {server.port}" in failed.reason


def test_a_proxy_that_does_not_listen_is_told_with_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{port}")
    with WebSocketServer(greets()) as server:
        failed = refused(server.connection(host="h.example", port=80))
        assert f"the proxy 127.0.0.1 port {port}, of http_proxy, was not reached" in failed.reason
        with connected(server.connection()):
            pass  # this machine itself is reached without it


def test_http_basic_is_apart_from_the_login_of_stomp() -> None:
    seen: list[str] = []

    def talk(peer: Peer) -> None:
        peer.upgrade()
        seen.extend((*peer.header("Authorization"), peer.read_stomp().decode()))
        peer.send(b"CONNECTED\nversion:1.2\n\n\0")
        peer.wait_for_end()

    who = {"login": "a", "passcode": "b", "ws_login": "alice", "ws_passcode": "sesame"}
    with WebSocketServer(talk) as server, connected(server.connection(**who)):
        pass
    assert seen[0] == "Basic YWxpY2U6c2VzYW1l"
    assert "login:a\npasscode:b\n" in seen[1]
