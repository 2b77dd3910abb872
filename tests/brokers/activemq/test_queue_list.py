"""What ActiveMQ says of its queues over STOMP, and what is left without its statistics plugin."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from stomptui.brokers.activemq.dialect import ActiveMQ
from stomptui.brokers.activemq.queue_list import NO_PLUGIN, advised
from stomptui.brokers.activemq.statistics import entries
from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import ClientError
from stomptui.protocol.frame import Frame
from stomptui.queues.listing.listing import QueueLister
from tests.captures import captures
from tests.support.embedded import EmbeddedBroker
from tests.support.listing import asking, named


def bodies(case: str) -> list[bytes]:
    """The bodies of the messages in a capture."""
    frames = b"".join(captures()[case].from_server).split(b"\0")
    return [Frame(raw.lstrip(b"\n"), "1.2").body for raw in frames if raw.lstrip(b"\n").startswith(b"MESSAGE")]


@pytest.mark.parametrize("case", ["activemq/stats-destination-json", "activemq6/stats-destination-json"])
def test_statistics_in_json_as_a_real_broker_sent_them(case: str) -> None:
    (body,) = bodies(case)
    numbers = entries(body)
    assert str(numbers["destinationName"]).startswith("queue://")
    assert isinstance(numbers["size"], int) and isinstance(numbers["consumerCount"], int)


def test_statistics_in_xml() -> None:
    body = """<map>
  <entry>
    <string>size</string>
    <long>6000</long>
  </entry>
  <entry><string>destinationName</string><string>queue://a &amp; b&lt;c&gt;&#x1;</string></entry>
  <entry><string>empty</string><string></string></entry>
  <entry><string>odd</string><null/></entry>
</map>"""
    assert entries(body.encode()) == {"size": "6000", "destinationName": "queue://a & b<c>", "empty": ""}


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"{", b"[]", b'{"map":3}', b'{"map":{"entry":[3,{"string":[]}]}}', b"<map>"]
)
def test_what_is_no_statistics_is_nothing(body: bytes) -> None:
    assert entries(body) == {}


def test_advisory_messages_as_a_real_broker_sent_them() -> None:
    told = [advised(body) for body in bodies("activemq6/advisory-queue-none")]
    assert len(told) > 10 and all(name and not gone for name, gone in told)
    assert ("lab.d2", False) in told


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"\xff", b'{"DestinationInfo":{"destination":{"string":3},"operationType":0}}']
)
def test_what_is_no_advisory_message_names_nothing(body: bytes) -> None:
    assert advised(body) == ("", False)


def advisory(name: str, operation: int = 0) -> str:
    return json.dumps({"DestinationInfo": {"destination": {"string": name}, "operationType": operation}})


def test_without_the_plugin_there_are_names_and_a_word_about_it(embedded: EmbeddedBroker) -> None:
    """The embedded broker plays one that has advisory messages and no plugin, and refuses temporary queues."""
    with asking(Connection(port=embedded.port), ActiveMQ()) as way:
        with pytest.raises(ClientError, match="tells nothing about its queues"):
            way.ask()
        for name in ("orders", "ActiveMQ.DLQ", "gone", "ActiveMQ.Advisory.x"):
            embedded.publish("/topic/ActiveMQ.Advisory.Queue", advisory(name))
        embedded.publish("/topic/ActiveMQ.Advisory.Queue", advisory("gone", 1))
        embedded.publish("/topic/ActiveMQ.Advisory.Topic", advisory("prices"))
        until(lambda: names(way), lambda found: found == ["ActiveMQ.DLQ", "orders", "prices"])
        listing = named(way.ask())
        assert {name: (queue.destination, queue.dead_letters) for name, queue in listing.items()} == {
            "orders": ("/queue/orders", False),
            "ActiveMQ.DLQ": ("/queue/ActiveMQ.DLQ", True),
            "prices": ("/topic/prices", False),
        }
        queue = listing["orders"]
        assert [queue.ready, queue.held, queue.consumers, queue.rate_in, queue.rate_out] == [None] * 5
        assert way.ask().note == NO_PLUGIN
        assert list(embedded.call(embedded.queues.depths)) == [], "asking leaves no queue behind"


def test_after_a_lost_connection_it_listens_anew(embedded: EmbeddedBroker) -> None:
    with asking(Connection(port=embedded.port), ActiveMQ()) as way:
        with pytest.raises(ClientError):
            way.ask()
        embedded.publish("/topic/ActiveMQ.Advisory.Queue", advisory("orders"))
        until(lambda: names(way), lambda found: found == ["orders"])
        line = way.client()
        embedded.drop_clients()
        assert line.session.join(10)
        assert way.ask().queues == (), "the broker tells on the new connection what there is"
        assert way.client() is not line


def names(way: QueueLister) -> list[str]:
    """The names told now, none where the broker said nothing yet."""
    try:
        return sorted(queue.name for queue in way.ask().queues)
    except ClientError:
        return []


def until(ask: Callable[[], Any], right: Callable[[Any], bool]) -> Any:
    """Ask until the answer is right: what a broker told may still be on its way."""
    deadline = time.monotonic() + 20
    while not right(found := ask()):
        assert time.monotonic() < deadline, f"it never came to that: {found}"
        time.sleep(0.005)
    return found
