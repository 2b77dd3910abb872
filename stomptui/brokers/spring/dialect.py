"""The dialect of Spring's simple broker (6.2 and 7.0): WebSocket only, nothing stored, frames of 64 KiB at most."""

from __future__ import annotations

import codecs

from stomptui.brokers.spring.header_meanings import MEANINGS
from stomptui.brokers.spring.send_headers import SpringRules
from stomptui.connection.dialect.base import Dialect, HeaderLines, Hint, ReadMode
from stomptui.connection.dialect.header_rules import HeaderRules
from stomptui.connection.subscriptions.delivery_limit import UNCOUNTED, Deliveries
from stomptui.protocol.frame import Frame


class Spring(Dialect):
    """Spring's simple broker."""

    name = "spring"
    title = "Spring"
    header_meanings = MEANINGS
    confirms = False
    # Above 512 KiB unread, or 10 s, it closes with 4500.
    when_full = "drop oldest"
    peek_refusal = "Spring's simple broker stores nothing: subscribe to see what is sent"
    nack_meaning = "nothing: ACK and NACK have no effect here"
    topics = ("",)
    destinations = {
        "/topic/": "everybody who is subscribed",
        "/queue/": "the same: nothing is stored",
        "/app/": "a method of the application",
        "/user/queue/": "messages for this user alone; /user/queue/errors is where errors go by custom",
    }

    @classmethod
    def recognise(cls, connected: Frame, websocket: bool) -> bool:
        return websocket and connected.get("server") is None and connected.get("session") is None

    def _rules(self) -> HeaderRules:
        return SpringRules()

    @property
    def frame_limit(self) -> int | None:
        return 64 << 10

    def deliveries(self, destination: str, headers: HeaderLines = ()) -> Deliveries | None:
        return UNCOUNTED

    def receipt_proves(self, destination: str) -> str:
        return "Spring's simple broker confirms nothing: no answer is normal here"

    def peek_warning(self, destination: str) -> str:
        return ""

    def pause_meaning(self, destination: str, mode: ReadMode) -> str:
        return "what is published meanwhile is not kept for us"

    def subscribe_hints(
        self, destination: str, ack: str = "auto", selector: str = "", headers: HeaderLines = ()
    ) -> list[Hint]:
        hints = []
        if ack != "auto":
            hints.append(Hint("ack", "has no effect: nothing is stored, so nothing is acknowledged"))
        if selector:
            hints.append(Hint("selector", "is ignored unless the application switched selectors on; then it is SpEL"))
        if destination.startswith("/app/"):
            hints.append(Hint("destination", "gives at most one answer, at once; subscribe again to ask again"))
        return hints

    def compose_hints(
        self,
        destination: str,
        headers: HeaderLines = (),
        content_length_on: bool = True,
        body: bytes = b"",
        receipt: bool = True,
    ) -> list[Hint]:
        hints = super().compose_hints(destination, headers, content_length_on, body, receipt)
        if receipt and not destination.startswith("/app/"):
            hints.append(Hint("destination", "the receipt header is passed on to every reader"))
        return hints

    def send_hints(self, destination: str, headers: dict[str, str], content_length_on: bool, body: bytes) -> list[Hint]:
        hints = []
        content_type = headers.get("content-type")
        binary = content_type == "application/octet-stream"
        if not binary and not _is_text(body):
            hints.append(
                Hint("body", "bytes that are not text arrive broken unless content-type is application/octet-stream")
            )
        return hints + self.header_hints(headers)


def _is_text(body: bytes) -> bool:
    try:
        # The body may be the beginning of a longer one, cut anywhere.
        codecs.getincrementaldecoder("utf-8")().decode(body)
    except UnicodeDecodeError:
        return False
    return True
