"""What can be asked of messages in a queue, and what became of them: plain values, safe to hand between threads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from stomptui.protocol.frame import Frame, Headers
from stomptui.protocol.names import shown
from stomptui.queues.actions.edit import Edit
from stomptui.queues.headers.carrying import Change

DONE, FAILED, DOUBT, UNTOUCHED = "done", "failed", "doubt", "untouched"


class MessageOutcome(NamedTuple):
    """What became of one message."""

    state: str
    """"done"; "failed": it is where it was; "doubt": what was sent is there or may be, and what was to be taken away is
    still there or may be (in one of the two places alone where a move is atomic); "untouched": nothing was tried with
    it."""
    text: str = ""
    """The reason if it is not done, the broker's own words among them."""


Items = Sequence[tuple[int, Frame]]
"""Messages as they were found: (index in the order found, frame)."""
Tell = Callable[[int, MessageOutcome], None]
"""Called with the index of a message and what became of it."""


ActionKind = Literal["ack", "delete", "reject", "copy", "move", "retry"]


@dataclass(frozen=True)
class Action:
    """What to do with some messages of a queue."""

    kind: ActionKind
    """"ack" and "delete" (both take it out), "reject", "copy", "move", or "retry"."""
    target: str = ""
    """The destination of copy and move as the person typed it; of retry, where messages go that do not say where
    they came from."""
    requeue: bool | None = None
    """Of reject, whether the broker puts it back in the queue; None leaves that to the broker."""
    accepts: tuple[str, ...] = ()
    """The risks of its targets that the person was told and said yes to, as `DryRun.risks` has them: where there is
    another one, nothing is sent."""
    accepts_unknown: bool = False
    """Whether the person agreed that messages leave their queue for one that may not keep them, for all that is known
    of it."""
    edited: PreparedMessage | None = None
    """Of a move of one message, what is sent in its place."""
    edit: Edit | None = None
    """Of moves and retries, what is changed in each message; one that it does not change stays where it is."""

    @property
    def past(self) -> str:
        """The verb for the result: "moved"."""
        return {
            "ack": "acknowledged",
            "delete": "deleted",
            "reject": "rejected",
            "copy": "copied",
            "move": "moved",
            "retry": "retried",
        }[self.kind]

    @property
    def present(self) -> str:
        """The verb while it goes on: "moving"."""
        return {
            "ack": "acknowledging",
            "delete": "deleting",
            "reject": "rejecting",
            "copy": "copying",
            "move": "moving",
            "retry": "retrying",
        }[self.kind]

    @property
    def sends(self) -> bool:
        """Whether it puts messages somewhere."""
        return self.kind in ("copy", "move", "retry")

    @property
    def edits(self) -> bool:
        """Whether messages do not go as they are."""
        return self.edited is not None or self.edit is not None

    @property
    def is_risky(self) -> bool:
        """Whether the person agreed that what is confirmed may not be kept."""
        return bool(self.accepts or self.accepts_unknown)

    @property
    def sends_away(self) -> bool:
        """Whether what it puts somewhere is nowhere else afterwards."""
        return self.kind in ("move", "retry")

    @property
    def takes_out(self) -> bool:
        """Whether a message that it was done with is not in its queue any more."""
        return self.kind != "copy" and not (self.kind == "reject" and self.requeue is True)


@dataclass(frozen=True)
class ActionTarget:
    """A destination that messages are to go to, as far as the broker tells about it."""

    destination: str
    """What SEND will say."""
    headers: Headers = ()
    """What SEND needs there beyond the message's own headers."""
    exists: bool | None = None
    """None where that cannot be known."""
    made: bool = False
    """Whether it was made for this action, so that nothing was in it."""
    stored: bool = True
    """Whether what the broker confirms there is in a queue; where it may be in none, nothing is moved."""
    refusal: str = ""
    """Why nothing may be sent there: a message would be lost. "" if it may."""
    hint: str = ""
    """What to know before sending there."""
    risks: tuple[str, ...] = ()
    """Ways in which what the broker confirms there is not kept, each in a sentence that names the target: they need a
    yes."""
    limit: str = ""
    """What it refuses once it is full, and how, in a sentence, "" if it is not known to."""
    unknown: str = ""
    """Why it is not known whether it keeps what is confirmed there, as a clause without its subject; "" if it is
    known."""


