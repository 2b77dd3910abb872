"""A terminal without bracketed paste sends what is pasted as keys, all at once."""

from __future__ import annotations

from tests.e2e.test_typing_ahead import working
from tests.support.embedded import EmbeddedBroker


def test_a_key_that_acts_on_messages_asks_first_within_a_burst(embedded: EmbeddedBroker) -> None:
    with working(embedded, "/queue/acme") as terminal:
        terminal.wait_for("3 waiting")
        terminal.press("k", "k")
        # What comes behind it is no answer: y would be a yes.
        terminal.type_in("kjay")
        terminal.wait_for("Did you mean Ack?", "The key a arrived together with others")
        assert embedded.depth("acme") == (0, 3)
        terminal.press("escape")
        terminal.wait_until_gone("Did you mean Ack?")
        # From the palette, too, the question is about what would be done.
        terminal.type_in("\x10ack\r")
        terminal.wait_for("Did you mean Ack?")
        terminal.press("escape")
        terminal.wait_until_gone("Did you mean Ack?")
        terminal.type_in("kjn")
        terminal.wait_for("Did you mean Nack?")
        terminal.press("y")
        terminal.wait_for("Reject")
        # Neither is it one to a question that was there before it.
        terminal.type_in("\t\t\r\t\r")
        terminal.wait_for("Keys that arrive together do not count")
        assert embedded.depth("acme") == (0, 3)
        terminal.press("escape", "escape")
        terminal.wait_until_gone("Reject 1")
        terminal.press("a")
        terminal.wait_for("2 waiting")
        assert embedded.depth("acme") == (0, 2)
