"""Our listener at stomp.py's transport: it only passes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import stomp

from stomptui.connection.transport.liveness import Stall
from stomptui.connection.transport.stomp_bridge import WireFrame
from stomptui.protocol.marker import Batch

if TYPE_CHECKING:
    from stomptui.connection.session_run import SessionRun

NAME = "app"


class AppListener(stomp.ConnectionListener):
    """What stomp.py tells, told to the session; `batch`, `delivered`, `progress` and `fault` are our transport's own
    words."""

    def __init__(self, session: SessionRun) -> None:
        self._session = session

    def on_progress(self, stage: str) -> None:
        self._session.on_progress(stage)

    def on_batch(self, batch: Batch) -> None:
        self._session.on_batch(batch)

    def on_delivered(self, _: None) -> None:
        self._session.on_delivered()

    def on_recovered(self, batch: Batch) -> None:
        self._session.on_recovered(batch)

    def on_connected(self, frame: WireFrame) -> None:
        self._session.on_connected(frame.wire)

    def on_receipt(self, frame: WireFrame) -> None:
        self._session.on_receipt(frame.headers["receipt-id"])

    def on_error(self, frame: WireFrame) -> None:
        self._session.on_error(frame.wire)

    def on_fault(self, what: tuple[str, bytes]) -> None:
        self._session.on_fault(*what)

    def on_stalled(self, what: tuple[Stall | None, str]) -> None:
        self._session.on_stalled(*what)

    def on_disconnected(self) -> None:
        self._session.on_disconnected()
