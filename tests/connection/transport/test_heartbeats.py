"""Heart-beats: what was agreed and when silence is too long."""

from __future__ import annotations

import pytest

from stomptui.connection.transport.heartbeats import HeartbeatClock, negotiate


@pytest.mark.parametrize(
    ("ours", "header", "agreed"),
    [
        ((10_000, 10_000), "5000,7000", (10_000, 10_000)),
        ((1, 1), "1000,1000", (1000, 1000)),
        ((10_000, 10_000), "0,0", (0, 0)),
        ((10_000, 0), "500,30000", (30_000, 0)),
        ((0, 10_000), "20000,0", (0, 20_000)),
        ((10_000, 10_000), " 1000 , 2000 ", (10_000, 10_000)),
        ((10_000, 10_000), None, (0, 0)),
        ((10_000, 10_000), "", (0, 0)),
    ],
)
def test_both_sides_keep_to_the_slower_one(ours: tuple[int, int], header: str | None, agreed: tuple[int, int]) -> None:
    assert negotiate(ours, header) == agreed


@pytest.mark.parametrize("header", ["abc", "1000", "1,2,3", "-1,0", "1.5,1", "٣,٤x"])
def test_a_header_that_makes_no_sense(header: str) -> None:
    with pytest.raises(ValueError, match="two numbers"):
        negotiate((1000, 1000), header)


def test_our_beat_is_early_and_any_byte_counts_as_one() -> None:
    heartbeats = HeartbeatClock()
    heartbeats.agree((10_000, 0), 0.0)
    heartbeats.sent(0.0)
    assert not heartbeats.beat_due(7.9)
    assert heartbeats.beat_due(8.0)
    assert heartbeats.next_due(listening=True, sending=True) == 8.0
    assert heartbeats.next_due(listening=True, sending=False) is None, "a beat behind unsent bytes helps nobody"
    heartbeats.sent(8.0)
    assert not heartbeats.beat_due(15.9)


def test_silence_is_borne_for_three_times_the_interval() -> None:
    heartbeats = HeartbeatClock()
    heartbeats.agree((0, 10_000), 0.0)
    assert not heartbeats.overdue(29.9)
    assert heartbeats.overdue(30.0) == 30.0
    heartbeats.received(15.0)
    assert not heartbeats.overdue(44.9)
    assert heartbeats.overdue(45.0) == 30.0
    assert heartbeats.next_due(listening=True, sending=True) == 45.0
    assert heartbeats.next_due(listening=False, sending=True) is None


def test_silence_while_we_did_not_read_is_not_the_brokers() -> None:
    heartbeats = HeartbeatClock()
    heartbeats.agree((0, 10_000), 0.0)
    heartbeats.received(1.0)
    heartbeats.reading_resumed(100.0)
    assert not heartbeats.overdue(129.0)
    assert heartbeats.overdue(130.0)
    assert heartbeats.last_received == 1.0


def test_nothing_agreed_is_nothing_expected() -> None:
    heartbeats = HeartbeatClock()
    heartbeats.agree((0, 0), 0.0)
    assert not heartbeats.overdue(1e9)
    assert not heartbeats.beat_due(1e9)
    assert heartbeats.next_due(listening=True, sending=True) is None
