"""Which places of the table of keys a widget or screen is."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen

from stomptui.ui.keymap.place import Place
from stomptui.ui.keymap.registry import TABLE

_known: dict[type[DOMNode], tuple[Place, ...]] = {}


def focused_nodes(screen: Screen[object]) -> list[DOMNode]:
    """What has keys where the focus is, from the inside out; a modal screen keeps those of the app away."""
    nodes: Iterable[DOMNode] = (screen.focused or screen).ancestors_with_self
    return [node for node in nodes if not (screen.is_modal and node is screen.app)]


def keys_of(node: DOMNode) -> dict[str, list[Binding]]:
    """The keys of a node as the person has chosen them, with what they do."""
    own = node._bindings.copy()
    own.apply_keymap(node.app._keymap)
    return own.key_to_bindings


def places_of(node: DOMNode) -> tuple[Place, ...]:
    """The places whose keys a node has, in the order of the table."""
    # All widgets of a class have the same keys.
    if (found := _known.get(type(node))) is None:
        has = {binding.id for each in node._bindings.key_to_bindings.values() for binding in each}
        found = tuple(
            place for place, keys in TABLE.items() if (ids := {key.id for key in keys if key.id}) and ids <= has
        )
        _known[type(node)] = found
    return found
