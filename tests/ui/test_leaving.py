"""However the app ends, the terminal is as it was, and a crash is one line that says where the log is."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.support.terminal import Terminal

PROGRAM = Path(__file__).with_name("leaving_app.py")
ROOT = PROGRAM.parents[2]


def environment(folder: Path, how: str) -> dict[str, str]:
    return {
        **os.environ,
        "TERM": "xterm-256color",
        "PYTHONPATH": str(ROOT),
        "STOMPTUI_CONFIG_DIR": str(folder),
        "STOMPTUI_STATE_DIR": str(folder),
        "LEAVING": how,
    }


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], Terminal]]:
    with contextlib.ExitStack() as running:

        def run(how: str) -> Terminal:
            argv = [sys.executable, str(PROGRAM)]
            return running.enter_context(Terminal(argv, environment(tmp_path, how), folder=ROOT))

        yield run


def assert_as_it_was(terminal: Terminal) -> None:
    assert terminal.modes_left_on() == []
    assert terminal.line_mode_is_back()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_cleanly(start: Callable[[str], Terminal], how: signal.Signals) -> None:
    terminal = start("")
    terminal.wait_for("ready")
    terminal.kill(how)
    assert terminal.wait_end() == 128 + how
    assert_as_it_was(terminal)
    assert terminal.after_the_screen() == "/queue/test: 3 received\n"


@pytest.mark.parametrize("how", ["busy", "deaf"])
def test_a_terminal_that_went_away_ends_it_with_or_without_a_hang_up(tmp_path: Path, how: str) -> None:
    child: Any = pexpect.spawn(sys.executable, [str(PROGRAM)], env=environment(tmp_path, how), timeout=20)  # type: ignore[no-untyped-call]
    try:
        child.expect_exact(b"ready")
        # It goes on painting; of a frame only what changed is written.
        child.expect_exact(b"...")
        child.ptyproc.fileobj.close()
        deadline = time.monotonic() + 20
        while child.ptyproc.isalive() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not child.ptyproc.isalive(), "it is still there"
        assert child.ptyproc.exitstatus == 128 + signal.SIGHUP
    finally:
        if child.ptyproc.isalive():
            os.kill(child.pid, signal.SIGKILL)
        child.closed = child.ptyproc.closed = True


@pytest.mark.parametrize("how", ["action", "compose", "markup", "stylesheet"])
def test_a_crash_is_one_line_after_the_screen(start: Callable[[str], Terminal], how: str, tmp_path: Path) -> None:
    terminal = start(how)
    if how != "compose":
        terminal.wait_for("ready")
        terminal.press("x")
    assert terminal.wait_end() == 1
    assert_as_it_was(terminal)
    log = tmp_path / "stomptui.log"
    said = [line for line in terminal.after_the_screen().splitlines() if line]
    assert said[0].endswith("/queue/test: 3 received") and len(said) == 2
    assert said[1].startswith("stomptui crashed: ") and said[1].endswith(f"; the log is at {log}")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert "Traceback" in log.read_text()
    assert "s3cret-word" not in log.read_text() and b"s3cret-word" not in terminal.raw


def test_what_finds_its_widgets_gone_while_it_leaves_is_no_crash(start: Callable[[str], Terminal]) -> None:
    terminal = start("late")
    terminal.wait_for("ready")
    terminal.press("x")
    assert terminal.wait_end() == 3
    assert_as_it_was(terminal)
    assert terminal.after_the_screen() == "/queue/test: 3 received\n"


def test_a_thread_that_dies_goes_to_the_log_and_not_to_the_screen(
    start: Callable[[str], Terminal], tmp_path: Path
) -> None:
    terminal = start("thread")
    terminal.wait_for("ready")
    terminal.press("x")
    log = tmp_path / "stomptui.log"
    terminal.press("q")
    assert terminal.wait_end() == 0
    assert_as_it_was(terminal)
    assert b"no luck" not in terminal.raw
    assert "no luck" in log.read_text()
