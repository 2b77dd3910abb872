"""What of a check is still on a broker, asked behind the back of STOMP."""

from __future__ import annotations

import time

from tests.support.brokers import Artemis, Box, ManagedBroker, RabbitMQ
from tests.support.brokers.activemq import BEAN, ActiveMQ
from tests.support.brokers.artemis import BEAN as ARTEMIS

NAME = "stomptui-check-"


def left(broker: ManagedBroker, within: float = 10.0) -> list[str]:
    """Names of queues, topics and addresses of a check that are there; what is being removed gets a moment."""
    deadline = time.monotonic() + within
    while (found := [name for name in names(broker) if NAME in name]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def names(broker: ManagedBroker) -> list[str]:
    """Every queue, topic, address, binding and subscription that a broker has."""
    if isinstance(broker, Box):
        return list(broker.embedded.call(broker.embedded.queues.depths))
    if isinstance(broker, RabbitMQ):
        queues = [
            each["name"] for each in broker.api("GET", "/api/queues/%2F?disable_stats=true&enable_queue_totals=true")
        ]
        bindings = [each["routing_key"] for each in broker.api("GET", "/api/bindings/%2F")]
        return [*queues, *bindings]
    if isinstance(broker, ActiveMQ):
        kinds = ("Queues", "Topics", "TemporaryQueues", "TemporaryTopics")
        return [str(each) for kind in kinds for each in broker.jolokia.read(BEAN, kind)]
    assert isinstance(broker, Artemis)
    return [*broker.jolokia.read(ARTEMIS, "QueueNames"), *broker.jolokia.read(ARTEMIS, "AddressNames")]
