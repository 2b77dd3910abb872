"""ActiveMQ Classic (5.17 and 6.3 as verified) and ActiveMQ Artemis (2.56), which share a name and little else."""

from __future__ import annotations

from stomptui.broker.dialects.base import (
    CONSUME_PREFETCH,
    Dialect,
    HeaderLines,
    Hint,
    Reading,
    is_whole_number,
)
from stomptui.protocol.frame import Frame


class ActiveMQ(Dialect):
    """ActiveMQ Classic."""

    name = "activemq"
    title = "ActiveMQ"
    nack_meaning = "a persistent message goes to the dead letter queue, another is deleted"
    nack_destroys = True
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
            "transformation": "jms-json: show JMS map messages",
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

    def reading(self, mode: str) -> Reading:
        if mode == "consume":
            return Reading("client-individual", CONSUME_PREFETCH, mode)
        return super().reading(mode)

    def prefetch_headers(self, count: int | None) -> list[tuple[str, str]]:
        return [] if count is None else [("activemq.prefetchSize", str(count))]

    def look_warning(self, destination: str) -> str:
        return (
            "what is shown comes back marked redelivered: after 7 times a transacted JMS consumer "
            "sends it to the dead letter queue"
        )

    def send_hints(self, destination: str, headers: dict[str, str], content_length_on: bool, body: bytes) -> list[Hint]:
        hints: list[Hint] = []
        if destination and not destination.startswith(("/queue/", "/remote-temp-queue/", "/temp-queue/", *self.topics)):
            hints.append(Hint("destination", f"is taken as the name of a queue: {destination}"))
        elif self.is_queue(destination) and destination:
            hints.append(Hint("destination", "creates the queue if it is missing"))
        if destination in ("/queue/", "/topic/"):
            hints.append(Hint("destination", "a name is missing: ActiveMQ closes the connection without a word"))
        if content_length_on and not _is_bytes(headers):
            hints.append(Hint("body", "content-length makes a BytesMessage; switch it off for a TextMessage"))
        if not content_length_on and self.server.startswith("ActiveMQ/5") and any(byte >= 0xF0 for byte in body):
            hints.append(Hint("body", "ActiveMQ 5 cannot give an emoji in a TextMessage to JMS readers"))
        hints += _jms_hints(headers, "ActiveMQ", clamped=True)
        if "expiration" in headers or "ttl" in headers:
            name = "expiration" if "expiration" in headers else "ttl"
            hints.append(
                Hint(f"header:{name}", f"ActiveMQ does not act on {name}; expires is a time in milliseconds since 1970")
            )
        return hints


class Artemis(Dialect):
    """ActiveMQ Artemis. Neither Classic's recipes nor its words hold here."""

    name = "artemis"
    title = "Artemis"
    nack_meaning = "deletes the message: no dead letter, no way back"
    nack_destroys = True
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

    def receipt_proves(self, destination: str) -> str:
        return "a receipt does not prove that a queue took it: without a queue or reader Artemis discards and confirms"

    def reading(self, mode: str) -> Reading:
        if mode == "consume":
            return Reading("client-individual", CONSUME_PREFETCH, mode)
        return super().reading(mode)

    def prefetch_headers(self, count: int | None) -> list[tuple[str, str]]:
        # The window counts bytes of frames; a kilobyte each is a guess that errs on the small side.
        return [] if count is None else [("consumer-window-size", str(count * 1024))]

    def look_warning(self, destination: str) -> str:
        return (
            "held messages are invisible to others, and a connection that breaks counts as a delivery of each: "
            "the 10th goes to the dead letter queue"
        )

    def subscribe_hints(
        self, destination: str, ack: str = "auto", selector: str = "", headers: HeaderLines = ()
    ) -> list[Hint]:
        hints = super().subscribe_hints(destination, ack, selector, headers)
        if destination.startswith("/topic/"):
            hints.append(Hint("destination", "if a queue has this name, Artemis reads from that queue and empties it"))
        elif destination.startswith("/queue/") and ("#" in destination or "*" in destination):
            hints.append(Hint("destination", "a wildcard here makes a durable queue that stays and collects copies"))
        hints += [
            Hint(f"header:{name}", "Artemis ignores browser: every message would be consumed")
            for name, _ in headers
            if name == "browser"
        ]
        return hints

    def ack_headers(self, message: Frame, version: str) -> list[tuple[str, str]]:
        # A sender's own `ack` header comes before the broker's, so only message-id can be trusted.
        message_id = message.get("message-id")
        if version == "1.2" and message_id:
            return [("id", message_id)]
        return super().ack_headers(message, version)

    def send_hints(self, destination: str, headers: dict[str, str], content_length_on: bool, body: bytes) -> list[Hint]:
        hints: list[Hint] = []
        if destination.startswith("/queue/"):
            bare = destination[len("/queue/") :]
            hints.append(
                Hint(
                    "destination",
                    f"on an acceptor without prefixes this is lost; {bare or 'the bare name'} "
                    "with destination-type:ANYCAST is right on every acceptor",
                )
            )
        elif destination and not destination.startswith("/") and "destination-type" not in headers:
            hints.append(
                Hint("destination", "a new name becomes a topic and the message is lost; add destination-type:ANYCAST")
            )
        if content_length_on and not _is_bytes(headers):
            hints.append(Hint("body", "content-length makes a BytesMessage; switch it off for a TextMessage"))
        hints += _jms_hints(headers, "Artemis", clamped=False)
        if "ttl" in headers:
            hints.append(Hint("header:ttl", "Artemis ignores ttl; expires is a time in milliseconds since 1970"))
        return hints


def _is_bytes(headers: dict[str, str]) -> bool:
    return headers.get("content-type", "").startswith(("application/octet-stream", "image/"))


def _jms_hints(headers: dict[str, str], broker: str, clamped: bool) -> list[Hint]:
    """What the JMS properties among the headers will do."""
    hints: list[Hint] = []
    persistent = headers.get("persistent")
    exact = persistent == "true" or (not clamped and (persistent or "").lower() == "true")
    if persistent is not None and not exact and persistent != "false":
        hints.append(Hint("header:persistent", "persistent must be exactly true; this message would not be kept"))
    priority = headers.get("priority")
    if priority is not None and not is_whole_number(priority):
        end = "closes the connection without a word" if clamped else "refuses it"
        hints.append(Hint("header:priority", f"a priority is a number from 0 to 9; {broker} {end}"))
    elif priority is not None and not 0 <= int(priority) <= 9:
        end = "it becomes the nearest" if clamped else "Artemis confirms the message and never delivers it"
        hints.append(Hint("header:priority", f"a priority is 0 to 9; {end}"))
    expires = headers.get("expires")
    if expires is not None and not is_whole_number(expires):
        end = "anything else closes the connection without a word" if clamped else "anything else is refused"
        hints.append(Hint("header:expires", f"expires is a time in milliseconds since 1970; {end}"))
    elif expires is not None and 0 < int(expires) < 1_000_000_000_000:
        hints.append(Hint("header:expires", "expires is a time in milliseconds since 1970: this one is long past"))
    return hints
