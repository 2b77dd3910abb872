"""Acting on messages in queues of ActiveMQ Classic, as verified on 5.17 and 6.3.

What was browsed is taken first, by selectors that name it, and moved in transactions.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace

from stomptui.brokers.activemq.browse import TOPICS, Browsing, is_hollow, no_queue, queue_name
from stomptui.brokers.activemq.selectors import Chosen, SelectingConsumer, past, portions
from stomptui.brokers.activemq.statistics import PREFIX, whole
from stomptui.brokers.activemq.transactions import Part, transact
from stomptui.connection.blocking_client import BlockingClient, ClientError, NotReached
from stomptui.connection.dialect.base import Dialect
from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown
from stomptui.protocol.numbers import whole_number
from stomptui.queues.actions import dry_run, risks
from stomptui.queues.actions.action import (
    DONE,
    DOUBT,
    FAILED,
    Action,
    ActionResult,
    ActionTarget,
    DryRun,
    Items,
    MessageOutcome,
    PreparedMessage,
    Tell,
)
from stomptui.queues.actions.pipeline import Job, Pipeline, Step
from stomptui.queues.actions.recount import LOOKABLE, TargetCount
from stomptui.queues.actions.settling import settle_doubts
from stomptui.queues.context import AccessContext

ASKED = 20
"""Targets of one order that the broker is asked about."""
UNKNOWN = "ActiveMQ does not tell over STOMP of policies that drop or forward messages"
_TEMPORARY = ("/temp-queue/", "/temp-topic/")
_CUT = "its text holds a NUL, at which STOMP cut it off: not all of it came"
_HOLLOW = (
    "has an empty body and may be a JMS map, object or stream message: STOMP does not show what is in it, and it goes "
    "on empty"
)


class ActiveMQAccess(Browsing):
    """Takes what is to be acted on, portion by portion, on a connection that ends with the action."""

    origin_headers = frozenset(("original-destination", "originalExpiration", "dlqDeliveryFailureCause"))
    exact = (
        "ActiveMQ shows no message groups over STOMP: messages go on without. "
        "Numbers and booleans in headers go on as text."
    )
    atomic = True
    finds_out = True
    # 1.1 has no escape for a carriage return.
    sending_versions = ("1.2",)

    def __init__(self, context: AccessContext, queue: str, dialect: Dialect) -> None:
        super().__init__(context, queue, dialect)
        self._asked: dict[str, bool | None] = {}
        """Targets by name, and whether they exist."""
        self._working: BlockingClient | None = None
        """The connection that an action was carried out on last."""

    def _carry(self, message: Frame, retry: bool, source: str) -> PreparedMessage:
        carried = super()._carry(message, retry, source)
        end = message.get("originalExpiration") or ""
        if retry and whole_number(end) and not past(end):
            headers = tuple((name, end if name == "expires" else value) for name, value in carried.headers)
            carried = carried._replace(headers=headers)
        return carried._replace(problem=_CUT) if (message.get("message-id") or "") in self._cut else carried

    def incomplete(self, message: Frame) -> str:
        if (message.get("message-id") or "") in self._cut:
            return _CUT
        if is_hollow(message):
            return (
                "its body is empty, and if it is a JMS map, object or stream message STOMP does not show what is in it"
            )
        return ""

    def keeps_content_length(self, message: Frame) -> bool:
        return message.get("content-length") is not None

    def origin(self, message: Frame) -> str:
        return message.get("original-destination") or ""

    def refusal(self, action: Action) -> str:
        if action.kind == "reject" and self.version == "1.0":
            return "STOMP 1.0 has no NACK: connect with 1.1 or 1.2"
        return ""

    @property
    def version(self) -> str:
        if self._adopted and self._client is not None:
            return self._client.version
        return self._spoken or super().version

    def check(self, target: str) -> ActionTarget:
        if target.startswith(_TEMPORARY):
            return ActionTarget(target, refusal=f"{shown(target)} would go away with the connection that sends")
        if target.startswith((*TOPICS, "/remote-temp-queue/")):
            return ActionTarget(target, stored=False, hint=self.dialect.receipt_proves(target))
        name = queue_name(target)
        if not name or "?" in target:
            return ActionTarget(target, refusal=no_queue(target))
        if name.startswith(PREFIX):
            return ActionTarget(
                target, refusal=f"a message to {shown(name)} can be taken for a question, and is in no queue"
            )
        exists = self._exists(name)
        hint = "the queue exists." if exists else "ActiveMQ creates the queue if it is missing."
        if exists is False:
            hint = "a new queue, it does not exist yet; ActiveMQ creates it."
        return ActionTarget(f"/queue/{name}", exists=exists, hint=hint, unknown=UNKNOWN)

    def _exists(self, name: str) -> bool | None:
        """Whether a queue is there; not asked for more than a few: it does not decide about anything."""
        if name not in self._asked and len(self._asked) < ASKED:
            self._asked[name], _ = self.statistics.depth(name)
        return self._asked.get(name)

    def rehearsal(self, client: BlockingClient) -> str:
        return "/temp-topic/stomptui.rehearsal"

    @property
    def peeks_freely(self) -> bool:
        return True

    def census(self, target: ActionTarget) -> TargetCount:
        exists, numbers = self.statistics.numbers(queue_name(target.destination))
        if exists is False:
            return TargetCount(0, 0)
        return TargetCount(whole(numbers, "size"), whole(numbers, "consumerCount"))

    def plan(self, action: Action, items: Items) -> DryRun:
        self._asked.clear()
        plan = super().plan(action, items)
        if action.kind == "reject" and not plan.refusal:
            gone = any(message.get("persistent") != "true" for _, message in items)
            return replace(plan, lines=(*_rejected(items), *plan.lines[1:]), destroys=gone)
        hollow = sum(is_hollow(message) for _, message in items) if action.sends else 0
        if not hollow or plan.refusal:
            return plan
        line = f"{hollow:,} of them {_HOLLOW}." if len(items) > 1 else f"It {_HOLLOW}."
        return replace(plan, lines=(line, *plan.lines), destroys=action.kind != "copy")

    def facts(self, action: Action) -> list[str]:
        told = super().facts(action)
        if action.kind != "copy" and not self._adopted:
            told.append("What cannot be done returns to its place, marked “redelivered” and counted as a delivery.")
        return told

    def act(self, action: Action, items: Items, tell: Tell) -> ActionResult:
        if action.kind == "copy" or (self._adopted and not action.sends):
            return super().act(action, items, tell)
        result = ActionResult(action, len(items), atomic=True)

        def told(index: int, outcome: MessageOutcome) -> None:
            result.outcomes[index] = outcome
            tell(index, outcome)

        targets = dry_run.targets(self, action, items) if action.sends else {}
        client = self._client if self._adopted and self._client is not None else self._dial(action)
        self._spoken = client.version
        try:
            refusal = self.refusal(action)
            if refusal:
                raise ClientError(refusal)
            chosen = list(self._chosen(action, items, targets, told))
            work = self._move_held if self._adopted else self._take_and_do
            result.stopped = work(action, client, chosen, told)
            result.notes += risks.afterwards(self, items, targets, result)
        finally:
            if not self._adopted:
                client = self._working or client
                self._working = None
                (client.drop if client.gone else client.close)()
        if not self._adopted:
            settle_doubts(self, result, items, told)
        return result

    def still_here(self, items: Items) -> set[int] | None:
        queues = {message.get("destination") or "" for _, message in items}
        if len(queues) != 1:
            return None
        (queue,) = queues
        source = ActiveMQAccess(self.context, queue, self.dialect)
        _, numbers = source.statistics.numbers(source.name)
        frames = source.all_messages(LOOKABLE)
        if frames is None or whole(numbers, "consumerCount") != 0:
            return None
        ids = {frame.get("message-id") for frame in frames if frame is not None}
        return {index for index, message in items if message.get("message-id") in ids}

    def _dial(self, action: Action) -> BlockingClient:
        """The connection that takes messages, and sends them."""
        return self.context.dial(action.present, versions=self.sending_versions if action.sends else ())

    def _chosen(self, action: Action, items: Items, targets: dict[str, ActionTarget], tell: Tell) -> Iterator[Chosen]:
        """What can be done; tells of what cannot."""
        seen: set[tuple[str, str]] = set()
        for index, message in items:
            target = targets.get(dry_run.destination(self, action, message)) if action.sends else None
            problem = dry_run.problem(self, action, message, target) if action.sends else ""
            problem = problem or dry_run.not_agreed(self, action, message, target)
            item = Chosen(index, message, target)
            if not problem and self._adopted:
                problem = self.ours(index)
            elif not problem and not (item.id and item.queue):
                problem = "it has no message-id and destination to find it by"
            elif not problem and (item.queue, item.id) in seen:
                problem = "another of them has the same message-id, and cannot be told from it"
            seen.add((item.queue, item.id))
            if problem:
                tell(index, MessageOutcome(FAILED, problem))
            else:
                yield item

    def _move_held(self, action: Action, client: BlockingClient, chosen: Sequence[Chosen], tell: Tell) -> str:
        """Move what another connection holds, on it; why it ended early."""

        def told(index: int, outcome: MessageOutcome) -> None:
            if outcome.state == DONE:
                self._held.pop(index, None)
            tell(index, outcome)

        for portion in portions(chosen):
            if why := self.context.stopped():
                return why
            if why := transact(
                client, [self._part(action, client, item, self._held[item.index]) for item in portion], told
            ):
                return why
        return ""

    def _take_and_do(self, action: Action, client: BlockingClient, chosen: Sequence[Chosen], tell: Tell) -> str:
        """Take what was browsed, portion by portion, and do with it what was ordered; why it ended early."""
        taker = SelectingConsumer(client, self.context.stopped)
        waiting = deque(portions(chosen))
        try:
            while waiting:
                portion = waiting.popleft()
                if why := self.context.stopped():
                    return why
                deliveries = taker.take(portion)
                if why := self.context.stopped():
                    return why
                there = [(item, deliveries[item.id]) for item in portion if item.id in deliveries]
                for item in portion:
                    if item.id not in deliveries:
                        tell(item.index, MessageOutcome(FAILED, taker.missing(item)))
                undone: set[int] = set()
                why = self._do(action, client, there, tell, undone)
                if not undone:
                    if why:
                        return why
                    continue
                # The broker ended the connection, which undoes the transaction, over one of them: alone each has its
                # own answer, on another connection.
                if len(undone) > 1:
                    waiting.extendleft([item] for item, _ in reversed(there) if item.index in undone)
                client.drop()
                client = self._dial(action)
                taker = SelectingConsumer(client, self.context.stopped, taker)
            taker.let_go()
        except ClientError as error:
            return str(error) if isinstance(error, NotReached) else error.server_text or str(error)
        finally:
            self._working = client
        return ""

    def _do(
        self,
        action: Action,
        client: BlockingClient,
        there: Sequence[tuple[Chosen, Frame]],
        tell: Tell,
        undone: set[int],
    ) -> str:
        def again(indexes: Sequence[int], why: str) -> bool:
            """Of several nobody knows which it was; of one alone that is known."""
            undone.update(indexes)
            if len(indexes) == 1:
                told = f"the broker ended the connection when it was sent, and it stays here: {why}"
                tell(indexes[0], MessageOutcome(FAILED, told))
            return True

        if action.sends:
            return transact(
                client, [self._part(action, client, item, delivery) for item, delivery in there], tell, again
            )
        lost = MessageOutcome(DOUBT, "whether the broker took it out is not known")
        jobs = [
            Job(item.index, iter([Step(client, (self._settling(action, delivery, client),), lost=lost)]))
            for item, delivery in there
        ]
        pipeline = Pipeline(self.context.event_queue, tell)
        pipeline.run(jobs)
        return pipeline.ended

    def _part(self, action: Action, client: BlockingClient, item: Chosen, delivery: Frame) -> Part:
        """The frames that move one message."""
        assert item.target is not None, "only actions that send have parts"
        send = self.sending(item.target, self.carry(item.message, action.kind == "retry"))
        return Part(item.index, send, self._settling(action, delivery, client))


def _rejected(items: Items) -> tuple[str, ...]:
    """What becomes of messages that are rejected, by their own `persistent`
    (https://activemq.apache.org/components/classic/documentation/message-redelivery-and-dlq-handling)."""
    kept = sum(message.get("persistent") == "true" for _, message in items)
    gone = len(items) - kept
    told = []
    if kept:
        some = f"{kept:,} of them" if gone else "They" if kept > 1 else "It"
        told.append(f"{some} {'go' if kept > 1 else 'goes'} to the dead letters, by default ActiveMQ.DLQ.")
    if gone:
        some = f"{gone:,} of them" if kept else "They" if gone > 1 else "It"
        told.append(
            f"{some} {'are' if gone > 1 else 'is'} not persistent: ActiveMQ deletes {'those' if gone > 1 else 'it'}, "
            "unless a policy of the broker keeps such dead letters."
        )
    return tuple(told)
