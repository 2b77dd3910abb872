"""Looking into RabbitMQ's queues, as verified on 3.10, 4.0 and 4.3, and into those of the embedded broker."""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from stomptui.brokers.rabbitmq.dead_letters import DeadLetters, Exchange, Receiver, find, routed, settled
from stomptui.brokers.rabbitmq.declaring import DeclareAnswers, declare, exists, hear
from stomptui.brokers.rabbitmq.delivery_limit import rabbitmq_deliveries
from stomptui.brokers.rabbitmq.streams import StreamCheck as Read
from stomptui.brokers.rabbitmq.streams import read
from stomptui.brokers.rabbitmq.target_limits import (
    RabbitMQQueueSettings,
    full,
    leaving,
    limits_told,
    risks,
    with_management,
)
from stomptui.config.connection import Connection
from stomptui.connection import requests
from stomptui.connection.blocking_client import BlockingClient, ClientError, ConnectionGone, NoAnswer
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.requests import Subscription
from stomptui.connection.subscriptions.delivery_limit import ASSUMED, Deliveries
from stomptui.protocol.frame import Frame, Headers
from stomptui.protocol.names import shown
from stomptui.protocol.numbers import signed_number, whole_number
from stomptui.queues.actions.action import (
    DONE,
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
from stomptui.queues.actions.recount import TargetCount
from stomptui.queues.context import AccessContext
from stomptui.queues.depths import SLOW, Count
from stomptui.queues.leaving import KEEPS, Leaving
from stomptui.queues.listing.listing import whole
from stomptui.queues.peek.holding import Holding
from stomptui.queues.peek.peek_values import Found, PeekOptions, PeekResult, QueueSurvey

if TYPE_CHECKING:
    from stomptui.brokers.rabbitmq.queue_settings import SettingsReader

EVERYTHING = 2**31 - 1
"""A prefetch that nothing reaches; RabbitMQ takes it on 3.10 and 4.3 (of larger ones 3.10 makes something else)."""
STREAM_PREFETCH = 1000
DEAD_LETTERS = "DLQ"
"""The queue that gets what is rejected for good from any other of the embedded broker."""
PAUSE = 0.5
"""Seconds between two questions to the management."""
SEEN = 5.0
"""Seconds that a queue may take to be there once it was declared."""
_STREAM_START = re.compile(r"first|last|next|(offset|timestamp)=\d+")
_READ = ("/queue/", "/amq/queue/")


def queue_name(destination: str) -> str:
    """The name of the queue that a destination means, percent-encoded as there; "" if it means none."""
    for prefix in _READ:
        if destination.startswith(prefix):
            name = destination[len(prefix) :]
            return "" if "/" in name else name
    return "" if "/" in destination else destination


#: Queues behind an exchange that are looked at before something is sent to it.
_ROUTED = 8


def exchange_named(destination: str) -> tuple[str, str]:
    """The exchange that a destination means, and its routing key; "" for both if it means none by its name."""
    kind, _, rest = destination.removeprefix("/").partition("/")
    name, _, key = ("amq.topic", "", rest) if kind == "topic" else rest.partition("/")
    known = destination.startswith(("/topic/", "/exchange/")) and name
    return (name.replace("%2F", "/"), key.replace("%2F", "/")) if known else ("", "")


def encoded(name: str) -> str:
    """A queue's name as destinations have it: RabbitMQ decodes %2F there, and nothing else."""
    return name.replace("/", "%2F")


class RabbitMQAccess(Holding):
    """Held on a connection of its own, then parked: a subscription of the same name on a private empty queue
    keeps what was delivered ours and lets nothing more come. Before 4.3 it goes back with the connection, which a
    quorum queue counts; from 4.3 on it is rejected back in order, which is not counted.
    """

    origin_headers = frozenset(
        f"x-{which}-death-{what}" for which in ("first", "last") for what in ("exchange", "queue", "reason")
    )
    confirms_lost = True
    counts_while_taking = True
    finds_out = True
    # 1.1 has no escape for a carriage return, and RabbitMQ closes at a plain one.
    sending_versions = ("1.2",)
    exact = (
        "RabbitMQ shows no boolean, decimal, list or table headers over STOMP: messages go without those they have. "
        "Whole numbers in headers go on as text."
    )

    def __init__(self, context: AccessContext, queue: str, dialect: Dialect) -> None:
        super().__init__(context, queue, dialect)
        self.name = queue_name(queue)
        self.kind = ""
        self._deliveries = ASSUMED
        """What a look that is counted costs."""
        self._parks = False
        """Whether we may have a private queue."""
        self._credit = False
        """Whether each message of a stream is answered with an ACK, which makes it send more."""
        self._is_told = False
        """Whether the queue is known to be there by a subscription that was tried."""
        self._most = 0
        """Counted returns of the message that has most."""
        self._leaving = KEEPS
        """What becomes of the queue when we leave, as the survey found out."""
        self._connection: Connection | None = None
        """Where the broker was asked about queues, and as whom."""
        self._asked: SettingsReader | None = None
        """Who tells of queues over HTTP."""
        self._dead: DeadLetters | None = None
        """Where what is rejected goes, once that was asked."""

    def kept_for(self, message: Frame) -> float | None:
        # The milliseconds count from its arrival: this is the most that can be left of them.
        time_left = whole_number(message.get("expiration") or "")
        return None if time_left is None else time_left / 1000

    @property
    def _release_version(self) -> tuple[int, int]:
        return getattr(self.dialect, "version", (0, 0))

    # What is known before

    def survey(self) -> QueueSurvey:
        if not self.name:
            return QueueSurvey(notice="", refusal=_no_queue(self.queue))
        heard = self.hear(self.name)
        exists, self.kind = heard.exists, heard.kind
        if exists is False:
            return QueueSurvey(notice="", exists=False, refusal=f"there is no queue {shown(self.name)}")
        if not self.kind and (refusal := self._read()):
            return QueueSurvey(notice="", exists=exists, refusal=refusal)
        if exists is None and self._is_told:
            exists = True
        if self.kind in ("classic", "stream"):
            self._deliveries = Deliveries(counted=False, kind=self.kind)
        else:
            self._deliveries = rabbitmq_deliveries(self.context, self.dialect, self.name, self.kind)
            self.kind = self.kind or self._deliveries.kind
        if self.kind != "stream":
            self._leaving = self._found_leaving(heard)
        unknown = "" if exists else f"Whether there is such a queue cannot be found out {_why_unknown(self.name)}. "
        return QueueSurvey(
            " ".join(filter(None, (unknown + self._leaving.loss, self._notice(), *self._leaving.notes))),
            self.kind,
            exists,
            holds=self.kind != "stream",
            ask=self._is_last() or bool(self._leaving.loss),
            leaving=self._leaving,
        )

    def _found_leaving(self, heard: DeclareAnswers) -> Leaving:
        """What becomes of the queue when we leave."""
        settings, _ = self._settings(self.name, heard, wait=False)
        known = heard.exists is True or settings.readers is not None
        return leaving(shown(self.queue), settings, known)

    def _is_last(self) -> bool:
        """Whether a look may be the last that a message bears, so that it needs a yes."""
        return self._deliveries.limit in ((0,) if self._release_version >= (4, 3) else (0, 1))

    def _read(self) -> str:
        """Find out by reading what the declaration did not tell; why the queue cannot be peeked at, "" if it can."""
        found, text = read(self.context, self.name)
        name = shown(self.name)
        if found is Read.STREAM:
            self.kind = "stream"
        self._is_told = found in (Read.STREAM, Read.OTHER)
        return {
            Read.MISSING: f"there is no queue {name}",
            Read.EXCLUSIVE: f"another connection has {name} for itself (exclusive): nobody else may read it",
            Read.DENIED: f"this user may not read from {name}, and is not told whether it is there",
            Read.DOWN: f"{name} does not answer: {text}",
        }.get(found, "")

    def _notice(self) -> str:
        if self.kind == "stream":
            return "Reading a stream changes nothing: no message is locked, removed or marked."
        away = "While you look, other consumers cannot receive these messages"
        if self._leaving.loss:
            return f"{away}, and they return only if others read from the queue."
        held = f"{away}. They return in order, marked “redelivered”"
        if self.kind == "classic":
            return f"{held}; no delivery is counted."
        if self._release_version >= (4, 3):
            told = f"{held}; no delivery is counted unless the connection breaks meanwhile"
            return f"{told}: that sends them to dead letters or deletes them." if self._is_last() else f"{told}."
        whether = "This queue" if self.kind == "quorum" else "If it is a quorum queue, it"
        return f"{held}. {whether} counts each peek as a delivery: {self._limit_told()}."

    def _limit_told(self) -> str:
        """What happens to a message that is looked at too often."""
        limit, outcome = self._deliveries.limit, "to dead letters or deletes it"
        unless = "" if self._deliveries.certain else ", if no policy sets another limit"
        if not self._deliveries.counted:
            return "it has no limit, so nothing comes of that"
        if limit is None:
            return "where a delivery limit is set, too many send it to dead letters or delete it"
        if limit == 0:
            return f"the first one sends each message it shows {outcome}{unless}"
        if limit == 1:
            return f"the second one of a message sends it {outcome}{unless}"
        return f"after {limit} of them the next sends it {outcome}{unless}"

    def probe(self, name: str) -> tuple[bool | None, str]:
        """Whether a queue exists, and its type, without touching it; (None, "") if this user may not ask."""
        heard = self.hear(name)
        return heard.exists, heard.kind

    def is_there(self, name: str) -> bool | None:
        """Whether a queue exists, without touching it; None if this user may not ask."""
        try:
            return exists(self.context, name)
        except ConnectionGone:
            if not _is_unsayable(name):
                raise
            return None

    # Looking

    def destination(self) -> str:
        return f"/amq/queue/{self.name}"

    def private(self) -> str:
        """A destination that nobody sends to, with a queue that goes with the connection."""
        return f"/exchange/amq.direct/{uuid.uuid4()}"

    def look(self, what: PeekOptions, found: Found) -> PeekResult:
        if not self.name:
            raise ClientError(_no_queue(self.queue))
        if self.kind == "stream" and what.start and not _STREAM_START.fullmatch(what.start):
            raise ClientError("a stream is read from first, last, next, offset=NUMBER or timestamp=SECONDS")
        self._most, self._credit = 0, self.kind == "stream" and what.limit is None
        looked = super().look(what, found)
        if self.kind == "stream":
            self._held.clear()
            return replace(looked, held=False)
        return looked

    def _prepared(self, client: BlockingClient) -> BlockingClient:
        """See whether we may have a private queue, while there is nothing to lose."""
        self._parks = False
        if self.kind == "stream" or self._leaving.loss:
            # To park is to leave: what is deleted then stays at least until the person leaves.
            return client
        try:
            self._park(client)
            client.ask("UNSUBSCRIBE", [("id", self._id)])
        except ClientError:
            client.drop()
            return self.context.dial("peeking")
        self._parks = True
        return client

    def _park(self, client: BlockingClient, id: str = "") -> None:
        spec = Subscription(id or self._id, self.private(), self.mode, headers=(("exclusive", "true"),))
        client.ask("SUBSCRIBE", requests.subscribe_headers(spec, client.dialect))

    def _subscription(self, what: PeekOptions) -> Subscription:
        if self.kind != "stream":
            # Of a quorum queue a consumer without a prefetch gets 2,000 at most.
            limit = EVERYTHING if what.limit is None and self.kind != "classic" else what.limit
            return super()._subscription(replace(what, limit=limit))
        start = (("x-stream-offset", what.start or "first"),)
        # A stream gives nothing without a prefetch, and of all types it alone takes an ACK for nothing but credit.
        return Subscription(
            self._id, self.destination(), self.mode, headers=start, prefetch=what.limit or STREAM_PREFETCH
        )

    @property
    def holding(self) -> bool:
        # A stream keeps everything: nothing of it is held, also while it is read.
        return self.kind != "stream" and super().holding

    def _take(self, frames: list[Frame]) -> None:
        if self.kind == "stream" and self._limit is not None:
            # 3.10 delivers more than the prefetch.
            frames = frames[: max(0, self._limit - self._next)]
        for frame in frames:
            count = frame.get("x-delivery-count") or ""
            self._most = max(self._most, signed_number(count) or 0)
            if self._credit and self._client is not None:
                self._client.send("ACK", requests.ack_headers(frame, self._client.version, self.dialect))
        super()._take(frames)

    def _ping(self, client: BlockingClient) -> None:
        transaction = ("transaction", f"{self._id}-ping-{self._next}")
        client.ask("BEGIN", [transaction])
        client.send("ABORT", [transaction])

    def count(self) -> Count | None:
        management = self._management() if self.kind != "stream" else None
        row = management.count(self.name.replace("%2F", "/")) if management is not None else None
        if row is None:
            return None
        arguments = row.get("arguments")
        if isinstance(arguments, dict) and arguments.get("x-single-active-consumer") is True:
            self._one_reader = True
        ready, unacked = row.get("messages_ready"), row.get("messages_unacknowledged")
        if not (isinstance(ready, int) and isinstance(unacked, int)):
            return None
        return Count(ready + unacked, unacked, late=self.kind != "classic")

    def _management(self) -> SettingsReader | None:
        """Who tells of queues over HTTP, None where none is to be asked."""
        connection = self._connection or self.context.connection
        if self._asked is None and connection is not None:
            self._asked = settings_of(connection, self.context.stopped)
        return self._asked

    def _freeze(self, client: BlockingClient) -> None:
        if self._parks:
            client.ask("UNSUBSCRIBE", [("id", self._id)])
            self._park(client)
        elif self.kind == "stream":
            client.ask("UNSUBSCRIBE", [("id", self._id)])

    def _about(self) -> str:
        told = super()._about()
        if not self._most:
            return told
        limit = self._deliveries.limit
        if limit is not None:
            unless = "" if self._deliveries.certain else ", if no policy sets another limit"
            used = f"One message has used up {self._most} of its {limit} peeks{unless}."
        else:
            used = f"The message that was returned most often was returned {self._most} times."
        return f"{told} {used}".strip()

    def make_sure(self) -> None:
        client = self._client
        if client is None or self.kind in ("classic", "stream") or self._is_last():
            # Where that delivery could be the last, a message that comes back is the lesser evil.
            return
        # A quorum queue may not have got yet what its RECEIPTs say, and never gets it if the channel ends now.
        # It answers a new reader only after what came before, which costs one delivery of the message it gives him.
        id = f"{self._id}-sure"
        spec = Subscription(id, self.destination(), self.mode, prefetch=1)
        client.ask("SUBSCRIBE", requests.subscribe_headers(spec, client.dialect))
        touched = self._touched(client, id) if self._parks and self._release_version >= (4, 3) else []
        client.ask("UNSUBSCRIBE", [("id", id)])
        if touched:
            self._park(client, id)
            client.ask("NACK", requests.nack_headers(touched[0], None, client.version, client.dialect))

    def forgotten(self) -> str:
        try:
            self.context.dial("checking the broker").drop()
        except ClientError:
            return (
                "RabbitMQ confirmed to have taken it out and does not answer any more: one that was killed forgets the "
                "acknowledgements it took last"
            )
        return ""

    @staticmethod
    def _touched(client: BlockingClient, id: str) -> list[Frame]:
        """The message that came to a reader nobody wants messages of."""
        try:
            return client.messages(1, id, timeout=0.1)
        except NoAnswer:
            return []

    # Giving back

    def _release(self, client: BlockingClient) -> str:
        if self._leaving.loss:
            return self._leaving.loss
        if self._release_version < (4, 3) or self.kind == "stream":
            return ""  # with the connection, in order
        if not self._parks:
            return (
                "returned by closing the connection, which a quorum queue counts as a delivery: this user may not "
                "create a private queue"
            )
        refused: list[str] = []

        def told(index: int, outcome: MessageOutcome) -> None:
            if outcome.state != DONE:
                refused.append(outcome.text)

        jobs = [
            Job(
                index,
                iter(
                    [
                        Step(
                            client,
                            (("NACK", tuple(requests.nack_headers(frame, None, client.version, client.dialect)), b""),),
                        )
                    ]
                ),
            )
            for index, frame in self._held.items()
        ]
        Pipeline(self.context.event_queue, told).run(jobs)
        return f"{len(refused)} were returned by closing the connection: {refused[0]}" if refused else ""

    # Acting

    def origin(self, message: Frame) -> str:
        name = message.get("x-first-death-queue")
        return f"/queue/{encoded(name)}" if name and not _is_unnamed(name) else ""

    def problem(self, action: Action, message: Frame, target: ActionTarget | None) -> str:
        name = message.get("x-first-death-queue") or ""
        if action.kind == "retry" and _is_unnamed(name):
            return f"STOMP has no name for the queue it came from, {shown(name)}"
        return super().problem(action, message, target)

    def facts(self, action: Action) -> list[str]:
        told = list(self.dead_letters().lines) if _rejects_for_good(action) else super().facts(action)
        if action.kind != "copy" and self.kind != "classic" and not self._adopted and not self._is_last():
            told.append("To be sure that a quorum queue has removed them, the next message in it is delivered as well.")
        return told

    def refusal(self, action: Action) -> str:
        if self.kind == "stream" and action.kind != "copy":
            return "a stream keeps every message: nothing can be taken out of it"
        return ""

    def check(self, target: str) -> ActionTarget:
        name = queue_name(target)
        if not name:
            return self._elsewhere(target)
        heard = self.hear(name)
        if heard.exists is None:
            unknown = f"whether the queue {shown(name)} exists cannot be found out {_why_unknown(name)}"
            return ActionTarget(
                target, refusal=f"{unknown}, and RabbitMQ confirms and drops what is sent to a missing one"
            )
        if not heard.exists and target.startswith("/amq/queue/"):
            return ActionTarget(
                target,
                exists=False,
                refusal=f"there is no queue {shown(name)}: RabbitMQ would confirm and drop the message",
            )
        settings, unknown = self._settings(name, heard)
        place = f"/amq/queue/{name}" if heard.exists else f"/queue/{name}"
        if heard.exists:
            hint = f"the queue exists{f' ({settings.kind})' if settings.kind else ''}."
        else:
            hint = f"a new queue, it does not exist yet; {self.dialect.in_a_sentence} creates it."
        depth = self._depth(name) if limits_told(settings) else None
        limit = full(place, settings, depth)
        return ActionTarget(
            place, exists=heard.exists, hint=hint, risks=risks(place, settings), limit=limit, unknown=unknown
        )

    def hear(self, name: str) -> DeclareAnswers:
        """What is told of a queue without touching it."""

        def dial(word: str, *, quiet: bool = False, versions: tuple[str, ...] = ()) -> BlockingClient:
            client = self.context.dial(word, quiet=quiet, versions=versions)
            self._connection = client.session.connection
            return client

        try:
            return hear(replace(self.context, dial=dial), name)
        except ConnectionGone:
            if not _is_unsayable(name):
                raise
            return DeclareAnswers(None)

    def _settings(self, name: str, heard: DeclareAnswers, wait: bool = True) -> tuple[RabbitMQQueueSettings, str]:
        """How a queue keeps messages, and what of it is not known, as `ActionTarget.unknown` has it.

        Args:
            name: The queue, percent-encoded as in destinations.
            heard: What is known without the management.
            wait: Whether to wait for policies that the management does not tell yet.
        """
        management = self._management()
        told = management.of(name.replace("%2F", "/"), heard.kind, wait) if management is not None else None
        if told is None:
            why = f"; {management.problem}" if management is not None and management.problem else ""
            limits = "" if heard.whole or not heard.exists else "some settings and "
            return heard.settings, f"{limits}policies are unknown, and may keep less{why}"
        settings = with_management(heard.settings, told.queue, told.policy)
        return settings, "" if told.policy is not None else "policies are unknown, and may keep less"

    def _depth(self, name: str) -> int | None:
        """Messages in a queue now, None if nobody tells."""
        row = self._asked.count(name.replace("%2F", "/")) if self._asked is not None else None
        return None if row is None else whole(dict(row).get("messages"))

    def prepare(self, target: ActionTarget) -> ActionTarget:
        if target.exists is not False or target.refusal:
            return target
        name = queue_name(target.destination)
        declare(self.context, name)
        # RabbitMQ 4.3 confirms a declaration a moment before everybody sees the queue, and drops what comes between.
        until = time.monotonic() + SEEN
        while not self.is_there(name):
            if time.monotonic() >= until:
                raise ClientError(f"the queue {shown(name)} was declared, and is not there")
        # A policy may hold for it that nobody could tell of before.
        return replace(self.check(target.destination), destination=target.destination, made=True)

    def sending(self, target: ActionTarget, carried: PreparedMessage) -> tuple[str, Headers, bytes]:
        # To /queue/ the headers of a message would say what queue is made: one that goes with the connection, or keeps
        # one message. Here they say nothing, and are kept as headers.
        if name := queue_name(target.destination):
            target = replace(target, destination=f"/amq/queue/{name}")
        return super().sending(target, carried)

    def rehearsal(self, client: BlockingClient) -> str:
        # Some messages are refused only where a queue takes them.
        destination = self.private()
        spec = Subscription("rehearsal", destination, self.mode, headers=(("exclusive", "true"),), prefetch=1)
        client.ask("SUBSCRIBE", requests.subscribe_headers(spec, client.dialect))
        return destination

    @property
    def peeks_freely(self) -> bool:
        if self._leaving.by_leaving:
            return False
        if self.kind in ("classic", "stream"):
            return True
        return self.kind == "quorum" and (self._release_version >= (4, 3) or not self._deliveries.counted)

    def census(self, target: ActionTarget) -> TargetCount:
        name = queue_name(target.destination).replace("%2F", "/")
        row = self._asked.count(name) if self._asked is not None and name else None
        # Of other types the count may be old, and what others hold unacknowledged is not seen by a look.
        if row is None or row.get("type") != "classic" or row.get("messages_unacknowledged") != 0:
            return TargetCount()
        return TargetCount(whole(dict(row).get("messages")))

    def is_source(self, message: Frame, target: ActionTarget) -> bool:
        source = self.name or queue_name(message.get("destination") or "")
        return bool(source) and queue_name(target.destination) == source

    def still_there(self, target: ActionTarget) -> bool | None:
        return self.is_there(queue_name(target.destination)) if target.stored else True

    def _elsewhere(self, target: str) -> ActionTarget:
        name, key = exchange_named(target)
        if not name:
            return ActionTarget(target, refusal=f"RabbitMQ does not know the destination {shown(target)}")
        hint = f"{_capitalised(self.dialect.in_a_sentence)} confirms also what no queue takes."
        where = self._exchange(name)
        if where is None:
            return ActionTarget(target, stored=False, hint=hint)
        if not where.exists:
            return ActionTarget(target, stored=False, refusal=f"there is no exchange {shown(name)}")
        queues, sure = routed(where, key)
        risks = []
        if sure and not queues:
            risks.append(f"{shown(target)} goes to no queue now: {self.dialect.in_a_sentence} confirms what it drops.")
        if self.name.replace("%2F", "/") in queues:
            risks.append(f"{shown(target)} goes to the queue where they are: a copy is there twice.")
        for queue in queues[:_ROUTED]:
            risks += self._risks_of(queue)
        if len(queues) > _ROUTED:
            risks.append(f"{shown(target)} goes to {len(queues)} queues: {_ROUTED} of them were looked at.")
        return ActionTarget(target, stored=False, hint=hint, risks=tuple(risks))

    def _risks_of(self, queue: str) -> tuple[str, ...]:
        """What may become of messages that an exchange gives to a queue."""
        receiver = self._receiver(queue)
        place = f"/amq/queue/{encoded(queue)}"
        # A queue that goes with its reader is what a topic's subscriber has: nobody expects it to stay.
        settings = replace(receiver.settings, exclusive=False, auto_delete=False, durable=True)
        limit = full(place, settings, receiver.depth)
        return (*risks(place, settings), *([limit] if limit else []))

    def plan(self, action: Action, items: Items) -> DryRun:
        self._dead = None
        return super().plan(action, items)

    def act(self, action: Action, items: Items, tell: Tell) -> ActionResult:
        if not _rejects_for_good(action):
            return super().act(action, items, tell)
        limited = self.dead_letters().limited
        before = {name: self._depth(encoded(name)) for name in limited}
        result = super().act(action, items, tell)
        if any(depth is not None for depth in before.values()):
            result.notes += self._settled(result.count(DONE), before)
        return result

    def _settled(self, wanted: int, before: dict[str, int | None]) -> list[str]:
        """What to say of dead letters that did not arrive within the time that takes."""
        until = time.monotonic() + SLOW + PAUSE
        while True:
            told = settled(wanted, before, {name: self._depth(encoded(name)) for name in before})
            if not told or time.monotonic() >= until or self.context.stopped():
                return told
            time.sleep(PAUSE)

    def dead_letters(self) -> DeadLetters:
        """Where what is rejected for good goes from this queue."""
        if self._dead is None:
            if self.name:
                settings, _ = self._settings(self.name, self.hear(self.name))
                self._dead = find(settings, self._exchange, self._receiver)
            else:
                self._dead = find(RabbitMQQueueSettings(), self._exchange, self._receiver)
        return self._dead

    def _exchange(self, name: str) -> Exchange | None:
        management = self._management()
        return management.exchange(name) if management is not None else None

    def _receiver(self, name: str) -> Receiver:
        if _is_unnamed(name):
            return Receiver(None, RabbitMQQueueSettings())
        there = encoded(name)
        heard = self.hear(there)
        settings, _ = self._settings(there, heard)
        return Receiver(heard.exists, settings, self._depth(there))

    def reject_meaning(self, action: Action) -> str:
        quorum = self.kind != "classic" and self.counts_rejections
        place = "their place"
        if quorum and self._release_version < (4, 0):
            place = "the end of the queue" if self.kind == "quorum" else "their place, of a quorum queue to its end"
        delivered = "delivered again, to others or to you" if self._adopted else "delivered to others"
        told = f"They return to {place} and are {delivered}."
        return f"{told} {self._rejection_told()}" if quorum else told

    @property
    def counts_rejections(self) -> bool:
        """Whether a quorum queue counts what is rejected back to it as a delivery: from 4.3 on it does not."""
        return self._release_version < (4, 3)

    def _rejection_told(self) -> str:
        """What comes of it that a quorum queue counts rejections too."""
        limit, whose = self._deliveries.limit, "This queue" if self.kind == "quorum" else "A quorum queue"
        if not self._deliveries.counted or (limit is not None and self._most < limit):
            return f"{whose} counts that as a delivery: {self._limit_told()}."
        at = "its limit" if limit is None else f"its limit of {limit}"
        return f"{whose} counts that as a delivery: those at {at} go to dead letters or are deleted instead."

    def reject_destroys(self, action: Action) -> bool:
        return _rejects_for_good(action) and not self.dead_letters().kept


class EmbeddedAccess(RabbitMQAccess):
    """The embedded broker: RabbitMQ's classic queues, and it tells what queues it has."""

    exact = ""
    counts_rejections = False

    def dead_letters(self) -> DeadLetters:
        if self.name == DEAD_LETTERS:
            return DeadLetters(("This is the queue for dead letters itself: they are deleted.",), kept=False)
        return DeadLetters((f"The queue {DEAD_LETTERS} gets them.",), kept=True)

    def hear(self, name: str) -> DeclareAnswers:
        return DeclareAnswers(self.is_there(name), "classic", RabbitMQQueueSettings("classic"), True)

    def _settings(self, name: str, heard: DeclareAnswers, wait: bool = True) -> tuple[RabbitMQQueueSettings, str]:
        return heard.settings, ""

    def _exchange(self, name: str) -> Exchange | None:
        return None

    def is_there(self, name: str) -> bool | None:
        return name in self._ask_queues()

    def census(self, target: ActionTarget) -> TargetCount:
        row = self._ask_queues().get(queue_name(target.destination))
        return TargetCount(row["ready"] + row["unacked"], row["consumers"]) if row else TargetCount(0, 0)

    def count(self) -> Count | None:
        row = self._ask_queues().get(self.name)
        return Count(row["ready"] + row["unacked"], row["unacked"]) if row else None

    def _ask_queues(self) -> dict[str, dict[str, int]]:
        client = self.context.dial("checking the queue", quiet=True)
        try:
            return ask_queues(client)
        finally:
            client.drop()

    def private(self) -> str:
        return f"/topic/private.{uuid.uuid4()}"


def ask_queues(client: BlockingClient) -> dict[str, dict[str, int]]:
    """What the embedded broker says of its queues, by name: ready, unacked, consumers, published, delivered.

    Raises:
        ClientError: It did not answer.
    """
    receipt = client.post("SEND", [("destination", "/broker/queues"), ("reply-to", "/temp-queue/queues")])
    client.wait(receipt)
    (frame,) = client.messages(1, "/temp-queue/queues")
    return {row.pop("name"): row for row in json.loads(frame.body)}


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _rejects_for_good(action: Action) -> bool:
    return action.kind == "reject" and action.requeue is False


def _is_unnamed(name: str) -> bool:
    """Whether STOMP has no name for a queue: what is written %2F in it would be read as a slash."""
    return "%2F" in name


def _is_unsayable(name: str) -> bool:
    """Whether RabbitMQ 4.3 cannot put a queue's name into an ERROR: it closes the connection instead, which tells
    neither that the queue is there nor that it is not."""
    return any(ord(char) > 0xFF for char in name)


def _why_unknown(name: str) -> str:
    """Why it is not known whether a queue exists, in words that follow on "cannot be found out"."""
    if _is_unsayable(name):
        return "(RabbitMQ says nothing of a name with such characters)"
    return "by this user"


def settings_of(connection: Connection, stopped: Callable[[], object]) -> SettingsReader:
    """Who tells of queues over HTTP."""
    # What lists queues stands on what looks into them, and is not there yet when this is imported.
    from stomptui.brokers.rabbitmq.queue_settings import SettingsReader

    return SettingsReader(connection, stopped)


def _no_queue(destination: str) -> str:
    if destination.startswith(("/topic/", "/exchange/")):
        return "what is sent there is not kept anywhere: subscribe to see what comes"
    return f"{shown(destination)} is not the name of a queue: /queue/NAME"
