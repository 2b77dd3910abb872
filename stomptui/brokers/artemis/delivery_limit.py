"""How a queue of Artemis counts unacknowledged deliveries, and its limit, as its management says."""

from __future__ import annotations

import json
from dataclasses import replace

from stomptui.brokers.artemis.management.client import ManagementClient
from stomptui.brokers.artemis.management.queue_lookup import find, meant
from stomptui.brokers.artemis.target_limits import leaving, settings_of
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.subscriptions.delivery_limit import ASSUMED, Deliveries
from stomptui.protocol.names import shown
from stomptui.queues.access_context import AccessContext

USUAL = 10
"""Delivery attempts that Artemis allows where its address settings do not say."""


def find_delivery_limit(context: AccessContext, dialect: Dialect, destination: str) -> Deliveries:
    """As of `AskDeliveries`."""
    place = meant(destination)
    if place is None:
        return ASSUMED
    management = ManagementClient.dial(context)
    try:
        told = management.call("broker", "getAddressSettingsAsJSON", place.address)
        found = find(management, destination)
        settings = settings_of(management, found.place if found is not None else place, found is not None)
        loss = leaving(shown(destination), settings).loss
    finally:
        management.close()
    try:
        most = json.loads(told).get("maxDeliveryAttempts", USUAL)
    except (ValueError, TypeError, AttributeError):
        most = None
    if not isinstance(most, int):
        return replace(ASSUMED, loss=loss)
    return Deliveries(True, most, loss=loss) if most > 0 else Deliveries(counted=False, loss=loss)
