"""The embedded broker, with what the real ones are asked for; it runs in a thread, so it is there everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from stomptui.config.connection import Connection
from tests.support.brokers.base import ManagedBroker
from tests.support.embedded import EmbeddedBroker
from tests.support.ports import free_port


class Box(ManagedBroker):
    """Everything is in memory: it survives `stop`, not `kill`."""

    key: ClassVar[str] = "box"
    title: ClassVar[str] = "embedded broker"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.port = free_port()
        self._embedded: EmbeddedBroker | None = None

    @classmethod
    def missing(cls) -> str:
        return ""

    @property
    def embedded(self) -> EmbeddedBroker:
        assert self._embedded, "it was not started"
        return self._embedded

    def connection(self) -> Connection:
        return Connection(port=self.port, login="guest", passcode="guest")

    def start(self) -> None:
        if self._embedded is None:
            self._embedded = EmbeddedBroker(self.port, users={login: login for login in self.logins})
        else:
            self._embedded.start()

    def stop(self) -> None:
        if self._embedded is not None:
            self._embedded.stop()

    def kill(self) -> None:
        if self._embedded is not None:
            self._embedded.close()
            self._embedded = None

    def make_queue(self, name: str) -> None:
        self.drop_queue(name)
        self.embedded.call(lambda: self.embedded.queues.declare(name))

    def drop_queue(self, name: str) -> None:
        if name in self.embedded.call(self.embedded.queues.depths):
            self.embedded.delete(name)

    def counts(self, name: str) -> tuple[int, int]:
        depth = self.embedded.call(self.embedded.queues.depths).get(name)
        assert depth, f"{self.title} has no queue {name}"
        return depth.ready, depth.unacked
