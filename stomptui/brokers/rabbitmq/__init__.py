"""RabbitMQ 3.10 to 4.3: all that differs there."""

from __future__ import annotations

from stomptui.brokers.broker import Broker
from stomptui.brokers.rabbitmq.access import rabbitmq_access
from stomptui.brokers.rabbitmq.delivery_limit import find_delivery_limit
from stomptui.brokers.rabbitmq.dialect import RabbitMQ
from stomptui.brokers.rabbitmq.queue_list import RabbitMQLister

BROKER = Broker(RabbitMQ, rabbitmq_access, RabbitMQLister, deliveries=find_delivery_limit, relay_leaves_out=b"\n")
