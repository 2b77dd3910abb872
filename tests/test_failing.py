"""What `.ci/run` does with the tests that failed: each runs once more, alone, and nothing else is forgiven."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.failing.__main__ import MOST, run_again
from tests.support.failing.report import RunReport, without_group

HOUSE = Path(__file__).parent.parent
TESTS = """
import pathlib

import pytest

@pytest.mark.parametrize("way", ["a b[c]", "d@e"])
@pytest.mark.xdist_group("some-group")
def test_good_alone(way):
    seen = pathlib.Path(__file__).with_name(f"seen-{way}")
    again = seen.exists()
    seen.touch()
    assert again

def test_bad():
    raise AssertionError("always")

def test_good():
    pass
"""


def once(folder: Path, *arguments: str) -> RunReport:
    """A run by two workers, as `make test` runs them."""
    report = folder / "failures.json"
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", "--max-worker-restart=0"]
    command += ["-p", "tests.support.failing.report", "--failures-to", str(report), f"--rootdir={folder}", *arguments]
    subprocess.run(command, cwd=folder, env=environment(), stdout=subprocess.DEVNULL, check=False)
    return RunReport.read(report)


def again(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.support.failing", str(folder / "failures.json")]
    return subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=False)


def environment() -> dict[str, str]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    return inherited | {"PYTHONPATH": str(HOUSE)}


def verdicts(output: str) -> list[str]:
    return sorted(line for line in output.splitlines() if line.startswith(("FLAKY", "FAILED TWICE")))


@pytest.mark.slow
def test_each_failed_test_runs_once_more_alone(tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text(TESTS)
    report = once(tmp_path, "test_some.py")
    assert report.status == pytest.ExitCode.TESTS_FAILED
    assert len(report.failed) == 3
    second = again(tmp_path)
    assert second.returncode == 1
    assert verdicts(second.stdout) == [
        "FAILED TWICE test_some.py::test_bad",
        "FLAKY test_some.py::test_good_alone[a b[c]]",
        "FLAKY test_some.py::test_good_alone[d@e]",
    ]


@pytest.mark.slow
def test_a_run_in_which_all_pass_alone_is_taken(tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text(TESTS)
    once(tmp_path, "test_some.py", "-k", "good")
    second = again(tmp_path)
    assert second.returncode == 0
    assert len(verdicts(second.stdout)) == 2


@pytest.mark.slow
def test_what_cannot_be_collected_is_a_failure_at_once(tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text(TESTS)
    (tmp_path / "test_broken.py").write_text("import no_such_module\n")
    report = once(tmp_path)
    assert report.broken == ["test_broken.py could not be collected"]
    second = again(tmp_path)
    assert second.returncode == 1
    assert verdicts(second.stdout) == []


@pytest.mark.slow
def test_a_worker_that_dies_is_a_failure_at_once(tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text("import os\n\ndef test_dies():\n    os._exit(3)\n")
    report = once(tmp_path)
    assert len(report.broken) == 1
    assert "died" in report.broken[0]
    assert again(tmp_path).returncode == 1


@pytest.mark.parametrize(
    "report",
    [
        RunReport(status=pytest.ExitCode.INTERRUPTED, failed=["a"]),
        RunReport(status=pytest.ExitCode.INTERNAL_ERROR, failed=["a"]),
        RunReport(status=pytest.ExitCode.TESTS_FAILED, failed=[]),
        RunReport(status=pytest.ExitCode.TESTS_FAILED, failed=["a"], broken=["a worker died"]),
        RunReport(status=pytest.ExitCode.TESTS_FAILED, failed=[f"test_{n}" for n in range(MOST + 1)]),
    ],
)
def test_a_run_that_is_broken_is_not_forgiven(report: RunReport) -> None:
    ran: list[str] = []

    def run(node_id: str) -> bool:
        ran.append(node_id)
        return True

    assert not run_again(report, run)
    assert ran == []


def test_a_run_without_a_report_is_a_failure(tmp_path: Path) -> None:
    assert again(tmp_path).returncode == 1


def test_the_group_is_no_part_of_the_name() -> None:
    assert without_group("tests/a.py::test_b@rabbitmq43") == "tests/a.py::test_b"
    assert without_group("tests/a.py::test_b[x@y]@rabbitmq43") == "tests/a.py::test_b[x@y]"
    assert without_group("tests/a.py::test_b[x@y]") == "tests/a.py::test_b[x@y]"
    assert without_group("tests/a.py::test_b") == "tests/a.py::test_b"
