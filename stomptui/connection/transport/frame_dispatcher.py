"""Frames handed to the listeners of stomp.py: whole batches, and each frame but MESSAGE once more, parsed.

A batch goes to `on_batch(batch)`, then each of its frames that is not a MESSAGE to the callback that stomp.py has for
its command: `on_connected`, `on_receipt`, `on_error`. A listener that raises, and a frame that no server may send, are
reported to `on_fault`.
"""

from __future__ import annotations

from typing import Any

import stomp.transport
import stomp.utils

from stomptui.connection.stomp_log import defect
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


class Dispatcher(stomp.transport.Transport):
    """The part of a transport that calls the listeners of stomp.py."""

    version = "1.0"
    """The STOMP version agreed in CONNECTED; "1.0" before it."""
    frames_in = 0
    over = False
    """Whether it has ended or is about to; no more frames are delivered then."""

    def deliver(self, batch: Batch) -> None:
        """Call `on_batch`, then the callback of each frame that is not a MESSAGE, in order, then `on_delivered`."""
        self.frames_in += len(batch)
        self.notify("batch", batch)
        for index in batch.others:
            if self.over:
                return
            frame = Frame(batch.frame(index), self.version)
            self.process_frame(WireFrame(frame), frame.raw)
        self.notify("delivered")

    def process_frame(self, f: Any, frame_str: bytes) -> None:
        """Report a frame that is not a MESSAGE; one that stomp.py cannot handle is reported as a fault."""
        if not frame_str.strip(b"\0"):
            self.notify("fault", (nuls_outside(len(frame_str) + 1), frame_str))
        elif f.cmd not in ("CONNECTED", "RECEIPT", "ERROR"):
            self.notify("fault", (f"a frame that no server sends: {f.cmd[:40]!r}", frame_str))
        elif f.cmd == "RECEIPT" and "receipt-id" not in f.headers:
            self.notify("fault", ("a RECEIPT without receipt-id", frame_str))
        else:
            self.notify(f.cmd.lower(), f)

    def notify(self, frame_type: str, frame: Any = None) -> None:
        """Call `on_<frame_type>(frame)` of the listeners; one that raises is logged and reported as a fault."""
        try:
            super().notify(frame_type, frame)
        except Exception as error:
            text = defect(error, f"a listener failed at {frame_type}")
            if frame_type != "fault":
                self.notify("fault", (f"{text}, at {frame_type}", b""))
