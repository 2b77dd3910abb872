"""Which queue of Artemis a destination means, on acceptors with prefixes and without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stomptui.brokers.artemis.management.client import Call, Declined, ManagementClient
from stomptui.protocol.frame import Headers
from stomptui.queues.refusal_texts import plain

_QUEUE, _TOPIC, _FULL = "/queue/", "/topic/", "::"
_NO_RESOURCE = "AMQ229067"


@dataclass(frozen=True)
class ArtemisPlace:
    """A queue, and the address that messages for it are sent to."""

    queue: str
    address: str
    multicast: bool = False
    """Whether the address gives each of its queues every message, as a topic does."""

    @property
    def destination(self) -> str:
        """What STOMP calls it, right on every acceptor together with the headers below."""
        return self.queue if self.is_plain else f"{self.address}{_FULL}{self.queue}"

    @property
    def is_plain(self) -> bool:
        """Whether queue and address are one name, which is all that most people know."""
        return self.queue == self.address and not self.multicast

    @property
    def read_headers(self) -> Headers:
        """What SUBSCRIBE needs: without it a bare name may become a topic."""
        return (("subscription-type", "ANYCAST"),) if self.is_plain else ()

    @property
    def send_headers(self) -> Headers:
        """What SEND needs: with it Artemis refuses what no queue takes, where it else confirms and drops it."""
        return (("destination-type", "ANYCAST"),) if self.is_plain else ()


def meant(destination: str) -> ArtemisPlace | None:
    """The queue that a destination means, as far as its name tells; None if it means none, or several."""
    if destination.startswith(_TOPIC) and _FULL not in destination:
        return None
    address, full, queue = destination.removeprefix(_QUEUE).removeprefix(_TOPIC).partition(_FULL)
    place = ArtemisPlace(queue, address) if full else ArtemisPlace(address, address)
    return place if place.queue and place.address else None


def is_pattern(destination: str) -> bool:
    """Whether Artemis takes it for many addresses: subscribing to one makes a queue that stays."""
    return any(word in ("#", "*") for word in destination.removeprefix(_QUEUE).split("."))


@dataclass(frozen=True)
class FoundQueue:
    """A queue that is there."""

    place: ArtemisPlace
    count: int
    """Messages in it, those below among them."""
    delivering: int
    """Messages that readers have and have not acknowledged."""
    scheduled: int
    """Messages that are to be delivered later."""

    @property
    def visible(self) -> int:
        """Messages that can be listed."""
        return max(0, self.count - self.delivering - self.scheduled)


def find(management: ManagementClient, destination: str) -> FoundQueue | None:
    """The queue that a destination means, None if there is no such queue. Raises `ClientError`."""
    place = meant(destination)
    if place is None:
        return None
    # On an acceptor without prefixes a queue may well be called /queue/x.
    for name in dict.fromkeys((place.queue, destination)):
        found = _named(management, name)
        if found is not None and (place.is_plain or found.place.address == place.address):
            return found
    return None


_ASKED = ("getAddress", "getRoutingType", "getMessageCount", "getDeliveringCount", "getScheduledCount")


def _named(management: ManagementClient, name: str) -> FoundQueue | None:
    answers = management.call_all(Call(f"queue.{name}", operation) for operation in _ASKED)
    failure = next((answer.failure for answer in answers if answer.failure), "")
    if _NO_RESOURCE in failure:
        return None
    if failure:
        raise Declined(plain(failure), failure)
    address, routing, *counts = (answer.result for answer in answers)
    return FoundQueue(ArtemisPlace(name, str(address), routing == "MULTICAST"), *(_whole(count) for count in counts))


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0
