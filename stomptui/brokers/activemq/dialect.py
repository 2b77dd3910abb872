"""The dialect of ActiveMQ Classic (5.17 and 6.3): what a nack, a receipt and each mode mean, hints, limits."""

from __future__ import annotations

from stomptui.brokers.activemq.header_meanings import MEANINGS
from stomptui.brokers.activemq.header_rules import ActiveMQRules
from stomptui.brokers.activemq.hints import ActiveMQHints
from stomptui.brokers.activemq.read_only import ActiveMQReadOnly
from stomptui.brokers.jms.durable import ActiveMQDurability
from stomptui.brokers.lookalike_names import trimmed
from stomptui.connection.dialect.acknowledgement import Acknowledgement
from stomptui.connection.dialect.base import CONSUME_PREFETCH, Dialect, ReadingMode, ReadMode
from stomptui.connection.dialect.durable import Durability
from stomptui.connection.dialect.header_rules import HeaderRules
from stomptui.connection.dialect.hints import HeaderLines, Hints
from stomptui.connection.dialect.missing_queue import Absence, new_queue
from stomptui.connection.dialect.own_destination import OwnDestination, own_name
from stomptui.connection.dialect.replies import SubscribedReplies
from stomptui.connection.subscriptions.delivery_limit import UNCOUNTED, Deliveries
from stomptui.protocol.frame import Frame


class ActiveMQ(Dialect):
    """ActiveMQ Classic."""

    name = "activemq"
    surely_confirms = True
    title = "ActiveMQ"
    read_only = ActiveMQReadOnly()
    replies = SubscribedReplies("/temp-queue/replies-")
    header_meanings = MEANINGS
    forgets = "a restart of ActiveMQ loses it"
    peek_meaning = "a browser shows the messages and changes nothing"
    acknowledgement = Acknowledgement(
        "a persistent message goes to the dead letter queue, another is deleted", nack_destroys=True
    )
    topics = ("/topic/", "/temp-topic/", "/remote-temp-topic/")
    destinations = {
        "/queue/": "a queue, created if missing; any other name is a queue too",
        "/topic/": "a topic",
        "/temp-queue/": "a queue of this connection",
        "/temp-topic/": "a topic of this connection",
    }
    headers = {
        "SEND": {
            "persistent": "exactly true: the message survives a restart of the broker",
            "priority": "0 to 9",
            "expires": "the time it ends, milliseconds since 1970",
            "correlation-id": "ties an answer to its question",
            "reply-to": "where to answer",
            "type": "the JMS type",
            "timestamp": "when it was made, milliseconds since 1970",
            "JMSXGroupID": "messages of a group go to one consumer",
            "AMQ_SCHEDULED_DELAY": "milliseconds to wait, where the broker has a scheduler",
            "AMQ_SCHEDULED_PERIOD": "milliseconds between repeats",
            "AMQ_SCHEDULED_REPEAT": "how many repeats",
            "AMQ_SCHEDULED_CRON": "when, as a cron line",
            "transformation": "jms-map-json and the like: how the body becomes a JMS message",
        },
        "SUBSCRIBE": {
            "activemq.prefetchSize": "how many messages may be unacknowledged; 0 gives none at all",
            "activemq.priority": "consumers with a higher one are served first",
            "activemq.exclusive": "true: this consumer alone",
            "activemq.subscriptionName": "a durable subscription; needs client-id on CONNECT",
            "activemq.retroactive": "true: a topic's kept messages first",
            "browser": "true: read the queue without taking anything",
            "selector": "SQL92 on headers",
            "transformation": "jms-json: show JMS map messages; it stays on each as a header for all later readers",
        },
        "CONNECT": {"client-id": "the name durable subscriptions belong to"},
    }
    values = {
        "persistent": ("true",),
        "browser": ("true",),
        "priority": tuple("0123456789"),
        "transformation": ("jms-json", "jms-map-json", "jms-map-xml"),
    }

    @classmethod
    def recognise(cls, connected: Frame, websocket: bool) -> bool:
        return (connected.get("server") or "").startswith("ActiveMQ/")

    def _hints(self) -> Hints:
        return ActiveMQHints(self, self.server.startswith("ActiveMQ/5"))

    def _rules(self) -> HeaderRules:
        return ActiveMQRules()

    def _durability(self) -> Durability:
        return ActiveMQDurability()

    @property
    def frame_limit(self) -> int | None:
        return 100 << 20

    @property
    def header_limit(self) -> int | None:
        return 1000

    def receipt_proves(self, destination: str) -> str:
        if not self.is_queue(destination):
            return "a receipt proves that ActiveMQ took the message; without a reader of the topic it is gone"
        return ""

    def misread(self, destination: str, version: str) -> str:
        return trimmed(destination, self.title)

    def reading(self, mode: ReadMode) -> ReadingMode:
        if mode == "consume":
            return ReadingMode("client-individual", CONSUME_PREFETCH, mode)
        usual = super().reading(mode)
        # Browsing shows what there is and touches nothing, while holding raises redelivery counters.
        return usual._replace(headers=(("browser", "true"),)) if usual.mode == "hold" else usual

    def prefetch_headers(self, count: int | None) -> list[tuple[str, str]]:
        return [] if count is None else [("activemq.prefetchSize", str(count))]

    def deliveries(self, destination: str, headers: HeaderLines = ()) -> Deliveries | None:
        durable = any(name == "activemq.subscriptionName" for name, _ in headers)
        # It counts them, and each JMS consumer has a limit of its own, of which the broker knows nothing.
        return Deliveries(True, certain=False) if self.is_queue(destination) or durable else UNCOUNTED

    def peek_warning(self, destination: str) -> str:
        return (
            "messages shown return marked “redelivered”: after 7 times a transacted JMS consumer "
            "sends it to the dead letter queue"
        )

    def own_topic(self, token: str) -> OwnDestination:
        # A topic would stay in the list of topics.
        return self.own_queue(token)

    def own_queue(self, token: str) -> OwnDestination:
        return OwnDestination(f"/temp-queue/{own_name(token)}", one_session=True)

    def listed_as(self, destination: str) -> str:
        name = destination.removeprefix("queue://").removeprefix("/queue/")
        # Several at once, patterns, and what is asked of a queue behind its name.
        if not self.is_durable_queue(destination) or any(char in name for char in ",*>?/"):
            return ""
        return f"/queue/{name}" if name else ""

    def if_missing(self, destination: str, headers: HeaderLines = ()) -> Absence:
        made = self.listed_as(destination)
        return new_queue(self.in_a_sentence) if made else super().if_missing(destination, headers)
