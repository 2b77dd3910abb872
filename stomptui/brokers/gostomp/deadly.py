"""Frames that end the whole server of go-stomp, every session with it."""

from __future__ import annotations

from collections.abc import Sequence

from stomptui.protocol.frame import Frame

_HARMLESS = ("auto", "client-individual")


def ends_over(frames: Sequence[Frame]) -> str:
    """Why the server ends over one of these frames, which go out on one connection, in their order; "" if it lives."""
    acknowledged = False
    for frame in frames:
        if frame.command == "SEND" and frame.get("destination") is None:
            return "a SEND without destination ends the whole server of go-stomp"
        if frame.command == "SUBSCRIBE" and (frame.get("ack") or "auto") not in _HARMLESS:
            acknowledged = True
        if frame.command == "ACK" and acknowledged:
            return "an ACK ends the whole server of go-stomp, unless SUBSCRIBE says ack:client-individual"
    return ""
