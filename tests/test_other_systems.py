"""Everything imports, and the app starts, where Python lacks what only POSIX systems have.

No more than that is shown: no test runs on Windows.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("what", ["import", "start"])
def test_without_what_only_posix_has(what: str) -> None:
    command = [sys.executable, "-m", "tests.support.without_posix", what]
    environment = {**os.environ, "TEXTUAL_DRIVER": "textual.drivers.headless_driver:HeadlessDriver"}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=100, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
