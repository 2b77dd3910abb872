"""The command palette: every action of the screen by its name, taken from the bindings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.dom import DOMNode
from textual.screen import Screen


def bound_actions(screen: Screen[object]) -> Iterator[tuple[DOMNode, str, Binding]]:
    """(where it works, keys as shown, binding) for each described action of the screen and what is displayed on it."""
    seen: set[str] = set()
    nodes: list[DOMNode] = [screen, *(node for node in screen.walk_children() if node.display)]
    for node in nodes:
        keys: dict[str, list[str]] = {}
        first: dict[str, Binding] = {}
        for name, bindings in node._bindings.key_to_bindings.items():
            for binding in bindings:
                # Only our own bindings have an id; Textual's scroll and cursor keys are no commands.
                if binding.id and binding.description and not binding.system:
                    first.setdefault(binding.action, binding)
                    keys.setdefault(binding.action, []).append(
                        binding.key_display or node.app.get_key_display(Binding(name, binding.action))
                    )
        for action, binding in first.items():
            if binding.id not in seen:
                seen.add(binding.id or "")
                yield node, " ".join(keys[action]), binding


class ActionProvider(Provider):
    """Offers `bound_actions` in the command palette."""

    def _commands(self) -> Iterator[tuple[str, str, Callable[[], Awaitable[None]]]]:
        for node, keys, binding in bound_actions(self.screen):
            told = binding.tooltip or binding.description
            yield binding.description, f"{told} ({keys})", partial(self._run, node, binding.action)

    async def _run(self, node: DOMNode, action: str) -> None:
        await self.app.run_action(action, node)

    async def discover(self) -> Hits:
        for name, told, run in self._commands():
            yield DiscoveryHit(name, run, help=told)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for name, told, run in self._commands():
            score = max(matcher.match(name), matcher.match(told) * 0.8)
            if score > 0:
                yield Hit(score, matcher.highlight(name), run, help=told)
