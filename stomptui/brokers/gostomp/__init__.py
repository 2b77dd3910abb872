"""The server of go-stomp 3: all that differs there."""

from __future__ import annotations

from stomptui.brokers.broker import Broker
from stomptui.brokers.gostomp.dialect import GoStomp
from stomptui.queues.access import refusing_access

BROKER = Broker(GoStomp, refusing_access)
