"""A rate counter says how many a second, from the first second on and after a silence."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stomptui.connection.rate import RateCounter


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_steady_stream_reads_as_what_it_is() -> None:
    clock = Clock()
    counter = RateCounter(clock=clock)
    for _ in range(100):
        clock.now += 0.1
        counter.add(40)
    assert counter.rate() == pytest.approx(400, rel=0.1)
    assert counter.history()[-9:] == pytest.approx([400] * 9, abs=40)
    assert len(counter.history()) == 60
    assert counter.total == 4000


def test_the_first_second_is_not_diluted_by_the_time_before() -> None:
    clock = Clock()
    counter = RateCounter(clock=clock)
    counter.add(10)
    assert counter.rate() == pytest.approx(10)


def test_silence_brings_it_to_nothing_however_long() -> None:
    clock = Clock()
    counter = RateCounter(clock=clock)
    counter.add(500)
    for silence in (5, 30, 3600):
        clock.now += silence
        assert counter.rate() == 0
    assert set(counter.history()) == {0}


def test_old_seconds_fall_off() -> None:
    counter = RateCounter(seconds=3)
    counter.add(5, 10.0)
    counter.add(1, 11.5)
    assert counter.history(11.9) == [0, 0, 5]
    assert counter.history(12.0) == [0, 5, 1]
    assert counter.history(14.0) == [1, 0, 0]
    assert counter.history(99.0) == [0, 0, 0]


@pytest.mark.parametrize("empty", [lambda counter: counter.rate(5.0), lambda counter: sum(counter.history(5.0))])
def test_an_empty_one_says_nothing_happened(empty: Callable[[RateCounter], float]) -> None:
    assert empty(RateCounter()) == 0
