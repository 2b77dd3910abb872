"""CoilMQ 1.1: all that differs there."""

from __future__ import annotations

from stomptui.brokers.broker import Broker
from stomptui.brokers.coilmq.dialect import CoilMQ
from stomptui.queues.access import refusing_access

BROKER = Broker(CoilMQ, refusing_access)
