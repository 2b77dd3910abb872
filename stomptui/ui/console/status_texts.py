"""Texts of the status bar and the subscription list, computed from the `Console`."""

from __future__ import annotations

import time
from dataclasses import replace

from stomptui.application.console import Console
from stomptui.application.dead_letters.watch import DeadLetterWatch
from stomptui.application.unacknowledged import Unacknowledged
from stomptui.config.connection import Connection
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.reconnect import ConnectionState
from stomptui.connection.session import ANONYMOUS
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.ui.widgets.log.message_log import MessageLog
from stomptui.ui.widgets.log.title import LogFacts
from stomptui.ui.widgets.status_bar import Health, StatusFacts
from stomptui.ui.widgets.subscriptions import SubscriptionRow

HEALTH: dict[ConnectionState, Health] = {
    ConnectionState.IDLE: "off",
    ConnectionState.CONNECTING: "busy",
    ConnectionState.UP: "up",
    ConnectionState.WAITING: "lost",
    ConnectionState.FAILED: "lost",
    ConnectionState.STOPPED: "off",
}


def status_facts(console: Console, dead_letters: DeadLetterWatch) -> StatusFacts:
    """The status bar's facts, as of now."""
    main, session = console.main_connection, console.session
    if main is None:
        return StatusFacts(errors=console.journal.errors.open)
    connection = main.connection
    facts = StatusFacts(
        health="busy" if main.state is ConnectionState.UP and main.stalled else HEALTH[main.state],
        state=main.state_text,
        state_end=main.countdown,
        name=console.profile,
        where=connection.where,
        security=_security(connection),
        transaction=console.transactions.told,
        errors=console.journal.errors.open,
        watched=dead_letters.state,
        dead_letters=dead_letters.count,
        others=console.side_connections.live,
        read_only=connection.environment.read_only,
        production=connection.environment.production,
        colour=connection.environment.shown_colour.value,
    )
    if main.state is not ConnectionState.UP or session is None:
        return facts
    return replace(
        facts,
        server=_server(session.server, console.dialect, chosen=bool(connection.dialect)),
        user=session.user,
        user_missed=session.user == ANONYMOUS and connection.proves_identity,
        version=session.version,
        heart_beat=session.heart_beat,
        heard_ago=time.monotonic() - session.last_received,
        beat=int(session.last_received) % 2 == 0,
        rate_in=console.received.rate(),
        rate_out=console.sent.rate(),
    )


def _security(connection: Connection) -> str:
    if not connection.transport.encrypted:
        return ""
    return "TLS" if connection.tls.verify else "TLS, not verified"


def _server(server: str, dialect: Dialect, chosen: bool) -> str:
    """`RabbitMQ/3.10.8` as `RabbitMQ 3.10.8`, with what stands in front of it; what the person chose is called so."""
    if chosen:
        return f"{dialect.title} (chosen)"
    if not server:
        return dialect.title
    named = server.split(" ")[0].replace("/", " ")
    return f"{named} behind {dialect.in_front}" if dialect.in_front else named


def subscription_rows(console: Console, unacknowledged: Unacknowledged) -> list[SubscriptionRow]:
    """A row for each subscription wanted, in the order they were asked for."""
    if console.main_connection is None:
        return []
    now = time.monotonic()
    once = console.dialect.answers_once
    return [
        _row(watch, now, unacknowledged.waiting_for(watch.wire_id), once(watch.destination), console.dialect.confirms)
        for watch in console.main_connection.wanted
    ]


def _row(watch: WantedSubscription, now: float, waiting: int, once: bool, confirms: bool) -> SubscriptionRow:
    # Where nothing is ever confirmed, it is no news.
    detail = "not confirmed" if confirms and not watch.confirmed else ""
    if watch.state in ("refused", "not restored"):
        detail = watch.error
    elif watch.suspected and watch.state == "off":
        detail = "waits: it may have ended the session"
    elif waiting:
        detail = f"{waiting} waiting"
    mode = watch.reading.mode if watch.reading else watch.mode or "…"
    return SubscriptionRow(
        key=watch.key,
        destination=watch.label,
        mode="durable" if mode == "live" and watch.retained is not None else mode,
        state=watch.state,
        count=watch.total,
        rate=watch.rate.rate(now),
        history=tuple(watch.rate.history(now)),
        colour=watch.colour,
        detail=detail,
        once=once,
    )


def log_facts(console: Console, log: MessageLog) -> LogFacts:
    """What the title of the log says."""
    journal = console.journal
    return LogFacts(
        shown=log.shown,
        total=len(journal),
        cleared=journal.cleared,
        dropped=journal.dropped,
        missed=console.missed,
        following=log.following,
        paused=log.paused,
        new=log.new_count,
        needle=log.needle,
        searching=log.searching,
        rate=console.received.rate(),
        history=tuple(console.received.history()),
    )
