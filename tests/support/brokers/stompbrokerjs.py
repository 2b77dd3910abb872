"""stomp-broker-js, a small broker for Node with a WebSocket at /stomp, downloaded once."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import ClassVar

from stomptui.config.connection import Connection, TransportKind
from tests.support import npm
from tests.support.brokers.base import Broker
from tests.support.brokers.cache import CACHE, NOT_FETCHED, fill
from tests.support.ports import accepts, free_port

VERSION = "1.3.0"
HOME = CACHE / f"stomp-broker-js-{VERSION}"
SUMS = Path(__file__).with_name("stompbrokerjs.sha256")
PACKAGES = (
    f"stomp-broker-js@{VERSION}",
    *("async-limiter@1.0.1", "faye-websocket@0.11.4", "http-parser-js@0.5.10", "safe-buffer@5.2.1", "sockjs@0.3.24"),
    *("uuid@8.3.2", "websocket-driver@0.7.5", "websocket-extensions@0.2.0", "ws@5.2.8"),
)
PROGRAM = """\
const http = require('http');
const Server = require('stomp-broker-js');
const web = http.createServer();
new Server({server: web, path: '/stomp', heartbeat: [Number(process.argv[2]), Number(process.argv[2])]});
web.listen(Number(process.argv[1]), '127.0.0.1');
"""


class StompBrokerJs(Broker):
    """Its own defaults, but for the heart-beat that may be set; what it has no room for in a frame ends it."""

    key: ClassVar[str] = "stompbrokerjs"
    title: ClassVar[str] = f"stomp-broker-js {VERSION}"
    ready_within: ClassVar[float] = 30.0

    def __init__(self, folder: Path, heart_beat: int = 10_000) -> None:
        super().__init__(folder)
        self.port = free_port()
        self.heart_beat = heart_beat
        """Milliseconds, both ways."""

    @classmethod
    def missing(cls) -> str:
        if not shutil.which("node"):
            return "node is not installed"
        return "" if HOME.is_dir() else NOT_FETCHED

    @classmethod
    def fetch(cls) -> None:
        fill(HOME, lambda folder: npm.install(folder, PACKAGES, SUMS))

    def start(self) -> None:
        modules = {**os.environ, "NODE_PATH": str(HOME / "node_modules")}
        self._spawn(["node", "-e", PROGRAM, str(self.port), str(self.heart_beat)], modules)
        self._wait_until(lambda: accepts(self.port))

    def connection(self) -> Connection:
        return Connection(port=self.port, vhost=None, transport=TransportKind.WS, ws_path="/stomp")
