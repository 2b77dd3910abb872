"""Hints and read-only rules where Spring relays to another broker: for each destination those of whom it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from stomptui.connection.dialect.base import Dialect
from stomptui.connection.dialect.hints import HeaderLines, Hint, HintedBroker, Hints
from stomptui.connection.dialect.read_only import ReadOnlyRules

_USER_QUEUE = "/user/queue/"


class RelayHints(Hints):
    """Those of Spring, or of the broker behind it.

    Args:
        broker: The relay.
        behind: The broker behind it.
        belongs_to: Returns whose rules hold for a destination.
    """

    def __init__(self, broker: HintedBroker, behind: Dialect, belongs_to: Callable[[str], Dialect]) -> None:
        super().__init__(broker)
        self._behind = behind
        self._belongs_to = belongs_to

    def known_headers(self, command: str = "SEND") -> dict[str, str]:
        return self._behind.hints.known_headers(command)

    def known_values(self, name: str) -> tuple[str, ...]:
        return self._behind.hints.known_values(name)

    def send(
        self,
        destination: str,
        headers: HeaderLines = (),
        content_length_on: bool = True,
        body: bytes = b"",
        receipt: bool = True,
    ) -> list[Hint]:
        return self._belongs_to(destination).hints.send(destination, headers, content_length_on, body, receipt)

    def explain(self, destination: str, refusal: str) -> str:
        return self._belongs_to(destination).hints.explain(destination, refusal)

    def subscribe(
        self, destination: str, ack: str = "auto", selector: str = "", headers: HeaderLines = ()
    ) -> list[Hint]:
        owner = self._belongs_to(destination)
        hints = owner.hints.subscribe(destination, ack, selector, headers)
        if owner is not self._behind and destination.startswith(_USER_QUEUE):
            hints.append(
                Hint(
                    "destination",
                    f"Spring makes a queue of this session for it on {self._behind.in_a_sentence}, which stays there "
                    f"unless a header says otherwise (on RabbitMQ auto-delete:true)",
                )
            )
        return hints


class RelayReadOnly(ReadOnlyRules):
    """Those of the broker behind it, and a queue that Spring makes for a user.

    Args:
        behind: The rules of the broker behind it.
    """

    def __init__(self, behind: ReadOnlyRules) -> None:
        self._behind = behind
        vars(self).update(server=behind.server, own_places=behind.own_places)

    def is_question(self, headers: Mapping[str, str], body: bytes) -> bool:
        return self._behind.is_question(headers, body)

    def topic_problem(self, destination: str) -> str:
        if destination.startswith(_USER_QUEUE):
            return "Spring makes a queue for it at the broker behind it, which stays"
        return self._behind.topic_problem(destination)

    def changes_nothing(self, destination: str, headers: Mapping[str, str]) -> bool:
        return self._behind.changes_nothing(destination, headers)
