"""Looking into queues of Artemis, and moving messages, without the right to manage it.

What is shown is held by a subscription and given back by UNSUBSCRIBE, which keeps the order and counts nothing. The
broker bounds what it delivers by bytes, so that a look that is to show so many messages is asked for twice: once to see
how large they are, and then with a window that ends within the last of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

from stomptui.brokers.artemis import non_destructive as staying
from stomptui.brokers.artemis.management import VERSIONS
from stomptui.brokers.artemis.queue_lookup import ArtemisPlace, is_pattern, meant
from stomptui.brokers.artemis.target_limits import UNKNOWN
from stomptui.connection import requests
from stomptui.connection.blocking_client import BlockingClient, ClientError
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.requests import Subscription
from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown
from stomptui.protocol.numbers import whole_number
from stomptui.queues.actions.action import Action, ActionTarget, DryRun, Items, MessageOutcome, PreparedMessage
from stomptui.queues.actions.pipeline import Step
from stomptui.queues.context import AccessContext
from stomptui.queues.peek.holding import MAX_BYTES, Holding
from stomptui.queues.peek.peek_values import Found, PeekOptions, PeekResult, QueueSurvey
from stomptui.queues.refusal_texts import plain

ROUNDS = 9
"""Times a look is asked for until it shows as many messages as it should."""
FIRST_WINDOW = (10 << 10, 8 << 20)
"""Bytes of the first window, least and most; a kilobyte for each message in between."""
NO_LIMIT = -1
AT_FIRST = 2.0
"""Seconds that the first message may take: a busy broker confirms the subscription long before."""
EXPECTED = 5.0
"""The same for messages that were there a moment ago and were given back to be asked for anew."""
FRAME_END = 2
"""Bytes of a frame that the broker counts and that are not in `Frame.raw`: its NUL and a line feed."""
COUNTED = (
    "if the connection breaks meanwhile, that counts as a delivery of each, and the 10th (or the number that is set) "
    "sends a message to dead letters or deletes it"
)
ORIGINS = frozenset(f"_AMQ_ORIG_{what}" for what in ("ADDRESS", "QUEUE", "MESSAGE_ID", "ROUTING_TYPE")) | {
    "_AMQ_ACTUAL_EXPIRY"
}
_MULTICAST = "0"
_HOLLOW = (
    "It has an empty body and may be a JMS map or object message: STOMP does not show what is in it, and it goes on "
    "empty.",
    "have an empty body and may be JMS map or object messages: STOMP does not show what is in them, and they go on "
    "empty.",
)
"""Of one message, and of some of them."""


def is_hollow(message: Frame) -> bool:
    """Whether it may be a message whose content STOMP does not show: no text, and no bytes either."""
    return not message.body_size and message.get("content-length") is None


class ArtemisHolding(Holding):
    """Held by a subscription to the bare name, as an anycast queue, which is right on every acceptor."""

    origin_headers = ORIGINS
    finds_out = True
    exact = "Artemis shows numbers and booleans in headers as text over STOMP: messages go with the text."
    sending_versions = VERSIONS

    def __init__(self, context: AccessContext, queue: str, dialect: Dialect) -> None:
        super().__init__(context, queue, dialect)
        self.place = None if is_pattern(queue) else meant(queue)
        """The queue, None if its name is none."""
        self._window = NO_LIMIT
        self._expected = 0
        """Messages that are known to be there."""
        self._looked = False
        """Whether the look has ended, so that what comes now is only there because each ACK lets more come."""
        self._staying: dict[ArtemisPlace, bool] = {}
        """Whether what is acknowledged stays in a queue, for those of which that was found out."""

    def kept_for(self, message: Frame) -> float | None:
        end = whole_number(message.get("expires") or "")
        return max(0.0, end / 1000 - time.time()) if end else None

    # What is known before

    def survey(self) -> QueueSurvey:
        if self.place is None:
            return QueueSurvey(notice="", refusal=no_queue(self.queue))
        return QueueSurvey(
            "While you look, other consumers cannot receive these messages. They return in order; no delivery is "
            f"counted, but {COUNTED}. If the queue does not exist, peeking creates it, empty. Only users who may "
            "manage the broker can see whether it is emptied or deleted when its last consumer leaves."
        )

    # Looking

    def destination(self) -> str:
        return self._known().destination

    def _known(self) -> ArtemisPlace:
        if self.place is None:
            raise ClientError(no_queue(self.queue))
        return self.place

    def look(self, what: PeekOptions, found: Found) -> PeekResult:
        least, most = FIRST_WINDOW
        self._expected = 0
        self._window = NO_LIMIT if what.limit is None else min(max(what.limit << 10, least), most)
        looked = super().look(what, found)
        self._looked = True
        return looked

    def _begin(self, word: str, found: Found) -> None:
        super()._begin(word, found)
        self._looked = False
        self._id += ".0"

    def _subscription(self, what: PeekOptions) -> Subscription:
        headers = (*self._known().read_headers, ("consumer-window-size", str(self._window)))
        return Subscription(self._id, self.destination(), self.mode, headers=headers)

    def _taker(self, prefetch: int) -> Subscription:
        return replace(super()._taker(prefetch), headers=self._known().read_headers)

    def _receive(self, client: BlockingClient, limit: int | None) -> None:
        if limit is None:
            super()._receive(client, limit)
            return
        shown, self._found = self._found, None
        for number in range(1, ROUNDS):
            super()._receive(client, limit)
            window = self._better_window(limit)
            if not window or self.context.stopped():
                break
            self._again(client, limit, window, number)
        else:
            super()._receive(client, limit)
        self._found = shown
        if shown is not None and self._held:
            shown(list(self._held.values()))

    def _take(self, frames: list[Frame]) -> None:
        if not self._looked:
            super()._take(frames)

    def _patience(self) -> float:
        if self._next < self._expected:
            return EXPECTED
        return super()._patience() if self._next else AT_FIRST

    def _better_window(self, limit: int) -> int:
        """The bytes to ask for so that exactly so many messages come, 0 if nothing better can be done."""
        costs = [len(frame.raw) + FRAME_END for frame in self._held.values()]
        used = sum(costs)
        if len(costs) >= limit:
            right = len(costs) == limit and used >= self._window
            return 0 if right else sum(costs[: limit - 1]) + max(1, costs[limit - 1] // 2)
        if used < self._window or self._size >= MAX_BYTES:
            return 0  # that was all there is, or all that is wanted
        return max(2 * self._window, 2 * used * limit // len(costs))

    def _again(self, client: BlockingClient, limit: int, window: int, number: int) -> None:
        """Give back what came, and ask for it anew with another window."""
        self._expected = min(len(self._held), limit)
        client.ask("UNSUBSCRIBE", requests.unsubscribe_headers(self._id, self.destination(), client.dialect))
        self._held.clear()
        # What still comes of the old subscription has another id, of the same length as that counts in the window.
        self._id = f"{self._id.rpartition('.')[0]}.{number}"
        self._next, self._size, self._window = 0, 0, window
        self._subscribe(client, PeekOptions())

    def _about(self) -> str:
        hollow = sum(is_hollow(frame) for frame in self._held.values())
        return f"{super()._about()} {about_hollow(hollow)}".strip()

    # Acting

    def _carry(self, message: Frame, retry: bool, source: str) -> PreparedMessage:
        carried = super()._carry(message, retry, source)
        return carried if carried.content_length or b"\0" not in carried.body else carried.as_bytes("it holds a NUL")

    def keeps_content_length(self, message: Frame) -> bool:
        """Bytes have their length near the top, texts at the very end; an empty text has none."""
        names = [name for name, _ in message.headers]
        if "content-length" not in names:
            return False
        is_last = names[-1] == "content-length"
        return not (is_last and message.body_size and message.version != "1.0" and _is_text(message.body))

    def incomplete(self, message: Frame) -> str:
        if is_hollow(message):
            return "its body is empty, and if it is a JMS map or object message STOMP does not show what is in it"
        return ""

    def origin(self, message: Frame) -> str:
        address, queue = (message.get(f"_AMQ_ORIG_{what}") or "" for what in ("ADDRESS", "QUEUE"))
        if not address or not queue:
            return address or queue
        shared = message.get("_AMQ_ORIG_ROUTING_TYPE") == _MULTICAST
        return ArtemisPlace(queue, address, shared).destination

    def refusal(self, action: Action) -> str:
        """Asks the broker once something is held."""
        if action.kind == "copy" or (action.kind == "ack" and self._adopted):
            return ""
        for message in self._one_of_each():
            place = self.place or meant(message.get("destination") or "")
            if place is None:
                continue
            if place not in self._staying:
                self._staying[place] = self._stays(place, message)
            if self._staying[place]:
                return staying.refusal(place)
        return ""

    def _one_of_each(self) -> list[Frame]:
        """Of what is held, a message of each queue."""
        if self.place is not None:
            return list(islice(self._held.values(), 1))
        return list({message.get("destination"): message for message in self._held.values()}.values())

    def _stays(self, place: ArtemisPlace, message: Frame) -> bool:
        """Whether what is acknowledged stays in a queue, as a message shows that we hold."""
        return staying.others_get(self.context, place, message)

    def check(self, target: str) -> ActionTarget:
        place = meant(target)
        if place is None:
            return self._elsewhere(target)
        if is_pattern(target) or place.queue.startswith("activemq."):
            return ActionTarget(target, refusal=no_queue(target))
        if place.is_plain:
            hint = "Artemis creates the queue if it is missing."
            return ActionTarget(place.destination, place.send_headers, hint=hint, unknown=UNKNOWN)
        return ActionTarget(
            place.destination,
            stored=False,
            hint="whether it is there is told only to who may manage Artemis, which confirms and drops what is sent to "
            "a missing one.",
        )

    def is_source(self, message: Frame, target: ActionTarget) -> bool:
        source, to = self.place or meant(message.get("destination") or ""), meant(target.destination)
        if source is None or to is None:
            return False
        return target.destination == source.destination or (to.queue, to.address) == (source.queue, source.address)

    def _elsewhere(self, target: str) -> ActionTarget:
        if not target.removeprefix("/topic/").removeprefix("/queue/"):
            return ActionTarget(target, refusal=no_queue(target))
        return ActionTarget(target, stored=False, hint=f"{self.dialect.receipt_proves(target)}.")

    def plan(self, action: Action, items: Items) -> DryRun:
        plan = super().plan(action, items)
        hollow = sum(is_hollow(message) for _, message in items) if self._empties(action) else 0
        if not hollow or plan.refusal:
            return plan
        line = _HOLLOW[0] if len(items) == 1 else f"{hollow:,} of them {_HOLLOW[1]}"
        return replace(plan, lines=(line, *plan.lines), destroys=action.kind != "copy")

    def _empties(self, action: Action) -> bool:
        """Whether messages are sent anew as far as they were shown."""
        return action.sends

    def steps(self, action: Action, index: int, message: Frame, target: ActionTarget | None) -> Iterator[Step]:
        for step in super().steps(action, index, message, target):
            yield replace(step, refused=_in_words(step))


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _in_words(step: Step) -> Callable[[str], MessageOutcome]:
    """Artemis puts the whole message into its words."""
    return lambda text: step.refused(plain(text))


def about_hollow(count: int) -> str:
    """What to say of messages whose content may not show."""
    return f"{count:,} with an empty body may be JMS map or object messages, which do not show." if count else ""


def no_queue(destination: str) -> str:
    """Why a destination is not a queue to look into, or to move messages to."""
    if is_pattern(destination):
        return f"{shown(destination)} stands for several queues: name one"
    if destination.startswith("/topic/"):
        return "what is sent there is not kept anywhere: subscribe to see what comes"
    if destination.startswith("activemq."):
        return f"{shown(destination)} is the broker's own"
    return f"{shown(destination)} is not the name of a queue: NAME, /queue/NAME or ADDRESS::NAME"
