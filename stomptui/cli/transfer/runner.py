"""The command lines of `stomptui drain` and `stomptui refill`: a queue into a file and back, without a screen."""

from __future__ import annotations

import argparse
import contextlib
import functools
import logging
import os
import shutil
import signal
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import FrameType
from typing import Any

from stomptui.application.task_connections import find_dialect, room_alone
from stomptui.brokers.registry import BROKERS
from stomptui.cli.console_options import read_connection
from stomptui.cli.transfer.arguments import make_parser, read_arguments
from stomptui.config.connection import Connection
from stomptui.config.logs import default_log_file, hide, start_log, stop_log
from stomptui.config.output import (
    Stream,
    ask,
    ask_secret,
    crash_line,
    error_on_a_terminal,
    is_open,
    on_a_terminal,
    put,
    put_status,
    say,
)
from stomptui.config.paths import state_dir
from stomptui.config.signals import ENDING
from stomptui.connection.blocking_client import ClientError
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.errors import SessionError
from stomptui.protocol.names import mention, shown
from stomptui.queues.access import QueueAccess
from stomptui.queues.peek import reports
from stomptui.queues.peek.peek_values import QueueSurvey
from stomptui.queues.refusal_texts import in_a_line, plain
from stomptui.queues.transfer.drain import NOTHING, QUIET, Drain, drain_facts, drain_refusal, losses
from stomptui.queues.transfer.message_file import (
    IN_FILE,
    ON_OUTPUT,
    MessageFile,
    MessageSink,
    Mode,
    Place,
    is_pipe,
    open_pipe,
)
from stomptui.queues.transfer.refill import Refill
from stomptui.queues.transfer.standard_streams import StandardOutput, keep_input
from stomptui.queues.transfer.tally import Run, TransferTally, after_a_drain, what_next
from stomptui.queues.transfer.transfer import Ended, Transfer, TransferProgress, TransferWork, Unagreed

log = logging.getLogger(__name__)


class _GivenUp(SessionError):
    """Nothing was done; says why."""


def main(arguments: list[str]) -> int:
    """Run with the arguments behind `stomptui`, the first of them "drain" or "refill"; returns the exit status."""
    command = arguments[0]
    parser = make_parser(command)
    given = read_arguments(parser, arguments[1:], on_a_terminal())
    if given.standard and not (is_open(Stream.OUT) if command == "drain" else sys.stdin):
        parser.error(f"standard {'output' if command == 'drain' else 'input'} is closed")
    connection = _with_password(parser, read_connection(parser, given))
    if told := mention(given.queue if command == "drain" else given.to):
        say(f"{told}; it is taken as it is")
    with contextlib.suppress(OSError):
        start_log(default_log_file())
    try:
        return _drain(connection, given) if command == "drain" else _refill(connection, given)
    except (SessionError, ValueError) as error:
        say(_words(error))
        return 1
    except KeyboardInterrupt:
        say("stopped by Ctrl+C")
        return 130
    except Exception as error:
        log.critical("stomptui %s crashed", command, exc_info=error)
        put(crash_line(error, str(default_log_file())), Stream.ERROR)
        return 1
    finally:
        stop_log()


def _with_password(parser: argparse.ArgumentParser, connection: Connection) -> Connection:
    if not connection.login or connection.passcode:
        return connection
    if not on_a_terminal():
        parser.error(f"the password of {connection.login} is needed, for example in STOMPTUI_PASSWORD")
    try:
        connection = replace(connection, passcode=ask_secret(f"password of {connection.login}: "))
    except (EOFError, KeyboardInterrupt):
        parser.error("no password was given")
    hide(connection.secrets())
    return connection


