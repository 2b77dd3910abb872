"""Running a drain or a refill in a shell: progress on standard error, signals, the result, and the exit status."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from stomptui.application.broker_task import BrokerTask
from stomptui.cli.exit_status import ExitStatus
from stomptui.config.files.logs import default_log_file, start_log, stop_log
from stomptui.config.output import Stream, ask, crash_line, error_on_a_terminal, put, put_status, say
from stomptui.config.signals import ENDING
from stomptui.connection.blocking_client import ClientError
from stomptui.connection.errors import SessionError
from stomptui.queues.peek import reports
from stomptui.queues.refusal_texts import in_a_line, plain
from stomptui.queues.transfer.result import LineRange, TransferResult, after_a_drain, what_next
from stomptui.queues.transfer.transfer import Ended, TransferProgress, TransferWork, Unagreed

log = logging.getLogger(__name__)


class GivenUp(SessionError):
    """Nothing was done; says why."""


def logged(command: str, run: Callable[[], int]) -> int:
    """Run a command that has read its arguments, with the log file; whatever ends it is one line and a status."""
    with contextlib.suppress(OSError):
        start_log(default_log_file())
    try:
        return run()
    except (SessionError, ValueError) as error:
        say(in_a_line(error) if isinstance(error, ClientError) else plain(str(error)))
        return ExitStatus.NOT_DONE
    except KeyboardInterrupt:
        say("stopped by Ctrl+C")
        return ExitStatus.INTERRUPTED
    except Exception as error:
        log.critical("stomptui %s crashed", command, exc_info=error)
        put(crash_line(error, str(default_log_file())), Stream.ERROR)
        return ExitStatus.NOT_DONE
    finally:
        stop_log()


def confirmed(question: str) -> bool:
    """Ask on the terminal; whether the answer is yes."""
    return ask(question).strip().lower() in ("y", "yes")


class TransferRunner:
    """Runs a transfer, shows how it goes, and ends it when a signal comes.

    Args:
        messages_to_output: Whether standard output is for messages; the result goes to standard error then.
    """

    def __init__(self, messages_to_output: bool = False) -> None:
        self.signal = 0
        """The signal that came, 0 if none did."""
        self._explained = False
        self._task: BrokerTask | None = None
        self._last: reports.Report | None = None
        self._to_output = messages_to_output
        self._shows = error_on_a_terminal() and not (self._to_output and is_terminal(1))

    def interrupted(self) -> str:
        """By which signal, "" if none came."""
        if not self.signal:
            return ""
        return "by Ctrl+C" if self.signal == signal.SIGINT else f"by {signal.Signals(self.signal).name}"

    def reads_on(self) -> str:
        """The same while a pipe is read, which is never left before its end: what it holds is nowhere else."""
        if self.signal and not self._explained:
            self._explained = True
            say("standard input is read to its end, so that nothing is lost; press once more to leave at once")
        return ""

    def run(self, task: BrokerTask, work: TransferWork) -> int:
        """Do it; returns the exit status."""
        self._task = task
        with self.signals():
            task.start(work, self._report)
            task.join()
        if self._shows:
            put_status("")
        last = self._last
        if isinstance(last, Ended):
            output, append = (Stream.ERROR, "") if self._to_output else (Stream.OUT, "--append")
            _print_result(last.result, output, append)
            whole = last.result.whole
        else:
            assert isinstance(last, reports.Failed)
            if not self.unagreed:
                say(last.reason)
            whole = False
        if self.signal:
            return ExitStatus.of_signal(self.signal)
        return ExitStatus.DONE if whole else ExitStatus.NOT_DONE

    @property
    def unagreed(self) -> tuple[str, ...]:
        """Why nothing was sent, if it was because it needs a yes."""
        return self._last.risks if isinstance(self._last, Unagreed) else ()

    def _report(self, report: reports.Report) -> None:
        if isinstance(report, (Ended, reports.Failed)):
            self._last = report
        elif isinstance(report, TransferProgress) and self._shows:
            put_status(_progress(report.result)[: shutil.get_terminal_size().columns - 1])

    @contextlib.contextmanager
    def signals(self) -> Iterator[None]:
        """The first signal ends the transfer cleanly, a second one the process."""
        before: dict[signal.Signals, Any] = {}

        def handle(number: int, frame: FrameType | None) -> None:
            for other, handler in before.items():
                signal.signal(other, handler)
            self.signal = number
            if self._task is not None:
                self._task.stop(self.interrupted())

        for number in ENDING:
            before[number] = signal.signal(number, handle)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _print_result(result: TransferResult, output: Stream, append: str) -> None:
    for note in result.notes:
        say(note)
    for reason, count in result.reasons:
        say(reason if count == 1 or reason.startswith("line") else f"{count:,} messages: {reason}")
    for line in what_next(result, _line_options):
        say(line)
    if hint := after_a_drain(result, append):
        say(hint)
    put(result.summary, output)


def _line_options(run: LineRange) -> str:
    """The options that ask for some lines of a file alone."""
    first, last = run
    return f"--from-line {first} --to-line {last}" if last else f"--from-line {first}"


def _progress(result: TransferResult) -> str:
    text = f"{result.text}, {result.size:,} bytes"
    return f"{text} of {result.total_size:,}" if result.total_size else text


def is_terminal(handle: int) -> bool:
    """Whether a terminal is behind that descriptor."""
    try:
        return os.isatty(handle)
    except OSError:
        return False
