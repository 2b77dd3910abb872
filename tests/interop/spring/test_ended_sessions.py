"""Why Spring ends a session, and what comes back afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from stomptui.config.connection import Connection
from stomptui.connection.ending import Ending
from stomptui.connection.events import Lost
from stomptui.connection.reconnect import ConnectionState
from stomptui.connection.subscriptions.subscription import WantedSubscription
from tests.support.brokers.spring import TOKEN, Door, Spring
from tests.support.pump import Pump


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stomptui.connection.reconnect.DELAYS", (0.1,))
    monkeypatch.setattr("stomptui.connection.subscriptions.suspects.PATIENCE", 0.5)


@pytest.fixture
def pump(spring: Spring) -> Iterator[Pump]:
    pump = Pump(spring.connection())
    yield pump
    pump.end()


def test_a_subscription_that_nobody_may_have_is_found_and_the_others_come_back(spring: Spring, pump: Pump) -> None:
    names = ("/topic/one", "/topic/secret", "/topic/two", "/topic/secret.too")
    one, secret, two, too = watches = [pump.link.add(WantedSubscription(name)) for name in names]
    pump.until(
        lambda: (
            [watch.state for watch in (secret, too)] == ["not restored"] * 2
            and pump.link.state is ConnectionState.UP
            and not any(watch.suspected for watch in watches)
        ),
        "found",
    )
    assert "Failed to send message to ExecutorSubscribableChannel[clientInboundChannel]" in secret.error
    for name in names[::2]:
        spring.publish(name, b"hello")
    pump.until(lambda: one.total == two.total == 1, "the others bring their messages")


@contextmanager
def up(connection: Connection) -> Iterator[Pump]:
    pump = Pump(connection)
    try:
        pump.up()
        yield pump
    finally:
        pump.end()


@pytest.mark.parametrize(
    ("door", "named", "field"),
    [
        (Door.BEARER, "Authorization in the headers of CONNECT may be wrong or expired", "headers"),
        (Door.QUERY, "the token in the path may be wrong or expired", "ws_path"),
    ],
    ids=lambda value: value.name.lower() if isinstance(value, Door) else "",
)
def test_a_token_that_expires_is_asked_for_and_not_tried_again(
    spring: Spring, door: Door, named: str, field: str
) -> None:
    with up(spring.through(door)) as pump:
        spring.accept_token("another")
        try:
            spring.close_all(1001)
            pump.until(lambda: pump.link.state is ConnectionState.FAILED, "failed")
        finally:
            spring.accept_token(TOKEN)
        assert named in pump.link.reason
        assert (pump.link.attempt, pump.link.asks, pump.link.field) == (1, True, field)


def test_who_is_logged_out_is_told_and_has_to_log_in(spring: Spring) -> None:
    connection = spring.through(Door.FORM)
    with up(connection) as pump:
        spring.log_out(connection.ws_headers[0][1])
        pump.until(lambda: pump.link.state is ConnectionState.FAILED, "failed")
        lost = next(event for event in pump.events if isinstance(event, Lost))
        assert lost.reason.startswith("logged out: ")
        assert lost.ending is Ending.LOGGED_OUT
        assert "Cookie in the HTTP headers may have expired" in pump.link.reason
        assert pump.link.asks


@pytest.mark.parametrize("sent", [True, False])
def test_a_csrf_token_is_asked_for_by_name(spring: Spring, sent: bool) -> None:
    connection = spring.through(Door.CSRF)
    name = connection.headers[0][0]
    pump = Pump(replace(connection, headers=((name, "stale"),) if sent else ()))
    pump.until(lambda: pump.link.state is ConnectionState.FAILED, "failed")
    assert pump.link.reason.startswith("the server wants a token")
    assert name in pump.link.reason
    assert (pump.link.field, pump.link.asks) == ("headers", True)
    pump.end()


def test_where_nothing_at_all_is_answered_the_token_is_asked_for_the_second_time(
    spring_ordered: Spring,
) -> None:
    connection = replace(spring_ordered.through(Door.CSRF), timeout=1.0)
    with up(connection) as pump:
        pump.link.connection = replace(connection, headers=((connection.headers[0][0], "stale"),))
        spring_ordered.close_all(1001)
        pump.until(lambda: pump.link.state is ConnectionState.FAILED, "failed")
        assert pump.link.reason.startswith("the WebSocket is open, but no CONNECTED came within 1 s")
        assert f"{connection.headers[0][0]} in the headers of CONNECT may be wrong or expired" in pump.link.reason
        assert pump.link.attempt == 2


@pytest.mark.parametrize(
    ("code", "words", "ending"),
    [
        (4500, "too slow: the server closed the WebSocket: we read too slowly", Ending.TOO_SLOW),
        (1009, "too large: the server closed the WebSocket: our WebSocket message was too large", Ending.TOO_LARGE),
        (1001, "the server closed the WebSocket: it is going away", Ending.STOPPED),
    ],
)
def test_codes_are_told_apart(spring: Spring, pump: Pump, code: int, words: str, ending: Ending) -> None:
    pump.up()
    spring.close_all(code)
    pump.until(lambda: any(isinstance(event, Lost) for event in pump.events), "lost")
    lost = next(event for event in pump.events if isinstance(event, Lost))
    assert lost.reason.startswith(words)
    assert lost.ending is ending
