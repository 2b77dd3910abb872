"""What is on the screen is what a repaint of all of it shows, whatever was painted in parts before."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.test_coming_back import state, wait_until
from tests.support.embedded import EmbeddedBroker
from tests.support.running import stomptui
from tests.support.terminal import Terminal

MOVES_ON = ("/s", "Messages")
"""What rows with rates and their graphs hold."""


def text_of(row: list[Any]) -> str:
    return "".join(cell.data for cell in row)


def only_blinks(old: list[Any], new: list[Any]) -> bool:
    """Whether two rows differ in the style of one character alone, as where a cursor blinks."""
    changed = [x for x, (one, other) in enumerate(zip(old, new, strict=True)) if one != other]
    # A wide character has two cells.
    return len(changed) <= 2 and changed[-1] - changed[0] < 2 and all(old[x].data == new[x].data for x in changed)


def as_if_repainted(terminal: Terminal, what: str) -> None:
    """Compare with a repaint; a clock or a heart may change between the two, so a few times."""
    differing: list[int] = []
    for _ in range(5):
        terminal.rest()
        before, painted = terminal.cells, len(terminal.raw)
        terminal.press("ctrl+l")
        wait_until(lambda: b"\x1b[2J" in terminal.raw[painted:], "the screen cleared")  # noqa: B023
        terminal.rest()
        after = terminal.cells
        differing = [
            y
            for y, (old, new) in enumerate(zip(before, after, strict=True))
            if old != new
            and not only_blinks(old, new)
            and not any(word in text_of(old) and word in text_of(new) for word in MOVES_ON)
        ]
        if not differing:
            return
    raise AssertionError(f"after {what} rows {differing} are not as in a repaint:\n{terminal.text}")


@pytest.mark.slow
def test_what_is_shown_is_what_a_repaint_shows(embedded: EmbeddedBroker) -> None:
    def stop(terminal: Terminal) -> None:
        terminal.press("ctrl+z")
        wait_until(lambda: state(terminal.pid) == "T", "stopped")
        time.sleep(0.2)
        terminal.kill(signal.SIGCONT)
        wait_until(lambda: state(terminal.pid) != "T", "going on")

    def arrive(terminal: Terminal) -> None:
        for body in ("plain", "漢字 wide 漢字", "👩🏽‍🚀 joined कि", "x" * 300):
            embedded.publish("/topic/shown", body)

    steps: dict[str, Callable[[Terminal], None]] = {
        "the beginning": lambda terminal: None,
        "messages": arrive,
        "a message opened": lambda terminal: terminal.press("enter"),
        "a wider terminal": lambda terminal: terminal.resize(150, 40),
        "a palette over it": lambda terminal: terminal.press("ctrl+p"),
        "the palette gone": lambda terminal: terminal.press("escape"),
        "a form over it": lambda terminal: terminal.press("s"),
        "a narrow terminal": lambda terminal: terminal.resize(70, 20),
        "the form gone": lambda terminal: terminal.press("escape"),
        "a stop": stop,
        "messages in a narrow terminal": arrive,
        "another window meanwhile": lambda terminal: terminal.type_in("\x1b[O\x1b[I"),
        "text written": lambda terminal: terminal.type_in("c/topic/shown\t漢字 👍🏽"),
    }
    broker = f"stomp://guest:guest@127.0.0.1:{embedded.port}/"
    with stomptui(broker, "--subscribe", "/topic/shown") as terminal:
        terminal.wait_for("● connected", "subscribed to")
        for what, step in steps.items():
            step(terminal)
            as_if_repainted(terminal, what)
