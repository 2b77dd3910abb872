"""Frames that end the process of stomp-broker-js, every session with it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from stomptui.protocol.frame import Frame

PARSED = "application/json"
"""The content-type whose body is parsed; any other, with a charset too, is not."""
_INHERITED = ("__proto__",)
"""Commands that it takes for one of its own, since every object of JavaScript has them."""


def is_json(body: bytes) -> bool:
    """Whether it can read a body as JSON."""
    # Its own reading is of the text with commas for empty lines, which no JSON survives that has one.
    try:
        json.loads(body.replace(b"\n\n", b","))
    except (ValueError, RecursionError):
        return False
    return True


def ends_over(frames: Sequence[Frame]) -> str:
    """Why the process ends over these frames; "" if it lives. Of those in one WebSocket message it reads the first."""
    for frame in frames[:1]:
        # A line that ends in a carriage return holds no command that it knows. Of a repeated header the last counts.
        first, *lines = frame.head.decode("utf-8", "replace").split("\n")
        headers = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if first == "SUBSCRIBE" and "destination" not in headers:
            return "a SUBSCRIBE without destination ends the whole server of stomp-broker-js"
        if first in _INHERITED:
            return f"{first} as a command ends the whole server of stomp-broker-js"
        if first == "SEND" and headers.get("content-type") == PARSED and not is_json(frame.body):
            return f"a body that is no JSON under {PARSED} ends the whole server of stomp-broker-js"
    return ""
