"""The names by which a person chooses how the broker is treated, whatever it says of itself.

They are those of the registry of brokers, written down here because the form shows them before any broker is imported.
"""

from __future__ import annotations

RECOGNISED = ""
DIALECTS = {
    "rabbitmq": "RabbitMQ",
    "activemq": "ActiveMQ Classic",
    "artemis": "Artemis",
    "spring": "Spring, simple broker",
    "relay": "Spring, relay to a broker",
    "coilmq": "CoilMQ",
    "gostomp": "go-stomp",
    "stompbrokerjs": "stomp-broker-js",
    "embedded": "embedded broker",
    "unknown": "any other",
}
"""{name: words for a person}, in the order they are offered."""


def dialect_problem(name: str) -> str:
    """Why this cannot be chosen, "" if it can; `RECOGNISED` can."""
    return "" if name in (RECOGNISED, *DIALECTS) else f"one of {', '.join(DIALECTS)} is expected"
