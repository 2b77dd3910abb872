"""What an action would do, worked out before it is done: where messages go, which cannot, what they lose on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stomptui.protocol.codec import EncodeError, encode
from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown
from stomptui.queues.actions import risks as agreeing
from stomptui.queues.actions.action import Action, ActionTarget, DryRun, Items
from stomptui.queues.actions.pipeline import FrameSpec
from stomptui.queues.headers.differences import Differences

if TYPE_CHECKING:
    from stomptui.queues.access import QueueAccess

PLACES = 5
"""Targets named before the rest is counted."""
RECEIPT = len("receipt:1234567\n")


def plan(access: QueueAccess, action: Action, items: Items) -> DryRun:
    """What an action would do. Raises `ClientError` if a target cannot be checked."""
    refusal = access.refusal(action)
    lines: list[str] = []
    differences = Differences()
    problems: list[tuple[int, str]] = []
    risks: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    if not refusal and action.sends:
        known = targets(access, action, items)
        refusal = _all_refused(access, action, known)
        # What is said of a place and why nothing goes there would contradict each other.
        able = {name: target for name, target in known.items() if not access.refused(action, target)}
        lines = [] if refusal else _places(able)
        missing = tuple(name for name, target in able.items() if target.exists is False)
        for index, message in items:
            why = access.problem(action, message, known.get(destination(access, action, message)))
            if why:
                problems.append((index, why))
            else:
                differences.add(*access.differences(action, message))
        risks = agreeing.gathered(access, action, items, known)
        unknown = agreeing.not_known(target for target in known.values() if not access.refused(action, target))
        if not action.sends_away and not refusal:
            # They stay where they are: that is to be known, and needs no yes.
            lines += unknown
            unknown = ()
    if not refusal:
        if action.kind in ("ack", "delete"):
            lines.append(_deletion(len(items)))
        lines += access.facts(action)
    destroys = action.kind in ("ack", "delete") or (action.kind == "reject" and access.reject_destroys(action))
    return DryRun(
        action,
        len(items),
        tuple(lines),
        differences.left_out,
        tuple(problems),
        destroys,
        refusal,
        risks,
        tuple(differences.told),
        unknown,
        missing,
    )


def _deletion(count: int) -> str:
    what = f"These {count:,} messages" if count != 1 else "This message"
    return f"{what} will be deleted permanently."


def destination(access: QueueAccess, action: Action, message: Frame) -> str:
    """Where an action sends a message, as it was named; "" if nobody knows."""
    return (access.origin(message) or action.target) if action.kind == "retry" else action.target


def targets(access: QueueAccess, action: Action, items: Items) -> dict[str, ActionTarget]:
    """What is known of each destination an action sends to, by the destination as it was named."""
    wanted = dict.fromkeys(destination(access, action, message) for _, message in items)
    return {name: checked(access, name) for name in wanted if name}


def checked(access: QueueAccess, name: str) -> ActionTarget:
    """What is known of one destination. Raises `ClientError`."""
    misread = access.dialect.misread(name, access.version)
    return ActionTarget(name, refusal=f"“{shown(name)}”: {misread}") if misread else access.check(name)


def not_agreed(access: QueueAccess, action: Action, message: Frame, target: ActionTarget | None) -> str:
    """Why a message does not go there though it could: the person did not agree to what may become of it; "" if so."""
    if target is None:
        return ""
    unknown = agreeing.not_known((target,)) if action.sends_away and not action.accepts_unknown else ()
    return agreeing.not_agreed(action.accepts, (*agreeing.risks_of(access, message, target), *unknown))


def no_way(access: QueueAccess, action: Action, target: ActionTarget | None) -> str:
    """Why no message can go there, "" if one can."""
    return "it does not say where it came from" if target is None else access.refused(action, target)


def problem(access: QueueAccess, action: Action, message: Frame, target: ActionTarget | None) -> str:
    """Why one message cannot be sent there, "" if it can."""
    why = no_way(access, action, target)
    if why or target is None:
        return why
    carried = access.carry(message, action.kind == "retry")
    return carried.problem or frame_problem(access, access.sending(target, carried))


def frame_problem(access: QueueAccess, frame: FrameSpec) -> str:
    """Why STOMP or the broker cannot take a frame that is to be sent with a receipt, "" if they can."""
    command, headers, body = frame
    named = next((value for name, value in headers if name == "destination"), "")
    if misread := access.dialect.misread(named, access.version):
        return misread
    try:
        size = len(encode(command, headers, body, access.version)) + RECEIPT
    except EncodeError as error:
        return str(error)
    dialect = access.dialect
    limit, header_limit = dialect.frame_limit, dialect.header_limit
    if limit is not None and size > limit:
        return f"it is too large to be sent: a frame of {size:,} bytes, {dialect.title} takes {limit:,}"
    count = len({name for name, _ in headers}) + 1
    if header_limit is not None and count > header_limit:
        return f"it has too many headers to be sent: {count}, {dialect.title} takes {header_limit}"
    return ""


def refused(action: Action, target: ActionTarget) -> str:
    """Why nothing of an action goes to that target, "" if it may."""
    if not target.refusal and not target.stored and action.kind != "copy":
        return f"a move needs a queue: what {shown(target.destination)} confirms may be in none, and would be lost"
    return target.refusal


def _all_refused(access: QueueAccess, action: Action, known: dict[str, ActionTarget]) -> str:
    refusals = [refusal for target in known.values() if (refusal := access.refused(action, target))]
    return refusals[0] if refusals and len(refusals) == len(known) else ""


def _place(place: ActionTarget) -> str:
    return f"To {shown(place.destination)}" + (f": {place.hint}" if place.hint else ".")


def _places(known: dict[str, ActionTarget]) -> list[str]:
    told = [" ".join(filter(None, (_place(place), place.limit))) for place in known.values()]
    return told[:PLACES] + ([f"and {len(told) - PLACES:,} more places"] if len(told) > PLACES else [])
