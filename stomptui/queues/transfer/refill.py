"""Refilling: sending the messages of a file in the order of its lines."""

from __future__ import annotations

import functools
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from stomptui.connection.blocking_client import ClientError
from stomptui.protocol import jsonl
from stomptui.protocol.jsonl import JsonlError
from stomptui.protocol.names import lookalike_warning, shown
from stomptui.queues.access import QueueAccess
from stomptui.queues.actions import risks as agreeing
from stomptui.queues.actions.action import DONE, DOUBT, FAILED, UNTOUCHED, ActionTarget, MessageOutcome
from stomptui.queues.actions.pipeline import FrameSpec, Job, Step
from stomptui.queues.headers.differences import Differences
from stomptui.queues.refusal_texts import in_a_line, plain
from stomptui.queues.sending.confirmed_sending import losses
from stomptui.queues.sending.missing_targets import MissingTargets
from stomptui.queues.sending.sending import Delivery
from stomptui.queues.transfer.opening import open_messages
from stomptui.queues.transfer.refill_targets import NeedsYes, destinations, multiplied
from stomptui.queues.transfer.result import LineRange, TransferResult, line_ranges
from stomptui.queues.transfer.transfer import TransferKind

PORTION = 1000
"""Messages after which all that was sent must be confirmed before more of the file is read."""
PORTION_BYTES = 8 << 20
"""Bytes of lines after which too: what is under way is kept in memory."""
PORTION_SECONDS = 3.0
"""Seconds after which too."""
TARGETS = 1000
"""Destinations that are remembered; each has to be asked about once."""
_HINTS = 5
_NOTES = 20


