"""Masking secrets in a frame before it is shown."""

from __future__ import annotations

from stomptui.config.secret_names import MASK, is_secret, without_secrets
from stomptui.protocol.escapes import escape
from stomptui.protocol.frame import UNESCAPED, Frame

_OF_STOMP = {("CONNECTED", "session")}
"""Command and name of what is called as secrets are, and is none."""


def shown_value(command: str, name: str, value: str, sent: bool) -> str:
    """The value of a header as it is shown.

    Args:
        command: Of the frame.
        name, value: Of the header, unescaped.
        sent: Whether a person sent it. Of what arrives only values under the names of secrets are masked.
    """
    if (command, name) in _OF_STOMP or not value:
        return value
    if sent:
        return without_secrets(name, value)
    return MASK if is_secret(name) else value


def masked_frame(frame: Frame, sent: bool) -> Frame:
    """The frame with a mask in place of each secret in its headers; the same frame if there is none."""
    shown = [shown_value(frame.command, name, value, sent) for name, value in frame.headers]
    if all(text == value for text, (_, value) in zip(shown, frame.headers, strict=True)):
        return frame
    first, *lines = frame.head.split(b"\n")
    for index, (text, (_, value)) in enumerate(zip(shown, frame.headers, strict=True)):
        if text != value:
            name, colon, _ = lines[index].partition(b":")
            end = b"\r" if lines[index].endswith(b"\r") and not value.endswith("\r") else b""
            if frame.command not in UNESCAPED:
                text = escape(text, frame.version)
            lines[index] = name + colon + text.encode("utf-8", "surrogateescape") + end
    head = b"\n".join([first, *lines])
    return Frame(head + frame.raw[len(frame.head) :], frame.version)


def hidden(frame: Frame, sent: bool) -> int:
    """How many headers are shown masked."""
    command = frame.command
    return sum(shown_value(command, name, value, sent) != value for name, value in frame.headers)
