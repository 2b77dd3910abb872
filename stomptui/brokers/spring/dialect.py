"""The dialect of Spring's simple broker (6.2 and 7.0): WebSocket only, nothing stored, frames of 64 KiB at most."""

from __future__ import annotations

from stomptui.brokers.spring.header_meanings import MEANINGS
from stomptui.brokers.spring.header_rules import SpringRules
from stomptui.brokers.spring.hints import APP, SpringHints
from stomptui.connection.dialect.acknowledgement import Acknowledgement
from stomptui.connection.dialect.base import Dialect, ReadMode
from stomptui.connection.dialect.header_rules import HeaderRules
from stomptui.connection.dialect.hints import HeaderLines, Hints
from stomptui.connection.dialect.own_destination import OwnDestination
from stomptui.connection.subscriptions.delivery_limit import UNCOUNTED, Deliveries
from stomptui.protocol.features import Feature
from stomptui.protocol.frame import Frame


class Spring(Dialect):
    """Spring's simple broker."""

    name = "spring"
    title = "Spring"
    header_meanings = MEANINGS
    confirms = False
    limit_told = "by default, a guess: the application may have set another limit"
    unanswered = "no answer is normal here; errors are in the server's log, by custom also at /user/queue/errors"
    no_transactions = "Spring's simple broker has none: it sends at once what is in one"
    goodbyes = ("Session closed.",)
    example = "/topic/orders or /user/queue/errors"
    send_example = "/app/orders"
    errors_at = "/user/queue/errors"
    names_users = True
    lacks = {
        Feature.QUEUES: "Spring's simple broker stores nothing, /queue/ is a topic too: subscribe to see what is sent",
        Feature.ACKNOWLEDGEMENTS: "Spring's simple broker knows no acknowledgements: what came is yours",
        Feature.RECEIPTS: "Spring's simple broker confirms nothing that is sent",
        Feature.TRANSACTIONS: no_transactions,
        Feature.SELECTORS: "Spring's simple broker ignores selectors unless the application switched them on",
    }
    preset = (("content-type", "application/json"),)
    # Above 512 KiB unread, or 10 s, it closes with 4500.
    when_full = "drop oldest"
    peek_refusal = "Spring's simple broker stores nothing: subscribe to see what is sent"
    acknowledgement = Acknowledgement("nothing: ACK and NACK have no effect here")
    # Tomcat closes with 1009 over it: 8,192 bytes of a binary message, 16,640 characters of a text.
    websocket_message = 8192
    topics = ("",)
    destinations = {
        "/topic/": "everybody who is subscribed",
        "/queue/": "the same: nothing is stored",
        "/app/": "a method of the application",
        "/user/queue/": "messages for this user alone",
        "/user/queue/errors": "where the application's errors go by custom",
    }

    headers = {
        "SEND": {
            "message-id": "replaces the server's own message-id",
            **dict.fromkeys(
                ("persistent", "priority", "expires", "transaction"),
                "nothing is stored: it is only passed on to readers",
            ),
        }
    }

    @classmethod
    def recognise(cls, connected: Frame, websocket: bool) -> bool:
        return websocket and connected.get("server") is None and connected.get("session") is None

    def _hints(self) -> Hints:
        return SpringHints(self)

    def _rules(self) -> HeaderRules:
        return SpringRules()

    @property
    def frame_limit(self) -> int | None:
        return 64 << 10

    def unanswered_at(self, destination: str) -> str:
        if destination.startswith(("/topic/", "/queue/")):
            return "no answer is normal here: it goes to those who are subscribed now"
        return self.unanswered

    def acknowledges(self, destination: str) -> bool:
        return False

    def answers_once(self, destination: str) -> bool:
        return destination.startswith(APP)

    def deliveries(self, destination: str, headers: HeaderLines = ()) -> Deliveries | None:
        return UNCOUNTED

    def receipt_proves(self, destination: str) -> str:
        return "Spring's simple broker confirms nothing: no answer is normal here"

    def own_queue(self, token: str) -> OwnDestination:
        # Nothing is stored, so nothing stays.
        return self.own_topic(token)

    def peek_warning(self, destination: str) -> str:
        return ""

    def pause_meaning(self, destination: str, mode: ReadMode) -> str:
        return "what is published meanwhile is not kept for us"
