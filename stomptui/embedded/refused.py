"""How the broker says no."""

from __future__ import annotations


class FrameRefused(Exception):
    """A frame that is answered with ERROR. The words are RabbitMQ's where it has the same case.

    Args:
        message: The `message` header, a few words.
        text: The body, for a person to read.
        fatal: Whether the connection ends after the ERROR.
    """

    def __init__(self, message: str, text: str, fatal: bool = False) -> None:
        super().__init__(f"{message}: {text.strip()}")
        self.message = message
        self.text = text
        self.fatal = fatal
