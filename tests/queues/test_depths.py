"""What a look that ended says of what it did not show, and where it ends while messages keep coming."""

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
def test_a_look_ends_at_what_was_there(monkeypatch: pytest.MonkeyPatch, late: bool) -> None:
    """What is counted late counts only once it cannot be older than the look."""
    clock = Clock(monkeypatch)
    flow = PeekFlow(lambda: Count(100, 40, late))
    asked = 6.0 if late else 2.0
    # Of the 40 that consumers have, 30 are ours.
    for passed, shown, ends in ((1.0, 95, False), (asked, 30, False), (asked + 1, 89, False), (asked + 2, 90, True)):
        clock.now = 1000.0 + passed
        assert flow.ends(shown, shown) is ends
    assert flow.reached


def test_a_look_ends_where_nobody_counts_and_little_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    for each, end in ((10, True), (10_000, False)):
        clock.now = 1000.0
        flow = PeekFlow(lambda: None)
        ended = False
        for second in range(60):
            clock.now = 1000.0 + second
            ended = ended or flow.ends(second * each, second * each)
            assert not ended or second >= 30
        assert ended is end
