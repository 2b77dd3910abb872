"""What a check found, as lines of a table and as JSON."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from stomptui import __version__
from stomptui.application.check.answers import NO_SESSION, Answer, Verdict
from stomptui.application.check.question import Question
from stomptui.application.check.summary import Summary, summary_of
from stomptui.config.files.logs import redacted

FORMAT = 1
"""The version of the JSON; it grows when a field is removed or means something else."""
MORE = "More is asked with --thorough."
_VERDICT_WIDTH = 17
_INDENT = "  "
_NARROWEST = 20
"""Columns of a detail at least."""


@dataclass(frozen=True)
class TableLine:
    """One line of the table."""

    text: str
    verdict: Verdict | None = None
    """The answer that stands in it, None in other lines."""
    at: int = 0
    """Where the words of the answer begin."""
    heading: bool = False


@dataclass(frozen=True)
class Result:
    """One question and its answer."""

    question: Question
    answer: Answer
    seconds: float = 0.0
    """How long it took."""


@dataclass(frozen=True)
class Report:
    """All of a check."""

    where: str
    """Login and address, without secrets."""
    server: str
    """The `server` header of CONNECTED, "" without one."""
    dialect: str
    """The name of the dialect."""
    recognised: str
    """As whom the server was recognised, a title such as "Spring"; "" if it was not."""
    checked: str
    """When, as ISO 8601 in UTC."""
    thorough: bool
    results: tuple[Result, ...] = ()
    remains: tuple[str, ...] = ()
    """What may stay on the broker, empty, in words."""
    unemptied: tuple[str, ...] = ()
    """What may stay there with messages of the check, in words."""
    passed_over: tuple[str, ...] = ()
    """Why the addresses before the one that was asked did not answer, in words."""
    over: bool = False
    """Whether nothing more will be asked."""
    broke_off: str = ""
    """Why not all was asked, "" if all was."""

    def answer(self, key: str) -> Answer | None:
        """The answer to a question, None if there is none yet."""
        return next((each.answer for each in self.results if each.question.key == key), None)

    def table(self, width: int, more: str = MORE) -> list[TableLine]:
        """The table, for so many columns. Secrets are masked in it, and it is not sanitised.

        Args:
            width: Columns.
            more: Said where a thorough check would ask more.
        """
        made = [TableLine(f"{self.who} at {self.where}", heading=True)]
        shown = [each for each in self.results if not each.question.may or self.thorough]
        shown = [each for each in shown if not (each.question.websocket and each.answer.verdict is Verdict.NOT_ASKED)]
        # A note says once why the rest was not asked.
        shown = [each for each in shown if each.answer.detail != NO_SESSION]
        titles = max((len(each.question.title) for each in shown), default=0) + 2
        for section, results in groupby(shown, key=lambda each: each.question.section):
            made += [TableLine(""), TableLine(section.value, heading=True)]
            for each in results:
                made += _row(each, titles, width)
        asks_more = not self.thorough and not self.broke_off and any(each.question.may for each in self.results)
        for note in [more] * asks_more + self.notes:
            made += [TableLine(""), *map(TableLine, textwrap.wrap(note, width))]
        return made + (self._in_short(width) if self.over else [])

    @property
    def who(self) -> str:
        """Who answered: as it calls itself, or else as it was recognised. Secrets are masked in it."""
        if self.server:
            return redacted(self.server)
        if self.recognised:
            return f"{self.recognised} (CONNECTED names no server)"
        return "a server that does not say its name and was not recognised"

    @property
    def summary(self) -> Summary:
        """What was found in short."""
        return summary_of({each.question.key: each.answer for each in self.results})

    def _in_short(self, width: int) -> list[TableLine]:
        works, beware = self.summary
        if not works and (self.broke_off or not beware):
            return []
        made = [TableLine(""), TableLine(f"In short: {self.who}", heading=True)]
        if works:
            made += _wrapped("works    ", "; ".join(works), width)
        for at, each in enumerate(beware):
            made += _wrapped("         " if at else "beware   ", each, width)
        return made

    @property
    def notes(self) -> list[str]:
        """What is said below the table."""
        made = []
        if self.passed_over:
            made.append(f"Asked at {self.where}, since {redacted('; '.join(self.passed_over))}")
        if self.remains:
            made.append(f"May stay on the broker, empty: {', '.join(self.remains)}")
        if self.unemptied:
            made.append(f"May stay on the broker with messages of this check: {', '.join(self.unemptied)}")
        if self.broke_off:
            made.append(f"Not all was asked: {redacted(self.broke_off)}")
        return made

    def lines(self, width: int) -> list[str]:
        """The same as texts."""
        return [line.text for line in self.table(width)]

    def as_json(self) -> dict[str, Any]:
        """What `--json` prints; secrets are masked in it."""
        return {
            "format": FORMAT,
            "stomptui": __version__,
            "checked": self.checked,
            "where": self.where,
            "server": redacted(self.server),
            "dialect": self.dialect,
            "works": list(self.summary.works),
            "beware": list(self.summary.beware),
            "thorough": self.thorough,
            "complete": not self.broke_off,
            "broke_off": redacted(self.broke_off),
            "may_remain": [*self.remains, *(f"{each}, with messages of this check" for each in self.unemptied)],
            "answers": [_as_json(each) for each in self.results],
        }


def _wrapped(begins: str, text: str, width: int) -> list[TableLine]:
    begins = _INDENT + begins
    lines = textwrap.wrap(text, max(_NARROWEST, width - len(begins)), break_on_hyphens=False)
    return [TableLine((begins if not at else " " * len(begins)) + line) for at, line in enumerate(lines)]


def _row(result: Result, titles: int, width: int) -> list[TableLine]:
    answer = result.answer
    verdict = answer.verdict
    title = f"{_INDENT}{result.question.title:<{titles}}"
    head = f"{title}{verdict.value:<{_VERDICT_WIDTH}}"
    # Each by itself: words of ours before a colon are no name of a secret.
    said = (redacted(part) for part in (answer.detail, answer.server_text))
    text = " ".join(": ".join(part for part in said if part).split())
    room = width - len(head)
    if not text or room < _NARROWEST:
        # Beside each other they would be slivers.
        indent = " " * 4
        below = textwrap.wrap(text, max(_NARROWEST, width - len(indent)))
        return [TableLine(head.rstrip(), verdict, len(title)), *(TableLine(indent + line) for line in below)]
    first, *others = textwrap.wrap(text, room)
    return [TableLine(head + first, verdict, len(title)), *(TableLine(" " * len(head) + line) for line in others)]


def _as_json(result: Result) -> dict[str, Any]:
    question, answer = result.question, result.answer
    return {
        "key": question.key,
        "section": question.section.value,
        "title": question.title,
        "how": question.how,
        "thorough": bool(question.may),
        "answer": answer.verdict.value,
        "detail": redacted(answer.detail),
        "server_text": redacted(answer.server_text),
        "value": redacted(answer.value) if isinstance(answer.value, str) else answer.value,
        "seconds": round(result.seconds, 3),
    }
