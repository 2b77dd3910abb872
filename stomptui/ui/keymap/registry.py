"""The table of all keys, put together of the files in `keys/`."""

from __future__ import annotations

from collections.abc import Mapping

from stomptui.ui.keymap.key import Key
from stomptui.ui.keymap.keys import (
    check,
    compare,
    compose,
    connect,
    console,
    dialogs,
    everywhere,
    help_and_reference,
    jump,
    log,
    message,
    message_actions,
    peek,
    queue_list,
    raw,
    saved_messages,
    series,
    settings,
    subscriptions,
    transfer,
)
from stomptui.ui.keymap.place import Place

_FILES: tuple[Mapping[Place, tuple[Key, ...]], ...] = (
    check.KEYS,
    compare.KEYS,
    compose.KEYS,
    connect.KEYS,
    console.KEYS,
    dialogs.KEYS,
    everywhere.KEYS,
    help_and_reference.KEYS,
    jump.KEYS,
    log.KEYS,
    message.KEYS,
    message_actions.KEYS,
    peek.KEYS,
    queue_list.KEYS,
    raw.KEYS,
    saved_messages.KEYS,
    series.KEYS,
    settings.KEYS,
    subscriptions.KEYS,
    transfer.KEYS,
)
_KEYS = {place: keys for file in _FILES for place, keys in file.items()}
TABLE: Mapping[Place, tuple[Key, ...]] = {place: _KEYS[place] for place in Place}
"""The keys of every place, in the order of the places."""
