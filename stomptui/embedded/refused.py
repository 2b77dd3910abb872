"""The exception for a frame that the embedded broker answers with ERROR."""

from __future__ import annotations


class FrameRefused(Exception):
    """A frame was refused. The texts are those of RabbitMQ where it has the same case.

    Args:
        message: The `message` header of the ERROR.
        text: Its body.
        fatal: Whether the connection ends after the ERROR.
    """

    def __init__(self, message: str, text: str, fatal: bool = False) -> None:
        super().__init__(f"{message}: {text.strip()}")
        self.message = message
        self.text = text
        self.fatal = fatal
