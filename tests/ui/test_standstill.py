"""A gap between two ticks is noticed on whichever clock shows it."""

from __future__ import annotations

import pytest

from stomptui.ui.standstill import Standstill


class Clocks:
    """Two clocks that the test moves."""

    def __init__(self) -> None:
        self.steady, self.boot = 100.0, 5000.0

    def go(self, steady: float, boot: float) -> None:
        self.steady += steady
        self.boot += boot


@pytest.mark.parametrize(
    ("steady", "boot", "told"),
    [(1.0, 1.0, 0.0), (4.0, 4.0, 0.0), (61.0, 61.0, 60.0), (1.0, 3601.0, 3600.0), (1.0, -3600.0, 0.0)],
    ids=["a tick", "a busy moment", "stopped", "suspended", "set back"],
)
def test_a_gap_is_noticed_once(steady: float, boot: float, told: float) -> None:
    clocks = Clocks()
    still = Standstill(1.0, lambda: clocks.steady, lambda: clocks.boot)
    clocks.go(1.0, 1.0)
    assert still.tick() == 0.0
    clocks.go(steady, boot)
    assert still.tick() == told
    clocks.go(1.0, 1.0)
    assert still.tick() == 0.0
