"""Going to panes and fields by letters, and the settings, in a real terminal."""

from __future__ import annotations

from stomptui.config.settings import load_settings
from tests.e2e.test_typing_ahead import working
from tests.support.embedded import EmbeddedBroker


def test_letters_work_within_a_field_and_typed_ahead(embedded: EmbeddedBroker) -> None:
    with working(embedded, "/queue/acme") as terminal:
        terminal.wait_for("3 waiting")
        terminal.press("c")
        terminal.wait_for("SEND to")
        terminal.type_in("/queue/b")
        terminal.press("ctrl+f")
        terminal.wait_for("Press a letter to go there")
        row, column = next(
            (y, line.index("Compose") - 2) for y, line in enumerate(terminal.text.splitlines()) if " Compose " in line
        )
        body = terminal.text.splitlines()[row][column]
        terminal.press(body)
        terminal.wait_until_gone("Press a letter to go there")
        # The letter and what is typed next come at once with the key.
        terminal.type_in("first")
        terminal.child.send(b"\x06" + body.encode() + b"second")
        terminal.wait_for("firstsecond")
        terminal.press("ctrl+f")
        terminal.wait_for("Press a letter to go there")
        terminal.press("escape")
        terminal.wait_until_gone("Press a letter to go there")
        terminal.type_in("third")
        terminal.wait_for("firstsecondthird")
        assert embedded.depth("acme") == (0, 3)


def test_the_comma_opens_the_settings_and_is_text_in_a_field(embedded: EmbeddedBroker) -> None:
    with working(embedded, "/queue/acme") as terminal:
        terminal.wait_for("3 waiting")
        terminal.type_in("/")
        terminal.wait_for("text to find")
        terminal.type_in("a,b")
        terminal.wait_for("a,b")
        terminal.press("escape")
        terminal.wait_until_gone("a,b")
        terminal.type_in(",")
        terminal.wait_for("Hold time")
        terminal.press("down", "enter")
        terminal.wait_for("● Wrap long lines")
        terminal.press("up", "enter")
        terminal.wait_for("enter keeps")
        terminal.press("down")
        terminal.rest()
        terminal.press("escape")
        terminal.wait_until_gone("enter keeps")
        terminal.press("escape")
        terminal.wait_until_gone("Hold time")
        assert embedded.depth("acme") == (0, 3)
    found, problem = load_settings()
    assert (found.wrap_lines, found.theme, problem) == (False, "tokyo-night", None)
