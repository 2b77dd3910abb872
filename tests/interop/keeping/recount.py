"""What is in a queue, by the broker's own counter and a bare socket that takes it all out."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.interop.keeping.generator import MARK
from tests.interop.keeping.places import raw
from tests.support.brokers.artemis import BEAN, Artemis
from tests.support.brokers.base import ManagedBroker
from tests.support.brokers.jolokia import Refused
from tests.support.brokers.rabbitmq import RabbitMQ
from tests.support.raw import Closed, RawFrame


@dataclass
class Counted:
    """What was found in one queue.

    Attributes:
        counter: How many the broker said it has; None if it has no such queue.
        bodies: The bodies of the messages of this case, by their mark; several where one is there several times.
        ids: The ids they came with; a queue that keeps what is read shows them again.
        others: How many others there were.
        apart: Whether it is but a part of what the counter counts.
    """

    counter: int | None
    bodies: dict[str, list[bytes]] = field(default_factory=dict)
    others: int = 0
    apart: bool = False
    ids: set[str] = field(default_factory=set)

    @property
    def found(self) -> int:
        return sum(map(len, self.bodies.values())) + self.others

    @property
    def marks(self) -> Counter[str]:
        return Counter({mark: len(bodies) for mark, bodies in self.bodies.items()})


def depth(broker: ManagedBroker, name: str) -> int | None:
    """How many messages a queue has, None if there is none of that name."""
    try:
        if isinstance(broker, Artemis):
            return _artemis_depth(broker, name)
        return broker.depth(name)
    except (AssertionError, Refused):
        return None


def take_all(broker: ManagedBroker, name: str, expected: int | None = None, within: float = 5.0) -> Counted:
    """Take everything out of a queue.

    Args:
        broker: Whose queue it is.
        name: The queue.
        expected: How many messages there should be; the counter is asked again until it says so, or for too long.
        within: Seconds that counters may lag, and that messages may take to come.
    """
    until = time.monotonic() + within
    count = depth(broker, name)
    while count != expected and expected is not None and time.monotonic() < until:
        time.sleep(0.05)
        count = depth(broker, name)
    counted = Counted(count)
    if not count:
        return counted
    stream = isinstance(broker, RabbitMQ) and _is_stream(broker, name)
    with raw(broker) as client:
        headers = {"id": "recount", "destination": _destination(broker, name), "ack": "client-individual"}
        if stream:
            headers |= {"prefetch-count": "1000", "x-stream-offset": "first"}
        if isinstance(broker, Artemis):
            headers |= {"consumer-window-size": "-1"}
            if _place(broker, name)[1] == "ANYCAST":
                headers["subscription-type"] = "ANYCAST"
        client.send("SUBSCRIBE", headers)
        while counted.found < count:
            try:
                frame = client.read(within)
            except (TimeoutError, Closed):
                break
            if frame.command != "MESSAGE":
                continue
            _note(counted, frame)
            client.send("ACK", {"id": frame["message-id"] if isinstance(broker, Artemis) else frame["ack"]})
        # More than the counter said would be as wrong as fewer.
        try:
            while (frame := client.read(0.05)).command == "MESSAGE":
                _note(counted, frame)
        except (TimeoutError, Closed):
            pass
    return counted


def _note(counted: Counted, frame: RawFrame) -> None:
    id = frame["message-id"]
    if id in counted.ids:
        return
    counted.ids.add(id)
    mark = frame.get(MARK)
    if mark is None:
        counted.others += 1
    else:
        counted.bodies.setdefault(mark, []).append(frame.body)


def _destination(broker: ManagedBroker, name: str) -> str:
    if isinstance(broker, Artemis):
        address, _ = _place(broker, name)
        return name if address == name else f"{address}\\c\\c{name}"
    if isinstance(broker, RabbitMQ):
        return f"/amq/queue/{name.replace('/', '%2F')}"
    return broker.destination(name)


def _is_stream(broker: RabbitMQ, name: str) -> bool:
    octets = ",".join(str(octet) for octet in name.encode())
    found = broker.evaluate(
        f'{{ok, Q}} = rabbit_amqqueue:lookup(rabbit_misc:r(<<"/">>, queue, <<{octets}>>)), amqqueue:get_type(Q)'
    )
    return "stream" in found


def _place(broker: Artemis, name: str) -> tuple[str, str]:
    """The address and the routing type of a queue."""
    # The queues of an address are asked for by name, wherever they are.
    answer = broker.jolokia.execute(
        BEAN,
        "listQueues(java.lang.String,int,int)",
        f'{{"field":"name","operation":"EQUALS","value":"{name}","sortColumn":"name","sortOrder":"asc"}}',
        1,
        10,
    )
    rows = json.loads(answer)["data"]
    assert rows, f"there is no queue {name}"
    return rows[0]["address"], rows[0]["routingType"]


def _artemis_depth(broker: Artemis, name: str) -> int:
    address, routing = _place(broker, name)
    bean = (
        f'{BEAN},component=addresses,address="{address}",subcomponent=queues,'
        f'routing-type="{routing.lower()}",queue="{name}"'
    )
    return int(broker.jolokia.read(bean, "MessageCount"))
