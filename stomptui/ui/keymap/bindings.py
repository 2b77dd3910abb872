"""What Textual is given of the table of keys."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from stomptui.ui.keymap.key import Key
from stomptui.ui.keymap.place import WITH_REASONS, Place
from stomptui.ui.keymap.registry import TABLE
from stomptui.ui.unavailable import why_not


def bindings(*places: Place) -> list[BindingType]:
    """The keys of some places, as Textual wants them."""
    made: list[BindingType] = []
    for place in places:
        own = [_binding(key) for key in TABLE[place]]
        made += [*own, *(why_not(own) if place in WITH_REASONS else ())]
    return made


def _binding(key: Key) -> Binding:
    return Binding(
        key.keys,
        key.action,
        key.label,
        key_display=key.display or None,
        priority=key.priority,
        tooltip=key.help,
        id=key.id or None,
        group=Binding.Group(key.group, compact=True) if key.group else None,
    )
