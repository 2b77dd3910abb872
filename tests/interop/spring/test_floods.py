"""Soaks on a real Spring: each message of a flood is shown or counted, and long silence is no alarm."""

from __future__ import annotations

import asyncio
import dataclasses
import re

import pytest

from tests.interop.spring.conftest import SpringWith
from tests.interop.spring.test_in_the_app import subscribed, watching
from tests.support.brokers.spring import Spring
from tests.support.console import Driver

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(900)]

FLOOD = 100_000
SILENCE = 600.0
"""Seconds."""


def dropped(driver: Driver) -> int:
    """How many frames the log says were dropped before they could be shown."""
    found = (re.match(r"([\d,]+) frames dropped", note) for note in driver.notes)
    return sum(int(match[1].replace(",", "")) for match in found if match)


async def test_a_hundred_thousand_that_are_paced_are_all_shown(spring: Spring) -> None:
    async with watching(spring.connection(), "/topic/soak") as driver:
        await subscribed(driver, spring, "/topic/soak")
        before = driver.watch().total
        await asyncio.to_thread(spring.flood, "/topic/soak", FLOOD, 1000, 4_000)
        await driver.until(lambda: driver.watch().total == before + FLOOD, "all of them", within=120)
        assert dropped(driver) == 0


async def test_of_a_flood_without_pauses_each_is_shown_or_counted(spring_with: SpringWith) -> None:
    """With limits so high that the server does not close for slow reading."""
    server = await asyncio.to_thread(lambda: spring_with(send_buffer="1000000000", send_time="600000"))
    async with watching(server.connection(), "/topic/soak") as driver:
        await subscribed(driver, server, "/topic/soak")
        before = driver.watch().total
        await asyncio.to_thread(server.flood, "/topic/soak", FLOOD, 1000)
        await driver.until(lambda: driver.watch().total + dropped(driver) == before + FLOOD, "all of them", within=300)
        assert driver.app.console_screen.console.connected


@pytest.mark.parametrize("beat", [1_000, 10_000])
async def test_ten_minutes_of_silence_are_no_alarm(spring_with: SpringWith, beat: int) -> None:
    server = await asyncio.to_thread(lambda: spring_with(heart_beat=f"{beat},{beat}"))
    connection = dataclasses.replace(server.connection(), heart_beat=(beat, beat))
    async with watching(connection) as driver:
        before = driver.notes
        seen: set[str] = set()
        ends = asyncio.get_running_loop().time() + SILENCE
        while asyncio.get_running_loop().time() < ends:
            await asyncio.sleep(0.2)
            seen.add(driver.status)
        assert driver.notes == before
        assert not [status for status in seen if "late" in status or "connected" not in status]
