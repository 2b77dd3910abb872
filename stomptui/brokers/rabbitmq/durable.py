"""Durable subscriptions of RabbitMQ, 3.10 to 4.3: queues that a subscription declares and leaves behind."""

from __future__ import annotations

import base64
import hashlib
from typing import ClassVar

from stomptui.connection.dialect.durable import DeleteStep, Durability, HeaderLines, RetainedSubscription
from stomptui.protocol.names import shown

TOPIC, EXCHANGE = "/topic/", "/exchange/"
NAME = "x-queue-name"


class RabbitMQDurability(Durability):
    """The queue is named by the routing key and the `id` of SUBSCRIBE, or by `x-queue-name`.

    Args:
        version: Of the broker.
    """

    sharing: ClassVar[str] = "another client with the same id shares the queue: each message goes to one of the two"

    def __init__(self, version: tuple[int, int]) -> None:
        self._version = version

    def offered(self, destination: str) -> bool:
        return destination.startswith((TOPIC, EXCHANGE))

    def headers(self, name: str) -> list[tuple[str, str]]:
        return [("durable", "true"), ("auto-delete", "false")]

    def retained(
        self, destination: str, headers: HeaderLines, identity: str, client_id: str
    ) -> RetainedSubscription | None:
        if not self._stays(destination, headers):
            return None
        own = _first(headers, NAME)
        if own:
            return RetainedSubscription(own, f"the queue {shown(own)}")
        if not _durable(headers):
            return None
        return RetainedSubscription(identity, f"the queue of the subscription id {shown(identity)}", by_id=True)

    def _stays(self, destination: str, headers: HeaderLines) -> bool:
        """Whether its queue outlives the connection."""
        if not self.offered(destination) or _first(headers, "auto-delete") != "false":
            return False
        exclusive = _first(headers, "exclusive")
        if exclusive or _durable(headers):
            return exclusive != "true"
        if destination.startswith(TOPIC) and not _first(headers, NAME):
            return False  # it is made exclusive by us
        return self._version < (4, 0)

    def subscribe_problem(self, destination: str, headers: HeaderLines, client_id: str) -> str:
        if self._stays(destination, headers) and not _durable(headers) and not _first(headers, NAME):
            return (
                "auto-delete:false alone leaves a queue behind each time, under a name nobody knows, that fills for "
                "ever: add durable:true, or x-queue-name"
            )
        return ""

    def hints(self, destination: str, headers: HeaderLines) -> list[str]:
        if not self.offered(destination) or not _durable(headers):
            return []
        if _first(headers, "auto-delete") != "false":
            return ["durable without auto-delete:false: RabbitMQ deletes the queue when you pause or leave"]
        if _first(headers, "exclusive") == "true":
            return ["exclusive:true: the queue goes with this connection, durable or not"]
        return []

    def explain(self, refusal: str) -> str:
        if "resource_locked" in refusal.lower():
            return "its queue belongs to another connection alone (exclusive), and nobody else can subscribe to it"
        if "precondition_failed" in refusal.lower() and "inequivalent" in refusal:
            return "its queue is there already and was made with other headers: subscribe with those, or end it first"
        return ""

    def delete_steps(self, destination: str, headers: HeaderLines, wire_id: str, active: bool) -> list[DeleteStep]:
        own = _first(headers, NAME)
        key = _routing_key(destination)
        if not own and not key:
            own = queue_name(key, wire_id)
        last = [("id", wire_id), ("durable", "true"), *([(NAME, own)] if own else [])]
        if active and destination.startswith(TOPIC):
            return [DeleteStep("UNSUBSCRIBE", last)]
        # UNSUBSCRIBE deletes only for a subscription to a topic that is active: this one has a queue of its own that
        # goes with it, and names by its id and key the queue that is to be deleted.
        helper = [
            ("id", wire_id),
            ("destination", f"{TOPIC}{key or 'stomptui.ending'}"),
            ("ack", "client-individual"),
            ("prefetch-count", "1"),
            ("exclusive", "true"),
        ]
        before = [DeleteStep("UNSUBSCRIBE", [("id", wire_id)])] if active else []
        return [*before, DeleteStep("SUBSCRIBE", helper), DeleteStep("UNSUBSCRIBE", last)]


def queue_name(key: str, identity: str) -> str:
    """The name RabbitMQ gives the queue of a durable subscription: a digest of Erlang's {Key, Id}."""
    term = b"\x83h\x02" + _erlang(key) + _erlang(identity)
    # Only a name: nothing depends on the strength of the digest.
    digest = hashlib.md5(term, usedforsecurity=False).digest()
    return "stomp-subscription-" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _erlang(text: str) -> bytes:
    data = text.encode("utf-8", "surrogateescape")
    return b"k" + len(data).to_bytes(2, "big") + data if data else b"j"


def _routing_key(destination: str) -> str:
    if destination.startswith(TOPIC):
        return destination[len(TOPIC) :]
    return destination[len(EXCHANGE) :].partition("/")[2]


def _durable(headers: HeaderLines) -> bool:
    # Versions before 4 called it persistent too, and all that were tried still take it.
    return "true" in (_first(headers, "durable"), _first(headers, "persistent"))


def _first(headers: HeaderLines, name: str) -> str:
    return next((value for key, value in headers if key == name), "")
