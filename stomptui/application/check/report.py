"""What a check found, as lines of a table and as JSON."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from stomptui import __version__
from stomptui.application.check.answers import Answer, Verdict
from stomptui.application.check.question import Question

FORMAT = 1
"""The version of the JSON; it grows when a field is removed or means something else."""
_VERDICT_WIDTH = 17
_INDENT = "  "


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
    checked: str
    """When, as ISO 8601 in UTC."""
    thorough: bool
    results: tuple[Result, ...] = ()
    remains: tuple[str, ...] = ()
    """What may stay on the broker, in words."""
    broke_off: str = ""
    """Why not all was asked, "" if all was."""

    def answer(self, key: str) -> Answer | None:
        """The answer to a question, None if there is none yet."""
        return next((each.answer for each in self.results if each.question.key == key), None)

    def lines(self, width: int) -> list[str]:
        """The table, for a terminal of so many columns; not sanitised."""
        made = [f"{self.server or 'a server that does not say its name'} at {self.where}"]
        shown = [each for each in self.results if not each.question.may or self.thorough]
        shown = [each for each in shown if not (each.question.websocket and each.answer.verdict is Verdict.NOT_ASKED)]
        titles = max((len(each.question.title) for each in shown), default=0) + 2
        for section, results in groupby(shown, key=lambda each: each.question.section):
            made += ["", section.value]
            for each in results:
                made += _row(each, titles, width)
        if not self.thorough and any(each.question.may for each in self.results):
            made += ["", "More is asked with --thorough."]
        if self.remains:
            made += ["", *textwrap.wrap(f"May stay on the broker, empty: {', '.join(self.remains)}", width)]
        if self.broke_off:
            made += ["", *textwrap.wrap(f"Not all was asked: {self.broke_off}", width)]
        return made

    def as_json(self) -> dict[str, Any]:
        """What `--json` prints."""
        return {
            "format": FORMAT,
            "stomptui": __version__,
            "checked": self.checked,
            "where": self.where,
            "server": self.server,
            "dialect": self.dialect,
            "thorough": self.thorough,
            "complete": not self.broke_off,
            "broke_off": self.broke_off,
            "may_remain": list(self.remains),
            "answers": [_as_json(each) for each in self.results],
        }


def _row(result: Result, titles: int, width: int) -> list[str]:
    answer = result.answer
    head = f"{_INDENT}{result.question.title:<{titles}}{answer.verdict.value:<{_VERDICT_WIDTH}}"
    text = " ".join(answer.text.split())
    if not text:
        return [head.rstrip()]
    room = width - len(head)
    if room < 20:
        # Beside each other they would be slivers.
        return [
            head.rstrip(),
            *textwrap.wrap(text, max(20, width - 4), initial_indent="    ", subsequent_indent="    "),
        ]
    first, *others = textwrap.wrap(text, room)
    return [head + first, *(" " * len(head) + line for line in others)]


def _as_json(result: Result) -> dict[str, Any]:
    question, answer = result.question, result.answer
    return {
        "key": question.key,
        "section": question.section.value,
        "title": question.title,
        "how": question.how,
        "thorough": bool(question.may),
        "answer": answer.verdict.value,
        "detail": answer.detail,
        "server_text": answer.server_text,
        "value": answer.value,
        "seconds": round(result.seconds, 3),
    }
