"""The error for an answer to CONNECT that begins and does not end."""

from __future__ import annotations

from collections.abc import Sequence

from stomptui.connection import connect_errors
from stomptui.connection.errors import ConnectError
from stomptui.connection.server_answers import refusal_text
from stomptui.protocol.frame import Frame
from stomptui.protocol.marker import FrameMarker


def unfinished_answer(marker: FrameMarker, versions: Sequence[str], then: str) -> ConnectError | None:
    """The error, None if no answer has begun; an ERROR that lacks only the end that its length promised is read.

    Args:
        marker: What marked the frames received; of no further use.
        versions: The versions of STOMP that were offered.
        then: What happened instead, as the end of the sentence.
    """
    pending = marker.pending
    if not pending:
        return None
    batch, cut = marker.recover()
    frame = Frame(batch.frame(0) if batch else cut, "1.0")
    if batch and frame.command == "ERROR":
        return connect_errors.refused_connect(refusal_text(frame.raw, versions))
    why = batch.odd.get(0) if batch else "its end did not come"
    text = pending.decode("utf-8", "backslashreplace")[: connect_errors.TEXT_LIMIT]
    return ConnectError(
        f"the answer to CONNECT, {frame.command[:40] or 'a frame'}, is not whole ({why}), {then}", "port", text
    )
