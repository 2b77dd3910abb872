"""Whether this process is a console in a browser tab, as `stomptui web` starts one for each tab."""

from __future__ import annotations

import os

DRIVER = "stomptui.ui.terminal.browser:BrowserDriver"
"""What `TEXTUAL_DRIVER` is there: Textual reads it to choose its driver."""


def in_browser() -> bool:
    """Whether a browser shows what this process paints; standard input and output are pipes to the web server then."""
    return os.environ.get("TEXTUAL_DRIVER") == DRIVER
