"""Makes the draft with which a message of a peek is repaired."""

from __future__ import annotations

from dataclasses import replace

from stomptui.compose.draft import Draft, HeaderLine, from_frame
from stomptui.compose.repair import Repair
from stomptui.protocol.frame import Frame
from stomptui.queues.access import QueueAccess


def repair_draft(access: QueueAccess, message: Frame, position: int) -> Draft:
    """A draft of what a retry would send, to where it came from.

    Args:
        access: The way into its queue.
        message: The message.
        position: How many were before it.
    """
    messages = access.forwarding.messages
    prepared = messages.prepare(message, retry=True)
    connection = access.context.connection
    repair = Repair(
        queue=access.queue,
        broker=connection.where if connection is not None else "",
        message=message,
        position=position,
        headers=tuple(prepared.headers),
        set_aside=tuple(dict.fromkeys(name for name, _ in prepared.left_out)),
        origin=messages.origin(message),
    )
    return replace(
        from_frame(message),
        destination=repair.origin,
        headers=[HeaderLine(name, value) for name, value in prepared.headers],
        receipt=True,
        content_length=prepared.content_length,
        repairs=repair,
    )
