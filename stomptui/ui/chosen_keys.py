"""The keys that a person chose in the settings: what Textual is told, what clashes, and how a key is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from textual.dom import DOMNode
from textual.keys import format_key

from stomptui.protocol.clean import clean
from stomptui.ui.keymap.key import Key
from stomptui.ui.keymap.place import TOGETHER, Place
from stomptui.ui.keymap.registry import TABLE
from stomptui.ui.unavailable import WHY

DEFAULTS: Mapping[str, str] = {key.id: key.keys for keys in TABLE.values() for key in keys if key.id}
"""The keys of the table by their names; where a name is in two places, they are the same."""
_NAME = re.compile(r"(?:(?:ctrl|alt|shift|super|hyper|meta)\+)*(?:\w{1,80}|[^\w\s])")
"""A key as it can be written: `P`, `?`, `f5`, `ctrl+g`, `left_square_bracket`."""
SHORT = {"escape": "esc"}
"""Keys that a text names by a shorter word."""


def key_of(node: DOMNode, id: str) -> str:
    """The first key for an action, as a person reads it and has chosen it: `esc`, `f5`, `?`, `ctrl+g`.

    Every text that names a key asks for it here.

    Args:
        node: A widget or screen of the app, or the app itself.
        id: The name of the key in the table.
    """
    # What the app was told by `set_keymap`; Textual has no other way to ask for it.
    keys = node.app._keymap.get(id) or DEFAULTS[id]
    return key_name(keys.split(",")[0])


def key_name(name: str) -> str:
    """One key as a text names it, by Textual's name of it."""
    return SHORT.get(shown := _written(name.strip()), shown)


def names() -> list[str]:
    """The names by which keys are rebound."""
    return sorted({key.id for keys in TABLE.values() for key in keys if key.id})


def is_key(name: str) -> bool:
    """Whether it can be the name of a key; anything else would be shown wherever that key is named."""
    return name.isprintable() and _NAME.fullmatch(name) is not None


def usable(chosen: Mapping[str, str]) -> dict[str, str]:
    """Chosen keys without what is no key; an action that would have none left keeps its own."""
    found = {id: ",".join(filter(is_key, _split(keys))) for id, keys in chosen.items()}
    return {id: keys for id, keys in found.items() if keys}


def _split(keys: str) -> list[str]:
    return [name.strip() for name in keys.split(",") if name.strip()]


def keymap(chosen: Mapping[str, str]) -> dict[str, str]:
    """What Textual is to be told, so that what a person chose replaces it and all else stays as it is.

    Args:
        chosen: The keys by name, as in the settings.
    """
    told: dict[str, str] = {}
    chosen = usable(chosen)
    for keys in TABLE.values():
        # Textual takes a key away from all that have it, so all of a place are told.
        if any(key.id in chosen for key in keys):
            told.update({key.id: chosen.get(key.id, key.keys) for key in keys if key.id})
    return told | {f"{id}{WHY}": keys for id, keys in told.items()}


def problems(chosen: Mapping[str, str]) -> list[str]:
    """What is wrong with chosen keys, a few words each: names nobody knows, and keys that do two things at once."""
    known = set(names())
    found = [f"there is no key named {name}" for name in chosen if name not in known]
    found += [f"{id}: {clean(key)} is no key" for id, keys in chosen.items() for key in _split(keys) if not is_key(key)]
    chosen = usable(chosen)
    alone = tuple((place,) for place in TABLE)
    return found + list(dict.fromkeys(clash for places in (*TOGETHER, *alone) for clash in _clashes(places, chosen)))


def _clashes(places: tuple[Place, ...], chosen: Mapping[str, str]) -> Iterator[str]:
    uses: dict[str, list[Key]] = {}
    for key in (key for place in places for key in TABLE[place]):
        for name in written(chosen.get(key.id, key.keys)):
            uses.setdefault(name, []).append(key)
    for name, keys in uses.items():
        new = [key for key in keys if key.id in chosen and name not in written(key.keys)]
        others = [key for key in keys if key not in new]
        if new and len(keys) > 1:
            yield f"{name} is the key of both {new[0].id} and {(new[1:] + others)[0].id}"


def written(keys: str) -> list[str]:
    """Keys as a person writes them: "?" for question_mark."""
    return [_written(name.strip()) for name in keys.split(",")]


def _written(name: str) -> str:
    character = format_key(name) if "+" not in name else name
    return character if len(character) == 1 and character.isascii() else name


def table() -> str:
    """The table of keys in the README, a row for each place and prefix of names; a test holds it to this."""
    rows: dict[tuple[Place, str], list[str]] = {}
    for place, keys in TABLE.items():
        for key in keys:
            if key.id and key.help:
                prefix, _, name = key.id.partition(".")
                shown = " ".join(f"`{each}`" for each in written(key.keys))
                rows.setdefault((place, prefix), []).append(f"{shown} {name}")
    lines = ["| Where | Prefix | Keys and names |", "| --- | --- | --- |"]
    above = None
    for (place, prefix), keys_and_names in rows.items():
        lines.append(f"| {'' if place is above else place.value} | `{prefix}.` | {', '.join(keys_and_names)} |")
        above = place
    return "\n".join(lines)
