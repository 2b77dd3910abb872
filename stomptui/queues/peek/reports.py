"""The reports of a peek while it goes on, in order: plain values, safe to pass between threads."""

from __future__ import annotations

from dataclasses import dataclass

from stomptui.protocol.frame import Frame
from stomptui.queues.actions.action import Action, ActionResult, DryRun, MessageOutcome
from stomptui.queues.peek.peek_values import PeekOptions, PeekResult, QueueSurvey


@dataclass(frozen=True)
class Report:
    when: float
    """Seconds since the epoch."""


@dataclass(frozen=True)
class Surveyed(Report):
    """What is known of the queue before it is peeked into."""

    survey: QueueSurvey


@dataclass(frozen=True)
class PeekStarted(Report):
    """A look begins: what was shown before is of an earlier one."""

    what: PeekOptions


@dataclass(frozen=True)
class Shown(Report):
    """Messages were found. Their indexes go on from those of the same look before."""

    frames: tuple[Frame, ...]


@dataclass(frozen=True)
class PeekEnded(Report):
    """The look is over."""

    result: PeekResult


@dataclass(frozen=True)
class MessagesReturned(Report):
    """Nothing is held any more."""

    why: str
    """What made it happen: "after 30 s", "the connection ended: ..."."""
    how: str | None = None
    """What became of the messages, None if that is not known."""


@dataclass(frozen=True)
class Planned(Report):
    """What an action would do."""

    plan: DryRun


@dataclass(frozen=True)
class ActionStarted(Report):
    """An action is being carried out."""

    action: Action
    total: int


@dataclass(frozen=True)
class MessageOutcomes(Report):
    """What became of some messages, by index."""

    outcomes: tuple[tuple[int, MessageOutcome], ...]


@dataclass(frozen=True)
class ActionEnded(Report):
    """An action has ended."""

    result: ActionResult


@dataclass(frozen=True)
class Failed(Report):
    """Something that was asked for could not be done."""

    what: str
    """"peek", "plan", "act" or "check"."""
    reason: str
    """In plain words."""
    server_text: str = ""
    """The broker's own."""


@dataclass(frozen=True)
class Closed(Report):
    """The peek is over and its connections are closed."""
