"""What every broker's way into a queue answers: how it is looked into, what is held, what can be done with a message.

An access blocks and is for one thread, that of its `Peek`. Where a broker has no safe way it says so.
"""

from __future__ import annotations

import abc
import functools
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from stomptui.connection.blocking_client import BlockingClient, ClientError, ConnectionGone
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.dialect.header_rules import Setting
from stomptui.connection.events import Event
from stomptui.protocol.frame import Frame, Headers
from stomptui.queues.actions import dry_run, risks
from stomptui.queues.actions.action import (
    Action,
    ActionResult,
    ActionTarget,
    DryRun,
    Items,
    MessageOutcome,
    PreparedMessage,
    Tell,
)
from stomptui.queues.actions.confirmed_sending import PortionRun
from stomptui.queues.actions.missing_targets import MissingTargets
from stomptui.queues.actions.pipeline import Job, Pipeline, Step
from stomptui.queues.actions.recount import LOOKS, PAUSE, TargetCount
from stomptui.queues.context import AccessContext
from stomptui.queues.depths import Count
from stomptui.queues.headers.carrying import Change, pack
from stomptui.queues.peek.peek_values import Found, PeekOptions, PeekResult, QueueSurvey


class QueueAccess(abc.ABC):
    """One way into one queue.

    Args:
        context: Connections and a mailbox.
        queue: The destination as the person named it.
        dialect: The broker.
    """

    origin_headers: ClassVar[frozenset[str]] = frozenset()
    """Headers that say where a dead letter came from; they go when it is retried."""
    exact: ClassVar[str] = ""
    """What of a message this broker cannot carry over STOMP, so that a copy lacks it; "" if nothing is known."""
    atomic: ClassVar[bool] = False
    """Whether a move is all or nothing; else a failure can leave a message in both places."""
    confirms_lost: ClassVar[bool] = False
    """Whether what is sent to a queue that went away is confirmed all the same, so that `still_there` has to be asked
    before it counts."""
    finds_out: ClassVar[bool] = False
    """Whether there is a way to find out after a fault what arrived; without one a message is sent once the one before
    it is confirmed."""
    sending_versions: ClassVar[tuple[str, ...]] = ()
    """The STOMP versions of the connection that sends; those of the person's connection by default."""

    def __init__(self, context: AccessContext, queue: str, dialect: Dialect) -> None:
        self.context = context
        self.queue = queue
        self.dialect = dialect
        self._out: BlockingClient | None = None
        self._carried: tuple[tuple[Frame, bool, str | None], PreparedMessage] | None = None
        """The message that was made ready last, and what it was asked for."""

    # Looking

    @abc.abstractmethod
    def survey(self) -> QueueSurvey:
        """What is known before looking; leaves nothing behind. Raises `ClientError`."""

    @abc.abstractmethod
    def look(self, what: PeekOptions, found: Found) -> PeekResult:
        """Show messages, oldest first; ends what an earlier look held.

        Args:
            found: Called with messages as they come. Their indexes count from 0 in that order.

        Raises:
            ClientError: It could not be done.
        """

    def all_messages(self, most: int, last: int | None = None) -> Sequence[Frame | None] | None:
        """What is in the queue, looked at and given back.

        Args:
            most: Messages up to which it is looked at.
            last: So many at its end are wanted; of those before None may stand for what was not looked at.

        Returns:
            None if it has more than `most`, or a look would cost its messages a delivery, or not all of it shows.

        Raises:
            ClientError: It could not be looked at.
        """
        survey = self.survey()
        if survey.refusal or not self.peeks_freely or (survey.depth or 0) > most:
            return None
        for _ in range(LOOKS):
            frames: list[Frame] = []
            looked = self.look(PeekOptions(most + 1), frames.extend)
            self.return_messages()
            if len(frames) > most:
                return None
            # A broker may count at the end what it has just taken, and does not show yet.
            if last is None or looked.depth is None or looked.depth <= len(frames):
                return frames
            time.sleep(PAUSE)
        return None

    def count(self) -> Count | None:
        """How many messages are in the queue now, None where the broker does not tell. Raises `ClientError`."""
        return None

    def kept_for(self, message: Frame) -> float | None:
        """Seconds that the broker keeps a message which is held, at most; None if it keeps it or that is not known."""
        return None

    @property
    def holding(self) -> bool:
        """Whether messages are held now."""
        return False

    @property
    def lost(self) -> str:
        """Why what was held is ours no longer though we did not let go of it, "" if nothing is the matter."""
        return ""

    @abc.abstractmethod
    def return_messages(self) -> str:
        """Let the broker have what is held, by the way that costs least; says in words what became of it."""

    def heard(self, event: Event) -> str:
        """An event while nothing is asked: why nothing is held any more because of it, "" if it changes nothing."""
        return ""

    def close(self) -> None:
        """Give back what is held and close all connections."""
        if self.holding:
            self.return_messages()
        self.end_sending()

    def end_sending(self) -> None:
        """Close the connection that sends; the next order opens another."""
        out, self._out = self._out, None
        if out is not None:
            out.close()

    def drop_sending(self) -> None:
        """End the connection that sends at once; `out` opens another."""
        out, self._out = self._out, None
        if out is not None:
            out.drop()

    # Acting

    def carry(self, message: Frame, retry: bool = False, source: str | None = None) -> PreparedMessage:
        """A message made ready to be sent again, headers in order and body byte for byte.

        Args:
            message: As it came.
            retry: Whether it goes back where it came from, without what says so.
            source: The name of the broker it came from, None for this one; "" to find that out by its headers.
        """
        # The same message is asked about several times in a row: can it go, what does it lose, how is it sent.
        wanted = (message, retry, source)
        if self._carried is None or self._carried[0] != wanted:
            self._carried = wanted, self._carry(message, retry, self.dialect.name if source is None else source)
        return self._carried[1]

    def _carry(self, message: Frame, retry: bool, source: str) -> PreparedMessage:
        setting = Setting(self.context.login, version=self.version)
        origin = self.origin_headers if retry else frozenset[str]()
        packed = pack(message.headers, self.dialect.rules, self.dialect.name, setting, source, origin)
        length = self.keeps_content_length(message)
        return PreparedMessage(packed.headers, message.body, length, packed.left_out, packed.problem, packed.changed)

    def incomplete(self, message: Frame) -> str:
        """Why what STOMP shows of a message may not be all of it, so that taking it out would lose something; "" if it
        is, as far as can be known."""
        return ""

    def keeps_content_length(self, message: Frame) -> bool:
        """Whether sending it again needs content-length to make the same kind of message."""
        return True

    def origin(self, message: Frame) -> str:
        """The destination a dead letter came from, "" if it does not say."""
        return ""

    def check(self, target: str) -> ActionTarget:
        """What is known of a destination before messages go there. Raises `ClientError`."""
        unknown = f"{self.dialect.in_a_sentence} tells nothing of its queues"
        return ActionTarget(target, hint=self.dialect.receipt_proves(target), unknown=unknown)

    def prepare(self, target: ActionTarget) -> ActionTarget:
        """Make a target that is missing, where the headers of the first message sent there would say how it is made.

        Returns:
            The target as it is then.

        Raises:
            ClientError: The broker did not make it, or could not be asked.
        """
        return target

    def still_there(self, target: ActionTarget) -> bool | None:
        """Whether a target has not gone away since it was checked; None if this user may not ask. Raises `ClientError`
        if the broker could not be asked."""
        return True

    def census(self, target: ActionTarget) -> TargetCount:
        """How many messages and consumers a target has, as far as the broker tells. Raises `ClientError`."""
        return TargetCount()

    def rehearsal(self, client: BlockingClient) -> str:
        """A destination where the broker looks at a message as in a queue, and that is gone with the line; "" if it has
        none. Raises `ClientError`."""
        return ""

    @property
    def peeks_freely(self) -> bool:
        """Whether a look into the queue costs its messages no delivery and takes nothing; known after `survey`."""
        return False

    def is_source(self, message: Frame, target: ActionTarget) -> bool:
        """Whether a target is the queue that a message is in, however it is spelt."""
        return target.destination in (self.queue, message.get("destination"))

    def refusal(self, action: Action) -> str:
        """Why this broker cannot carry an action out, "" if it can."""
        return ""

    def refused(self, action: Action, target: ActionTarget) -> str:
        """Why nothing of an action goes to a target, "" if it may."""
        return dry_run.refused(action, target)

    def problem(self, action: Action, message: Frame, target: ActionTarget | None) -> str:
        """Why one message cannot be sent to a target, None being one that nobody knows; "" if it can."""
        return dry_run.problem(self, action, message, target)

    def not_held(self, action: Action, index: int) -> str:
        """Why nothing can be done with a message because it is not held any more, "" if it can."""
        return ""

    def differences(self, action: Action, message: Frame) -> tuple[Headers, tuple[Change, ...]]:
        """What of a message does not go with it, and what goes changed."""
        carried = self.carry(message, action.kind == "retry")
        return carried.left_out, carried.changed

    def plan(self, action: Action, items: Items) -> DryRun:
        """What an action would do, without doing it. Raises `ClientError` if the target cannot be checked."""
        return dry_run.plan(self, action, items)

    def facts(self, action: Action) -> list[str]:
        """What is to say about an action here, the most important first."""
        if action.kind == "reject":
            return [self.reject_meaning(action)]
        if action.kind in ("ack", "delete"):
            return []
        told = [self.exact] if self.exact else []
        if action.kind != "copy" and not self.atomic:
            told.append(
                "If the connection breaks in between, a message can end up in both places: it is taken out here once "
                f"{self.dialect.in_a_sentence} has confirmed it there."
            )
        return told

    def reject_meaning(self, action: Action) -> str:
        """What becomes of a rejected message here."""
        return self.dialect.nack_meaning

    def reject_destroys(self, action: Action) -> bool:
        """Whether a rejected message may be gone for good."""
        return self.dialect.nack_destroys

    @property
    def version(self) -> str:
        """The STOMP version spoken."""
        return self._out.version if self._out is not None else (*self.sending_versions, "1.2")[0]

    def sending(self, target: ActionTarget, carried: PreparedMessage) -> tuple[str, Headers, bytes]:
        """The SEND frame for a message, without its receipt."""
        lines = [("destination", target.destination), *carried.headers, *target.headers]
        if carried.content_length:
            lines.append(("content-length", str(len(carried.body))))
        return "SEND", tuple(lines), carried.body

    def act(self, action: Action, items: Items, tell: Tell) -> ActionResult:
        """Carry an action out, blocking; `tell` hears the fate of each message as it is known.

        Raises:
            ClientError: Nothing could be begun.
        """
        result = ActionResult(action, len(items), atomic=self.atomic)

        def told(index: int, outcome: MessageOutcome) -> None:
            result.outcomes[index] = outcome
            tell(index, outcome)

        refusal = self.refusal(action)
        if refusal:
            raise ClientError(refusal)
        targets = dry_run.targets(self, action, items) if action.sends else {}
        if action.sends:
            self.out()
        result.stopped = self._run(action, self._jobs(action, items, targets, told), told)
        result.notes += risks.afterwards(self, items, targets, result)
        return result

    def _run(self, action: Action, jobs: Iterable[Job], tell: Tell) -> str:
        """Run the jobs of an action; why not all were begun, "" if they were."""
        if action.sends:
            return PortionRun(self, tell, lambda: self.context.stopped() or self._gone(action)).run(jobs)
        pipeline = Pipeline(self.context.event_queue, tell, self.context.stopped, self.overheard, self.window)
        pipeline.run(jobs)
        return pipeline.ended

    def _gone(self, action: Action) -> str:
        """Why the messages of an action can be taken out no more, "" if they can."""
        return ""

    window = 200
    """Messages under way at once."""

    def overheard(self, event: Event) -> None:
        """An event that came while an action was carried out and is no answer to it."""
        self.heard(event)

    def _jobs(self, action: Action, items: Items, targets: dict[str, ActionTarget], tell: Tell) -> Iterable[Job]:
        making = MissingTargets(self)
        for index, message in items:
            target = targets.get(dry_run.destination(self, action, message)) if action.sends else None
            problem = self.problem(action, message, target) if action.sends else ""
            problem = problem or dry_run.not_agreed(self, action, message, target)
            if target is not None and not problem and not self.not_held(action, index):
                target = making.ready(target)
                problem = self.refused(action, target) or dry_run.not_agreed(self, action, message, target)
            if problem:
                tell(index, MessageOutcome("failed", problem))
            else:
                steps = functools.partial(self._begin_steps, action, index, message, target)
                yield Job(index, steps(), target=target, body=message.body, renew=steps)

    def _begin_steps(self, action: Action, index: int, message: Frame, target: ActionTarget | None) -> Iterator[Step]:
        return iter(self.steps(action, index, message, target))

    @abc.abstractmethod
    def steps(self, action: Action, index: int, message: Frame, target: ActionTarget | None) -> Iterable[Step]:
        """The steps that carry an action out for one message; made lazily, each after the one before is confirmed."""

    def out(self) -> BlockingClient:
        """The connection that sends, apart from the one that holds: what it is refused must not end that one."""
        if self._out is None or self._out.gone or self._out.session.state.over:
            self._out = self.context.dial("sending", versions=self.sending_versions)
        return self._out

    def sender(self) -> BlockingClient:
        """The connection that `out` opened, whether it still stands or not. Raises `ConnectionGone` without one."""
        if self._out is None:
            raise ConnectionGone("not connected")
        return self._out
