"""One line for each broker at the end of the run: which seeds were played, and what came up in them."""

from __future__ import annotations

import pytest

PLAYED = "keeping"
"""The property of a test report that says what was played."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            for name, value in getattr(report, "user_properties", ()):
                if name == PLAYED and getattr(report, "when", "") == "call":
                    terminalreporter.write_line(str(value))
