"""Snippets that are no programs: a line of a message file, and the bytes of the frame."""

from __future__ import annotations

import base64

from stomptui.compose.snippets.frames import send_frame
from stomptui.compose.snippets.message import SnippetMessage, Target
from stomptui.config.secret_names import MASK
from stomptui.protocol.jsonl import FileMessage


def refusal(target: Target) -> str:
    """They go anywhere."""
    return ""


def json_line(message: SnippetMessage) -> str:
    """A line as `stomptui refill` takes it."""
    headers = tuple((field.name, field.value) for field in message.fields[1:])
    return FileMessage(message.destination.value, headers, message.body).line().decode("utf-8")


def frame_base64(message: SnippetMessage) -> str:
    """The bytes of the SEND frame with its NUL, as Base64: a clipboard takes text alone."""
    pieces = [piece if isinstance(piece, bytes) else MASK.encode() for piece in send_frame(message)]
    return base64.b64encode(b"".join(pieces)).decode("ascii")
