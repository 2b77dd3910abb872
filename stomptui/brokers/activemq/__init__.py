"""ActiveMQ Classic 5 and 6: all that differs there."""

from __future__ import annotations

from stomptui.brokers.activemq.access import activemq_access
from stomptui.brokers.activemq.dialect import ActiveMQ
from stomptui.brokers.activemq.queue_list import ActiveMQLister
from stomptui.brokers.broker import Broker

BROKER = Broker(ActiveMQ, activemq_access, ActiveMQLister)
