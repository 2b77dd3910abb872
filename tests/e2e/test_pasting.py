"""Pastes, and Alt as an escape, as terminals send them."""

from __future__ import annotations

from tests.e2e.test_typing_ahead import F5, working
from tests.support.embedded import EmbeddedBroker

HOSTILE = "x\x1bq\x1b[A\x1b[15~\x07\x03\rna"


def test_whatever_is_pasted_is_text(embedded: EmbeddedBroker) -> None:
    with working(embedded, "/queue/acme") as terminal:
        terminal.wait_for("3 waiting")
        terminal.paste(HOSTILE)
        terminal.wait_for("Pasted text does nothing here")
        terminal.paste(HOSTILE)
        terminal.type_in("c")
        screen = terminal.wait_for("SEND to")
        assert screen.count("Pasted text does nothing here") == 1
        terminal.type_in("/queue/pasted\t")
        terminal.paste(HOSTILE)
        terminal.type_in(F5)
        terminal.wait_for("confirmed in")
        assert embedded.bodies("pasted") == [HOSTILE.replace("\r", "\n").encode()]
        assert embedded.depth("acme") == (0, 3), "nothing was acknowledged or rejected"

        terminal.type_in("\x1b[200~ lost\x1bq")
        terminal.type_in("\x1ba")
        terminal.wait_for("lost␛q␛a")
        terminal.press("escape")
        terminal.wait_until_gone("SEND to")
        assert embedded.depth("acme") == (0, 3)
        terminal.press("x")
        terminal.wait_for("disconnected")
