"""All keys and what they do, narrowed by what is typed; Enter gives an action another key by pressing that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from stomptui.protocol.clean import clean
from stomptui.ui.chosen_keys import DEFAULTS, key_name, key_of, problems, usable
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.key import Key
from stomptui.ui.keymap.place import TYPED_IN, Place
from stomptui.ui.keymap.registry import TABLE
from stomptui.ui.settings.changes import SettingsChanges
from stomptui.ui.widgets.text.fields import Field

KEY_CELLS = 12
NEEDED: Mapping[str, str] = {
    "tab": "goes from field to field",
    "shift+tab": "goes from field to field",
    "ctrl+p": "opens the palette",
    "ctrl+q": "leaves stomptui",
    "ctrl+c": "copies what is selected",
    **dict.fromkeys(("enter", "space"), "chooses, opens and presses buttons"),
    **dict.fromkeys(("up", "down", "left", "right", "home", "end", "pageup", "pagedown"), "moves the cursor"),
}
"""Keys without which one gets neither about nor out; they stay those of the actions that have them."""


def actions() -> dict[str, tuple[Place, Key]]:
    """All actions that a person can give other keys, by name, each with the first place where it works."""
    found: dict[str, tuple[Place, Key]] = {}
    for place, keys in TABLE.items():
        for key in keys:
            if key.id and key.label:
                found.setdefault(key.id, (place, key))
    return found


def key_problem(id: str, key: str, chosen: dict[str, str]) -> str | None:
    """Why a key cannot be that of an action, None if it can.

    Args:
        id: The name of the action.
        key: The key as Textual names it.
        chosen: The keys of the person's own, by name.
    """
    places = [place for place, keys in TABLE.items() if any(each.id == id for each in keys)]
    shown = key_name(key)
    if key in DEFAULTS[id].split(","):
        needed = None
    elif (needed := NEEDED.get(key)) is None:
        # These work before whatever has the focus, so that the other action would never be reached.
        first = next((each for each in TABLE[Place.APP] if each.priority and _has(each, key, chosen)), None)
        needed = None if first is None or first.id == id else f"is the key of {first.label} ({first.id}) everywhere"
    if needed:
        return f"{shown} {needed}"
    if any(place in TYPED_IN for place in places) and len(shown) == 1:
        return f"{shown} is typed into the fields there; take one with ctrl, or a function key"
    before = problems(chosen)
    clashes = [each for each in problems({**chosen, id: key}) if each not in before]
    if not clashes:
        return None
    names = actions()
    other = next((name for name in clashes[0].split() if name in names and name != id), "")
    what = f"{names[other][1].label} ({other})" if other else "another action"
    return f"{shown} is the key of {what}; give that another one first"


def _has(each: Key, key: str, chosen: Mapping[str, str]) -> bool:
    return key in chosen.get(each.id, each.keys).split(",")


class NewKeyScreen(Dialog[str | None]):
    """Takes the next key that is pressed. Dismisses with it, "" for the default, or None for the one that was there.

    Args:
        id: The name of the action.
        label: What it does.
        chosen: The keys of the person's own, by name.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.NEW_KEY)

    def __init__(self, id: str, label: str, chosen: dict[str, str]) -> None:
        super().__init__(classes="-small")
        self._action_id = id
        self._label = label
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(f"Press the key for {self._label}", classes="title", markup=False)
            yield Static("", classes="problem", id="key-problem", markup=False)

    def on_mount(self) -> None:
        default = " ".join(map(key_name, DEFAULTS[self._action_id].split(",")))
        self.label("New key", f"backspace default ({default})", "esc leaves it")

    async def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        if event.key == "escape":
            self.dismiss(None)
        elif event.key == "backspace":
            self.dismiss("")
        elif (problem := key_problem(self._action_id, event.key, self._chosen)) is None:
            self.dismiss(event.key)
        else:
            self.query_one("#key-problem", Static).update(Content(clean(f"✗ {problem}.")))


