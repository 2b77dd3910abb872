"""Headers that a server makes for one delivery of a message: another delivery of the same message has others."""

from __future__ import annotations

OF_ONE_DELIVERY = frozenset(("message-id", "subscription", "ack", "redelivered"))
"""Those of STOMP 1.2 (section MESSAGE), and `redelivered`, which brokers add when a message was delivered before."""
COUNTS = frozenset(("x-delivery-count", "x-acquired-count"))
"""In which RabbitMQ counts how often a message was delivered or returned."""
