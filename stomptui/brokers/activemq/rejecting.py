"""What becomes of messages that are rejected on ActiveMQ, by their own `persistent`.

https://activemq.apache.org/components/classic/documentation/message-redelivery-and-dlq-handling
"""

from __future__ import annotations

from stomptui.queues.actions.action import Items


def rejected(items: Items) -> tuple[str, ...]:
    """What is to say of messages before they are rejected."""
    kept = sum(message.get("persistent") == "true" for _, message in items)
    gone = len(items) - kept
    told = []
    if kept:
        some = f"{kept:,} of them" if gone else "They" if kept > 1 else "It"
        told.append(f"{some} {'go' if kept > 1 else 'goes'} to the dead letters, by default ActiveMQ.DLQ.")
    if gone:
        some = f"{gone:,} of them" if kept else "They" if gone > 1 else "It"
        told.append(
            f"{some} {'are' if gone > 1 else 'is'} not persistent: ActiveMQ deletes {'those' if gone > 1 else 'it'}, "
            "unless a policy of the broker keeps such dead letters."
        )
    return tuple(told)
