"""Hints about frames for Spring's simple broker while they are typed."""

from __future__ import annotations

import codecs

from stomptui.connection.dialect.hints import HeaderLines, Hint, Hints

APP = "/app/"
SILENCE = "no answer is normal here; errors are in the server's log and, by custom, at /user/queue/errors"
STRINGS = "a method that takes a String refuses it, and no error tells; stomp.js sends none by itself"
WILDCARDS = "wildcards: /topic/* one part, /topic/** all below, /topic/a? one character, /topic/{x} one part"


class SpringHints(Hints):
    """Of Spring's simple broker."""

    def subscribe(
        self, destination: str, ack: str = "auto", selector: str = "", headers: HeaderLines = ()
    ) -> list[Hint]:
        hints = []
        if ack != "auto":
            hints.append(Hint("ack", "has no effect: nothing is stored, so nothing is acknowledged"))
        if selector:
            hints.append(Hint("selector", "is ignored unless the application switched selectors on; then it is SpEL"))
        if destination.startswith(APP):
            hints.append(Hint("destination", "gives at most one answer, at once; subscribe again to ask again"))
        elif destination.startswith("/queue/"):
            hints.append(Hint("destination", "is a topic here: nothing is stored, and everybody subscribed gets it"))
        if destination.startswith(("/topic/", "/queue/")) and not hints:
            hints.append(Hint("destination", WILDCARDS))
        if destination.startswith(("/queue/*", "/queue/{")):
            hints.append(Hint("destination", "brings what is sent to the queues of other users, too"))
        return hints

    def send(
        self,
        destination: str,
        headers: HeaderLines = (),
        content_length_on: bool = True,
        body: bytes = b"",
        receipt: bool = True,
    ) -> list[Hint]:
        hints = super().send(destination, headers, content_length_on, body, False)
        if destination.startswith(APP):
            hints.append(Hint("destination", SILENCE))
            if dict(headers).get("content-type", "").startswith("application/json"):
                hints.append(Hint("header:content-type", STRINGS))
        elif destination.startswith("/queue/"):
            hints.append(Hint("destination", "is a topic here: who is not subscribed now never sees it"))
        elif destination.startswith("/user/") and destination.count("/") < 4:
            hints.append(Hint("destination", "goes to nobody without a name: /user/NAME/queue/…"))
        elif destination and not destination.startswith(("/topic/", "/user/")):
            hints.append(Hint("destination", "goes nowhere unless the application has this prefix; no error tells"))
        if "receipt" in dict(headers):
            hints.append(Hint("header:receipt", "is passed on to every reader, and not answered"))
        return hints

    def of_broker(self, destination: str, headers: dict[str, str], content_length_on: bool, body: bytes) -> list[Hint]:
        hints = []
        content_type = headers.get("content-type")
        binary = content_type == "application/octet-stream"
        if not binary and not _is_text(body):
            hints.append(
                Hint("body", "bytes that are not text arrive broken unless content-type is application/octet-stream")
            )
        return hints + self.of_headers(headers)


def _is_text(body: bytes) -> bool:
    try:
        # The body may be the beginning of a longer one, cut anywhere.
        codecs.getincrementaldecoder("utf-8")().decode(body)
    except UnicodeDecodeError:
        return False
    return True