class TargetCount(NamedTuple):
    """How many messages and consumers a queue has; None for what the broker does not tell."""

    depth: int | None = None
    consumers: int | None = None


class PreparedMessage(NamedTuple):
    """A message made ready to be sent again."""

    headers: Headers
    """Without destination, receipt and content-length."""
    body: bytes
    content_length: bool
    """Whether SEND must have content-length to make the same kind of message again."""
    left_out: Headers = ()
    """What is not taken over: the marks of one delivery, and what the broker would refuse or keep stale."""
    problem: str = ""
    """Why it cannot be sent at all, "" if it can."""
    changed: tuple[Change, ...] = ()
    """What goes, and goes otherwise than it came."""

    def as_bytes(self, why: str) -> PreparedMessage:
        """The same with a content-length, which makes a message of bytes of a text."""
        change = Change("body", f"a text goes as bytes: {why}")
        return self._replace(content_length=True, changed=(*self.changed, change))


@dataclass(frozen=True)
class DryRun:
    """What an action will do, told before it is done."""

    action: Action
    count: int
    lines: tuple[str, ...] = ()
    """Facts in plain words, the most important first."""
    left_out: tuple[tuple[str, str], ...] = ()
    """The different headers that will not be carried, of all messages."""
    problems: tuple[tuple[int, str], ...] = ()
    """Messages that cannot be done, by index, with the reason."""
    destroys: bool = False
    """Whether something is gone for good afterwards, which needs a yes."""
    refusal: str = ""
    """Why it cannot be done at all."""
    risks: tuple[str, ...] = ()
    """What may become of messages where they go though it is confirmed there, each of which needs a yes."""
    differences: tuple[str, ...] = ()
    """In words, what the messages lose or have changed on the way."""
    unknown: tuple[str, ...] = ()
    """That it is not known whether messages are kept where they go, each in a sentence. Needs a yes, as they are
    nowhere else afterwards."""
    missing: tuple[str, ...] = ()
    """Targets that are not there yet and would be made: such a name may be mistyped."""

    @property
    def asks(self) -> bool:
        """Whether messages may be lost on their way to another place, so that Enter alone must not do it."""
        return bool(self.risks or self.unknown or (self.destroys and self.action.sends))


@dataclass
class ActionResult:
    """What became of all messages of an action, exactly."""

    action: Action
    total: int
    outcomes: dict[int, MessageOutcome] = field(default_factory=dict)
    """By index; those missing are untouched."""
    stopped: str = ""
    """Why it ended early, "" if it did not."""
    atomic: bool = False
    """Whether a message is in one of the two places whatever happens."""
    notes: list[str] = field(default_factory=list)
    """What else is to say, in whole sentences."""

    def count(self, state: str) -> int:
        """How many messages came to that state; untouched ones are those nothing is known about too."""
        found = Counter(outcome.state for outcome in self.outcomes.values())
        return found[state] + (self.total - len(self.outcomes) if state == UNTOUCHED else 0)

    @property
    def text(self) -> str:
        """One line: `9,998 moved, 1 failed, 1 untouched`."""
        return self._line("")

    @property
    def with_target(self) -> str:
        """The same with where they went: `9,998 moved to /queue/other, 1 failed`."""
        said = self.action.kind in ("move", "copy") and self.count(DONE) and not self.notes
        return self._line(f" to {shown(self.action.target)}" if said else "")

    def _line(self, where: str) -> str:
        parts = [f"{self.count(DONE):,} {self.action.past}{where}"]
        doubt = "not confirmed"
        if self.action.kind in ("move", "retry"):
            doubt = "in one of the two places" if self.atomic else "perhaps in both places"
        for state, word in ((FAILED, "failed"), (DOUBT, doubt), (UNTOUCHED, "untouched")):
            if count := self.count(state):
                parts.append(f"{count:,} {word}")
        told = ", ".join(parts)
        return f"{told}; stopped: {self.stopped}" if self.stopped else told

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Reasons of what is not done, each with how many messages have it, most frequent first."""
        texts = Counter(outcome.text for outcome in self.outcomes.values() if outcome.state in (FAILED, DOUBT))
        return texts.most_common()
