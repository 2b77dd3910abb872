"""Pastes, and Alt as an escape, as terminals send them."""

from __future__ import annotations

from tests.e2e.test_typing_ahead import F5, working
from tests.support.embedded import EmbeddedBroker
from tests.support.running import stomptui

HOSTILE = "x\x1bq\x1b[A\x1b[15~\x07\x03\rna"


def test_whatever_is_pasted_is_text(embedded: EmbeddedBroker) -> None:
    # Whether a queue that nobody has made is meant would be asked.
    embedded.publish("/queue/pasted", "first")
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
        assert embedded.bodies("pasted") == [b"first", HOSTILE.replace("\r", "\n").encode()]
        assert embedded.depth("acme") == (0, 3), "nothing was acknowledged or rejected"

        terminal.type_in("\x1b[200~ lost\x1bq")
        terminal.type_in("\x1ba")
        terminal.wait_for("lost␛q␛a")
        terminal.press("escape")
        terminal.wait_until_gone("SEND to")
        assert embedded.depth("acme") == (0, 3)
        terminal.press("x")
        terminal.wait_for("disconnected")


def test_alt_is_an_escape_with_a_key(embedded: EmbeddedBroker) -> None:
    # Whether a queue that nobody has made is meant would be asked.
    embedded.publish("/queue/alt", "first")
    with stomptui(f"stomp://guest:guest@127.0.0.1:{embedded.port}/") as terminal:
        terminal.wait_for("● connected")
        # From the body back to where a header is added; each letter of it begins or goes on with a line.
        terminal.type_in("c/queue/alt\tbody\t")
        terminal.wait_for("body")
        terminal.type_in("one\rx\x1bq\x1bn\x1ba")
        terminal.wait_for("one:x")
        terminal.type_in("two\ry\x1bx")
        terminal.wait_until_gone("two")
        terminal.type_in("\x0fthree\rz\x19")
        terminal.wait_until_gone("three")
        terminal.type_in(F5)
        terminal.wait_for("confirmed in")
        _, entry = embedded.call(lambda: list(embedded.queues.named["alt"].ready))
        headers = dict(entry.message.headers)
        assert headers["one"] == "x"
        assert not {"two", "three"} & set(headers)
        assert entry.message.body == b"body"
