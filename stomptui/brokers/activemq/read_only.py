"""Which frames change nothing on ActiveMQ Classic: questions to its statistics plugin, and plain topics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from stomptui.brokers.activemq.statistics import PREFIX
from stomptui.connection.dialect.read_only import ReadOnlyRules


class ActiveMQReadOnly(ReadOnlyRules):
    """Answers come to temporary queues of our own."""

    server = "ActiveMQ/"
    own_places: ClassVar[tuple[str, ...]] = ("/temp-queue/stomptui.",)

    def is_question(self, headers: Mapping[str, str], body: bytes) -> bool:
        # A question about queues goes to a queue: it is asked only once one to a topic was answered.
        _, _, name = headers.get("destination", "").lstrip("/").partition("/")
        return name.startswith(PREFIX) and headers.get("reply-to", "").startswith(self.own_places)

    def topic_problem(self, destination: str) -> str:
        # Of several destinations in one, the others can be queues.
        if any(sign in destination for sign in ",?"):
            return "a destination with a comma or a question mark may be a queue too: name one topic"
        return ""
