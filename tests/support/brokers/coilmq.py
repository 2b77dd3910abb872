"""CoilMQ, a small broker in Python that breaks on heart-beats and on frames cut over two packets: a bit broken."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import sys
from pathlib import Path
from typing import ClassVar

from stomptui.config.connection import Connection
from tests.support.brokers.base import Broker
from tests.support.ports import accepts, free_port


class CoilMQ(Broker):
    key: ClassVar[str] = "coilmq"
    title: ClassVar[str] = "CoilMQ"
    ready_within: ClassVar[float] = 30.0

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.port = free_port()

    @classmethod
    def version(cls) -> str:
        return importlib.metadata.version("coilmq")

    @classmethod
    def missing(cls) -> str:
        return "" if importlib.util.find_spec("coilmq") else "the Python package coilmq is not installed"

    def start(self) -> None:
        program = "from coilmq.start import main; main()"
        self._spawn([sys.executable, "-c", program, "-b", "127.0.0.1", "-p", str(self.port)])
        self._wait_until(lambda: accepts(self.port))

    def connection(self) -> Connection:
        # A heart-beat breaks it, and only in STOMP 1.1 does it not insist on its own idea of the host's name.
        return Connection(port=self.port, vhost=None, versions=("1.1",), heart_beat=(0, 0))
