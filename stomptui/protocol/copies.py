"""Copies of messages that a divert of Artemis makes for us: their address, and the destination they came from."""

from __future__ import annotations

from stomptui.protocol.frame import Frame

COPY_PREFIX = "stomptui.watch."
"""The prefix of the names of our diverts and addresses, by which left-over ones are found."""


def original_destination(frame: Frame) -> str:
    """The destination of a message; for a copy that of its original; "" without one."""
    named = frame.get("destination") or ""
    if COPY_PREFIX not in named:
        return named
    # The address is of this copy; a queue can stand there since an earlier move.
    return frame.get("_AMQ_ORIG_ADDRESS") or frame.get("_AMQ_ORIG_QUEUE") or named
