"""The help screen: what is to be known where the person is, and the keys that work there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rich.table import Table
from textual.actions import parse
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Input, Static, TextArea

from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.help_texts import TEXTS, HasHelpFacts
from stomptui.ui.keymap import TABLE, Place, bindings
from stomptui.ui.places import focused_nodes, places_of

WIDE = 112
"""Cells from which on the keys stand in two columns."""
KEY_CELLS = 14


class KeyGroup(NamedTuple):
    """The keys of one place, each as a person reads it, with what it does."""

    title: str
    keys: list[tuple[str, str]]


class HelpScreen(Dialog[None]):
    """A few sentences, then keys by the place they work in.

    Args:
        text: What is to be known, a fact a line.
        groups: The keys, the innermost place first.
    """

    BINDINGS = bindings(Place.HELP)
    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        & > VerticalScroll {
            width: 80;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            border: round $primary;
            border-title-color: $text-primary;
            border-subtitle-color: $text-primary;
            background: $surface;
            padding: 0 1;
        }
        &.-two-columns > VerticalScroll { width: 118; }
        & .columns { height: auto; }
        & .column { width: 1fr; height: auto; }
        &.-two-columns .column { padding-right: 2; }
        & .title { text-style: bold; color: $text-primary; margin-top: 1; }
        & .text { margin-bottom: 0; }
    }
    """

    def __init__(self, text: str, groups: Iterable[KeyGroup]) -> None:
        super().__init__()
        self._text = text
        self._groups = list(groups)

    def compose(self) -> ComposeResult:
        wide = self.app.size.width >= WIDE
        self.set_class(wide, "-two-columns")
        with VerticalScroll() as scroll:
            scroll.border_title = "Help"
            reference, close = key_of(self, "help.reference"), key_of(self, "help.close")
            scroll.border_subtitle = f"{reference} reference · {close} closes"
            for fact in self._text.splitlines():
                yield Static(_bulleted(fact), classes="text")
            with Horizontal(classes="columns"):
                for column in _columns(self._groups) if wide else [self._groups]:
                    with Vertical(classes="column"):
                        for group in column:
                            yield Static(group.title, classes="title", markup=False)
                            yield Static(_table(group))

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()


def _bulleted(fact: str) -> Table:
    grid = Table.grid(padding=(0, 1))
    grid.add_column()
    grid.add_column(ratio=1)
    grid.add_row("·", fact)
    return grid


def _table(group: KeyGroup) -> Table:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=KEY_CELLS, style="bold")
    grid.add_column(ratio=1)
    for key, does in group.keys:
        grid.add_row(key, does)
    return grid


def _columns(groups: list[KeyGroup]) -> list[list[KeyGroup]]:
    """Two columns of about the same height, in order."""
    lines = [len(group.keys) + 2 for group in groups]
    cut = min(range(len(groups) + 1), key=lambda cut: max(sum(lines[:cut]), sum(lines[cut:])))
    return [groups[:cut], groups[cut:]]


def help_text(screen: Screen[object]) -> str:
    """What is to be known where the focus is: the text of the innermost place that has one, and what holds now."""
    texts = (TEXTS[place] for node in focused_nodes(screen) for place in places_of(node) if place in TEXTS)
    facts = next((node.help_facts() for node in focused_nodes(screen) if isinstance(node, HasHelpFacts)), [])
    return "\n".join([next(texts, ""), *facts]).strip()


def key_groups(screen: Screen[object]) -> list[KeyGroup]:
    """The keys that work where the focus is, by place, the innermost first."""
    typing = isinstance(screen.focused, (Input, TextArea))
    groups: list[KeyGroup] = []
    for node in focused_nodes(screen):
        places = places_of(node)
        found: dict[Place, dict[str, tuple[list[str], str]]] = {place: {} for place in places}
        for key, binding in _bindings(node):
            if typing and len(node.app.get_key_display(Binding(key, ""))) == 1:
                continue
            own = [place for place in places if any(known.id == binding.id for known in TABLE[place])]
            shown = binding.key_display or node.app.get_key_display(Binding(key, binding.action))
            does = binding.tooltip or binding.description
            found[(own or places)[0]].setdefault(binding.action, ([], does))[0].append(shown)
        for place, keys in found.items():
            # That of this screen itself needs no line.
            if keys and place is not Place.DIALOG:
                order = [known.action for known in TABLE[place]]
                rows = sorted(keys.items(), key=lambda row: order.index(row[0]) if row[0] in order else len(order))
                groups.append(KeyGroup(place.value, [(" ".join(shown), does) for _, (shown, does) in rows]))
    return groups


def _bindings(node: DOMNode) -> Iterator[tuple[str, Binding]]:
    """The keys of a node that are worth a line: how to move about in a text or a list is known to everybody.

    Of several meanings of a key, such as the one to stop and the one to disconnect, those that it has now.
    """
    told = {key.id for keys in TABLE.values() for key in keys if key.help}
    for key, each in node._bindings.key_to_bindings.items():
        own = [binding for binding in each if binding.id in told and not binding.system]
        for binding in own:
            _, action, parameters = parse(binding.action)
            if len(own) == 1 or node.check_action(action, parameters):
                yield key, binding
