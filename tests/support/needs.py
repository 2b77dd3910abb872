"""What a test needs that not every machine has: it is skipped without, or fails where everything is required."""

from __future__ import annotations

import os

import pytest

REQUIRED = os.environ.get("STOMPTUI_REQUIRE_BROKERS", "") not in ("", "0")
BROKER_SKIPPED = "real broker skipped: "


def need_broker(title: str, missing: str) -> None:
    """Say what a broker lacks, "" if nothing; one line at the end of the run names those that were skipped."""
    _need(missing, f"{BROKER_SKIPPED}{title} ({missing})")


def need(missing: str) -> None:
    """The same for any other program."""
    _need(missing, missing)


def _need(missing: str, reason: str) -> None:
    if not missing:
        return
    if REQUIRED:
        pytest.fail(f"required here, but {missing}", pytrace=False)
    pytest.skip(reason)
