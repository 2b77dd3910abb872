"""The guard of a read-only connection: refuses every frame that would change something on the broker.

It stands where frames leave a session, so that nothing above can go round it. What is only asked, watched or shown
passes: questions to a broker's management (`connection/dialect/read_only.py`), subscriptions to topics, and those to
queues of which a peek has found out that they exist and count no deliveries.
"""

from __future__ import annotations

from stomptui.config.environment import READ_ONLY
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.dialect.hints import HeaderLines
from stomptui.connection.dialect.read_only import LISTENING
from stomptui.connection.errors import ReadOnlyError

_UNSUBSCRIBING = frozenset(("id", "destination", "receipt"))
"""Headers of an UNSUBSCRIBE that ends nothing but a subscription of this connection."""
CONSUMES = f"{READ_ONLY}. Subscribing to a queue takes its messages from others: peek at it instead"


class ReadOnlyGuard:
    """Judges the frames of one session.

    Args:
        refuses: Whether the connection is read-only; all frames pass otherwise.
    """

    def __init__(self, refuses: bool) -> None:
        self.refuses = refuses
        self._peeked: set[str] = set()

    def vouch_for(self, destination: str) -> None:
        """Let a subscription peek at a queue: it exists, and a delivery that is not acknowledged costs it nothing."""
        self._peeked.add(destination)

    def check(self, command: str, lines: HeaderLines, body: bytes, dialect: Dialect) -> None:
        """See that a frame changes nothing.

        Args:
            command: Its command; CONNECT is sent before there is a session, and is not judged.
            lines: Its headers.
            body: Its body.
            dialect: The broker.

        Raises:
            ReadOnlyError: It would change something, or that cannot be ruled out.
        """
        if self.refuses and (problem := self._problem(command, lines, body, dialect)):
            raise ReadOnlyError(problem)

    def _problem(self, command: str, lines: HeaderLines, body: bytes, dialect: Dialect) -> str:
        headers = dict(reversed(lines))
        match command:
            case "SUBSCRIBE":
                return self._subscribing(headers, lines, dialect)
            case "UNSUBSCRIBE":
                return "" if headers.keys() <= _UNSUBSCRIBING else READ_ONLY
            case "SEND":
                asks = dialect.read_only
                # Another broker, taken for this one because the person said so, would keep the question as a message.
                understood = bool(asks.server) and dialect.server.startswith(asks.server)
                return "" if understood and asks.is_question(headers, body) else READ_ONLY
            case "BEGIN" | "ABORT" | "DISCONNECT":
                # Nothing gets into a transaction here: one that is begun only shows that the broker answers.
                return ""
            case _:
                return READ_ONLY

    def _subscribing(self, headers: dict[str, str], lines: HeaderLines, dialect: Dialect) -> str:
        destination, rules = headers.get("destination", ""), dialect.read_only
        if odd := [name for name, _ in lines if name not in LISTENING]:
            return f"{READ_ONLY}, and {odd[0]} may make something there that stays"
        if rules.changes_nothing(destination, headers):
            return ""
        if not dialect.is_queue(destination):
            problem = rules.topic_problem(destination)
            return f"{READ_ONLY}, and {problem}" if problem else ""
        browses = headers.get("browser") == "true" and ("browser", "true") in dialect.reading("hold").headers
        waits = headers.get("ack") == "client-individual"
        return "" if destination in self._peeked and (browses or waits) else CONSUMES
