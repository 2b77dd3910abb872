"""Durable subscriptions as JMS has them: kept under the client-id of the connection and a name."""

from __future__ import annotations

from typing import ClassVar

from stomptui.connection.dialect.durable import DeleteStep, Durability, HeaderLines, RetainedSubscription
from stomptui.protocol.names import shown


class JmsDurability(Durability):
    """What ActiveMQ Classic and Artemis have in common."""

    title: ClassVar[str]
    names: ClassVar[tuple[str, ...]]
    """The headers of SUBSCRIBE that make it durable; the first is the one we write."""

    def offered(self, destination: str) -> bool:
        return destination.startswith("/topic/")

    def headers(self, name: str) -> list[tuple[str, str]]:
        return [(self.names[0], name)]

    def retained(
        self, destination: str, headers: HeaderLines, identity: str, client_id: str
    ) -> RetainedSubscription | None:
        line = self._line(destination, headers)
        if line is None:
            return None
        return RetainedSubscription(
            line[1], f"the durable subscription {shown(line[1])} of client-id {shown(client_id)}"
        )

    def subscribe_problem(self, destination: str, headers: HeaderLines, client_id: str) -> str:
        if client_id or self._line(destination, headers) is None:
            return ""
        return (
            f"{self.title} keeps a durable subscription under the client-id of the connection, and this one has none: "
            "connect (o) with the extra CONNECT header client-id"
        )

    def _line(self, destination: str, headers: HeaderLines) -> tuple[str, str] | None:
        """The header that names it, None if it is not durable."""
        if not self.offered(destination):
            return None
        return next(((name, value) for name, value in headers if name in self.names and value), None)


class ActiveMQDurability(JmsDurability):
    """ActiveMQ Classic 5 and 6: deleted by its name, while nobody is subscribed to it."""

    title = "ActiveMQ"
    names = ("activemq.subscriptionName", "activemq.subcriptionName")
    sharing = "only one connection at a time may use a client-id, and one subscription a name"

    def explain(self, refusal: str) -> str:
        if "Durable consumer is in use" in refusal:
            return "somebody is subscribed under this client-id and name now, and only one at a time can be"
        return ""

    def delete_steps(self, destination: str, headers: HeaderLines, wire_id: str, active: bool) -> list[DeleteStep]:
        line = self._line(destination, headers)
        named = [("id", wire_id), (self.names[0], line[1] if line else "")]
        before = [DeleteStep("UNSUBSCRIBE", [("id", wire_id)])] if active else []
        return [*before, DeleteStep("UNSUBSCRIBE", named)]

    def delete_problem(self, version: str, headers: HeaderLines, client_id: str) -> str:
        # In 1.0 the name is taken for the client-id too.
        named = next((value for name, value in headers if name in self.names), "")
        if version == "1.0" and named != client_id:
            return "over STOMP 1.0 ActiveMQ does not find it: connect with 1.1 or 1.2"
        return ""


class ArtemisDurability(JmsDurability):
    """Artemis: the queue CLIENT-ID.NAME, deleted by UNSUBSCRIBE with its name, active or not."""

    title = "Artemis"
    names = ("durable-subscription-name", "durable-subscriber-name", "activemq.subscriptionName")
    sharing = "another client with the same client-id and name shares it: each message goes to one of the two"

    def offered(self, destination: str) -> bool:
        # Without a prefix an address is a topic where SUBSCRIBE says so, and where it is one already.
        return not destination.startswith(("/queue/", "queue://", "jms.queue."))

    def delete_steps(self, destination: str, headers: HeaderLines, wire_id: str, active: bool) -> list[DeleteStep]:
        line = self._line(destination, headers)
        return [DeleteStep("UNSUBSCRIBE", [("id", wire_id), (self.names[0], line[1] if line else "")])]
