"""The real brokers that tests run against, one class each; a new one needs its class here and a fixture."""

from __future__ import annotations

from tests.support.brokers.activemq import ActiveMQ5, ActiveMQ6
from tests.support.brokers.artemis import Artemis
from tests.support.brokers.base import Broker, running
from tests.support.brokers.coilmq import CoilMQ
from tests.support.brokers.rabbitmq import RabbitMQ

REGISTRY: dict[str, type[Broker]] = {kind.key: kind for kind in (RabbitMQ, ActiveMQ5, ActiveMQ6, Artemis, CoilMQ)}
"""Every broker by the name of its fixture."""

__all__ = ["REGISTRY", "ActiveMQ5", "ActiveMQ6", "Artemis", "Broker", "CoilMQ", "RabbitMQ", "running"]
