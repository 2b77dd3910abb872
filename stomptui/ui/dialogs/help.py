"""What can be done here and now: the keys that work, from the bindings themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.dom import DOMNode
from textual.widgets import Static

from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.keymap import Place, bindings

TOUR = """\
Messages arrive in the log. An upward key or scroll holds the view still; end or f follows again.
Peek (p) shows what is in a queue and takes nothing out; what is held meanwhile goes back when you leave.
Messages leave a queue only by a, n, m, t or d on them, by a subscription marked consume, or by a drain.
ctrl+p finds every action by its name.
"""


class HelpScreen(Dialog[None]):
    """Keys by the place they work in, and a few sentences to begin with."""

    BINDINGS = bindings(Place.HELP)
    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        & > VerticalScroll {
            width: 78;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            border: round $primary;
            border-title-color: $text-primary;
            border-subtitle-color: $text-primary;
            background: $surface;
            padding: 0 2;
        }
        & .title { text-style: bold; margin-top: 1; }
        & .tour { color: $text-muted; margin-top: 1; }
    }
    """

    def __init__(self, groups: Iterable[tuple[str, list[tuple[str, str]]]]) -> None:
        """
        Args:
            groups: For each place its title and (keys, what they do).
        """
        super().__init__()
        self._groups = list(groups)

    def compose(self) -> ComposeResult:
        with VerticalScroll() as scroll:
            scroll.border_title = "Help"
            scroll.border_subtitle = "esc closes"
            yield Static(TOUR, classes="tour", markup=False)
            for title, keys in self._groups:
                yield Static(title, classes="title", markup=False)
                table = Text()
                for key, told in keys:
                    table.append(f"  {key:<18}", "bold")
                    table.append(f"{told}\n")
                yield Static(table)

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()


def key_groups(nodes: Iterable[DOMNode]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The keys of some widgets, screens and the app, grouped by where they work, for `HelpScreen`."""
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    for node in nodes:
        app = node.app
        keys: dict[str, tuple[list[str], str]] = {}
        for name, bound in node._bindings.key_to_bindings.items():
            for binding in bound:
                # Only our own have an id; how to move about in a text is known to everybody.
                if binding.description and binding.id and not binding.system:
                    told = binding.tooltip or binding.description
                    keys.setdefault(binding.action, ([], told))[0].append(
                        binding.key_display or app.get_key_display(Binding(name, binding.action))
                    )
        if keys:
            title = getattr(node, "help_title", "") or _words(type(node).__name__)
            groups.append((str(title), [(" ".join(shown), told) for shown, told in keys.values()]))
    return groups


def _words(name: str) -> str:
    """`MessageLog` as "Message log"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()
