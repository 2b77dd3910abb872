"""Makes the draft with which a message is repaired."""

from __future__ import annotations

from dataclasses import replace

from stomptui.compose.draft import Draft, HeaderLine, from_frame
from stomptui.compose.repair import Held, Repair
from stomptui.protocol.frame import Frame
from stomptui.queues.access import QueueAccess


def repair_draft(
    access: QueueAccess, message: Frame, position: int = 0, queue: str = "", held: Held | None = None
) -> Draft:
    """A draft of what a retry would send, to where it came from.

    Args:
        access: The way into its queue, or one of no queue.
        message: The message.
        position: How many were before it, as far as is known.
        queue: Where it is, if the access is of no queue.
        held: The delivery that a subscription keeps unacknowledged, if one does.
    """
    messages = access.forwarding.messages
    prepared = messages.prepare(message, retry=True)
    connection = access.context.connection
    repair = Repair(
        queue=queue or access.queue,
        broker=connection.where if connection is not None else "",
        message=message,
        position=position,
        headers=tuple(prepared.headers),
        set_aside=tuple(dict.fromkeys(name for name, _ in prepared.left_out)),
        origin=messages.origin(message),
        held=held,
    )
    return replace(
        from_frame(message),
        destination=repair.origin,
        headers=[HeaderLine(name, value) for name, value in prepared.headers],
        receipt=True,
        content_length=prepared.content_length,
        repairs=repair,
    )
