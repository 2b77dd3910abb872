"""The dialect of Spring's broker relay: another broker answers, and some destinations belong to the application.

Spring passes frames on to the broker behind it by the prefix of their destination; what begins with another one goes to
the application, or nowhere (Spring Framework reference, "STOMP", "External Broker").
"""

from __future__ import annotations

from collections.abc import Mapping

from stomptui.brokers.spring.dialect import Spring
from stomptui.brokers.spring.relay_hints import RelayHints, RelayReadOnly
from stomptui.connection.dialect.base import Dialect, ReadingMode, ReadMode
from stomptui.connection.dialect.durable import Durability
from stomptui.connection.dialect.header_rules import HeaderRules
from stomptui.connection.dialect.hints import HeaderLines, Hints
from stomptui.connection.dialect.missing_queue import Absence
from stomptui.connection.dialect.own_destination import OwnDestination
from stomptui.connection.subscriptions.delivery_limit import Deliveries
from stomptui.protocol.frame import Frame

_USER = "/user/"
_TEMPORARY = ("/temp-queue/", "/temp-topic/", "/remote-temp-queue/", "/remote-temp-topic/", "/reply-queue/")
OF_BROKER = (
    "counts_characters",
    "forgets",
    "acknowledgement",
    "replies",
    "no_transactions",
    "peek_meaning",
    "leave_by_unsubscribing",
    "late_delivery_error",
    "delivery_counter",
    "limit_is_of_attempts",
    "unsubscribing_is_uncounted",
    "copies",
    "peek_refusal",
    "confirms",
    "surely_confirms",
    "lacks",
    "preset",
    "topics",
    "values",
    "ends_over",
)
"""What is so on every destination of the relay, and as the broker behind it has it."""


