"""The list of queues of RabbitMQ, from its HTTP API (https://www.rabbitmq.com/docs/http-api-reference).

Depths come from the quick form, which counts now; consumers and rates from the statistics, which lag a few seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from stomptui.brokers.rabbitmq.argument_words import words
from stomptui.config.connection import Connection
from stomptui.config.management import Management, is_loopback, parse_management
from stomptui.connection.blocking_client import ClientError, RequestRefused
from stomptui.queues.listing.http import Http, StatusError
from stomptui.queues.listing.listing import Listing, QueueInfo, QueueLister, named_dead, notes, rate_of, text_of, whole

PORT, TLS_PORT = 15672, 15671
EXCHANGES = 20
"""Dead letter exchanges whose bindings are looked up; a broker with more has them named by their queues."""
_QUICK = "name,type,messages_ready,messages_unacknowledged,state,exclusive,auto_delete,durable,arguments"
_SLOW = (
    "name,consumers,messages_ready,messages_unacknowledged,effective_policy_definition,head_message_timestamp,"
    "message_stats.publish_details.rate,message_stats.deliver_get_details.rate"
)
_REALM = 'Basic realm="RabbitMQ Management"'
_ALONE = "RabbitMQ tells its queues only over HTTP"

Row = Mapping[str, Any]


class RabbitMQLister(QueueLister):
    """The management API, where the connection says it is, or at the usual port of the same host."""

    _http: Http | None = None
    _found: Management | None = None
    """What answered as RabbitMQ's management, where nothing is configured."""

    def ask(self) -> Listing:
        if self.connection.management:
            return self._told(parse_management(self.connection.management), verify=False)
        if self._found is not None:
            return self._told(self._found, verify=True)
        reasons = []
        for place in usual_places(self.connection.host, self.connection.transport.encrypted):
            try:
                self._recognise(place)
            except ClientError as error:
                reasons.append(str(error))
                continue
            self._found = place
            return self._told(place, verify=True)
        raise ClientError(f"{_ALONE}: set the management URL ({'; '.join(reasons)})")

    def stop(self) -> None:
        super().stop()
        if self._http is not None:
            self._http.stop()

    def _open(self, place: Management, verify: bool) -> Http:
        self._http = Http(place, self.connection, verify=verify)
        if self.context.stopped():
            self._http.stop()
        return self._http

    def _recognise(self, place: Management) -> None:
        with self._open(place, verify=True) as http:
            recognise(http)

    def _told(self, place: Management, verify: bool) -> Listing:
        vhost = quote(self.connection.vhost or "/", safe="")
        path = "" if place.path.endswith("/api") else "/api"
        with self._open(place, verify) as http:
            try:
                quick = http.get(f"{path}/queues/{vhost}?disable_stats=true&enable_queue_totals=true&columns={_QUICK}")
            except RequestRefused as error:
                text = f"{error}, or this user lacks the tag management"
                raise RequestRefused(text, error.server_text) from error
            except StatusError as error:
                text = f"{error}, or it has no such virtual host" if error.status == 404 else str(error)
                raise StatusError(error.status, text, error.server_text) from error
            if not isinstance(quick, list):
                raise ClientError(f"what answers at {place.url} is not RabbitMQ's management")
            note = ""
            try:
                slow = http.get(f"{path}/queues/{vhost}?columns={_SLOW}")
            except ClientError as error:
                slow, note = [], f"consumers and rates are not known: {error}"
            rows = _by_name(quick)
            more = _by_name(slow)
            edges = self._edges(http, f"{path}/exchanges/{vhost}", rows, more)
        return Listing(
            tuple(_info(name, row, more.get(name, {}), edges.get(name, ())) for name, row in rows.items()),
            f"RabbitMQ's management at {place.url}",
            note,
        )

    def _edges(
        self, http: Http, exchanges: str, rows: Mapping[str, Row], more: Mapping[str, Row]
    ) -> dict[str, list[str]]:
        """By queue the names of others that send dead letters to it."""
        ways = [(name, *way) for name in rows if (way := _dead_way(rows[name], more.get(name, {})))]
        bound: dict[str, list[tuple[str, str]]] = {}
        for exchange in sorted({exchange for _, exchange, _ in ways if exchange})[:EXCHANGES]:
            try:
                bound[exchange] = _bound(http.get(f"{exchanges}/{quote(exchange, safe='')}/bindings/source"))
            except ClientError:
                continue
        edges = {
            (name, target)
            for name, exchange, key in ways
            for target in _targets(exchange, key, bound.get(exchange, []))
        }
        # A queue where messages wait for a time to go back has no dead letters.
        waiting = {name for name in rows if _setting(rows[name], more.get(name, {}), "message-ttl") is not None}
        sources: dict[str, list[str]] = {}
        for name, to in sorted(edges):
            if name != to and not (name in waiting and (to, name) in edges):
                sources.setdefault(to, []).append(name)
        return sources


