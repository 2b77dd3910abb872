"""Reading one message in a real terminal: folding it, finding in it, going from place to place."""

from __future__ import annotations

import json

from stomptui.config.settings import load_settings
from tests.support.embedded import EmbeddedBroker
from tests.support.running import stomptui


def remembered() -> tuple[bool, bool]:
    settings, _ = load_settings()
    return settings.wrap_lines, settings.line_numbers


def test_a_message_is_folded_and_searched(embedded: EmbeddedBroker) -> None:
    body = {"order": 7, "items": [{"sku": "needle-1"}, {"sku": "needle-2"}], "note": "hay"}
    embedded.publish("/queue/read", json.dumps(body), [("content-type", "application/json")])
    with stomptui(f"stomp://guest:guest@127.0.0.1:{embedded.port}/", "--work", "/queue/read") as terminal:
        terminal.wait_for("1 waiting")
        terminal.type_in("3")
        terminal.wait_for("1 of ")
        terminal.press("enter", "tab")
        terminal.wait_for('"sku": "needle-2"')
        terminal.type_in("jjz")
        terminal.wait_for('"items": [ … 6 lines ],')
        terminal.type_in("/needle\r")
        terminal.wait_for("1 of 2", '"sku": "needle-2"')
        terminal.type_in("n")
        terminal.wait_for("2 of 2")
        terminal.press("escape")
        terminal.wait_until_gone("2 of 2")
        terminal.type_in("l#")
        terminal.wait_until(lambda screen: remembered() == (False, False), "the next start shows lines this way too")
        assert embedded.depth("read") == (0, 1), "nothing was acknowledged or rejected"
