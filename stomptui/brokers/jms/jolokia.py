"""The queues of both ActiveMQs as Jolokia tells them (https://jolokia.org/reference/html/manual/jolokia_protocol.html).

Nothing is asked but `search`, `read` and the operation listQueues, which changes nothing.
"""

from __future__ import annotations

import abc
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from stomptui.config.connection import Connection
from stomptui.config.management import is_loopback, parse_management
from stomptui.connection.blocking_client import ClientError, RequestRefused
from stomptui.queues.listing.http import Http
from stomptui.queues.listing.listing import Listing, QueueLister

PAGE = 1000
"""Queues of an Artemis asked for at a time."""
PAGES = 100
_CLASSIC = (
    "Name",
    "QueueSize",
    "InFlightCount",
    "ConsumerCount",
    "EnqueueCount",
    "DequeueCount",
    "ExpiredCount",
    "DLQ",
)
_DESTINATION_TYPE = re.compile(r"(?:^|[:,])destinationType=(\w+)")


class Jolokia:
    """Jolokia at the management URL of a connection. Blocks; for one thread, but for `stop`; a context manager.

    Args:
        connection: Where it is, and who asks.
        usual_path: Its path where the URL has none.
    """

    def __init__(self, connection: Connection, usual_path: str) -> None:
        place = parse_management(connection.management)
        self.url = place.url
        self._http = Http(place, connection)
        self._path = usual_path if not place.path else "/" if "jolokia" in place.path else "/jolokia/"
        # It answers nobody without an origin, and a broker of this machine as it is shipped only this one.
        host = "localhost" if is_loopback(place.host) else f"[{place.host}]" if ":" in place.host else place.host
        self._origin = f"{place.scheme}://{host}"

    def __enter__(self) -> Jolokia:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def stop(self) -> None:
        """From any thread: what is waited for fails now."""
        self._http.stop()

    def ask(self, request: Mapping[str, Any]) -> Any:
        """The value of one request.

        Raises:
            Refused: It is not allowed.
            ClientError: It could not be done; raises as `Http.post` does too.
        """
        answer = self._http.post(self._path, request, {"Origin": self._origin})
        if not isinstance(answer, dict):
            raise ClientError(f"what answers at {self.url} is not Jolokia")
        status, error = answer.get("status"), answer.get("error")
        said = error if isinstance(error, str) else ""
        if status == 403 or "not allowed" in said:
            raise RequestRefused(f"Jolokia at {self.url} does not allow it", said)
        if status != 200 or "value" not in answer:
            raise ClientError(f"Jolokia at {self.url} could not do it", said)
        return answer["value"]

    def brokers(self, pattern: str) -> list[str]:
        """The names of the beans that match a pattern, one a broker; raises as `ask`, and if there is none."""
        found = self.ask({"type": "search", "mbean": pattern})
        names = sorted(name for name in found if isinstance(name, str)) if isinstance(found, list) else []
        if not names:
            raise ClientError(f"Jolokia at {self.url} knows no such broker")
        return names

    def classic(self) -> tuple[list[tuple[str, Mapping[str, Any]]], str]:
        """All destinations of an ActiveMQ Classic.

        Returns:
            For each ("Queue" or "Topic", attributes by name), and what is to say about it.
        """
        names = self.brokers("org.apache.activemq:type=Broker,brokerName=*")
        pattern = f"{names[0]},destinationType=*,destinationName=*"
        beans = self.ask({"type": "read", "mbean": pattern, "attribute": list(_CLASSIC)})
        found: list[tuple[str, Mapping[str, Any]]] = []
        for name, attributes in beans.items() if isinstance(beans, dict) else ():
            match = _DESTINATION_TYPE.search(name) if isinstance(name, str) else None
            if match and isinstance(attributes, dict):
                found.append((match[1], attributes))
        return found, _one_of(names)

    def artemis_queue(self, queue: str, address: str, routing: str, names: Sequence[str]) -> Mapping[str, Any]:
        """Some attributes of one queue of an Artemis, by name; {} if there is no such queue. Raises as `ask`."""
        broker = self.brokers("org.apache.activemq.artemis:broker=*")[0]
        place = f'address="{address}",subcomponent=queues,routing-type="{routing.lower()}",queue="{queue}"'
        bean = f"{broker},component=addresses,{place}"
        told = self.ask({"type": "read", "mbean": bean, "attribute": list(names)})
        return told if isinstance(told, dict) else {}

    def artemis(self) -> tuple[list[Mapping[str, Any]], str]:
        """All queues of an Artemis, as its listQueues tells them, and what is to say about it."""
        names = self.brokers("org.apache.activemq.artemis:broker=*")

        def page(number: int) -> object:
            arguments = ["", number, PAGE]
            operation = "listQueues(java.lang.String,int,int)"
            return self.ask({"type": "exec", "mbean": names[0], "operation": operation, "arguments": arguments})

        return all_pages(page), _one_of(names)


