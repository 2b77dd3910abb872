"""The list of queues, by each real broker: the numbers are the broker's, names can be used, asking leaves nothing."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from stomptui.brokers.activemq import queue_list as activemq_listing
from stomptui.brokers.artemis import queue_list as artemis_listing
from stomptui.brokers.jms import jolokia
from stomptui.brokers.rabbitmq.dialect import RabbitMQ as Dialect
from stomptui.brokers.rabbitmq.queue_list import destination
from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import ClientError, RequestRefused
from stomptui.queues.listing.listing import QueueInfo, QueueLister
from tests.conftest import provide
from tests.support.brokers import ActiveMQ5, Artemis, Box, ManagedBroker, RabbitMQ
from tests.support.brokers.activemq import ActiveMQ
from tests.support.listing import asking, named
from tests.support.raw import RawStomp


def with_management(broker: ManagedBroker) -> Connection:
    """The connection, with the broker's HTTP management."""
    assert isinstance(broker, (RabbitMQ, ActiveMQ, Artemis))
    return dataclasses.replace(broker.connection(), management=f"http://127.0.0.1:{broker.http_port}")


def usual(broker: ManagedBroker) -> Connection:
    """RabbitMQ tells over HTTP alone, the others over STOMP."""
    return with_management(broker) if isinstance(broker, RabbitMQ) else broker.connection()


def until(way: QueueLister, right: Callable[[dict[str, QueueInfo]], Any], within: float = 20.0) -> dict[str, QueueInfo]:
    """Ask until the answer is right: statistics of some brokers lag some seconds."""
    deadline = time.monotonic() + within
    while not right(found := named(way.ask())):
        assert time.monotonic() < deadline, f"it never came to that: {found}"
        time.sleep(0.05)
    return found


@contextmanager
def client(broker: ManagedBroker) -> Iterator[RawStomp]:
    with RawStomp("127.0.0.1", broker.port) as raw:
        raw.connect("1.1")
        yield raw


def put(broker: ManagedBroker, queue: str, number: int) -> None:
    with client(broker) as raw:
        for index in range(number):
            raw.receipt("SEND", {"destination": broker.destination(queue), "persistent": "true"}, f"m{index}")


def check_counts(broker: ManagedBroker, connection: Connection, queue: str) -> None:
    """What is listed of a queue is what the broker counts, while it fills, is read and is left again."""
    broker.make_queue(queue)
    with asking(connection) as way:
        found = until(way, lambda found: queue in found and found[queue].ready == 0)
        assert not found[queue].dead_letters
        put(broker, queue, 5)
        until(way, lambda found: (found[queue].ready, found[queue].held or 0) == (5, 0) == broker.counts(queue))
        with client(broker) as raw:
            where = named(way.ask())[queue].destination.replace(":", "\\c")
            raw.send("SUBSCRIBE", {"id": "1", "destination": where, "ack": "client-individual"})
            assert [raw.expect("MESSAGE").text for _ in range(5)] == [f"m{index}" for index in range(5)]
            held = until(
                way, lambda found: (found[queue].ready, found[queue].held) == (0, 5) and found[queue].consumers
            )
            assert held[queue].consumers == 1 and broker.counts(queue) == (0, 5)
        until(way, lambda found: (found[queue].ready, found[queue].held) == (5, 0) == broker.counts(queue))
    broker.drop_queue(queue)
    with asking(connection) as way:
        assert queue not in named(way.ask())


def test_depths_and_readers_are_the_brokers_own(managed: ManagedBroker) -> None:
    check_counts(managed, usual(managed), "listing.counts")


@pytest.mark.parametrize("fixture", ["activemq5", "activemq6", "artemis"])
def test_jolokia_tells_the_same(fixture: str, request: pytest.FixtureRequest) -> None:
    broker = request.getfixturevalue(fixture)
    check_counts(broker, with_management(broker), "listing.jolokia")
    with asking(with_management(broker)) as way:
        assert way.ask().source.startswith("Jolokia at ")


def test_rates_follow_what_goes_on(managed: ManagedBroker) -> None:
    queue = "listing.rates"
    managed.make_queue(queue)
    with asking(usual(managed)) as way:
        way.ask()

        def goes_on(found: dict[str, QueueInfo]) -> bool:
            put(managed, queue, 20)
            return bool(found[queue].rate_in)

        assert (until(way, goes_on)[queue].rate_in or 0) > 0
    managed.drop_queue(queue)


# Which hold dead letters


