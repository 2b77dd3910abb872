"""RabbitMQ 3.10 to 4.3."""

from __future__ import annotations

from stomptui.brokers.broker import Broker
from stomptui.brokers.rabbitmq.delivery_cost import delivery_cost
from stomptui.brokers.rabbitmq.dialect import RabbitMQ
from stomptui.brokers.rabbitmq.queue_list import RabbitMQLister
from stomptui.brokers.rabbitmq.queues import RabbitMQAccess

BROKER = Broker(RabbitMQ, RabbitMQAccess, RabbitMQLister, deliveries=delivery_cost)
