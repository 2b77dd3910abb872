"""ActiveMQ Artemis 2: all that differs there."""

from __future__ import annotations

from stomptui.brokers.artemis.access import artemis_access
from stomptui.brokers.artemis.delivery_limit import find_delivery_limit
from stomptui.brokers.artemis.dialect import Artemis
from stomptui.brokers.artemis.peek.watching import Divert
from stomptui.brokers.artemis.queue_list import ArtemisLister
from stomptui.brokers.broker import Broker

BROKER = Broker(Artemis, artemis_access, ArtemisLister, find_delivery_limit, Divert, relay_leaves_out=b"\n")
