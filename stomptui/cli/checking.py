"""What `stomptui check` does once its arguments are read."""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import threading
import time
from types import FrameType
from typing import Any

from stomptui.application.check.context import WAIT
from stomptui.application.check.learning import in_words, learnt
from stomptui.application.check.question import Question
from stomptui.application.check.report import Report
from stomptui.application.check.runner import Check, what_may_happen
from stomptui.cli.exit_status import ExitStatus
from stomptui.cli.transfer.runner import GivenUp, confirmed
from stomptui.config.connection import Connection
from stomptui.config.output import error_on_a_terminal, put, put_status, say
from stomptui.config.profiles import Profiles
from stomptui.config.signals import ENDING

LONGEST_STOP = 2.0
"""Seconds to end once a signal came; then what was found is printed all the same."""
NARROWEST = 60
"""Columns of the table at least."""


def check(connection: Connection, given: argparse.Namespace) -> int:
    """Check, and print what was found; returns the exit status.

    Raises:
        SessionError: The server cannot be reached; says why.
    """
    if given.thorough and not connection.environment.read_only:
        _say_before(connection, given.yes)
    run = _Run(Check(connection, given.thorough, given.wait or WAIT))
    report = run.to_its_end()
    if given.json:
        put(json.dumps(report.as_json(), ensure_ascii=False, indent=1), keep="\n")
    else:
        width = max(NARROWEST, shutil.get_terminal_size((100, 24)).columns)
        put("\n".join(report.lines(width)), keep="\n")
    if given.save and not report.broke_off:
        _save(given.profile, report)
    if run.signal:
        return ExitStatus.of_signal(run.signal)
    return ExitStatus.NOT_DONE if report.broke_off else ExitStatus.DONE


def _save(profile: str, report: Report) -> None:
    """Keep what was learnt, and say what.

    Raises:
        ProfileError: It cannot be kept.
    """
    values = learnt(report)
    if not values:
        say(f"nothing of it is worth keeping in {profile}")
        return
    Profiles().change(profile, values)
    say(f"kept in {profile}: {in_words(values)}")


def _say_before(connection: Connection, agreed: bool) -> None:
    """Say what a thorough check may do; in production it is asked for.

    Raises:
        GivenUp: The answer was no.
    """
    for each in what_may_happen(connection):
        say(f"a thorough check may {each}")
    asks = connection.environment.production and not agreed
    if asks and not confirmed(f"PRODUCTION: check {connection.where} thoroughly? [y/N] "):
        raise GivenUp("nothing was asked")


class _Run:
    """A check in a thread of its own, while this one listens for signals."""

    def __init__(self, check: Check) -> None:
        self.signal = 0
        """The signal that ended it, 0 if none did."""
        self._check = check
        self._error: BaseException | None = None
        self._shows = error_on_a_terminal()

    def to_its_end(self) -> Report:
        """Run it; the first signal ends it, a second one the process. Raises what it raised."""
        before: dict[signal.Signals, Any] = {}

        def handle(number: int, frame: FrameType | None) -> None:
            for other, handler in before.items():
                signal.signal(other, handler)
            self.signal = number
            self._check.stop("stopped by Ctrl+C" if number == signal.SIGINT else "ended by a signal")

        for number in ENDING:
            before[number] = signal.signal(number, handle)
        thread = threading.Thread(target=self._run, name="stomptui-check", daemon=True)
        try:
            thread.start()
            self._wait(thread)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            if self._shows:
                put_status("")
        if self._error is not None:
            raise self._error
        return self._check.abandon() if thread.is_alive() else self._check.report

    def _wait(self, thread: threading.Thread) -> None:
        until = None
        while thread.is_alive() and (until is None or time.monotonic() < until):
            thread.join(0.1)
            if self.signal and until is None:
                until = time.monotonic() + LONGEST_STOP

    def _run(self) -> None:
        try:
            self._check.run(self._tell)
        except BaseException as error:
            self._error = error

    def _tell(self, report: Report, question: Question | None) -> None:
        if self._shows and question is not None:
            line = f"{len(report.results) + 1}: {question.title}: {question.how}"
            put_status(line[: shutil.get_terminal_size().columns - 1])