def test_rabbitmq_dead_letter_queues_are_known_by_who_sends_to_them(rabbitmq: RabbitMQ) -> None:
    rabbitmq.declare("listing.graveyard")
    rabbitmq.declare("listing.work", "quorum", x_dead_letter_exchange="", x_dead_letter_routing_key="listing.graveyard")
    rabbitmq.declare("listing.bound")
    rabbitmq.declare("listing.policed")
    rabbitmq.api("PUT", "/api/exchanges/%2F/listing.dlx", {"type": "fanout"})
    rabbitmq.api("POST", "/api/bindings/%2F/e/listing.dlx/q/listing.bound", {"routing_key": ""})
    policy = {"pattern": "^listing.policed$", "definition": {"dead-letter-exchange": "listing.dlx"}}
    rabbitmq.api("PUT", "/api/policies/%2F/listing", policy)
    try:
        with asking(with_management(rabbitmq)) as way:
            found = until(way, lambda found: found["listing.bound"].dead_letters)
            assert found["listing.graveyard"].dead_letters and found["listing.work"].kind == "quorum"
            assert not found["listing.work"].dead_letters and not found["listing.policed"].dead_letters
            assert found["listing.graveyard"].fed_by == ("listing.work",) and found["listing.work"].durable
            assert found["listing.bound"].fed_by == ("listing.policed",)
            assert found["listing.work"].dead_letters_to == "listing.graveyard"
            assert found["listing.policed"].dead_letters_to == "listing.bound by exchange listing.dlx"
    finally:
        rabbitmq.api("DELETE", "/api/policies/%2F/listing")
        rabbitmq.api("DELETE", "/api/exchanges/%2F/listing.dlx")
        for name in ("graveyard", "work", "bound", "policed"):
            rabbitmq.delete(f"listing.{name}")


@pytest.mark.parametrize("fixture", ["activemq5", "activemq6"])
def test_activemq_tells_queues_topics_and_its_dead_letter_queue(fixture: str, request: pytest.FixtureRequest) -> None:
    broker: ActiveMQ = request.getfixturevalue(fixture)
    put(broker, "listing.nacked", 1)
    with client(broker) as raw:
        raw.receipt("SUBSCRIBE", {"id": "t", "destination": "/topic/listing.prices", "ack": "auto"})
        raw.send("SUBSCRIBE", {"id": "1", "destination": "/queue/listing.nacked", "ack": "client-individual"})
        message = raw.expect("MESSAGE", subscription="1")
        raw.receipt("NACK", {"message-id": message["message-id"], "subscription": "1"})
        for connection in (broker.connection(), with_management(broker)):
            with asking(connection) as way:
                found = until(way, lambda found: "ActiveMQ.DLQ" in found)
                assert found["ActiveMQ.DLQ"].dead_letters and found["ActiveMQ.DLQ"].ready
                prices = found["listing.prices"]
                assert (prices.kind, prices.destination, prices.ready) == ("topic", "/topic/listing.prices", None)
                assert prices.consumers == 1
                assert not any(name.startswith("ActiveMQ.Advisory") for name in found)
    broker.drop_queue("listing.nacked")


def test_artemis_tells_dead_letter_and_expiry_queues_and_who_subscribes(artemis: Artemis) -> None:
    with RawStomp("127.0.0.1", artemis.port) as raw:
        raw.connect("1.1", client_id="listing")
        raw.receipt(
            "SUBSCRIBE",
            {"id": "1", "destination": "/topic/listing.prices", "durable-subscription-name": "me", "ack": "auto"},
        )
    with client(artemis) as raw:
        raw.receipt("SEND", {"destination": "/topic/listing.prices"}, "kept")
        for connection in (artemis.connection(), artemis.bare_connection(), with_management(artemis)):
            with asking(connection) as way:
                found = until(way, lambda found: found["listing.me"].ready == 1)
                assert found["DLQ"].dead_letters and found["ExpiryQueue"].dead_letters
                mine = found["listing.me"]
                assert (mine.destination, mine.kind) == ("listing.prices::listing.me", "multicast")
        where = mine.destination.replace(":", "\\c")
        raw.send("SUBSCRIBE", {"id": "2", "destination": where, "ack": "client-individual"})
        assert raw.expect("MESSAGE", subscription="2").text == "kept", "the name it was listed by reads that queue"
        raw.receipt("UNSUBSCRIBE", {"id": "2"})
    artemis.drop_queue("listing.me")


# Names, pages, rights, traces


def test_every_name_rabbitmq_allows_is_one_that_stomp_reaches(rabbitmq: RabbitMQ) -> None:
    names = ["listing a/b", "listing 50% %41 ä€:c+d", "listing\\c"]
    for name in names:
        rabbitmq.declare(name)
    try:
        with asking(with_management(rabbitmq)) as way, client(rabbitmq) as raw:
            found = named(way.ask())
            for index, name in enumerate(names):
                where = found[name].destination.replace("\\", "\\\\").replace(":", "\\c")
                assert found[name].destination == destination(name)
                raw.receipt("SUBSCRIBE", {"id": str(index), "destination": where, "ack": "client-individual"})
    finally:
        for name in names:
            rabbitmq.delete(name)


