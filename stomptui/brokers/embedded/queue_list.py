"""The list of queues of the embedded broker, which answers at /broker/queues."""

from __future__ import annotations

from stomptui.brokers.embedded.queue_facts import ask_queues
from stomptui.config.connection import Connection
from stomptui.connection.dialect.base import Dialect
from stomptui.queues.access_context import AccessContext
from stomptui.queues.listing.listing import Listing, QueueInfo, QueueLister, Rates, named_dead, text_of, whole


class EmbeddedLister(QueueLister):
    """It counts as it goes, so all numbers but the rates are of this moment."""

    def __init__(self, context: AccessContext, connection: Connection, dialect: Dialect) -> None:
        super().__init__(context, connection, dialect)
        self._rates = Rates()

    def ask(self) -> Listing:
        self.clear()
        told = ask_queues(self.client())
        counters = {name: (whole(row.get("published")), whole(row.get("delivered"))) for name, row in told.items()}
        rates = self._rates.of(counters)
        return Listing(
            tuple(
                QueueInfo(
                    name,
                    f"/queue/{name}",
                    "classic",
                    whole(row.get("ready")),
                    whole(row.get("unacked")),
                    whole(row.get("consumers")),
                    *rates[name],
                    named_dead(name) or bool(row.get("died_in")),
                    fed_by=tuple(filter(None, [text_of(row.get("died_in"))])),
                )
                for name, row in told.items()
            ),
            "the embedded broker",
        )
