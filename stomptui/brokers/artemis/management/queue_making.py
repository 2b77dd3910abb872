"""Creating a missing queue of Artemis as a SEND would create it."""

from __future__ import annotations

import json
from dataclasses import replace

from stomptui.brokers.artemis.management.client import Declined, ManagementClient
from stomptui.brokers.artemis.management.queue_lookup import ArtemisPlace, find
from stomptui.brokers.artemis.target_limits import ArtemisQueueSettings
from stomptui.protocol.names import shown
from stomptui.queues.actions.action import ActionTarget


def made_by_itself(settings: ArtemisQueueSettings) -> bool:
    """Whether Artemis makes a queue there once something is sent to it."""
    return all(settings.address.get(what) is not False for what in ("autoCreateQueues", "autoCreateAddresses"))


def not_made(place: ArtemisPlace) -> str:
    """Why nothing can be sent to a queue that is missing and not made."""
    return f"there is no queue {shown(place.destination)}, and Artemis makes none there"


def made(management: ManagementClient, target: ActionTarget, place: ArtemisPlace) -> ActionTarget:
    """Have a missing queue made.

    Returns:
        The target as it is then; with a refusal if the broker does not make it.

    Raises:
        ClientError: The broker could not be asked.
    """
    wanted = {
        "name": place.queue,
        "address": place.address,
        "routing-type": "ANYCAST",
        "durable": True,
        "auto-created": True,
        "auto-create-address": True,
    }
    try:
        management.call("broker", "createQueue", json.dumps(wanted))
    except Declined as error:
        # Somebody else may have made it meanwhile.
        if find(management, place.queue) is None:
            return replace(target, refusal=f"{shown(target.destination)} could not be made: {error}")
    return replace(target, made=True)
