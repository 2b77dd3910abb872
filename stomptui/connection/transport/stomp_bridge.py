"""Frames on their way to stomp.py's listeners: as batches, and those that are not MESSAGE once more, parsed.

Batches go to `on_batch`; the others to the names stomp.py gives them: `on_connected`, `on_receipt`, `on_error`. A
listener that raises is told to `on_fault`, as is what no server should send.
"""

from __future__ import annotations

from typing import Any

import stomp.transport
import stomp.utils

from stomptui.connection.stomp_log import defect
from stomptui.protocol.frame import Frame
from stomptui.protocol.marker import Batch, nuls_outside


class WireFrame(stomp.utils.Frame):
    """A frame as stomp.py's listeners know it, with ours in `wire`."""

    def __init__(self, wire: Frame) -> None:
        headers: dict[str, str] = {}
        for name, value in wire.headers:
            headers.setdefault(name, value)
        super().__init__(wire.command, headers, wire.body)
        self.wire = wire


class Dispatcher(stomp.transport.Transport):
    """The part of a transport that stands between frames and stomp.py's listeners."""

    version = "1.0"
    """The STOMP version spoken, once CONNECTED told it."""
    frames_in = 0
    over = False
    """It has ended or is about to; nothing more is delivered."""

    def deliver(self, batch: Batch) -> None:
        """Hand a batch to the listeners, then the frames in it that are not MESSAGE, in order; then say that it was
        all."""
        self.frames_in += len(batch)
        self.tell("batch", batch)
        for index in batch.others:
            if self.over:
                return
            frame = Frame(batch.frame(index), self.version)
            self.process_frame(WireFrame(frame), frame.raw)
        self.tell("delivered")

    def process_frame(self, f: Any, frame_str: bytes) -> None:
        """Tell listeners of a frame that is not MESSAGE; what stomp.py would stumble over is told as a fault."""
        if not frame_str.strip(b"\0"):
            self.tell("fault", (nuls_outside(len(frame_str) + 1), frame_str))
        elif f.cmd not in ("CONNECTED", "RECEIPT", "ERROR"):
            self.tell("fault", (f"a frame that no server sends: {f.cmd[:40]!r}", frame_str))
        elif f.cmd == "RECEIPT" and "receipt-id" not in f.headers:
            self.tell("fault", ("a RECEIPT without receipt-id", frame_str))
        else:
            self.tell(f.cmd.lower(), f)

    def tell(self, kind: str, what: Any = None) -> None:
        """Call `on_<kind>` of the listeners."""
        self.notify(kind, what)

    def notify(self, frame_type: str, frame: Any = None) -> None:
        """stomp.py's way to its listeners; one that raises cannot end the connection without a word."""
        try:
            super().notify(frame_type, frame)
        except Exception as error:
            told = defect(error, f"a listener failed at {frame_type}")
            if frame_type != "fault":
                self.notify("fault", (f"{told}, at {frame_type}", b""))
