"""Secrets and hostile text in a real terminal: what is painted, what is printed, and what is left in files."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from stomptui.config.connection import Connection
from stomptui.config.profiles import Profiles
from tests.support.embedded import EmbeddedBroker
from tests.support.raw import RawStomp
from tests.support.terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]
ARRIVED, SENT = "4rrived-t0ken", "s3nt-t0ken"
HOSTILE = "\x1b]2;owned\x07\x1b[2J\x9b31m\u202e\u200b\ue000\U000e0041\u3164"


def terminal(*arguments: str, **environment: str) -> Terminal:
    argv = [sys.executable, "-m", "stomptui", *arguments]
    return Terminal(
        argv, {**os.environ, "PYTHONPATH": str(ROOT), "STOMP_SKIP_HOSTNAME_SCAN": "1", **environment}, folder=ROOT
    )


def files() -> dict[str, bytes]:
    """All that the program has left on the disk."""
    places = [Path(os.environ[f"STOMPTUI_{kind}_DIR"]) for kind in ("CONFIG", "STATE")]
    return {path.name: path.read_bytes() for place in places for path in place.rglob("*") if path.is_file()}


def publish(embedded: EmbeddedBroker, destination: str, headers: Mapping[str, str], body: str) -> None:
    with RawStomp(embedded.host, embedded.port) as client:
        client.connect()
        client.receipt("SEND", {"destination": destination, **headers}, body)


def test_secrets_are_masked_until_the_key_shows_them_and_are_in_no_file(embedded: EmbeddedBroker) -> None:
    url = f"stomp://guest:p4ssw0rd@127.0.0.1:{embedded.port}/"
    with terminal(url, "--subscribe", "/topic/t") as screen:
        screen.wait_for("subscribed to /topic/t")
        publish(embedded, "/topic/t", {"x-csrf-token": ARRIVED, "note": f"Bearer {SENT}"}, "the body")
        screen.wait_for("the body")
        screen.press("G", "enter")
        screen.wait_for("1 Body")
        screen.press("f6", "2")
        shown = screen.wait_for("x-csrf-token", "••••••", "secrets are hidden; f7 shows them")
        assert ARRIVED not in shown
        assert SENT in shown, "what arrives is shown, except under the names of secrets"
        screen.press("3")
        screen.wait_for("x-csrf-token:••••••")
        screen.child.send(b"\x1b[18~")
        screen.wait_for(f"x-csrf-token:{ARRIVED}", "Secrets are shown")
        screen.child.send(b"\x1b[18~")
        screen.wait_for("x-csrf-token:••••••")
        screen.press("1")
        screen.wait_until_gone("note:Bearer")
        seen = len(screen.raw)
        screen.press("e")
        screen.wait_for("SEND to", "x-csrf-token", "note:••••••")
        screen.press("f5")
        screen.wait_for("confirmed")
        screen.press("f2")
        screen.wait_for("Search for an earlier draft", "note:••••••")
        screen.press("escape")
        screen.wait_until_gone("Search for an earlier draft")
        screen.press("escape")
        screen.wait_until_gone("SEND to")
        screen.press("q")
        assert screen.wait_end() == 0
        assert ARRIVED.encode() not in screen.raw[seen:] and SENT.encode() not in screen.raw[seen:]
    left = files()
    assert "history.jsonl" in left and "settings.toml" in left
    for name, data in left.items():
        assert not any(secret.encode() in data for secret in (ARRIVED, SENT, "p4ssw0rd")), name


def test_nothing_from_outside_is_obeyed_before_during_and_after_the_screen(embedded: EmbeddedBroker) -> None:
    Profiles().save(f"evil {HOSTILE}", Connection(port=embedded.port, login=f"me{HOSTILE}"))
    queue = f"/topic/t{HOSTILE}"
    argv = ["--profile", f"evil {HOSTILE}", "--subscribe", queue]
    with terminal(*argv, STOMPTUI_PASSWORD="x") as screen:
        screen.wait_for("subscribed to /topic/t")
        publish(embedded, queue, {"x": HOSTILE, f"y{HOSTILE}": "1", "content-type": HOSTILE}, f"the body {HOSTILE}")
        screen.wait_for("the body")
        screen.press("G", "enter")
        screen.wait_for("1 Body")
        screen.press("f6", "2")
        screen.wait_for("content-type  ")
        screen.press("3")
        screen.wait_for("content-type:")
        screen.press("4")
        screen.wait_for("63 6f 6e 74 65 6e 74")
        screen.press("1", "e")
        screen.wait_for("SEND to")
        screen.press("f5")
        screen.wait_for("Yes, use")
        screen.press("down", "enter")
        screen.wait_for("Send it anyway?")
        screen.press("y")
        screen.wait_for("confirmed")
        screen.press("escape")
        screen.wait_until_gone("SEND to")
        screen.press("o")
        screen.wait_for("Profiles", "evil")
        screen.press("escape")
        screen.wait_until_gone("Profiles")
        screen.press("q")
        assert screen.wait_end() == 0
        assert b"1 sent" in screen.raw.rpartition(b"\x1b[?1049l")[2]
        for obeyed in (b"\x1b]2;", b"]2;owned\x07", "\x9b31m".encode(), b"\x9b31m"):
            assert obeyed not in screen.raw
        for unseen in "\u202e\u200b\ue000\U000e0041\u3164":
            assert unseen.encode() not in screen.raw, ascii(unseen)
