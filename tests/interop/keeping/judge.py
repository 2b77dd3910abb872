"""Whether what the console said of the messages of a case is what was found afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from stomptui.queues.actions.action import DONE, DOUBT, FAILED, UNTOUCHED
from tests.interop.keeping.doing import Reported, Way
from tests.interop.keeping.generator import Drawn, expires_by_itself, expires_in_its_queue
from tests.interop.keeping.places import Loss
from tests.interop.keeping.recount import Counted

ADDRESS_FULL = "AMQ229102"
"""What Artemis says of a move to a full address; 2.56 counts each such message twice in its source from then on."""


class Violation(Enum):
    """What is wrong."""

    LOST = "lost"
    """Neither in the source nor in the target, and neither named nor a risk that was agreed to."""
    DUPLICATED = "duplicated"
    """In both places, or twice in one, and called done."""
    ARRIVED = "arrived"
    """Called failed or untouched, and in the target all the same."""
    CHANGED = "changed"
    """Its body is another."""
    PERHAPS = "perhaps"
    """Called perhaps though nothing went wrong."""
    UNREPORTED = "unreported"
    """A message was in the source and not shown, or counted wrongly."""
    BROKEN = "broken"
    """The console, or the recount, failed in an unexpected way."""


@dataclass(frozen=True)
class Found:
    """One thing that is wrong.

    Attributes:
        violation: What.
        mark: The message.
        text: In words.
    """

    violation: Violation
    mark: str
    text: str


@dataclass(frozen=True)
class Evidence:
    """What is known of a case once it is over.

    Attributes:
        way: What was done.
        drawn: The messages that were in the source, or in the file.
        reported: What the console said.
        source: What is in the source afterwards; empty where it is a file.
        target: What is in each queue of the target.
        everywhere: Whether each queue of the target gets every message.
        loss: How the target does not keep what it confirmed, if it does not.
    """

    way: Way
    drawn: Sequence[Drawn]
    reported: Reported
    source: Counted
    target: Sequence[Counted]
    everywhere: bool = False
    loss: Loss | None = None

    def left(self, one: Drawn) -> int:
        """How often a message is in the source."""
        return len(self.source.bodies.get(one.mark, ()))

    def there(self, one: Drawn) -> tuple[int, int]:
        """How often it arrived, and how often at most."""
        counts = [len(queue.bodies.get(one.mark, ())) for queue in self.target]
        if not self.everywhere:
            return sum(counts), sum(counts)
        return min(counts, default=0), max(counts, default=0)


def judge(case: Evidence) -> list[Found]:
    """Compare what was reported with what was found."""
    found: list[Found] = []
    excused = _excused(case)
    for one in case.drawn:
        outcome = case.reported.outcomes.get(one.mark)
        if outcome is None:
            found.append(Found(Violation.UNREPORTED, one.mark, "nothing is reported of it"))
            continue
        left = case.left(one)
        arrived, most = case.there(one)
        reported_outcome = f"reported {outcome.state}{f' ({outcome.text})' if outcome.text else ''}"
        seen = f"{reported_outcome}, {left} in the source, {arrived} in the target; {', '.join(one.parts)}"
        wrong = None
        if outcome.state == DONE:
            if most > 1 or (left and case.way in ("move", "retry")):
                wrong = Violation.DUPLICATED
            elif not arrived and one.mark not in excused:
                wrong = Violation.LOST
        elif outcome.state == DOUBT and not case.reported.faults:
            wrong = Violation.PERHAPS
        elif outcome.state in (FAILED, UNTOUCHED) and most:
            wrong = Violation.ARRIVED
        if case.way != "refill" and not left and not expires_in_its_queue(one):
            known = outcome.state == DONE or (outcome.state == DOUBT and arrived)
            if case.way == "copy" or not known:
                wrong = Violation.LOST
        if wrong is not None:
            found.append(Found(wrong, one.mark, seen))
        found += _changed(one, (case.source, *case.target), reported_outcome)
    return found + _uncounted(case)


def _uncounted(case: Evidence) -> list[Found]:
    """Where the broker's own counter says another number than the bare socket found.

    What has expired, or is let go of otherwise, is counted by some until somebody reads.
    """
    if any(expires_in_its_queue(one) for one in case.drawn):
        return []
    queues = [("the source", case.source)]
    if ADDRESS_FULL in case.reported.words:
        queues.clear()
    if case.loss is None:
        queues += [("the target", queue) for queue in case.target]
    return [
        Found(Violation.BROKEN, "", f"in {name} the broker counts {queue.counter}, and {queue.found} came")
        for name, queue in queues
        if queue.counter is not None and not queue.apart and queue.counter != queue.found
    ]


def _excused(case: Evidence) -> frozenset[str]:
    """Messages that may be gone though they were confirmed, as they said so themselves or the console did before.

    What was said excuses what is of that kind alone, and no more of it than the target lets go.
    """
    done = [one for one in case.drawn if (outcome := case.reported.outcomes.get(one.mark)) and outcome.state == DONE]
    ended = {one.mark for one in done if expires_by_itself(one)}
    loss = case.loss
    if loss is None or not loss.is_announced("\n".join((*case.reported.risks, case.reported.words))):
        return frozenset(ended)
    there = sum(case.there(one)[0] > 0 for one in done)
    if there < min(loss.kept, len(done) - len(ended)):
        return frozenset(ended)
    return frozenset(ended | {one.mark for one in done if loss.which(one)})


def _changed(one: Drawn, queues: Sequence[Counted], seen: str) -> list[Found]:
    for queue in queues:
        for body in queue.bodies.get(one.mark, ()):
            if body != one.body:
                return [Found(Violation.CHANGED, one.mark, f"{seen}; {one.body[:60]!r} became {body[:60]!r}")]
    return []


def count_violations(found: Sequence[Found]) -> Mapping[str, int]:
    """How often each kind of violation was found."""
    counts: dict[str, int] = {}
    for one in found:
        counts[one.violation.value] = counts.get(one.violation.value, 0) + 1
    return counts
