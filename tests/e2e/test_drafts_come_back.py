"""A message that was being written is there again, however the program ended."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from tests.support.embedded import EmbeddedBroker
from tests.support.running import stomptui


def kept() -> bytes:
    folder = Path(os.environ["STOMPTUI_STATE_DIR"]) / "drafts"
    return b"".join(path.read_bytes() for path in sorted(folder.glob("*.jsonl")))


def until(condition: Callable[[], bool], what: str) -> None:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < 40, f"never: {what}; {kept()!r}"
        time.sleep(0.02)


def test_a_draft_survives_a_kill_and_goes_once_it_is_sent(embedded: EmbeddedBroker) -> None:
    embedded.publish("/queue/late", "there before")
    url = f"stomp://guest:guest@127.0.0.1:{embedded.port}/"
    with stomptui(url) as terminal:
        terminal.wait_for("● connected")
        terminal.type_in("c/queue/late\twritten at night")
        terminal.wait_for("written at night")
        until(lambda: b"written at night" in kept(), "the draft on disk")
        terminal.kill(signal.SIGKILL)
        assert terminal.wait_end() == -signal.SIGKILL

    with stomptui(url) as terminal:
        terminal.wait_for("● connected", "A message that was not sent is back: c opens it")
        terminal.type_in("c")
        terminal.wait_for("written at night", "destination:/queue/late", "was not sent when stomptui ended")
        terminal.type_in(" and in the morning")
        terminal.wait_for("written at night and in the morning")
        until(lambda: b"and in the morning" in kept(), "the change on disk")
        terminal.press("f5")
        terminal.wait_for("confirmed in")
        until(lambda: not kept(), "nothing left on disk")
    assert embedded.depth("late") == (2, 0)


def test_all_open_drafts_survive_a_kill_in_their_order(embedded: EmbeddedBroker) -> None:
    url = f"stomp://guest:guest@127.0.0.1:{embedded.port}/"
    with stomptui(url) as terminal:
        terminal.wait_for("● connected")
        terminal.type_in("c/queue/first\tone")
        terminal.wait_for("one")
        terminal.press("ctrl+n")
        terminal.type_in("/queue/second\ttwo")
        terminal.wait_for("•/queue/first  •/queue/second ✕")
        terminal.type_in("\x1b[5;5~")
        terminal.wait_for("•/queue/first ✕  •/queue/second")
        until(lambda: b'"active": true' in kept().split(b"\n")[0] and kept().count(b"\n") == 2, "both on disk")
        terminal.kill(signal.SIGKILL)
        assert terminal.wait_end() == -signal.SIGKILL

    with stomptui(url) as terminal:
        terminal.wait_for("2 messages that were not sent are back: c opens")
        terminal.type_in("c")
        terminal.wait_for("•/queue/first ✕  •/queue/second", "destination:/queue/first")
        terminal.type_in("\x1b[6;5~")
        terminal.wait_for("•/queue/first  •/queue/second ✕", "destination:/queue/second")
