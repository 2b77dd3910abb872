"""What Jolokia answers of either ActiveMQ, and that STOMP is asked where it does not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stomptui.brokers.activemq.dialect import ActiveMQ
from stomptui.brokers.artemis.dialect import Artemis
from stomptui.brokers.jms.jolokia import PAGE, JolokiaFirst, all_pages
from stomptui.brokers.jms.jolokia import Jolokia as Client
from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import ClientError, RequestRefused
from stomptui.queues.listing.listing import Listing
from tests.support.listing import Answer, Request, asking, named, web

CLASSIC = "org.apache.activemq:type=Broker,brokerName=lab"
ARTEMIS = 'org.apache.activemq.artemis:broker="lab"'


def bean(name: str, **more: Any) -> dict[str, Any]:
    counts = {"QueueSize": 0, "InFlightCount": 0, "ConsumerCount": 0, "EnqueueCount": 0, "DequeueCount": 0}
    return {"Name": name, **counts, "DLQ": False, **more}


class Jolokia:
    """Answers `search`, `read` of destinations and listQueues; refuses all else, and who says no origin."""

    def __init__(self, brokers: list[Any], beans: Any = None, pages: Any = ()) -> None:
        self.brokers, self.beans, self.pages = brokers, beans, pages
        self.asked: list[dict[str, Any]] = []

    def __call__(self, request: Request) -> Any:
        if request.headers.get("origin") != "http://localhost":
            return {"status": 403, "error": "Origin null is not allowed to call this agent"}
        asked = json.loads(request.body)
        self.asked.append(asked)
        if asked["type"] == "search":
            return {"status": 200, "value": self.brokers}
        if asked["type"] == "read":
            return {"status": 200, "value": self.beans}
        if asked["operation"] == "listQueues(java.lang.String,int,int)":
            _, page, size = asked["arguments"]
            rows = list(self.pages)[(page - 1) * size : page * size]
            return {"status": 200, "value": json.dumps({"data": rows, "count": len(self.pages)})}
        return {"status": 403, "error": "not allowed"}


def test_classic_destinations_with_their_numbers() -> None:
    jolokia = Jolokia(
        [CLASSIC],
        {
            f"{CLASSIC},destinationType=Queue,destinationName=orders": bean(
                "orders", QueueSize=10, InFlightCount=3, ConsumerCount=2
            ),
            f"{CLASSIC},destinationType=Queue,destinationName=x": bean("x", DLQ=True),
            f"{CLASSIC},destinationType=Queue,destinationName=ActiveMQ.DLQ": bean("ActiveMQ.DLQ"),
            f"{CLASSIC},destinationType=Topic,destinationName=prices": bean("prices", ConsumerCount=4, QueueSize=9),
            f"{CLASSIC},destinationType=Topic,destinationName=ActiveMQ.Advisory.Queue": bean("ActiveMQ.Advisory.Queue"),
            f"{CLASSIC},destinationType=Queue,destinationName=odd": "no attributes",
        },
    )
    with web(jolokia) as server, asking(Connection(management=server.url, login="g"), ActiveMQ()) as way:
        listing = way.ask()
        found = named(listing)
        assert set(found) == {"orders", "x", "ActiveMQ.DLQ", "prices"}
        orders, prices = found["orders"], found["prices"]
        assert (orders.destination, orders.ready, orders.held, orders.consumers) == ("/queue/orders", 7, 3, 2)
        assert (prices.destination, prices.kind, prices.ready, prices.consumers) == ("/topic/prices", "topic", None, 4)
        assert {name for name, queue in found.items() if queue.dead_letters} == {"x", "ActiveMQ.DLQ"}
        assert listing.source == f"Jolokia at {server.url}" and not listing.note
        assert set(server.paths) == {"/api/jolokia/"}
        assert {asked["type"] for asked in jolokia.asked} == {"search", "read"}


def test_rates_come_from_the_counters_of_two_askings() -> None:
    place = f"{CLASSIC},destinationType=Queue,destinationName=q"
    jolokia = Jolokia([CLASSIC], {place: bean("q", EnqueueCount=10, DequeueCount=10)})
    with web(jolokia) as server, asking(Connection(management=server.url), ActiveMQ()) as way:
        (queue,) = way.ask().queues
        assert queue.rate_in is None and queue.rate_out is None
        jolokia.beans = {place: bean("q", EnqueueCount=1010, DequeueCount=10)}
        (queue,) = way.ask().queues
        assert queue.rate_in and queue.rate_in > 0 and queue.rate_out == 0
        jolokia.beans = {place: bean("q", EnqueueCount=5, DequeueCount=10)}
        assert way.ask().queues[0].rate_in is None, "the broker began to count anew"


def test_artemis_queues_come_by_pages() -> None:
    rows = [
        {
            "name": f"q{index}",
            "address": f"q{index}",
            "routingType": "ANYCAST",
            "messageCount": "12",
            "deliveringCount": "2",
            "scheduledCount": "3",
            "consumerCount": "1",
            "internalQueue": "false",
        }
        for index in range(PAGE + 5)
    ]
    rows[3] |= {"paused": "true"}
    rows[4] |= {"internalQueue": "true"}
    rows.append({"name": "sub.x", "address": "prices", "routingType": "MULTICAST", "messageCount": "oops"})
    jolokia = Jolokia([ARTEMIS], pages=rows)
    with web(jolokia) as server, asking(Connection(management=server.url + "/console"), Artemis()) as way:
        found = named(way.ask())
        assert len(found) == PAGE + 5
        queue = found["q3"]
        assert (queue.destination, queue.kind, queue.ready, queue.held, queue.consumers) == ("q3", "anycast", 7, 2, 1)
        assert queue.note == "3 scheduled, paused"
        subscription = found["sub.x"]
        assert (subscription.destination, subscription.kind) == ("prices::sub.x", "multicast")
        assert subscription.ready is None and subscription.note == "of the address prices"
        assert set(server.paths) == {"/console/jolokia/"}
        assert {asked["type"] for asked in jolokia.asked} == {"search", "exec"}


def test_of_several_brokers_the_first_is_told_and_that_is_said() -> None:
    jolokia = Jolokia([f"{CLASSIC}2", CLASSIC], {})
    with web(jolokia) as server, asking(Connection(management=server.url), ActiveMQ()) as way:
        assert way.ask().note == "the first of 2 brokers there"
        assert jolokia.asked[-1]["mbean"].startswith(f"{CLASSIC},")


def test_the_path_of_the_url_is_kept() -> None:
    with web(Jolokia([CLASSIC], {})) as server:
        for suffix, path in (("/x/jolokia", "/x/jolokia/"), ("/x", "/x/jolokia/"), ("/", "/api/jolokia/")):
            with asking(Connection(management=server.url + suffix), ActiveMQ()) as way:
                way.ask()
            assert server.paths[-1] == path


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 403, "error": "Origin http://localhost is not allowed to call this agent"},
        {"status": 500, "error": "javax.management.InstanceNotFoundException"},
        {"status": 200},
        {"status": 200, "value": []},
        {"status": 200, "value": 3},
        [1, 2],
        "x",
        Answer(401),
        Answer(200, b"<html>"),
    ],
)
def test_where_jolokia_does_not_answer_stomp_is_asked_and_that_is_said(answer: Any) -> None:
    with web(lambda request: answer) as server, asking(Connection(management=server.url), ActiveMQ()) as context:
        way = ByStomp(context.context, context.connection, context.dialect)
        listing = way.ask()
        assert listing.source == "STOMP"
        assert server.url in listing.note and listing.note.endswith("asked over STOMP instead; names only")
        asked = len(server.requests)
        way.ask()
        assert len(server.requests) == asked, "a login that was refused is not tried again and again"
        way.refused = True
        with pytest.raises(RequestRefused, match=rf"{server.url}.*; over STOMP: no right") as raised:
            way.ask()
        assert raised.value.server_text == "said"


class ByStomp(JolokiaFirst):
    """One whose broker tells over STOMP, or refuses to."""

    jolokia_path = "/api/jolokia/"
    refused = False

    def by_jolokia(self, jolokia: Client) -> Listing:
        jolokia.classic()
        return Listing((), "Jolokia")

    def by_stomp(self) -> Listing:
        if self.refused:
            raise RequestRefused("no right", "said")
        return Listing((), "STOMP", "names only")


@pytest.mark.parametrize("answer", [None, "no json {", "[]", '{"data":3}', "[" * 100_000, 7])
def test_a_page_that_cannot_be_read_is_said(answer: Any) -> None:
    with pytest.raises(ClientError, match="cannot be read"):
        all_pages(lambda page: answer)