class Refill:
    """One refilling; `run` blocks, in the thread of its `Transfer`.

    Each message is sent with a receipt, by the rules of the broker it goes to: what only one delivery had is left out,
    what means the same under another name there is translated, and what is left out or changed is noted at the end.

    Args:
        access: A way into any queue of the broker; nobody else uses it from here on.
        path: The file, read line by line.
        target: Where all messages go; where each line says by default.
        first_line: The line of the file to begin with, from 1.
        accepts: The risks of its targets that the person said yes to, as `NeedsYes` has them.
        last_line: The last line of the file that is sent, None for all.
    """

    kind = TransferKind.REFILL

    def __init__(
        self,
        access: QueueAccess,
        path: Path,
        target: str = "",
        first_line: int = 1,
        accepts: tuple[str, ...] = (),
        last_line: int | None = None,
    ) -> None:
        self.access = access
        self.accepts = accepts
        self.path = path
        self.target = target
        self.first_line = first_line
        self.last_line = last_line
        self.result = TransferResult("sent", "not confirmed")
        self._differences = Differences()
        self._targets: dict[str, ActionTarget] = {}
        self._forwarding = access.forwarding
        self._missing_targets = MissingTargets(access.forwarding.targets)
        self._unsent_lines: list[int] = []
        """Lines that were not sent, or are lost."""
        self._uncertain_lines: list[int] = []
        """Lines that are in doubt."""
        self._under_way: dict[int, ActionTarget] = {}
        """Where lines go that are not confirmed yet."""
        self._confirmed: dict[ActionTarget, list[int]] = {}
        """Lines that are confirmed and may be lost all the same, by where they went."""
        self._unsure_targets: dict[str, ActionTarget] = {}
        """Targets of which it is not known whether they keep what they confirm, by destination."""
        self._progress: Callable[[TransferResult], None] = lambda result: None

    def run(self, progress: Callable[[TransferResult], None]) -> TransferResult:
        """Refill, until the file ends, the connection does, or somebody stops it.

        Args:
            progress: Called with the result so far, after each outcome of a message.

        Raises:
            NeedsYes: What is confirmed where messages go may not be kept; nothing was sent.
            ClientError: Nothing could be begun.
            FileError: The file cannot be read.
        """
        self._progress = progress
        if refusal := self.access.context.change_refusal:
            raise ClientError(refusal)
        dialect = self.access.dialect
        if not dialect.confirms:
            raise ClientError(f"{dialect.title} confirms nothing and keeps nothing: nobody could tell what arrived")
        self._forwarding.sender.open()
        if why := self.access.context.stopped():
            self.result.stopped = why
            return self.result
        self._ask_for_yes()
        file, self.result.total_size = open_messages(self.path)
        with file:
            if self.target and (refusal := self._known(self.target).refusal):
                raise ClientError(refusal)
            coming = self._wanted(jsonl.lines(file))
            delivery = Delivery(self._forwarding, self._record, self.access.context.stopped)
            more = True
            while more and not self.result.stopped:
                portion = _Portion(coming)
                ended = delivery.run(self._jobs(portion))
                for job in delivery.left:
                    self._unsent(job.index)
                more = not portion.over
                self.result.stopped = self.result.stopped or plain(ended)
                self._check_portion()
            rest = self._count_the_rest(coming) if self.result.stopped else []
            self.result.unsent = [*line_ranges(self._unsent_lines), *rest]
            self.result.uncertain = line_ranges(self._uncertain_lines)
        if self._unsure_targets:
            # The file stays, so that this needs no yes; who deletes it should know.
            self.result.notes += agreeing.not_known(self._unsure_targets.values())
            self.result.notes.append("Keep the file until you have seen that they are there.")
        self.result.notes += self._differences.told
        return self.result

    def _wanted(self, lines: Iterator[jsonl.MessageLine]) -> Iterator[jsonl.MessageLine]:
        """The lines that are to be sent."""
        for item in lines:
            if self.last_line is not None and item.number > self.last_line:
                return
            if item.number >= self.first_line:
                yield item

    def _ask_for_yes(self) -> None:
        """See where messages go before the first is sent. Raises `NeedsYes` as `run` does."""
        names: Iterable[str] = (self.target,)
        wanted = range(self.first_line, 1 + (self.last_line or sys.maxsize - 1))
        if not self.target:
            names = destinations(self.path, wanted, TARGETS, self.access.context.stopped)
        risks: dict[str, None] = {}
        if self.access.dialect.rules.schedules:
            carry = functools.partial(self._forwarding.messages.prepare, source="")
            risks.update(dict.fromkeys(multiplied(self.path, wanted, carry, self.access.context.stopped)))
        for name in names:
            target = self._known(name)
            if not target.refusal:
                risks.update(dict.fromkeys(target.risks))
        if new := tuple(risk for risk in risks if risk not in self.accepts):
            raise NeedsYes(new)

    def close(self) -> None:
        """End the connections."""
        self.access.close()

    def _jobs(self, portion: _Portion) -> Iterator[Job]:
        for item in portion:
            self.result.size = item.end
            try:
                problem, job = self._job(item)
            except JsonlError as error:
                problem, job = f"column {error.column}: {error.reason}" if error.column else error.reason, None
            except ClientError as error:
                self._unsent(item.number)
                self.result.stopped = in_a_line(error)
                return
            if job is None:
                self._record(item.number, MessageOutcome(FAILED, problem))
            else:
                yield job

    def _job(self, item: jsonl.MessageLine) -> tuple[str, Job | None]:
        """What sends the message of a line; or why it cannot be sent."""
        message = item.message()
        name = self.target or message.destination
        if not name:
            return "it does not say where it goes, and no destination was given", None
        target = self._known(name)
        carried = self._forwarding.messages.prepare(message.frame(), source="")
        problem = target.refusal or carried.problem
        if problem:
            return problem, None
        if not _is_text(message.body):
            # Whatever kind of message it was: without content-length its bytes would not arrive.
            carried = carried if carried.content_length else carried.as_bytes("it is not UTF-8, or holds a NUL")
        frame = self._forwarding.messages.send_frame(target, carried)
        problem = self._forwarding.frame_problem(frame)
        if problem:
            return problem, None
        target = self._missing_targets.ready(target)
        problem = target.refusal or agreeing.not_agreed(self.accepts, target.risks)
        if problem:
            return problem, None
        self._note_risks(target)
        self._differences.add(carried.left_out, carried.changed)
        self._under_way[item.number] = target
        steps = functools.partial(self._steps, frame)
        return "", Job(item.number, steps(), target=target, body=carried.body, renew=steps)

    def _steps(self, frame: FrameSpec) -> Iterator[Step]:
        unknown = MessageOutcome(DOUBT, "sent, and whether it arrived is not known")
        yield Step(self._forwarding.sender.client, (frame,), lambda text: MessageOutcome(FAILED, plain(text)), unknown)

    def _known(self, name: str) -> ActionTarget:
        """What is known of a destination. Raises `ClientError`."""
        if name not in self._targets:
            if len(self._targets) >= TARGETS:
                self._targets.clear()
            target = self._targets[name] = self._forwarding.checked(name)
            if (hint := lookalike_warning(name)) and name != self.target and len(self.result.notes) < _HINTS:
                self.result.notes.append(f"{hint}; it was taken as it is.")
            if target.hint and target.exists is not True and not target.refusal and len(self.result.notes) < _HINTS:
                self.result.notes.append(f"{shown(target.destination)}: {target.hint}")
        return self._targets[name]

    def _note_risks(self, target: ActionTarget) -> None:
        """Note what may become of messages where they go."""
        if target.unknown:
            self._unsure_targets.setdefault(target.destination, target)
            self.result.unsure = agreeing.kept_or_not(self._unsure_targets.values())
        for note in target.risks:
            self.result.warned = True
            self._note(note)

    def _note(self, note: str) -> None:
        if note not in self.result.notes and len(self.result.notes) < _NOTES:
            self.result.notes.append(note)

    def _check_portion(self) -> None:
        """See whether what was confirmed of a portion is where it was sent."""
        for target, loss in losses(self._forwarding.targets, self._confirmed, "in the file"):
            numbers = self._confirmed[target]
            # What was confirmed before the broker went away was sent: only what was under way is in doubt then.
            outcome = loss.outcome if loss and not loss.unreached else MessageOutcome(DONE)
            for number in numbers:
                self.result.note(outcome, number)
            if loss and loss.unreached:
                self._note(f"{loss.why}; it was there before the last {len(numbers):,} were confirmed.")
            elif loss:
                (self._unsent_lines if loss.gone else self._uncertain_lines).extend(numbers)
            if loss:
                self.result.stopped = self.result.stopped or loss.why
        self._confirmed.clear()
        self._progress(self.result)

    def _record(self, number: int, outcome: MessageOutcome) -> None:
        target = self._under_way.pop(number, None)
        if target is not None and agreeing.may_be_full(target, outcome):
            self._note(agreeing.is_full(target))
        if outcome.state == DONE and target is not None and target.stored and self._forwarding.targets.confirms_missing:
            self._confirmed.setdefault(target, []).append(number)
            self._progress(self.result)
            return
        if outcome.state == DOUBT:
            self._uncertain_lines.append(number)
        self.result.note(outcome, number)
        self._progress(self.result)

    def _unsent(self, number: int) -> None:
        """The frame did not go out, because the connection had ended."""
        self._unsent_lines.append(number)
        self.result.note(MessageOutcome(UNTOUCHED))

    def _count_the_rest(self, coming: Iterator[jsonl.MessageLine]) -> list[LineRange]:
        """Say how much was not tried; where it begins and ends."""
        first = 0
        if self.result.total_size:
            for item in coming:
                first = first or item.number
                self.result.note(MessageOutcome(UNTOUCHED))
        if not first:
            return []
        while self._unsent_lines and max(self._unsent_lines) + 1 == first:
            # The lines before are not there either: they are one run with the rest.
            first = max(self._unsent_lines)
            self._unsent_lines.remove(first)
        return [(first, self.last_line or 0)]


class _Portion:
    """The next lines of a file, as many as may be under way before all of them must be confirmed."""

    def __init__(self, coming: Iterator[jsonl.MessageLine]) -> None:
        self._coming = coming
        self.over = False
        """Whether the file has no more."""

    def __iter__(self) -> Iterator[jsonl.MessageLine]:
        count = size = 0
        until = time.monotonic() + PORTION_SECONDS
        while not count or (count < PORTION and size < PORTION_BYTES and time.monotonic() < until):
            item = next(self._coming, None)
            if item is None:
                self.over = True
                return
            count, size = count + 1, size + len(item.raw)
            yield item


def _is_text(body: bytes) -> bool:
    """Whether a message of text can be made of it."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in body
