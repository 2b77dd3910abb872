"""`python -m tests.support.failing FILE`: run what failed in a test run once more, each test alone."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.failing.report import RunReport

MOST = 10
"""With more failures than this something is broken, and nothing is run again."""
SECONDS = 600
"""How long one test may take alone, with the start of its broker."""


def run_alone(node_id: str) -> bool:
    """Run one test in a process of its own.

    Returns:
        Whether it passed. A test that is skipped now, or not found, did not.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "failures.json"
        command = [sys.executable, "-m", "pytest", "-n", "0", "-p", "tests.support.failing.report"]
        try:
            subprocess.run([*command, "--failures-to", str(path), node_id], timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return False
        if not path.exists():
            return False
        report = RunReport.read(path)
        return report.status == pytest.ExitCode.OK and report.passed > 0


def run_again(report: RunReport, run: Callable[[str], bool] = run_alone) -> bool:
    """Run what failed once more, and say what came of it.

    Returns:
        Whether the run counts as passed: each test that failed passed when it ran alone.
    """
    if report.status == pytest.ExitCode.OK:
        return True
    if report.broken or report.status != pytest.ExitCode.TESTS_FAILED or not report.failed:
        print("not run again:", *report.broken or [f"the run did not come to its end (exit status {report.status})"])
        return False
    if len(report.failed) > MOST:
        print(f"not run again: {len(report.failed)} tests failed, more than {MOST}")
        return False
    outcomes = []
    for node_id in report.failed:
        print(f"\n==> once more, alone: {node_id}", flush=True)
        outcomes.append((node_id, run(node_id)))
    print()
    for node_id, passed in outcomes:
        print(f"FLAKY {node_id}" if passed else f"FAILED TWICE {node_id}", flush=True)
    return all(passed for _, passed in outcomes)


def main() -> int:
    path = Path(sys.argv[1])
    if not path.exists():
        print(f"not run again: the run wrote no report to {path}")
        return 1
    return 0 if run_again(RunReport.read(path)) else 1


if __name__ == "__main__":
    sys.exit(main())
