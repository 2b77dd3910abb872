"""Looking into queues of Artemis, and acting on what is there, as verified on 2.56.

Who may manage the broker is shown copies and has Artemis itself move messages: nothing is delivered or counted, and
each message is done with whole or not at all. Who may not holds what is shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from stomptui.brokers.artemis.holding import ArtemisHolding, no_queue
from stomptui.brokers.artemis.management import Call, CallAnswer, Declined, ManagementClient, NoRight
from stomptui.brokers.artemis.messages import HOLLOW, copy_messages, list_messages, number_of
from stomptui.brokers.artemis.non_destructive import is_listed
from stomptui.brokers.artemis.queue_lookup import ArtemisPlace, FoundQueue, find, is_pattern, meant
from stomptui.brokers.artemis.queue_making import made, made_by_itself, not_made
from stomptui.brokers.artemis.target_limits import ArtemisQueueSettings, fed_by, full, leaving, risks, settings_of
from stomptui.connection.blocking_client import ClientError
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.events import Event
from stomptui.connection.stomp_log import LOGGER
from stomptui.protocol.frame import Frame, Headers
from stomptui.protocol.names import shown
from stomptui.queues.actions import dry_run
from stomptui.queues.actions import risks as agreeing
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
from stomptui.queues.actions.recount import LOOKABLE, TargetCount
from stomptui.queues.actions.settling import settle_doubts
from stomptui.queues.context import AccessContext
from stomptui.queues.depths import Count
from stomptui.queues.headers.carrying import Change
from stomptui.queues.leaving import KEEPS
from stomptui.queues.peek.holding import MAX_BYTES
from stomptui.queues.peek.peek_values import Found as Shown
from stomptui.queues.peek.peek_values import PeekOptions, PeekResult, QueueSurvey
from stomptui.queues.refusal_texts import plain

_GONE = "it is not in the queue any more, or a reader has it now"
_DOUBTS = {
    "move": "it was moved or not, and is in one of the two places",
    "retry": "it was moved or not, and is in one of the two places",
    "copy": "it was copied or not, and is still in this queue",
    "reject": "it was moved to the dead letters or not",
}


class ArtemisAccess(ArtemisHolding):
    """By the management where this user may, by holding where not; what another connection holds by it in any case."""

    def __init__(self, context: AccessContext, queue: str, dialect: Dialect) -> None:
        super().__init__(context, queue, dialect)
        self._managing: ManagementClient | None = None
        self._may = True
        """Whether this user may manage, as far as it was tried."""
        self._checked: dict[str, ActionTarget] = {}
        """What is known of the targets that were asked about."""
        self._to_make: dict[str, ArtemisPlace] = {}
        """Those that are missing, and are made once a message goes there."""
        self._made: dict[str, ActionTarget] = {}
        """What came of making them, in this action."""

    def manage(self) -> ManagementClient | None:
        """Where to ask, None if this user may not. Raises `ClientError`."""
        if self._managing is not None and self._managing.over:
            self._hang_up()
        if self._managing is None and self._may:
            try:
                self._managing = ManagementClient.dial(self.context)
            except NoRight:
                self._may = False
        return self._managing

    def _hang_up(self) -> None:
        managing, self._managing = self._managing, None
        if managing is not None:
            managing.close()

    # What is known before

    def survey(self) -> QueueSurvey:
        management = self.manage()
        if management is None:
            return super().survey()
        found = find(management, self.queue)
        if found is None:
            return QueueSurvey(notice="", exists=False, holds=False, refusal=self._missing())
        self.place = found.place
        notice = "This changes nothing at the broker: no message is locked, removed, marked or counted."
        try:
            # A look by the management is no reader; a drain is one.
            leave = leaving(shown(self.queue), settings_of(management, found.place, True))
        except ClientError as error:
            LOGGER.info("what becomes of %s when a reader leaves was not found out: %s", shown(self.queue), error)
            leave = KEEPS
        return QueueSurvey(notice, exists=True, holds=False, depth=found.count, leaving=leave)

    def _missing(self) -> str:
        return no_queue(self.queue) if self.place is None else f"there is no queue {shown(self.place.destination)}"

    # Looking

    def look(self, what: PeekOptions, found: Shown) -> PeekResult:
        management = self.manage()
        if management is None:
            return super().look(what, found)
        self.return_messages()
        there = find(management, self.queue)
        if there is None:
            raise ClientError(self._missing())
        self.place = there.place
        listing = list_messages(management, there, what.limit, self.context.stopped)
        count = size = gone = hollow = 0
        for portion in copy_messages(management, there, listing.messages, self.context.stopped):
            frames = [frame for _, frame in portion if frame is not None]
            hollow += sum(message.kind in HOLLOW for message, frame in portion if frame is not None)
            gone += len(portion) - len(frames)
            count, size = count + len(frames), size + sum(len(frame.raw) for frame in frames)
            if frames:
                found(frames)
            if size >= MAX_BYTES:
                break
        stopped = self.context.stopped()
        notes = (
            _nothing(there) if not (count or stopped) else "",
            f"Stopped {stopped}: {count:,} of {there.visible:,} shown." if stopped else "",
            f"Artemis listed only the first {count:,} of {there.visible:,}." if listing.unread else "",
            f"Stopped after {size >> 20} MiB: {count:,} of {there.visible:,} shown." if size >= MAX_BYTES else "",
            f"{gone:,} left the queue meanwhile." if gone else "",
            f"{hollow:,} are JMS object, map or stream messages, whose content does not show." if hollow else "",
            f"{there.delivering:,} more are with readers now and do not show." if there.delivering and count else "",
            f"{there.scheduled:,} more are to be delivered later and do not show." if there.scheduled else "",
        )
        return PeekResult(count, False, " ".join(note for note in notes if note), there.count)

    def count(self) -> Count | None:
        management = self.manage()
        there = find(management, self.queue) if management is not None else None
        return Count(there.count, there.delivering) if there is not None else None

    def heard(self, event: Event) -> str:
        if self._managing is not None and self._managing.hear(event):
            return ""
        return super().heard(event)

    def close(self) -> None:
        super().close()
        self._hang_up()

    def end_sending(self) -> None:
        super().end_sending()
        if self._adopted:
            self._hang_up()

    # Acting

    def _native(self, action: Action) -> bool:
        """Whether Artemis itself carries an action out: it copies and moves from queue to queue."""
        if self._adopted or self.manage() is None:
            return False
        target = self._checked.get(action.target) if action.kind == "copy" else None
        return target is None or target.stored

    def _empties(self, action: Action) -> bool:
        return super()._empties(action) and not self._native(action)

    def _stays(self, place: ArtemisPlace, message: Frame) -> bool:
        try:
            management = self.manage()
            if management is not None and is_listed(management, place, message):
                return True
            # What a drain holds first is at the beginning; what a subscription holds may be far behind.
            if management is not None and not self._adopted:
                return False
        except ClientError as error:
            LOGGER.info("whether %s is non-destructive was not told: %s", shown(place.destination), error)
        return super()._stays(place, message)

    def check(self, target: str) -> ActionTarget:
        checked = self._checked[target] = self._check(target)
        return checked

    def _check(self, target: str) -> ActionTarget:
        management = self.manage()
        place = meant(target)
        if management is None or place is None or is_pattern(target) or place.queue.startswith("activemq."):
            return super().check(target)
        found = find(management, target)
        if found is not None:
            there = ActionTarget(found.place.destination, found.place.send_headers, True, hint="the queue exists.")
            return self._with_risks(management, there, found.place)
        if place.is_plain:
            if fed := fed_by(management, place):
                return _of_address(place, fed)
            return self._unmade(management, place)
        return ActionTarget(place.destination, exists=False, refusal=f"there is no queue {shown(place.destination)}")

    def _unmade(self, management: ManagementClient, place: ArtemisPlace) -> ActionTarget:
        """A queue that is missing, and that Artemis makes if its settings let it."""
        hint = "a new queue, it does not exist yet; Artemis creates it."
        target = self._with_risks(
            management, ActionTarget(place.destination, place.send_headers, False, hint=hint), place
        )
        try:
            if not made_by_itself(settings_of(management, place, False)):
                return replace(target, refusal=not_made(place))
        except Declined as error:
            LOGGER.info("whether %s would be made was not told: %s", shown(place.destination), error)
        self._to_make[place.destination] = place
        return target

    def _ready(self, management: ManagementClient, target: ActionTarget) -> ActionTarget:
        """A target that Artemis is to put messages into, made if it is missing."""
        place = self._to_make.get(target.destination) if target.exists is False else None
        if place is None:
            return target
        if target.destination not in self._made:
            self._made[target.destination] = made(management, target, place)
        return self._made[target.destination]

    @property
    def peeks_freely(self) -> bool:
        return True

    def census(self, target: ActionTarget) -> TargetCount:
        management = self.manage()
        found = find(management, target.destination) if management is not None else None
        if management is None or found is None:
            return TargetCount()
        consumers = management.call(f"queue.{found.place.queue}", "getConsumerCount")
        return TargetCount(found.count, consumers if isinstance(consumers, int) else None)

    @staticmethod
    def _with_risks(management: ManagementClient, target: ActionTarget, place: ArtemisPlace) -> ActionTarget:
        try:
            settings = settings_of(management, place, target.exists is True)
        except Declined as error:
            return replace(target, unknown=str(error))
        name = target.destination
        return replace(target, risks=risks(name, settings), limit=full(name, settings))

    def refused(self, action: Action, target: ActionTarget) -> str:
        makes = action.kind != "retry" and target.destination in self._to_make
        if not target.refusal and target.exists is False and self._native(action) and not makes:
            return f"there is no queue {shown(target.destination)}"
        return super().refused(action, target)

    def problem(self, action: Action, message: Frame, target: ActionTarget | None) -> str:
        if not self._native(action):
            return super().problem(action, message, target)
        return dry_run.no_way(self, action, target)

    def differences(self, action: Action, message: Frame) -> tuple[Headers, tuple[Change, ...]]:
        if not self._native(action):
            return super().differences(action, message)
        return tuple(line for line in message.headers if line[0] == "expires" and line[1] != "0"), ()

    def facts(self, action: Action) -> list[str]:
        if not self._native(action) or not action.sends:
            return super().facts(action)
        if action.kind == "copy":
            return ["Artemis copies them itself, whole. A copy does not expire."]
        return [
            "Artemis moves them itself, whole and in one step. What was moved does not expire any more, and _AMQ_ORIG_ "
            "headers say where it was."
        ]

    def reject_meaning(self, action: Action) -> str:
        if not self._native(action):
            return super().reject_meaning(action)
        dead = self._dead_letters()
        return (
            f"Artemis moves them to the dead letters: {dead}."
            if dead
            else "No queue takes dead letters of this one: they are deleted."
        )

    def reject_destroys(self, action: Action) -> bool:
        return not self._dead_letters() if self._native(action) else super().reject_destroys(action)

    def _dead_letters(self) -> str:
        """The address that dead letters of this queue go to, "" if they would be in no queue there."""
        management = self.manage()
        if management is None:
            return ""
        place = self._known()
        address = management.call(f"queue.{place.queue}", "getDeadLetterAddress") or ""
        settings = json.loads(management.call("broker", "getAddressSettingsAsJSON", place.address) or "{}")
        if not address or settings.get("autoCreateDeadLetterResources") is True:
            return str(address)
        try:
            return str(address) if management.call(f"address.{address}", "getQueueNames") else ""
        except Declined:
            return ""

    def act(self, action: Action, items: Items, tell: Tell) -> ActionResult:
        targets = dry_run.targets(self, action, items) if action.sends else {}
        management = self.manage()
        if management is None or not self._native(action):
            return super().act(action, items, tell)
        result = ActionResult(action, len(items), atomic=True)

        def told(index: int, outcome: MessageOutcome) -> None:
            result.outcomes[index] = outcome
            tell(index, outcome)

        result.stopped = management.run(
            self._calls(management, action, items, targets, told),
            lambda index, answer: told(index, _fate(action, answer)),
            self.context.stopped,
        )
        settle_doubts(self, result, items, told)
        result.notes += agreeing.afterwards(self, items, targets, result)
        return result

    def all_messages(self, most: int, last: int | None = None) -> Sequence[Frame | None] | None:
        management = self.manage()
        there = find(management, self.queue) if management is not None and last is not None else None
        if management is None or last is None or there is None:
            return super().all_messages(most, last)
        self.place = there.place
        if there.count > most or there.delivering or there.scheduled:
            return None
        listing = list_messages(management, there, None, self.context.stopped)
        if listing.unread:
            return None
        # Each body costs a copy of its message.
        begin = max(0, len(listing.messages) - last)
        frames: list[Frame | None] = [None] * begin
        for portion in copy_messages(management, there, listing.messages[begin:], self.context.stopped):
            if any(frame is None for _, frame in portion):
                return None
            frames += [frame for _, frame in portion]
        return frames if len(frames) == len(listing.messages) else None

    def still_here(self, items: Items) -> set[int] | None:
        management = self.manage()
        found = find(management, self._known().destination) if management is not None else None
        if management is None or found is None or found.count > LOOKABLE or found.delivering:
            return None
        if management.call(f"queue.{found.place.queue}", "getConsumerCount") != 0:
            return None
        listing = list_messages(management, found, None, self.context.stopped)
        numbers = {message.id for message in listing.messages}
        return None if listing.unread else {index for index, message in items if number_of(message) in numbers}

    def _calls(
        self, management: ManagementClient, action: Action, items: Items, targets: dict[str, ActionTarget], tell: Tell
    ) -> Iterator[tuple[int, Call]]:
        """What to have done for each message; tells of those that cannot be done."""
        queue = f"queue.{self._known().queue}"
        self._made.clear()
        for index, message in items:
            target = targets.get(dry_run.destination(self, action, message)) if action.sends else None
            problem = self.problem(action, message, target) if action.sends else ""
            problem = problem or dry_run.not_agreed(self, action, message, target)
            number = number_of(message)
            if target is not None and not problem and number is not None:
                target = self._ready(management, target)
                problem = target.refusal
            if problem or number is None:
                tell(index, MessageOutcome(FAILED, problem or "it has no message-id to find it by"))
            elif target is None:
                operation = "sendMessageToDeadLetterAddress" if action.kind == "reject" else "removeMessage"
                yield index, Call(queue, operation, (number,))
            else:
                to = meant(target.destination)
                operation = "copyMessage" if action.kind == "copy" else "moveMessage"
                yield index, Call(queue, operation, (number, to.queue if to else target.destination))


def _of_address(place: ArtemisPlace, fed: dict[str, ArtemisQueueSettings]) -> ActionTarget:
    """An address of which no queue has its name: what is sent there goes to those it has, to each in turn."""
    names = ", ".join(shown(name) for name in fed)
    told = [risk for name, settings in fed.items() for risk in risks(name, settings)]
    hint = f"no queue has that name; what is sent to its address goes to {names}{', in turn' if len(fed) > 1 else ''}."
    limits = [limit for name, settings in fed.items() if (limit := full(name, settings))]
    return ActionTarget(
        place.destination, place.send_headers, False, hint=hint, risks=tuple(told), limit=" ".join(limits)
    )


def _nothing(there: FoundQueue) -> str:
    if there.delivering:
        return f"Consumers have {there.delivering:,} that are in it now, and have not acknowledged them."
    return "Nothing is to be delivered now." if there.scheduled else "The queue is empty."


def _fate(action: Action, answer: CallAnswer) -> MessageOutcome:
    """What the answer to its call says of a message."""
    if answer.lost:
        return MessageOutcome(DOUBT, f"{_DOUBTS.get(action.kind, 'it was deleted or not')}: {answer.lost}")
    if answer.failure:
        return MessageOutcome(FAILED, plain(answer.failure))
    return MessageOutcome(DONE) if answer.result is True else MessageOutcome(FAILED, _GONE)
