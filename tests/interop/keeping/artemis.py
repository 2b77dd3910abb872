"""Every kind of target that Artemis has."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial

from tests.interop.keeping.generator import Drawn
from tests.interop.keeping.places import Loss, Maker, Place
from tests.support.brokers.artemis import BEAN, Artemis

UNKNOWN = "only users who may manage Artemis are told"
"""Said to who may not manage the broker."""
DROPS = "drops what is sent there once its address is full"
AGE = "keeps a message for"
NEVER = "keeps a message without an end of its own for"
RING = "keeps at most 2 messages (ring-size 2)"
LAST = "only the last (last-value)"
NOWHERE = Loss(("Artemis discards and confirms", UNKNOWN, "told only to who may manage Artemis"))


def makers(broker: Artemis) -> dict[str, Maker]:
    """By kind."""
    targets = ArtemisTargets(broker)
    return {
        "queue": targets.queue,
        "queue by its bare name": lambda name: targets.queue(name, prefix=""),
        "missing": lambda name: targets.missing(name, f"/queue/{name}"),
        "missing by its bare name": lambda name: targets.missing(name, name),
        "itself": lambda name: Place("itself", "", ()),
        **{f"full, {policy}": partial(_full, targets, policy) for policy in ("DROP", "FAIL", "BLOCK", "PAGE")},
        "full by number, DROP": lambda name: targets.set(
            name, "full by number", {"maxSizeMessages": 2, "addressFullMessagePolicy": "DROP"}, _losing(DROPS)
        ),
        "expiry delay": lambda name: targets.set(
            name, "expiry delay", {"expiryDelay": 100}, _losing(NEVER, which=_has_no_end)
        ),
        "longest expiry delay": lambda name: targets.set(
            name, "longest expiry delay", {"maxExpiryDelay": 100}, _losing(AGE)
        ),
        "ring-size": lambda name: targets.queue(name, "ring-size", {"ring-size": 2}, loss=_losing(RING, 2)),
        "ring-size by its address": lambda name: targets.set(
            name, "ring-size", {"defaultRingSize": 2}, _losing(RING, 2)
        ),
        "last-value": lambda name: targets.queue(
            name,
            "last-value",
            {"last-value": True, "last-value-key": "_AMQ_LVQ_NAME"},
            loss=_losing(LAST, which=_has_a_last_value),
        ),
        "last-value by a key": lambda name: targets.queue(
            name, "last-value by a key", {"last-value": True, "last-value-key": "type-of-it"}
        ),
        "last-value by its address": lambda name: targets.set(
            name, "last-value", {"defaultLastValueQueue": True}, _losing(LAST, which=_has_a_last_value)
        ),
        "filter": lambda name: targets.queue(
            name, "filter", {"filter-string": "nothing = 'of that'"}, loss=_losing("does not match its filter")
        ),
        "purged without a reader": lambda name: targets.queue(
            name,
            "purged without a reader",
            {"purge-on-no-consumers": True},
            loss=_losing("keeps nothing while nobody reads"),
        ),
        "disabled": lambda name: targets.queue(
            name, "disabled", {"enabled": False}, loss=_losing("is disabled: what is sent there is dropped")
        ),
        "full pages, DROP": lambda name: targets.set(
            name,
            "full pages",
            {
                "addressFullMessagePolicy": "PAGE",
                "maxSizeBytes": 4_000,
                "pageSizeBytes": 2_000,
                "pageLimitMessages": 3,
                "pageFullMessagePolicy": "DROP",
            },
            _losing("drops what is sent there once its pages are full"),
        ),
        "diverted": targets.diverted,
        "missing, ring-size": lambda name: targets.set(
            name, "missing, ring-size", {"defaultRingSize": 2}, _losing(RING, 2), missing=True
        ),
        "missing, last-value": lambda name: targets.set(
            name,
            "missing, last-value",
            {"defaultLastValueQueue": True},
            _losing(LAST, which=_has_a_last_value),
            missing=True,
        ),
        "missing, purged": lambda name: targets.set(
            name,
            "missing, purged",
            {"defaultPurgeOnNoConsumers": True},
            _losing("keeps nothing while nobody reads"),
            missing=True,
        ),
        "paused": targets.paused,
        "exclusive": lambda name: targets.queue(name, "exclusive", {"exclusive": True}),
        "non-destructive": lambda name: targets.queue(name, "non-destructive", {"non-destructive": True}),
        "FQQN": lambda name: targets.full(name, "ANYCAST"),
        "FQQN, multicast": lambda name: targets.full(name, "MULTICAST"),
        "FQQN, missing": lambda name: Place("FQQN, missing", f"{name}::{name}.q", (), NOWHERE),
        "topic with a queue": targets.topic,
        "topic without": lambda name: Place("topic without", f"/topic/{name}", (), NOWHERE),
        "name with blanks": lambda name: targets.named(name, f"{name} x y"),
        "name with a slash": lambda name: targets.named(name, f"{name}/x"),
        "name in Unicode": lambda name: targets.named(name, f"{name}é"),
        "two queues of one address": targets.shared,
    }


def _full(targets: ArtemisTargets, policy: str, name: str) -> Place:
    settings = {"maxSizeBytes": 4_000, "pageSizeBytes": 2_000, "addressFullMessagePolicy": policy}
    loss = _losing(DROPS) if policy == "DROP" else None
    return targets.set(name, f"full, {policy}", settings, loss)


def _losing(said: str, kept: int = 0, which: Callable[[Drawn], bool] = lambda message: True) -> Loss:
    return Loss((said, UNKNOWN), kept, which)


def _has_no_end(message: Drawn) -> bool:
    return not any(name == "expires" and value not in ("0", "") for name, value in message.headers)


def _has_a_last_value(message: Drawn) -> bool:
    return any(name == "_AMQ_LVQ_NAME" for name, _ in message.headers)


Attributes = Mapping[str, object]


class ArtemisTargets:
    def __init__(self, broker: Artemis) -> None:
        self.broker = broker

    def create(
        self, name: str, address: str = "", routing: str = "ANYCAST", attributes: Attributes | None = None
    ) -> None:
        wanted = {"name": name, "address": address or name, "routing-type": routing, "durable": True}
        wanted |= {"auto-delete": False, **(attributes or {})}
        self.broker.jolokia.execute(BEAN, "createQueue(java.lang.String)", json.dumps(wanted))

    def destroy(self, name: str) -> None:
        self.broker.jolokia.execute(BEAN, "destroyQueue(java.lang.String,boolean,boolean)", name, True, True)

    def queue(
        self,
        name: str,
        kind: str = "queue",
        attributes: Attributes | None = None,
        *,
        prefix: str = "/queue/",
        loss: Loss | None = None,
    ) -> Place:
        self.create(name, attributes=attributes)
        return Place(kind, f"{prefix}{name}", (name,), loss, undo=[lambda: self.destroy(name)])

    def missing(self, name: str, typed: str) -> Place:
        return Place("missing", typed, (name,), undo=[lambda: self.destroy(name)])

    def set(
        self, name: str, kind: str, settings: Attributes, loss: Loss | None = None, *, missing: bool = False
    ) -> Place:
        """A queue whose address has settings."""
        self.broker.jolokia.execute(
            BEAN, "addAddressSettings(java.lang.String,java.lang.String)", name, json.dumps(settings)
        )
        place = self.queue(name, kind, loss=loss) if not missing else self.missing(name, f"/queue/{name}")
        place.loss = loss
        place.settle = 0.4
        place.undo.insert(0, lambda: self.broker.jolokia.execute(BEAN, "removeAddressSettings(java.lang.String)", name))
        return place

    def diverted(self, name: str) -> Place:
        place = self.queue(name, "diverted", loss=_losing("(a divert)"))
        wanted = {"name": f"{name}.divert", "routing-name": f"{name}.divert", "address": name, "exclusive": True}
        wanted["forwarding-address"] = f"{name}.elsewhere"
        self.broker.jolokia.execute(BEAN, "createDivert(java.lang.String)", json.dumps(wanted))
        place.undo.append(lambda: self.broker.jolokia.execute(BEAN, "destroyDivert(java.lang.String)", wanted["name"]))
        return place

    def paused(self, name: str) -> Place:
        place = self.queue(name, "paused")
        bean = f'{BEAN},component=addresses,address="{name}",subcomponent=queues,routing-type="anycast",queue="{name}"'
        self.broker.jolokia.execute(bean, "pause()")
        place.before.append(lambda: self.broker.jolokia.execute(bean, "resume()"))
        return place

    def full(self, name: str, routing: str) -> Place:
        queue = f"{name}.q"
        self.create(queue, name, routing)
        return Place("FQQN", f"{name}::{queue}", (queue,), undo=[lambda: self.destroy(queue)])

    def topic(self, name: str) -> Place:
        queue = f"{name}.q"
        self.create(queue, name, "MULTICAST")
        return Place("topic", f"/topic/{name}", (queue,), undo=[lambda: self.destroy(queue)])

    def shared(self, name: str) -> Place:
        """An anycast address gives each message to one of its queues."""
        other = f"{name}.other"
        self.create(name)
        self.create(other, name)
        undo = [lambda: self.destroy(name), lambda: self.destroy(other)]
        return Place("two queues", f"/queue/{name}", (name, other), undo=list(undo))

    def named(self, name: str, queue: str) -> Place:
        self.create(queue)
        return Place("named", f"/queue/{queue}", (queue,), undo=[lambda: self.destroy(queue)])
