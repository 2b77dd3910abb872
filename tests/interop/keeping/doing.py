"""What the console does with the messages of a case, by the entry points that its screens and its commands use."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from stomptui.application.task_connections import task_context
from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import BlockingClient
from stomptui.connection.dialect.base import Dialect
from stomptui.protocol.jsonl import FileMessage
from stomptui.queues.actions.action import DOUBT, FAILED, UNTOUCHED, Action, MessageOutcome
from stomptui.queues.peek.peek_values import PeekOptions
from stomptui.queues.peek.reports import Failed
from stomptui.queues.transfer.refill import Refill
from stomptui.queues.transfer.result import TransferResult
from stomptui.queues.transfer.transfer import Ended, Unagreed
from tests.interop.keeping.generator import MARK, Drawn
from tests.support.peeking import PeekFailed, peeking
from tests.support.transferring import Running

Way = Literal["move", "copy", "retry", "refill"]
ROUNDS = 4
"""Times that a refill goes on where it ended early."""


class Contradiction(AssertionError):
    """What the console reported contradicts itself."""


@dataclass
class Reported:
    """What the console said.

    Attributes:
        outcomes: Of each message, by its mark.
        peeked: Whether a peek came to its end.
        shown: The marks of the messages that a peek showed; of a refill, those of the file.
        risks: What it said may happen to what is confirmed at the target.
        words: All that it said, in one text, for people.
        bodies: What it showed of the messages, by their mark.
        faults: Connections that sent messages or had them unacknowledged, and ended by themselves.
    """

    outcomes: dict[str, MessageOutcome] = field(default_factory=dict)
    peeked: bool = False
    shown: list[str] = field(default_factory=list)
    risks: tuple[str, ...] = ()
    words: str = ""
    bodies: dict[str, bytes] = field(default_factory=dict)
    faults: int = 0

    def count(self, state: str) -> int:
        return sum(outcome.state == state for outcome in self.outcomes.values())


def act(connection: Connection, source: str, dialect: Dialect, way: Way, target: str, agree: bool) -> Reported:
    """Look into a queue, plan, and do it with all that was shown.

    Args:
        connection: The person's.
        source: The queue.
        dialect: The broker.
        way: What to do.
        target: Where to.
        agree: Whether the person says yes to risks.
    """
    assert way != "refill"
    reported = Reported()
    with peeking(connection, source, 120.0, dialect) as peek:
        try:
            peek.look(PeekOptions(None))
        except PeekFailed as error:
            reported.words = str(error)
            return reported
        reported.peeked = True
        reported.shown = [frame.get(MARK) or "" for frame in peek.frames]
        reported.bodies = {frame.get(MARK) or "": frame.body for frame in peek.frames}
        indexes = range(len(reported.shown))
        action = Action(way, target)
        try:
            plan = peek.plan(action, indexes)
        except PeekFailed as error:
            return _nothing(reported, str(error))
        reported.words = "\n".join((*plan.lines, *plan.unknown, *(why for _, why in plan.problems)))
        reported.risks = plan.risks
        if plan.refusal:
            return _nothing(reported, plan.refusal)
        if reported.risks and not agree:
            return _nothing(reported, "the person did not agree")
        if reported.risks:
            action = Action(way, target, accepts=reported.risks)
        try:
            result = peek.act(action, indexes)
        except PeekFailed as error:
            return _nothing(reported, str(error))
        words = [reported.words, result.text, *result.notes, *(reason for reason, _ in result.reasons)]
        reported.words = "\n".join(words)
        for index, mark in enumerate(reported.shown):
            reported.outcomes[mark] = result.outcomes.get(index, MessageOutcome(UNTOUCHED))
        reported.faults = _faults(peek.lines)
    return reported


def _faults(clients: Sequence[tuple[str, BlockingClient]]) -> int:
    """How many connections ended by themselves; those that ask something end so by design."""
    return sum(
        client.session.state.over and not client.session._run.closed_by_us and not word.startswith("checking")
        for word, client in clients
    )


def _nothing(reported: Reported, why: str) -> Reported:
    """Nothing was done with any."""
    reported.words += f"\n{why}"
    reported.outcomes = {mark: MessageOutcome(UNTOUCHED, why) for mark in reported.shown}
    return reported


def write_file(path: Path, drawn: Sequence[Drawn], destination: str) -> None:
    """A file of messages, as a drain writes it."""
    path.write_bytes(b"".join(FileMessage(destination, one.headers, one.body).line() for one in drawn))


def send_file(
    connection: Connection, path: Path, dialect: Dialect, drawn: Sequence[Drawn], target: str, agree: bool
) -> Reported:
    """Refill from a file, and go on from the line that is named where it ended early; arguments as of `act`."""
    reported = Reported(shown=[one.mark for one in drawn])
    words: list[str] = []
    first = 1
    for _ in range(ROUNDS):
        refill = Refilling(connection, path, dialect, target, first)
        if refill.asked and agree:
            words.append(refill.words)
            reported.risks += refill.asked
            refill = Refilling(connection, path, dialect, target, first, refill.asked)
        words.append(refill.words)
        reported.faults += _faults(refill.lines)
        if refill.result is None:
            break
        _check(refill.result, len(drawn) - first + 1)
        for line, outcome in refill.result.outcomes.items():
            reported.outcomes[drawn[line - 1].mark] = outcome
        first = refill.result.next_line
        if not first:
            break
    reported.words = "\n".join(words)
    for one in drawn:
        reported.outcomes.setdefault(one.mark, MessageOutcome(UNTOUCHED))
    return reported


class Recorded(TransferResult):
    """A result that remembers what became of each line."""

    def __init__(self) -> None:
        super().__init__("sent", "not confirmed")
        self.outcomes: dict[int, MessageOutcome] = {}

    def note(self, outcome: MessageOutcome, line: int = 0) -> None:
        super().note(outcome, line)
        if line:
            self.outcomes[line] = outcome


class Refilling:
    """One refill, run to its end.

    Attributes:
        result: What became of the lines, None if nothing could be begun.
        asked: The risks that need a yes before anything is sent.
        lines: Every connection that was opened, with what for.
        words: All that was said.
    """

    def __init__(
        self,
        connection: Connection,
        path: Path,
        dialect: Dialect,
        target: str,
        first: int,
        accepts: tuple[str, ...] = (),
    ) -> None:
        running = Running()
        self.lines: list[tuple[str, BlockingClient]] = []
        room = task_context(connection, running.stopped)
        self._dial = room.dial
        access = BROKERS.access(target, dialect, dataclasses.replace(room, dial=self._dialing))
        work = Refill(access, path, target, first, accepts)
        result = work.result = Recorded()
        running.start(work).wait()
        self.result = result if any(isinstance(report, Ended) for report in running.reports) else None
        self.asked = next((report.risks for report in running.reports if isinstance(report, Unagreed)), ())
        failed = [f"{one.reason} {one.server_text}" for one in running.reports if isinstance(one, Failed)]
        said = [result.text, *result.notes, *(reason for reason, _ in result.reasons)] if self.result else failed
        self.words = "\n".join((*self.asked, *said))

    def _dialing(self, word: str, *, quiet: bool = False, versions: tuple[str, ...] = ()) -> BlockingClient:
        client = self._dial(word, quiet=quiet, versions=versions)
        self.lines.append((word, client))
        return client


def _check(result: Recorded, lines: int) -> None:
    """What a person reads must be what became of the lines: counted right, and each that is not sent named."""
    counted = sum(result.counts.values())
    if counted != lines:
        raise Contradiction(f"{counted} of {lines} lines are counted: {result.text}")
    for line, outcome in result.outcomes.items():
        if outcome.state in (FAILED, DOUBT) and not any(_names(reason, line) for reason, _ in result.reasons):
            raise Contradiction(f"line {line} is not named: {result.text} {result.reasons}")


def _names(reason: str, line: int) -> bool:
    """Whether a reason names a line: "line 3: ...", "lines 1, 4 to 6 and 2 more: ..."."""
    match = re.match(r"lines? ([^:]+):", reason)
    if match is None:
        return False
    if "more" in match[1]:
        return True
    for part in match[1].split(", "):
        first, _, last = part.partition(" to ")
        if int(first) <= line <= int(last or first):
            return True
    return False
