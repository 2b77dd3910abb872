"""What a read-only connection lets through: nothing that changes something, whatever asks for it."""

from __future__ import annotations

import itertools

import pytest

from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.config.environment import Environment
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.errors import ReadOnlyError
from stomptui.connection.events import Connected, ReceiptArrived, Subscribed
from stomptui.connection.frame_headers import Subscription
from stomptui.connection.read_only import ReadOnlyGuard
from tests.support.embedded import EmbeddedBroker
from tests.support.raw import RawStomp
from tests.support.record import Recorder

SERVERS = {
    "rabbitmq": "RabbitMQ/4.0.2",
    "activemq": "ActiveMQ/6.1.0",
    "artemis": "ActiveMQ-Artemis/2.56.0 ActiveMQ Artemis Messaging Engine",
    "embedded": "stomptui/0.1",
    "coilmq": "coilmq/1.1",
    "spring": "",
    "unknown": "",
}
DIALECTS = [BROKERS.named(name, server) for name, server in SERVERS.items()]
QUEUES = ("/queue/orders", "/amq/queue/orders", "orders", "jms.queue.orders", "queue://orders")
READ_ONLY = Environment(read_only=True)


def passes(dialect: Dialect, command: str, *lines: tuple[str, str], body: bytes = b"", peeked: str = "") -> bool:
    guard = ReadOnlyGuard(True)
    if peeked:
        guard.vouch_for(peeked)
    try:
        guard.check(command, lines, body, dialect)
    except ReadOnlyError:
        return False
    return True


@pytest.mark.parametrize("dialect", DIALECTS, ids=SERVERS)
def test_no_message_is_sent_acknowledged_or_taken(dialect: Dialect) -> None:
    for destination in (*QUEUES, "/topic/a", "/exchange/logs/a", "/temp-queue/a", "activemq.management"):
        for more in ((), (("receipt", "1"),), (("transaction", "t"),), (("reply-to", "/temp-queue/a"),)):
            assert not passes(dialect, "SEND", ("destination", destination), *more, body=b"x")
            assert not passes(dialect, "SEND", ("destination", destination), *more)
    for command in ("ACK", "NACK", "COMMIT", "STOMP", "PUBLISH", ""):
        assert not passes(dialect, command, ("id", "1"), ("message-id", "1"), ("subscription", "1"))


@pytest.mark.parametrize("dialect", [d for d in DIALECTS if d.name != "spring"], ids=lambda d: d.name)
def test_no_queue_is_consumed_from_or_made(dialect: Dialect) -> None:
    queues = [queue for queue in QUEUES if dialect.is_queue(queue)]
    assert "/queue/orders" in queues
    odd = ("durable", "persistent", "x-queue-name", "auto-delete", "x-queue-type", "activemq.subscriptionName",
           "activemq.exclusive", "durable-subscription-name", "durable-subscriber-name", "transformation")  # fmt: skip
    for queue, ack in itertools.product(queues, ("auto", "client", "client-individual", None)):
        lines = [("id", "1"), ("destination", queue), *([("ack", ack)] if ack else [])]
        for more in ([], [("browser", "true")], [("prefetch-count", "1")], [("selector", "a = 1")]):
            assert not passes(dialect, "SUBSCRIBE", *lines, *more), (queue, ack, more)
        # A peek found out that it exists and counts no deliveries; that another queue does says nothing of it.
        assert not passes(dialect, "SUBSCRIBE", *lines, peeked="/queue/other")
        browses = dialect.name == "activemq"
        assert passes(dialect, "SUBSCRIBE", *lines, peeked=queue) == (ack == "client-individual")
        assert passes(dialect, "SUBSCRIBE", *lines, ("browser", "true"), peeked=queue) == (
            browses or ack == "client-individual"
        )
        for name in odd:
            assert not passes(dialect, "SUBSCRIBE", *lines, (name, "true"), peeked=queue)


@pytest.mark.parametrize("dialect", [d for d in DIALECTS if d.name != "artemis"], ids=lambda d: d.name)
def test_topics_are_watched_and_never_durably(dialect: Dialect) -> None:
    lines = [("id", "1"), ("destination", "/topic/a"), ("ack", "auto")]
    assert passes(dialect, "SUBSCRIBE", *lines)
    for name, value in (*dialect.durability.headers("me"), ("durable", "true"), ("x-queue-name", "mine")):
        assert not passes(dialect, "SUBSCRIBE", *lines, (name, value))
        assert not passes(dialect, "UNSUBSCRIBE", ("id", "1"), (name, value))
    assert passes(dialect, "UNSUBSCRIBE", ("id", "1"), ("receipt", "2"), *dialect.unsubscribe_headers("/topic/a"))
    assert passes(dialect, "DISCONNECT", ("receipt", "3"))


