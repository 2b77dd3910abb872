"""The meter says how many a second, from the first second on and after a silence."""

from __future__ import annotations

import pytest

from stomptui.journal.rates import FrameRate


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_steady_stream_reads_as_what_it_is() -> None:
    clock = Clock()
    meter = FrameRate(clock=clock)
    for _ in range(100):
        clock.now += 0.1
        meter.add(40)
    assert meter.rate() == pytest.approx(400, rel=0.1)
    assert meter.history()[-9:] == pytest.approx([400] * 9, abs=40)
    assert len(meter.history()) == 60
    assert meter.total == 4000


def test_the_first_second_is_not_diluted_by_the_time_before() -> None:
    clock = Clock()
    meter = FrameRate(clock=clock)
    meter.add(10)
    assert meter.rate() == pytest.approx(10)


def test_silence_brings_it_to_nothing_however_long() -> None:
    clock = Clock()
    meter = FrameRate(clock=clock)
    meter.add(500)
    for silence in (5, 30, 3600):
        clock.now += silence
        assert meter.rate() == 0
    assert set(meter.history()) == {0}
