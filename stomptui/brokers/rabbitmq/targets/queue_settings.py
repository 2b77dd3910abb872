"""The arguments and policies of a RabbitMQ queue, from its management API.

The policies themselves are asked where this user may: the queue shows them up to five seconds late, and a queue that is
to be made does not show them yet.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from stomptui.brokers.rabbitmq.queue_list import recognise, usual_places
from stomptui.brokers.rabbitmq.targets.dead_letters import Binding, Exchange
from stomptui.config.connection import Connection
from stomptui.config.management import Management, parse_management
from stomptui.connection.blocking_client import ClientError
from stomptui.queues.listing.http import Http, StatusError
from stomptui.queues.listing.listing import text_of, whole

SHOWN = 6.0
"""Seconds after which a queue shows the policy it has."""
_APPLIES = {
    "classic": ("all", "queues", "classic_queues"),
    "quorum": ("all", "queues", "quorum_queues"),
    "stream": ("all", "queues", "streams"),
}

Row = Mapping[str, Any]


@dataclass(frozen=True)
class ManagementAnswer:
    """What the management tells of a queue."""

    queue: Row | None
    """As `/api/queues` has it; None if there is none."""
    policy: Row | None
    """What its policies say together, None if this user is not told."""


class SettingsReader:
    """Asks the management where the connection says it is, or at the usual port of the same host.

    What did not answer once is not asked again: each time would take as long.

    Args:
        connection: To which broker, and as whom.
        stopped: Whether nobody wants to know any more.
    """

    def __init__(self, connection: Connection, stopped: Callable[[], object] = lambda: "") -> None:
        self._connection = connection
        self._stopped = stopped
        self._place: Management | None = None
        self.problem = ""
        """Why it is not asked any more, "" if it is."""

    def of(self, name: str, kind: str = "", wait: bool = True) -> ManagementAnswer | None:
        """What is told of a queue, None if nothing is; `problem` says why then.

        Args:
            name: The queue, as it is called, not encoded.
            kind: The type of queue, if it is to be made.
            wait: Whether to wait for the policies of a queue that does not show them yet.
        """
        until = SHOWN if wait else 0.0
        told: ManagementAnswer | None = self._ask(
            lambda http, path, vhost: self._told(http, path, vhost, name, kind, until)
        )
        return told

    def exchange(self, name: str) -> Exchange | None:
        """What is told of an exchange, None if nothing is.

        Args:
            name: As it is called, not encoded.
        """

        def ask(http: Http, path: str, vhost: str) -> Exchange:
            where = f"{path}/exchanges/{vhost}/{quote(name, safe='')}"
            found = _object(http, where)
            if found is None:
                return Exchange(exists=False)
            rows = http.get(f"{where}/bindings/source")
            bindings = tuple(
                Binding(
                    text_of(row.get("destination")),
                    row.get("destination_type") == "queue",
                    text_of(row.get("routing_key")),
                )
                for row in (rows if isinstance(rows, list) else ())
                if isinstance(row, dict)
            )
            arguments = found.get("arguments")
            alternate = isinstance(arguments, dict) and "alternate-exchange" in arguments
            # A policy may set one too, and is named alone.
            return Exchange(True, text_of(found.get("type")), bindings, alternate or bool(found.get("policy")))

        told: Exchange | None = self._ask(ask)
        return told

    def count(self, name: str) -> Row | None:
        """How many messages are in a queue now, with its type and arguments; None if that is not told.

        Of classic queues it is what the queue itself counts; of quorum queues it is up to five seconds old.

        Args:
            name: As it is called, not encoded.
        """

        def ask(http: Http, path: str, vhost: str) -> Row | None:
            now = "disable_stats=true&enable_queue_totals=true"
            row = _object(http, f"{path}/queues/{vhost}/{quote(name, safe='')}?{now}")
            if row is None or "messages" in row:
                return row
            # 3.10 counts now in the list of all queues alone.
            columns = "name,messages,messages_ready,messages_unacknowledged,type,state,arguments"
            rows = http.get(f"{path}/queues/{vhost}?{now}&columns={columns}")
            return next((row for row in rows if isinstance(row, dict) and text_of(row.get("name")) == name), None)

        told: Row | None = self._ask(ask)
        return told

    def _ask(self, question: Callable[[Http, str, str], Any]) -> Any:
        if self.problem:
            return None
        try:
            with self._open() as http:
                path = "" if http.place.path.endswith("/api") else "/api"
                return question(http, path, quote(self._connection.vhost or "/", safe=""))
        except ClientError as error:
            self.problem = str(error)
            return None

    def _open(self) -> Http:
        if self._connection.management:
            return Http(parse_management(self._connection.management), self._connection)
        if self._place is None:
            reasons = []
            for place in usual_places(self._connection.host, self._connection.transport.encrypted):
                try:
                    with Http(place, self._connection, verify=True) as http:
                        recognise(http)
                except ClientError as error:
                    reasons.append(str(error))
                    continue
                self._place = place
                break
            else:
                raise ClientError(f"set the management URL ({'; '.join(reasons)})")
        return Http(self._place, self._connection, verify=True)

    def _told(self, http: Http, path: str, vhost: str, name: str, kind: str, wait: float) -> ManagementAnswer:
        where = f"{path}/queues/{vhost}/{quote(name, safe='')}"
        queue = _object(http, where)
        if queue is not None:
            kind = text_of(queue.get("type")) or kind
        try:
            policies = http.get(f"{path}/policies/{vhost}")
            above = http.get(f"{path}/operator-policies/{vhost}")
        except ClientError:
            return ManagementAnswer(queue, None if queue is None else self._shown(http, where, queue, wait))
        policy = merged(_applied(policies, name, kind), _applied(above, name, kind))
        shown = queue.get("effective_policy_definition") if queue is not None else None
        # It lags behind, but it knows which one of several RabbitMQ took, and reads patterns as RabbitMQ does.
        return ManagementAnswer(queue, merged(shown, policy) if isinstance(shown, dict) else policy)

    def _shown(self, http: Http, where: str, queue: Row | None, wait: float) -> Row | None:
        """What the policies of a queue say, as it shows them itself."""
        until = time.monotonic() + wait
        while queue is not None:
            shown = queue.get("effective_policy_definition")
            if isinstance(shown, dict):
                return shown
            if shown == [] or self._stopped() or time.monotonic() > until:
                return {} if shown == [] else None
            time.sleep(0.25)
            queue = _object(http, where)
        return None


def _object(http: Http, where: str) -> Row | None:
    try:
        found = http.get(where)
    except StatusError as error:
        if error.status == 404:
            return None
        raise
    return found if isinstance(found, dict) else None


def _applied(policies: object, name: str, kind: str) -> Row:
    """What the policy says that applies to a queue: of those that match, the one with the highest priority.

    Of several with the same priority nobody knows which it is, and of a queue whose type is not known which types they
    hold for: then all of them are taken together.
    """
    together: Row = {}
    for one in (kind,) if kind in _APPLIES else _APPLIES:
        found = _matching(policies, name, one)
        highest = max((priority for priority, _ in found), default=0)
        for priority, definition in found:
            if priority == highest:
                together = merged(together, definition)
    return together


def _matching(policies: object, name: str, kind: str) -> list[tuple[int, Row]]:
    """The policies that match a queue, with their priorities."""
    found: list[tuple[int, Row]] = []
    for policy in policies if isinstance(policies, list) else ():
        if not isinstance(policy, dict):
            continue
        definition, pattern = policy.get("definition"), policy.get("pattern")
        if not isinstance(definition, dict) or not isinstance(pattern, str):
            continue
        if policy.get("apply-to", "all") in _APPLIES[kind] and _matches(pattern, name):
            priority = policy.get("priority")
            found.append((priority if isinstance(priority, int) else 0, definition))
    return found


_OTHERWISE = re.compile(r"\[[:.=]|\\[QEGXKRhHvVNpPCzoxc]|\(\?[^:=!<#PimsxaLu-]|\(\*|[+*?}]\+")
"""What Erlang's patterns may have, and Python reads as something else or refuses."""


def _matches(pattern: str, name: str) -> bool:
    """Whether a policy holds for a queue; True too where Python cannot tell."""
    if _OTHERWISE.search(pattern):
        return True
    try:
        return re.search(pattern, name) is not None
    except (re.error, RecursionError, OverflowError):
        return True


def merged(policy: Row, above: Row) -> Row:
    """What a policy and an operator's policy say together: of numbers the smaller counts, else the operator's."""
    both = {**policy, **above}
    for name in policy.keys() & above.keys():
        one, other = whole(policy[name]), whole(above[name])
        if one is not None and other is not None:
            both[name] = min(one, other)
    return both