class KeysScreen(Dialog[None]):
    """The table of keys; those of the person's own are marked.

    Args:
        changes: Reads and changes the settings.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.CHOOSE_KEYS)
    DEFAULT_CSS = """
    KeysScreen {
        & > .box { height: 100%; max-height: 40; }
        #keys-rows { height: 1fr; padding: 0; background: transparent; text-wrap: nowrap; text-overflow: ellipsis; }
        #keys-rows, #keys-rows:focus { border: none; }
        #keys-about { height: 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    def __init__(self, changes: SettingsChanges) -> None:
        super().__init__()
        self._changes = changes
        self._actions = actions()

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Field(placeholder="type to find an action or a key", id="keys-filter")
            rows = OptionList(id="keys-rows", markup=False)
            rows.can_focus = False
            yield rows
            yield Static("", id="keys-about", markup=False)

    def on_mount(self) -> None:
        self.keys_changed()
        self.query_one(Field).focus()

    def keys_changed(self) -> None:
        self.label("Keys", "enter another key", f"{key_of(self, 'choose_keys.close')} closes")
        self._show_rows()

    @property
    def _own(self) -> dict[str, str]:
        return dict(self._changes.value("keys"))

    def _show_rows(self) -> None:
        rows, own = self.query_one("#keys-rows", OptionList), self._own
        words = self.query_one(Field).value.casefold().split()
        shown = usable(own)
        kept = rows.highlighted_option.id if rows.highlighted_option is not None else None
        rows.clear_options()
        above: Place | None = None
        for id, (place, key) in self._actions.items():
            keys = " ".join(map(key_name, shown.get(id, key.keys).split(",")))
            text = f"{keys} {key.label} {key.help} {key.words} {place.value} {id}".casefold()
            if all(word in text for word in words):
                if place is not above:
                    above = place
                    rows.add_option(Option(Text(place.value, "bold"), disabled=True))
                prompt = Text("● " if id in own else "  ", no_wrap=True, overflow="ellipsis")
                prompt.append(f"{keys:<{KEY_CELLS}}", "bold").append(f" {key.help or key.label}")
                rows.add_option(Option(prompt, id=id))
        if not rows.option_count:
            rows.add_option(Option(Text("No key has that. esc shows all"), disabled=True))
        ids = [option.id for option in rows.options]
        rows.highlighted = ids.index(kept) if kept and kept in ids else 1 if len(ids) > 1 else None

    @on(Input.Changed, "#keys-filter")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._show_rows()

    @on(OptionList.OptionHighlighted, "#keys-rows")
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if (id := event.option_id) is not None:
            _, key = self._actions[id]
            self.query_one("#keys-about", Static).update(
                Content(f"{id} · default {' '.join(map(key_name, key.keys.split(',')))}")
            )

    @on(Input.Submitted, "#keys-filter")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        option = self.query_one("#keys-rows", OptionList).highlighted_option
        if option is not None and option.id is not None:
            self._ask(option.id)

    @on(OptionList.OptionSelected, "#keys-rows")
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_id is not None:
            self._ask(event.option_id)

    def _ask(self, id: str) -> None:
        def answered(key: str | None) -> None:
            if key is None:
                return
            own = self._own
            own.pop(id, None)
            if key and key != DEFAULTS[id]:
                own[id] = key
            self._changes.change("keys", own)
            self._show_rows()

        _, key = self._actions[id]
        others = {name: keys for name, keys in self._own.items() if name != id}
        self.app.push_screen(NewKeyScreen(id, f"{key.label}: {key.help}" if key.help else key.label, others), answered)

    def action_move(self, step: int) -> None:
        """One row down (1) or up (-1)."""
        rows = self.query_one("#keys-rows", OptionList)
        (rows.action_cursor_down if step > 0 else rows.action_cursor_up)()

    def action_page(self, step: int) -> None:
        """One screen down (1) or up (-1)."""
        rows = self.query_one("#keys-rows", OptionList)
        (rows.action_page_down if step > 0 else rows.action_page_up)()  # type: ignore[no-untyped-call]

    def action_close(self) -> None:
        """Clear the field, or close the list where it is empty."""
        field = self.query_one(Field)
        if field.value:
            field.value = ""
        else:
            self.dismiss(None)
