"""Hints about frames for stomp-broker-js while they are typed."""

from __future__ import annotations

from stomptui.brokers.stompbrokerjs.deadly import PARSED, is_json
from stomptui.connection.dialect.hints import HeaderLines, Hint, Hints


class StompBrokerJsHints(Hints):
    """Of stomp-broker-js."""

    def subscribe(
        self, destination: str, ack: str = "auto", selector: str = "", headers: HeaderLines = ()
    ) -> list[Hint]:
        hints = [Hint("destination", "what this session sends never comes back to it")]
        if ack != "auto":
            hints.append(Hint("ack", "has no effect: nothing is stored, so nothing is acknowledged"))
        if selector:
            hints.append(Hint("selector", "is ignored: everything comes"))
        return hints

    def of_broker(self, destination: str, headers: dict[str, str], content_length_on: bool, body: bytes) -> list[Hint]:
        hints = [Hint("destination", "reaches every other session, and not this one")] if destination else []
        if headers.get("content-type") == PARSED:
            if is_json(body):
                hints.append(Hint("body", "is parsed and written again: spaces and the order of numbers may change"))
            else:
                hints.append(Hint("body", "is no JSON: the whole server ends over it", True))
        elif b"\n\n" in body:
            hints.append(Hint("body", "an empty line arrives as a comma", True))
        if b"\0" in body:
            hints.append(Hint("body", "is cut at the NUL", True))
        if not _is_text(body):
            hints.append(Hint("body", "bytes that are not text arrive broken", True))
        return hints + self.of_headers(headers)


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
