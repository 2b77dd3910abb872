"""The dialect of the server in go-stomp 3.1, a Go library whose own server is used in tests and small systems.

Its source never sets the number by which it looks for what an ACK means (server/client/subscription.go): in mode
client-individual nothing is found, in mode client everything is, and the process ends in a panic.
"""

from __future__ import annotations

from collections.abc import Sequence

from stomptui.brokers.gostomp.deadly import ends_over
from stomptui.brokers.gostomp.header_rules import GoStompRules
from stomptui.brokers.gostomp.hints import GoStompHints
from stomptui.connection.dialect.acknowledgement import Acknowledgement
from stomptui.connection.dialect.base import Dialect, ReadingMode, ReadMode
from stomptui.connection.dialect.header_rules import HeaderRules
from stomptui.connection.dialect.hints import HeaderLines, Hints
from stomptui.connection.subscriptions.delivery_limit import UNCOUNTED, Deliveries
from stomptui.protocol.features import Feature
from stomptui.protocol.frame import Frame


class GoStomp(Dialect):
    """go-stomp, recognised so that its sessions, and the server, survive what others take."""

    name = "gostomp"
    title = "go-stomp"
    lacks = {
        Feature.ACKNOWLEDGEMENTS: "go-stomp confirms an ACK and keeps the message, or ends over it: none is sent",
        Feature.SELECTORS: "go-stomp ignores selectors",
    }
    acknowledgement = Acknowledgement(
        "nothing: go-stomp confirms ACK and NACK, and the message stays",
        refusal="go-stomp confirms an ACK and keeps the message all the same, or ends over it: none is sent",
    )
    peek_refusal = (
        "go-stomp has no safe way to peek: it shows one message at a time, and several come back in another order"
    )

    @classmethod
    def recognise(cls, connected: Frame, websocket: bool) -> bool:
        # "stompd/x.y.z" in every version: its number is still to be filled in.
        return (connected.get("server") or "").startswith("stompd/")

    def is_queue(self, destination: str) -> bool:
        return destination.startswith("/queue")

    def gives_receipt(self, destination: str, command: str = "SEND") -> bool:
        return command not in ("SUBSCRIBE", "UNSUBSCRIBE")

    def receipt_proves(self, destination: str) -> str:
        return "go-stomp confirms a frame before it looks at it, and keeps queues in memory alone"

    def reading(self, mode: ReadMode) -> ReadingMode:
        # It has one message unacknowledged at a time, whatever is asked for.
        return ReadingMode("client-individual", None, "hold") if mode in ("hold", "work") else super().reading(mode)

    def deliveries(self, destination: str, headers: HeaderLines = ()) -> Deliveries | None:
        return UNCOUNTED

    def peek_warning(self, destination: str) -> str:
        return "go-stomp shows one message and no more; it is back in the queue once this connection ends"

    def pause_meaning(self, destination: str, mode: ReadMode) -> str:
        if self.is_queue(destination) and mode in ("hold", "work"):
            return "the message that is shown goes back to the queue when this connection ends"
        return super().pause_meaning(destination, mode)

    def ends_over(self, frames: Sequence[Frame]) -> str:
        return ends_over(frames)

    def _hints(self) -> Hints:
        return GoStompHints(self)

    def _rules(self) -> HeaderRules:
        return GoStompRules()
