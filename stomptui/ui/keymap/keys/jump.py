"""The keys of the letters to go by: none but the letters, which `ui/jump/targets.py` gives out."""

from __future__ import annotations

from collections.abc import Mapping

from stomptui.ui.keymap.key import Key
from stomptui.ui.keymap.place import Place

KEYS: Mapping[Place, tuple[Key, ...]] = {
    Place.JUMP: (),
}
