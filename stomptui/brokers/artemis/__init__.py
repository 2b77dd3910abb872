"""ActiveMQ Artemis 2."""

from __future__ import annotations

from stomptui.brokers.artemis.actions import ArtemisAccess
from stomptui.brokers.artemis.delivery_cost import delivery_cost
from stomptui.brokers.artemis.dialect import Artemis
from stomptui.brokers.artemis.queue_list import ArtemisLister
from stomptui.brokers.artemis.watching import Divert
from stomptui.brokers.broker import Broker

BROKER = Broker(Artemis, ArtemisAccess, ArtemisLister, delivery_cost, Divert)
