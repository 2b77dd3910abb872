"""Checking that a queue of Artemis is not non-destructive before messages are taken out of it."""

from __future__ import annotations

from itertools import islice

from stomptui.brokers.artemis import non_destructive
from stomptui.brokers.artemis.management.queue_lookup import ArtemisPlace, meant
from stomptui.brokers.artemis.management.shared_management import SharedManagement
from stomptui.brokers.artemis.peek.peeked_queue import ArtemisSource
from stomptui.connection.blocking_client import ClientError
from stomptui.connection.program_log import LOGGER
from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown
from stomptui.queues.access_context import AccessContext
from stomptui.queues.actions.action import Action
from stomptui.queues.unacked_messages import UnackedMessages


class StayingMessages:
    """Asks the broker once for each queue of which something is unacknowledged.

    Args:
        context: Opens connections.
        source: The queue that is peeked into, if it is one.
        unacked: What is unacknowledged.
        management: Asks the management.
    """

    def __init__(
        self, context: AccessContext, source: ArtemisSource, unacked: UnackedMessages, management: SharedManagement
    ) -> None:
        self._context = context
        self._source = source
        self._unacked = unacked
        self._management = management
        self._staying: dict[ArtemisPlace, bool] = {}

    def refusal(self, action: Action) -> str:
        """Why an action cannot take messages out, "" if it can, or does not. Raises `ClientError`."""
        if action.kind == "copy" or (action.kind == "ack" and self._unacked.elsewhere):
            return ""
        for message in self._one_of_each():
            place = self._source.place or meant(message.get("destination") or "")
            if place is None:
                continue
            if place not in self._staying:
                self._staying[place] = self._stays(place, message)
            if self._staying[place]:
                return non_destructive.refusal(place)
        return ""

    def _one_of_each(self) -> list[Frame]:
        """Of what is unacknowledged, a message of each queue."""
        frames = self._unacked.frames
        if self._source.place is not None:
            return list(islice(frames.values(), 1))
        return list({message.get("destination"): message for message in frames.values()}.values())

    def _stays(self, place: ArtemisPlace, message: Frame) -> bool:
        """Whether what is acknowledged stays in a queue, as an unacknowledged message shows."""
        try:
            management = self._management.client()
            if management is not None and non_destructive.is_listed(management, place, message):
                return True
            # What a drain gets first is at the beginning; what a subscription has may be far behind.
            if management is not None and not self._unacked.elsewhere:
                return False
        except ClientError as error:
            LOGGER.info("whether %s is non-destructive was not told: %s", shown(place.destination), error)
        return non_destructive.others_get(self._context, place, message)
