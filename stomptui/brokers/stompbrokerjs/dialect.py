"""The dialect of stomp-broker-js 1.3, a small broker for Node over WebSocket; it speaks something like STOMP 1.1."""

from __future__ import annotations

from collections.abc import Sequence

from stomptui.brokers.stompbrokerjs.deadly import ends_over
from stomptui.brokers.stompbrokerjs.header_rules import StompBrokerJsRules
from stomptui.brokers.stompbrokerjs.hints import StompBrokerJsHints
from stomptui.connection.dialect.acknowledgement import Acknowledgement
from stomptui.connection.dialect.base import Dialect, ReadMode
from stomptui.connection.dialect.header_rules import HeaderRules
from stomptui.connection.dialect.hints import HeaderLines, Hints
from stomptui.connection.subscriptions.delivery_limit import UNCOUNTED, Deliveries
from stomptui.protocol.features import Feature
from stomptui.protocol.frame import Frame


class StompBrokerJs(Dialect):
    """stomp-broker-js. A frame in several WebSocket messages ends its process, so `websocket_message` stays 0."""

    name = "stompbrokerjs"
    title = "stomp-broker-js"
    confirms = False
    counts_characters = True
    no_transactions = "stomp-broker-js has none: it sends at once what is in one"
    unanswered = "no answer is normal here; only who reads there knows, and that is never this session"
    lacks = {
        Feature.QUEUES: "stomp-broker-js stores nothing, /queue/ is a topic too: subscribe to see what is sent",
        Feature.ACKNOWLEDGEMENTS: "stomp-broker-js knows no acknowledgements: what came is yours",
        Feature.RECEIPTS: "stomp-broker-js confirms nothing that is sent",
        Feature.TRANSACTIONS: no_transactions,
        Feature.SELECTORS: "stomp-broker-js ignores selectors",
    }
    peek_refusal = "stomp-broker-js stores nothing: subscribe to see what is sent"
    acknowledgement = Acknowledgement("nothing: ACK and NACK have no effect here")
    header_meanings = {
        "content-length": "characters of the body, not bytes",
        "receipt": "kept from the sender's own SEND; only DISCONNECT is confirmed",
        "bytes_message": "the sender's SEND had a content-length",
    }
    topics = ("",)
    destinations = {"/topic/": "everybody else who is subscribed; * and ** stand for names between dots"}

    @classmethod
    def recognise(cls, connected: Frame, websocket: bool) -> bool:
        return (connected.get("server") or "").startswith("STOMP-JS/")

    def acknowledges(self, destination: str) -> bool:
        return False

    def deliveries(self, destination: str, headers: HeaderLines = ()) -> Deliveries | None:
        return UNCOUNTED

    def receipt_proves(self, destination: str) -> str:
        return "stomp-broker-js confirms nothing: no answer is normal here"

    def peek_warning(self, destination: str) -> str:
        return ""

    def pause_meaning(self, destination: str, mode: ReadMode) -> str:
        return "what is published meanwhile is not kept for us"

    def ends_over(self, frames: Sequence[Frame]) -> str:
        return ends_over(frames)

    def _hints(self) -> Hints:
        return StompBrokerJsHints(self)

    def _rules(self) -> HeaderRules:
        return StompBrokerJsRules()
