"""The real brokers that tests run against, one class each; a new one needs its class here and a fixture."""

from __future__ import annotations

from tests.support.brokers.activemq import ActiveMQ5, ActiveMQ6
from tests.support.brokers.artemis import Artemis
from tests.support.brokers.base import Broker, ManagedBroker, running
from tests.support.brokers.box import Box
from tests.support.brokers.coilmq import CoilMQ
from tests.support.brokers.gostomp import GoStomp
from tests.support.brokers.rabbitmq import RabbitMQ
from tests.support.brokers.rabbitmq4 import RabbitMQ40, RabbitMQ43
from tests.support.brokers.spring import Spring
from tests.support.brokers.stompbrokerjs import StompBrokerJs

REGISTRY: dict[str, type[Broker]] = {
    kind.key: kind
    for kind in (
        RabbitMQ,
        RabbitMQ40,
        RabbitMQ43,
        ActiveMQ5,
        ActiveMQ6,
        Artemis,
        CoilMQ,
        Spring,
        GoStomp,
        StompBrokerJs,
    )
}
"""Every real broker by the name of its fixture."""

MANAGED: dict[str, type[ManagedBroker]] = {
    kind.key: kind for kind in (Box, RabbitMQ, RabbitMQ40, RabbitMQ43, ActiveMQ5, ActiveMQ6, Artemis)
}
"""Those that can be asked about their queues behind the back of STOMP, the embedded broker among them."""

__all__ = [
    "MANAGED",
    "REGISTRY",
    "ActiveMQ5",
    "ActiveMQ6",
    "Artemis",
    "Box",
    "Broker",
    "CoilMQ",
    "GoStomp",
    "ManagedBroker",
    "RabbitMQ",
    "RabbitMQ40",
    "RabbitMQ43",
    "Spring",
    "StompBrokerJs",
    "running",
]
