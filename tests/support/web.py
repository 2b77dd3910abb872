"""The web server with a program that is cheaper to start than stomptui, and browsers that do as they are told."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

import aiohttp

from stomptui.web.guard import Guard
from stomptui.web.server import Listening, WebServer
from stomptui.web.tab import Program
from tests.support.ports import free_port

ECHO = """
import json, os, sys

def put(kind, data):
    sys.stdout.buffer.write(kind + len(data).to_bytes(4, "big") + data)
    sys.stdout.buffer.flush()

print("a line before", flush=True)
print("__GANGLION__", flush=True)
put(b"D", f"{os.getpid()} {os.environ['COLUMNS']}x{os.environ['ROWS']} {os.environ['TERM']}".encode())
while kind := sys.stdin.buffer.read(1):
    data = sys.stdin.buffer.read(int.from_bytes(sys.stdin.buffer.read(4), "big"))
    if data == b"crash":
        print("\\033[31mit broke", file=sys.stderr)
        sys.exit(1)
    if data == b"stay":
        import time
        put(b"D", b"staying")
        time.sleep(60)
    if data == b"quit":
        put(b"M", b'{"type": "exit"}')
        break
    if data.startswith(b"tell "):
        put(b"M", data[5:])
    else:
        put(b"D", kind + b" " + data)
"""
"""Shows its process id and its size, then what it gets; some words have it do something else."""


@dataclass
class Served:
    """A server that listens."""

    guard: Guard
    server: WebServer
    port: int
    reports: list[str] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def console(self) -> str:
        """The address of the console's page."""
        return f"http://{self.host}{self.guard.folder}/"

    def cookie(self) -> dict[str, str]:
        """The header of a browser that is let in."""
        return {"Cookie": f"stomptui={self.guard.exchange(self.guard.new_token())}"}


@contextlib.asynccontextmanager
async def serving(most_tabs: int = 2) -> AsyncIterator[Served]:
    """A server on a free port of loopback."""
    guard = Guard("127.0.0.1")
    reports: list[str] = []
    server = WebServer(guard, Program([sys.executable, "-c", ECHO], {"ONE_MORE": "1"}), most_tabs, reports.append)
    port = await server.start(Listening("127.0.0.1", free_port()))
    try:
        yield Served(guard, server, port, reports)
    finally:
        await server.stop()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def said(self) -> str:
        """The sentence of a plain page."""
        found = re.search(r"<p>(.*)</p>", self.text)
        return found[1] if found else ""


async def ask(address: str, headers: Mapping[str, str], method: str = "GET") -> Answer:
    """A request with these headers and no cookies of its own; a redirect would be the answer."""
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client,
        client.request(method, address, headers=headers, allow_redirects=False) as response,
    ):
        return Answer(response.status, response.headers.copy(), await response.text("utf-8", "replace"))
