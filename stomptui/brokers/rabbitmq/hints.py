"""Hints about frames for RabbitMQ while they are typed."""

from __future__ import annotations

from stomptui.connection.dialect.hints import HeaderLines, Hint, Hints
from stomptui.protocol.names import shown

_PREFIXES = ("/queue/", "/topic/", "/exchange/", "/amq/queue/", "/reply-queue/", "/temp-queue/")


class RabbitMQHints(Hints):
    """Of RabbitMQ."""

    def subscribe(
        self, destination: str, ack: str = "auto", selector: str = "", headers: HeaderLines = ()
    ) -> list[Hint]:
        hints = super().subscribe(destination, ack, selector, headers)
        if destination.startswith("/queue/") and len(destination) > len("/queue/"):
            name = shown(destination[len("/queue/") :])
            hints.append(
                Hint("destination", f"creates the queue {name} if it is missing; /amq/queue/{name} never creates one")
            )
        hints += _place_hints(destination)
        if ack != "auto" and self.broker.is_queue(destination):
            hints.append(Hint("ack", "unacknowledged messages return marked “redelivered”; a quorum queue counts that"))
        if selector:
            hints.append(Hint("selector", "RabbitMQ ignores selectors: everything comes"))
        return hints

    def of_broker(self, destination: str, headers: dict[str, str], content_length_on: bool, body: bytes) -> list[Hint]:
        hints = _place_hints(destination)
        queue = declared_queue(destination)
        if queue:
            hints.append(Hint("destination", f"creates the queue {shown(queue)} if it is missing", if_missing=True))
        if destination.startswith("/exchange/"):
            hints.append(Hint("destination", "an exchange that does not exist ends the connection"))
        return hints + self.of_headers(headers, declares=bool(queue))

    def explain(self, destination: str, refusal: str) -> str:
        """A SEND to /queue/NAME declares the queue, and RabbitMQ refuses that if it was made with arguments.

        Source: https://www.rabbitmq.com/docs/stomp, destinations.
        """
        queue = declared_queue(destination)
        if not queue or "inequivalent arg" not in refusal:
            return ""
        return f"the queue was made with other settings than /queue/ asks for; send to /amq/queue/{shown(queue)}"


def declared_queue(destination: str) -> str:
    """The queue that SEND would declare, "" if it declares none."""
    if destination.startswith("/queue/"):
        name = destination[len("/queue/") :]
        return "" if "/" in name else name
    return "" if "/" in destination else destination


def _place_hints(destination: str) -> list[Hint]:
    """What RabbitMQ refuses or reads differently in a destination."""
    if not destination:
        return []
    if destination.startswith("/temp-queue/"):
        return [
            Hint("destination", "/temp-queue/ is for the reply-to header of SEND alone: RabbitMQ refuses it here", True)
        ]
    if destination.startswith("/queue/") and "/" in destination[len("/queue/") :]:
        return [Hint("destination", "RabbitMQ refuses a slash in a queue's name; write it %2F", True)]
    if destination.startswith("/") and not destination.startswith(_PREFIXES):
        known = "/queue/ /amq/queue/ /topic/ /exchange/ /reply-queue/"
        return [Hint("destination", f"RabbitMQ refuses this destination; it knows {known}", True)]
    if "/" not in destination:
        return [Hint("destination", f"means /queue/{shown(destination)}")]
    return []
