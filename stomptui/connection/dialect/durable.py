"""Durable subscriptions as an interface that a broker fills in; the base class is a broker without them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

HeaderLines = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class RetainedSubscription:
    """What the broker retains of a subscription that has ended, where messages pile up: often a queue."""

    name: str
    """The name under which the broker keeps it."""
    description: str
    """What it is, for a person: "the queue of the subscription id alice@host.topic.news"."""
    by_id: bool = False
    """Whether the `id` of SUBSCRIBE names it, so that another id makes another one."""

    @property
    def consequence(self) -> str:
        """What happens to it while nobody reads it."""
        return f"{self.description} stays at the broker, and what is published meanwhile waits in it, without end"


class DeleteStep(NamedTuple):
    """One of the frames that delete a durable subscription; its receipt is awaited."""

    command: str
    headers: HeaderLines


class Durability:
    """A broker that retains nothing of a subscription that has ended, as far as is known."""

    sharing: ClassVar[str] = ""
    """What happens when another client uses the same durable subscription at the same time."""

    def offered(self, destination: str) -> bool:
        """Whether a subscription to that destination can be made durable."""
        return False

    def headers(self, name: str) -> list[tuple[str, str]]:
        """The headers of SUBSCRIBE that make it durable under a name."""
        return []

    def retained(
        self, destination: str, headers: HeaderLines, identity: str, client_id: str
    ) -> RetainedSubscription | None:
        """What the broker retains of a subscription when it ends, None if nothing.

        Args:
            destination: What is subscribed to.
            headers: The headers that the person set for SUBSCRIBE.
            identity: The person's own id for it, used where `id` names it.
            client_id: The `client-id` of CONNECT, "" without one.
        """
        return None

    def subscribe_problem(self, destination: str, headers: HeaderLines, client_id: str) -> str:
        """Why a durable subscription must not be made like that, "" if it may."""
        return ""

    def hints(self, destination: str, headers: HeaderLines) -> list[str]:
        """Warnings about a subscription that is not as durable as it looks."""
        return []

    def explain(self, refusal: str) -> str:
        """What the text of an ERROR that refused a SUBSCRIBE means, "" if it is not about durability."""
        return ""

    def delete_steps(self, destination: str, headers: HeaderLines, wire_id: str, active: bool) -> list[DeleteStep]:
        """The frames that delete what is retained, in order.

        Args:
            destination: What was subscribed to.
            headers: The headers that the person set for SUBSCRIBE.
            wire_id: The `id` of its SUBSCRIBE; an unused one if it is not subscribed to.
            active: Whether it is subscribed to on this connection.
        """
        return []

    def delete_problem(self, version: str, headers: HeaderLines, client_id: str) -> str:
        """Why it cannot be deleted over this connection, "" if it can."""
        return ""
