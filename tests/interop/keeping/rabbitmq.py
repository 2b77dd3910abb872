"""Every kind of target that RabbitMQ has."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from tests.interop.keeping.places import Loss, Maker, Place, raw
from tests.support.brokers.rabbitmq import RabbitMQ

UNKNOWN = "policies are unknown"
"""Said where the policies are not known."""
LENGTH = "keeps at most"
TIME = "keeps a message for"
NOWHERE = Loss(("confirms also what no queue takes",))


def makers(broker: RabbitMQ) -> dict[str, Maker]:
    """By kind."""
    targets = RabbitTargets(broker)
    return {
        "classic": targets.queue,
        "classic by /amq/queue/": lambda name: targets.queue(name, prefix="/amq/queue/"),
        "classic by its bare name": lambda name: targets.queue(name, prefix=""),
        "quorum": lambda name: targets.queue(name, "quorum"),
        "stream": lambda name: targets.queue(name, "stream"),
        "missing": targets.missing,
        "missing by /amq/queue/": lambda name: targets.missing(name, "/amq/queue/"),
        "itself": lambda name: Place("itself", "", ()),
        "max-length": lambda name: targets.loss(name, "max-length", LENGTH, 2, x_max_length=2),
        "max-length quorum": lambda name: targets.loss(
            name, "max-length quorum", LENGTH, 2, type="quorum", x_max_length=2
        ),
        "max-length 0": lambda name: targets.loss(name, "max-length 0", LENGTH, x_max_length=0),
        "max-length-bytes": lambda name: targets.loss(name, "max-length-bytes", LENGTH, x_max_length_bytes=60),
        "max-length and dead letters": targets.dead_lettering,
        "max-length by a policy": lambda name: targets.by_policy(
            name, "max-length by a policy", {"max-length": 2}, LENGTH, 2
        ),
        "ttl by a policy": lambda name: targets.by_policy(name, "ttl by a policy", {"message-ttl": 100}, TIME),
        "reject-publish": lambda name: targets.loss(
            name, "reject-publish", x_max_length=2, x_overflow="reject-publish"
        ),
        "reject-publish by a policy": lambda name: targets.by_policy(
            name, "reject-publish by a policy", {"max-length": 2, "overflow": "reject-publish"}
        ),
        "reject-publish-dlx": lambda name: targets.loss(
            name, "reject-publish-dlx", x_max_length=2, x_overflow="reject-publish-dlx"
        ),
        "max-length by an operator": lambda name: targets.by_policy(
            name, "max-length by an operator", {"max-length": 2}, LENGTH, 2, operator=True
        ),
        "missing under a policy": lambda name: targets.by_policy(
            name, "missing under a policy", {"max-length": 2}, LENGTH, 2, missing=True
        ),
        "stream of a few": lambda name: targets.loss(
            name, "stream of a few", "the oldest are dropped", type="stream", x_max_length_bytes=100
        ),
        "ttl 0": lambda name: targets.loss(
            name, "ttl 0", "keeps nothing that no reader takes at once", x_message_ttl=0
        ),
        "ttl 200": lambda name: targets.loss(name, "ttl 200", TIME, settle=0.5, x_message_ttl=200),
        "ttl of an hour": lambda name: targets.loss(name, "ttl of an hour", x_message_ttl=3_600_000),
        "expires": lambda name: targets.loss(
            name, "expires", "is deleted, with all that is in it", settle=4.5, x_expires=4000
        ),
        "exclusive to another": targets.exclusive,
        "single active consumer": targets.single,
        "priorities": lambda name: targets.loss(name, "priorities", x_max_priority=5),
        "name with a slash": lambda name: targets.named(name, f"{name}/x", f"{name}%2Fx"),
        "name with blanks": lambda name: targets.named(name, f"{name} x  y", f"{name} x  y"),
        "name that ends in a blank": lambda name: targets.named(name, f"{name} ", f"{name} "),
        "name in Unicode": lambda name: targets.named(name, f"{name}é😀", f"{name}é😀"),
        "topic with a queue": lambda name: targets.bound(name, "amq.topic", f"/topic/{name}"),
        "topic without": lambda name: Place("topic without", f"/topic/{name}", (), NOWHERE),
        "exchange with a queue": lambda name: targets.bound(name, "amq.direct", f"/exchange/amq.direct/{name}"),
        "exchange without": lambda name: Place("exchange without", f"/exchange/amq.direct/{name}", (), NOWHERE),
        "no exchange": lambda name: Place("no exchange", f"/exchange/{name}/key", ()),
        "temp-queue": lambda name: Place("temp-queue", f"/temp-queue/{name}", ()),
    }


class RabbitTargets:
    def __init__(self, broker: RabbitMQ) -> None:
        self.broker = broker

    def queue(self, name: str, type: str = "classic", prefix: str = "/queue/") -> Place:
        return self.loss(name, type, type=type, prefix=prefix)

    def missing(self, name: str, prefix: str = "/queue/") -> Place:
        return Place("missing", f"{prefix}{name}", (name,), undo=[lambda: self.broker.delete(name)])

    def loss(
        self,
        name: str,
        kind: str,
        said: str = "",
        kept: int = 0,
        *,
        type: str = "classic",
        prefix: str = "/queue/",
        settle: float = 0.3,
        **arguments: Any,
    ) -> Place:
        """A queue with arguments; most of those it can have let messages go, of which `said` is said."""
        self.broker.declare(name, type, **arguments)
        loss = Loss((said,), kept) if said else None
        settle = settle if loss else 0.0
        return Place(kind, f"{prefix}{name}", (name,), loss, settle, undo=[lambda: self.broker.delete(name)])

    def named(self, name: str, queue: str, typed: str) -> Place:
        self.broker.declare(queue)
        return Place("named", f"/queue/{typed}", (queue,), undo=[lambda: self.broker.delete(queue)])

    def dead_lettering(self, name: str) -> Place:
        dead = f"{name}.dead"
        self.broker.declare(dead)
        place = self.loss(
            name,
            "dead letters",
            LENGTH,
            2,
            x_max_length=2,
            x_dead_letter_exchange="",
            x_dead_letter_routing_key=dead,
        )
        place.undo.append(lambda: self.broker.delete(dead))
        return place

    def by_policy(
        self,
        name: str,
        kind: str,
        definition: dict[str, Any],
        said: str = "",
        kept: int = 0,
        *,
        operator: bool = False,
        missing: bool = False,
    ) -> Place:
        if not missing:
            self.broker.declare(name)
        path = f"/api/{'operator-' if operator else ''}policies/%2F/{quote(name, safe='')}"
        wanted = {"pattern": f"^{name.replace('.', '[.]')}$", "definition": definition, "apply-to": "queues"}
        self.broker.api("PUT", path, wanted)
        undo = [lambda: self.broker.delete(name), lambda: self.broker.api("DELETE", path)]
        loss = Loss((said, UNKNOWN), kept) if said else None
        return Place(kind, f"/queue/{name}", (name,), loss, 0.4, undo=list(undo))

    def exclusive(self, name: str) -> Place:
        client = raw(self.broker)
        declaring = {"exclusive": "true", "durable": "false", "auto-delete": "true", "expiration": "0"}
        client.receipt("SEND", {"destination": f"/queue/{name}", **declaring})
        loss = Loss(("(exclusive)",))
        return Place("exclusive", f"/queue/{name}", (name,), loss, settle=0.2, before=[client.close])

    def single(self, name: str) -> Place:
        place = self.loss(name, "single active consumer", x_single_active_consumer=True)
        client = raw(self.broker)
        headers = {"id": "s", "destination": f"/amq/queue/{name}", "ack": "client-individual"}
        client.receipt("SUBSCRIBE", headers)
        place.before.append(client.close)
        place.settle = 0.2
        return place

    def bound(self, name: str, exchange: str, destination: str) -> Place:
        self.broker.declare(name)
        self.broker.api("POST", f"/api/bindings/%2F/e/{exchange}/q/{name}", {"routing_key": name})
        return Place("bound", destination, (name,), undo=[lambda: self.broker.delete(name)])
