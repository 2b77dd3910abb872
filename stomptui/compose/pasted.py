"""What a text that was copied somewhere else turns out to be: header lines, perhaps with a body, or a whole frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stomptui.compose.draft import FROM_THE_BROKER, Draft, HeaderLine

MESSAGES = ("SEND", "MESSAGE")
"""The commands of frames that are messages."""


class Pasted(NamedTuple):
    """The header lines, and perhaps the body, found in a text."""

    lines: Sequence[tuple[str, str]] = ()
    """Names and values, in their order; none if it is no header lines."""
    body: str | bytes = ""
    """The body that came with them."""
    command: str = ""
    """The command of a frame, "" for what is none."""
    left_out: tuple[str, ...] = ()
    """What stood there too and is no part of a message, as it was called."""

    @property
    def is_message(self) -> bool:
        """Whether it is a whole message, and not only lines for one."""
        return self.command in MESSAGES

    @property
    def kept_lines(self) -> list[tuple[str, str]]:
        """The header lines that a new message takes over; of a frame without those about that one delivery."""
        if not self.command:
            return list(self.lines)
        return [(name, value) for name, value in self.lines if name == "destination" or name not in FROM_THE_BROKER]

    @property
    def not_kept(self) -> list[str]:
        """What is not taken over, for the person."""
        kept = {name for name, _ in self.kept_lines}
        return [*dict.fromkeys(name for name, _ in self.lines if name not in kept), *self.left_out]

    def draft(self) -> Draft:
        """A draft of it; of a frame that was sent the switches are taken over as well."""
        destination = next((value for name, value in self.lines if name == "destination"), "")
        names = {name for name, _ in self.lines}
        lines = self.kept_lines
        if destination:
            lines.remove(("destination", destination))
        nul = "\0" in self.body if isinstance(self.body, str) else b"\0" in self.body
        return Draft(
            destination,
            [HeaderLine(name, value) for name, value in lines],
            self.body,
            receipt=self.command != "SEND" or "receipt" in names,
            content_length=self.command != "SEND" or "content-length" in names or nul,
        )
