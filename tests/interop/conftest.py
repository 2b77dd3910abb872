"""A test that takes `place` runs on the embedded broker and on RabbitMQ."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from stomptui.config.connection import Connection
from tests.support.brokers.rabbitmq import RabbitMQ
from tests.support.embedded import EmbeddedBroker


@dataclass(frozen=True)
class Place:
    """A broker that listens on plain TCP."""

    name: str
    port: int
    broker: EmbeddedBroker | RabbitMQ

    @property
    def connection(self) -> Connection:
        return Connection(port=self.port, login="guest", passcode="guest")

    def empty(self, queue: str) -> None:
        """Start with a queue of that name that has nothing in it."""
        if isinstance(self.broker, RabbitMQ):
            self.broker.delete(queue)


@pytest.fixture(params=["embedded", pytest.param("rabbitmq", marks=pytest.mark.broker("rabbitmq"))])
def place(request: pytest.FixtureRequest) -> Place:
    broker = request.getfixturevalue(request.param)
    return Place(request.param, broker.port, broker)
