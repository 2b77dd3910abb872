"""What `stomptui refill` does once its arguments are read: from a file, a pipe or standard input."""

from __future__ import annotations

import argparse
import os
import stat
from pathlib import Path

from stomptui.application.broker_task import BrokerTask
from stomptui.application.task_connections import find_broker
from stomptui.cli.exit_status import ExitStatus
from stomptui.cli.transfer.runner import GivenUp, TransferRunner, confirmed, is_terminal
from stomptui.config.connection import Connection
from stomptui.config.files.paths import state_dir
from stomptui.config.output import on_a_terminal, say
from stomptui.connection.dialect.base import Dialect
from stomptui.queues.transfer.opening import is_pipe, open_pipe
from stomptui.queues.transfer.refill import Refill
from stomptui.queues.transfer.standard_streams import keep_input


def refill(connection: Connection, given: argparse.Namespace) -> int:
    """Refill, after the questions that there are; returns the exit status.

    Raises:
        SessionError: Nothing was done; says why.
    """
    # Whoever writes to a pipe is not to be relieved of messages for a broker that does not answer.
    connection, dialect = find_broker(connection)
    if given.standard:
        return _refill_from_input(connection, given, dialect, 0)
    if is_pipe(given.file):
        try:
            return _refill_from_input(connection, given, dialect, *open_pipe(given.file))
        except OSError as error:
            raise GivenUp(f"{given.file} cannot be read: {error.strerror or error}") from error
    return _refill_from(connection, given, dialect, given.file)


def _refill_from_input(
    connection: Connection, given: argparse.Namespace, dialect: Dialect, handle: int, first: bytes = b""
) -> int:
    """Keep what comes by standard input, or another pipe, in a private file, and refill from that."""
    once = not stat.S_ISREG(os.fstat(handle).st_mode)
    typed = is_terminal(handle)
    if typed:
        say("type or paste messages, each in a line; Ctrl+D ends them")
    runner = TransferRunner()
    with runner.signals():
        path = keep_input(state_dir(), handle, first, runner.interrupted if typed else runner.reads_on)
    status: int = ExitStatus.NOT_DONE
    try:
        if runner.interrupted():
            status = ExitStatus.of_signal(runner.signal)
            say(f"nothing was sent: stopped {runner.interrupted()}")
        else:
            status = _refill_from(connection, given, dialect, path)
    finally:
        if status and once and not typed and path.stat().st_size:
            say(f"what came is kept in {path}")
        else:
            path.unlink()
    return status


def _refill_from(connection: Connection, given: argparse.Namespace, dialect: Dialect, path: Path) -> int:
    accepts: tuple[str, ...] = ()
    while True:
        runner, task = TransferRunner(), BrokerTask.alone(connection, dialect)
        work = Refill(task.access(given.to), path, given.to, given.from_line, accepts, given.to_line)
        status = runner.run(task, work)
        if not runner.unagreed:
            return status
        for risk in runner.unagreed:
            say(risk)
        if not given.yes and not on_a_terminal():
            raise GivenUp("nothing was sent: without a terminal to ask on, --yes is needed to send there all the same")
        if not given.yes and not confirmed("send there all the same? [y/N] "):
            raise GivenUp("nothing was sent")
        accepts += runner.unagreed
