"""Bindings that say why a key's action is unavailable now."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding

ACTION = "say_why_not"
"""The action that is run in place of one that is not available: `action_say_why_not(name)` of the same widget."""
WHY = ".why"
"""Ends the name of a key that says why another one can do nothing."""


def why_not(bindings: Iterable[Binding]) -> list[Binding]:
    """For each key of some bindings one that is run where none of them is available; it stands behind them."""
    reasons: dict[str, Binding] = {}
    for binding in bindings:
        if binding.id:
            name = binding.action.partition("(")[0]
            for key in binding.key.split(","):
                reason = Binding(key, f"{ACTION}({name!r})", show=False, system=True, id=f"{binding.id}{WHY}")
                reasons.setdefault(key, reason)
    return list(reasons.values())
