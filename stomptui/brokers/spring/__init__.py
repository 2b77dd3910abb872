"""Spring: all that differs on its simple broker, and where it relays to another one."""

from __future__ import annotations

from stomptui.brokers.broker import Broker
from stomptui.brokers.spring.dialect import Spring
from stomptui.brokers.spring.relay import Relay
from stomptui.queues.access import refusing_access

BROKER = Broker(Spring, refusing_access)
RELAY = Broker(Relay, refusing_access, put_in_front=Relay)
