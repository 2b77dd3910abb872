"""Looking into queues of ActiveMQ Classic, as verified on 5.17 and 6.3: by a browser, which takes nothing.

What is acted on is taken first, by selectors that name it, and moved in transactions.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from stomptui.broker.dialects import Dialect
from stomptui.broker.events import Event, Received
from stomptui.broker.line import ANSWER, Gone, Line, LineError, NoAnswer
from stomptui.broker.queues import planning
from stomptui.broker.queues.base import ONE_DELIVERY, Found, Items, Look, Looked, Room, Survey, Tell
from stomptui.broker.queues.holding import MAX_BYTES, Holding
from stomptui.broker.queues.orders import DONE, DOUBT, FAILED, Account, Carried, Fate, Order, Plan, Target
from stomptui.broker.queues.pipeline import Job, Pipeline, Step
from stomptui.broker.queues.selecting import Chosen, Taker, is_browser_end, past, portions
from stomptui.broker.queues.statistics import PREFIX, Statistics
from stomptui.broker.queues.transactions import Part, transact
from stomptui.broker.requests import Subscription
from stomptui.protocol.frame import Frame
from stomptui.protocol.marker import Batch

NO_BROWSER = "ActiveMQ shows a queue without taking anything only from STOMP 1.1 on: connect with 1.1 or 1.2"
_TOPICS = ("/topic/", "/temp-topic/", "/remote-temp-topic/")
_TEMPORARY = ("/temp-queue/", "/temp-topic/")
_CUT = "its text holds a NUL, at which STOMP cut it off: not all of it came"
_HOLLOW = (
    "has an empty body and may be a JMS map, object or stream message: STOMP does not show what is in it, and it goes "
    "on empty"
)


def queue_name(destination: str) -> str:
    """The name of the one queue that a destination means; "" if it means none, or several."""
    if destination.startswith((*_TOPICS, "/temp-queue/", "/remote-temp-queue/")):
        return ""
    name = destination.removeprefix("/queue/").partition("?")[0]
    return "" if "," in name or any(part in ("*", ">") for part in name.split(".")) else name


def is_hollow(message: Frame) -> bool:
    """Whether it may be a message whose content STOMP does not show: no text, and no bytes either."""
    return not message.body_size and message.get("content-length") is None


class ActiveMQAccess(Holding):
    """Browses, on a connection that ends with the look; nothing is held but what is being acted on."""

    own_headers = ONE_DELIVERY | {"scheduledJobId", "transformation", "transformation-error"}
    origin_headers = frozenset(("original-destination", "originalExpiration", "dlqDeliveryFailureCause"))
    exact = (
        "ActiveMQ shows no message groups over STOMP, and numbers and booleans in headers as text: messages go without "
        "the one, and with the other."
    )
    atomic = True

    def __init__(self, room: Room, queue: str, dialect: Dialect) -> None:
        super().__init__(room, queue, dialect)
        self.name = queue_name(queue)
        self._statistics = Statistics(room)
        self._depth: int | None = None
        self._version = ""
        """The STOMP version of the connection that was opened last."""
        self._ended = False
        """Whether the browser has shown everything."""
        self._hollow = 0
        """Messages that may hold what is not shown."""
        self._last = ""
        """The id of the message that came last."""
        self._cut: set[str] = set()
        """Ids of messages of which not everything came."""

    # What is known before

    def survey(self) -> Survey:
        if not self.name:
            return Survey(notice="", refusal=_no_queue(self.queue))
        exists, self._depth = self._statistics.depth(self.name)
        if self._statistics.version == "1.0":
            return Survey(notice="", refusal=NO_BROWSER)
        if exists is False:
            return Survey(notice="", exists=False, holds=False, refusal=f"there is no queue {self.name}")
        notice = "The broker notices nothing: nothing is held, taken, marked or counted."
        if exists is None:
            notice += " If there is no such queue, looking makes an empty one."
        return Survey(notice, exists=exists, holds=False, depth=self._depth)

    # Looking

    def look(self, what: Look, found: Found) -> Looked:
        if not self.name:
            raise LineError(_no_queue(self.queue))
        self._ended, self._hollow, self._last = False, 0, ""
        self._cut.clear()
        try:
            looked = super().look(what, found)
        finally:
            line, self._line = self._line, None
            if line is not None:
                self._version = line.version
                (line.drop if line.gone else line.close)()
        return replace(looked, held=False, note=f"{looked.note} {self._unseen(what)}".strip())

    def _prepared(self, line: Line) -> Line:
        if line.version == "1.0":
            raise LineError(NO_BROWSER)
        return line

    def _subscription(self, what: Look) -> Subscription:
        # What is never acknowledged is not followed by more than the prefetch, and a browser holds nothing by it.
        ack = "auto" if what.limit is None else "client-individual"
        return Subscription(self._id, f"/queue/{self.name}", ack, headers=(("browser", "true"),), prefetch=what.limit)

    def _receive(self, line: Line, limit: int | None) -> None:
        seen, heard = 0, time.monotonic()
        while not self._ended and (limit is None or self._next < limit) and self._size < MAX_BYTES:
            if self.room.stopped():
                break
            event = self.room.mailbox.get(1.0)
            if line.session.bytes_in != seen:
                seen, heard = line.session.bytes_in, time.monotonic()
            if event is not None and (reason := self.heard(event)):
                raise Gone(reason)
            if event is None and time.monotonic() - heard >= ANSWER:
                raise NoAnswer(f"no answer from the broker within {ANSWER:g} s")

    def heard(self, event: Event) -> str:
        if isinstance(event, Received) and self._line is not None and event.session == self._line.number:
            self._note_cut(event.batch)
        return super().heard(event)

    def _note_cut(self, batch: Batch) -> None:
        """A text with a NUL has no length on the wire, so what stands behind the NUL comes as a frame of its own."""
        for index, raw in enumerate(batch.frames()):
            if raw.startswith(b"MESSAGE"):
                self._last = Frame(raw, self._line.version if self._line else "1.2").get("message-id") or ""
            elif index in batch.odd and self._last:
                self._cut.add(self._last)

    def _take(self, frames: list[Frame]) -> None:
        for frame in frames:
            self._ended = self._ended or is_browser_end(frame)
        frames = [frame for frame in frames if not is_browser_end(frame)]
        self._next += len(frames)
        self._size += sum(len(frame.raw) for frame in frames)
        self._hollow += sum(is_hollow(frame) for frame in frames)
        if frames and self._found is not None:
            self._found(frames)

    def _freeze(self, line: Line) -> None:
        line.ask("UNSUBSCRIBE", [("id", self._id)])

    def _about(self) -> str:
        if not self._next and self._ended:
            return "The queue is empty."
        told = super()._about() if self._next else ""
        if self._hollow:
            told += (
                f" {self._hollow:,} with an empty body may be JMS map, object or stream messages, which do not show."
            )
        if self._cut:
            told += f" {len(self._cut):,} hold a NUL in a text, and show only what stands before it."
        return told.strip()

    def _unseen(self, what: Look) -> str:
        """What is to say if the queue has more than was shown of all of it."""
        if what.limit is not None or not self._ended or self._depth is None or self._next >= self._depth:
            return ""
        _, self._depth = self._statistics.depth(self.name)
        if self._depth is None or self._next >= self._depth:
            return ""
        return f"ActiveMQ showed {self._next:,} of {self._depth:,}: it shows no more than fit into its memory."

    # Acting

    def carry(self, message: Frame, retry: bool = False) -> Carried:
        carried = super().carry(message, retry)
        end = message.get("originalExpiration") or ""
        if retry and end.isascii() and end.isdigit() and int(end) and not past(end):
            headers = tuple((name, end if name == "expires" else value) for name, value in carried.headers)
            carried = carried._replace(headers=headers)
        if (message.get("message-id") or "") in self._cut:
            carried = carried._replace(problem=_CUT)
        return carried

    def incomplete(self, message: Frame) -> str:
        if (message.get("message-id") or "") in self._cut:
            return _CUT
        if is_hollow(message):
            return (
                "its body is empty, and if it is a JMS map, object or stream message STOMP does not show what is in it"
            )
        return ""

    def carries(self, name: str, value: str) -> bool:
        # With an end that is past it would go at once to the dead letters, or nowhere.
        return name != "expires" or not past(value)

    def keeps_content_length(self, message: Frame) -> bool:
        return message.get("content-length") is not None

    def origin(self, message: Frame) -> str:
        return message.get("original-destination") or ""

    def refusal(self, order: Order) -> str:
        if order.kind == "reject" and self.version == "1.0":
            return "STOMP 1.0 has no NACK: connect with 1.1 or 1.2"
        return ""

    @property
    def version(self) -> str:
        if self._adopted and self._line is not None:
            return self._line.version
        return self._version or super().version

    def check(self, target: str) -> Target:
        if target.startswith(_TEMPORARY):
            return Target(target, refusal=f"{target} would go away with the connection that sends")
        if target.startswith((*_TOPICS, "/remote-temp-queue/")):
            return Target(target, stored=False, hint=self.dialect.receipt_proves(target))
        name = queue_name(target)
        if not name or "?" in target:
            return Target(target, refusal=_no_queue(target))
        if name.startswith(PREFIX):
            return Target(target, refusal=f"a message to {name} can be taken for a question, and is in no queue")
        exists, _ = self._statistics.depth(name)
        hint = "the queue is there." if exists else "ActiveMQ creates the queue if it is missing."
        if exists is False:
            hint = "it does not exist, ActiveMQ creates it."
        return Target(f"/queue/{name}", exists=exists, hint=hint)

    def plan(self, order: Order, items: Items) -> Plan:
        plan = super().plan(order, items)
        hollow = sum(is_hollow(message) for _, message in items) if order.sends else 0
        if not hollow or plan.refusal:
            return plan
        line = f"{hollow:,} of them {_HOLLOW}." if len(items) > 1 else f"It {_HOLLOW}."
        return replace(plan, lines=(line, *plan.lines), destroys=order.kind != "copy")

    def facts(self, order: Order) -> list[str]:
        told = super().facts(order)
        if order.kind != "copy" and not self._adopted:
            told.append("What cannot be done goes back to its place, marked redelivered and counted as a delivery.")
        return told

    def act(self, order: Order, items: Items, tell: Tell) -> Account:
        if order.kind == "copy" or (self._adopted and not order.sends):
            return super().act(order, items, tell)
        account = Account(order, len(items), atomic=True)

        def told(index: int, fate: Fate) -> None:
            account.fates[index] = fate
            tell(index, fate)

        targets = planning.targets(self, order, items) if order.sends else {}
        line = self._line if self._adopted and self._line is not None else self.room.dial(order.present)
        self._version = line.version
        try:
            refusal = self.refusal(order)
            if refusal:
                raise LineError(refusal)
            chosen = list(self._chosen(order, items, targets, told))
            work = self._move_held if self._adopted else self._take_and_do
            account.stopped = work(order, line, chosen, told)
        finally:
            if not self._adopted:
                (line.drop if line.gone else line.close)()
        return account

    def _chosen(self, order: Order, items: Items, targets: dict[str, Target], tell: Tell) -> Iterator[Chosen]:
        """What can be done; tells of what cannot."""
        for index, message in items:
            target = targets.get(planning.destination(self, order, message)) if order.sends else None
            problem = planning.problem(self, order, message, target) if order.sends else ""
            item = Chosen(index, message, target)
            if not problem and self._adopted:
                problem = self.ours(index)
            elif not problem and not (item.id and item.queue):
                problem = "it has no message-id and destination to find it by"
            if problem:
                tell(index, Fate(FAILED, problem))
            else:
                yield item

    def _move_held(self, order: Order, line: Line, chosen: Sequence[Chosen], tell: Tell) -> str:
        """Move what another connection holds, on it; why it ended early."""

        def told(index: int, fate: Fate) -> None:
            if fate.state == DONE:
                self._held.pop(index, None)
            tell(index, fate)

        for portion in portions(chosen):
            if why := self.room.stopped():
                return why
            if why := transact(line, [self._part(order, line, item, self._held[item.index]) for item in portion], told):
                return why
        return ""

    def _take_and_do(self, order: Order, line: Line, chosen: Sequence[Chosen], tell: Tell) -> str:
        """Take what was browsed, portion by portion, and do with it what was ordered; why it ended early."""
        taker = Taker(line, self.room.stopped)
        try:
            for portion in portions(chosen):
                if why := self.room.stopped():
                    return why
                deliveries = taker.take(portion)
                if why := self.room.stopped():
                    return why
                there = [(item, deliveries[item.id]) for item in portion if item.id in deliveries]
                for item in portion:
                    if item.id not in deliveries:
                        tell(item.index, Fate(FAILED, taker.missing(item)))
                if why := self._do(order, line, there, tell):
                    return why
            taker.let_go()
        except LineError as error:
            return error.server_text or str(error)
        return ""

    def _do(self, order: Order, line: Line, there: Sequence[tuple[Chosen, Frame]], tell: Tell) -> str:
        if order.sends:
            return transact(line, [self._part(order, line, item, delivery) for item, delivery in there], tell)
        lost = Fate(DOUBT, "whether the broker took it out is not known")
        jobs = [
            Job(item.index, iter([Step(line, (self._settling(order, delivery, line),), lost=lost)]))
            for item, delivery in there
        ]
        pipeline = Pipeline(self.room.mailbox, tell)
        pipeline.run(jobs)
        return pipeline.ended

    def _part(self, order: Order, line: Line, item: Chosen, delivery: Frame) -> Part:
        """The frames that move one message."""
        assert item.target is not None, "only orders that send have parts"
        send = self.sending(item.target, self.carry(item.message, order.kind == "retry"))
        return Part(item.index, send, self._settling(order, delivery, line))


def _no_queue(destination: str) -> str:
    if destination.startswith(_TOPICS):
        return "what is sent there is not kept anywhere: subscribe to see what comes"
    if destination.startswith(("/temp-queue/", "/remote-temp-queue/")):
        return "a temporary queue belongs to the connection that made it: it cannot be looked into"
    if "," in destination or any(part in ("*", ">") for part in destination.removeprefix("/queue/").split(".")):
        return f"{destination} stands for several queues: name one"
    return f"{destination} is not the name of a queue: /queue/NAME"