def _drain(connection: Connection, given: argparse.Namespace) -> int:
    dialect = find_dialect(connection)
    runner = _Runner(given)
    access = runner.access(connection, given.queue, dialect)
    try:
        if refusal := drain_refusal(access, _place(given)):
            raise _GivenUp(refusal)
        survey = access.survey()
        if survey.refusal:
            raise _GivenUp(survey.refusal)
        lost = losses(survey)
        for loss in lost:
            say(loss)
        if lost and given.yes and given.max is not None:
            # Whoever said yes beforehand did not know of it, and the rest would be lost for certain.
            raise _GivenUp(f"{NOTHING}: leave out --max to take all of it, or leave out --yes to be asked")
        if not given.yes:
            _ask(connection, given, access, survey)
    except BaseException:
        access.close()
        raise
    mode: Mode = given.mode
    open_sink: Callable[[], MessageSink] = functools.partial(MessageFile, given.file, mode)
    if given.standard:
        open_sink = functools.partial(StandardOutput, 1, runner.stopped)
    return runner.run(Drain(access, open_sink, given.max, given.wait or QUIET, survey, given.incomplete, lost))


def _refill(connection: Connection, given: argparse.Namespace) -> int:
    # Whoever writes to a pipe is not to be relieved of messages for a broker that does not answer.
    dialect = find_dialect(connection)
    if given.standard:
        return _refill_from_input(connection, given, dialect, 0)
    if is_pipe(given.file):
        try:
            return _refill_from_input(connection, given, dialect, *open_pipe(given.file))
        except OSError as error:
            raise _GivenUp(f"{given.file} cannot be read: {error.strerror or error}") from error
    return _refill_from(connection, given, dialect)


def _refill_from_input(
    connection: Connection, given: argparse.Namespace, dialect: Dialect, handle: int, first: bytes = b""
) -> int:
    """Keep what comes by standard input, or another pipe, in a file of ours, and refill from that."""
    once = not stat.S_ISREG(os.fstat(handle).st_mode)
    typed = _is_terminal(handle)
    if typed:
        say("type or paste messages, each in a line; Ctrl+D ends them")
    runner = _Runner(given)
    with runner.signals():
        given.file = keep_input(state_dir(), handle, first, runner.interrupted if typed else runner.reads_on)
    status = 1
    try:
        if runner.interrupted():
            status = 128 + runner.signal
            say(f"nothing was sent: stopped {runner.interrupted()}")
        else:
            status = _refill_from(connection, given, dialect)
    finally:
        if status and once and not typed and given.file.stat().st_size:
            say(f"what came is kept in {given.file}")
        else:
            given.file.unlink()
    return status


def _refill_from(connection: Connection, given: argparse.Namespace, dialect: Dialect) -> int:
    accepts: tuple[str, ...] = ()
    while True:
        runner = _Runner(given)
        access = runner.access(connection, given.to, dialect)
        status = runner.run(Refill(access, given.file, given.to, given.from_line, accepts, given.to_line))
        if not runner.unagreed:
            return status
        for risk in runner.unagreed:
            say(risk)
        if not given.yes and not on_a_terminal():
            raise _GivenUp("nothing was sent: without a terminal to ask on, --yes is needed to send there all the same")
        if not given.yes and not _answer("send there all the same? [y/N] "):
            raise _GivenUp("nothing was sent")
        accepts += runner.unagreed


def _place(given: argparse.Namespace) -> Place:
    return ON_OUTPUT if given.standard else IN_FILE


def _ask(connection: Connection, given: argparse.Namespace, access: QueueAccess, survey: QueueSurvey) -> None:
    """Ask before anything is taken out. Raises `_GivenUp` if the answer is no."""
    notice = [survey.notice] if survey.ask and not losses(survey) else []
    for fact in notice + drain_facts(access, _place(given)):
        say(fact)
    count = given.max if survey.depth is None else min(survey.depth, given.max or survey.depth)
    many = "all messages" if count is None else "1 message" if count == 1 else f"{count:,} messages"
    most = "at most " if count is not None and survey.depth is None else ""
    where = f"go into {given.file}"
    if given.standard:
        where = "go to standard output"
        if _is_terminal(1):
            where = "are printed on this terminal and kept nowhere"
    question = f"{most}{many} of {shown(given.queue)} at {connection.where} {where}; take them out? [y/N] "
    if not _answer(question):
        raise _GivenUp(NOTHING)


def _answer(question: str) -> bool:
    """Ask on the terminal; whether the answer is yes."""
    return ask(question).strip().lower() in ("y", "yes")


