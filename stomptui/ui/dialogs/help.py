"""The help screen: the keys that work where the person is, narrowed by what is typed, and what is to be known there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rich.table import Table
from textual import on
from textual.actions import parse
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Input, Static, TextArea

from stomptui.config.in_browser import in_browser
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.help_texts import IN_BROWSER, TEXTS, HasHelpFacts
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.keymap.registry import TABLE
from stomptui.ui.places import focused_nodes, keys_of, places_of
from stomptui.ui.read_only import is_forbidden
from stomptui.ui.widgets.text.fields import Field

WIDE = 112
"""Cells from which on the keys stand in two columns."""
KEY_CELLS = 14


class KeyGroup(NamedTuple):
    """The keys of one place, each as a person reads it, with what it does."""

    title: str
    keys: list[tuple[str, str]]

    def matching(self, words: list[str]) -> KeyGroup:
        """Those with all of these words, in small letters, in the key, in what it does or in the name of the place."""
        return KeyGroup(
            self.title,
            [
                (key, does)
                for key, does in self.keys
                if all(word in f"{key} {does} {self.title}".casefold() for word in words)
            ],
        )


class GroupView(Vertical):
    """The keys of one place under its title; those that are found.

    Args:
        group: The keys.
    """

    def __init__(self, group: KeyGroup) -> None:
        super().__init__(classes="group")
        self._group = group
        self._keys = Static(_table(group))

    def compose(self) -> ComposeResult:
        yield Static(self._group.title, classes="title", markup=False)
        yield self._keys

    def narrow(self, words: list[str]) -> bool:
        """Show the keys that have all these words, and nothing where there are none; whether there are any."""
        found = self._group.matching(words)
        self.display = bool(found.keys)
        self._keys.update(_table(found))
        return self.display


class HelpScreen(Dialog[None]):
    """Keys by the place they work in, that of the focus first, a few sentences, and a field that narrows the keys.

    Args:
        text: What is to be known, a fact a line.
        groups: The keys, the innermost place first.
    """

    BINDINGS = bindings(Place.HELP)
    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        & > .box { width: 80; max-width: 100%; padding: 0 1; }
        &.-two-columns > .box { width: 118; }
        & VerticalScroll { height: auto; max-height: 1fr; }
        & .columns { height: auto; }
        & .column { width: 1fr; height: auto; }
        &.-two-columns .column { padding-right: 2; }
        & .group { height: auto; }
        & .title, & .heading { text-style: bold; color: $text-primary; margin-top: 1; }
        & #help-none { display: none; color: $text-muted; margin-top: 1; }
    }
    """

    def __init__(self, text: str, groups: Iterable[KeyGroup]) -> None:
        super().__init__()
        self._text = text
        self._groups = list(groups)

    def compose(self) -> ComposeResult:
        wide = self.app.size.width >= WIDE
        self.set_class(wide, "-two-columns")
        with Vertical(classes="box"):
            yield Field(placeholder="type to find a key", id="help-filter")
            with VerticalScroll(can_focus=False):
                close, palette = key_of(self, "help.close"), self.app.COMMAND_PALETTE_BINDING
                none = f"No key here has that. {close} shows all; {palette} finds actions by other words, too."
                yield Static(none, id="help-none", markup=False)
                with Horizontal(classes="columns"):
                    for groups, text in self._columns(wide):
                        with Vertical(classes="column"):
                            for place, group in enumerate(groups):
                                yield GroupView(group)
                                if text and place == 0:
                                    yield from self._facts()
                            if text and not groups:
                                yield from self._facts()

    def _facts(self) -> ComposeResult:
        with Vertical(id="help-facts", classes="group"):
            if self._text:
                yield Static("Good to know", classes="heading")
            for fact in self._text.splitlines():
                yield Static(_bulleted(fact))

    def _columns(self, wide: bool) -> list[tuple[list[KeyGroup], bool]]:
        """The groups of each column, and whether the facts stand in it, below its first group."""
        if not wide:
            return [(self._groups, True)]
        # In columns of half the width a fact takes about two lines.
        first, second = _columns(self._groups, 2 * len(self._text.splitlines()) + 2)
        return [(first, True), (second, False)]

    def on_mount(self) -> None:
        reference, close = key_of(self, "help.reference"), key_of(self, "help.close")
        self.label("Help", f"{reference} reference", f"{close} closes")
        self.query_one(Field).focus()

    @on(Input.Changed, "#help-filter")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value == "?":
            # The key that opened the help closes it.
            self.dismiss(None)
        words = event.value.casefold().split()
        found = [view.narrow(words) for view in self.query(GroupView)]
        self.query_one("#help-none").display = not any(found)
        facts = self.query_one("#help-facts")
        if isinstance(column := facts.parent, Vertical) and len(column.children) > 1:
            # What is found comes before them.
            others = [child for child in column.children if child is not facts]
            column.move_child(facts, after=others[-1 if words else 0])
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def action_close(self) -> None:
        """Clear the field, or close the help where it is empty."""
        field = self.query_one(Field)
        if field.value:
            field.value = ""
        else:
            self.dismiss(None)

    def action_scroll(self, step: int) -> None:
        """Move what is shown that many lines."""
        self.query_one(VerticalScroll).scroll_relative(y=step, animate=False)

    def action_page(self, step: int) -> None:
        """Move what is shown one screen."""
        scroll = self.query_one(VerticalScroll)
        scroll.scroll_relative(y=step * max(1, scroll.size.height - 1), animate=False)


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


def _columns(groups: list[KeyGroup], facts: int) -> tuple[list[KeyGroup], list[KeyGroup]]:
    """Two columns of about the same height, in order.

    Args:
        groups: All of them.
        facts: The lines of the facts, which stand in the first column.
    """
    lines = [len(group.keys) + 2 for group in groups]
    cut = min(range(len(groups) + 1), key=lambda cut: max(sum(lines[:cut]) + facts, sum(lines[cut:])))
    return groups[:cut], groups[cut:]


def help_text(screen: Screen[object]) -> str:
    """What is to be known where the focus is: the text of the innermost place that has one, and what holds now."""
    texts = (TEXTS[place] for node in focused_nodes(screen) for place in places_of(node) if place in TEXTS)
    facts = next((node.help_facts() for node in focused_nodes(screen) if isinstance(node, HasHelpFacts)), [])
    return "\n".join([*([IN_BROWSER] if in_browser() else []), next(texts, ""), *facts]).strip()


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
            does = binding.tooltip or binding.description
            row = found[(own or places)[0]].setdefault(binding.action, ([], does))[0]
            # What a binding says to show is its first key; Textual has it with the others, too.
            shown = (binding.key_display if not row else "") or node.app.get_key_display(Binding(key, binding.action))
            if shown not in row:
                row.append(shown)
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
    for key, each in keys_of(node).items():
        own = [
            binding
            for binding in each
            if binding.id in told and not binding.system and not is_forbidden(node.app, binding.action)
        ]
        for binding in own:
            _, action, parameters = parse(binding.action)
            if len(own) == 1 or node.check_action(action, parameters):
                yield key, binding
