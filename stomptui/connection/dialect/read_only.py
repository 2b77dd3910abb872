"""Which frames change nothing on a broker; the base class answers for an unknown one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

LISTENING = frozenset(
    (
        *("id", "destination", "ack", "receipt", "selector", "prefetch-count", "no-local", "noLocal", "exclusive"),
        *("activemq.prefetchSize", "activemq.noLocal", "activemq.dispatchAsync", "activemq.retroactive", "browser"),
        *("consumer-window-size", "subscription-type", "x-stream-offset", "x-stream-filter"),
        "x-stream-match-unfiltered",
    )
)
"""Headers of SUBSCRIBE that neither declare anything that stays nor keep others from reading."""


class ReadOnlyRules:
    """A broker of which nobody knows how it is asked a question."""

    server: ClassVar[str] = ""
    """How the `server` header of CONNECTED begins where questions are understood; "" where none are."""
    own_places: ClassVar[tuple[str, ...]] = ()
    """Beginnings of destinations that only this program uses, for answers to its own questions."""

    def is_question(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether a SEND only asks the broker something.

        Args:
            headers: Of the SEND; of repeated ones the first counts (1.2, "Repeated Header Entries").
            body: Its body.
        """
        return False

    def topic_problem(self, destination: str) -> str:
        """Why subscribing to a topic may take messages out of a queue all the same, "" if it cannot."""
        return ""

    def changes_nothing(self, destination: str, headers: Mapping[str, str]) -> bool:
        """Whether a SUBSCRIBE to a queue changes nothing there, whatever is known of that queue."""
        return destination.startswith(self.own_places) if self.own_places else False
