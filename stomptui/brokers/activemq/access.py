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
from stomptui.queues.access import AccessContext, Items, Tell
from stomptui.queues.actions import dry_run, risks
from stomptui.queues.actions.action import (
    DONE,
    DOUBT,
    FAILED,
    Action,
    ActionResult,
    ActionTarget,
    DryRun,
    MessageOutcome,
    PreparedMessage,
)
from stomptui.queues.actions.pipeline import Job, Pipeline, Step
from stomptui.queues.actions.recount import LOOKABLE, TargetCount
from stomptui.queues.actions.settling import settle_doubts

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
    """Takes what is to be acted on, portion by portion, on a connection that ends with the order."""

    origin_headers = frozenset(("original-destination", "originalExpiration", "dlqDeliveryFailureCause"))
    exact = (
        "ActiveMQ shows no message groups over STOMP: messages go on without. "
        "Numbers and booleans in headers go on as text."
    )
    atomic = True
    finds_out = True
    # 1.1 has no escape for a carriage return.
    sending_versions = ("1.2",)

    def __init__(self, room: AccessContext, queue: str, dialect: Dialect) -> None:
        super().__init__(room, queue, dialect)
        self._asked: dict[str, bool | None] = {}
        """Targets by name, and whether they exist."""
        self._working: BlockingClient | None = None
        """The connection that an order was carried out on last."""

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

    def refusal(self, order: Action) -> str:
        if order.kind == "reject" and self.version == "1.0":
            return "STOMP 1.0 has no NACK: connect with 1.1 or 1.2"
        return ""

    @property
    def version(self) -> str:
        if self._adopted and self._line is not None:
            return self._line.version
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
        hint = "the queue is there." if exists else "ActiveMQ creates the queue if it is missing."
        if exists is False:
            hint = "it does not exist, ActiveMQ creates it."
        return ActionTarget(f"/queue/{name}", exists=exists, hint=hint, unknown=UNKNOWN)

    def _exists(self, name: str) -> bool | None:
        """Whether a queue is there; not asked for more than a few: it does not decide about anything."""
        if name not in self._asked and len(self._asked) < ASKED:
            self._asked[name], _ = self.statistics.depth(name)
        return self._asked.get(name)

    def rehearsal(self, line: BlockingClient) -> str:
        return "/temp-topic/stomptui.rehearsal"

    @property
    def looks_freely(self) -> bool:
        return True

    def census(self, target: ActionTarget) -> TargetCount:
        exists, numbers = self.statistics.numbers(queue_name(target.destination))
        if exists is False:
            return TargetCount(0, 0)
        return TargetCount(whole(numbers, "size"), whole(numbers, "consumerCount"))

    def plan(self, order: Action, items: Items) -> DryRun:
        self._asked.clear()
        plan = super().plan(order, items)
        if order.kind == "reject" and not plan.refusal:
            gone = any(message.get("persistent") != "true" for _, message in items)
            return replace(plan, lines=(*_rejected(items), *plan.lines[1:]), destroys=gone)
        hollow = sum(is_hollow(message) for _, message in items) if order.sends else 0
        if not hollow or plan.refusal:
            return plan
        line = f"{hollow:,} of them {_HOLLOW}." if len(items) > 1 else f"It {_HOLLOW}."
        return replace(plan, lines=(line, *plan.lines), destroys=order.kind != "copy")

    def facts(self, order: Action) -> list[str]:
        told = super().facts(order)
        if order.kind != "copy" and not self._adopted:
            told.append("What cannot be done goes back to its place, marked redelivered and counted as a delivery.")
        return told

    def act(self, order: Action, items: Items, tell: Tell) -> ActionResult:
        if order.kind == "copy" or (self._adopted and not order.sends):
            return super().act(order, items, tell)
        account = ActionResult(order, len(items), atomic=True)

        def told(index: int, fate: MessageOutcome) -> None:
            account.fates[index] = fate
            tell(index, fate)

        targets = dry_run.targets(self, order, items) if order.sends else {}
        line = self._line if self._adopted and self._line is not None else self._dial(order)
        self._spoken = line.version
        try:
            refusal = self.refusal(order)
            if refusal:
                raise ClientError(refusal)
            chosen = list(self._chosen(order, items, targets, told))
            work = self._move_held if self._adopted else self._take_and_do
            account.stopped = work(order, line, chosen, told)
            account.notes += risks.afterwards(self, items, targets, account)
        finally:
            if not self._adopted:
                line = self._working or line
                self._working = None
                (line.drop if line.gone else line.close)()
        if not self._adopted:
            settle_doubts(self, account, items, told)
        return account

    def still_here(self, items: Items) -> set[int] | None:
        queues = {message.get("destination") or "" for _, message in items}
        if len(queues) != 1:
            return None
        (queue,) = queues
        source = ActiveMQAccess(self.room, queue, self.dialect)
        _, numbers = source.statistics.numbers(source.name)
        frames = source.all_messages(LOOKABLE)
        if frames is None or whole(numbers, "consumerCount") != 0:
            return None
        ids = {frame.get("message-id") for frame in frames if frame is not None}
        return {index for index, message in items if message.get("message-id") in ids}

    def _dial(self, order: Action) -> BlockingClient:
        """The connection that takes messages, and sends them."""
        return self.room.dial(order.present, versions=self.sending_versions if order.sends else ())

    def _chosen(self, order: Action, items: Items, targets: dict[str, ActionTarget], tell: Tell) -> Iterator[Chosen]:
        """What can be done; tells of what cannot."""
        seen: set[tuple[str, str]] = set()
        for index, message in items:
            target = targets.get(dry_run.destination(self, order, message)) if order.sends else None
            problem = dry_run.problem(self, order, message, target) if order.sends else ""
            problem = problem or dry_run.not_agreed(self, order, message, target)
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

    def _move_held(self, order: Action, line: BlockingClient, chosen: Sequence[Chosen], tell: Tell) -> str:
        """Move what another connection holds, on it; why it ended early."""

        def told(index: int, fate: MessageOutcome) -> None:
            if fate.state == DONE:
                self._held.pop(index, None)
            tell(index, fate)

        for portion in portions(chosen):
            if why := self.room.stopped():
                return why
            if why := transact(line, [self._part(order, line, item, self._held[item.index]) for item in portion], told):
                return why
        return ""

    def _take_and_do(self, order: Action, line: BlockingClient, chosen: Sequence[Chosen], tell: Tell) -> str:
        """Take what was browsed, portion by portion, and do with it what was ordered; why it ended early."""
        taker = SelectingConsumer(line, self.room.stopped)
        waiting = deque(portions(chosen))
        try:
            while waiting:
                portion = waiting.popleft()
                if why := self.room.stopped():
                    return why
                deliveries = taker.take(portion)
                if why := self.room.stopped():
                    return why
                there = [(item, deliveries[item.id]) for item in portion if item.id in deliveries]
                for item in portion:
                    if item.id not in deliveries:
                        tell(item.index, MessageOutcome(FAILED, taker.missing(item)))
                undone: set[int] = set()
                why = self._do(order, line, there, tell, undone)
                if not undone:
                    if why:
                        return why
                    continue
                # The broker ended the connection, which undoes the transaction, over one of them: alone each has its
                # own answer, on another connection.
                if len(undone) > 1:
                    waiting.extendleft([item] for item, _ in reversed(there) if item.index in undone)
                line.drop()
                line = self._dial(order)
                taker = SelectingConsumer(line, self.room.stopped, taker)
            taker.let_go()
        except ClientError as error:
            return str(error) if isinstance(error, NotReached) else error.server_text or str(error)
        finally:
            self._working = line
        return ""

    def _do(
        self, order: Action, line: BlockingClient, there: Sequence[tuple[Chosen, Frame]], tell: Tell, undone: set[int]
    ) -> str:
        def again(indexes: Sequence[int], why: str) -> bool:
            """Of several nobody knows which it was; of one alone that is known."""
            undone.update(indexes)
            if len(indexes) == 1:
                told = f"the broker ended the connection when it was sent, and it stays here: {why}"
                tell(indexes[0], MessageOutcome(FAILED, told))
            return True

        if order.sends:
            return transact(line, [self._part(order, line, item, delivery) for item, delivery in there], tell, again)
        lost = MessageOutcome(DOUBT, "whether the broker took it out is not known")
        jobs = [
            Job(item.index, iter([Step(line, (self._settling(order, delivery, line),), lost=lost)]))
            for item, delivery in there
        ]
        pipeline = Pipeline(self.room.mailbox, tell)
        pipeline.run(jobs)
        return pipeline.ended

    def _part(self, order: Action, line: BlockingClient, item: Chosen, delivery: Frame) -> Part:
        """The frames that move one message."""
        assert item.target is not None, "only orders that send have parts"
        send = self.sending(item.target, self.carry(item.message, order.kind == "retry"))
        return Part(item.index, send, self._settling(order, delivery, line))


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
