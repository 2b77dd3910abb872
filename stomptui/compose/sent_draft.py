"""A draft that was sent, with when, where, and what became of it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from enum import Enum
from typing import Any

from stomptui.compose.draft import Draft

LONGEST = 300
"""Characters of what a broker said that are kept."""


class Became(Enum):
    """What became of a draft that was sent. The value is its word, on the screen and in the file."""

    UNKNOWN = ""
    """Nothing is known yet, or nothing was asked."""
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"
    ABORTED = "aborted"
    """Its transaction was, so that nothing of it was sent."""
    LOST = "lost"
    """Its transaction was, with the connection: the broker aborts it."""
    SERIES = "series"
    """It was sent many times; the words have the figures."""


NOT_SENT = frozenset((Became.REFUSED, Became.ABORTED, Became.LOST))
"""What is known not to have arrived, so that its draft is unsent work."""


@dataclass(frozen=True)
class Sending:
    """One send: when and where, and a name by which it is found when its outcome is known."""

    where: str = ""
    """The profile, or host and port."""
    when: datetime | None = field(default_factory=lambda: datetime.now(timezone.utc))
    id: str = field(default_factory=lambda: secrets.token_hex(8))


@dataclass(eq=False)
class SentDraft:
    """A draft of the history."""

    draft: Draft
    sending: Sending
    """The last time that it was sent; without an id in a file of before."""
    became: Became = Became.UNKNOWN
    words: str = ""
    """What the broker said, or figures."""
    times: int = 1
    """How often it was sent one after the other."""
    days: int | None = None
    """For how many days its body is kept, None for as long as the settings say."""
    on_disk: bool = False
    """Whether the file has it."""

    def is_older(self, days: int) -> bool:
        """Whether it was sent longer ago than that, for all that is known."""
        when = self.sending.when
        return when is None or datetime.now(timezone.utc) - when > timedelta(days=days)

    def again(self, sending: Sending) -> None:
        """It was sent once more."""
        self.sending, self.became, self.words = sending, Became.UNKNOWN, ""
        self.times += 1

    def settle(self, became: Became, words: str) -> None:
        """It is known what became of it."""
        self.became, self.words = became, words[:LONGEST]

    @property
    def marks(self) -> dict[str, Any]:
        """What the line of the file says beside the draft."""
        if not self.sending.id:
            return {}
        marks: dict[str, Any] = {**_of_sending(self.sending)}
        if self.became is not Became.UNKNOWN:
            marks |= {"became": self.became.value, "words": self.words}
        if self.days is not None:
            marks["days"] = self.days
        return marks | ({"times": self.times} if self.times > 1 else {})


def sent_of(kept: dict[str, Any], draft: Draft) -> SentDraft:
    """A draft with what its line says of its sending; what is not understood is left out."""
    sent = SentDraft(draft, _sending_of(kept))
    change(sent, kept)
    times = kept.get("times")
    sent.times = times if type(times) is int and times > 0 else 1
    days = kept.get("days")
    sent.days = days if type(days) is int and days >= 0 else None
    return sent


def again_line(of: str, sending: Sending) -> dict[str, Any]:
    """A line that says that a draft was sent again."""
    return {"of": of, **_of_sending(sending)}


def settled_line(of: str, became: Became, words: str) -> dict[str, Any]:
    """A line that says what became of a draft."""
    return {"of": of, "became": became.value, "words": words[:LONGEST]}


def change(sent: SentDraft, kept: dict[str, Any]) -> None:
    """Take over what such a line says."""
    if "of" in kept and "id" in kept:
        sent.again(_sending_of(kept))
    became, words = kept.get("became"), kept.get("words", "")
    if became in {each.value for each in Became} and isinstance(words, str) and became:
        sent.settle(Became(became), words)


def _of_sending(sending: Sending) -> dict[str, Any]:
    when = sending.when.isoformat(timespec="milliseconds") if sending.when is not None else None
    return {"id": sending.id, "when": when, "where": sending.where}


def _sending_of(kept: dict[str, Any]) -> Sending:
    id, where, when = kept.get("id"), kept.get("where"), kept.get("when")
    moment: datetime | None = None
    if isinstance(when, str):
        try:
            moment = datetime.fromisoformat(when)
        except ValueError:
            moment = None
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return Sending(where if isinstance(where, str) else "", moment, id if isinstance(id, str) else "")
