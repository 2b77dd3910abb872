"""What reaches a terminal when a person wants to be told: nothing that a queue's name says is obeyed."""

from __future__ import annotations

import re

import pytest

from stomptui.ui.terminal.alerts import BELL, LONGEST, notification

EVIL = "3 new in a\x1b]0;owned\x07\x1b\\b\x9c\u202e;c"


@pytest.mark.parametrize(
    ("environ", "begin", "end"),
    [
        ({"TERM": "xterm-kitty"}, "\x1b]9;", "\x1b\\"),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7600"}, "\x1b]777;notify;stomptui;", "\x1b\\"),
        ({"TERM": "rxvt-unicode"}, "\x1b]777;notify;stomptui;", "\x1b\\"),
        ({"TERM": "tmux-256color", "TMUX": "x"}, "\a\x1bPtmux;\x1b\x1b]9;", "\x1b\x1b\\\x1b\\"),
    ],
)
def test_a_notification_has_the_form_of_its_terminal_and_no_control_characters(
    environ: dict[str, str], begin: str, end: str
) -> None:
    sent = notification(EVIL, environ)
    assert sent.startswith(begin) and sent.endswith(end)
    text = sent[len(begin) : -len(end)]
    assert text.startswith("3 new in a␛]0") and not re.search(r"[\x00-\x1f\x7f-\x9f\u202e]", text)
    assert "777" not in begin or ";" not in text, "a semicolon would begin another part"
    assert len(notification("x" * 10_000, environ)) < LONGEST + 60


@pytest.mark.parametrize("term", ["", "linux", "dumb", "vt220", "screen.xterm-256color"])
def test_a_terminal_that_would_paint_it_gets_the_bell(term: str) -> None:
    assert notification(EVIL, {"TERM": term}) == BELL
