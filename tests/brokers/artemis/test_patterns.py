"""Which addresses a pattern of Artemis means."""

from __future__ import annotations

import pytest

from stomptui.brokers.artemis.target_limits import matches


@pytest.mark.parametrize(
    ("pattern", "address", "meant"),
    [
        ("a.b", "a.b", True),
        ("a.b", "a.bc", False),
        ("a.*", "a.b", True),
        ("a.*", "a", False),
        ("a.*", "a.b.c", False),
        ("*.b", "a.b", True),
        ("a.#", "a", True),
        ("a.#", "a.b.c", True),
        ("a.#", "ab", False),
        ("#.c", "a.b.c", True),
        ("#", "anything.at.all", True),
        ("a.#.c", "a.c", True),
        ("a.#.c", "a.b.b.c", True),
        ("a+", "aa", False),
    ],
)
def test_patterns(pattern: str, address: str, meant: bool) -> None:
    assert matches(pattern, address) is meant
