"""Spring's own rules in the app: behind a relay, questions asked again, the end of a session, floods counted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from stomptui.config.connection import Connection
from stomptui.connection.subscriptions.subscription import WantedSubscription
from tests.interop.spring.conftest import SpringWith
from tests.support.brokers.spring import Spring
from tests.support.console import Driver, console


def as_carol(spring: Spring) -> Connection:
    made = spring.connection()
    return replace(made, ws_path=f"{made.ws_path}?user=carol")


@asynccontextmanager
async def opened(connection: Connection, **options: Any) -> AsyncIterator[Driver]:
    async with console(connection=connection, autoconnect=True, **options) as driver:
        await driver.until(lambda: driver.app.console_screen.console.connected, "connected")
        yield driver


async def test_a_users_queue_behind_a_relay_is_neither_held_nor_cut_short(spring_relay: Spring) -> None:
    """What RabbitMQ does with a queue, a prefetch of 100, would end after 100 of 130."""
    async with opened(as_carol(spring_relay)) as driver:
        await driver.until(lambda: "behind Spring" in driver.status and "you are carol" in driver.status, "recognised")
        main = driver.app.console_screen.console.main_connection
        assert main is not None
        main.add(WantedSubscription("/user/queue/reply", mode="hold"))
        await driver.until(lambda: driver.watch().state == "on", "subscribed")
        for number in range(130):
            await asyncio.to_thread(spring_relay.publish, "/queue/reply", b"%d" % number, user="carol")
        await driver.until(lambda: driver.watch().total == 130, "all of them")


async def test_a_question_is_asked_again_with_a_key_and_ended_without_ending_the_session(spring_relay: Spring) -> None:
    async with opened(as_carol(spring_relay), subscribe=("/app/state", "/topic/a")) as driver:
        await driver.until(lambda: driver.watch().total == 1, "answered")
        await driver.until(lambda: driver.watch(1).state == "on", "subscribed")
        await driver.to_subscriptions()
        await driver.press("r")
        await driver.until(lambda: driver.watch().total == 2, "answered again")
        # RabbitMQ never saw it: an UNSUBSCRIBE would have it end the session.
        await driver.press("d")
        await driver.until(lambda: driver.watch().destination == "/topic/a", "removed")
        await asyncio.to_thread(spring_relay.publish, "/topic/a", b"still here")
        await driver.sees("still here")
        await driver.until(lambda: "r Ask again" not in driver.screen, "the key goes with the question", within=10)


async def test_what_silence_hides_is_subscribed_to_from_the_menu(spring: Spring) -> None:
    async with opened(spring.connection()) as driver:
        await driver.compose("/app/fail", '"it"')
        await driver.press("f5")
        await driver.until(lambda: "/user/queue/errors" in driver.outcome, "said where errors are")
        await driver.press("ctrl+circumflex_accent")
        await driver.type_in("silent")
        await driver.press("enter")
        await driver.until(lambda: driver.watch().wire_id, "subscribed")
        # Spring may work on the SEND first, and nothing confirms a subscription.
        while not driver.watch().total:
            await driver.press("f5")
            await asyncio.sleep(0.1)
        await driver.sees("cannot work on")


async def test_what_comes_after_our_goodbye_is_no_error(spring_relay: Spring) -> None:
    for _ in range(4):
        async with opened(as_carol(spring_relay)) as driver:
            await driver.press("x")
            await driver.until(lambda: any("disconnected" in note for note in driver.notes), "disconnected")
            errors = [entry.frame.raw for entry in driver.entries if entry.frame and entry.frame.command == "ERROR"]
            assert driver.app.journal.errors.total == 0, (errors, driver.notes)


@pytest.mark.parametrize(("count", "size"), [(6_000, 1000), (12, 3_000_000)])
async def test_of_a_flood_that_is_not_paced_each_message_is_shown_or_counted(
    spring_with: SpringWith, count: int, size: int
) -> None:
    """The server's own limits raised, less space here, and nothing is taken for a second, as by a slow terminal."""
    spring = spring_with(send_buffer="2000000000", send_time="600000")
    async with opened(spring.connection(), subscribe=("/topic/flood",)) as driver:
        app_console = driver.app.console_screen.console
        # Nothing confirms the subscription: the first message that comes is the proof.
        while not driver.watch().total:
            await asyncio.to_thread(spring.publish, "/topic/flood", b"there?")
        before = driver.watch().total
        app_console.event_queue._max_frames, app_console.event_queue._max_bytes = 1_000, 6_000_000
        flood = asyncio.create_task(asyncio.to_thread(spring.flood, "/topic/flood", count, size))
        await driver.until(lambda: driver.watch().total > before, "begun")
        time.sleep(1.5)
        await flood
        await driver.until(lambda: driver.watch().total + app_console.missed >= before + count, "shown or counted")
        assert app_console.main_connection is not None and not app_console.main_connection.reason
        assert app_console.missed
        await driver.until(lambda: f"{app_console.missed:,} never shown" in driver.header, "said")
