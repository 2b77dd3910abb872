"""Every header, body and target comes up, and a seed always makes the same case."""

from __future__ import annotations

import random
from collections import Counter

from tests.interop.keeping.generator import ATOMS, BODIES, MARK, draw_messages

SEEDS = 1000


def test_everything_comes_up_in_a_thousand_seeds() -> None:
    came_up: Counter[str] = Counter()
    for seed in range(SEEDS):
        for message in draw_messages(random.Random(seed), str(seed)):
            came_up.update(message.parts)
    print(f"in {SEEDS} seeds: {dict(came_up.most_common())}")
    wanted = [*ATOMS, *(f"body {name}" for name, _ in BODIES)]
    assert [name for name in wanted if came_up[name] < 5] == []
    assert len(set(wanted)) == len(wanted)


def test_each_message_has_a_mark_of_its_own() -> None:
    for seed in range(50):
        marks = [dict(message.headers)[MARK] for message in draw_messages(random.Random(seed), str(seed))]
        assert len(set(marks)) == len(marks)


def test_a_seed_makes_the_same_messages() -> None:
    first, second = (draw_messages(random.Random(7), "7") for _ in range(2))
    assert [(one.parts, one.body) for one in first] == [(one.parts, one.body) for one in second]