def recognise(http: Http) -> None:
    """See whether a server is RabbitMQ's management; no password is sent. Raises `ClientError` if it is not."""
    status, _, headers = http.ask("GET", "/api/whoami", {})
    if status != 401 or headers.get("www-authenticate") != _REALM:
        raise ClientError(f"what answers at {http.place.url} is not RabbitMQ's management")


def usual_places(host: str, encrypted: bool) -> list[Management]:
    """Where RabbitMQ's management usually is; without encryption only where the password travels so already."""
    host = host.strip()
    places = [Management("https", host, TLS_PORT)] if encrypted else []
    return [*places, Management("http", host, PORT)] if not encrypted or is_loopback(host) else places


def one_queue(connection: Connection, name: str) -> Mapping[str, Any]:
    """All that the management says of one queue.

    Raises:
        ClientError: It does not answer, this user may not ask, or there is no such queue.
    """
    path = f"/queues/{quote(connection.vhost or '/', safe='')}/{quote(name, safe='')}"
    if connection.management:
        places, known = [parse_management(connection.management)], True
    else:
        places, known = usual_places(connection.host, connection.transport.encrypted), False
    reasons = []
    for place in places:
        try:
            with Http(place, connection, verify=not known) as http:
                if not known:
                    recognise(http)
                told = http.get(f"{'' if place.path.endswith('/api') else '/api'}{path}")
        except ClientError as error:
            reasons.append(str(error))
            continue
        if isinstance(told, dict):
            return told
        reasons.append(f"what answers at {place.url} is not RabbitMQ's management")
    raise ClientError("; ".join(reasons))


def destination(name: str) -> str:
    """How STOMP names an existing queue; "" if it cannot.

    Of what is percent-encoded RabbitMQ decodes the slash alone, so a queue that is really called a%2Fb has no name.
    """
    return "" if "%2F" in name or not name else f"/amq/queue/{name.replace('/', '%2F')}"


def _by_name(answer: object) -> dict[str, Row]:
    rows = answer if isinstance(answer, list) else []
    return {row["name"]: row for row in rows if isinstance(row, dict) and isinstance(row.get("name"), str)}


def _info(name: str, row: Row, more: Row, sources: Sequence[str]) -> QueueInfo:
    def count(key: str) -> int | None:
        now = whole(row.get(key))
        return whole(more.get(key)) if now is None else now

    stats = _part(more, "message_stats")
    state = text_of(row.get("state"))
    where = destination(name)
    return QueueInfo(
        name,
        where,
        text_of(row.get("type")) or "queue",
        count("messages_ready"),
        count("messages_unacknowledged"),
        whole(more.get("consumers")),
        rate_of(_part(stats, "publish_details").get("rate")),
        rate_of(_part(stats, "deliver_get_details").get("rate")),
        bool(sources) or named_dead(name),
        notes(
            state if state not in ("", "running", "idle") else "",
            "exclusive" if row.get("exclusive") is True else "",
            "goes with its last reader" if row.get("auto_delete") is True else "",
            "" if where else "STOMP has no name for it",
        ),
        row["durable"] if isinstance(row.get("durable"), bool) else None,
        words(_part(row, "arguments"), _part(more, "effective_policy_definition")),
        _way_words(_dead_way(row, more)),
        tuple(sources),
        float(oldest) if (oldest := whole(more.get("head_message_timestamp"))) else None,
    )


def _way_words(way: tuple[str, str | None] | None) -> str:
    """Where dead letters go, in words."""
    if way is None:
        return ""
    exchange, key = way
    if not exchange:
        return key or ""
    return f"exchange {exchange}" + (f", key {key}" if key is not None else "")


def _part(row: Row, key: str) -> Row:
    part = row.get(key)
    return part if isinstance(part, dict) else {}


def _setting(row: Row, more: Row, name: str) -> object:
    """What an argument of the queue says, else its policy."""
    arguments = _part(row, "arguments")
    return arguments.get(f"x-{name}", _part(more, "effective_policy_definition").get(name))


def _dead_way(row: Row, more: Row) -> tuple[str, str | None] | None:
    """The exchange and the routing key that dead letters of a queue take, None if there are none."""
    exchange, key = _setting(row, more, "dead-letter-exchange"), _setting(row, more, "dead-letter-routing-key")
    return (exchange, key if isinstance(key, str) else None) if isinstance(exchange, str) else None


def _bound(answer: object) -> list[tuple[str, str]]:
    """The queues bound to an exchange, with the routing key."""
    rows = answer if isinstance(answer, list) else []
    return [
        (text_of(row.get("destination")), text_of(row.get("routing_key")))
        for row in rows
        if isinstance(row, dict) and row.get("destination_type") == "queue"
    ]


def _targets(exchange: str, key: str | None, bound: Iterable[tuple[str, str]]) -> list[str]:
    """The queues that a dead letter can come to."""
    if not exchange:
        return [] if key is None else [key]  # with its own key it comes back to where it was sent
    exact = [queue for queue, binding in bound if binding == key]
    if exact or exchange.startswith("amq."):
        return exact  # the exchanges that everybody uses carry much else
    return [queue for queue, _ in bound]
