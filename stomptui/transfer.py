"""The command lines of `stomptui drain` and `stomptui refill`: a queue into a file and back, without a screen."""

from __future__ import annotations

import argparse
import contextlib
import functools
import getpass
import logging
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from types import FrameType
from typing import Any

from stomptui.broker.dialects import Dialect
from stomptui.broker.errors import SessionError
from stomptui.broker.line import LineError
from stomptui.broker.queues import QueueAccess, Survey, access_to, reports
from stomptui.broker.queues.alone import find_dialect, room_alone
from stomptui.broker.queues.drain import QUIET, Drain, drain_facts, drain_refusal
from stomptui.broker.queues.files import MessageFile, Mode
from stomptui.broker.queues.refill import Refill
from stomptui.broker.queues.tally import Tally
from stomptui.broker.queues.transfer import Ended, Progress, Transfer, Unagreed, Work
from stomptui.broker.queues.words import in_a_line, plain
from stomptui.config.arguments import read_connection
from stomptui.config.connection import Connection
from stomptui.config.logs import default_log_file, hide, start_log, stop_log
from stomptui.config.signals import ENDING
from stomptui.config.transfers import make_parser, read_arguments
from stomptui.protocol.clean import clean
from stomptui.protocol.names import mention, shown

log = logging.getLogger(__name__)


class _GivenUp(SessionError):
    """Nothing was done; says why."""


def main(arguments: list[str]) -> int:
    """Run with the arguments behind `stomptui`, the first of them "drain" or "refill"; returns the exit status."""
    command = arguments[0]
    parser = make_parser(command)
    given = read_arguments(parser, arguments[1:], _on_a_terminal())
    connection = _with_password(parser, read_connection(parser, given))
    if told := mention(given.queue if command == "drain" else given.to):
        _say(f"{told}; it is taken as it is")
    with contextlib.suppress(OSError):
        start_log(default_log_file())
    try:
        return _drain(connection, given) if command == "drain" else _refill(connection, given)
    except (SessionError, ValueError) as error:
        _say(_words(error))
        return 1
    except KeyboardInterrupt:
        _say("stopped by Ctrl+C")
        return 130
    except Exception as error:
        log.critical("stomptui %s crashed", command, exc_info=error)
        _say(f"internal error: {error!r}")
        return 1
    finally:
        stop_log()


def _with_password(parser: argparse.ArgumentParser, connection: Connection) -> Connection:
    if not connection.login or connection.passcode:
        return connection
    if not _on_a_terminal():
        parser.error(f"the password of {connection.login} is needed, for example in STOMPTUI_PASSWORD")
    try:
        connection = replace(connection, passcode=getpass.getpass(f"password of {connection.login}: "))
    except (EOFError, KeyboardInterrupt):
        parser.error("no password was given")
    hide(connection.secrets())
    return connection


def _drain(connection: Connection, given: argparse.Namespace) -> int:
    dialect = find_dialect(connection)
    runner = _Runner()
    access = runner.access(connection, given.queue, dialect)
    try:
        if refusal := drain_refusal(access):
            raise _GivenUp(refusal)
        survey = access.survey()
        if survey.refusal:
            raise _GivenUp(survey.refusal)
        if not given.yes:
            _ask(connection, given, access, survey)
    except BaseException:
        access.close()
        raise
    mode: Mode = given.mode
    open_file = functools.partial(MessageFile, given.file, mode)
    return runner.run(Drain(access, open_file, given.max, given.wait or QUIET, survey, given.incomplete))


def _refill(connection: Connection, given: argparse.Namespace) -> int:
    dialect = find_dialect(connection)
    accepts: tuple[str, ...] = ()
    while True:
        runner = _Runner()
        access = runner.access(connection, given.to, dialect)
        status = runner.run(Refill(access, given.file, given.to, given.from_line, accepts))
        if not runner.unagreed:
            return status
        for risk in runner.unagreed:
            _say(risk)
        if not given.yes and not _on_a_terminal():
            raise _GivenUp("nothing was sent: without a terminal to ask on, --yes is needed to send there all the same")
        if not given.yes and not _answer("send there all the same? [y/N] "):
            raise _GivenUp("nothing was sent")
        accepts += runner.unagreed


