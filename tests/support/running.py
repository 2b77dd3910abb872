"""The program in a real terminal, for tests that type into it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.support.terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]


def stomptui(*arguments: str, columns: int = 120, rows: int = 36, **environment: str) -> Terminal:
    """Runs `stomptui` with these arguments; used as a context, it is gone afterwards."""
    argv = [sys.executable, "-m", "stomptui", *arguments]
    whole = {**os.environ, "PYTHONPATH": str(ROOT), "STOMP_SKIP_HOSTNAME_SCAN": "1", **environment}
    return Terminal(argv, whole, columns, rows, folder=ROOT)
