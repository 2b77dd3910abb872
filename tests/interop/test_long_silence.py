"""A connection on which nothing happens for a long time stays what it is: connected."""

from __future__ import annotations

import asyncio
import dataclasses
import time

import pytest

from tests.support.brokers import Broker
from tests.support.console import console

SILENCE = 600.0
"""Seconds."""
HEALTHY = "connected"


@pytest.mark.nightly
@pytest.mark.timeout(SILENCE + 300)
@pytest.mark.parametrize("beat", [1_000, 10_000])
@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.broker(name)) for name in ("spring", "rabbitmq", "activemq6", "artemis")],
)
async def test_ten_minutes_of_healthy_silence_raise_no_alarm(
    request: pytest.FixtureRequest, name: str, beat: int
) -> None:
    broker: Broker = request.getfixturevalue(name)
    quiet = dataclasses.replace(broker.connection(), heart_beat=(beat, beat))
    async with console(connection=quiet, autoconnect=True) as driver:
        await driver.up()
        notes = len(driver.notes)
        ends = time.monotonic() + SILENCE
        while time.monotonic() < ends:
            assert HEALTHY in driver.status and "late" not in driver.status, driver.status
            await asyncio.sleep(0.25)
        assert driver.notes[notes:] == []
