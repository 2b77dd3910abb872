"""The command palette: every action of the screen by its name, taken from the bindings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.dom import DOMNode
from textual.screen import Screen

from stomptui.ui.keymap.registry import TABLE
from stomptui.ui.places import keys_of
from stomptui.ui.read_only import is_forbidden

WORDS = {key.id: key.words for keys in TABLE.values() for key in keys if key.words}
"""Other words for an action by the id of its key."""
NAMED = 1000.0
"""What a word that names an action counts for, beside letters that only happen to be in its label in that order."""


def bound_actions(screen: Screen[object]) -> Iterator[tuple[DOMNode, str, Binding]]:
    """(where it works, keys as shown, binding) for each described action of the screen and what is displayed on it."""
    seen: set[str] = set()
    actions: set[str] = set()
    nodes: list[DOMNode] = [screen, *(node for node in screen.walk_children() if node.display)]
    nodes += [] if screen.is_modal else [screen.app]
    for node in nodes:
        keys: dict[str, list[str]] = {}
        first: dict[str, Binding] = {}
        for name, bindings in keys_of(node).items():
            for binding in bindings:
                # Only our own bindings have an id; Textual's scroll and cursor keys are no commands.
                if (
                    binding.id
                    and binding.description
                    and not binding.system
                    and not is_forbidden(node.app, binding.action)
                ):
                    first.setdefault(binding.action, binding)
                    keys.setdefault(binding.action, []).append(
                        binding.key_display or node.app.get_key_display(Binding(name, binding.action))
                    )
        for action, binding in first.items():
            if binding.id not in seen and not (node is screen.app and f"app.{action}" in actions):
                seen.add(binding.id or "")
                actions.add(action)
                # Terminals report some keys by two names, which are written alike.
                yield node, " ".join(dict.fromkeys(keys[action])), binding


def relevance(query: str, label: str, words: str) -> int:
    """How well what a person typed names an action: 0 for not at all, more for its label than for other words.

    Args:
        query: What was typed.
        label: The action's label.
        words: Other words for it, with blanks between them.
    """
    typed = query.casefold().split()
    if not typed:
        return 0
    if " ".join(typed) == label.casefold():
        return 4
    own, others = label.casefold().split(), words.casefold().split()
    if all(word in others or word in own for word in typed):
        return 3
    if " ".join(own).startswith(" ".join(typed)):
        return 2
    return int(all(any(known.startswith(word) for known in (*own, *others)) for word in typed))


class ActionProvider(Provider):
    """Offers `bound_actions` in the command palette, by their labels, by what they do and by other words for it."""

    def _commands(self) -> Iterator[tuple[Binding, str, Callable[[], Awaitable[None]]]]:
        for node, keys, binding in bound_actions(self.screen):
            told = binding.tooltip or binding.description
            yield binding, f"{told} ({keys})", partial(self._run, node, binding.action)

    async def _run(self, node: DOMNode, action: str) -> None:
        await self.app.run_action(action, node)

    async def discover(self) -> Hits:
        for binding, told, run in self._commands():
            yield DiscoveryHit(binding.description, run, help=told)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for binding, told, run in self._commands():
            name = binding.description
            named = relevance(query, name, WORDS.get(binding.id or "", ""))
            score = max(matcher.match(name), matcher.match(told) * 0.8) + named * NAMED
            if score > 0:
                yield Hit(score, matcher.highlight(name), run, help=told)
