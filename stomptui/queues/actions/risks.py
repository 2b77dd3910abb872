"""What a person must agree to before messages are sent: that the target may not keep what it confirms.

Whoever orders an action states the risks that were accepted (`Action.accepts`). They are looked up again when it is
carried out, so that nothing goes where a risk is new since, by whatever way it was asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown
from stomptui.queues.actions.action import DONE, DOUBT, FAILED, Action, ActionResult, ActionTarget, MessageOutcome
from stomptui.queues.sending.forwarding import Forwarding
from stomptui.queues.sending.targets import Targets

_NAMED = 3
"""Targets that are named in one sentence."""


def risks_of(targets: Targets, message: Frame, target: ActionTarget) -> tuple[str, ...]:
    """What a person has to agree to before one message goes to a target."""
    if targets.is_source(message, target):
        return (*target.risks, itself(target))
    return target.risks


def itself(target: ActionTarget) -> str:
    """What to say of a target that is the queue where the messages are."""
    return (
        f"{target.destination} is the queue where they are: each goes to its end as a new message, with a new id; "
        "what is copied is there twice."
    )


def gathered(
    forwarding: Forwarding, action: Action, items: Sequence[tuple[int, Frame]], able: Mapping[str, ActionTarget]
) -> tuple[str, ...]:
    """All that a person has to agree to before an action is carried out, each once.

    Args:
        forwarding: How messages get there.
        action: What is to be done.
        items: With which messages.
        able: The targets that messages may go to, by their destination as it was named.
    """
    told: dict[str, None] = {}
    for _, message in items:
        target = able.get(forwarding.destination(action, message))
        if target is not None:
            told.update(dict.fromkeys(risks_of(forwarding.targets, message, target)))
    return tuple(told)


def not_known(targets: Iterable[ActionTarget]) -> tuple[str, ...]:
    """That it is not known whether targets keep what they confirm, and why: a sentence for each reason."""
    reasons: dict[str, dict[str, None]] = {}
    for target in targets:
        if target.unknown:
            reasons.setdefault(target.unknown, {})[target.destination] = None
    return tuple(f"Whether {_keep(names)} what is sent there is not known: {why}." for why, names in reasons.items())


def kept_or_not(targets: Iterable[ActionTarget]) -> str:
    """The same once messages are there, in one short clause; "" if it is known of all."""
    names = dict.fromkeys(target.destination for target in targets if target.unknown)
    return f"whether {_keep(names)} them is not known" if names else ""


def _keep(names: Iterable[str]) -> str:
    """`/queue/a keeps`, `/queue/a and /queue/b keep`, or with more of them the first and how many others."""
    told = [shown(name) for name in names]
    if len(told) > _NAMED:
        told = [*told[: _NAMED - 1], f"{len(told) - _NAMED + 1:,} others"]
    if len(told) == 1:
        return f"{told[0]} keeps"
    return f"{', '.join(told[:-1])} and {told[-1]} keep"


def afterwards(
    forwarding: Forwarding,
    items: Iterable[tuple[int, Frame]],
    targets: Mapping[str, ActionTarget],
    result: ActionResult,
) -> list[str]:
    """What is to be said again, once an action was carried out, of the places where messages are now."""
    told: dict[str, None] = {}
    there: list[ActionTarget] = []
    for index, message in items:
        outcome = result.outcomes.get(index)
        target = targets.get(forwarding.destination(result.action, message))
        if target is None or outcome is None:
            continue
        if may_be_full(target, outcome):
            told[is_full(target)] = None
        if outcome.state in (DONE, DOUBT):
            told.update(dict.fromkeys(risks_of(forwarding.targets, message, target)))
            there.append(target)
    return [*told, *filter(None, [kept_or_not(there)])]


def may_be_full(target: ActionTarget, outcome: MessageOutcome) -> bool:
    """Whether a message may not have arrived because its target had no room."""
    cut = outcome.state == FAILED and ("connection" in outcome.text or "closed" in outcome.text)
    return bool(target.limit) and (cut or outcome.state == DOUBT)


def is_full(target: ActionTarget) -> str:
    """What to say of a target that may have refused messages because it has no room."""
    return f"{target.destination} is full, as it seems. {target.limit}"


def not_agreed(accepts: Collection[str], risks: Iterable[str]) -> str:
    """Why nothing goes where there are these risks, "" if the person agreed to all of them."""
    new = [risk for risk in risks if risk not in accepts]
    return f"it was not agreed to: {' '.join(new)}" if new else ""
