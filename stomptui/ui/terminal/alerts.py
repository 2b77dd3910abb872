"""Telling a person who looks elsewhere: the terminal's bell, and notifications of the desktop.

A notification is OSC 9 (iTerm2, https://iterm2.com/documentation-escape-codes.html; kitty, WezTerm, Ghostty, foot) or
OSC 777 (rxvt-unicode; terminals made of VTE, Konsole). tmux passes neither unless `allow-passthrough` is on, and passes
the bell always.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from textual.app import App

from stomptui.config.settings import Alert
from stomptui.protocol.clean import clean

BELL = "\a"
LONGEST = 200
"""Characters of a notification."""
_PLAIN = ("linux", "dumb", "vt", "cons", "screen")
"""How the names of terminals begin that know no notifications, or would paint them."""


def alert(app: App[Any], how: Alert, text: str) -> None:
    """Tell the person.

    Args:
        app: Whose terminal it is. Frames are written whole, so that this comes between two of them.
        how: In which way they want to be told.
        text: What; it may hold what a broker said.
    """
    driver = app._driver
    if how == "none" or driver is None or app.is_headless:
        return
    driver.write(BELL if how == "bell" else notification(text, os.environ))
    driver.flush()


def notification(text: str, environ: Mapping[str, str]) -> str:
    """What makes a terminal show a notification; the bell too where it may not pass one on.

    Args:
        text: What is shown, at most 200 characters of it.
        environ: The environment, which tells what terminal it is.
    """
    text = clean(text)
    text = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    term = environ.get("TERM", "")
    if environ.get("TMUX") or term.startswith("tmux"):
        # What is for the terminal outside is wrapped, with each ESC twice.
        inner = f"\x1b]9;{text}\x1b\\".replace("\x1b", "\x1b\x1b")
        return f"{BELL}\x1bPtmux;{inner}\x1b\\"
    if not term or term.startswith(_PLAIN):
        return BELL
    if environ.get("VTE_VERSION") or environ.get("KONSOLE_VERSION") or term.startswith("rxvt"):
        return f"\x1b]777;notify;stomptui;{text.replace(';', ',')}\x1b\\"
    return f"\x1b]9;{text}\x1b\\"
