"""Frames handed to the listeners of stomp.py: whole batches, and each frame but MESSAGE once more, parsed.

A batch goes to `on_batch(batch)`, then each of its frames that is not a MESSAGE to the callback that stomp.py has for
its command: `on_connected`, `on_receipt`, `on_error`. A frame that no server may send is reported to `on_fault`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import stomp.utils

from stomptui.protocol.frame import Frame
from stomptui.protocol.marker import Batch, nuls_outside


class WireFrame(stomp.utils.Frame):
    """A frame as the listeners of stomp.py expect it; `wire` is the same frame as a `protocol.frame.Frame`."""

    def __init__(self, wire: Frame) -> None:
        headers: dict[str, str] = {}
        for name, value in wire.headers:
            headers.setdefault(name, value)
        super().__init__(wire.command, headers, wire.body)
        self.wire = wire


class FrameDispatcher:
    """Calls the listeners for the frames that one connection receives.

    Args:
        notify: Calls `on_<kind>(value)` of the listeners.
        over: Returns whether the connection has ended or is about to; no more frames are delivered then.
    """

    def __init__(self, notify: Callable[[str, Any], None], over: Callable[[], bool]) -> None:
        self.version = "1.0"
        """The STOMP version agreed in CONNECTED; "1.0" before it."""
        self.frames_in = 0
        self.takes: Callable[[bytes], bool] | None = None
        """Looks at a frame before the listeners do, who do not see one that it takes; None if nobody does."""
        self.takes_read: Callable[[bytes], int] | None = None
        """Looks at bytes that begin with a frame before anybody does, who see nothing of what it takes, all or nothing.
        It returns the number of frames taken; None if nobody looks."""
        self._notify = notify
        self._over = over

    def take_read(self, data: bytes) -> bool:
        """Whether bytes that begin with a frame, and end with one, were taken by whoever looks first."""
        taken = self.takes_read(data) if self.takes_read is not None else 0
        self.frames_in += taken
        return taken > 0

    def deliver(self, batch: Batch) -> None:
        """Call `on_batch`, then the callback of each frame that is not a MESSAGE, in order, then `on_delivered`."""
        if len(batch.others) == len(batch) and not batch.odd and self.take_read(batch.data):
            return
        self.frames_in += len(batch)
        self._notify("batch", batch)
        for index in batch.others:
            if self._over():
                return
            raw = batch.frame(index)
            if self.takes is None or not self.takes(raw):
                self._deliver_frame(Frame(raw, self.version))
        self._notify("delivered", None)

    def deliver_recovered(self, batch: Batch) -> None:
        """Call `on_recovered` for frames whose end did not come; nobody waits for an answer among them any more."""
        self.frames_in += len(batch)
        self._notify("recovered", batch)

    def _deliver_frame(self, frame: Frame) -> None:
        """Report a frame that is not a MESSAGE; one that stomp.py cannot handle is reported as a fault."""
        raw = frame.raw
        if not raw.strip(b"\0"):
            self._notify("fault", (nuls_outside(len(raw) + 1), raw))
            return
        parsed = WireFrame(frame)
        if parsed.cmd not in ("CONNECTED", "RECEIPT", "ERROR"):
            self._notify("fault", (f"a frame that no server sends: {parsed.cmd[:40]!r}", raw))
        elif parsed.cmd == "RECEIPT" and "receipt-id" not in parsed.headers:
            self._notify("fault", ("a RECEIPT without receipt-id", raw))
        else:
            self._notify(parsed.cmd.lower(), parsed)
