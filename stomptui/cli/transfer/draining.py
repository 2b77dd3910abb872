"""What `stomptui drain` does once its arguments are read."""

from __future__ import annotations

import argparse
import functools
from collections.abc import Callable

from stomptui.application.broker_task import BrokerTask
from stomptui.cli.transfer.runner import GivenUp, TransferRunner, confirmed, is_terminal
from stomptui.config.connection import Connection
from stomptui.config.output import ask, say
from stomptui.protocol.names import is_name_of, shown
from stomptui.queues.peek.peek_values import QueueSurvey
from stomptui.queues.transfer.drain import NOTHING, QUIET, Drain, drain_facts, drain_refusal, losses
from stomptui.queues.transfer.message_file import FileMode, MessageFile
from stomptui.queues.transfer.sink import MessageSink, SinkPlace
from stomptui.queues.transfer.standard_streams import StandardOutput


def drain(connection: Connection, given: argparse.Namespace) -> int:
    """Drain, after the questions that there are; returns the exit status.

    Raises:
        SessionError: Nothing was done; says why.
    """
    task = BrokerTask.alone(connection)
    place = SinkPlace.OUTPUT if given.standard else SinkPlace.FILE
    access = task.access(given.queue)
    try:
        if refusal := drain_refusal(access, place):
            raise GivenUp(refusal)
        survey = access.reader.survey()
        if survey.refusal:
            raise GivenUp(survey.refusal)
        lost = losses(survey)
        for loss in lost:
            say(loss)
        if lost and given.yes and given.max is not None:
            # Whoever said yes beforehand did not know of it, and the rest would be lost for certain.
            raise GivenUp(f"{NOTHING}: leave out --max to drain all of it, or leave out --yes to be asked")
        if not given.yes:
            notice = [survey.notice] if survey.ask and not lost else []
            for fact in notice + drain_facts(access, place):
                say(fact)
            if not _agreed(connection, given, survey):
                raise GivenUp(NOTHING)
    except BaseException:
        access.close()
        raise
    mode = FileMode(given.mode)
    open_sink: Callable[[], MessageSink] = functools.partial(MessageFile, given.file, mode)
    if given.standard:
        open_sink = functools.partial(StandardOutput, 1, task.stopped)
    work = Drain(access, open_sink, given.max, given.wait or QUIET, survey, given.incomplete, lost)
    return TransferRunner(messages_to_output=given.standard).run(task, work)


def _agreed(connection: Connection, given: argparse.Namespace, survey: QueueSurvey) -> bool:
    """Ask on the terminal; in production for the name of the queue."""
    question = _question(connection, given, survey)
    if not connection.environment.production:
        return confirmed(f"{question} [y/N] ")
    say(f"PRODUCTION: {question}")
    return is_name_of(ask("type the name of the queue to do it: "), given.queue)


def _question(connection: Connection, given: argparse.Namespace, survey: QueueSurvey) -> str:
    count = given.max if survey.depth is None else min(survey.depth, given.max or survey.depth)
    many = "all messages" if count is None else "1 message" if count == 1 else f"{count:,} messages"
    most = "at most " if count is not None and survey.depth is None else ""
    source = f"{most}{many} of {shown(given.queue)} at {connection.where}"
    if given.standard and is_terminal(1):
        what = f"print {source} on this terminal, where nothing keeps them,"
    else:
        what = f"export {source} to {'standard output' if given.standard else given.file}"
    return f"{what} and remove them from the queue?"
