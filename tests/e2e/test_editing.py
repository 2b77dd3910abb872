"""The person's own editor has the terminal: what interrupts it leaves the program alone, and no text is lost."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from tests.support.embedded import EmbeddedBroker
from tests.support.running import stomptui

EDITOR = """
import pathlib, signal, sys
path = pathlib.Path(sys.argv[1])
def interrupted(*_):
    print("interrupted", flush=True)
def saved(*_):
    path.write_text(path.read_text() + " and edited")
    sys.exit(0)
def told_to_end(*_):
    path.write_text(path.read_text() + " and saved in time")
    sys.exit(1)
signal.signal(signal.SIGINT, interrupted)
signal.signal(signal.SIGQUIT, saved)
signal.signal(signal.SIGTERM, told_to_end)
print("in the editor", flush=True)
while True:
    signal.pause()
"""
CTRL_BACKSLASH = "\x1c"


def test_interrupting_the_editor_does_not_end_the_program(embedded: EmbeddedBroker, tmp_path: Path) -> None:
    editor = tmp_path / "editor.py"
    editor.write_text(EDITOR)
    lent = tmp_path / "lent"
    lent.mkdir()
    with stomptui(
        f"stomp://guest:guest@127.0.0.1:{embedded.port}/",
        "--quiet",
        VISUAL=f"{sys.executable} {editor}",
        TMPDIR=str(lent),
    ) as terminal:
        terminal.wait_for("● connected")
        terminal.type_in("c/topic/edited\twritten")
        terminal.wait_for("written")
        terminal.press("f4")
        terminal.wait_for("in the editor")
        terminal.press("ctrl+c")
        terminal.wait_for("interrupted")
        terminal.type_in(CTRL_BACKSLASH)
        terminal.wait_for("written and edited", "SEND to")
        assert list(lent.iterdir()) == []

        terminal.press("f4")
        terminal.wait_for("in the editor")
        terminal.kill(signal.SIGTERM)
        assert terminal.wait_end() == 128 + signal.SIGTERM
        assert terminal.modes_left_on() == []
        assert terminal.line_mode_is_back()
        (file,) = lent.rglob("body.*")
        assert terminal.after_the_screen().strip() == f"What you were writing is in {file}"
        assert file.read_text() == "written and edited and saved in time"
