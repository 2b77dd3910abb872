"""Copying data to the clipboard of the terminal or browser (OSC 52), and saying what could not be copied."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping, Sequence
from typing import Any

from textual.app import App
from textual.worker import Worker

from stomptui.config.in_browser import in_browser

LIMIT = 8 << 20
"""Bytes that are sent to a terminal at most: it takes them through its input, and does nothing else meanwhile."""
MULTIPLEXED_LIMIT = 700 << 10
"""Bytes that tmux and screen are sent at most: tmux drops sequences over 1 MiB, Base64 included, without a word."""
AT_ONCE = 256 << 10
"""Characters from which on text is encoded in a thread."""


def limit(environment: Mapping[str, str] | None = None) -> int:
    """How many bytes the terminal can be trusted to take."""
    environment = os.environ if environment is None else environment
    inside = environment.get("TMUX") or environment.get("STY")
    named = environment.get("TERM", "").startswith(("tmux", "screen"))
    return MULTIPLEXED_LIMIT if inside or named else LIMIT


def _place() -> str:
    return "browser" if in_browser() else "terminal"


class ClipboardSent:
    """Text on its way to a terminal.

    Args:
        text: The text, which may hold halves of characters: they stand for bytes that are not UTF-8.
        most: Bytes that the terminal takes.
    """

    def __init__(self, text: str, most: int) -> None:
        self.total = len(text)
        self.replaced = 0
        try:
            data = text.encode("utf-8")
        except UnicodeEncodeError:
            self.replaced = sum("\ud800" <= char <= "\udfff" for char in text)
            data = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text).encode("utf-8")
        self.count = self.total
        """Characters that are sent."""
        if len(data) > most:
            whole = data[:most].decode("utf-8", "ignore")
            self.count = len(whole)
            data = whole.encode("utf-8")
        self.sequence = f"\x1b]52;c;{base64.b64encode(data).decode('ascii')}\a"

    def report(self, notes: Sequence[str], whole: str) -> str:
        """What the person reads. Terminals do not answer the sequence, so all that is known is that it was sent.

        Args:
            notes: Notes on the text.
            whole: How to get all of it where it was cut, "" if there is no way.
        """
        characters = "1 character" if self.total == 1 else f"{self.total:,} characters"
        if self.count < self.total:
            lines = [
                f"The first {self.count:,} of {characters} sent to the {_place()}'s clipboard, which takes no more"
            ]
            lines += [whole] if whole else []
        else:
            lines = [f"{characters} sent to the {_place()}'s clipboard"]
        if self.replaced:
            what = "byte that is not UTF-8" if self.replaced == 1 else "bytes that are not UTF-8"
            lines.append(f"{self.replaced:,} {what} copied as \ufffd")
        return "\n".join([*lines, *notes])

    @property
    def incomplete(self) -> bool:
        """Whether the clipboard gets less than there is."""
        return self.count < self.total or bool(self.replaced)


class Clipboard:
    """Put before `App` among the bases of an app: whatever is copied anywhere in it goes this way."""

    _clipboard: str

    def copy_to_clipboard(self, text: str, notes: Sequence[str] = (), whole: str = "") -> None:
        """Send text to the terminal's clipboard, and notify; pasting within the app gets it exactly.

        Args:
            text: The text.
            notes: Notes on it.
            whole: How to get all of it if the terminal takes only a part.
        """
        if not text:
            # What is on the terminal's clipboard stays there: a selection by mouse can be of nothing that is text.
            app: App[Any] = self  # type: ignore[assignment]
            app.notify("There is nothing to copy.", severity="warning", markup=False)
            return
        self._clipboard = text
        if len(text) < AT_ONCE:
            self._send(ClipboardSent(text, limit()), notes, whole)
        else:
            self._encode(text, notes, whole)

    def _encode(self, text: str, notes: Sequence[str], whole: str) -> Worker[None]:
        app: App[Any] = self  # type: ignore[assignment]

        def encode() -> None:
            sent = ClipboardSent(text, limit())
            app.call_from_thread(self._send, sent, notes, whole)

        return app.run_worker(encode, thread=True, group="clipboard", exclusive=True, exit_on_error=True)

    def _send(self, sent: ClipboardSent, notes: Sequence[str], whole: str) -> None:
        app: App[Any] = self  # type: ignore[assignment]
        if app._driver is not None:
            app._driver.write(sent.sequence)
        app.notify(sent.report(notes, whole), severity="warning" if sent.incomplete else "information", markup=False)


def copy(app: App[Any], text: str, notes: Sequence[str] = (), whole: str = "") -> None:
    """Copy text by the app's way of doing so."""
    if isinstance(app, Clipboard):
        app.copy_to_clipboard(text, notes, whole)
    else:
        app.copy_to_clipboard(text)
