"""What differs per broker lives in this room, and nothing outside asks which broker it is."""

from __future__ import annotations

from stomptui.brokers.activemq.dialect import ActiveMQ
from stomptui.brokers.artemis.dialect import Artemis
from stomptui.brokers.coilmq.dialect import CoilMQ
from stomptui.brokers.rabbitmq.dialect import Embedded, RabbitMQ
from stomptui.brokers.spring.dialect import Spring
from stomptui.connection.dialect.base import Dialect, Hint, Reading
from stomptui.protocol.frame import Frame

DIALECTS: tuple[type[Dialect], ...] = (RabbitMQ, ActiveMQ, Artemis, Spring, Embedded, CoilMQ, Dialect)
"""In the order they are asked; the last one takes everything."""

NAMES = tuple(dialect.name for dialect in DIALECTS)

__all__ = [
    "DIALECTS",
    "NAMES",
    "ActiveMQ",
    "Artemis",
    "CoilMQ",
    "Dialect",
    "Embedded",
    "Hint",
    "RabbitMQ",
    "Reading",
    "Spring",
    "choose",
    "dialect_for",
]


def dialect_for(name: str, server: str = "") -> Dialect:
    """The dialect of that name ("" and names nobody knows give the unknown broker).

    Args:
        name: One of `NAMES`.
        server: The `server` header of CONNECTED, which tells the version.
    """
    kind = next((kind for kind in DIALECTS if kind.name == name), Dialect)
    return kind(server)


def choose(connected: Frame, websocket: bool = False, override: str = "") -> Dialect:
    """The dialect of the broker that sent this CONNECTED frame.

    Args:
        connected: The frame.
        websocket: Whether it came over WebSocket.
        override: The name of the dialect to take whatever the frame says.
    """
    server = connected.get("server") or ""
    if override in NAMES:
        return dialect_for(override, server)
    return next(kind for kind in DIALECTS if kind.recognise(connected, websocket))(server)
