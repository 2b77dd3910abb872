"""Keys of a keyboard that is switched to another alphabet."""

from __future__ import annotations

from stomptui.ui.program.other_layouts import LATIN_KEYS
from tests.e2e.test_typing_ahead import working
from tests.support.embedded import EmbeddedBroker


def test_letters_of_other_layouts_are_the_keys_they_sit_on_and_act_on_no_message(embedded: EmbeddedBroker) -> None:
    with working(embedded, "/queue/acme") as terminal:
        terminal.wait_for("3 waiting")
        # The keys of p, in Russian and in Greek.
        for letter in ("з", "π"):
            terminal.type_in(letter)
            terminal.wait_for("Peek: see what")
            terminal.press("escape")
            terminal.wait_until_gone("Peek: see what")
        # The key of a.
        terminal.press("up", "up")
        terminal.type_in("ф")
        terminal.wait_for("Ack: press a on a Latin layout")
        # A letter that sits on no key of ours, and one of an alphabet that is not known.
        terminal.type_in("ש")
        terminal.wait_for("This letter is no key here")
        # What is typed into a field stays what it is.
        terminal.type_in("/")
        terminal.wait_for("text to find")
        terminal.type_in("зπф")
        terminal.wait_for("matching “зπф”")
        terminal.press("escape")
        terminal.wait_until_gone("matching")
        assert embedded.depth("acme") == (0, 3)


def test_no_letter_stands_for_two_keys() -> None:
    assert LATIN_KEYS["Д"] == "L" and LATIN_KEYS["Π"] == "P" and LATIN_KEYS["х"] == "["
    assert "Х" not in LATIN_KEYS, "a brace is no bracket"
    assert all(key.isascii() and not letter.isascii() for letter, key in LATIN_KEYS.items())
