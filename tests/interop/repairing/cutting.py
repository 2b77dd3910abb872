"""One repair that is cut at one frame, and what a bare socket finds afterwards."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from stomptui.compose.repair import Repair
from stomptui.config.connection import Connection
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.errors import SessionError
from stomptui.queues.actions.action import DONE, DOUBT, UNTOUCHED, Action, MessageOutcome, PreparedMessage
from stomptui.queues.actions.edit import Edit
from stomptui.queues.peek.peek_values import PeekOptions
from tests.interop.queues.promises import Place
from tests.interop.queues.test_cutting import settled
from tests.interop.repairing.holding import hold_and_return, repair_held
from tests.support.cutting import Cutter
from tests.support.peeking import PeekFailed, Peeking, peeking
from tests.support.raw import RawFrame

BODIES = [b"first", b"wrong", b"last"]
MARK = ("fixed", "yes")
"""The header by which the edited message is known."""
NOTHING = MessageOutcome(UNTOUCHED)


@dataclass(frozen=True)
class Way:
    """What is tried."""

    itself: bool = False
    """Whether the edited message goes back into the queue of the original."""
    everything: bool = False
    """Whether the broker is out of reach from the cut on."""
    body: bytes = b"right"
    """The body of the edited message; it may be that of the original."""
    edit: bool = False
    """Whether it is edited as several are at once."""
    held: bool = False
    """Whether a subscription keeps it unacknowledged, as in the log; else it is found again by a peek."""
    again: bool = False
    """Whether that was delivered it again, as the connection was lost after the draft was begun."""
    back: bool = False
    """Whether it went back to its queue after the draft was begun, and is found there by a peek."""

    def __str__(self) -> str:
        where = "same queue" if self.itself else "another queue"
        then = "out of reach" if self.everything else "one connection"
        what = "new headers alone" if self.body == BODIES[1] else "new body"
        how = f"{', as several' if self.edit else ''}{', held' if self.held else ''}{' again' if self.again else ''}"
        how += ", held and returned" if self.back else ""
        return f"{where}, {then}, {what}{how}"


WAYS = [
    Way(itself, everything, body) for itself in (False, True) for everything in (False, True)
    for body in (b"right", BODIES[1])
] + [Way(everything=everything, edit=True) for everything in (False, True)]  # fmt: skip
FROM_LOG = [dataclasses.replace(way, held=True) for way in WAYS if not way.edit]


@dataclass
class Tried:
    """What became of one repair.

    Attributes:
        was_cut: Whether it took so many frames.
        frames: How many it took.
        outcome: What was said of the message.
        wrong: What is not as it must be, "" if all is.
    """

    was_cut: bool
    frames: int
    outcome: MessageOutcome
    wrong: str = ""


def repair_and_cut(place: Place, dialect: Dialect, name: str, way: Way, after: int) -> Tried:
    """Repair the second of three messages, cut behind that frame, and recount.

    Args:
        place: The kind of queue.
        dialect: Its broker.
        name: The queue; what it is moved to is named after it.
        way: How.
        after: The number of the frame, from 1; 0 cuts nothing.
    """
    queue, other = place.queue(name), f"{name}.other"
    target = place.queue(other)
    place.fill(name, BODIES)
    place.fill(other, [b"there"])
    with Cutter(place.connection.port) as cutter:
        connection = dataclasses.replace(place.connection, port=cutter.port, timeout=5.0)
        action = _action(queue if way.itself else target, way)

        def cut() -> int:
            if after:
                cutter.cut_any(after, everything=way.everything)
            return cutter.frames

        if way.held:
            began, outcome, words = asyncio.run(
                repair_held(connection, queue, BODIES, action, cut, cutter.cut_all if way.again else None)
            )
        else:
            if way.back:
                repair = asyncio.run(hold_and_return(place.connection, queue, BODIES))
            else:
                with peeking(place.connection, queue, dialect=dialect) as peek:
                    peek.look(PeekOptions(len(BODIES)))
                    repair = Repair(queue, "", peek.frames[1], 1)
            settled(place, name)
            began = cut()
            outcome, words = _repaired(connection, queue, dialect, repair, action)
        tried = Tried(cutter.was_cut, cutter.frames - began, outcome)
    settled(place, name)
    settled(place, other)
    here = place.take(name, place.broker.depth(name))
    there = place.take(other, place.broker.depth(other))
    tried.wrong = "; ".join(_wrong(place, way, outcome, here, there))
    if tried.wrong:
        tried.wrong += f" ({outcome}; {words}; here {_told(here)}, there {_told(there)})"
    return tried


def _action(target: str, way: Way) -> Action:
    if way.edit:
        return Action("move", target, edit=Edit((MARK,), find=BODIES[1].decode(), put=way.body.decode()))
    return Action("move", target, edited=PreparedMessage((MARK,), way.body, True))


def _repaired(
    connection: Connection, queue: str, dialect: Dialect, repair: Repair, action: Action
) -> tuple[MessageOutcome, str]:
    """As the console does it: found again, planned, agreed to, done."""
    try:
        with peeking(connection, queue, dialect=dialect) as peek:
            return _done(peek, repair, action)
    except (PeekFailed, SessionError) as error:
        return NOTHING, str(error)


def _done(peek: Peeking, repair: Repair, action: Action) -> tuple[MessageOutcome, str]:
    try:
        peek.look(PeekOptions(2))
        index = repair.find(peek.frames)
        if index is None:
            return NOTHING, "it was not found"
        plan = peek.plan(action, [index])
        if plan.refusal or plan.problems:
            return NOTHING, plan.refusal or plan.problems[0][1]
        result = peek.act(dataclasses.replace(action, accepts=plan.risks), [index])
    except PeekFailed as error:
        return NOTHING, str(error)
    return result.outcomes.get(index, NOTHING), result.text


def _wrong(
    place: Place, way: Way, outcome: MessageOutcome, here: list[RawFrame], there: list[RawFrame]
) -> Iterator[str]:
    """What is not as it must be."""
    kept = [frame.body for frame in here if not _is_edited(frame)]
    edited = [frame.body for frame in (here if way.itself else there) if _is_edited(frame)]
    original = kept.count(BODIES[1])
    # A peek that is cut can change their order: they return when the broker sees the end of each connection.
    if sorted(body for body in kept if body != BODIES[1]) != sorted((BODIES[0], BODIES[2])) or original > 1:
        yield "the others are not as they were"
    if [frame.body for frame in there if not _is_edited(frame)] != [b"there"]:
        yield "what was there before is not as it was"
    if any(body != way.body for body in edited):
        yield "what arrived is not what was sent"
    if not original and not edited:
        yield "LOST: neither is there"
    if len(edited) > 1:
        yield "it was sent twice"
    if outcome.state == DONE and (original, len(edited)) != (0, 1):
        yield "it was said to be done"
    if outcome.state not in (DONE, DOUBT) and (original, len(edited)) != (1, 0):
        yield "it was said to be where it was"
    if outcome.state == DOUBT and not outcome.text:
        yield "no reason was given for the doubt"
    if place.promise.broker.startswith("activemq") and original and edited:
        yield "a transaction was done by half"


def _is_edited(frame: RawFrame) -> bool:
    return MARK in frame.headers


def _told(frames: list[RawFrame]) -> list[str]:
    return [f"{frame.body!r}{' edited' if _is_edited(frame) else ''}" for frame in frames]