def test_artemis_is_asked_for_page_after_page(artemis: Artemis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jolokia, "PAGE", 7)
    monkeypatch.setattr(artemis_listing, "PAGE", 7)
    names = {f"listing.page.{index}" for index in range(30)}
    for name in names:
        artemis.make_queue(name)
    try:
        for connection in (artemis.connection(), with_management(artemis)):
            with asking(connection) as way:
                assert names <= set(named(way.ask()))
    finally:
        for name in names:
            artemis.drop_queue(name)


def test_who_may_not_manage_artemis_is_told_so(artemis: Artemis) -> None:
    before = everything(artemis)
    with asking(artemis.connection_as("bob")) as way, pytest.raises(RequestRefused, match="this user may not manage"):
        way.ask()
    assert everything(artemis) == before


def test_activemq_answers_for_numbers_whoever_asks(activemq5: ActiveMQ5) -> None:
    activemq5.make_queue("listing.read")
    with asking(activemq5.connection_as("reader")) as way:
        assert named(way.ask())["listing.read"].ready == 0
    activemq5.drop_queue("listing.read")


class WithoutPlugin(ActiveMQ5):
    """ActiveMQ as it is shipped: nobody counts for clients."""

    def _configuration(self) -> str:
        return super()._configuration().replace("<statisticsBrokerPlugin/>", "")


class WithoutXStream(WithoutPlugin):
    """ActiveMQ as Debian ships it: what the broker tells of itself has no text."""

    def _arguments(self) -> list[str]:
        arguments = super()._arguments()
        for link in (self.folder / "lib").iterdir():
            link.unlink()
        return arguments


@pytest.fixture(scope="module")
def activemq5_plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WithoutPlugin]:
    yield from provide(WithoutPlugin, tmp_path_factory.mktemp("activemq5-plain"))


@pytest.fixture(scope="module")
def activemq5_mute(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WithoutXStream]:
    yield from provide(WithoutXStream, tmp_path_factory.mktemp("activemq5-mute"))


def test_without_the_statistics_plugin_activemq_tells_names(activemq5_plain: WithoutPlugin) -> None:
    put(activemq5_plain, "listing.there", 1)
    with asking(activemq5_plain.connection()) as way:
        listing = way.ask()
        assert listing.note == activemq_listing.NO_PLUGIN
        assert set(named(listing)) == {"listing.there"} and named(listing)["listing.there"].ready is None
        put(activemq5_plain, "listing.new", 1)
        until(way, lambda found: "listing.new" in found)
        activemq5_plain.drop_queue("listing.there")
        until(way, lambda found: set(found) == {"listing.new"})
    left = everything(activemq5_plain) - {"listing.new"}
    assert left == {"ActiveMQ.Statistics.Broker"}, "a topic, with nothing in it"
    with asking(with_management(activemq5_plain)) as way:
        assert named(way.ask())["listing.new"].ready == 1, "Jolokia has the numbers"


def test_without_xstream_activemq_tells_nothing_and_that_is_said(activemq5_mute: WithoutXStream) -> None:
    put(activemq5_mute, "listing.there", 1)
    with asking(activemq5_mute.connection()) as way, pytest.raises(ClientError, match="XStream is missing"):
        way.ask()
    with asking(with_management(activemq5_mute)) as way:
        assert named(way.ask())["listing.there"].ready == 1


def test_who_lacks_the_tag_is_told_so(rabbitmq: RabbitMQ) -> None:
    reader = dataclasses.replace(with_management(rabbitmq), login="reader", passcode="reader")
    with asking(reader) as way, pytest.raises(RequestRefused, match="tag management"):
        way.ask()
    wrong = dataclasses.replace(with_management(rabbitmq), passcode="wrong")
    with asking(wrong, Dialect("RabbitMQ/3.10.8")) as way, pytest.raises(RequestRefused, match="refused the login"):
        way.ask()


def everything(broker: ManagedBroker) -> set[str]:
    """All that a client can leave behind on a broker: queues, topics, addresses."""
    if isinstance(broker, Artemis):
        names = broker.jolokia.read('org.apache.activemq.artemis:broker="lab"', "AddressNames", "QueueNames")
        return {*names["AddressNames"], *names["QueueNames"]}
    if isinstance(broker, ActiveMQ):
        pattern = "org.apache.activemq:type=Broker,brokerName=lab,destinationType=*,destinationName=*"
        found = {str(bean["Name"]) for bean in broker.jolokia.read(pattern, "Name", "QueueSize").values()}
        # The broker's own, about clients that come and go.
        return {name for name in found if not name.startswith("ActiveMQ.Advisory.")}
    if isinstance(broker, Box):
        return set(broker.embedded.call(broker.embedded.queues.depths))
    assert isinstance(broker, RabbitMQ)
    return {row["name"] for row in broker.api("GET", "/api/queues/%2F")}


def test_asking_leaves_nothing_behind(managed: ManagedBroker) -> None:
    before = everything(managed)
    for _ in range(3):
        with asking(usual(managed)) as way:
            way.ask()
            way.ask()
    assert everything(managed) == before
