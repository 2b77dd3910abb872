"""What is asked of a broker about durable subscriptions; the base class keeps none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

HeaderLines = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Kept:
    """What stays at the broker when a subscription ends, and fills."""

    name: str
    """What it is found again by."""
    words: str
    """What it is, for a person: "the queue of the subscription id alice@host.topic.news"."""
    by_id: bool = False
    """Whether the `id` of SUBSCRIBE names it, so that another id would make another one."""

    @property
    def stays(self) -> str:
        """What it means that nobody reads it."""
        return f"{self.words} stays at the broker, and what is published meanwhile waits in it, without end"


class DeleteStep(NamedTuple):
    """One frame of what deletes a durable subscription; its receipt is awaited."""

    command: str
    headers: HeaderLines


class Durability:
    """A broker that keeps nothing of a subscription once it has ended, as far as is known."""

    sharing: ClassVar[str] = ""
    """What happens when another client uses the same durable subscription at the same time."""

    def offered(self, destination: str) -> bool:
        """Whether a subscription to that destination can be made durable."""
        return False

    def headers(self, name: str) -> list[tuple[str, str]]:
        """The headers of SUBSCRIBE that make it durable under a name."""
        return []

    def kept(self, destination: str, headers: HeaderLines, identity: str, client_id: str) -> Kept | None:
        """What stays of a subscription when it ends, None if nothing does.

        Args:
            destination: What is subscribed to.
            headers: What the person wrote into SUBSCRIBE.
            identity: The person's own id for it, used where `id` names it.
            client_id: The `client-id` of CONNECT, "" without one.
        """
        return None

    def problem(self, destination: str, headers: HeaderLines, client_id: str) -> str:
        """Why a durable subscription must not be made like that, "" if it may."""
        return ""

    def hints(self, destination: str, headers: HeaderLines) -> list[str]:
        """What is not as durable as it looks."""
        return []

    def explain(self, refusal: str) -> str:
        """What the broker's words about a subscription that it refused mean, "" if they are about something else."""
        return ""

    def ending(self, destination: str, headers: HeaderLines, wire_id: str, active: bool) -> list[DeleteStep]:
        """The frames that delete what is kept, in order.

        Args:
            destination: What was subscribed to.
            headers: What the person wrote into SUBSCRIBE.
            wire_id: The `id` of its SUBSCRIBE; one that is free if it has none.
            active: Whether it is subscribed to on this connection.
        """
        return []

    def no_ending(self, version: str, headers: HeaderLines, client_id: str) -> str:
        """Why it cannot be deleted over this connection, "" if it can."""
        return ""