class _Runner:
    """Runs a transfer, shows how it goes, and ends it when a signal comes.

    Args:
        given: The arguments. With standard output for messages the account goes to standard error.
    """

    def __init__(self, given: argparse.Namespace) -> None:
        self.signal = 0
        """The signal that came, 0 if none did."""
        self._told = False
        self._transfer: Transfer | None = None
        self._last: reports.Report | None = None
        self._to_output = given.standard and hasattr(given, "queue")
        self._shows = error_on_a_terminal() and not (self._to_output and _is_terminal(1))

    def access(self, connection: Connection, queue: str, dialect: Dialect) -> QueueAccess:
        return BROKERS.access(queue, dialect, room_alone(connection, self.stopped, self.left))

    def stopped(self) -> str:
        """Why the transfer is to end, "" if it is not."""
        return self._transfer.stopped if self._transfer else ""

    def left(self) -> str:
        """Why no connection is wanted any more, "" while one is."""
        return self._transfer.left if self._transfer else ""

    def interrupted(self) -> str:
        """By which signal, "" if none came."""
        if not self.signal:
            return ""
        return "by Ctrl+C" if self.signal == signal.SIGINT else f"by {signal.Signals(self.signal).name}"

    def reads_on(self) -> str:
        """The same while a pipe is read, which is never left before its end: what it holds is nowhere else."""
        if self.signal and not self._told:
            self._told = True
            say("what comes is read to its end, so that nothing is lost; once more leaves at once")
        return ""

    def run(self, work: TransferWork) -> int:
        """Do it; returns the exit status."""
        transfer = self._transfer = Transfer(work, self._tell)
        with self.signals():
            transfer.start()
            transfer.join()
        if self._shows:
            put_status("")
        last = self._last
        if isinstance(last, Ended):
            output, append = (Stream.ERROR, "") if self._to_output else (Stream.OUT, "--append")
            _account(last.tally, output, append)
            whole = last.tally.whole
        else:
            assert isinstance(last, reports.Failed)
            if not self.unagreed:
                say(last.reason)
            whole = False
        return 128 + self.signal if self.signal else 0 if whole else 1

    @property
    def unagreed(self) -> tuple[str, ...]:
        """Why nothing was sent, if it was because it needs a yes."""
        return self._last.risks if isinstance(self._last, Unagreed) else ()

    def _tell(self, report: reports.Report) -> None:
        if isinstance(report, (Ended, reports.Failed)):
            self._last = report
        elif isinstance(report, TransferProgress) and self._shows:
            put_status(_progress(report.tally)[: shutil.get_terminal_size().columns - 1])

    @contextlib.contextmanager
    def signals(self) -> Iterator[None]:
        """The first signal ends the transfer cleanly, a second one the process."""
        before: dict[signal.Signals, Any] = {}

        def handle(number: int, frame: FrameType | None) -> None:
            for other, handler in before.items():
                signal.signal(other, handler)
            self.signal = number
            if self._transfer is not None:
                self._transfer.stop(self.interrupted())

        for number in ENDING:
            before[number] = signal.signal(number, handle)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _account(tally: TransferTally, output: Stream, append: str) -> None:
    for note in tally.notes:
        say(note)
    for reason, count in tally.reasons:
        say(reason if count == 1 or reason.startswith("line") else f"{count:,} messages: {reason}")
    for line in what_next(tally, _options):
        say(line)
    if told := after_a_drain(tally, append):
        say(told)
    put(tally.summary, output)


def _options(run: Run) -> str:
    """The options that ask for some lines of a file alone."""
    first, last = run
    return f"--from-line {first} --to-line {last}" if last else f"--from-line {first}"


def _progress(tally: TransferTally) -> str:
    told = f"{tally.text}, {tally.size:,} bytes"
    return f"{told} of {tally.total_size:,}" if tally.total_size else told


def _words(error: Exception) -> str:
    return in_a_line(error) if isinstance(error, ClientError) else plain(str(error))


def _is_terminal(handle: int) -> bool:
    try:
        return os.isatty(handle)
    except OSError:
        return False