class JolokiaFirst(QueueLister):
    """Asks Jolokia if there is a management URL, and over STOMP if there is none or it does not answer."""

    jolokia_path: ClassVar[str]
    """Its path where the management URL has none."""
    _jolokia: Jolokia | None = None
    _problem = ""
    """Why Jolokia is not asked any more; what was refused once would be again, and what is slow delays all."""

    @property
    def uses_jolokia(self) -> bool:
        """Whether Jolokia is asked, and not the broker over STOMP."""
        return bool(self.connection.management) and not self._problem

    def jolokia(self) -> Jolokia:
        """Jolokia, to be used with `with`; it is stopped with this lister. Raises `ClientError`."""
        jolokia = self._jolokia = Jolokia(self.connection, self.jolokia_path)
        if self.context.stopped():
            jolokia.stop()
        return jolokia

    def ask(self) -> Listing:
        if self.uses_jolokia:
            try:
                with self.jolokia() as jolokia:
                    return self.by_jolokia(jolokia)
            except ClientError as error:
                if self.context.stopped():
                    raise
                self._problem = str(error)
        try:
            listing = self.by_stomp()
        except ClientError as error:
            if not self._problem:
                raise
            kind = RequestRefused if isinstance(error, RequestRefused) else ClientError
            raise kind(f"{self._problem}; over STOMP: {error}", error.server_text) from error
        told = [f"{self._problem}; asked over STOMP instead"] if self._problem else []
        return replace(listing, note="; ".join([*told, *([listing.note] if listing.note else [])]))

    def stop(self) -> None:
        super().stop()
        if self._jolokia is not None:
            self._jolokia.stop()

    @abc.abstractmethod
    def by_jolokia(self, jolokia: Jolokia) -> Listing:
        """What Jolokia tells. Raises `ClientError`."""

    @abc.abstractmethod
    def by_stomp(self) -> Listing:
        """What the broker tells over STOMP. Raises `ClientError`."""


def all_pages(page: Callable[[int], object]) -> list[Mapping[str, Any]]:
    """The queues on all pages of an Artemis' listQueues.

    Args:
        page: What is answered when the page of that number, from 1 on, of PAGE queues is asked for.

    Raises:
        ClientError: An answer is not what listQueues says.
    """
    found: list[Mapping[str, Any]] = []
    for number in range(1, PAGES + 1):
        answer = page(number)
        try:
            told = json.loads(answer) if isinstance(answer, str) else answer
        except (ValueError, RecursionError) as error:
            raise ClientError("the broker's list of queues cannot be read") from error
        rows = told.get("data") if isinstance(told, dict) else None
        if not isinstance(rows, list):
            raise ClientError("the broker's list of queues cannot be read")
        found += [row for row in rows if isinstance(row, dict)]
        if len(rows) < PAGE:
            break
    return found


def _one_of(names: list[str]) -> str:
    return f"the first of {len(names)} brokers there" if len(names) > 1 else ""
