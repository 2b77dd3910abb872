"""What is known of the targets of an action on Artemis: whether they exist, and whether they keep messages."""

from __future__ import annotations

from dataclasses import replace

from stomptui.brokers.artemis.management.client import Declined, ManagementClient
from stomptui.brokers.artemis.management.queue_lookup import ArtemisPlace, find, is_pattern, meant
from stomptui.brokers.artemis.management.queue_making import made, made_by_itself, not_made
from stomptui.brokers.artemis.management.shared_management import SharedManagement
from stomptui.brokers.artemis.peek.peeked_queue import ArtemisSource, no_queue
from stomptui.brokers.artemis.target_limits import UNKNOWN, ArtemisQueueSettings, fed_by, full, risks, settings_of
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.program_log import LOGGER
from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown
from stomptui.queues.actions.action import ActionTarget, TargetCount
from stomptui.queues.sending.targets import Targets


class ArtemisTargets(Targets):
    """Queues, by their own name or with that of their address.

    Args:
        dialect: The broker.
        source: The queue that messages come from.
        management: Asks the management.
    """

    shows_arrivals = True

    def __init__(self, dialect: Dialect, source: ArtemisSource, management: SharedManagement) -> None:
        super().__init__(dialect, source.destination)
        self._source = source
        self._management = management
        self._checked: dict[str, ActionTarget] = {}
        """What is known of the targets that were asked about."""
        self._to_make: dict[str, ArtemisPlace] = {}
        """Those that are missing, and are made once a message goes there."""
        self._made: dict[str, ActionTarget] = {}
        """What came of making them, in this action."""

    def check(self, target: str) -> ActionTarget:
        checked = self._checked[target] = self._check(target)
        return checked

    def checked(self, target: str) -> ActionTarget | None:
        """What was known of a destination when it was asked about last, None if it was not."""
        return self._checked.get(target)

    def _check(self, target: str) -> ActionTarget:
        management = self._management.client()
        place = meant(target)
        if management is None or place is None or is_pattern(target) or place.queue.startswith("activemq."):
            return self._check_name(target)
        found = find(management, target)
        if found is not None:
            there = ActionTarget(found.place.destination, found.place.send_headers, True, hint="the queue exists.")
            return self._with_risks(management, there, found.place)
        if place.is_plain:
            if fed := fed_by(management, place):
                return _of_address(place, fed)
            return self._unmade(management, place)
        return ActionTarget(place.destination, exists=False, refusal=f"there is no queue {shown(place.destination)}")

    def _check_name(self, target: str) -> ActionTarget:
        """What the name of a destination alone says."""
        place = meant(target)
        if place is None:
            return self._elsewhere(target)
        if is_pattern(target) or place.queue.startswith("activemq."):
            return ActionTarget(target, refusal=no_queue(target))
        if place.is_plain:
            hint = "Artemis creates the queue if it is missing."
            return ActionTarget(place.destination, place.send_headers, hint=hint, unknown=UNKNOWN)
        return ActionTarget(
            place.destination,
            stored=False,
            hint="whether it is there is told only to who may manage Artemis, which confirms and drops what is sent to "
            "a missing one.",
        )

    def _elsewhere(self, target: str) -> ActionTarget:
        if not target.removeprefix("/topic/").removeprefix("/queue/"):
            return ActionTarget(target, refusal=no_queue(target))
        return ActionTarget(target, stored=False, hint=f"{self.dialect.receipt_proves(target)}.")

    def _unmade(self, management: ManagementClient, place: ArtemisPlace) -> ActionTarget:
        """A queue that is missing, and that Artemis makes if its settings let it."""
        hint = "a new queue, it does not exist yet; Artemis creates it."
        target = self._with_risks(
            management, ActionTarget(place.destination, place.send_headers, False, hint=hint), place
        )
        try:
            if not made_by_itself(settings_of(management, place, False)):
                return replace(target, refusal=not_made(place))
        except Declined as error:
            LOGGER.info("whether %s would be made was not told: %s", shown(place.destination), error)
        self._to_make[place.destination] = place
        return target

    def can_be_made(self, target: ActionTarget) -> bool:
        """Whether `made_by_management` makes a target if it is missing."""
        return target.destination in self._to_make

    def forget_made(self) -> None:
        """Another action begins."""
        self._made.clear()

    def made_by_management(self, management: ManagementClient, target: ActionTarget) -> ActionTarget:
        """A target that Artemis is to put messages into, made if it is missing. Raises `ClientError`."""
        place = self._to_make.get(target.destination) if target.exists is False else None
        if place is None:
            return target
        if target.destination not in self._made:
            self._made[target.destination] = made(management, target, place)
        return self._made[target.destination]

    def count(self, target: ActionTarget) -> TargetCount:
        management = self._management.client()
        found = find(management, target.destination) if management is not None else None
        if management is None or found is None:
            return TargetCount()
        consumers = management.call(f"queue.{found.place.queue}", "getConsumerCount")
        return TargetCount(found.count, consumers if isinstance(consumers, int) else None)

    def is_source(self, message: Frame, target: ActionTarget) -> bool:
        source, to = self._source.place or meant(message.get("destination") or ""), meant(target.destination)
        if source is None or to is None:
            return False
        return target.destination == source.destination or (to.queue, to.address) == (source.queue, source.address)

    @staticmethod
    def _with_risks(management: ManagementClient, target: ActionTarget, place: ArtemisPlace) -> ActionTarget:
        try:
            settings = settings_of(management, place, target.exists is True)
        except Declined as error:
            return replace(target, unknown=str(error))
        name = target.destination
        return replace(target, risks=risks(name, settings), limit=full(name, settings))


def _of_address(place: ArtemisPlace, fed: dict[str, ArtemisQueueSettings]) -> ActionTarget:
    """An address of which no queue has its name: what is sent there goes to those it has, to each in turn."""
    names = ", ".join(shown(name) for name in fed)
    told = [risk for name, settings in fed.items() for risk in risks(name, settings)]
    hint = f"no queue has that name; what is sent to its address goes to {names}{', in turn' if len(fed) > 1 else ''}."
    limits = [limit for name, settings in fed.items() if (limit := full(name, settings))]
    return ActionTarget(
        place.destination, place.send_headers, False, hint=hint, risks=tuple(told), limit=" ".join(limits)
    )
