"""Spring's simple broker: all that differs there."""

from __future__ import annotations

from stomptui.brokers.broker import Broker
from stomptui.brokers.spring.dialect import Spring
from stomptui.queues.access import refusing_access

BROKER = Broker(Spring, refusing_access)
