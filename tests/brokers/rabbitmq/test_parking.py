"""Parking a subscription of RabbitMQ while messages keep coming."""

from __future__ import annotations

from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import BlockingClient, BlockingEventQueue
from stomptui.connection.event_queue import EventQueue
from stomptui.connection.events import BrokerError, Received, SubscribeFailed
from tests.faults.servers import Peer, Server, connected

LATE = b"ERROR\nmessage:Subscription not found\n\nThere is no current subscription with tag 'T_peek-1'.\n\0"


def test_messages_on_their_way_when_a_subscription_ends_are_no_answer() -> None:
    """Not to the UNSUBSCRIBE, and not to the SUBSCRIBE by the same id that follows."""

    def script(peer: Peer) -> None:
        peer.handshake(connected(server="RabbitMQ/4.3.0"))
        while frame := peer.frame():
            (receipt,) = [line for line in frame.split(b"\n") if line.startswith(b"receipt:")]
            answer = b"RECEIPT\nreceipt-id:%s\n\n\0" % receipt.removeprefix(b"receipt:")
            peer.send(2 * LATE + answer if b"UNSUBSCRIBE" in frame else LATE + answer)

    event_queue = BlockingEventQueue()
    with Server(script) as server:
        client = BlockingClient.make(Connection(port=server.port), EventQueue(lambda: None), event_queue, BROKERS)
        client.open()
        client.ask("UNSUBSCRIBE", [("id", "peek-1")], timeout=5.0)
        client.ask("SUBSCRIBE", [("id", "peek-1"), ("destination", "/exchange/amq.direct/x")], timeout=5.0)
        client.drop()
    events = list(iter(lambda: event_queue.get(0), None))
    assert not [event for event in events if isinstance(event, (BrokerError, SubscribeFailed))]
    assert [event for event in events if isinstance(event, Received)], "they are in the log"
