"""What each broker keeps of a subscription after it ended: durable subscriptions, how they are named and deleted."""

from __future__ import annotations

from stomptui.broker.durability.base import Durability, Kept, Step
from stomptui.broker.durability.identity import default_identity

__all__ = ["Durability", "Kept", "Step", "default_identity"]
