"""The list of queues of Artemis: by management messages over STOMP, or by Jolokia.

https://artemis.apache.org/components/artemis/documentation/latest/management.html has the messages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from stomptui.brokers.artemis.dead_ways import FACTS, DeadWays, Row, dead_ways, died, selected_queue, sources
from stomptui.brokers.artemis.management.client import Call, ManagementClient, NoRight
from stomptui.brokers.jms.jolokia import PAGE, Jolokia, JolokiaFirst, all_pages
from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import ClientError, ConnectionGone, RequestRefused
from stomptui.connection.dialect.base import Dialect
from stomptui.queues.access_context import AccessContext
from stomptui.queues.listing.listing import Listing, QueueInfo, Rates, named_dead, notes, text_of, whole
from stomptui.queues.listing.selected import SelectedQueue

MOST_ASKED = 100
"""Addresses whose settings are asked for, to find out which queues feed one of dead letters."""
NO_RIGHT = "this user may not manage the broker, and Artemis tells its queues to nobody else: set the management URL"


class Asks(Protocol):
    """Something that asks the broker's own resource to do an operation."""

    def __call__(self, operation: str, *arguments: Any) -> Any:
        """The result; raises `ClientError`."""


class ArtemisLister(JolokiaFirst):
    """Management messages over STOMP, or Jolokia."""

    jolokia_path = "/console/jolokia/"

    def __init__(self, context: AccessContext, connection: Connection, dialect: Dialect) -> None:
        super().__init__(context, connection, dialect)
        self._rates = Rates()
        self._management: ManagementClient | None = None
        self._graves: set[str] | None = None
        """Addresses of dead and expired messages; None until the broker was asked."""
        self._places: dict[str, Row] = {}
        """The latest rows by the names of their queues."""
        self._ways: dict[str, DeadWays] = {}
        """By address where dead and expired messages go, as far as it was asked."""

    def by_stomp(self) -> Listing:
        self.clear()
        rows = all_pages(lambda page: self._call("listQueues", "", page, PAGE))
        if self._graves is None:
            self._graves = _graves(self._call)
        return Listing(self._infos(rows), "Artemis's management over STOMP")

    def selected(self, queue: QueueInfo) -> SelectedQueue:
        row = self._places.get(queue.name)
        if row is None:
            return super().selected(queue)
        address = text_of(row.get("address")) or queue.name
        if self.uses_jolokia:
            with self.jolokia() as jolokia:
                facts = jolokia.artemis_queue(queue.name, address, text_of(row.get("routingType")), FACTS)
            return selected_queue(queue, facts, ())
        facts = self._asked({name: Call(f"queue.{queue.name}", f"get{name}") for name in FACTS})
        return selected_queue(queue, facts, self._sources(address) if queue.dead_letters else ())

    def _asked(self, calls: Mapping[str, Call]) -> dict[str, Any]:
        """What some calls give, by name; those that fail are left out."""
        answers = zip(calls, self._opened().call_all(calls.values()), strict=True)
        return {name: answer.result for name, answer in answers if not answer.failure}

    def _sources(self, address: str) -> tuple[str, ...]:
        """The queues whose dead or expired messages come to an address, those that have had any first."""
        addresses = {text_of(row.get("address")) for row in self._places.values()}
        if len(addresses) > MOST_ASKED:
            return ()
        new = addresses - self._ways.keys()
        told = self._asked({name: Call("broker", "getAddressSettingsAsJSON", (name,)) for name in sorted(new)})
        self._ways |= {name: dead_ways(settings) for name, settings in told.items()}
        return sources(self._places, self._ways, address)

    def by_jolokia(self, jolokia: Jolokia) -> Listing:
        rows, note = jolokia.artemis()
        return Listing(self._infos(rows), f"Jolokia at {jolokia.url}", note)

    def forget(self) -> None:
        super().forget()
        self._management = None

    def close(self) -> None:
        if self._management is not None:
            self._management.close()
        super().close()

    def _call(self, operation: str, *arguments: Any) -> Any:
        return self._opened().call("broker", operation, *arguments)

    def _opened(self) -> ManagementClient:
        line = self.client()
        if self._management is None:
            management = ManagementClient(line)
            try:
                management.open()
            except NoRight as error:
                raise RequestRefused(NO_RIGHT, error.server_text) from error
            self._management = management
        return self._management

    def _infos(self, rows: Iterable[Mapping[str, Any]]) -> tuple[QueueInfo, ...]:
        shown = self._places = {text_of(row.get("name")): row for row in rows if self._shown(row)}
        rates = self._rates.of(
            {name: (whole(row.get("messagesAdded")), whole(row.get("messagesAcked"))) for name, row in shown.items()}
        )
        graves = self._graves or set()
        return tuple(
            _info(name, row, *rates[name], text_of(row.get("address")) in graves) for name, row in shown.items()
        )

    def _shown(self, row: Mapping[str, Any]) -> bool:
        ours = self._management is not None and row.get("address") == self._management.reply
        return bool(text_of(row.get("name"))) and row.get("internalQueue") not in ("true", True) and not ours


def _graves(ask: Asks) -> set[str]:
    """The addresses that dead and expired messages go to by default."""
    try:
        settings = ask("getAddressSettingsAsJSON", "#")
    except ConnectionGone:
        raise
    except ClientError:
        return set()
    return {address for address in dead_ways(settings) if address}


def destination(name: str, address: str, routing: str) -> str:
    """How STOMP names an existing queue, whether the acceptor has prefixes or not."""
    return name if name == address and routing != "multicast" else f"{address}::{name}"


def _info(name: str, row: Mapping[str, Any], came: float | None, went: float | None, grave: bool) -> QueueInfo:
    address = text_of(row.get("address")) or name
    routing = text_of(row.get("routingType")).lower() or "queue"
    count, held, later = (whole(row.get(key)) for key in ("messageCount", "deliveringCount", "scheduledCount"))
    ready = None if count is None else max(0, count - (held or 0) - (later or 0))
    return QueueInfo(
        name,
        destination(name, address, routing),
        routing,
        ready,
        held,
        whole(row.get("consumerCount")),
        came,
        went,
        grave or named_dead(name) or named_dead(address),
        notes(
            f"of the address {address}" if address != name else "",
            f"{later:,} scheduled" if later else "",
            "paused" if row.get("paused") in ("true", True) else "",
            "temporary" if row.get("temporary") in ("true", True) else "",
        ),
        _flag(row, "durable"),
        tuple(_argument_words(row)),
        counts=died(row),
    )


def _flag(row: Mapping[str, Any], key: str) -> bool | None:
    """What a queue says of itself; None if it does not."""
    value = row.get(key)
    return True if value in ("true", True) else False if value in ("false", False) else None


def _argument_words(row: Mapping[str, Any]) -> Iterator[str]:
    """What a queue was created with, in words."""
    if text := text_of(row.get("filter")):
        yield f"filter {text}"
    for key, said in (
        ("exclusive", "one consumer at a time"),
        ("lastValue", "keeps the last message of each key"),
        ("purgeOnNoConsumers", "emptied with its last consumer"),
        ("autoDelete", "deleted with its last consumer"),
    ):
        if _flag(row, key):
            yield said
