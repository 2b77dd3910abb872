"""Every kind of target that the embedded broker has."""

from __future__ import annotations

from tests.interop.keeping.places import Loss, Maker, Place
from tests.support.brokers.box import Box


def makers(broker: Box) -> dict[str, Maker]:
    """By kind."""

    def queue(kind: str, name: str, typed: str) -> Place:
        broker.make_queue(name)
        return Place(kind, typed, (name,), undo=[lambda: broker.drop_queue(name)])

    def missing(name: str, typed: str) -> Place:
        return Place("missing", typed, (name,), undo=[lambda: broker.drop_queue(name)])

    return {
        "queue": lambda name: queue("queue", name, f"/queue/{name}"),
        "queue by /amq/queue/": lambda name: queue("queue", name, f"/amq/queue/{name}"),
        "queue by its bare name": lambda name: queue("queue", name, name),
        "missing": lambda name: missing(name, f"/queue/{name}"),
        "missing by /amq/queue/": lambda name: missing(name, f"/amq/queue/{name}"),
        "itself": lambda name: Place("itself", "", ()),
        "topic without": lambda name: Place(
            "topic", f"/topic/{name}", (), Loss(("confirms also what no queue takes",))
        ),
        "temp-queue": lambda name: Place("temp-queue", f"/temp-queue/{name}", ()),
        "name with blanks": lambda name: queue("named", f"{name} x  y", f"/queue/{name} x  y"),
        "name that ends in a blank": lambda name: queue("named", f"{name} ", f"/queue/{name} "),
        "name in Unicode": lambda name: queue("named", f"{name}é😀", f"/queue/{name}é😀"),
    }
