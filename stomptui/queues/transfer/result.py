"""The exact account of messages that went into a file or came out of one, kept small however many they were."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from stomptui.queues.actions.action import DONE, DOUBT, FAILED, UNTOUCHED, MessageOutcome

REASONS = 100
"""Different reasons that are kept; of more it is counted how many there were."""
_NAMED = 20
"""Runs of lines that are named for one reason."""

_COMMANDS = 8
"""Commands that are told of each kind."""

Run = tuple[int, int]
"""The first and the last line of some that follow each other; 0 as the last is the end of the file."""


@dataclass
class _Reason:
    count: int = 0
    runs: list[tuple[int, int]] = field(default_factory=list)
    """The lines it holds for: first and last of each run, the first runs alone."""
    named: int = 0
    """Lines that are in `runs`."""

    def add(self, line: int) -> None:
        """It holds for one more message, of that line of the file, 0 without one."""
        self.count += 1
        if line and self.runs and self.runs[-1][1] + 1 == line:
            self.runs[-1] = (self.runs[-1][0], line)
            self.named += 1
        elif line and len(self.runs) < _NAMED:
            self.runs.append((line, line))
            self.named += 1


@dataclass
class TransferResult:
    """What became of the messages of one drain or refill."""

    past: str
    """The verb: "drained" or "sent"."""
    doubted: str
    """What it means for a message that it is in doubt: "not confirmed"."""
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((DONE, FAILED, DOUBT, UNTOUCHED), 0))
    """How many came to each state of `orders.Fate`."""
    size: int = 0
    """Bytes of the file that are done with: written and acknowledged, or read."""
    total_size: int = 0
    """Bytes of the file when it is read, 0 if that is not known."""
    stopped: str = ""
    """Why it ended early, "" if it did not."""
    again: list[Run] = field(default_factory=list)
    """Lines to go on with: they are not there, and nothing is wrong with them."""
    unknown: list[Run] = field(default_factory=list)
    """Lines that may be there, and may not."""
    notes: list[str] = field(default_factory=list)
    """What else is to say, in whole sentences."""
    unsure: str = ""
    """What is not known of what was done, in one short clause, "" if all is."""
    left: int = 0
    """Messages that the queue still has though all of it was asked for: others hold them."""
    written: int = 0
    """Messages that a drain put into its file."""
    twice: int = 0
    """The last so many of them, of which some or all may be in the queue too."""
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
        """What was done is in doubt after all, for that reason."""
        count, self.counts[DONE] = self.counts[DONE], 0
        self.counts[DOUBT] += count
        self._reasons.setdefault(outcome.text, _Reason()).count += count

    def count(self, state: str) -> int:
        return self.counts[state]

    @property
    def next_line(self) -> int:
        """The line of the file to go on from, 0 if there is nothing to go on with or it was written."""
        return self.again[0][0] if self.again else 0

    @property
    def whole(self) -> bool:
        """Whether all of it was done."""
        return self.settled and not self.left

    @property
    def settled(self) -> bool:
        """Whether all was done of what there was to be had."""
        return not self.stopped and not (self.counts[FAILED] or self.counts[DOUBT] or self.counts[UNTOUCHED])

    @property
    def summary(self) -> str:
        """One line for the end: `3 sent; whether /queue/x keeps them is not known`."""
        return f"{self.text}; {self.unsure}" if self.unsure and self.counts[DONE] + self.counts[DOUBT] else self.text

    @property
    def text(self) -> str:
        """One line: `9,998 sent, 1 failed, 1 untouched; stopped: by you`."""
        parts = [f"{self.counts[DONE]:,} {self.past}"]
        for state, word in ((FAILED, "failed"), (DOUBT, self.doubted), (UNTOUCHED, "untouched")):
            if count := self.counts[state]:
                parts.append(f"{count:,} {word}")
        told = ", ".join(parts)
        return f"{told}; stopped: {self.stopped}" if self.stopped else told

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Reasons of what is not done, each with how many messages have it, most frequent first."""
        told = sorted(self._reasons.items(), key=lambda item: -item[1].count)
        found = [(_with_lines(text, reason), reason.count) for text, reason in told]
        return [*found, ("other reasons", self._others)] if self._others else found


def _with_lines(text: str, reason: _Reason) -> str:
    if not reason.runs:
        return text
    if reason.count == 1:
        return f"line {reason.runs[0][0]}: {text}"
    told = (str(first) if first == last else f"{first} to {last}" for first, last in reason.runs)
    more = reason.count - reason.named
    return f"lines {', '.join(told)}{f' and {more:,} more' if more else ''}: {text}"


def after_a_drain(result: TransferResult, append: str) -> str:
    """How to go on after a drain that broke off, in a sentence without a full stop; "" where there is nothing to tell.

    Args:
        result: What became of its messages.
        append: How to ask for another drain at the end of the file; "" where it was written to standard output.
    """
    if not result.written or not (result.stopped or result.twice):
        return ""
    told = f"go on with {append}" if append else "go on with another drain"
    if not result.twice:
        return told
    one = result.twice == 1
    unit = ("line" if append else "message") + ("" if one else "s")
    which = f"the last {unit}" if one else f"the last {result.twice:,} {unit}, or some of them,"
    return f"{told}: {which} may be in the queue too, and {'comes' if one else 'come'} once more then"


def what_next(result: TransferResult, these: Callable[[Run], str]) -> list[str]:
    """What a person can do about lines that are not there, or may not be, in sentences without a full stop.

    Args:
        result: What became of the lines.
        these: How to ask for some lines alone.
    """
    told = []
    if result.again:
        told.append(f"go on with {_joined([these(run) for run in result.again])}")
    for first, last in result.unknown[:_COMMANDS]:
        again = these((first, last))
        if first == last:
            told.append(f"line {first} may be there: look where it went; if it is not, {again} sends it")
        else:
            told.append(
                f"lines {first} to {last} may be there, all or some: look where they went; {again} sends them once "
                "more, and other numbers send a part of them"
            )
    if more := result.unknown[_COMMANDS:]:
        told.append(f"so it is with {sum(last - first + 1 for first, last in more):,} more lines, up to {more[-1][1]}")
    return told


def _joined(commands: list[str]) -> str:
    told = ", then ".join(commands[:_COMMANDS])
    left = len(commands) - _COMMANDS
    return f"{told}, and {left:,} more such runs of lines" if left > 0 else told


def runs(numbers: Iterable[int]) -> list[Run]:
    """Lines as runs of those that follow each other."""
    found: list[Run] = []
    for number in sorted(numbers):
        if found and found[-1][1] + 1 == number:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
