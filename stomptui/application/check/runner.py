"""Runs a check: asks question by question, and tells what was found.

Usage:
    check = Check(connection, thorough=False)
    report = check.run(lambda report: ...)
"""

from __future__ import annotations

import dataclasses
import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timezone

from stomptui.application.check.answers import NO_SESSION, Answer, CheckStopped, CutShort, Verdict, not_asked
from stomptui.application.check.context import WAIT, CheckContext, NoConnected
from stomptui.application.check.question import Question
from stomptui.application.check.registry import QUESTIONS
from stomptui.application.check.report import Report, Result
from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import NotReached

log = logging.getLogger(__name__)

READ_ONLY = "the connection is read-only, and asking sends something"
NOT_THOROUGH = "only asked with --thorough: it may {}"
NO_WEBSOCKET = "the connection is not over WebSocket"

Tell = Callable[[Report, Question | None], object]
"""Told before each question, with what was found up to now and the question; at the end with None."""


def what_may_happen(connection: Connection) -> list[str]:
    """What a thorough check may do beyond a usual one, each the end of "it may"."""
    websocket = connection.transport.websocket
    asked = [each for each in QUESTIONS if websocket or not each.websocket]
    return list(dict.fromkeys(may for each in asked for may in each.may))


class Check:
    """One check. `run` is called once, in a thread other than the event loop's.

    Args:
        connection: To which broker, and as whom.
        thorough: Whether to ask too what may leave something behind or disturb.
        wait: Seconds that the server has for each answer.
        questions: What to ask, all by default.
    """

    def __init__(
        self,
        connection: Connection,
        thorough: bool = False,
        wait: float = WAIT,
        questions: tuple[Question, ...] = QUESTIONS,
    ) -> None:
        self.connection = connection
        self.thorough = thorough
        self._questions = questions
        self._context = CheckContext(connection, wait)
        self._stopped = threading.Event()
        self._why = "stopped"
        checked = datetime.now(timezone.utc).isoformat(timespec="seconds")
        self.report = Report(connection.where, "", connection.dialect, "", checked, thorough)
        """What was found up to now."""

    def stop(self, why: str = "stopped") -> None:
        """End it as soon as possible; from any thread."""
        self._why = why
        self._stopped.set()
        self._context.stop()

    def run(self, tell: Tell = lambda report, question: None) -> Report:
        """Ask everything; returns what was found, also if it was stopped.

        Raises:
            NotReached: There is no such server, or it does not let us in: the reason in plain words.
        """
        try:
            self._first()
            for question in self._questions:
                tell(self.report, question)
                self._add(question)
        except CheckStopped:
            self._change(broke_off=self._why)
        finally:
            self._context.finish()
            self._tell_remains()
        self._change(over=True)
        tell(self.report, None)
        return self.report

    def abandon(self) -> Report:
        """What was found, where it does not end in time once it was stopped; from any thread."""
        self._change(broke_off=self._why, over=True)
        self._context.abandon()
        self._tell_remains()
        return self.report

    def _tell_remains(self) -> None:
        empty, others = self._context.remains, self._context.unemptied
        self._change(
            remains=tuple(filter(None, dict.fromkeys(empty))), unemptied=tuple(filter(None, dict.fromkeys(others)))
        )

    def _change(self, **changes: object) -> None:
        self.report = dataclasses.replace(self.report, **changes)  # type: ignore[arg-type]

    def _first(self) -> None:
        """See who answers. A server that was reached and says nothing is asked all the same."""
        reasons = self._context.find_address()
        self._change(where=self._context.connection.where, passed_over=tuple(dict.fromkeys(reasons)))
        try:
            session = self._context.open(timeout=self.connection.timeout)
        except NoConnected as error:
            if error.server_text:
                # It does not let us in, and says why.
                raise
            self._change(broke_off=f"there is no session, because {error}")
            return
        dialect = session.client.dialect
        title = "" if dialect.name == "unknown" else dialect.title
        self._change(server=session.client.session.server, dialect=dialect.name, recognised=title)
        session.close()

    def _add(self, question: Question) -> None:
        began = time.monotonic()
        answer = self._skipped(question) or self._asked(question)
        result = Result(question, answer, time.monotonic() - began)
        self._change(results=(*self.report.results, result))

    def _skipped(self, question: Question) -> Answer | None:
        if self.connection.environment.read_only and not question.connects_only:
            return not_asked(READ_ONLY)
        if question.websocket and not self.connection.transport.websocket:
            return not_asked(NO_WEBSOCKET)
        if question.may and not self.thorough:
            return not_asked(NOT_THOROUGH.format(" and ".join(question.may)))
        if self.report.broke_off and not (question.connects_only and (_tries(question) or self._lets_in)):
            return not_asked(NO_SESSION)
        return None

    @property
    def _lets_in(self) -> bool:
        """Whether a version that was tried by itself is one in which there is a session."""
        return any(_tries(each.question) and each.answer.verdict is Verdict.YES for each in self.report.results)

    def _asked(self, question: Question) -> Answer:
        try:
            return question.ask(self._context)
        except CutShort as error:
            return error.answer
        except NotReached as error:
            return Answer(Verdict.NO_ANSWER, str(error), error.server_text)
        except CheckStopped:
            raise
        except Exception:  # one question that fails must not take the answers to the others along
            log.exception("the question %s failed", question.key)
            return not_asked("a defect of stomptui, which is in its log")


def _tries(question: Question) -> bool:
    """Whether it asks for a session in one version alone."""
    return question.key.startswith("version-")
