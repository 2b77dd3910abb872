"""Hints about frames for Artemis while they are typed."""

from __future__ import annotations

from stomptui.brokers.jms.header_rules import is_bytes
from stomptui.connection.dialect.hints import HeaderLines, Hint, Hints
from stomptui.protocol.names import shown


class ArtemisHints(Hints):
    """Of Artemis."""

    def subscribe(
        self, destination: str, ack: str = "auto", selector: str = "", headers: HeaderLines = ()
    ) -> list[Hint]:
        hints = super().subscribe(destination, ack, selector, headers)
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

    def of_broker(self, destination: str, headers: dict[str, str], content_length_on: bool, body: bytes) -> list[Hint]:
        hints: list[Hint] = []
        if destination.startswith("/queue/"):
            bare = destination[len("/queue/") :]
            hints.append(
                Hint(
                    "destination",
                    f"on an acceptor without prefixes this is lost; {shown(bare) or 'the bare name'} "
                    "with destination-type:ANYCAST is right on every acceptor",
                )
            )
        elif destination and not destination.startswith("/") and "destination-type" not in headers:
            hints.append(
                Hint("destination", "a new name becomes a topic and the message is lost; add destination-type:ANYCAST")
            )
        if content_length_on and not is_bytes(headers):
            hints.append(Hint("body", "content-length makes a BytesMessage; switch it off for a TextMessage"))
        return hints + self.of_headers(headers)
