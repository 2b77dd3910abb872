"""Text messages that STOMP cuts off at a NUL."""

from __future__ import annotations

from stomptui.protocol.frame import Frame
from stomptui.protocol.marker import Batch

CUT = "its text holds a NUL, at which STOMP cut it off: not all of it came"


class CutTexts:
    """Notes which messages were cut off: a text has no length on the wire, so what stands behind a NUL comes as a frame
    of its own."""

    def __init__(self) -> None:
        self._last = ""
        """The id of the message that came last."""
        self._ids: set[str] = set()

    def clear(self) -> None:
        """Forget them."""
        self._last = ""
        self._ids.clear()

    def note(self, batch: Batch, version: str) -> None:
        """See what came."""
        for index, raw in enumerate(batch.frames()):
            if raw.startswith(b"MESSAGE"):
                self._last = Frame(raw, version).get("message-id") or ""
            elif index in batch.odd and self._last:
                self._ids.add(self._last)

    def __contains__(self, message: Frame) -> bool:
        return (message.get("message-id") or "") in self._ids

    def __len__(self) -> int:
        return len(self._ids)
