"""The real brokers that tests run against, one class each; a new one needs its class here and nothing else."""

from __future__ import annotations

from tests.support.brokers.base import Broker, running
from tests.support.brokers.coilmq import CoilMQ
from tests.support.brokers.rabbitmq import RabbitMQ

REGISTRY: dict[str, type[Broker]] = {kind.key: kind for kind in (RabbitMQ, CoilMQ)}
"""Every broker by the name of its fixture."""

__all__ = ["REGISTRY", "Broker", "CoilMQ", "RabbitMQ", "running"]
