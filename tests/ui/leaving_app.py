"""The program of `test_leaving`: the real command line around an app that ends as its environment says."""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import SimpleNamespace

from textual.app import App, ComposeResult
from textual.widgets import Footer, Static

from stomptui.cli.main import main
from stomptui.config.options import Options
from stomptui.ui.terminal.crash import QuietCrash
from stomptui.ui.terminal.frames import UnhurriedPaint
from stomptui.ui.terminal.signals import install

HOW = os.environ["LEAVING"]


class Leaving(QuietCrash, UnhurriedPaint, App[int]):
    """Shows one word, and fails in the way asked for when x is pressed."""

    BINDINGS = [("x", "fail", "Fail"), ("q", "quit", "Quit")]

    def __init__(self, options: Options) -> None:
        super().__init__()
        self.passcode = "s3cret-word"
        self.farewell: list[str] = []

    def compose(self) -> ComposeResult:
        yield Static("ready")
        yield Footer()
        if HOW == "compose":
            raise RuntimeError("no luck")

    def on_mount(self) -> None:
        install(self)
        if HOW in ("busy", "deaf"):
            self.set_interval(1 / 60, self._paint)
        if HOW == "deaf":
            signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def _paint(self) -> None:
        word = self.query_one(Static)
        word.update("ready" + "." * (len(str(word.content)) % 50))

    def action_fail(self) -> None:
        if HOW == "thread":
            threading.Thread(target=self._die).start()
        elif HOW == "late":
            self.exit(return_code=3)
            self.query_one("#taken-away")
        elif HOW == "markup":
            self.query_one(Static).update("[/x]")
        elif HOW == "stylesheet":
            self.stylesheet.add_source("Static { color: no-such-colour }")
            self.refresh_css()
        else:
            self._die()

    def _die(self) -> None:
        raise RuntimeError("no luck")

    def summary(self) -> list[str]:
        return ["/queue/test: 3 received"]


sys.modules["stomptui.app"] = SimpleNamespace(StompTUI=Leaving)  # type: ignore[assignment]
sys.exit(main(sys.argv[1:]))
