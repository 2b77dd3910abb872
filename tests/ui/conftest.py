"""Tests of the screen wait for what they look for; Textual's own waiting is cut short."""

from __future__ import annotations

import pytest
from textual import _wait


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual pauses after each key until the whole process is idle, which the broker in a thread of it never is."""
    monkeypatch.setattr(_wait, "SLEEP_GRANULARITY", 0.02)
    monkeypatch.setattr(_wait, "SLEEP_IDLE", 0.005)