def test_what_is_asked_of_each_broker_passes_there_and_nowhere_else() -> None:
    rabbitmq = (("destination", "/queue/orders"), ("x-queue-type", "classic"), ("x-max-priority", "-1"))
    plugin = (("destination", "/topic/ActiveMQ.Statistics.Broker"), ("reply-to", "/temp-queue/stomptui.check"))
    management = (("destination", "activemq.management"), ("_AMQ_ResourceName", "broker"))
    listing = (*management, ("_AMQ_OperationName", "listQueues"))
    embedded = (("destination", "/broker/queues"), ("reply-to", "/temp-queue/queues"))
    for lines, asked in ((rabbitmq, "rabbitmq"), (plugin, "activemq"), (listing, "artemis"), (embedded, "embedded")):
        assert [dialect.name for dialect in DIALECTS if passes(dialect, "SEND", *lines)] == [asked]
    # Another broker that the person only says is this one would keep the question as a message.
    for name in SERVERS:
        assert not passes(BROKERS.named(name, "other/1"), "SEND", *rabbitmq)
        assert not passes(BROKERS.named(name, "other/1"), "SEND", *listing)
    assert not passes(DIALECTS[0], "SEND", *rabbitmq, body=b"x")


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("moveMessage", b'[1, "other"]'),
        ("sendMessage", b"[]"),
        ("removeAllMessages", b"[]"),
        ("removeMessage", b"[1]"),
        ("retryMessage", b"[1]"),
        ("createQueue", b'["{}"]'),
        ("createDivert", b"[]"),
        ("destroyQueue", b'["orders"]'),
        ("deleteAddress", b'["orders"]'),
        ("copyMessage", b'[1, "orders"]'),
        ("getAndResetMessageCounter", b"[]"),
        ("", b""),
    ],
)
def test_the_management_of_artemis_changes_nothing(operation: str, arguments: bytes) -> None:
    artemis = next(dialect for dialect in DIALECTS if dialect.name == "artemis")
    lines = (("destination", "activemq.management"), ("_AMQ_OperationName", operation))
    assert not passes(artemis, "SEND", *lines, body=arguments)


def test_nothing_reaches_the_broker(embedded: EmbeddedBroker) -> None:
    for number in range(3):
        embedded.publish("/queue/orders", f"{number}")
    before = embedded.call(embedded.queues.depths)
    connection = Connection(port=embedded.port, login="guest", passcode="guest", environment=READ_ONLY)
    with Recorder(connection) as recorder:
        made = recorder.session
        recorder.wait(Connected)
        for command, lines in (
            ("SEND", [("destination", "/queue/orders")]),
            ("SEND", [("destination", "/queue/new")]),
            ("SUBSCRIBE", [("id", "1"), ("destination", "/queue/orders"), ("ack", "auto")]),
            ("SUBSCRIBE", [("id", "1"), ("destination", "/queue/new"), ("ack", "client-individual")]),
            ("ACK", [("id", "1")]),
            ("NACK", [("id", "1")]),
            ("COMMIT", [("transaction", "1")]),
        ):
            with pytest.raises(ReadOnlyError, match="read-only"):
                made.send(command, lines)
        with pytest.raises(ReadOnlyError, match="peek at it instead"):
            made.subscribe(Subscription("1", "/queue/orders", "client-individual"))
        made.subscribe(Subscription("2", "/topic/news"))
        recorder.wait(Subscribed)
        # Asked whether it is still there, the broker answers all the same.
        recorder.wait(ReceiptArrived, receipt=made.check())
    embedded.wait(lambda: embedded.clients == 0)
    assert embedded.call(embedded.queues.depths) == before
    with RawStomp(embedded.host, embedded.port) as raw:
        raw.connect()
        raw.receipt("SUBSCRIBE", {"id": "1", "destination": "/queue/orders", "ack": "client-individual"})
        assert [(frame.text, frame.get("redelivered")) for frame in raw.messages(3)] == [
            ("0", "false"), ("1", "false"), ("2", "false"),
        ]  # fmt: skip
