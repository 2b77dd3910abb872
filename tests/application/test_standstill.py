"""A gap is told from a busy moment, by the clocks, the signal that ends a stop, and what was missed."""

from __future__ import annotations

import time

import pytest

from stomptui.application.standstill import Gap, Standstill, Stops
from stomptui.connection.transport.heartbeats import HeartbeatClock
from tests.support.console import console
from tests.support.embedded import EmbeddedBroker


class Clocks:
    """Two clocks that the test moves."""

    def __init__(self) -> None:
        self.steady, self.boot = 100.0, 5000.0

    def go(self, steady: float, boot: float) -> None:
        self.steady += steady
        self.boot += boot


@pytest.mark.parametrize(
    ("steady", "boot", "continued", "told"),
    [
        (1.0, 1.0, False, None),
        (4.0, 4.0, True, None),
        (13.0, 13.0, False, Gap("late", 12.0)),
        (13.0, 13.0, True, Gap("stopped", 12.0)),
        (61.0, 61.0, False, Gap("stopped", 60.0)),
        (1.0, 3601.0, False, Gap("suspended", 3600.0)),
        (3.0, 3603.0, True, Gap("suspended", 3602.0)),
        (1.0, -3600.0, False, None),
    ],
    ids=["a tick", "a short stop", "busy", "stopped", "frozen", "suspended", "both", "set back"],
)
def test_a_gap_is_noticed_once(steady: float, boot: float, continued: bool, told: Gap | None) -> None:
    clocks, stops = Clocks(), Stops()
    still = Standstill(1.0, stops, lambda: clocks.steady, lambda: clocks.boot)
    clocks.go(1.0, 1.0)
    assert still.tick() is None
    if continued:
        stops.note()
    clocks.go(steady, boot)
    assert still.tick() == told
    clocks.go(1.0, 1.0)
    assert still.tick() is None


def test_a_beat_is_missed_once_nothing_went_for_longer_than_promised() -> None:
    heartbeats = HeartbeatClock()
    heartbeats.last_sent = 100.0
    assert not heartbeats.missed(60.0, 200.0), "nothing was promised"
    heartbeats.agree((10_000, 0), 100.0)
    heartbeats.sent(109.0)
    assert not heartbeats.missed(60.0, 110.0)
    assert heartbeats.missed(0.0, 120.0)
    heartbeats.sent(121.0)
    assert heartbeats.missed(5.0, 122.0) and not heartbeats.missed(5.0, 130.0)


async def test_what_is_only_late_is_told_where_a_beat_was_missed(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        app_console = driver.app.console_screen.console
        session = app_console.session
        assert session is not None
        app_console.stood_still(6.0, "late")
        assert not any("stood still" in note for note in driver.notes)
        session._run.transport.heartbeats._last_late_at = time.monotonic()
        app_console.stood_still(6.0, "late")
        await driver.until(lambda: any("a heart-beat was missed" in note for note in driver.notes), "told")
