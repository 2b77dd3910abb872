"""The list of queues of RabbitMQ, from its HTTP API (https://www.rabbitmq.com/docs/http-api-reference).

Depths come from the quick form, which counts now; consumers and rates from the statistics, which lag a few seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from stomptui.brokers.rabbitmq.argument_words import binding_words, words
from stomptui.config.connection import Connection
from stomptui.config.management import Management, is_loopback, parse_management
from stomptui.connection.blocking_client import ClientError, RequestRefused
from stomptui.queues.listing.http import Http, StatusError
from stomptui.queues.listing.listing import Listing, QueueInfo, QueueLister, named_dead, notes, rate_of, text_of, whole
from stomptui.queues.listing.selected import SelectedQueue, counted, first_of

PORT, TLS_PORT = 15672, 15671
EXCHANGES = 20
"""Dead letter exchanges whose bindings are looked up; a broker with more has them named by their queues."""
_QUICK = "name,type,messages_ready,messages_unacknowledged,state,exclusive,auto_delete,durable,arguments"
_SLOW = (
    "name,consumers,messages_ready,messages_unacknowledged,effective_policy_definition,head_message_timestamp,"
    "message_stats.redeliver,"
    "message_stats.publish_details.rate,message_stats.deliver_get_details.rate"
)
_REALM = 'Basic realm="RabbitMQ Management"'
_ALONE = "RabbitMQ tells its queues only over HTTP"

Row = Mapping[str, Any]


class Bound(NamedTuple):
    """What is bound to an exchange."""

    bindings: int
    """How many bindings it has, those to other exchanges among them."""
    queues: list[tuple[str, str]]
    """Queues, each with the routing key."""


class RabbitMQLister(QueueLister):
    """The management API, where the connection says it is, or at the usual port of the same host."""

    _http: Http | None = None
    _found: Management | None = None
    """What answered as RabbitMQ's management, where nothing is configured."""

    @property
    def _place(self) -> tuple[Management | None, bool]:
        """Where the management is, None if that is not known yet; and whether the person named it."""
        if self.connection.management:
            return parse_management(self.connection.management), True
        return self._found, False

    def ask(self) -> Listing:
        place, named = self._place
        if place is not None:
            return self._told(place, verify=not named)
        reasons = []
        for usual in usual_places(self.connection.host, self.connection.transport.encrypted):
            try:
                self._recognise(usual)
            except ClientError as error:
                reasons.append(str(error))
                continue
            self._found = usual
            return self._told(usual, verify=True)
        raise ClientError(f"{_ALONE}: set the management URL ({'; '.join(reasons)})")

    def stop(self) -> None:
        super().stop()
        if self._http is not None:
            self._http.stop()

    def selected(self, queue: QueueInfo) -> SelectedQueue:
        place, named = self._place
        if place is None:
            return super().selected(queue)
        vhost, name = quote(self.connection.vhost or "/", safe=""), quote(queue.name, safe="")
        with self._open(place, verify=not named) as http:
            told = http.get(f"{_api(place)}/queues/{vhost}/{name}/bindings")
        return SelectedQueue(queue.key, bindings=binding_words(told))

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
        path = _api(place)
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
            bound = self._bound(http, f"{path}/exchanges/{vhost}", rows, more)
        sources = _sources(rows, more, bound)
        return Listing(
            tuple(_info(name, row, more.get(name, {}), sources.get(name, ()), bound) for name, row in rows.items()),
            f"RabbitMQ's management at {place.url}",
            note,
        )

    def _bound(self, http: Http, exchanges: str, rows: Mapping[str, Row], more: Mapping[str, Row]) -> dict[str, Bound]:
        """By dead letter exchange what is bound to it; one that is not there has no bindings."""
        ways = [way for name in rows if (way := _dead_way(rows[name], more.get(name, {})))]
        bound: dict[str, Bound] = {}
        for exchange in sorted({exchange for exchange, _ in ways if exchange})[:EXCHANGES]:
            try:
                bound[exchange] = _bound(http.get(f"{exchanges}/{quote(exchange, safe='')}/bindings/source"))
            except ClientError:
                continue
        return bound


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
                told = http.get(f"{_api(place)}{path}")
        except ClientError as error:
            reasons.append(str(error))
            continue
        if isinstance(told, dict):
            return told
        reasons.append(f"what answers at {place.url} is not RabbitMQ's management")
    raise ClientError("; ".join(reasons))


def _api(place: Management) -> str:
    """The path of the API, behind the one that the management URL has."""
    return "" if place.path.endswith("/api") else "/api"


def destination(name: str) -> str:
    """How STOMP names an existing queue; "" if it cannot.

    Of what is percent-encoded RabbitMQ decodes the slash alone, so a queue that is really called a%2Fb has no name.
    """
    return "" if "%2F" in name or not name else f"/amq/queue/{name.replace('/', '%2F')}"


def _sources(rows: Mapping[str, Row], more: Mapping[str, Row], bound: Mapping[str, Bound]) -> dict[str, list[str]]:
    """By queue the names of others that send dead letters to it."""
    edges = {
        (name, target)
        for name in rows
        if (way := _dead_way(rows[name], more.get(name, {})))
        for target in _targets(*way, bound.get(way[0]))
    }
    # A queue where messages wait for a time to go back has no dead letters.
    waiting = {name for name in rows if _setting(rows[name], more.get(name, {}), "message-ttl") is not None}
    sources: dict[str, list[str]] = {}
    for name, to in sorted(edges):
        if name != to and not (name in waiting and (to, name) in edges):
            sources.setdefault(to, []).append(name)
    return sources


def _by_name(answer: object) -> dict[str, Row]:
    rows = answer if isinstance(answer, list) else []
    return {row["name"]: row for row in rows if isinstance(row, dict) and isinstance(row.get("name"), str)}


def _info(name: str, row: Row, more: Row, sources: Sequence[str], bound: Mapping[str, Bound]) -> QueueInfo:
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
        _way_words(_dead_way(row, more), bound),
        tuple(sources),
        float(oldest) if (oldest := whole(more.get("head_message_timestamp"))) else None,
        counted(("redelivered", whole(stats.get("redeliver")))),
    )


def _way_words(way: tuple[str, str | None] | None, bound: Mapping[str, Bound]) -> str:
    """Where dead letters go, in words."""
    if way is None:
        return ""
    exchange, key = way
    if not exchange:
        return key or ""
    by = f"exchange {exchange}" + (f", key {key}" if key is not None else "")
    if exchange not in bound:
        return by
    found = bound[exchange]
    if not found.bindings:
        return f"{by}, to which nothing is bound: they are lost"
    targets = _targets(exchange, key, found)
    return f"{', '.join(first_of(targets))} by {by}" if targets else by


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


def _bound(answer: object) -> Bound:
    """What is bound to an exchange."""
    rows = [row for row in answer if isinstance(row, dict)] if isinstance(answer, list) else []
    return Bound(
        len(rows),
        [
            (text_of(row.get("destination")), text_of(row.get("routing_key")))
            for row in rows
            if row.get("destination_type") == "queue"
        ],
    )


def _targets(exchange: str, key: str | None, bound: Bound | None) -> list[str]:
    """The queues that a dead letter can come to."""
    if not exchange:
        return [] if key is None else [key]  # with its own key it comes back to where it was sent
    queues = bound.queues if bound is not None else []
    exact = [queue for queue, binding in queues if binding == key]
    if exact or exchange.startswith("amq."):
        return exact  # the exchanges that everybody uses carry much else
    return [queue for queue, _ in queues]
