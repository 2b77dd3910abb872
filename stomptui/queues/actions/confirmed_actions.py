"""Actions by plain STOMP: a message is sent, its receipt awaited, and only then it is acknowledged where it was."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping

from stomptui.connection import frame_headers
from stomptui.connection.blocking_client import BlockingClient, ClientError
from stomptui.protocol.frame import Frame
from stomptui.queues.actions import dry_run, risks
from stomptui.queues.actions.acknowledgements import Acknowledgements
from stomptui.queues.actions.action import (
    DONE,
    DOUBT,
    FAILED,
    Action,
    ActionResult,
    ActionTarget,
    Items,
    MessageOutcome,
    Tell,
)
from stomptui.queues.actions.pipeline import EndedEarly, FrameSpec, Job, Pipeline, Step
from stomptui.queues.actions.queue_actions import QueueActions
from stomptui.queues.sending.confirmed_sending import PortionRun
from stomptui.queues.sending.forwarding import Forwarding
from stomptui.queues.sending.missing_targets import MissingTargets
from stomptui.queues.unacked_messages import UnackedMessages

UNSURE = MessageOutcome(DOUBT, "the broker confirmed it, and may not have taken it out yet when the connection ended")


class ConfirmedActions(QueueActions):
    """What every broker can do that confirms.

    Args:
        forwarding, unacked: As of `QueueActions`.
        return_messages: Returns what is unacknowledged and ends its connection.
        acknowledgements: Whether what was acknowledged is really out of the queue.
    """

    def __init__(
        self,
        forwarding: Forwarding,
        unacked: UnackedMessages,
        return_messages: Callable[[], str | None],
        acknowledgements: Acknowledgements | None = None,
    ) -> None:
        super().__init__(forwarding, unacked)
        self._return_messages = return_messages
        self._acknowledgements = acknowledgements or Acknowledgements()

    def act(self, action: Action, items: Items, tell: Tell) -> ActionResult:
        result = self._carry_out(action, items, tell)
        if action.kind != "copy" and result.count(DONE):
            self._make_sure(result, tell)
        if not self._unacked.frames and not self._unacked.elsewhere:
            self._return_messages()
        return result

    def _carry_out(self, action: Action, items: Items, tell: Tell) -> ActionResult:
        result = ActionResult(action, len(items), atomic=self.atomic)

        def told(index: int, outcome: MessageOutcome) -> None:
            result.outcomes[index] = outcome
            tell(index, outcome)

        if refusal := self.refusal(action):
            raise ClientError(refusal)
        targets = self.forwarding.checked_targets(action, items)
        if action.sends:
            self.forwarding.sender.open()
        result.stopped = self._run(action, self._jobs(action, items, targets, told), told)
        result.notes += risks.afterwards(self.forwarding, items, targets, result)
        return result

    def _run(self, action: Action, jobs: Iterable[Job], tell: Tell) -> str:
        """Run the jobs of an action; why not all were begun, "" if they were."""
        forwarding, context = self.forwarding, self.forwarding.context
        if action.sends:
            return PortionRun(forwarding, tell, lambda: context.stopped() or self._gone(action)).run(jobs)
        pipeline = Pipeline(context.event_queue, tell, context.stopped, forwarding.overheard, forwarding.window)
        pipeline.run(jobs)
        return pipeline.ended

    def _gone(self, action: Action) -> str | None:
        """Why the messages of an action can be taken out no more, None if they can."""
        return None if action.kind == "copy" else self._unacked.ended

    def _jobs(self, action: Action, items: Items, targets: Mapping[str, ActionTarget], tell: Tell) -> Iterable[Job]:
        making = MissingTargets(self.forwarding.targets)
        for index, message in items:
            target = targets.get(self.forwarding.destination(action, message)) if action.sends else None
            problem = self.problem(action, message, target) if action.sends else ""
            problem = problem or dry_run.not_agreed(self.forwarding, action, message, target)
            if target is not None and not problem and not self._why_not(action, index):
                target = making.ready(target)
                problem = self.refused(action, target) or dry_run.not_agreed(self.forwarding, action, message, target)
            if problem:
                tell(index, MessageOutcome(FAILED, problem))
            else:
                steps = functools.partial(self._begin_steps, action, index, message, target)
                body = self.forwarding.prepared(action, message).body if action.edits else message.body
                yield Job(index, steps(), target=target, body=body, renew=steps)

    def _why_not(self, action: Action, index: int) -> str | None:
        """Why nothing can be done with a message because it is not unacknowledged any more, None if it can."""
        return None if action.kind == "copy" else self._unacked.why_not(index)

    def _begin_steps(self, action: Action, index: int, message: Frame, target: ActionTarget | None) -> Iterator[Step]:
        return iter(self.steps(action, index, message, target))

    def steps(self, action: Action, index: int, message: Frame, target: ActionTarget | None) -> Iterable[Step]:
        """The steps that carry an action out for one message; made lazily, each after the one before is confirmed."""
        if why := self._why_not(action, index):
            raise EndedEarly(MessageOutcome(FAILED, why))
        if target is not None:
            prepared = self.forwarding.prepared(action, message)
            frame = self.forwarding.messages.send_frame(target, prepared)
            lost = MessageOutcome(DOUBT, "it was sent, and whether it arrived is not known; it is still in this queue")
            yield Step(self.forwarding.sender.client, (frame,), lost=lost)
        if action.kind == "copy":
            return
        arrived = MessageOutcome(DOUBT, "it arrived, and is still in this queue as well")
        client = self._unacked.client
        if client is None or self._unacked.why_not(index):
            raise EndedEarly(arrived)
        frame = settling_frame(action, message, client)
        if target is not None:
            yield Step(client, (frame,), lambda text: MessageOutcome(DOUBT, f"{arrived.text}: {text}"), arrived)
        else:
            yield Step(client, (frame,), lost=MessageOutcome(DOUBT, "whether the broker took it out is not known"))
        self._unacked.discard(index)

    def _make_sure(self, result: ActionResult, tell: Tell) -> None:
        """Find out whether what is done really is, where a receipt does not say that; tell of what is in doubt."""
        lost = self._unacked.lost or self._unacked.ended
        if (result.stopped or lost) and (why := self._acknowledgements.forgotten()):
            where = "in both places" if result.action.sends else "in the queue again"
            _doubt(result, MessageOutcome(DOUBT, f"{why}, so it is perhaps {where}"), tell)
        if result.count(DONE) and not self._unacked.elsewhere:
            try:
                self._acknowledgements.make_sure()
            except ClientError as error:
                result.stopped = result.stopped or str(error)
                _doubt(result, UNSURE, tell)


def settling_frame(action: Action, message: Frame, client: BlockingClient) -> FrameSpec:
    """The ACK or NACK of a message."""
    if action.kind == "reject":
        return "NACK", tuple(frame_headers.nack_headers(message, action.requeue, client.version, client.dialect)), b""
    return "ACK", tuple(frame_headers.ack_headers(message, client.version, client.dialect)), b""


def _doubt(result: ActionResult, doubt: MessageOutcome, tell: Tell) -> None:
    """What was done is in doubt after all."""
    for index in [index for index, outcome in result.outcomes.items() if outcome.state == DONE]:
        result.outcomes[index] = doubt
        tell(index, doubt)