def _ask(connection: Connection, given: argparse.Namespace, access: QueueAccess, survey: Survey) -> None:
    """Ask before anything is taken out. Raises `_GivenUp` if the answer is no."""
    for fact in [survey.notice] * survey.ask + drain_facts(access):
        _say(fact)
    count = given.max if survey.depth is None else min(survey.depth, given.max or survey.depth)
    many = "all messages" if count is None else "1 message" if count == 1 else f"{count:,} messages"
    most = "at most " if count is not None and survey.depth is None else ""
    question = f"{most}{many} of {shown(given.queue)} at {connection.where} go into {given.file}; take them out? [y/N] "
    if not _answer(question):
        raise _GivenUp("nothing was taken out")


def _answer(question: str) -> bool:
    """Ask on the terminal; whether the answer is yes."""
    print(clean(question), end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


class _Runner:
    """Runs a transfer, shows how it goes, and ends it when a signal comes."""

    def __init__(self) -> None:
        self._transfer: Transfer | None = None
        self._signal = 0
        self._last: reports.Report | None = None
        self._shows = sys.stderr.isatty()

    def access(self, connection: Connection, queue: str, dialect: Dialect) -> QueueAccess:
        return access_to(queue, dialect, room_alone(connection, self._stopped))

    def _stopped(self) -> str:
        return self._transfer.stopped if self._transfer else ""

    def run(self, work: Work) -> int:
        """Do it; returns the exit status."""
        transfer = self._transfer = Transfer(work, self._tell)
        with self._signals():
            transfer.start()
            transfer.join()
        if self._shows:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
        last = self._last
        if isinstance(last, Ended):
            _account(last.tally)
            whole = last.tally.whole
        else:
            assert isinstance(last, reports.Failed)
            if not self.unagreed:
                _say(last.reason)
            whole = False
        return 128 + self._signal if self._signal else 0 if whole else 1

    @property
    def unagreed(self) -> tuple[str, ...]:
        """Why nothing was sent, if it was because it needs a yes."""
        return self._last.risks if isinstance(self._last, Unagreed) else ()

    def _tell(self, report: reports.Report) -> None:
        if isinstance(report, (Ended, reports.Failed)):
            self._last = report
        elif isinstance(report, Progress) and self._shows:
            line = _progress(report.tally)[: shutil.get_terminal_size().columns - 1]
            print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        """The first signal ends the transfer cleanly, a second one the process."""
        before: dict[signal.Signals, Any] = {}

        def handle(number: int, frame: FrameType | None) -> None:
            for other, handler in before.items():
                signal.signal(other, handler)
            self._signal = number
            if self._transfer is not None:
                self._transfer.stop("by Ctrl+C" if number == signal.SIGINT else f"by {signal.Signals(number).name}")

        for number in ENDING:
            before[number] = signal.signal(number, handle)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _account(tally: Tally) -> None:
    for note in tally.notes:
        _say(note)
    for reason, count in tally.reasons:
        _say(reason if count == 1 or reason.startswith("line") else f"{count:,} messages: {reason}")
    if tally.next_line:
        _say(f"go on with --from-line {tally.next_line}")
    try:
        print(clean(tally.text), flush=True)
    except OSError:
        # Nobody reads the pipe; Python would complain again on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _progress(tally: Tally) -> str:
    told = f"{clean(tally.text)}, {tally.size:,} bytes"
    return f"{told} of {tally.total_size:,}" if tally.total_size else told


def _words(error: Exception) -> str:
    return in_a_line(error) if isinstance(error, LineError) else plain(str(error))


def _say(text: str) -> None:
    """One line on standard error."""
    with contextlib.suppress(OSError):
        print(f"stomptui: {clean(' '.join(text.split()))}", file=sys.stderr, flush=True)


def _on_a_terminal() -> bool:
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))
