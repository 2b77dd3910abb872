"""A pytest plugin that writes to a file how a run ended and which tests failed in it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest
from xdist.workermanage import WorkerController


@dataclass(slots=True)
class RunReport:
    """How one test run ended.

    Attributes:
        status: pytest's exit status.
        passed: How many tests passed.
        failed: The node ids of the tests that failed, in the order in which they did, each once.
        broken: Why nobody knows of some tests how they would have ended: a file that could not be collected, or a
            worker that died, for which no other takes over.
    """

    status: int = pytest.ExitCode.INTERNAL_ERROR
    passed: int = 0
    failed: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> RunReport:
        return cls(**json.loads(path.read_text(encoding="utf-8")))


def without_group(node_id: str) -> str:
    """The node id by which a test can be run: pytest-xdist adds `@group` to that of a test in a group."""
    at = node_id.rfind("@")
    return node_id[:at] if at > node_id.rfind("]") else node_id


class Recorder:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.report = RunReport()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = without_group(report.nodeid)
        if report.failed and name not in self.report.failed:
            self.report.failed.append(name)
        if report.passed and report.when == "call":
            self.report.passed += 1

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.broke(f"{report.nodeid} could not be collected")

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: WorkerController, error: object | None) -> None:
        if error is not None:
            self.broke(f"worker {node.gateway.id} died: {error}")

    def broke(self, reason: str) -> None:
        # Each worker collects for itself, and says the same.
        if reason not in self.report.broken:
            self.report.broken.append(reason)

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        self.report.status = int(exitstatus)
        self.report.write(self.path)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--failures-to", metavar="FILE", help="write to FILE how the run ended and what failed")


def pytest_configure(config: pytest.Config) -> None:
    path = config.getoption("--failures-to")
    # The workers of pytest-xdist tell the process that started them, and that one writes.
    if path is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(Path(path)))
