"""What came of a drain or a refill: exact counts, and the reasons of what was not done; small however many."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from stomptui.queues.actions.action import DONE, DOUBT, FAILED, UNTOUCHED, MessageOutcome

REASONS = 100
"""Different reasons that are kept; others are only counted."""
_NAMED = 20
"""Ranges of lines that are named for one reason."""

_COMMANDS = 8
"""Commands of each kind that are proposed."""

LineRange = tuple[int, int]
"""The first and the last line of a range, from 1 on; 0 as the last is the end of the file."""


@dataclass
class _Reason:
    """How many messages, and which lines of a file, have one reason."""

    count: int = 0
    ranges: list[LineRange] = field(default_factory=list)
    """The lines it holds for, the first ranges alone."""
    named: int = 0
    """Lines that are in `ranges`."""

    def add(self, line: int) -> None:
        """Count one more message, of that line of the file, 0 without one."""
        self.count += 1
        if line and self.ranges and self.ranges[-1][1] + 1 == line:
            self.ranges[-1] = (self.ranges[-1][0], line)
            self.named += 1
        elif line and len(self.ranges) < _NAMED:
            self.ranges.append((line, line))
            self.named += 1


@dataclass
class TransferResult:
    """What became of the messages of one drain or refill."""

    past: str
    """The verb: "drained" or "sent"."""
    doubt_text: str
    """What it means for a message that it is in doubt: "not confirmed"."""
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((DONE, FAILED, DOUBT, UNTOUCHED), 0))
    """How many messages came to each state of `MessageOutcome`."""
    size: int = 0
    """Bytes of the file that are done with: written and acknowledged, or read."""
    total_size: int = 0
    """Bytes of the file when it is read, 0 if that is not known."""
    stopped: str = ""
    """Why it ended early, "" if it did not."""
    unsent: list[LineRange] = field(default_factory=list)
    """Lines of a refill to go on with: they did not arrive, and nothing is wrong with them."""
    uncertain: list[LineRange] = field(default_factory=list)
    """Lines of a refill that may have arrived, and may not."""
    notes: list[str] = field(default_factory=list)
    """What else is to say, in whole sentences."""
    unsure: str = ""
    """What is not known of what was done, in one short clause, "" if all is."""
    remaining: int = 0
    """Messages that the queue still has though all were asked for: they are unacknowledged at other consumers."""
    written: int = 0
    """Messages that a drain put into its file."""
    maybe_in_queue: int = 0
    """How many of the last of them may be in the queue too, some or all."""
    warned: bool = False
    """Whether what was done may be lost all the same, as the notes say."""
    _reasons: dict[str, _Reason] = field(default_factory=dict)
    _others: int = 0

    def note(self, outcome: MessageOutcome, line: int = 0) -> None:
        """Count what became of one message, of that line of the file."""
        self.counts[outcome.state] += 1
        if outcome.state not in (FAILED, DOUBT):
            return
        if outcome.text not in self._reasons and len(self._reasons) >= REASONS:
            self._others += 1
            return
        self._reasons.setdefault(outcome.text, _Reason()).add(line)

    def doubt_all(self, outcome: MessageOutcome) -> None:
        """All that was done is in doubt after all, for that reason."""
        count, self.counts[DONE] = self.counts[DONE], 0
        self.counts[DOUBT] += count
        self._reasons.setdefault(outcome.text, _Reason()).count += count

    def count(self, state: str) -> int:
        """How many messages came to that state."""
        return self.counts[state]

    @property
    def next_line(self) -> int:
        """The line of the file to go on from, 0 if there is nothing to go on with or it was written."""
        return self.unsent[0][0] if self.unsent else 0

    @property
    def whole(self) -> bool:
        """Whether all of it was done."""
        return self.settled and not self.remaining

    @property
    def settled(self) -> bool:
        """Whether all was done that other consumers left to be done."""
        return not self.stopped and not (self.counts[FAILED] or self.counts[DOUBT] or self.counts[UNTOUCHED])

    @property
    def summary(self) -> str:
        """One line for the end: `3 sent; whether /queue/x keeps them is not known`."""
        return f"{self.text}; {self.unsure}" if self.unsure and self.counts[DONE] + self.counts[DOUBT] else self.text

    @property
    def text(self) -> str:
        """One line: `9,998 sent, 1 failed, 1 untouched; stopped: by you`."""
        parts = [f"{self.counts[DONE]:,} {self.past}"]
        for state, word in ((FAILED, "failed"), (DOUBT, self.doubt_text), (UNTOUCHED, "untouched")):
            if count := self.counts[state]:
                parts.append(f"{count:,} {word}")
        text = ", ".join(parts)
        return f"{text}; stopped: {self.stopped}" if self.stopped else text

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Reasons of what is not done, each with how many messages have it, most frequent first."""
        known = sorted(self._reasons.items(), key=lambda item: -item[1].count)
        found = [(_with_lines(text, reason), reason.count) for text, reason in known]
        return [*found, ("other reasons", self._others)] if self._others else found


def _with_lines(text: str, reason: _Reason) -> str:
    if not reason.ranges:
        return text
    if reason.count == 1:
        return f"line {reason.ranges[0][0]}: {text}"
    named = (str(first) if first == last else f"{first} to {last}" for first, last in reason.ranges)
    more = reason.count - reason.named
    return f"lines {', '.join(named)}{f' and {more:,} more' if more else ''}: {text}"


def after_a_drain(result: TransferResult, append: str) -> str | None:
    """How to go on after a drain that broke off, in a sentence without a full stop; None if there is nothing to say.

    Args:
        result: What became of its messages.
        append: How to ask for another drain at the end of the file; "" where it was written to standard output.
    """
    if not result.written or not (result.stopped or result.maybe_in_queue):
        return None
    hint = f"go on with {append}" if append else "go on with another drain"
    if not result.maybe_in_queue:
        return hint
    one = result.maybe_in_queue == 1
    unit = ("line" if append else "message") + ("" if one else "s")
    which = f"the last {unit}" if one else f"the last {result.maybe_in_queue:,} {unit}, or some of them,"
    return f"{hint}: {which} may be in the queue too, and {'comes' if one else 'come'} once more then"


def what_next(result: TransferResult, these: Callable[[LineRange], str]) -> list[str]:
    """What a person can do about lines that did not arrive, or may not have, in sentences without a full stop.

    Args:
        result: What became of the lines.
        these: How to ask for some lines alone.
    """
    hints = []
    if result.unsent:
        hints.append(f"go on with {_joined([these(part) for part in result.unsent])}")
    for first, last in result.uncertain[:_COMMANDS]:
        again = these((first, last))
        if first == last:
            hints.append(f"line {first} may have arrived: look where it went; if it did not, {again} sends it")
        else:
            hints.append(
                f"lines {first} to {last} may have arrived, all or some: look where they went; {again} sends them once "
                "more, and other numbers send a part of them"
            )
    if more := result.uncertain[_COMMANDS:]:
        hints.append(f"so it is with {sum(last - first + 1 for first, last in more):,} more lines, up to {more[-1][1]}")
    return hints


def _joined(commands: list[str]) -> str:
    text = ", then ".join(commands[:_COMMANDS])
    left = len(commands) - _COMMANDS
    return f"{text}, and {left:,} more such ranges of lines" if left > 0 else text


def line_ranges(numbers: Iterable[int]) -> list[LineRange]:
    """Lines as ranges of those that follow each other, in order."""
    found: list[LineRange] = []
    for number in sorted(numbers):
        if found and found[-1][1] + 1 == number:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
