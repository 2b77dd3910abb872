"""The dialect of Artemis (2.56): what a nack, a receipt and each mode mean, hints, limits."""

from __future__ import annotations

from stomptui.brokers.artemis.header_meanings import MEANINGS
from stomptui.brokers.artemis.header_rules import ArtemisRules
from stomptui.brokers.artemis.hints import ArtemisHints
from stomptui.brokers.artemis.own_destinations import own_address, own_anycast_queue
from stomptui.brokers.artemis.read_only import ArtemisReadOnly
from stomptui.brokers.artemis.replies import ArtemisReplies
from stomptui.brokers.jms.durable import ArtemisDurability
from stomptui.brokers.lookalike_names import leading_blank
from stomptui.connection.dialect.acknowledgement import Acknowledgement
from stomptui.connection.dialect.base import CONSUME_PREFETCH, Dialect, ReadingMode, ReadMode
from stomptui.connection.dialect.durable import Durability
from stomptui.connection.dialect.header_rules import HeaderRules
from stomptui.connection.dialect.hints import HeaderLines, Hints, first_values
from stomptui.connection.dialect.missing_queue import Absence, Becomes, new_queue
from stomptui.connection.dialect.own_destination import OwnDestination
from stomptui.connection.subscriptions.delivery_limit import ASSUMED, Deliveries
from stomptui.protocol.frame import Frame


class ArtemisAcknowledgement(Acknowledgement):
    """Messages are named by message-id in every version."""

    def ack_headers(self, message: Frame, version: str) -> list[tuple[str, str]]:
        # A sender's own `ack` header comes before the broker's, so only message-id can be trusted.
        message_id = message.get("message-id")
        if version == "1.2" and message_id:
            return [("id", message_id)]
        return super().ack_headers(message, version)


class Artemis(Dialect):
    """ActiveMQ Artemis. Neither Classic's recipes nor its words hold here."""

    name = "artemis"
    surely_confirms = True
    title = "Artemis"
    read_only = ArtemisReadOnly()
    replies = ArtemisReplies("stomptui.replies.")
    header_meanings = MEANINGS
    # It takes 64 KiB in one WebSocket frame.
    websocket_message = 8192
    forgets = "a restart of Artemis loses it"
    peek_meaning = (
        "management messages list the queue and change nothing; without the right to manage, messages are "
        "unacknowledged meanwhile"
    )
    acknowledgement = ArtemisAcknowledgement("deletes the message: no dead letter, no way back", nack_destroys=True)
    leave_by_unsubscribing = True
    unsubscribing_is_uncounted = True
    limit_is_of_attempts = True
    copies = (
        "The broker gets a divert, which is removed when you stop watching. If the app is killed it stays, also over a "
        "restart of the broker, until the next watch removes it; its name begins with stomptui.watch."
    )
    destinations = {
        "/queue/": "an anycast queue where the acceptor has prefixes, else an address of that literal name",
        "/topic/": "a multicast address where the acceptor has prefixes",
    }
    headers = {
        "SEND": {
            "destination-type": "ANYCAST (a queue) or MULTICAST (a topic)",
            "persistent": "true: the message survives a restart of the broker",
            "priority": "0 to 9; others are lost",
            "expires": "the time it ends, milliseconds since 1970",
            "correlation-id": "ties an answer to its question",
            "reply-to": "where to answer",
            "AMQ_SCHEDULED_DELAY": "milliseconds to wait",
            "AMQ_SCHEDULED_TIME": "when, milliseconds since 1970",
            "_AMQ_DUPL_ID": "a second message with the same value is dropped",
            "JMSXGroupID": "messages of a group go to one consumer",
        },
        "SUBSCRIBE": {
            "subscription-type": "ANYCAST (a queue) or MULTICAST (a topic)",
            "consumer-window-size": "how many bytes may be unacknowledged; 0 is one message at a time",
            "durable-subscription-name": "a durable subscription; needs client-id on CONNECT",
            "selector": "SQL92 on headers",
            "no-local": "true: not what this connection sent",
        },
        "CONNECT": {"client-id": "the name durable subscriptions belong to"},
    }
    values = {
        "destination-type": ("ANYCAST", "MULTICAST"),
        "subscription-type": ("ANYCAST", "MULTICAST"),
        "persistent": ("true", "false"),
        "priority": tuple("0123456789"),
    }

    @classmethod
    def recognise(cls, connected: Frame, websocket: bool) -> bool:
        return (connected.get("server") or "").startswith("ActiveMQ-Artemis/")

    def _hints(self) -> Hints:
        return ArtemisHints(self)

    def _rules(self) -> HeaderRules:
        return ArtemisRules()

    def _durability(self) -> Durability:
        return ArtemisDurability()

    def receipt_proves(self, destination: str) -> str:
        return "a receipt does not prove that a queue took it: without a queue or reader Artemis discards and confirms"

    def misread(self, destination: str, version: str) -> str:
        return leading_blank(destination, self.title, version)

    def reading(self, mode: ReadMode) -> ReadingMode:
        if mode == "consume":
            return ReadingMode("client-individual", CONSUME_PREFETCH, mode)
        return super().reading(mode)

    def prefetch_headers(self, count: int | None) -> list[tuple[str, str]]:
        # The window counts bytes of frames; a kilobyte each is a guess that errs on the small side.
        return [] if count is None else [("consumer-window-size", str(count * 1024))]

    def deliveries(self, destination: str, headers: HeaderLines = ()) -> Deliveries | None:
        # What looks like a topic may be a queue here.
        return None if self.is_queue(destination) else ASSUMED

    def may_go_with_its_reader(self, destination: str) -> bool:
        return self.is_queue(destination)

    def peek_warning(self, destination: str) -> str:
        return (
            "unacknowledged messages are invisible to others, and a connection that breaks counts as a delivery of "
            "each: the 10th goes to the dead letter queue"
        )

    def own_topic(self, token: str) -> OwnDestination:
        return own_address(token)

    def own_queue(self, token: str) -> OwnDestination:
        return own_anycast_queue(token)

    def listed_as(self, destination: str) -> str:
        # What is read of a topic is in queues of its address, which are listed with it.
        if destination.startswith("/topic/"):
            return destination.removeprefix("/topic/").partition("::")[0]
        name = destination.removeprefix("/queue/").removeprefix("queue://").removeprefix("jms.queue.")
        return name.partition("::")[0] if self.is_durable_queue(destination) else ""

    def if_missing(self, destination: str, headers: HeaderLines = ()) -> Absence:
        routing = first_values(headers).get("destination-type", "").upper()
        if "::" in destination:
            return super().if_missing(destination, headers)
        if routing == "ANYCAST":
            return new_queue(self.title)
        if destination.startswith("/topic/"):
            told = "no queue takes it: Artemis lists no reader of that topic, confirms the message and discards it"
            return Absence(Becomes.DISCARDED, told, asks=False)
        if routing == "MULTICAST":
            told = "no queue is made for a topic: Artemis confirms the message and discards it"
            return Absence(Becomes.DISCARDED, told)
        if destination.startswith("/queue/"):
            told = (
                "Artemis lists no queue of that name: an acceptor with prefixes makes it, another discards the message"
            )
            return Absence(Becomes.UNSURE, f"{told} and confirms it")
        told = "no queue is made: Artemis takes a new name for a topic, confirms the message and discards it"
        return Absence(Becomes.DISCARDED, told)
