"""What an answer of a check can be, and what cuts a question short."""

from __future__ import annotations

import enum
from dataclasses import dataclass

Value = str | int | None
"""What of an answer a program can use."""


class Verdict(enum.Enum):
    """The answer in short; the value is its name on screen and in JSON."""

    YES = "yes"
    NO = "no"
    NO_ANSWER = "no answer"
    ENDS = "ends the session"
    NOT_ASKED = "not asked"


@dataclass(frozen=True)
class Answer:
    """The answer to one question."""

    verdict: Verdict
    detail: str = ""
    """What was seen, in words; "" if the verdict says it all."""
    server_text: str = ""
    """What the server itself said, word for word; "" if nothing. Not sanitised."""
    value: Value = None

    @property
    def text(self) -> str:
        """Detail and the server's words together, for a person; not sanitised."""
        return ": ".join(part for part in (self.detail, self.server_text) if part)


def yes(detail: str = "", value: Value = None) -> Answer:
    """It does."""
    return Answer(Verdict.YES, detail, value=value)


def no(detail: str = "", value: Value = None, server_text: str = "") -> Answer:
    """It does not."""
    return Answer(Verdict.NO, detail, server_text, value)


NO_SESSION = "there is no session"
"""Why the rest is not asked of a server that lets nobody in."""


def not_asked(detail: str) -> Answer:
    """It was not asked; the detail says why."""
    return Answer(Verdict.NOT_ASKED, detail)


class CutShort(Exception):
    """A question ended before what it waits for came; `answer` is what follows from that."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.text)
        self.answer = answer


class Silent(CutShort):
    """Nothing came in time."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(Answer(Verdict.NO_ANSWER, detail))


class Refused(CutShort):
    """An ERROR came, and the session stays.

    Args:
        words: What the server said.
    """

    def __init__(self, words: str) -> None:
        super().__init__(no(server_text=words))


class Ended(CutShort):
    """The server ended the session.

    Args:
        words: What the server said, or how it ended.
    """

    def __init__(self, words: str) -> None:
        super().__init__(Answer(Verdict.ENDS, server_text=words))


class Endless(CutShort):
    """Messages come again and again."""

    def __init__(self) -> None:
        super().__init__(no("its messages come again and again, without end"))


class NotPossible(CutShort):
    """What the question needs is not to be had here.

    Args:
        reason: Why, in words.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(not_asked(reason))


class CheckStopped(Exception):
    """The check was stopped by whoever runs it."""
