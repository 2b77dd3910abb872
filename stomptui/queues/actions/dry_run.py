"""What an action would do, worked out before it is done: where messages go, which cannot, what they lose on the way."""

from __future__ import annotations

from typing import Protocol

from stomptui.protocol.frame import Frame, Headers
from stomptui.protocol.names import shown
from stomptui.queues.actions import risks as agreeing
from stomptui.queues.actions.action import Action, ActionTarget, DryRun, Items
from stomptui.queues.headers.carrying import Change
from stomptui.queues.headers.differences import Differences
from stomptui.queues.sending.forwarding import Forwarding

PLACES = 5
"""Targets named before the rest is counted."""


class ActionRules(Protocol):
    """What is asked of a broker's actions to work out what one of them would do."""

    @property
    def forwarding(self) -> Forwarding:
        """How messages get to other destinations."""

    def refusal(self, action: Action) -> str:
        """Why this broker cannot carry an action out, "" if it can. Raises `ClientError`."""

    def refused(self, action: Action, target: ActionTarget) -> str:
        """Why nothing of an action goes to a target, "" if it may."""

    def problem(self, action: Action, message: Frame, target: ActionTarget | None) -> str:
        """Why one message cannot be sent to a target, None being one that nobody knows; "" if it can."""

    def differences(self, action: Action, message: Frame) -> tuple[Headers, tuple[Change, ...]]:
        """What of a message does not go with it, and what goes changed."""

    def facts(self, action: Action) -> list[str]:
        """What is to say about an action here, the most important first."""

    def reject_destroys(self, action: Action) -> bool:
        """Whether a rejected message may be gone for good."""


def plan(rules: ActionRules, action: Action, items: Items) -> DryRun:
    """What an action would do. Raises `ClientError` if a target cannot be checked."""
    forwarding = rules.forwarding
    refusal = forwarding.context.change_refusal or rules.refusal(action)
    lines: list[str] = []
    differences = Differences()
    problems: list[tuple[int, str]] = []
    risks: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    if not refusal and action.sends:
        known = forwarding.checked_targets(action, items)
        refusal = _all_refused(rules, action, known)
        # What is said of a place and why nothing goes there would contradict each other.
        able = {name: target for name, target in known.items() if not rules.refused(action, target)}
        lines = [] if refusal else _places(able)
        missing = tuple(name for name, target in able.items() if target.exists is False)
        for index, message in items:
            why = rules.problem(action, message, known.get(forwarding.destination(action, message)))
            if why:
                problems.append((index, why))
            else:
                differences.add(*rules.differences(action, message))
        risks = agreeing.gathered(forwarding, action, items, able)
        unknown = agreeing.not_known(able.values())
        if not action.sends_away and not refusal:
            # They stay where they are: that is to be known, and needs no yes.
            lines += unknown
            unknown = ()
    if not refusal:
        if action.kind in ("ack", "delete"):
            lines.append(_deletion(len(items)))
        lines += rules.facts(action)
    destroys = action.kind in ("ack", "delete") or (action.kind == "reject" and rules.reject_destroys(action))
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


def not_agreed(forwarding: Forwarding, action: Action, message: Frame, target: ActionTarget | None) -> str:
    """Why a message does not go there though it could: the person did not agree to what may become of it; "" if so."""
    if target is None:
        return ""
    unknown = agreeing.not_known((target,)) if action.sends_away and not action.accepts_unknown else ()
    return agreeing.not_agreed(action.accepts, (*agreeing.risks_of(forwarding.targets, message, target), *unknown))


def no_way(rules: ActionRules, action: Action, target: ActionTarget | None) -> str:
    """Why no message can go there, "" if one can."""
    return "it does not say where it came from" if target is None else rules.refused(action, target)


def problem(rules: ActionRules, action: Action, message: Frame, target: ActionTarget | None) -> str:
    """Why one message cannot be sent there, "" if it can."""
    why = no_way(rules, action, target)
    if why or target is None:
        return why
    messages = rules.forwarding.messages
    prepared = rules.forwarding.prepared(action, message)
    return prepared.problem or rules.forwarding.frame_problem(messages.send_frame(target, prepared))


def refused(action: Action, target: ActionTarget) -> str:
    """Why nothing of an action goes to that target, "" if it may."""
    if not target.refusal and not target.stored and action.kind != "copy":
        return f"a move needs a queue: what {shown(target.destination)} confirms may be in none, and would be lost"
    return target.refusal


def _all_refused(rules: ActionRules, action: Action, known: dict[str, ActionTarget]) -> str:
    refusals = [refusal for target in known.values() if (refusal := rules.refused(action, target))]
    return refusals[0] if refusals and len(refusals) == len(known) else ""


def _place(place: ActionTarget) -> str:
    return f"To {shown(place.destination)}" + (f": {place.hint}" if place.hint else ".")


def _places(known: dict[str, ActionTarget]) -> list[str]:
    told = [" ".join(filter(None, (_place(place), place.limit))) for place in known.values()]
    return told[:PLACES] + ([f"and {len(told) - PLACES:,} more places"] if len(told) > PLACES else [])
