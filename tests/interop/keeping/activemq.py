"""Every kind of target that ActiveMQ Classic has."""

from __future__ import annotations

from tests.interop.keeping.places import Loss, Maker, Place
from tests.support.brokers.activemq import BEAN, ActiveMQ


def makers(broker: ActiveMQ) -> dict[str, Maker]:
    """By kind."""
    targets = ActiveTargets(broker)
    return {
        "queue": lambda name: targets.queue("queue", name),
        "missing": lambda name: targets.missing(name),
        "itself": lambda name: Place("itself", "", ()),
        "composite": lambda name: targets.composite(name, f"/queue/{name},/queue/{name}.b"),
        "composite with a topic": lambda name: targets.half_a_topic(name),
        "with options": lambda name: targets.queue("with options", name, f"/queue/{name}?consumer.prefetchSize=1"),
        "bare name": lambda name: targets.queue("bare name", name, name),
        "paused": targets.paused,
        "topic without a reader": lambda name: Place(
            "topic", f"/topic/{name}", (), Loss(("without a reader of the topic it is gone",))
        ),
        "virtual topic": lambda name: targets.virtual(name),
        "temp-queue": lambda name: Place("temp-queue", f"/temp-queue/{name}", ()),
        "forwarded where a filter matches": lambda name: targets.queue(
            "forwarded",
            f"forwarding.{name}",
            loss=Loss(("ActiveMQ does not tell over STOMP of policies that drop or forward",)),
        ),
        "wildcard": lambda name: targets.queue("wildcard", f"{name}.a", f"/queue/{name}.>"),
        "dead letters": lambda name: targets.queue("dead letters", f"{name}.DLQ"),
        "name with blanks": lambda name: targets.queue("named", f"{name} x y"),
        "name that ends in a blank": lambda name: targets.queue("named", name, f"/queue/{name} "),
        "name with a slash": lambda name: targets.queue("named", f"{name}/x"),
        "name in Unicode": lambda name: targets.queue("named", f"{name}é"),
    }


class ActiveTargets:
    def __init__(self, broker: ActiveMQ) -> None:
        self.broker = broker

    def queue(self, kind: str, name: str, typed: str = "", loss: Loss | None = None) -> Place:
        self.broker.make_queue(name)
        return Place(kind, typed or f"/queue/{name}", (name,), loss, undo=[lambda: self.broker.drop_queue(name)])

    def missing(self, name: str) -> Place:
        return Place("missing", f"/queue/{name}", (name,), undo=[lambda: self.broker.drop_queue(name)])

    def composite(self, name: str, typed: str) -> Place:
        place = self.queue("composite", name, typed)
        other = f"{name}.b"
        self.broker.make_queue(other)
        place.queues = (name, other)
        place.undo.append(lambda: self.broker.drop_queue(other))
        return place

    def half_a_topic(self, name: str) -> Place:
        return self.queue("composite with a topic", name, f"/queue/{name},/topic/{name}.t")

    def virtual(self, name: str) -> Place:
        queue = f"Consumer.keep.VirtualTopic.{name}"
        return self.queue("virtual topic", queue, f"/topic/VirtualTopic.{name}")

    def paused(self, name: str) -> Place:
        place = self.queue("paused", name)
        bean = f"{BEAN},destinationType=Queue,destinationName={name}"
        self.broker.jolokia.execute(bean, "pause()")
        place.before.append(lambda: self.broker.jolokia.execute(bean, "resume()"))
        return place