class Relay(Dialect):
    """A broker behind Spring: for each destination the dialect of whom it belongs to.

    Args:
        server: The `server` header of CONNECTED, which the broker behind it wrote.
        behind: The dialect of that broker; None for one that nobody knows.
    """

    name = "relay"
    title = "Spring relay"
    in_front = "Spring"
    goodbyes = (*Spring.goodbyes, "Connection to broker closed.")
    example = Spring.example
    send_example = Spring.send_example
    errors_at = Spring.errors_at
    names_users = True
    # Spring closes with 4500 whoever reads too slowly, whichever broker sent it.
    when_full = "drop oldest"
    websocket_message = Spring.websocket_message
    # What the broker does not confirm is Spring's.
    unanswered = Spring.unanswered

    def __init__(self, server: str = "", behind: Dialect | None = None) -> None:
        self.behind = behind or Dialect(server)
        self.spring = Spring()
        # What the class declares for all brokers is for this one as it is for the broker behind it.
        vars(self).update({name: getattr(self.behind, name) for name in OF_BROKER})
        vars(self).update(
            title=f"{self.behind.title} behind Spring" if self.behind.name != "unknown" else Relay.title,
            header_meanings={**self.behind.header_meanings, "user-name": self.spring.header_meanings["user-name"]},
            destinations={**self.behind.destinations, **_springs(self.spring.destinations)},
            headers=self.behind.headers,
            # The broker behind it confirms what it is sent.
            unanswered=self.spring.unanswered,
            limit_told=self.spring.limit_told,
            read_only=RelayReadOnly(self.behind.read_only),
        )
        self._prefixes = (*self.behind.destinations, *_TEMPORARY)
        super().__init__(server)

    @classmethod
    def recognise(cls, connected: Frame, websocket: bool) -> bool:
        # The broker's own words say nothing; `user-name` is Spring's.
        return False

    def belongs_to(self, destination: str) -> Dialect:
        """Whose rules hold for a destination: Spring's, or those of the broker behind it."""
        return self.behind if not destination or destination.startswith(self._prefixes) else self.spring

    @property
    def keeper(self) -> Dialect:
        return self.behind

    # What may be sent

    def _rules(self) -> HeaderRules:
        return self.behind.rules

    def _hints(self) -> Hints:
        return RelayHints(self, self.behind, self.belongs_to)

    def _durability(self) -> Durability:
        return self.behind.durability

    @property
    def frame_limit(self) -> int | None:
        limits = [limit for limit in (self.spring.frame_limit, self.behind.frame_limit) if limit is not None]
        return min(limits, default=None)

    @property
    def header_limit(self) -> int | None:
        return self.behind.header_limit

    def gives_receipt(self, destination: str, command: str = "SEND") -> bool:
        # A user's queue is one of the broker behind it, which confirms the SUBSCRIBE; what is sent there may have none.
        if command != "SEND" and destination.startswith(_USER):
            return self.behind.gives_receipt(destination, command)
        return self.belongs_to(destination).gives_receipt(destination, command)

    def receipt_proves(self, destination: str) -> str:
        return self.belongs_to(destination).receipt_proves(destination)

    def misread(self, destination: str, version: str) -> str:
        return self.belongs_to(destination).misread(destination, version)

    def as_sent(self, destination: str) -> str:
        return self.belongs_to(destination).as_sent(destination)

    # Subscriptions

    def is_queue(self, destination: str) -> bool:
        return self.belongs_to(destination).is_queue(destination)

    def default_mode(self, destination: str) -> ReadMode:
        return self.belongs_to(destination).default_mode(destination)

    def unanswered_at(self, destination: str) -> str:
        return self.belongs_to(destination).unanswered_at(destination)

    def acknowledges(self, destination: str) -> bool:
        return self.belongs_to(destination).acknowledges(destination)

    def reading(self, mode: ReadMode) -> ReadingMode:
        return self.behind.reading(mode)

    def prefetch_headers(self, count: int | None) -> list[tuple[str, str]]:
        return self.behind.prefetch_headers(count)

    def subscribe_headers(
        self, destination: str, headers: HeaderLines = (), prefetch: int | None = None
    ) -> list[tuple[str, str]]:
        return self.belongs_to(destination).subscribe_headers(destination, headers, prefetch)

    def existing(self, destination: str, headers: HeaderLines) -> str:
        return self.belongs_to(destination).existing(destination, headers)

    def answers_once(self, destination: str) -> bool:
        return self.belongs_to(destination).answers_once(destination)

    def unsubscribes(self, destination: str) -> bool:
        # Spring passes on every UNSUBSCRIBE, and the broker ends the session for an id that it never saw.
        return destination.startswith(_USER) or self.belongs_to(destination) is self.behind

    def unsubscribe_headers(self, destination: str) -> list[tuple[str, str]]:
        return self.belongs_to(destination).unsubscribe_headers(destination)

    def peek_warning(self, destination: str) -> str:
        return self.belongs_to(destination).peek_warning(destination)

    def pause_meaning(self, destination: str, mode: ReadMode) -> str:
        return self.belongs_to(destination).pause_meaning(destination, mode)

    def deliveries(self, destination: str, headers: HeaderLines = ()) -> Deliveries | None:
        return self.belongs_to(destination).deliveries(destination, headers)

    def may_go_with_its_reader(self, destination: str) -> bool:
        return self.belongs_to(destination).may_go_with_its_reader(destination)

    def own_topic(self, token: str) -> OwnDestination:
        return self.behind.own_topic(token)

    def own_queue(self, token: str) -> OwnDestination:
        return self.behind.own_queue(token)

    # Missing queues

    def is_durable_queue(self, destination: str) -> bool:
        return self.belongs_to(destination).is_durable_queue(destination)

    def listed_as(self, destination: str) -> str:
        return self.belongs_to(destination).listed_as(destination)

    def if_missing(self, destination: str, headers: HeaderLines = ()) -> Absence:
        return self.belongs_to(destination).if_missing(destination, headers)


def _springs(destinations: Mapping[str, str]) -> dict[str, str]:
    """Those that are Spring's whatever broker is behind it."""
    return {prefix: meaning for prefix, meaning in destinations.items() if prefix.startswith(("/app/", "/user/"))}
