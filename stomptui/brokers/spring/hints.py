"""Hints about frames for Spring's simple broker while they are typed."""

from __future__ import annotations

import codecs

from stomptui.connection.dialect.hints import HeaderLines, Hint, Hints


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
        if destination.startswith("/app/"):
            hints.append(Hint("destination", "gives at most one answer, at once; subscribe again to ask again"))
        return hints

    def send(
        self,
        destination: str,
        headers: HeaderLines = (),
        content_length_on: bool = True,
        body: bytes = b"",
        receipt: bool = True,
    ) -> list[Hint]:
        hints = super().send(destination, headers, content_length_on, body, receipt)
        if receipt and not destination.startswith("/app/"):
            hints.append(Hint("destination", "the receipt header is passed on to every reader"))
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
