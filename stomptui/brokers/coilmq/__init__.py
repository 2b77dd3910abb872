"""CoilMQ."""

from __future__ import annotations

from stomptui.brokers.broker import Broker
from stomptui.brokers.coilmq.dialect import CoilMQ
from stomptui.queues.peek.holding import Unsafe

BROKER = Broker(CoilMQ, Unsafe)
