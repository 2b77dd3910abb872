"""The embedded broker as a client sees it."""

from __future__ import annotations

from stomptui.brokers.broker import Broker
from stomptui.brokers.embedded.access import embedded_access
from stomptui.brokers.embedded.dialect import Embedded
from stomptui.brokers.embedded.queue_list import EmbeddedLister

BROKER = Broker(Embedded, embedded_access, EmbeddedLister)
