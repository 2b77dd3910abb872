"""Letters of Cyrillic and Greek layouts work as the Latin keys they sit on, but for what acts on messages."""

from __future__ import annotations

from textual import events
from textual.app import App
from textual.keys import _character_to_key

from stomptui.ui.chosen_keys import key_of
from stomptui.ui.message_actions.bursts import acts, decides
from stomptui.ui.widgets.text.kinds import takes_text

SHOWN = 5.0
"""Seconds for which it is shown what to press; not said again meanwhile."""
LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
# The Russian layout, and what stands in its place on the Ukrainian, the Belarusian and the Serbian one. Other Cyrillic
# layouts have the same letters elsewhere: which one it is cannot be known, so no such letter acts on a message.
CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбю"
OTHER_CYRILLIC = {"і": "s", "ї": "]", "є": "'", "ў": "o", "љ": "q", "њ": "w", "ђ": "[", "ћ": "'", "ј": "j", "џ": "x"}
GREEK = dict(zip("ςερτυθιοπασδφγηξκλζχψωβνμ", "wertyuiopasdfghjklzxcvbnm", strict=True))
_KEYS = {**dict(zip(CYRILLIC, LATIN, strict=True)), **OTHER_CYRILLIC, **GREEK}
LATIN_KEYS = _KEYS | {
    letter.upper(): key.upper() for letter, key in _KEYS.items() if key.isalpha() and letter.upper() not in _KEYS
}
"""The character that the same key types on a Latin layout, by the letter."""


class OtherLayouts:
    """Handles keys of other layouts that nothing on the screen has taken.

    Args:
        app: Whose keys they are.
    """

    def __init__(self, app: App[int]) -> None:
        self._app = app
        self._said = ("", 0.0)

    async def handle(self, event: events.Key) -> None:
        """Run what the key does on a Latin layout, or say what to press; does nothing for keys of a Latin layout."""
        app, letter = self._app, event.character or ""
        if letter.isascii() or not letter.isprintable() or takes_text(app.focused):
            return
        active = app.screen.active_bindings
        if event.key in active:
            # A person chose it as a key.
            return
        latin = LATIN_KEYS.get(letter, "")
        key = _character_to_key(latin) if latin else ""
        if key in active:
            node, binding, _, _ = active[key]
            if acts(binding.action, node) or decides(binding.action, node):
                self._say(
                    f"{binding.description}: press {latin} on a Latin layout, as for all that acts on messages.", event
                )
            else:
                await app._check_bindings(key)
        else:
            self._say(
                f"This letter is no key here. Keys are those of a Latin layout: {key_of(app, 'app.help')} shows them.",
                event,
            )

    def _say(self, text: str, event: events.Key) -> None:
        said, at = self._said
        if text != said or event.time - at > SHOWN:
            self._said = (text, event.time)
            self._app.notify(text, timeout=SHOWN)
