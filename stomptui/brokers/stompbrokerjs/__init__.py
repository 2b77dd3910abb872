"""stomp-broker-js: all that differs there."""

from __future__ import annotations

from stomptui.brokers.broker import Broker
from stomptui.brokers.stompbrokerjs.dialect import StompBrokerJs
from stomptui.queues.access import refusing_access

BROKER = Broker(StompBrokerJs, refusing_access)
