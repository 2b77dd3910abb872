"""What a peek that ended says of what it did not show, and where it ends while messages keep coming."""

from __future__ import annotations

import dataclasses

import pytest

from stomptui.queues.depths import Count, End
from stomptui.queues.peek.stop_point import PeekFlow

ALL = End(shown=8, limit=None, count=None, silence=0.5)


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (dataclasses.replace(ALL, count=Count(8, 8)), ""),
        (dataclasses.replace(ALL, limit=8), ""),
        (dataclasses.replace(ALL, shown=0, count=Count(0, 0)), "The queue is empty."),
        (ALL, "Nothing more came for 0.5 s; the broker does not say whether that is all."),
        (
            dataclasses.replace(ALL, count=Count(20, 20)),
            "8 of 20 came: the other 12 are unacknowledged at other consumers.",
        ),
        (
            dataclasses.replace(ALL, count=Count(20, 11)),
            "8 of 20 came: the others did not within 0.5 s, 3 of them unacknowledged at other consumers.",
        ),
        (
            dataclasses.replace(ALL, shown=0, count=Count(8, 0), one_reader=True),
            "None of 8 came: this queue gives its messages to one consumer alone (single active consumer).",
        ),
        (dataclasses.replace(ALL, count=Count(20, 8), stopped="by you"), "Stopped by you: 8 of 20 shown."),
        (dataclasses.replace(ALL, count=Count(20, 8), full=256 << 20), "Stopped after 256 MiB: 8 of 20 shown."),
        (dataclasses.replace(ALL, reached=True), ""),
        (
            dataclasses.replace(ALL, count=Count(20, 8), reached=True),
            "Stopped at 8, as many as were in it; messages keep coming, and 12 more are in it now.",
        ),
        (
            # They may be on their way to us.
            dataclasses.replace(ALL, count=Count(20, 20), reached=True, others=11),
            "Stopped at 8, as many as were in it; messages keep coming, and 12 more are in it now.",
        ),
        (
            dataclasses.replace(ALL, count=Count(20, 20), reached=True, others=12),
            "8 of 20 came: the other 12 are unacknowledged at other consumers.",
        ),
        (
            dataclasses.replace(ALL, flowing=True),
            "Stopped at 8: messages keep coming, and the broker does not say how many there were.",
        ),
    ],
)
def test_what_is_said(end: End, words: str) -> None:
    assert end.words == words


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr("stomptui.queues.peek.stop_point.time.monotonic", lambda: self.now)


@pytest.mark.parametrize("late", [False, True])
def test_a_peek_ends_at_what_was_there(monkeypatch: pytest.MonkeyPatch, late: bool) -> None:
    """What is counted late counts only once it cannot be older than the peek."""
    clock = Clock(monkeypatch)
    flow = PeekFlow(lambda: Count(100, 40, late), lambda: "ping")
    asked = 6.0 if late else 2.0
    # Of the 40 that consumers have, 10 are on their way to us and 20 have come.
    for passed, shown, ends in ((1.0, 95, False), (asked, 20, False), (asked + 5, 29, False)):
        clock.now = 1000.0 + passed
        assert flow.ends(shown, shown) is ends
    flow.receipt_came("another", 29, 29)
    assert flow.others is None
    flow.receipt_came("ping", 30, 30)
    assert flow.others == 10
    for shown, ends in ((30, False), (89, False), (90, True)):
        assert flow.ends(shown, shown) is ends
    assert flow.reached


def test_a_peek_ends_at_the_whole_count_as_soon_as_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    flow = PeekFlow(lambda: Count(100, 100), lambda: "ping")
    for passed, shown, ends in ((2.0, 50, False), (2.1, 99, False), (2.2, 100, True)):
        clock.now = 1000.0 + passed
        assert flow.ends(shown, shown) is ends


@pytest.mark.parametrize("size", [1, 20_000])
def test_a_peek_does_not_end_while_what_the_broker_has_begun_to_deliver_is_on_its_way(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """A broker can have begun with all of a large queue, and answer before it has sent it."""
    clock = Clock(monkeypatch)
    flow = PeekFlow(lambda: Count(100_000, 100_000), lambda: "ping")
    for number in range(1, 20):
        clock.now, shown = 1000.0 + 3 * number, 5_000 * number // (10 if size > 1 else 1)
        assert not flow.ends(shown, shown * size)
        flow.receipt_came("ping", shown, shown * size)
        assert flow.others is None
    assert flow.ends(100_000, 100_000 * size)


def test_a_peek_ends_where_nobody_counts_and_little_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    for each, end in ((10, True), (10_000, False)):
        clock.now = 1000.0
        flow = PeekFlow(lambda: None, lambda: "ping")
        ended = False
        for second in range(60):
            clock.now = 1000.0 + second
            ended = ended or flow.ends(second * each, second * each)
            assert not ended or second >= 30
        assert ended is end
