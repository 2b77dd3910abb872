"""Keys that can do nothing where they are pressed say why, instead of nothing at all."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding, BindingType

ACTION = "say_why_not"
"""The action that is run in place of one that is not available: `action_say_why_not(name)` of the same widget."""


def with_reasons(bindings: Iterable[BindingType]) -> list[BindingType]:
    """Bindings, and behind those of each key one that is run where none of them is available."""
    own = list(bindings)
    reasons: dict[str, Binding] = {}
    for binding in own:
        if isinstance(binding, Binding) and binding.id:
            name = binding.action.partition("(")[0]
            for key in binding.key.split(","):
                reasons.setdefault(key, Binding(key, f"{ACTION}({name!r})", show=False, system=True))
    return [*own, *reasons.values()]
